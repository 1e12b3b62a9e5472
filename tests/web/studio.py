"""Pages for the pictures of the screens: the ministry of `make run`, its clock, any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from browsing import DESKTOP, PHONE, Site
from http_client import get
from playwright.sync_api import Browser, Page


@dataclass(frozen=True)
class Studio:
    """A browser, a site and its permits. `made`: story of local/ministry.py -> permit id."""

    browser: Browser
    site: Site
    made: dict[str, str]

    def open(self, path: str, *, who: str = "", language: str = "en", wide: bool = False) -> Page:
        self.site.office.publish_due()
        size: Any = DESKTOP if wide else PHONE
        page = self.browser.new_context(locale=language, viewport=size, device_scale_factor=1).new_page()
        page.clock.set_fixed_time(self.site.office.now)
        if who:
            page.goto(f"{self.site.address}/v1/health")
            page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", who)
        page.goto(path if "://" in path else self.site.address + path)
        page.locator("h1").first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        return page

    def permit(self, story: str) -> Any:
        return get(f"/v1/permits/{self.made[story]}", token="ainura").json


Shown = Callable[[Studio], Page]


def page(path: str, **options: Any) -> Shown:
    return lambda at: at.open(path, **options)
