"""Pages for staff and exporters load their own fonts for all letters; the public check loads none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Site
from playwright.sync_api import Page

Open = Callable[..., Page]
LOADED = """async (text) => (await Promise.all(['400', '700'].map((weight) =>
  document.fonts.load(`${weight} 16px "Noto Sans"`, text)))).flat().map((face) => face.status)"""


@pytest.mark.parametrize("page_at", ["/scan/", "/desk/", "/exporter/"])
def test_pages_with_sign_in_load_every_letter_in_two_weights(open_page: Open, page_at: str) -> None:
    page = open_page(page_at, language="ky")
    for letters in ("Latin \u02bb", "Русский", "ңөү"):
        found = page.evaluate(LOADED, letters)
        assert len(found) >= 2, letters
        assert set(found) == {"loaded"}, letters


def test_public_check_loads_no_font(site: Site, open_page: Open) -> None:
    page = open_page("/1", language="ky")
    page.locator("h1:visible").wait_for()
    assert page.evaluate("document.fonts.size") == 0
