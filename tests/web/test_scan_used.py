"""Whether the scanner offers an endorsement only where something is left to endorse."""

from __future__ import annotations

from collections.abc import Callable

from desk import issued
from playwright.sync_api import Page, expect
from scanning import begin, codes, endorse, scanned


def test_what_left_is_not_offered_for_endorsement_again(open_page: Callable[..., Page]) -> None:
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    endorse(page)
    page.locator("#next").click()
    page.reload()
    page.locator("#pin").fill("4711")
    page.locator("button[type=submit]").click()
    page.locator("#camera").wait_for()
    assert scanned(page, permit["qr"]) == "check"
    assert "U5" in codes(page)
    expect(page.locator("#endorse")).to_have_count(0)
    page.get_by_role("button", name="The same goods").click()
    expect(page.get_by_role("button", name="The same goods")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".verdict .asked")).not_to_contain_text("asking")
    expect(page.locator("#endorse")).to_have_count(0)
