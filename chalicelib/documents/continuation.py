"""Which sheets follow the pages with codes: whole texts that did not fit, and room for endorsements at each crossing.

They repeat number, day and authority, count themselves (the pages with codes are counted by their tokens), and are
signed and sealed like an annex page. A document for many crossings always has one (50 CFR 23.49).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.documents.fonts import printable
from chalicelib.documents.form_face import INK, SECOND, Pen
from chalicelib.documents.sheet import Sheet
from chalicelib.documents.template import MM, Template
from chalicelib.documents.typeset import LEADING, wrap

SIZE = 8.0
TOP, BOTTOM, LEFT, RIGHT = 34.0, 258.0, 11.0, 199.0
CROSSING_ROWS, CROSSING_HEIGHT = 8, 22.0
COLUMNS = (9, 35, 75, 101, 126, 160, 201)


def add_continuation(
    canvas: Any, template: Template, sheet: Sheet, first: Mapping[str, str], overflow: Sequence[tuple[int, str, str]]
) -> None:
    """`overflow`: (page, block, whole text) of what was cut short with CONTINUED; `first`: the first page's blocks."""
    sheets = _flow(sheet, overflow)
    total = len(sheets) + (1 if sheet.kind.many_crossings else 0)
    for index, lines in enumerate(sheets, 1):
        pen = _head(canvas, template, sheet, first, index, total)
        for row, (text, bold) in enumerate(lines):
            pen.line(LEFT, TOP + row * _step(), text, SIZE, bold=bold)
        canvas.showPage()
    if sheet.kind.many_crossings:
        _crossings(_head(canvas, template, sheet, first, total, total), template)
        canvas.showPage()


def _step() -> float:
    return SIZE * LEADING / MM


def _flow(sheet: Sheet, overflow: Sequence[tuple[int, str, str]]) -> list[list[tuple[str, bool]]]:
    lines: list[tuple[str, bool]] = []
    said: set[tuple[str, str]] = set()
    for page, name, text in overflow:
        if (name, text) in said:
            continue  # the same on every page
        said.add((name, text))
        where = f"Block {name}" + (f", page {page}" if len(sheet.permits) > 1 else "")
        lines.append((where, True))
        lines += [(line, False) for line in wrap(printable(text), (RIGHT - LEFT) * MM / SIZE)]
        lines.append(("", False))
    room = int((BOTTOM - TOP) / _step())
    return [lines[start : start + room] for start in range(0, len(lines), room)]


def _head(canvas: Any, template: Template, sheet: Sheet, first: Mapping[str, str], index: int, total: int) -> Pen:
    page = template.layout["page"]
    pen = Pen(canvas, page["height"])
    canvas.doForm("underlay")
    pen.raw("q 0.9 w {} {} {} RG".format(*INK))
    for rule in ((9, 7, 201, 7), (9, 30, 201, 30), (9, 283, 201, 283), (9, 7, 9, 283), (201, 7, 201, 283)):
        pen.rule(*rule)
    pen.raw("0.45 w")
    pen.rule(9, 260, 201, 260)
    pen.raw("Q")
    words = template.texts["continuation"]
    pen.line(LEFT, 9, words["en"], 12, bold=True, ink=INK)
    pen.line(LEFT, 14.6, f"{words['ky']} · {words['ru']}", 6.5, ink=SECOND)
    pen.line(LEFT, 19.4, f"to {first['kind']} No. {sheet.number}", 10.5, bold=True)
    pen.line(LEFT, 24.8, f"Issued {first['13']} · {sheet.authority.name}", 7.5)
    pen.line(160, 9, f"Sheet {index} of {total}", 9, bold=True)
    for x, key in ((LEFT, "signature"), (110, "stamp")):
        label = template.texts[key]
        pen.line(x, 261, label["en"], 5.8, ink=INK)
        pen.line(x, 263.4, f"{label['ky']} · {label['ru']}", 4.3, ink=SECOND)
    pen.line(9, 284, first["foot"], 7.5)
    return pen


def _crossings(pen: Pen, template: Template) -> None:
    words = template.texts["crossings"]
    pen.line(LEFT, 31.6, words["en"], 7.5, bold=True, ink=INK)
    pen.line(LEFT, 35.6, f"{words['ky']} · {words['ru']}", 5, ink=SECOND)
    heads = [template.texts["crossing"][language].split(" · ") for language in ("en", "ky", "ru")]
    top = 45.0
    for column, x in enumerate(COLUMNS[:-1]):
        pen.line(x + 1, 39.4, heads[0][column], 6, ink=INK)
        pen.line(x + 1, 42.2, f"{heads[1][column]} · {heads[2][column]}", 4, ink=SECOND)
    pen.raw("q 0.45 w {} {} {} RG".format(*INK))
    pen.rule(9, 38.8, 201, 38.8)
    for row in range(CROSSING_ROWS + 1):
        pen.rule(9, top + row * CROSSING_HEIGHT, 201, top + row * CROSSING_HEIGHT)
    for x in COLUMNS[1:-1]:
        pen.rule(x, 38.8, x, top + CROSSING_ROWS * CROSSING_HEIGHT)
    pen.raw("Q")
