"""Which font the print embeds, and how wide its letters are.

Noto Sans (SIL OFL 1.1), from the package `fontpkg-noto-sans`: TrueType outlines, and every Kyrgyz and Uzbek letter
(PT Sans and Golos lack U+02BB). The file is a variable font; its default outlines are the Regular. Bold is the same
outline with a thin stroke of its own colour, so that one subset serves the whole sheet.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any

SANS = "TamgaSans"
BOLD_STROKE = 0.03  # of the size: about the stem of a semi-bold
SPACES = {0xA0: 0x20, 0x2009: 0x20, 0x202F: 0x20}


@cache
def sans() -> Any:
    """The ReportLab font, registered; parsed once a process (10 ms)."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with as_file(files("fontpkg_noto_sans").joinpath("files", "NotoSans[wdth,wght].ttf")) as path:
        font = TTFont(SANS, str(path))
    pdfmetrics.registerFont(font)
    return font


@cache
def _widths() -> dict[int, float]:
    face = sans().face
    return {code: width / 1000 for code, width in face.charWidths.items()}


@lru_cache(maxsize=4096)
def width(text: str, *, bold: bool = False) -> float:
    """Of one line, in units of the font size."""
    widths = _widths()
    return sum(widths.get(ord(char), 0.6) for char in text) + (BOLD_STROKE if bold else 0)


def has(char: str) -> bool:
    """Whether the font can print it."""
    return ord(char) in sans().face.charToGlyph


def printable(text: str) -> str:
    """The text with special spaces as plain ones and what the font lacks as U+FFFD, visibly."""
    text = text.translate(SPACES)
    return "".join(char if char == "\n" or has(char) else "\N{REPLACEMENT CHARACTER}" for char in text)
