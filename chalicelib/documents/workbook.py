"""Rows of text as an XLSX workbook: every cell is typed as text, so that none can become a formula.

A text that a spreadsheet would calculate if somebody typed it again, or saved it as CSV and opened that, bears
`quotePrefix`, which shows it as it is.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook

from chalicelib.core.cells import SIGNS

CELL_AT_MOST = 32_767  # characters, Excel's own bound


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]], *, made_at: int) -> bytes:
    """`sheets`: title -> rows, the first of which is the heading. The same rows and time make the same bytes."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.fromtimestamp(made_at, UTC)})
        heading = book.add_format({"num_format": "@", "bold": True})
        text = book.add_format({"num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        for title, rows in sheets.items():
            sheet: Any = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 39, 18, text)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    style = heading if row == 0 else quoted if cell.startswith(SIGNS) else text
                    sheet.write_string(row, column, _printable(cell)[:CELL_AT_MOST], style)
    return out.getvalue()


def _printable(text: str) -> str:
    """XML 1.0 s. 2.2: other control characters can stand in no document."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
