"""Fixtures of browsing.py, at_desk.py and filming.py, for all suites of pages."""

from __future__ import annotations

import pytest
from at_desk import refusals
from browsing import AXE, browser, ministry, office, open_page, playwright, site, stop_browser, watched
from filming import film

from local.browser import CHROMIUM, MISSING

__all__ = ["browser", "film", "ministry", "office", "open_page", "playwright", "refusals", "site", "watched"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the page tests, once for each test, if Chromium or the packages of web/ are missing."""
    missing = (
        MISSING if not CHROMIUM
        else "the packages of web/ could not be set up here (local/make-node says why)" if not AXE.exists() else ""
    )  # fmt: skip
    for item in items:
        if "tests/web/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Keep one browser for consecutive page tests of a worker, because its start takes as long as a short test."""
    if nextitem is None or "tests/web/" not in nextitem.nodeid:
        stop_browser()
