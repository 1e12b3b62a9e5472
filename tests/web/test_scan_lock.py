"""The scanner's lock against late answers, a page reload and a second window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Site, Watched
from desk import issued
from playwright.sync_api import Page, expect
from scanning import (
    asked,
    begin,
    choose_pin,
    codes,
    endorse,
    eventually,
    hold,
    kept,
    lock,
    scanned,
    unlock,
    uses,
    wedge,
)

Open = Callable[..., Page]
NO_ROUNDS = "const every = setInterval; window.setInterval = (work, ms) => every(work, ms < 15_000 ? ms : 1e9)"


def shut(page: Page) -> None:
    """Expect a locked page without verdict or token."""
    page.wait_for_timeout(300)
    expect(page.locator("#pin")).to_be_visible()
    assert page.locator(".ways-bar, .verdict, .written").count() == 0
    assert page.evaluate("sessionStorage.getItem('tamga.token')") is None


def test_late_answer_does_not_unlock_device(site: Site, open_page: Open, watched: Watched) -> None:
    watched.expected.append("ERR_FAILED")
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    held = hold(page, "**/v1/endorsements")
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill("AWB 065-7719")
    page.locator("button[type=submit]").click()
    asked(page, held)
    lock(page)
    held.pop().abort()
    shut(page)
    unlock(page)
    page.locator("#camera").wait_for()  # the shift continues at the scan screen, not on a receipt
    # the endorsement was sent
    assert eventually(lambda: page.wait_for_timeout(20) is None and len(uses(site, permit)) == 1)
    held = hold(page, "**/v1/scans")
    page.locator("summary").first.click()
    page.locator("#number").fill(permit["number"])
    page.locator("#code").fill(permit["check_code"])
    page.get_by_role("button", name="Check", exact=True).click()
    asked(page, held)
    lock(page)
    held.pop().continue_()
    shut(page)
    wedge(page, permit["qr"])
    shut(page)


def test_reloaded_page_has_no_token_before_pin(open_page: Open) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    page.evaluate("sessionStorage.setItem('tamga.refresh', 'long')")
    page.reload()
    page.locator("#pin").wait_for()
    shut(page)
    assert page.evaluate("sessionStorage.getItem('tamga.refresh')") is None
    unlock(page)
    page.locator("#camera").wait_for()
    assert page.evaluate("sessionStorage.getItem('tamga.token')") == "bekzat"


@pytest.mark.parametrize("by", ["endorsing", "scanning", "looking"])
def test_window_locks_when_shift_ended_in_another_window(by: str, site: Site, open_page: Open) -> None:
    permit = issued()
    first = open_page("/scan/", token="bekzat")
    begin(first)
    second = first.context.new_page()
    # without timers: on a slow machine, the window would notice by itself before the test acts
    second.add_init_script(NO_ROUNDS)
    second.clock.set_fixed_time(site.office.now)
    second.goto(first.url)
    unlock(second)
    second.locator("#camera").wait_for()
    scanned(second, permit["qr"])
    second.locator("#endorse").click()
    second.get_by_role("button", name="All of it").click()
    second.locator("#transport").fill("AWB 065-7719")
    first.route("**/logout*", lambda route: route.fulfill(body="bye"))  # the sign-out page of the user pool
    first.get_by_role("button", name="Shift", exact=True).click()
    first.get_by_role("button", name="End the shift").click()
    first.wait_for_url("**/logout*")
    first.goto(second.url)
    first.locator("#sign-in").wait_for()
    first.evaluate("sessionStorage.setItem('tamga.token', 'aizada')")
    first.reload()
    choose_pin(first, "9999")
    if by == "endorsing":
        second.locator("button[type=submit]").click()
    elif by == "scanning":
        second.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan", exact=True).click()
        wedge(second, permit["qr"])
    else:
        second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    second.locator("#pin").wait_for()
    shut(second)
    expect(second.locator("main")).to_contain_text("Aizada")
    assert uses(site, permit) == []
    assert len(kept(second)) == 1  # the scan of their own shift


def test_endorsement_of_another_window_counts_as_use(site: Site, open_page: Open, watched: Watched) -> None:
    watched.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    permit = issued()
    first = open_page("/scan/", token="bekzat")
    begin(first)
    second = first.context.new_page()
    second.clock.set_fixed_time(site.office.now)
    second.goto(first.url)
    unlock(second)
    second.locator("#camera").wait_for()
    first.context.set_offline(True)
    scanned(first, permit["qr"], asked=False)
    endorse(first)
    assert scanned(second, permit["qr"], asked=False) == "check"
    assert "U5" in codes(second)
