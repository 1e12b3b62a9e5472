"""`make screens`: each screen as a picture in docs/images/screens/, from a ministry in memory; a door adds its own.

A picture is made again only where it looks different, so that a run on another day changes nothing in git.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from browsing import CHROMIUM, DESKTOP, PHONE, Site, endorse, outcome
from desk import found, issued, submitted
from http_client import call
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect, sync_playwright
from scanning import begin, wedge
from staff import staffed

from app import app
from chalicelib import wiring
from local import server

TARGET = Path(__file__).resolve().parents[2] / "docs/images/screens"
COLOURS = 64

Shown = Callable[[Browser, Site], Page]


@contextmanager
def serving() -> Iterator[Site]:
    office = staffed()
    wiring.use(office)
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    try:
        yield Site(office, int(running.effective_port))
    finally:
        running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


def opened(browser: Browser, site: Site, path: str, *, language: str = "en", wide: bool = False) -> Page:
    site.office.publish_due()
    size = DESKTOP if wide else PHONE
    page = browser.new_context(locale=language, viewport=size, device_scale_factor=1).new_page()  # type: ignore[arg-type]
    page.clock.set_fixed_time(site.office.now)
    page.goto(path if "://" in path else site.address + path)
    page.locator("h1:visible").first.wait_for()
    return page


def check_start(browser: Browser, site: Site) -> Page:
    return opened(browser, site, "/1", language="ky")


def check_accept(browser: Browser, site: Site) -> Page:
    return _checked(opened(browser, site, site.link(issued()["qr"])))


def check_used(browser: Browser, site: Site) -> Page:
    permit = issued()
    endorse(permit, site.office)
    return _checked(opened(browser, site, site.link(permit["qr"]), language="ru"))


def check_hold(browser: Browser, site: Site) -> Page:
    permit = issued()
    call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "looked into"}, token="approver")
    return _checked(opened(browser, site, site.link(permit["qr"]), language="fr"))


def check_wide(browser: Browser, site: Site) -> Page:
    return _checked(opened(browser, site, site.link(issued()["qr"]), wide=True))


def _checked(page: Page) -> Page:
    outcome(page)
    return page


def scan_find(browser: Browser, site: Site) -> Page:
    page = opened(browser, site, "/scan/", language="ky")
    begin(page)
    return page


def scan_accept(browser: Browser, site: Site) -> Page:
    return _scanned(scan_find(browser, site), issued()["qr"], "accept")


def scan_ident(browser: Browser, site: Site) -> Page:
    page = scan_find(browser, site)
    page.locator("#identify").click()
    page.locator(".card").first.wait_for()
    return page


def scan_candidate(browser: Browser, site: Site) -> Page:
    page = scan_ident(browser, site)
    for chosen in ("horn", "0"):
        page.locator(f'[data-answer="{chosen}"]').click()
    page.locator('.hand [data-candidate="argali-horn"]').click()
    page.locator("#tell").wait_for()
    return page


def scan_hold(browser: Browser, site: Site) -> Page:
    code = issued()["qr"]
    return _scanned(scan_find(browser, site), code[:-40] + str((int(code[-40]) + 1) % 10) + code[-39:], "hold")


def scan_endorse(browser: Browser, site: Site) -> Page:
    page = scan_accept(browser, site)
    page.locator("#endorse").click()
    page.locator("#transport").wait_for()
    return page


def _scanned(page: Page, text: str, outcome_: str) -> Page:
    wedge(page, text)
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", outcome_)
    page.wait_for_load_state("networkidle")
    return page


def desk_queue(browser: Browser, site: Site) -> Page:
    issued()
    submitted("applicant")
    return _signed_in(browser, site, "/desk/", "preparer", wide=True)


def desk_approve(browser: Browser, site: Site) -> Page:
    made = submitted("applicant")
    found(made)
    page = _signed_in(browser, site, f"/desk/#/permit/{made['id']}", "approver", wide=True)
    page.locator("#decide ~ .steps button.main").click()
    page.locator("iframe").wait_for()
    page.wait_for_timeout(5000)  # the browser's own viewer draws the form
    return page


def exporter_list(browser: Browser, site: Site) -> Page:
    issued("applicant")
    submitted("applicant")
    return _signed_in(browser, site, "/exporter/", "applicant", language="ru")


def exporter_question(browser: Browser, site: Site) -> Page:
    page = _signed_in(browser, site, "/exporter/#apply", "applicant")
    page.locator("[name=document_type]").first.wait_for()
    return page


def exporter_notices(browser: Browser, site: Site) -> Page:
    page = _signed_in(browser, site, "/exporter/#notices", "applicant", language="ky")
    page.locator("input[type=email]").wait_for()
    return page


def training(browser: Browser, site: Site) -> Page:
    return opened(browser, site, "/training/", language="ky", wide=True)


def _signed_in(
    browser: Browser, site: Site, path: str, token: str, *, language: str = "en", wide: bool = False
) -> Page:
    page = opened(browser, site, path, language=language, wide=wide)
    page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", token)
    page.reload()
    page.wait_for_load_state("networkidle")
    return page


SCREENS: Mapping[str, Shown] = {
    "check-start": check_start,
    "check-accept": check_accept,
    "check-used": check_used,
    "check-hold": check_hold,
    "check-wide": check_wide,
    "scan-find": scan_find,
    "scan-accept": scan_accept,
    "scan-hold": scan_hold,
    "scan-endorse": scan_endorse,
    "scan-ident": scan_ident,
    "scan-candidate": scan_candidate,
    "desk-queue": desk_queue,
    "desk-approve": desk_approve,
    "exporter-list": exporter_list,
    "exporter-question": exporter_question,
    "exporter-notices": exporter_notices,
    "training": training,
}


def keep(path: Path, png: bytes) -> bool:
    """Writes the picture in few colours, unless the one that is there looks the same; True if it was written."""
    made = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    if path.exists():
        held = Image.open(path)
        if held.size == made.size and ImageChops.difference(held.convert("RGB"), made.convert("RGB")).getbbox() is None:
            return False
    made.save(path, optimize=True)
    return True


def main() -> None:
    logging.getLogger("tamga").setLevel(logging.ERROR)
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as started,
        started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        for name, show in SCREENS.items():
            with serving() as site:
                page = show(browser, site)
                written = keep(TARGET / f"{name}.png", page.screenshot())
                print(f"{name}.png {'written' if written else 'as before'}", flush=True)
                page.context.close()


if __name__ == "__main__":
    main()
