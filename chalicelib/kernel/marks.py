"""Marks (rings, chips, tags) in a text, normalised so that different spellings of one mark are equal.

The patterns compare the marks of two permits, and the watch list looks for a mark in a text. Only letters and digits
count, and look-alike letters are equal. Groups of digits that make a microchip number (15 digits, ISO 11784) are one
number. `marks_in` leaves out dates, numbers of standards and measures, but `possible_marks` leaves out nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from chalicelib.kernel.text import DASHES

CHIP = 15  # digits

# Cyrillic capitals that look like a Latin one (Unicode TR 39), and Г for the G of the country's code (as in numbers.py)
_ALIKE = str.maketrans("АВЕЁКМНОӨРСТУҮХІЅЈГ×", "ABEEKMHOOPCTYYXISJGX")

_WORD = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*")

_GROUPS = re.compile(r"(?<![\w./-])\d+(?:[ ./-]\d+)+(?![\w/-])")

_ALONE, _ENDS = r"(?<![\w./-])", r"(?![./-]?\w)"

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"

_ISO = r"(?:ISO|ИCO)[ -]?"

_NUMBER = r"(?:0[.,]\d+|[1-9]\d{0,3}(?:[.,]\d+)?)"

_NO_MARKS = re.compile(
    "|".join(
        (
            rf"{_ALONE}{_YEAR}[./-]{_MONTH}(?:[./-]{_DAY})?{_ENDS}",  # 2024-05-12
            rf"{_ALONE}(?:{_DAY}[./-])?{_MONTH}[./-]{_YEAR}{_ENDS}",  # 12.05.2024
            rf"{_ALONE}{_DAY}\.{_MONTH}\.\d\d{_ENDS}",  # 12.05.24
            rf"{_ALONE}{_YEAR}[/-](?:{_YEAR}|\d\d){_ENDS}",  # 2024/25
            rf"(?<!\w){_ISO}\d{{4,5}}(?!\d)(?:(?: ?[/,&] ?| AND | И )(?:{_ISO})?(?:\d{{5}}|\d\d)(?!\w))*",  # ISO
            rf"{_ALONE}{_NUMBER}(?: ?[X*] ?{_NUMBER})* ?(?:[MCD]?M|K?G|M?L|Л|[KM]HZ){_ENDS}",  # 10x20x30 cm
            rf"{_ALONE}{_NUMBER}(?: ?[X*] ?{_NUMBER})+{_ENDS}",
        )
    )
)


def marks_in(text: str) -> frozenset[str]:
    """Return the marks that a text names: words with digits, and chips written in groups of digits.

    A word needs at least four characters with at least two digits, but a word of digits alone needs at least six. A
    number that is part of a chip already found is left out.
    """
    left = _NO_MARKS.sub(";", _folded(text))
    chips = frozenset(_chips(left))
    found = set(chips)
    for word in _WORD.findall(left):
        made = _alnum(word)
        digits = sum(each.isdigit() for each in made)
        if digits == len(made) and (len(made) < 6 or any(made in chip for chip in chips)):
            continue
        if len(made) >= 4 and digits >= 2:
            found.add(made)
    return frozenset(found)


def possible_marks(text: str) -> Iterator[str]:
    """Yield every string of the text that could be a mark.

    These are the whole text, each word, two or three words joined, and groups of digits that make a chip.
    """
    yield normalise_mark(text)
    words = [normalise_mark(word) for word in re.split(r"[\s,;:()]+", text) if normalise_mark(word)]
    for size in (1, 2, 3):
        yield from ("".join(words[at : at + size]) for at in range(len(words) - size + 1))
    yield from _chips(_folded(text))


def normalise_mark(text: str) -> str:
    """Return the letters and digits of the text in capitals, with look-alike letters as Latin ones."""
    return _alnum(_folded(text))


def _folded(text: str) -> str:
    made = unicodedata.normalize("NFKC", text).upper().translate(_ALIKE)
    return re.sub("[ \t]+", " ", DASHES.sub("-", made))


def _alnum(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _chips(folded: str) -> Iterator[str]:
    """Yield each sequence of adjacent digit groups with 15 digits in all. Sequences may overlap."""
    for run in _GROUPS.findall(folded):
        groups = re.findall(r"\d+", run)
        for first in range(len(groups)):
            for last in range(first + 2, min(len(groups), first + CHIP) + 1):
                made = "".join(groups[first:last])
                if len(made) == CHIP:
                    yield made
