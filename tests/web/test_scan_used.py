"""The scanner offers an endorsement only if something is left, and reports a failure to store it."""

from __future__ import annotations

from collections.abc import Callable

from browsing import Site, Watched
from desk import issued
from playwright.sync_api import Page, expect
from scanning import begin, codes, endorse, scanned, unlock, uses

NO_ROOM = """() => { const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...asked) { const made = put.apply(this, asked);
  if (this.name === 'events') this.transaction.abort(); return made; };
window.__room = () => { IDBObjectStore.prototype.put = put; }; }"""


def test_exported_permit_is_not_offered_for_endorsement_again(open_page: Callable[..., Page]) -> None:
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


def fill(page: Page) -> None:
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill("AWB 065-7719")


def test_endorsement_counts_once_in_two_windows_and_full_storage_is_reported(
    site: Site, open_page: Callable[..., Page], watched: Watched
) -> None:
    watched.expected.append("events:")
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    other = page.context.new_page()
    other.clock.set_fixed_time(site.office.now)
    other.goto(page.url)
    unlock(other)
    other.locator("#camera").wait_for()
    for each in (page, other):
        scanned(each, permit["qr"])
        fill(each)
    page.evaluate(NO_ROOM)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert").filter(has_text="It was not written down")).to_be_visible()
    expect(page.locator("#transport")).to_have_value("AWB 065-7719")
    page.evaluate("window.__room()")
    page.locator("button[type=submit]").click()
    page.locator(".written").wait_for()
    other.locator("button[type=submit]").click()
    expect(other.get_by_role("alert").filter(has_text="was used already")).to_be_visible()
    assert len(uses(site, permit)) == 1
