"""Steps of the tests on the ministry's desk in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import DESKTOP, Watched
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


@pytest.fixture
def refusals(watched: Watched) -> None:
    """Expect the browser's console message about refused requests."""
    watched.expected += [f"status of {status}" for status in (401, 403, 404, 409, 422)]


def desk(open_page: Open, who: str, at: str = "", **options: Any) -> Page:
    """Open the desk, signed in as this user."""
    page = open_page(f"/desk/{at}", token=who, **{"size": DESKTOP} | options)
    page.locator(".tabs").first.wait_for()
    return page


def step(page: Page, name: str) -> None:
    """Open the form of a step."""
    page.get_by_role("region", name="What you can do").get_by_role("button", name=name).first.click()


def take(page: Page, name: str) -> None:
    """Submit the open form."""
    page.locator("form h3").locator("..").get_by_role("button", name=name).click()


def state(page: Page, words: str) -> None:
    expect(page.locator("h1 .state")).to_have_text(words)
