"""Texts of the blocks of the form, and comparison of two texts of a block."""

from __future__ import annotations

from dataclasses import replace

import pytest
from print_samples import BISHKEK, LINES, sheet

from chalicelib.record.block_texts import CONTINUED, day_in_words, form_blocks, page_blocks, quantity, same_text
from chalicelib.record.permit import MarksDigest, TokenParty


def test_signed_blocks_of_a_full_line() -> None:
    permit = sheet("R", LINES[3:4]).permits[0]
    assert form_blocks(permit, BISHKEK) == {
        "1": "26KG000123/R",
        "kind": "RE-EXPORT CERTIFICATE",
        "2": "23 May 2027",
        "3": "Al Ain Falcon Hospital and Breeding",
        "3a": "United Arab Emirates (AE)",
        "4": "Sunkar Falcon Breeding Centre LLC",
        "4-country": "Kyrgyzstan (KG)",
        "5a": "T Commercial",
        "5b": "2098148",
        "13": "24 November 2026",
        "page": "Page 1 of 1",
        "7-8A": "Acipenser baerii",
        "9A": "CAV Caviar",
        "9mA": "label BAE/C/KZ/2026/12/0041",
        "10A": "II C",
        "11A": "=== 12.5 === kg",
        "12A": "Kazakhstan (KZ) · KZ-2026-0311 · 2 May 2026",
        "12aA": "Russian Federation (RU) · 26RU004411 · 19 August 2026",
        "12bA": "Op. 12-KZ",
    }


def test_last_valid_day_is_the_day_before_exp_in_partys_zone() -> None:
    permit = sheet().permits[0]  # exp: 2027-05-24 00:00 +06:00 = 2027-05-23 18:00 UTC
    assert form_blocks(permit, BISHKEK)["2"] == "23 May 2027"
    assert form_blocks(replace(permit, expires_at=permit.expires_at + 1), BISHKEK)["2"] == "24 May 2027"


def test_fields_shortened_in_token_are_printed_in_full() -> None:
    one = sheet()
    line = replace(one.permits[0].lines[0], marks=MarksDigest(16, b"m" * 16))
    permit = replace(one.permits[0], lines=(line,), importer=TokenParty("Al Ain Falcon…", "AE"))
    assert "9mA" not in form_blocks(permit, BISHKEK)
    printed = page_blocks(permit, one.application, 0, BISHKEK)
    assert printed["9mA"] == "closed ring KG-0117"
    assert printed["3"] == "Al Ain Falcon Hospital and Breeding"


def test_annex_line_has_place_in_name_and_own_letter_in_print() -> None:
    one = sheet("E", (LINES * 2)[:9])
    last = page_blocks(one.permits[2], one.application, 8, BISHKEK)
    assert last["7-8A"] == LINES[3].scientific_name
    assert last["lineA"] == "I"
    assert last["page"] == "Page 3 of 3"
    assert "7-8B" not in last


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("Falco\ncherrug ", "Falco cherrug", True),
        ("Falco cherrug", "Falco peregrinus", False),
        ("Sunkar Falcon Centre", "Sunkar…", True),
        ("Sunqar Falcon Centre", "Sunkar…", False),
        ("Sunkar…", "Sunkar…", True),
        (f"closed ring {CONTINUED}", "closed ring KG-0117", True),
        (f"open ring {CONTINUED}", "closed ring KG-0117", False),
        (CONTINUED, "closed ring KG-0117", False),
        ("", "II C", False),
    ],
)
def test_same_text(printed: str, expected: str, same: bool) -> None:
    assert same_text(printed, expected) is same


def test_quantity_and_day_are_printed_without_gaps() -> None:
    """Marks around the quantity and a month in words leave no room for added digits."""
    assert quantity("2", None) == "=== 2 === no."
    assert quantity("0.125", "KGM") == "=== 0.125 === kg"
    assert day_in_words("2026-03-04") == "4 March 2026"
