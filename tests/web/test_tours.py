"""Guided tours of each door by keyboard, and links to the training films."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import A_HAND, NARROW, Watched, axe
from desk import issued
from playwright.sync_api import Page, expect
from scanning import begin

from local import web_catalogues

Open = Callable[..., Page]


def exporter(open_page: Open, language: str) -> Page:
    return signed_in(open_page, "/exporter/", "applicant", "a[href='#apply']", language)


def desk(open_page: Open, language: str) -> Page:
    issued()
    return signed_in(open_page, "/desk/", "preparer", ".tabs", language)


def scanner(open_page: Open, language: str) -> Page:
    page = open_page("/scan/", language=language, size=NARROW, token="bekzat")
    begin(page)
    return page


def signed_in(open_page: Open, path: str, token: str, there: str, language: str) -> Page:
    page = open_page(path, language=language, size=NARROW, token=token)
    page.locator(there).first.wait_for()
    return page


DOORS = {"exporter": exporter, "desk": desk, "scan": scanner}


def words(door: str, language: str, english: str) -> str:
    return str(web_catalogues.content(door, language)["texts"].get(english, english))


@pytest.mark.parametrize("language", ["ky", "en"])
@pytest.mark.parametrize("door", DOORS)
def test_tour_of_each_door_works_by_keyboard(open_page: Open, watched: Watched, door: str, language: str) -> None:
    page = DOORS[door](open_page, language)
    begin_ = page.get_by_role("button", name=words(door, language, "Show me round"))
    begin_.focus()
    page.keyboard.press("Enter")
    tour = page.get_by_role("dialog")
    said = set()
    while tour.count():
        expect(page.locator(".ringed")).to_have_count(1)
        expect(page.locator(".ringed")).to_be_in_viewport()
        expect(tour.locator("p").first).to_be_focused()
        said.add(tour.locator("p").first.inner_text())
        if len(said) == 1:
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Tab")
        page.wait_for_timeout(A_HAND)
        page.keyboard.press("Enter")
        page.wait_for_timeout(A_HAND)
    assert len(said) >= 2
    expect(page.locator(".ringed")).to_have_count(0)
    expect(begin_).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)


@pytest.mark.parametrize("path", ["/1", "/exporter/", "/desk/", "/scan/"])
def test_every_door_has_a_link_to_the_films(open_page: Open, path: str) -> None:
    page = open_page(path)
    page.get_by_role("link", name="Films and practice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Learn Tamga")
