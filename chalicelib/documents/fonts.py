"""Which fonts the print embeds, how wide their letters are, and the outlines of the microtext's letters.

Noto Sans Regular and Bold (SIL OFL 1.1): TrueType outlines, and every Kyrgyz and Uzbek letter (PT Sans and Golos lack
U+02BB). `local/fonts.py` makes the files from the variable font, at set-up and for the package.
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data" / "fonts"
OUTLINES = "microtext.json"
SANS, BOLD = "TamgaSans", "TamgaSans-Bold"
FILES = {SANS: "Regular.ttf", BOLD: "Bold.ttf"}
MICROTEXT_LETTERS = f"{string.digits}{string.ascii_uppercase}/- "  # of a permit's number and the words around it
SPACES = {0xA0: 0x20, 0x2009: 0x20, 0x202F: 0x20}


@cache
def sans(*, bold: bool = False) -> Any:
    """The ReportLab font, registered; parsed once a process (10 ms)."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = BOLD if bold else SANS
    path = FOLDER / FILES[name]
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: make setup makes it (python -m local.fonts)")
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    return font


@cache
def _microtext_letters() -> Mapping[str, tuple[int, list[list[Any]]]]:
    return json.loads((FOLDER / OUTLINES).read_text("ascii"))  # type: ignore[no-any-return]


def outlines(text: str) -> tuple[str, int]:
    """PDF operators that fill the letters of a text, and how wide it is; both in thousandths of the size."""
    letters, at, out = _microtext_letters(), 0, []
    for letter in text:
        advance, path = letters[letter]
        for operator, *numbers in path:
            out.append(" ".join(f"{n if i % 2 else n + at}" for i, n in enumerate(numbers)) + f" {operator}")
        at += advance
    return "\n".join([*out, "f"]), at


@cache
def _widths(*, bold: bool) -> dict[int, float]:
    face = sans(bold=bold).face
    return {code: width / 1000 for code, width in face.charWidths.items()}


@lru_cache(maxsize=4096)
def width(text: str, *, bold: bool = False) -> float:
    """Of one line, in units of the font size."""
    widths = _widths(bold=bold)
    return sum(widths.get(ord(char), 0.6) for char in text)


def has(char: str) -> bool:
    """Whether the font can print it."""
    return ord(char) in sans().face.charToGlyph


def printable(text: str) -> str:
    """The text with special spaces as plain ones and what the font lacks as U+FFFD, visibly."""
    text = text.translate(SPACES)
    return "".join(char if char == "\n" or has(char) else "\N{REPLACEMENT CHARACTER}" for char in text)
