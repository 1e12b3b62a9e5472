"""Fixed part of a country's form: underlay, rules, emblem, words in its languages, and marks such as COPY.

The process draws underlay and face once and keeps them, deflated, as the content of Form XObjects. ReportLab numbers
the letters of a font subset as they come. `new_canvas` therefore enters the form's letters first, in a fixed order,
so they have the same codes in every document.

The text of block 5 is not here: `permits/model/block_5.py` makes it, and `sheet.py` places it.

COPY, VOID, PRACTICE and PREVIEW are strokes under the values. They are paths, not text, so they hide no value, and do
not mix with the text that a reader extracts from a block.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from math import cos, radians, sin
from typing import Any

from chalicelib.issuing.print import guilloche
from chalicelib.issuing.print.reportlab_private import document_of, operators_of
from chalicelib.issuing.print.typeset import BOLD, LEADING, SANS, levels, sans, width, wrap
from chalicelib.reading.form_layout import ASCENT, MM, Template

INK = (0.05, 0.26, 0.19)  # rules and English labels

SECOND = (0.26, 0.36, 0.32)  # the country's languages below

VALUE = (0.04, 0.04, 0.07)

SMALL = 4.3  # points, the country's languages

LEAST_SHARE = 0.82  # of SMALL: if languages would be smaller to share a line, each gets a line of its own

RULES = {"heavy": (0.9, ""), "light": (0.45, ""), "fine": (0.3, ""), "dashed": (0.4, "[2.2 1.6] 0 d")}


class Pen:
    """Pen on a ReportLab canvas, in mm from the top left corner."""

    def __init__(self, canvas: Any, height: float) -> None:
        self.canvas = canvas
        self.top = height * MM

    def raw(self, operators: str) -> None:
        self.canvas.addLiteral(operators)

    def line(self, x: float, y: float, text: str, size: float, *, bold: bool = False, ink: Any = VALUE) -> None:  # noqa: PLR0913 - place, text and type of one line
        """Draw one line with the top of its capitals at `y`, like the first line of a box."""
        pen = self.canvas.beginText(x * MM, self.top - y * MM - ASCENT * size)
        pen.setFont(BOLD if bold else SANS, size)
        pen.setFillColorRGB(*ink)
        pen.textOut(text)
        self.canvas.drawText(pen)

    def block(  # noqa: PLR0913 - place, width and type of the lines of one block
        self,
        x: float,
        y: float,
        w: float,
        lines: tuple[str, ...],
        size: float,
        *,
        bold: bool,
        align: str,
        ink: Any = VALUE,
    ) -> None:
        """Draw lines as `typeset.fit` returns them, one below the other."""
        for text, level in zip(lines, levels(lines), strict=True):
            spare = w - width(text, bold=bold) * size / MM
            shift = {"left": 0.0, "centre": spare / 2, "right": spare}[align]
            self.line(x + shift, y + level * size / MM, text, size, bold=bold, ink=ink)

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.raw(f"{x1 * MM:.2f} {self.top - y1 * MM:.2f} m {x2 * MM:.2f} {self.top - y2 * MM:.2f} l S")


def new_canvas(template: Template) -> tuple[Any, BytesIO]:
    """Make a canvas of the form's size, with output that does not depend on the clock."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # binary streams: a quarter smaller, and ASCII85 costs 5 ms a page in Python
    out = BytesIO()
    page = template.layout["page"]
    fonts = [sans(), sans(bold=True)]
    canvas = Canvas(
        out,
        pagesize=(page["width"] * MM, page["height"] * MM),
        pageCompression=1,
        invariant=1,
        initialFontName=SANS,
        pdfVersion=(1, 7),
        lang="en",
    )
    for font in fonts:
        font.splitString(_letters(template), document_of(canvas))
        font.getSubsetInternalName(0, document_of(canvas))
    return canvas, out


def add_forms(canvas: Any, template: Template) -> None:
    """Add underlay and face to the document. Each page refers to them with `doForm`."""
    page = template.layout["page"]
    for name, content in _forms(template).items():
        add_form(canvas, name, content, page["width"] * MM, page["height"] * MM)


def add_form(canvas: Any, name: str, deflated: bytes, width: float, height: float) -> None:
    """Add a Form XObject of this size in points, with its origin in the lower left corner."""
    from reportlab.pdfbase.pdfdoc import PDFFormXObject, PDFName, PDFStream

    form = PDFFormXObject(0, 0, round(width, 2), round(height, 2))
    form.Contents = PDFStream(content=deflated)
    form.Contents.dictionary["Filter"] = PDFName("FlateDecode")
    document_of(canvas).addForm(name, form)


@cache
def _letters(template: Template) -> str:
    return "".join(
        sorted({char for words in template.texts.values() for text in words for char in text if char > "\x7f"})
    )


@cache
def _forms(template: Template) -> Mapping[str, bytes]:
    canvas, _ = new_canvas(template)
    pen = Pen(canvas, template.layout["page"]["height"])
    _rules(pen, template)
    for key, place in template.layout["labels"].items():
        _label(pen, template.texts[key], place)
    rows = template.layout["rows"]
    for row in range(4):
        for key in ("row12", "row12a", "row12b"):
            x, down = rows[key]
            pen.line(x, rows["top"] + row * rows["pitch"] + down, template.texts[key][0], 5, ink=INK)
    face = operators_of(canvas)
    return {
        name: zlib.compress(text.encode("latin-1"), 9)
        for name, text in (("underlay", guilloche.sheet()), ("face", face))
    }


def _rules(pen: Pen, template: Template) -> None:
    rules = template.layout["rules"]
    pen.raw("q {} {} {} RG".format(*INK))
    for name, (thick, dash) in RULES.items():
        pen.raw(f"q {thick} w {dash}")
        for rule in rules[name]:
            pen.rule(*rule)
        pen.raw("Q")
    for x, y, radius in rules["seals"]:
        pen.raw("q 0.4 w [2.2 1.6] 0 d")
        pen.canvas.circle(x * MM, pen.top - y * MM, radius * MM, stroke=1, fill=0)
        pen.raw("Q")
    pen.raw("Q")
    ticks = rules["ticks"]
    side = ticks["size"] * MM
    for letter in "ERIO":
        x, y = ticks[letter]
        square = f"{x * MM:.2f} {pen.top - y * MM - side:.2f} {side:.2f} {side:.2f} re B"
        pen.raw("q 0.5 w {} {} {} RG 1 1 1 rg {} Q".format(*INK, square))
    emblem = rules["emblem"]
    x, y, radius = emblem["x"], emblem["y"], emblem["r"]
    pen.raw(guilloche.emblem(x * MM, pen.top - y * MM, radius * MM))
    size = 7.2
    pen.line(x - width("CITES", bold=True) * size / MM / 2, y - size * 0.52 / MM, "CITES", size, bold=True, ink=INK)


def _label(pen: Pen, words: Sequence[str], place: Mapping[str, Any]) -> None:
    """Draw a label in English, with French and the country's languages in small type.

    `lines`: the others are wrapped below it. `one`: all on one line in one size. `inline`: the others follow, smaller,
    on its line. Otherwise French is beside it if there is room, the others are below in as few legible lines as fit.
    """
    x, y, w, size = place["x"], place["y"], place["w"], place["size"]
    small, bold, align = place.get("small", SMALL), place.get("bold", False), place.get("align", "left")
    english, *others = words
    if place.get("one"):
        text = "  ·  ".join(words)
        pen.line(x, y, text, _one_line(text, w, size, bold=bold), bold=bold, ink=INK)
        return
    wrapped = place.get("lines")
    if not wrapped:
        size = _one_line(english, w, size, bold=bold)
    lines = wrap(english, w * MM / size, bold=bold) if wrapped else (english,)
    pen.block(x, y, w, lines, size, bold=bold, align=align, ink=INK)
    below = y + len(lines) * LEADING * size / MM
    if wrapped:
        for text in others:
            fitted = wrap(text, w * MM / small)
            pen.block(x, below, w, fitted, small, bold=False, align=align, ink=SECOND)
            below += len(fitted) * LEADING * small / MM + 0.15
        return
    start = width(english, bold=bold) * size / MM
    beside: Sequence[str] = others[:1] if align == "left" else []
    if place.get("inline"):
        beside = others
    rest = "  " + " · ".join(beside)
    fits = _one_line(rest, w - start, small)
    if place.get("inline") or (beside and fits >= small * LEAST_SHARE):
        pen.line(x + start, y + ASCENT * (size - fits) / MM, rest, fits, ink=SECOND)
        others = others[len(beside) :]
    for text in _rows(others, w, small):
        fits = _one_line(text, w, small)
        pen.block(x, below, w, (text,), fits, bold=False, align=align, ink=SECOND)
        below += LEADING * fits / MM


def _rows(texts: Sequence[str], w: float, small: float) -> list[str]:
    """Join texts into as few legible lines as possible, in this order. The last texts share a line first."""
    for first in range(len(texts)):
        joined = " · ".join(texts[first:])
        if _one_line(joined, w, small) >= small * LEAST_SHARE or first == len(texts) - 1:
            return [*_rows(texts[:first], w, small), joined] if first else [joined]
    return []


def _one_line(text: str, w: float, size: float, *, bold: bool = False) -> float:
    """Return the size, or the smaller size at which the text fits one line of `w` mm."""
    return min(size, w * MM / (width(text, bold=bold) + 0.05)) if text else size


WATERMARK_INK = "0.98 0.83 0.79 RG"

LOUD = "0.94 0.58 0.52 RG"  # of PREVIEW: a sheet that is no permit

SLANT = 52  # degrees

LARGEST = 11.5  # points a unit of a letter's cell

# Each letter on a cell 6 wide and 10 high: m move, l line, c curve.
_LETTERS = {
    "A": "0 0 m 3 10 l 6 0 l 1.1 3.6 m 4.9 3.6 l",
    "C": "6 8 m 5.4 9.4 4.3 10 3 10 c 1 10 0 8.4 0 5 c 0 1.6 1 0 3 0 c 4.3 0 5.4 .6 6 2 c",
    "D": "0 0 m 0 10 l 2.6 10 l 5 10 6 8.2 6 5 c 6 1.8 5 0 2.6 0 c 0 0 l",
    "E": "6 0 m 0 0 l 0 10 l 6 10 l 0 5.2 m 4.8 5.2 l",
    "I": "3 0 m 3 10 l 1.2 0 m 4.8 0 l 1.2 10 m 4.8 10 l",
    "O": "3 10 m 1 10 0 8.4 0 5 c 0 1.6 1 0 3 0 c 5 0 6 1.6 6 5 c 6 8.4 5 10 3 10 c",
    "P": "0 0 m 0 10 l 3.4 10 l 5.2 10 6 9 6 7.4 c 6 5.8 5.2 4.8 3.4 4.8 c 0 4.8 l",
    "R": "0 0 m 0 10 l 3.4 10 l 5.2 10 6 9 6 7.4 c 6 5.8 5.2 4.8 3.4 4.8 c 0 4.8 l 3.2 4.8 m 6 0 l",
    "T": "3 0 m 3 10 l 0 10 m 6 10 l",
    "V": "0 10 m 3 0 l 6 10 l",
    "W": "0 10 m 1.4 0 l 3 6.5 l 4.6 0 l 6 10 l",
    "Y": "0 10 m 3 5 l 6 10 l 3 5 m 3 0 l",
}

_ADVANCE = 8.2


def operators(words: list[str], width: float, height: float, ink: str = WATERMARK_INK) -> str:
    """PDF operators that draw the words one below the other, slanted, across the middle of a page (size in points)."""
    turn = radians(SLANT)
    out = [
        f"q {ink} 1 J 1 j {cos(turn):.4f} {sin(turn):.4f} {-sin(turn):.4f} {cos(turn):.4f} {width / 2} {height / 2} cm"
    ]
    long, high = max(len(word) for word in words) * _ADVANCE, (len(words) - 1) * 14.5 + 10  # size before rotation
    across, up = long * cos(turn) + high * sin(turn), long * sin(turn) + high * cos(turn)
    scale = min(width * 0.94 / across, height * 0.94 / up, LARGEST)
    for index, word in enumerate(words):
        long = (len(word) * _ADVANCE - 2.2) * scale
        drop = ((len(words) - 1) / 2 - index) * 14.5 - 5
        out.append(f"q {scale:.3f} 0 0 {scale:.3f} {-long / 2:.2f} {drop * scale:.2f} cm 0.95 w")
        for letter in word:
            out.append(f"{_LETTERS[letter]} S 1 0 0 1 {_ADVANCE} 0 cm")
        out.append("Q")
    out.append("Q")
    return "\n".join(out)
