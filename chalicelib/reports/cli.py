"""Commands `tamga reports`: the year's reports as files, with their findings, as the desk shows them.

They work on the register itself, with this deployment's configuration, as the person of the token.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from chalicelib.cli.output import (
    DONE,
    REFUSED,
    AsJson,
    Configured,
    Token,
    out,
    person,
    print_json,
    refusals,
    replace_file,
    usage,
)
from chalicelib.kernel.text import count_of

if TYPE_CHECKING:
    from chalicelib.kernel.roles import Actor
    from chalicelib.reports.model.annual_checks import Finding
    from chalicelib.reports.model.annual_report import ReportFile
    from chalicelib.reports.services.annual_report import Report, ReportDeps


container: Configured[ReportDeps] = Configured()

app = typer.Typer(
    no_args_is_help=True, help="Reports of a year: annual trade, illegal trade, permits compared with exports."
)


class Kind(StrEnum):
    export = "export"
    import_ = "import"


class Basis(StrEnum):
    actual = "actual"
    issued = "issued"


Year = Annotated[int, typer.Argument(help="Calendar year, YYYY.", min=1975, max=2199)]

To = Annotated[
    Path | None,
    typer.Option("--to", help="File for the report, .csv. Without it: check only, write nothing.", dir_okay=False),
]

SHOWN = 50  # findings on a screen; --json has all


@app.command("annual-trade")
def annual_trade(
    year: Year,
    token: Token,
    kind: Annotated[Kind, typer.Option(help="Which of the two files to check.")] = Kind.export,
    basis: Annotated[Basis, typer.Option(help="Basis of the figures: actual trade, or permits issued.")] = Basis.actual,
    to: To = None,
    as_json: AsJson = False,
) -> None:
    """Check the upload file for the CITES Trade Database by UNEP-WCMC's validation rules; --to writes the file.

    Exit code: 0 ready to send, 1 a draft (errors, or a year that is not over), 2 wrong use, 3 no answer.
    """
    from chalicelib.reports.model.annual_report import ReportFile, csv_text
    from chalicelib.reports.services.annual_report import FIRST_ROW

    deps = container()
    actor = person(deps, token)
    with refusals():
        pages = _pages(ReportFile(year, str(kind), str(basis)), deps, actor)
    text = "".join(csv_text(page.lines, kind, header=page.first == FIRST_ROW) for page in pages)
    findings = [finding for page in pages for finding in page.findings]
    why = sorted({reason for page in pages for reason in page.why})
    rows = sum(len(page.lines) for page in pages)
    left_out = dict(sum((Counter(page.left_out) for page in pages), Counter[str]()))
    if to is not None:
        _write(to, text.encode())
    if as_json:
        print_json(
            {
                "year": year,
                "kind": str(kind),
                "basis": str(basis),
                "rows": rows,
                "draft": why,
                "left_out": left_out,
                "findings": [asdict(each) for each in findings],
            }
        )
    else:
        _told(rows, why, findings)
    raise typer.Exit(REFUSED if why else DONE)


def _pages(file: ReportFile, deps: ReportDeps, actor: Actor) -> list[Report]:
    from chalicelib.reports.services.annual_report import START, report

    cursor: str | None = START
    found = []
    while cursor:
        made = report(file, actor, deps, cursor=cursor)
        found.append(made)
        cursor = made.cursor
    return found


def _told(rows: int, why: Sequence[str], findings: list[Finding]) -> None:
    table = Table("row", "field", "rule", "level", "finding", box=None)
    for each in findings[:SHOWN]:
        table.add_row(str(each.row), each.field, str(each.rule), each.level, escape(each.detail))
    if findings:
        out.print(table)
    if len(findings) > SHOWN:
        out.print(f"and {len(findings) - SHOWN} more findings; --json prints them all")
    words = f"a draft, not to be sent yet ({', '.join(why)})" if why else "ready to send"
    out.print(f"{count_of(rows, 'row')}, {count_of(len(findings), 'finding')}: {words}", soft_wrap=True)


@app.command("illegal-trade")
def illegal_trade(
    year: Year,
    token: Token,
    to: Annotated[Path, typer.Option("--to", help="File for the report, .xlsx.", dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Write the annual illegal trade report, without names of persons, and count the empty required cells."""
    from chalicelib.reports.model import illegal_trade as the_illegal_trade
    from chalicelib.reports.services import illegal_trade as reports_illegal_trade

    deps = container()
    actor = person(deps, token)
    with refusals():
        rows = reports_illegal_trade.rows(year, actor, deps)
    missing = list(the_illegal_trade.lacking(rows, deps.listing))
    _write(to, deps.workbook({"Illegal trade": [the_illegal_trade.COLUMNS, *rows]}))
    if as_json:
        print_json(
            {"year": year, "rows": len(rows), "missing": [{"row": row, "column": name} for row, name in missing]}
        )
        return
    out.print(
        f"{count_of(len(rows), 'row')} in {to}; {count_of(len(missing), 'required cell')} empty (--json lists them)",
        markup=False,
        soft_wrap=True,
    )


@app.command()
def reconciliation(year: Year, token: Token, as_json: AsJson = False) -> None:
    """Count the year's permits for goods that leave, by what became of them. --json lists each permit."""
    from chalicelib.reports.model.reconciliation import OUTCOMES
    from chalicelib.reports.services.reconciliation import Reconciled, reconcile

    deps = container()
    actor = person(deps, token)
    found: list[Reconciled] = []
    cursor: str | None = ""
    with refusals():
        while cursor is not None:
            more, cursor = reconcile(year, actor, deps, cursor=cursor)
            found += more
    if as_json:
        print_json(
            [
                {
                    "id": each.dossier.id,
                    "number": each.dossier.number,
                    "outcome": each.outcome,
                    "post": each.post,
                    "month": each.month,
                    "lines": list(each.lines),
                }
                for each in found
            ]
        )
        return
    counted = Counter(each.outcome for each in found)
    table = Table("outcome", "permits", box=None)
    for name in OUTCOMES:
        table.add_row(name, str(counted[name]))
    out.print(table)


def _write(path: Path, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as error:
        raise usage(f"--to: {path}: {error.strerror}") from None
