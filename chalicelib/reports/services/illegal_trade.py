"""Annual illegal trade report: the year's seizures as rows, and rows as an XLSX workbook.

Of people only nationalities and their number are used. Every cell of the workbook is typed as text, so none can become
a formula. A spreadsheet could calculate some texts after they are typed again, or saved as CSV and opened. Such a text
has `quotePrefix`, which shows it as it is.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.cases.model.case import CaseKind
from chalicelib.cases.services import cases
from chalicelib.kernel.countries import UNKNOWN
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.text import FORMULA_SIGNS
from chalicelib.reports.model import illegal_trade
from chalicelib.reports.services.annual_report import year_of
from chalicelib.species.services.list_in_use import SpeciesDeps

CELL_AT_MOST = 32_767  # characters, Excel's own bound


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]], *, made_at: int) -> bytes:
    """Make a workbook. `sheets`: title -> rows, the first is the heading. Same rows and time make the same bytes."""
    from xlsxwriter import Workbook  # costs 40 ms, which most requests do not need

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
                    style = quoted if cell.startswith(FORMULA_SIGNS) else text
                    if row == 0:
                        style = heading
                    sheet.write_string(row, column, _printable(cell)[:CELL_AT_MOST], style)
    return out.getvalue()


def _printable(text: str) -> str:
    """The text without control characters that no XML document may have (XML 1.0 s. 2.2)."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")


def rows(year: int, actor: Actor, deps: SpeciesDeps) -> list[tuple[str, ...]]:
    """Rows of the report by day of seizure. A post has its English name, which the Secretariat can read."""
    actor.require("reports")
    span = year_of(year, deps.stage)
    found = []
    for case in cases.every(deps.register):
        if case.kind != CaseKind.SEIZURE or not span.begin <= case.occurred_at < span.end:
            continue
        people = cases.load(case.id, deps.register, people=True).people
        nationalities = [str(person.get("nationality") or "") for person in people]
        day = deps.stage.today(case.occurred_at).isoformat()
        origin = (case.record.get("route") or {}).get("origin") or UNKNOWN
        goods = [illegal_trade.as_listed(line, origin, deps.listing) for line in case.record.get("goods") or ()]
        post = deps.posts[case.post].name if case.post in deps.posts else case.post
        said = {
            "id": case.id,
            "database_id": case.database_id,
            "followups": case.followups,
            "goods": goods,
            "post": post,
        }
        made = illegal_trade.rows_of({**case.record, **said}, day, nationalities)
        found.append((case.occurred_at, case.id, list(made)))
    return [row for _, _, lines in sorted(found, key=lambda each: each[:2]) for row in lines]
