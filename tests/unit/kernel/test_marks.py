"""Marks in free text: rings and chips in any spelling, but no dates, standards or measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.marks import marks_in, normalise_mark, possible_marks

CHIP = "643094100012345"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rings KG-0117, KG-0118", {"KG0117", "KG0118"}),
        (f"chip {CHIP}", {CHIP}),
        ("chip 643 094 100 012 345", {CHIP}),
        ("643-094-100-012-345", {CHIP}),
        ("2 chips: 643 0941 0001 2345, 643094 100012345", {CHIP}),
        (f"ISO11784/11785 chip {CHIP}", {CHIP}),
        (f"ISO 11784/{CHIP}", {CHIP}),
        (f"{CHIP} (ISO 11784 and 11785)", {CHIP}),
        ("ИСО 11784/85", set()),
        ("KG-AB1234", {"KGAB1234"}),
        ("КГ-АВ1234", {"KGAB1234"}),
        ("KG\u2013AB1234", {"KGAB1234"}),
        ("кольцо КР.0045", {"KP0045"}),
        ("ringed 2024-05-12", set()),
        ("окольцован 12.05.2024, 12.05.24, 5/2024, сезон 2023/24", set()),
        ("KG-2024-05-12", {"KG20240512"}),
        ("2024-05-99", {"20240599"}),
        ("box 10x20x30cm", set()),
        ("ящик 10×20×30 см, 25кг, 134.2 kHz", set()),
        ("0117KG, 25KG-0117", {"0117KG", "25KG0117"}),
        ("tins 1-9; lot 1; hatched 2025", set()),
        ("", set()),
    ],
)
def test_marks_in_text(text: str, found: set[str]) -> None:
    assert marks_in(text) == found


@given(st.text(alphabet="AKX019 -./,×Г", max_size=40))
def test_found_mark_is_normal_and_found_again(text: str) -> None:
    for mark in marks_in(text):
        assert normalise_mark(mark) == mark
        assert mark in set(possible_marks(mark))
