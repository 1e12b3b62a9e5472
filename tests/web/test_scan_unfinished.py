"""Unfinished work survives a change of screen: forms, verdicts, endorsements."""

from __future__ import annotations

from collections.abc import Callable

from browsing import Site, axe
from desk import issued
from playwright.sync_api import Page, expect
from scanning import begin, later, lock, scanned, unlock

Open = Callable[..., Page]


def away(page: Page, screen: str = "Shift") -> None:
    """Open another screen, then the scan screen again."""
    for name in (screen, "Scan"):
        page.get_by_role("navigation", name="Screens").get_by_role("button", name=name, exact=True).click()
    page.locator("#camera").wait_for()


def test_form_is_preserved_until_saved_or_discarded(open_page: Open) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    going_on = page.get_by_role("button", name="Go on with what you were writing down")
    expect(going_on).to_have_count(0)
    page.locator("#foreign").click()
    page.locator("#f-number").fill("CZ 17/26")
    page.locator("#f-use").check()
    page.locator("#f-transport_document").fill("AWB 176-1")
    away(page)
    assert axe(page) == []
    page.locator("#foreign").click()  # the usual way also opens the preserved form
    expect(page.locator("#f-number")).to_have_value("CZ 17/26")
    expect(page.locator("#f-transport_document")).to_have_value("AWB 176-1")
    away(page, "Done here")
    page.locator("#case").click()  # a second form, while the first one waits
    page.locator("#f-goods-0-common_name").fill("two crates")
    away(page)
    expect(going_on).to_have_count(2)
    going_on.filter(has_text="Permit of another country").click()
    expect(page.locator("#f-number")).to_have_value("CZ 17/26")
    page.get_by_role("button", name="Leave without writing it down").click()
    expect(going_on).to_have_count(1)
    lock(page)
    unlock(page)
    going_on.click()
    expect(page.locator("#f-goods-0-common_name")).to_have_value("two crates")
    page.get_by_role("button", name="Leave without writing it down").click()
    page.locator("#foreign").click()
    expect(page.locator("#f-number")).to_have_value("")
    away(page)
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Shift", exact=True).click()
    page.route("**/logout*", lambda route: route.fulfill(body="bye"))
    page.get_by_role("button", name="End the shift").click()
    page.wait_for_url("**/logout*")


def test_endorsement_and_verdict_are_preserved_until_next_scan(open_page: Open) -> None:
    permit, next_permit = issued(), issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    away(page)
    page.get_by_role("button", name="Back to the verdict").click()
    page.locator("#endorse").click()
    page.locator("#transport").fill("AWB 065-7719")
    away(page)
    assert axe(page) == []
    page.get_by_role("button", name=permit["number"]).click()
    expect(page.locator("#transport")).to_have_value("AWB 065-7719")
    page.get_by_role("button", name="Back to the verdict").click()
    page.locator("#endorse").click()
    expect(page.locator("#transport")).to_have_value("AWB 065-7719")
    lock(page)
    unlock(page)
    page.get_by_role("button", name=permit["number"]).click()
    page.get_by_role("button", name="All of it").click()
    page.locator("button[type=submit]").click()
    page.locator(".written").wait_for()
    away(page)
    page.get_by_role("button", name=permit["number"]).click()
    expect(page.locator(".written")).to_contain_text("AWB 065-7719")  # the data to write into block 14 by hand
    scanned(page, next_permit["qr"])
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    expect(page.locator("#quantity-0")).not_to_have_value("")
    page.get_by_role("button", name="Back to the verdict").click()
    scanned(page, permit["qr"])
    away(page)
    page.get_by_role("button", name="Back to the verdict").click()
    expect(page.locator(".verdict")).to_contain_text(permit["number"])
    page.get_by_role("button", name="Next permit, same consignment").click()
    expect(page.get_by_role("button", name="Back to the verdict")).to_have_count(0)


def test_verdict_older_than_ten_minutes_is_not_offered_again(site: Site, open_page: Open) -> None:
    """The permit may have been used since, and the old verdict was green."""
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, issued()["qr"])
    later(page, site.office.now + 590)
    away(page)
    expect(page.get_by_role("button", name="Back to the verdict")).to_be_visible()
    later(page, site.office.now + 610)
    away(page)
    expect(page.get_by_role("button", name="Back to the verdict")).to_have_count(0)
