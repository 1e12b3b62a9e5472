"""The duty desk's telephone number is in one line on every page, and can be called with a tap."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Site, Watched
from desk import issued, ok
from http_client import call
from office import MemoryOffice
from playwright.sync_api import Page
from scanning import begin, scanned
from staff import staffed
from test_check_worst_days import fresh, refuse

from chalicelib.kernel.stage import Stage

Open = Callable[..., Page]
NUMBER = "+996 312 64-01-23"
# JavaScript: the widths at which a number breaks into two lines, and the count of unbroken ones
BROKEN = """async (widths) => { let whole = 0; const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const found = [];
  for (let at; (at = walker.nextNode()); )
    for (const each of at.data.matchAll(/[+]996[^a-z]*?23/g)) found.push([at, each.index, each.index + each[0].length]);
  for (const width of widths) {
    document.documentElement.style.width = `${width}px`;
    for (const [at, first, last] of found) {
      const range = document.createRange(); range.setStart(at, first); range.setEnd(at, last);
      const shown = [...range.getClientRects()].filter((each) => each.width);
      const lines = new Set(shown.map((each) => Math.round(each.top)));
      if (lines.size > 1) broken.push([width, at.data]); else whole += lines.size;
    } }
  return [whole, broken]; }"""
WIDTHS = list(range(300, 430, 6))


@pytest.fixture
def ministry() -> MemoryOffice:
    return staffed(Stage(duty_number=NUMBER))


def whole(page: Page, *, at_least: int) -> None:
    seen, broken = page.evaluate(BROKEN, WIDTHS)
    assert broken == []
    assert seen >= at_least * len(WIDTHS)


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_scanner_shows_number_in_one_line_and_as_a_link(open_page: Open, language: str) -> None:
    held = issued()
    ok(call("POST", f"/v1/permits/{held['id']}/suspend", {"reason": "asked"}, token="approver"))
    page = open_page("/scan/", language=language, token="bekzat")
    begin(page)
    assert scanned(page, held["qr"]) == "hold"
    whole(page, at_least=3)  # headline, steps, button
    assert page.locator("a[href='tel:+996312640123']").count() == 1


@pytest.mark.parametrize("language", ["en", "ru", "ky", "fr"])
def test_public_check_shows_number_in_one_line_and_as_a_link(
    site: Site, open_page: Open, watched: Watched, language: str
) -> None:
    held = issued()
    ok(call("POST", f"/v1/permits/{held['id']}/suspend", {"reason": "asked"}, token="approver"))
    page = open_page("/1", language=language)
    fresh(page, site.link(held["qr"]))
    page.locator(".verdict[data-outcome=hold]").wait_for()
    page.locator("details").evaluate_all("(all) => all.forEach((each) => (each.open = true))")
    page.locator("a[href='tel:+996312640123']").wait_for()
    whole(page, at_least=3)
    refuse(page, watched, "**/v1/**")
    fresh(page, site.link(held["qr"]))
    page.locator(".verdict[data-outcome=hold]").wait_for()
    page.locator("details").evaluate_all("(all) => all.forEach((each) => (each.open = true))")
    whole(page, at_least=2)  # the page's own verdict, without the service


def test_exporter_pages_show_number_in_one_line_at_the_foot(open_page: Open) -> None:
    page = open_page("/which/")
    page.locator("a[href='tel:+996312640123']").wait_for()
    whole(page, at_least=1)
