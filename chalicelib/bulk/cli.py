"""`tamga bulk`: many permits from a table, step by step, each step by the person with the role for it.

    template -> prepare (A) -> find (the role of the finding) -> approve (B) -> issue -> print

Every step calls the service with the token of the person who runs it. The service checks rules, findings, digests and
two people. The commands can do no more than the desk does permit by permit.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as ScreenTable

from chalicelib.applications import table_columns
from chalicelib.applications.table_columns import BULK, Group
from chalicelib.bulk import batch, steps
from chalicelib.bulk.batch import BatchFile, Item, address, each_of, missing_findings, of_whom, reported
from chalicelib.cli import tables
from chalicelib.cli.output import REFUSED, AsJson, Token, out, stop, usage
from chalicelib.cli.service_client import Answer, Server, ServiceClient, refusals_of
from chalicelib.cli.tables import Refusal, ReportBeside, finish
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import State

app = typer.Typer(
    no_args_is_help=True,
    help="Apply for, approve, issue and print many permits from a CSV or XLSX table, step by step.",
)

File = Annotated[Path, typer.Argument(help="The table: .csv or .xlsx.", dir_okay=False)]

COMMA = "Read a comma as the decimal sign: 12,5 is 12.5."

EXAMPLE = "EXAMPLE"  # ref of the template's example row, which is never sent

SAMPLE = {
    "ref": EXAMPLE,
    "valid_until": "2027-03-31",
    "exporter_name": "Falcon Centre LLC",
    "exporter_address": "1 Chuy Avenue, Bishkek",
    "exporter_country": "KG",
    "importer_name": "Abu Dhabi Falcons",
    "importer_address": "PO Box 1, Abu Dhabi",
    "importer_country": "AE",
    "purpose": "B",
    "form": "paper",
    "scientific_name": "Falco cherrug",
    "common_name": "Saker falcon",
    "description": "live bird, female",
    "marks": "ring KG-0117",
    "source": "C",
    "term": "LIV",
    "quantity": "1",
}

SAMPLE_OF = {
    "I": {"exporter_country": "KZ", "importer_country": "KG", "origin_country": "KZ"},
    "R": {"origin_country": "KZ", "origin_permit": "KZ-17", "origin_date": "2026-05-02"},
}

ONLY_OF = {"last_reexport_": {"R"}, "import_permit_": {"E", "R"}}


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a run prints beside its refusals. `warnings`: remarks of the service, which refuse nothing."""

    findings: dict[str, None] = field(default_factory=dict)
    warnings: list[Refusal] = field(default_factory=list)


@app.command()
def template(
    kind: Annotated[str, typer.Option(help=f"Kind of document: {', '.join(KINDS)}.")] = "E",
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what each column means instead of the table.")
    ] = False,
) -> None:
    """Print an empty table as CSV, with the columns of a kind of document and an example row that is never sent."""
    if kind not in KINDS:
        raise usage(f"--kind: give one of {', '.join(KINDS)}")
    names = [c for c in BULK.columns if all(kind in kinds or not c.name.startswith(p) for p, kinds in ONLY_OF.items())]
    if explain:
        table = ScreenTable("column", "belongs to", "meaning", box=None)
        for column in names:
            table.add_row(column.name, "line" if column.line else "permit", column.words)
        out.print(table)
        return
    sample = {**SAMPLE, "document_type": kind, **SAMPLE_OF.get(kind, {})}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in names])
    writer.writerow([sample.get(column.name, "") for column in names])
    typer.echo(text.getvalue(), nl=False)


@app.command()
def prepare(
    file: File,
    server: Server,
    token: Token,
    report: ReportBeside = None,
    decimal_comma: Annotated[bool, typer.Option("--decimal-comma", help=COMMA)] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and create nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Create and submit an application for each `ref` of the table.

    Run it again after an interruption or a correction; nothing is created twice. A permit with a refused row is not
    created.

    Exit code: 0 all prepared, 1 some refused, 2 wrong use, 3 no answer.
    """
    try:
        rows = tables.read(file, BULK.names, ("ref", "document_type", "scientific_name", "quantity"))
    except tables.Unreadable as error:
        raise usage(str(error)) from None
    desk = ServiceClient(server, token)
    path = batch.batch_path(file)
    held = batch.load(path, desk.server) or BatchFile(path, desk.server, file.name)
    wanted = [group for group in table_columns.groups(rows, BULK, decimal_comma=decimal_comma) if group.ref != EXAMPLE]
    refused: list[Refusal] = []
    noticed = Noticed()
    done = there = 0
    where = report or file.with_name(file.name + ".report.csv")
    with reported(refused, where):
        for group in each_of(wanted, "preparing"):
            before = held.items.get(group.ref)
            found = _prepare(group, desk, held, dry_run, noticed)
            refused += found
            done += not found
            there += not found and before is not None and before.state != State.DRAFT
    said = f"{done - there} ready to prepare (nothing created)" if dry_run else f"{done - there} prepared"
    if there:
        said += f", {there} prepared before"
    if not as_json:
        for each in noticed.warnings:
            out.print(f"warning, row {each.row} ({each.ref}), {each.column}: {each.reason}", soft_wrap=True)
        if noticed.findings:
            out.print(f"findings needed before approval: {of_whom(noticed.findings)}", soft_wrap=True)
    more = {
        "batch": None if dry_run else str(path), "permits": len(wanted),
        "findings_needed": list(noticed.findings), "warnings": [asdict(each) for each in noticed.warnings],
    }  # fmt: skip
    finish(done, refused, where, as_json, said, **more)


def _prepare(group: Group, desk: ServiceClient, held: BatchFile, dry_run: bool, noticed: Noticed) -> list[Refusal]:
    """Create and submit the application of one ref. Returns its refusals, and adds warnings and missing findings.

    1 errors in the rows   2 what was created for this ref before   3 the rules   4 create   5 submit
    """
    fields = {name: value for name, value in group.fields.items() if name != "ref"}
    if group.refusals:  # 1: the same run also reports what the rules refuse
        return [*group.refusals, *table_columns.other_refusals(group, BULK, _checked(desk, fields)[0])]
    if len(group.ref) > 100 or not group.ref.isprintable():
        return table_columns.refusals_of(group, BULK, [("ref", "ref", "At most 100 printable characters.")])
    content = batch.content_of(fields)
    item = held.items.get(group.ref)
    if item is not None and item.content != content:  # 2
        words = f"This ref exists with other content, as {item.id}: change that on the desk, or give a new ref."
        return table_columns.refusals_of(group, BULK, [("ref", "changed", words)])
    if item is None:
        refused, warned = _checked(desk, fields)  # 3
        noticed.warnings.extend(table_columns.refusals_of(group, BULK, warned))
        if refused:
            return table_columns.refusals_of(group, BULK, refused)
        if dry_run:
            return []
        key = sha256(f"{group.ref}\n{content}".encode()).hexdigest()
        answer = desk.post("/v1/permits", fields, Idempotency_Key=f"bulk {key}")  # 4
        if not answer.good:
            return _of_group(group, answer)
        made = answer.json
        item = Item(group.ref, tuple(row.number for row in group.rows), content, made["id"], made["state"])
        held.store(item)
    if item.state != State.DRAFT or dry_run:
        return []
    answer = desk.post(address(item, "submit"))  # 5
    if not answer.good:
        return _of_group(group, answer)
    held.update(item, state=answer.json["state"])
    noticed.findings.update(dict.fromkeys(missing_findings(answer.json)))
    return []


def _checked(
    desk: ServiceClient, fields: Mapping[str, Any]
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Ask the service what a submission of these fields would refuse today, and what it would warn of.

    Both as field, code and words. Values that a warning offers stand after its words.
    """
    answer = desk.post("/v1/permits/check", fields)
    if not answer.good:
        return _faults(answer), []
    warnings = [
        (
            str(each["field"]),
            str(each["code"]),
            " ".join([each["words"], *(f"[{o['value']}]" for o in each["options"])]),
        )
        for each in answer.json["warnings"]
    ]
    return refusals_of(answer.json["errors"]), warnings


def _of_group(group: Group, answer: Answer) -> list[Refusal]:
    return table_columns.refusals_of(group, BULK, _faults(answer))


def _faults(answer: Answer) -> list[tuple[str, str, str]]:
    """Refusals of the service. 403 ends the run (exit 1), since the role does not allow the step at all."""
    faults = answer.faults()
    if answer.status == 403:
        raise stop(f"forbidden: {faults[0][2]}", REFUSED)
    return faults


app.command()(steps.find)

app.command()(steps.approve)

app.command()(steps.issue)

app.command("print")(steps.print_)
