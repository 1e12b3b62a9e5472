"""Which rings, chips and tags a text names, however they are spelled: on two permits, and for what is looked for.

Letters and digits alone count, look-alike letters being one. Groups of digits that make a microchip (15, ISO 11784) are
one number. `named` leaves out dates, numbers of standards and measures; `anywhere` leaves out nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from chalicelib.kernel.text import DASHES

CHIP = 15  # digits

# Cyrillic capitals that stand for a Latin one (Unicode TR 39), and Г for the G of the country's code, as legacy_number
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


def named(text: str) -> frozenset[str]:
    """Runs with at least two digits and four characters (a bare number needs six), and chips in groups of digits."""
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


def anywhere(text: str) -> Iterator[str]:
    """All that a text could be: a mark stands among others, in one word, in two or three, or in groups of digits."""
    yield plain(text)
    words = [plain(word) for word in re.split(r"[\s,;:()]+", text) if plain(word)]
    for size in (1, 2, 3):
        yield from ("".join(words[at : at + size]) for at in range(len(words) - size + 1))
    yield from _chips(_folded(text))


def plain(text: str) -> str:
    """Its letters and digits, look-alike letters Latin."""
    return _alnum(_folded(text))


def _folded(text: str) -> str:
    made = unicodedata.normalize("NFKC", text).upper().translate(_ALIKE)
    return re.sub("[ \t]+", " ", DASHES.sub("-", made))


def _alnum(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _chips(folded: str) -> Iterator[str]:
    """Groups of digits on end that have 15 together; of some that do so in more than one way, each."""
    for run in _GROUPS.findall(folded):
        groups = re.findall(r"\d+", run)
        for first in range(len(groups)):
            for last in range(first + 2, min(len(groups), first + CHIP) + 1):
                made = "".join(groups[first:last])
                if len(made) == CHIP:
                    yield made
