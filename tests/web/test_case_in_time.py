"""A case is entered offline in under three minutes, from a verdict or from an empty form.

The keystroke-level model (Card, Moran & Newell 1980) times each act: pointing 1.1 s, a press 0.1 s, thinking 1.35 s. A
letter takes 0.6 s, twice a typist's time, on glass and in the cold. A list takes two acts of thought, to open it and to
find the line. A photograph takes ten seconds. The model covers the hands alone, because the officer has examined the
goods before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from browsing import Site, Watched, cut
from desk import issued
from http_client import call
from playwright.sync_api import Page, expect
from scanning import begin, kept, scanned
from test_desk_duty import picture

POINT, PRESS, THINK, LETTER, PHOTOGRAPH = 1.1, 0.1, 1.35, 0.6, 10.0
THREE_MINUTES = 180.0


@dataclass
class Hand:
    """Perform acts on the page, and count them and their modelled seconds."""

    page: Page
    acts: int = 0
    seconds: float = 0.0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).click()
        self._took(THINK + POINT + PRESS)

    def choose(self, path: str, value: str) -> None:
        """Choose from a list: open it, find the line, press it."""
        self.page.locator(f"#f-{path}").select_option(value)
        self._took(2 * (THINK + POINT + PRESS))

    def type(self, path: str, text: str) -> None:
        field = self.page.locator(f"#f-{path}")
        field.click()
        field.press("Control+A")
        field.press_sequentially(text)
        self._took(THINK + POINT + PRESS + LETTER * len(text))

    def photograph(self) -> None:
        one = {"name": "it.png", "mimeType": "image/png", "buffer": picture()}
        self.page.locator("main input[type=file]").set_input_files(one)
        expect(self.page.get_by_text("Photographs kept: 1")).to_be_visible()
        self._took(PHOTOGRAPH)

    def open(self, title: str) -> None:
        self.tap(f"summary:has-text('{title}')")

    def _took(self, seconds: float) -> None:
        self.acts += 1
        self.seconds += seconds


def how_where_and_who(hand: Hand) -> None:
    """Fill in the fields that few cases need immediately, which are in three collapsed sections."""
    hand.open("How it was found")
    hand.choose("detection", "search")
    hand.type("concealment", "Under the rear seat, in socks")
    hand.open("Route")
    hand.choose("route-origin", "MN")
    hand.choose("route-transit-0", "KZ")
    hand.choose("route-destination", "AE")
    hand.type("vehicle", "01KG777ABC")
    hand.open("People")
    hand.choose("people-0-role", "carrier")
    hand.type("people-0-name", "Ivan Testov")
    hand.choose("people-0-nationality", "KZ")
    hand.type("people-0-document", "N12345678")


def written(hand: Hand) -> dict[str, Any]:
    """Submit the form and return the case as stored on the device."""
    hand.tap("button[type=submit]")
    expect(hand.page.get_by_text("Kept on this device")).to_be_visible()
    (event,) = [each["event"] for each in kept(hand.page) if each["event"]["kind"] == "case"]
    return event


def looked_at(page: Page, watched: Watched, way: str) -> None:
    """Open the screen from which the case starts, then switch off the network."""
    begin(page)
    if way == "verdict":
        permit = issued()
        call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "looked into"}, token="approver")
        assert scanned(page, permit["qr"]) == "hold"
    cut(page, watched)


@pytest.mark.parametrize(("way", "acts", "seconds"), [("verdict", 3, 10), ("nothing", 6, 30)])
def test_required_fields_of_case_need_few_acts(
    site: Site, open_page: Callable[..., Page], watched: Watched, way: str, acts: int, seconds: int
) -> None:
    page = open_page("/scan/", token="bekzat")
    looked_at(page, watched, way)
    hand = Hand(page)
    if way == "verdict":
        hand.tap("#open-case")
        hand.type("goods-0-quantity", "3")
    else:
        hand.tap("#case")
        hand.choose("reason", "no_document")
        hand.type("goods-0-common_name", "falcon")
        hand.choose("goods-0-term", "LIV")
        hand.type("goods-0-quantity", "3")
    case = written(hand)
    assert (case["goods"][0]["quantity"], case["goods"][0]["term"], case["agency"]) == ("3", "LIV", "customs")
    assert ("permit" in case) == (way == "verdict")
    assert hand.acts <= acts
    assert hand.seconds < seconds


@pytest.mark.parametrize("way", ["verdict", "nothing"])
def test_complete_case_takes_under_three_minutes(
    site: Site, open_page: Callable[..., Page], watched: Watched, way: str
) -> None:
    """Includes route, concealment, a person and a photograph."""
    page = open_page("/scan/", token="bekzat")
    looked_at(page, watched, way)
    hand = Hand(page)
    if way == "verdict":
        hand.tap("#open-case")
    else:
        hand.tap("#case")
        hand.type("goods-0-scientific_name", "itegli")
        hand.tap("species-field button:has-text('Falco cherrug')")
        hand.choose("goods-0-term", "LIV")
    hand.choose("kind", "seizure")
    hand.choose("reason", "false_declaration")
    hand.type("goods-0-quantity", "3")
    hand.type("goods-0-marks", "KG-0117")
    hand.photograph()
    how_where_and_who(hand)
    case = written(hand)
    assert (case["goods"][0]["scientific_name"], case["route"]["transit"]) == ("Falco cherrug", ["KZ"])
    assert (case["people"][0]["name"], case["case_kind"]) == ("Ivan Testov", "seizure")
    assert hand.seconds < THREE_MINUTES, hand
