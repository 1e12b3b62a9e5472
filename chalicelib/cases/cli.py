"""Commands `tamga cases`: import and export of cases as a CSV table, for the ministry's wildlife-crime database.

They work on the register itself, with this deployment's configuration, as the person of the token.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.cli.output import (
    AsJson,
    Configured,
    Token,
    out,
    person,
    print_json,
    read_file,
    refusals,
    replace_file,
    usage,
)
from chalicelib.cli.tables import Refusal, Report, finish

if TYPE_CHECKING:
    from chalicelib.verification.services.verify import VerifyDeps


container: Configured[VerifyDeps] = Configured()

app = typer.Typer(no_args_is_help=True, help="Cases: import from and export to the ministry's wildlife-crime database.")

Csv = Annotated[Path, typer.Argument(help="Table of cases: CSV in UTF-8.", dir_okay=False)]

People = Annotated[bool, typer.Option("--people", help="Include the persons; needs the role enforcement.")]


@app.command()
def take(file: Csv, token: Token = "", report: Report = None, as_json: AsJson = False) -> None:
    """Import cases from a CSV table. A refused row stops no other. The same file again changes nothing."""
    from chalicelib.cases.services import wildlife_database

    data, deps = read_file(file, "FILE"), container()
    who = person(deps, token)
    with refusals():
        told = wildlife_database.import_cases(data, who, deps)
    refused = [Refusal(each.row, each.ref, each.column, "", each.code, each.detail) for each in told.refused]
    counts = {
        "stored": told.stored,
        "linked": told.linked,
        "updated": told.updated,
        "unchanged": told.unchanged,
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    if not as_json:
        for each in told.noted:
            out.print(escape(f"row {each.row}: {each.column}: {each.detail}"), soft_wrap=True)
    noted = [asdict(each) for each in told.noted]
    finish(sum(counts.values()), refused, report, as_json, said, **counts, noted=noted)


@app.command()
def save(file: Csv, token: Token = "", people: People = False, as_json: AsJson = False) -> None:
    """Export every case to a CSV table, the newest first. An existing file is replaced."""
    from chalicelib.cases.services import wildlife_database

    deps = container()
    who = person(deps, token)
    parts: list[str] = []
    cursor: str | None = None
    while True:
        with refusals():
            text, cursor = wildlife_database.export_page(who, deps, people=people, cursor=cursor)
        parts.append(text if not parts else text.partition("\n")[2])
        if cursor is None:
            break
    try:
        replace_file(file, "".join(parts).encode("utf-8-sig"))
    except OSError as error:
        raise usage(f"FILE: {file}: {error.strerror}") from None
    if as_json:
        print_json({"file": str(file)})
    else:
        out.print(escape(f"Written: {file}"))
