"""Each door shows the release of its pages, which a report of a fault names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import NARROW, axe, beyond
from playwright.sync_api import Page, expect
from scanning import begin

from chalicelib import __version__

Open = Callable[..., Page]


@pytest.mark.parametrize("address", ["/1", "/which/", "/training/", "/exporter/", "/desk/", "/scan/"])
def test_each_door_shows_the_version_in_its_footer(open_page: Open, address: str) -> None:
    page = open_page(address, size=NARROW)
    expect(page.locator("footer")).to_contain_text(f"Tamga {__version__}")
    assert axe(page) == beyond(page) == []


def test_scanner_shows_the_version_under_shift(open_page: Open) -> None:
    page = open_page("/scan/")
    begin(page)
    expect(page.locator("footer")).to_have_count(0)  # at work the screen is the permit's
    page.get_by_role("button", name="Shift", exact=True).click()
    expect(page.locator("footer")).to_have_text(f"Tamga {__version__}")
