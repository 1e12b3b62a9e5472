"""Answers that come late: a test of a page lets them in when it wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route
from scanning import eventually


class Held:
    """Requests of a page that wait to be let through."""

    def __init__(self, page: Page, address: str, asked: Callable[[Any], bool] = lambda _: True) -> None:
        self.page, self.routes = page, list[Route]()
        page.route(address, lambda route: self.routes.append(route) if asked(route.request) else route.continue_())

    def wait(self, count: int = 1) -> None:
        assert eventually(lambda: self.page.wait_for_timeout(20) is None and len(self.routes) >= count)

    def let(self) -> None:
        """The oldest one through, and its answer into the page."""
        route = self.routes.pop(0)
        with self.page.expect_request_finished(lambda request: request == route.request):
            route.continue_()
        self.page.wait_for_timeout(300)  # what the page makes of it


def reading(permit: str) -> Callable[[Any], bool]:
    return lambda request: request.method == "GET" and request.url.endswith(permit)


def writing(request: Any) -> bool:
    return bool(request.method != "GET")


def go(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", place)
