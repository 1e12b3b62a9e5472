"""Fonts of the print, widths of their letters, and text broken and shrunk to fit its box.

A text that does not fit ends with a note that it continues. Nothing is cut silently. The microtext's letters are
outlines.

The fonts are Noto Sans Regular and Bold (SIL OFL 1.1): TrueType outlines, and every Kyrgyz and Uzbek letter (PT Sans
and Golos lack U+02BB). `local/fonts.py` makes the files from the variable font, at set-up and for the package.
"""

from __future__ import annotations

import json
import string
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from chalicelib.reading.form_layout import ASCENT
from chalicelib.record.block_texts import CONTINUED

FOLDER = Path(__file__).resolve().parent.parent.parent / "data" / "fonts"

OUTLINES = "microtext.json"

SANS, BOLD = "TamgaSans", "TamgaSans-Bold"

FILES = {SANS: "Regular.ttf", BOLD: "Bold.ttf"}

MICROTEXT_LETTERS = f"{string.digits}{string.ascii_uppercase}/- "  # letters of permit numbers and of TAMGA

SPACES = {0xA0: 0x20, 0x2009: 0x20, 0x202F: 0x20}


@cache
def sans(*, bold: bool = False) -> Any:
    """Load and register the ReportLab font, once a process (10 ms).

    Raises `FileNotFoundError`: `make setup` has not made the file.
    """
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
    """PDF operators that fill the letters of a text, and its width, both in thousandths of the font size."""
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
    """Width of one line, in units of the font size."""
    widths = _widths(bold=bold)
    return sum(widths.get(ord(char), 0.6) for char in text)


def has(char: str) -> bool:
    """True if the font has the character."""
    return ord(char) in sans().face.charToGlyph


def printable(text: str) -> str:
    """Replace special spaces by plain ones, and characters that the font lacks by a visible U+FFFD."""
    text = text.translate(SPACES)
    return "".join(char if char == "\n" or has(char) else "\N{REPLACEMENT CHARACTER}" for char in text)


LEADING = 1.17  # times the font size

DESCENT = 0.27

GAP = 0.45  # height of an empty line between paragraphs, as a share of a line

STEP = 0.25


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines at one size (points). `whole` is False if the text continues on a continuation sheet."""

    lines: tuple[str, ...]
    size: float
    whole: bool = True


def wrap(text: str, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break a text at spaces, and inside a word wider than a line. `room`: the width in units of the font size."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for token in paragraph.split(" "):
            word, need = token, width(token, bold=bold)
            while need > room - 0.05:  # longer than a line: fill the line, letter by letter
                start = f"{line} " if line else ""
                taken = _letters(word, room - 0.05 - (width(start, bold=bold) if start else 0), bold=bold)
                if taken == 0 and line:
                    lines.append(line)
                    line, used = "", 0.0
                    continue
                taken = max(taken, 1)
                lines.append(start + word[:taken])
                word, line, used = word[taken:], "", 0.0
                need = width(word, bold=bold)
            gap = width(" ", bold=bold) if line else 0.0
            if line and used + gap + need > room:
                lines.append(line)
                line, used = word, need
            else:
                line = f"{line} {word}" if line else word
                used += gap + need
        lines.append(line)
    return tuple(lines)


def fit(text: str, w: float, h: float, size: float, least: float, *, bold: bool = False) -> Fitted:  # noqa: PLR0913 - box and type of one text
    """Set a text in the largest size from `least` to `size` at which it fits `w` x `h` points.

    If it does not fit at `least`, the lines are its beginning, end in CONTINUED, and `whole` is False.
    """
    sizes = [*(size - STEP * step for step in range(int((size - least) / STEP) + 1)), least]

    def fits(points: float) -> bool:
        return height(wrap(text, w / points, bold=bold), points) <= h + 0.01

    first = 0 if fits(size) else bisect_left(sizes, True, lo=1, key=fits)  # too large a size leaves only smaller ones
    if first < len(sizes):
        return Fitted(wrap(text, w / sizes[first], bold=bold), sizes[first])
    rows = max(1, int((h / least - ASCENT - DESCENT) / LEADING) + 1)
    lines = wrap(text, w / least, bold=bold)[:rows]
    last = lines[-1]
    while last and width(f"{last} {CONTINUED}", bold=bold) > w / least - 0.1:
        last = last[:-1]
    return Fitted((*lines[:-1], f"{last} {CONTINUED}".strip()), least, whole=False)


def levels(lines: Sequence[str]) -> list[float]:
    """Distance of each line below the first one, in units of the font size."""
    found, level = [], 0.0
    for line in lines:
        found.append(level)
        level += LEADING * (1 if line else GAP)
    return found


def height(lines: Sequence[str], size: float) -> float:
    """Height of these lines, in points."""
    return (levels(lines)[-1] + ASCENT + DESCENT) * size


def _letters(word: str, room: float, *, bold: bool) -> int:
    used = 0.0
    for count, char in enumerate(word):
        used += width(char, bold=bold)
        if used > room:
            return count
    return len(word)
