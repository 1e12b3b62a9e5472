"""Actions of the scanner's training films, performed on the real pages, with a mistake and its correction.

Captions are in web/training/films.json, one for each `say()`. Films of the desk and the exporter: paperwork.py.
"""

from __future__ import annotations

import io
from typing import Any

from browsing import Site, endorse
from desk import issued, ok
from filming import sheet
from http_client import call
from playwright.sync_api import Page, expect
from recording import Reel
from scanning import PIN, POST, begin, wedge

from local.workshop.prints import at_another_address, one_digit_changed

SCAN, DONE, SHIFT = range(3)  # buttons of the navigation bar at the scanner's lower edge
WAYBILL = "https://www.example.org/waybill/123456789"


def first_scan(reel: Reel, site: Site) -> None:
    page, another = reel.page, issued()["qr"]
    site.office.publish_due()
    page.locator("#sign-in").wait_for()
    reel.say()
    page.evaluate("sessionStorage.setItem('tamga.token', 'bekzat')")
    page.reload()
    page.locator("#post").wait_for()
    reel.say()
    reel.choose(page.locator("#post"), POST)
    reel.type(page.locator("#device-name"), "Зал 2")
    reel.click(page.locator("button[type=submit]"))
    page.locator("#pin").wait_for()
    reel.say()
    _pin(reel, "4712")
    expect(page.locator("#pin-wrong")).not_to_be_empty()
    reel.say()
    _pin(reel, PIN)
    page.locator("#camera").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then((it) => it.active.state)")
    reel.say()
    _way(reel, SHIFT)
    reel.show(page.locator(".install"))
    reel.say()
    _way(reel, SCAN)
    reel.say()
    reel.click(page.locator(".directions button").first)
    _scan(reel, WAYBILL, "cannot_tell")
    reel.say()
    reel.rest()
    reel.click(page.locator("#next"))
    reel.say()
    reel.click(page.locator("#camera"))
    verdict(page, "accept")
    reel.say()
    reel.say()
    reel.show(page.locator(".line"))
    reel.say()
    reel.say()
    reel.click(page.locator(".line [data-candidate]").first)
    page.locator("#back-to-verdict").wait_for()
    reel.rest()
    reel.click(page.locator("#back-to-verdict"))
    page.context.set_offline(True)
    _scan(reel, another, "accept_offline")
    reel.say()
    _way(reel, SHIFT)
    reel.say()


def endorsing(reel: Reel, site: Site) -> None:
    page, permit = reel.page, issued()
    begin(page)
    _scan(reel, permit["qr"], "accept")
    reel.say()
    reel.say()
    reel.click(page.locator("#endorse"))
    reel.say()
    reel.type(page.locator("#quantity-0"), "3")
    reel.click(page.locator("button[type=submit]"))
    expect(page.locator("#quantity-0-wrong")).not_to_be_empty()
    reel.show(page.locator("#quantity-0"))
    reel.say()
    reel.say()
    reel.click(reel.button("All of it"))
    reel.say()
    reel.say()
    reel.type(page.locator("#transport"), "AWB 065-7719 0042")
    reel.say()
    reel.say()
    reel.click(page.locator("button[type=submit]"))
    page.locator(".written").wait_for()
    page.evaluate("scrollTo(0, 0)")
    reel.settle()
    reel.say()
    reel.show(page.locator(".written"))
    _photograph(reel, permit)
    reel.say()
    _way(reel, DONE)
    reel.say()
    reel.say()
    _way(reel, SCAN)
    _scan(reel, permit["qr"], "check")
    reel.say()


def used_already(reel: Reel, site: Site) -> None:
    page, permit = reel.page, issued()
    begin(page)
    endorse(permit, site.office)
    _scan(reel, permit["qr"], "check")
    reel.say()
    reel.say()
    reel.say()
    same = page.locator("#same").locator("..").get_by_role("button")
    reel.show(page.locator("#same"))
    reel.say()
    reel.click(same.nth(0))
    verdict(page, "check")
    reel.settle()
    reel.say()
    reel.show(page.locator("#same"))
    reel.say()
    reel.click(same.nth(1))
    verdict(page, "hold")
    expect(page.locator("#send")).to_be_enabled()
    reel.settle()
    reel.say()
    reel.say()
    reel.show(page.locator("#procedure"))
    reel.say()
    reel.show(page.locator(".procedure a.button"))
    reel.say()
    _photograph(reel, permit)
    _case(reel)
    reel.say()


def held(reel: Reel, site: Site) -> None:
    page, permit, stopped = reel.page, issued(), issued()
    ok(call("POST", f"/v1/permits/{stopped['id']}/suspend", {"reason": "looked into"}, token="approver"))
    begin(page)
    _scan(reel, one_digit_changed(permit["qr"]), "hold")
    reel.say()
    reel.say()
    reel.show(page.locator("#procedure"))
    reel.say()
    reel.say()
    reel.say()
    reel.show(page.locator(".codes"))
    reel.say()
    reel.say()
    _scan(reel, one_digit_changed(permit["qr"]), "hold")
    reel.say()
    reel.show(page.locator(".procedure .file"))
    _photograph(reel, permit)
    _case(reel)
    _scan(reel, at_another_address(permit["qr"]), "hold")
    reel.say()
    _scan(reel, stopped["qr"], "hold")
    reel.say()
    reel.show(page.locator("#next"))
    reel.say()
    reel.click(page.locator("#next"))


def verdict(page: Page, outcome: str) -> None:
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", outcome)


def _scan(reel: Reel, text: str, outcome: str) -> None:
    """Scan a code after the current caption has been shown long enough to read."""
    reel.rest()
    wedge(reel.page, text)
    # the verdict before may have had the same outcome, so its attribute alone proves nothing
    reel.page.wait_for_timeout(300)
    verdict(reel.page, outcome)
    reel.page.evaluate("scrollTo(0, 0)")
    reel.settle()


def _way(reel: Reel, to: int) -> None:
    reel.rest()
    reel.click(reel.page.locator(".ways-bar button").nth(to))


def _pin(reel: Reel, again: str) -> None:
    reel.type(reel.page.locator("#pin"), PIN)
    reel.type(reel.page.locator("#again"), again)
    reel.click(reel.page.locator("button[type=submit]"))


def _photograph(reel: Reel, permit: Any) -> None:
    """Photograph the paper with the telephone's own camera."""
    reel.say()
    reel.point(reel.page.locator("main .button.file"))
    png = io.BytesIO()
    sheet(permit).resize((595, 842)).save(png, "PNG")
    picture = {"name": "paper.png", "mimeType": "image/png", "buffer": png.getvalue()}
    reel.page.locator("main .button.file input").set_input_files(picture)  # type: ignore[arg-type]
    reel.settle()


def _case(reel: Reel) -> None:
    """Open the form of a case, scroll through it and leave it without saving."""
    page = reel.page
    reel.show(page.locator("#open-case"))
    reel.click(page.locator("#open-case"))
    page.locator("main form").wait_for()
    reel.say()
    reel.settle(2)
    reel.show(page.locator("main form fieldset").first)
    reel.settle(2)
    reel.click(reel.button("Leave without writing it down"))
    reel.settle()
