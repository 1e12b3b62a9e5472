"""Continuation sheets after the pages with codes: texts that did not fit, and rows to endorse each crossing.

Each sheet repeats number, day and authority. The sheets have page counts of their own, since tokens count only the
pages with codes. They are signed and stamped like an annex page.
A document for many crossings always has the sheet of crossings (50 CFR 23.49).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from chalicelib.issuing.print import form_face
from chalicelib.issuing.print.form_face import INK, SECOND, VALUE, Pen
from chalicelib.issuing.print.sheet import Sheet, blocks, copy_label, letters
from chalicelib.issuing.print.typeset import LEADING, printable, width, wrap
from chalicelib.reading.form_layout import MM, Template

type Lines = list[tuple[str, bool]]  # text, True for a heading

CROSSINGS: Lines = []  # marks the sheet of empty rows for endorsements; compared by identity

SIZE = 8.0

TOP, BOTTOM, LEFT, RIGHT = 34.0, 256.0, 11.0, 199.0

CROSSING_ROWS, CROSSING_HEIGHT = 8, 22.0

COLUMNS = (9, 41, 75, 101, 126, 160, 201)

PARTS = {
    "m": "marks",
    "d": "description",
    "s": "source",
    "address": "address",
    "country": "country",
    "name": "name",
    "place": "place",
    "8": "common name",
}


def continuation_sheets(sheet: Sheet, overflow: Sequence[tuple[int, str, str]]) -> list[Lines]:
    """Make the lines of each sheet that the print needs.

    `overflow`: (page from 0, block, whole text) of each block whose text ended in CONTINUED.
    """
    lines: Lines = []
    said: set[tuple[str, str]] = set()
    for page, name, text in overflow:
        heading = _heading(sheet, page, name)
        if (heading, text) in said:
            continue  # a block such as 5 has the same text on every page
        said.add((heading, text))
        lines.append((heading, True))
        lines += [(line, False) for line in wrap(printable(text), (RIGHT - LEFT) * MM / SIZE)]
        lines.append(("", False))
    room = int((BOTTOM - TOP) / _step())
    sheets = [lines[start : start + room] for start in range(0, len(lines), room)]
    return [*sheets, CROSSINGS] if sheet.kind.many_crossings else sheets


def add_continuation(canvas: Any, template: Template, sheet: Sheet, lines: Lines, count: str) -> None:
    """Draw one sheet and strike out the space that stays empty. `count`: for example `Sheet 1 of 2`."""
    pen = _head(canvas, template, sheet, count)
    if lines is CROSSINGS:
        _crossings(pen, template)
    else:
        for row, (text, heading) in enumerate(lines):
            pen.line(LEFT, TOP + row * _step(), text, SIZE, bold=heading)
        end = TOP + len(lines) * _step()
        if end < BOTTOM - 5:
            pen.raw("q 0.9 w {} {} {} RG".format(*VALUE))
            for rule in ((LEFT, end, RIGHT, end), (RIGHT, end, LEFT, BOTTOM), (LEFT, BOTTOM, RIGHT, BOTTOM)):
                pen.rule(*rule)
            pen.raw("Q")
    canvas.showPage()


def add_ground(pen: Pen, sheet: Sheet, template: Template) -> None:
    """Draw the underlay (none on a preview), then the marks of the sheet: COPY, VOID, PRACTICE, PREVIEW."""
    if not sheet.preview:
        pen.canvas.doForm("underlay")
    if sheet.mark:
        page, ink = template.layout["page"], form_face.LOUD if sheet.preview else form_face.WATERMARK_INK
        pen.raw(form_face.operators(sorted(sheet.mark), page["width"] * MM, page["height"] * MM, ink))


def _step() -> float:
    return SIZE * LEADING / MM


def _heading(sheet: Sheet, page: int, name: str) -> str:
    """Heading of a block's text, for example `9mB` on the second page -> `Block 9, line F: marks`."""
    found = re.fullmatch(r"(7-8|\d+[ab]?)([mds]?)([A-D]?)(?:-(\w+))?", name)
    if found is None:
        return f"Block {name}"
    block, part, row, word = found.groups()
    line = f", line {letters(sheet, page)['ABCD'.index(row)]}" if row else ""
    what = PARTS.get(part or word or block, "")
    return f"Block {block}{line}" + (f": {what}" if what else "")


def _head(canvas: Any, template: Template, sheet: Sheet, count: str) -> Pen:
    first = blocks(sheet)[0]
    pen = Pen(canvas, template.layout["page"]["height"])
    add_ground(pen, sheet, template)
    pen.raw("q 0.9 w {} {} {} RG".format(*INK))
    for rule in ((9, 7, 201, 7), (9, 30, 201, 30), (9, 283, 201, 283), (9, 7, 9, 283), (201, 7, 201, 283)):
        pen.rule(*rule)
    pen.raw("0.45 w")
    pen.rule(9, 260, 201, 260)
    pen.raw("Q")
    words = template.texts["continuation"]
    pen.line(LEFT, 9, words[0], 12, bold=True, ink=INK)
    pen.line(LEFT, 14.6, " · ".join(words[1:]), 6.5, ink=SECOND)
    pen.line(LEFT, 19.4, f"to {first['kind']} No. {sheet.number}", 10.5, bold=True)
    issued = "Not issued" if sheet.preview else f"Issued {first['13']}"
    pen.line(LEFT, 24.8, f"{issued} · {sheet.authority.name}", 7.5)
    for y, text in ((9.0, count), (14.2, copy_label(sheet))):
        pen.line(RIGHT - width(text, bold=True) * 9 / MM, y, text, 9, bold=True)
    for x, key in ((LEFT, "signature"), (110, "stamp")):
        label = template.texts[key]
        pen.line(x, 261, label[0], 5.8, ink=INK)
        pen.line(x, 263.4, " · ".join(label[1:]), 4.3, ink=SECOND)
    pen.line(9, 284, first["foot"], 7.5)
    return pen


def _crossings(pen: Pen, template: Template) -> None:
    words = template.texts["crossings"]
    pen.line(LEFT, 31.6, words[0], 7.5, bold=True, ink=INK)
    pen.line(LEFT, 35.4, " · ".join(words[1:]), 5, ink=SECOND)
    heads, *others = (text.split(" · ") for text in template.texts["crossing"])
    top = 45.0
    for column, x in enumerate(COLUMNS[:-1]):
        pen.line(x + 1, 39.4, heads[column], 6, ink=INK)
        pen.line(x + 1, 42.2, " · ".join(dict.fromkeys(other[column] for other in others)), 4, ink=SECOND)
    pen.raw("q 0.45 w {} {} {} RG".format(*INK))
    pen.rule(9, 38.8, 201, 38.8)
    for row in range(CROSSING_ROWS + 1):
        pen.rule(9, top + row * CROSSING_HEIGHT, 201, top + row * CROSSING_HEIGHT)
    for x in COLUMNS[1:-1]:
        pen.rule(x, 38.8, x, top + CROSSING_ROWS * CROSSING_HEIGHT)
    pen.raw("Q")
