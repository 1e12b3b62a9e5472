"""The scanner shows the quantities still to arrive, with and without the register."""

from __future__ import annotations

from collections.abc import Callable

import browsing
from browsing import Site, Watched, axe
from desk import issued, saker
from playwright.sync_api import Page, expect
from scanning import begin, scanned, sent

Open = Callable[..., Page]
STILL = "Still to arrive"


def turn(page: Page, direction: str) -> None:
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan").click()
    page.locator(".directions").get_by_role("button", name=direction).click()


def test_exported_quantity_without_import_is_still_to_arrive(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    browsing.endorse(permit, site.office)
    page = open_page("/scan/", token="bekzat")
    begin(page)
    sent(page)
    scanned(page, permit["qr"])
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(STILL)  # on export, nothing arrives here
    turn(page, "They arrive")
    scanned(page, permit["qr"])
    expect(page.locator("main")).to_contain_text(f"{STILL}: A 2")
    assert axe(page) == []
    watched.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    page.context.set_offline(True)
    scanned(page, permit["qr"])
    expect(page.locator(".verdict .asked")).to_contain_text("Register not reached")
    expect(page.locator("main")).to_contain_text(f"{STILL}: A 2")


def test_rest_of_partial_import_is_still_to_arrive(site: Site, open_page: Open) -> None:
    permit = issued(document_type="I", exporter=saker()["importer"], importer=saker()["exporter"])
    page = open_page("/scan/", token="bekzat")
    begin(page)
    turn(page, "They arrive")
    assert scanned(page, permit["qr"]) == "accept"
    expect(page.locator("main")).not_to_contain_text(STILL)  # no export is known
    browsing.endorse(permit, site.office, "import", quantity="1")
    scanned(page, permit["qr"])
    expect(page.locator("main")).to_contain_text(f"{STILL}: A 1")
    browsing.endorse(permit, site.office, "import", quantity="1")
    scanned(page, permit["qr"])
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(STILL)
