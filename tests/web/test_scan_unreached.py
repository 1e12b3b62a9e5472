"""Limits that the scanner reports: a wrong clock, and files that only the register can read."""

from __future__ import annotations

import time
from collections.abc import Callable

from browsing import NARROW, Site, Watched, axe, cut
from desk import issued
from playwright.sync_api import Page, expect
from scanning import asked, begin, codes, hold, later, scanned, sent, wedge

Open = Callable[..., Page]
HOURS = 3600
SETTLED = 550  # ms after a key or a tap during which the browser counts no layout shift


def test_fast_clock_is_reported_in_status_and_verdict(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued(valid_until=time.strftime("%Y-%m-%d", time.gmtime(site.office.now + 24 * HOURS)))
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    sent(page)
    status = page.locator(".status .clock")
    assert status.count() == 0  # the clock is right
    later(page, site.office.now + 50 * HOURS)
    page.reload()
    page.get_by_role("heading", name="Begin a shift").wait_for()
    begin_again(page)
    expect(status).to_contain_text("this device’s clock was ahead of the register’s by 2 d. Set it right.")
    assert axe(page) == []
    held = hold(page, "**/v1/scans")
    wedge(page, permit["qr"])
    asked(page, held)
    remark = page.locator(".verdict .clock")
    expect(remark).to_contain_text("Whether the permit has expired was judged by this clock.")
    assert "S1" in codes(page)
    page.wait_for_timeout(SETTLED)
    held.pop().continue_()
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept")  # the register's clock is right
    expect(remark).not_to_contain_text("judged by this clock")
    page.unroute("**/v1/scans")
    cut(page, watched)
    assert scanned(page, permit["qr"]) == "not_valid"  # the contract's outcome stays, with its reason
    expect(remark).to_contain_text("was ahead of the register’s by 2 d.")
    assert axe(page) == []


def begin_again(page: Page) -> None:
    page.evaluate("sessionStorage.setItem('tamga.token', 'bekzat')")
    page.reload()
    page.locator("#again").fill("4711")
    page.locator("#pin").fill("4711")
    page.locator("button[type=submit]").click()
    page.locator("#camera").wait_for()


def test_pdf_offline_is_explained_before_and_after_choice(open_page: Open, watched: Watched) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    cut(page, watched)
    chosen = page.get_by_label("A photo or a PDF")
    expect(chosen).to_have_accessible_description(
        "A PDF needs a network, for the register reads it. The camera and a photo of one permit need none."
    )
    chosen.set_input_files({"name": "permit.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "cannot_tell")
    expect(page.locator(".headline")).to_contain_text("only it reads a PDF")
    expect(page.locator(".headline")).to_contain_text("a photo of one permit, works without a network")
    assert axe(page) == []
