"""Which characters a page shows, where, how large, and whether an eye reads them as printed."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from pypdfium2 import raw

from chalicelib.reading.limits import CHARACTERS, Refused

INVISIBLE_MODES = frozenset({3, 7})  # ISO 32000-1, table 106: neither fill nor stroke; clip only
STROKED_MODES = frozenset({1, 2, 5, 6})
FILLED_MODES = frozenset({0, 2, 4, 6})
WHITE = 0.9  # luminance from which on a letter cannot be read on paper
COLOURED = 115  # of 255, between the strongest and the weakest of red, green, blue; the form's letters have below 60
CLEAR = 40  # alpha (of 255) up to which it cannot
HYPHENS = {"\x02": "-", "\N{SOFT HYPHEN}": "-"}  # what PDFium makes of a hyphen at a line's end
SMALLEST = 1.0  # points, of the font: below it nobody reads, and nothing more is asked about it
UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Glyph(NamedTuple):
    """One character that can be seen. Points in page space: the centre of its ink, where its line's pen stood before
    and after it, the baseline, the height of its line."""

    char: str
    x: float
    y: float
    left: float
    right: float
    base: float
    height: float


def read(page: Any) -> Iterator[Glyph]:
    """The visible characters of a pypdfium2 page in the file's order, without white space.

    Raises `Refused` for more than any form has.
    """
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > CHARACTERS:
            raise Refused("too-large")
        yield from _glyphs(text.raw, count)
    finally:
        text.close()


def _glyphs(text: Any, count: int) -> Iterator[Glyph]:
    looks: dict[int | None, bool] = {}
    loose = raw.FS_RECTF()
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else UNREADABLE
        if char.isspace():
            continue
        drawn = raw.FPDFText_GetTextObject(text, index)
        address = ctypes.cast(drawn, ctypes.c_void_p).value
        if address not in looks:
            looks[address] = not drawn or visible(drawn)
        if not looks[address]:
            continue
        raw.FPDFText_GetLooseCharBox(text, index, loose)
        raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        yield Glyph(
            HYPHENS.get(char, char), (left.value + right.value) / 2, (bottom.value + top.value) / 2, loose.left,
            loose.right, y.value, abs(loose.top - loose.bottom),
        )  # fmt: skip


def visible(drawn: Any) -> bool:
    """Whether a text object is letters that an eye reads as the print's: not a stamp's, in its own colour."""
    size = ctypes.c_float()
    matrix = raw.FS_MATRIX()
    if raw.FPDFTextObj_GetFontSize(drawn, size) and raw.FPDFPageObj_GetMatrix(drawn, matrix):
        scale = max(abs(matrix.c), abs(matrix.d))
        if abs(size.value) * scale < SMALLEST and abs(size.value) * scale > 0:
            return False
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
    if mode in INVISIBLE_MODES:
        return False
    filled = mode not in STROKED_MODES or mode in FILLED_MODES
    if filled and _printed(raw.FPDFPageObj_GetFillColor, drawn):
        return True
    return mode in STROKED_MODES and _printed(raw.FPDFPageObj_GetStrokeColor, drawn)


def _printed(get: Any, drawn: Any) -> bool:
    colour = _colour(get, drawn)
    if colour is None:
        return True  # a pattern: it may well be seen
    *shades, alpha = colour
    return alpha > CLEAR and luminance(*shades) < WHITE and max(shades) - min(shades) < COLOURED


def coloured(drawn: Any) -> bool:
    """Whether a text object has a colour that the form's letters never have, and can be seen."""
    colour = _colour(raw.FPDFPageObj_GetFillColor, drawn)
    if colour is None or raw.FPDFTextObj_GetTextRenderMode(drawn) in INVISIBLE_MODES:
        return False
    *shades, alpha = colour
    return alpha > CLEAR and max(shades) - min(shades) >= COLOURED


def _colour(get: Any, drawn: Any) -> tuple[int, int, int, int] | None:
    """Red, green, blue, alpha (0-255); None for a pattern."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(drawn, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def luminance(red: int, green: int, blue: int) -> float:
    """0 black .. 1 white (ITU-R BT.601)."""
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
