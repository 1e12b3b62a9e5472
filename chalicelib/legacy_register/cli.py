"""`tamga legacy`: take over permits issued on paper before Tamga. One person imports them, another one confirms.

    template -> import (A) -> show, confirm or reject (B)

The commands work directly on the register, with the configuration of this deployment, as the person of the token.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table as ScreenTable

from chalicelib.applications import table_columns
from chalicelib.applications.table_columns import LEGACY, Group
from chalicelib.cli import tables
from chalicelib.cli.output import (
    REFUSED,
    AsJson,
    Configured,
    Token,
    goods,
    out,
    parties,
    person,
    print_json,
    progress,
    read_file,
    refusals,
    same_digest,
    stop,
    usage,
)
from chalicelib.cli.tables import Refusal, ReportBeside, finish
from chalicelib.kernel.text import count_of

if TYPE_CHECKING:
    from chalicelib.kernel.roles import Actor
    from chalicelib.legacy_register.model import Paper
    from chalicelib.legacy_register.services.confirm_batch import Review
    from chalicelib.legacy_register.services.import_batch import Batch
    from chalicelib.species.services.list_in_use import SpeciesDeps


container: Configured[SpeciesDeps] = Configured()

app = typer.Typer(
    no_args_is_help=True,
    help="Import permits issued on paper before Tamga into the register; a second person confirms them.",
)

Every = Annotated[bool, typer.Option("--all", help="Show every row, not a sample.")]

BatchId = Annotated[str, typer.Argument(help="Id of the batch, as `import` and `batches` print it.")]

EXAMPLE = "EXAMPLE-1"

SAMPLE = {
    "number": EXAMPLE,
    "issued_on": "2026-03-02",
    "document_type": "E",
    "valid_until": "2026-09-01",
    "exporter_name": "Falcon Centre LLC",
    "exporter_country": "KG",
    "importer_name": "Abu Dhabi Falcons",
    "importer_country": "AE",
    "purpose": "B",
    "scientific_name": "Falco cherrug",
    "source": "C",
    "term": "LIV",
    "quantity": "2",
    "marks": "rings KG-0117, KG-0118",
}


@app.command()
def template(
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what each column means instead of the table.")
    ] = False,
) -> None:
    """Print an empty table as CSV, with an example row that is never imported. Fill it in and give it to `import`."""
    if explain:
        table = ScreenTable("column", "belongs to", "meaning", box=None)
        for column in LEGACY.columns:
            table.add_row(column.name, "line" if column.line else "permit", column.words)
        out.print(table)
        return
    text = io.StringIO(newline="")
    csv.writer(text).writerows([LEGACY.names, [SAMPLE.get(name, "") for name in LEGACY.names]])
    typer.echo(text.getvalue(), nl=False)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The table: .csv or .xlsx.", dir_okay=False)],
    token: Token,
    report: ReportBeside = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Propose nothing if a row is refused.")
    ] = False,
    decimal_comma: Annotated[
        bool, typer.Option("--decimal-comma", help="Read a comma as the decimal sign: 12,5 is 12.5.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and propose nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check every row and propose the good ones as a batch. The permits count after another person confirms the batch.

    Rows imported before change nothing. A row that differs from the register is refused, and the report names the
    difference.

    Exit code: 0 all accepted, 1 some refused, 2 wrong use, 3 no answer.
    """
    from chalicelib.legacy_register.services import import_batch

    needed = ("number", "issued_on", "document_type", "valid_until", "scientific_name", "quantity")
    try:
        rows = tables.read(file, LEGACY.names, needed)
    except tables.Unreadable as error:
        raise usage(str(error)) from None
    deps = container()
    actor = person(deps, token)
    groups = [g for g in table_columns.groups(rows, LEGACY, decimal_comma=decimal_comma) if g.ref != EXAMPLE]
    sound = [(group, _paper(group)) for group in groups if not group.refusals]
    broken = [(group, _paper(group)) for group in groups if group.refusals and group.ref]
    refused = [refusal for group in groups for refusal in group.refusals]
    with refusals(), progress() as bar:
        task = bar.add_task("checking", total=len(sound))
        found = import_batch.examine(
            [paper for _, paper in sound], actor, deps, tell=lambda count: bar.update(task, completed=count)
        )
        others = import_batch.examine([paper for _, paper in broken], actor, deps)
    for index, faults in found.refused.items():
        refused += table_columns.refusals_of(sound[index][0], LEGACY, [(e.field, e.code, e.detail) for e in faults])
    for index, faults in others.refused.items():
        refused += table_columns.other_refusals(broken[index][0], LEGACY, [(e.field, e.code, e.detail) for e in faults])
    refused.sort(key=lambda each: each.row)
    batch = None
    if found.good and not dry_run and not (all_or_nothing and refused):
        with refusals(), progress() as bar:
            task = bar.add_task("proposing", total=len(found.good))
            batch = import_batch.propose(
                [sound[index][1] for index in found.good],
                import_batch.SourceFile(file.name, sha256(read_file(file, "FILE")).hexdigest()),
                actor,
                deps,
                tell=lambda count: bar.update(task, completed=count),
            )
    told = report or file.with_name(file.name + ".report.csv")
    if batch is not None and not as_json:
        out.print(f"batch {batch.id}: {count_of(batch.count, 'permit')}, digest {batch.digest}", soft_wrap=True)
        out.print(f"Next, an approver who is another person runs: tamga legacy confirm {batch.id}", soft_wrap=True)
    done = 0 if all_or_nothing and refused else len(found.good) + len(found.known)
    more: dict[str, Any] = {"batch": asdict(batch) if batch else None, "known": len(found.known)}
    new = (
        f"{len(found.good)} ready to propose (nothing written)"
        if dry_run
        else f"{batch.count if batch else 0} proposed"
    )
    said = f"{new}, {len(found.known)} imported before" if found.known else new
    finish(done, refused, told, as_json, said, **more)


def _paper(group: Group) -> Paper:
    """Convert the rows of a group to a paper for `examine`."""
    from chalicelib.legacy_register.model import Paper
    from chalicelib.record.permit import from_record

    fields = dict(group.fields)
    number, issued_on = str(fields.pop("number")), str(fields.pop("issued_on", ""))
    return Paper(number, issued_on, from_record(fields))


@app.command()
def batches(token: Token, as_json: AsJson = False) -> None:
    """List the newest batches: proposer, confirming person, number of permits."""
    from chalicelib.legacy_register.services import import_batch

    deps = container()
    with refusals():
        found = import_batch.batches(person(deps, token), register=deps.register)
    if as_json:
        print_json([asdict(batch) for batch in found])
        return
    table = ScreenTable("batch", "state", "permits", "file", "proposed by", "confirmed by", box=None)
    table.columns[0].no_wrap = True  # `confirm` needs the whole id
    for column in table.columns[3:]:
        column.overflow = "fold"
    for batch in found:
        table.add_row(
            batch.id,
            batch.state,
            str(batch.count),
            escape(batch.file),
            escape(batch.by_name),
            escape(batch.confirmed_by_name or ""),
        )
    out.print(table)


@app.command()
def show(
    batch: BatchId,
    token: Token,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Show a batch: count, digest, every row that stands out or resembles another paper, and a random sample."""
    deps = container()
    _show(_review(deps, batch, person(deps, token), every), as_json)


@app.command()
def confirm(
    batch: BatchId,
    token: Token,
    digest: Annotated[
        str, typer.Option(help="First 16 or more hex digits of the digest from `show`. Confirms without a question.")
    ] = "",
    similar: Annotated[
        int, typer.Option(help="With --digest: number of rows that resemble other papers, as `show` prints it.")
    ] = 0,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Show a batch and confirm it, so that its permits count. Needs an approver who did not propose it.

    Run it again if it was interrupted.
    """
    from chalicelib.legacy_register.services import confirm_batch, import_batch

    deps = container()
    actor = person(deps, token)
    with refusals():
        actor.require("confirm_legacy")
        held = import_batch.load(batch, register=deps.register)
    if digest and not same_digest(digest, held.digest):
        raise usage(f"--digest: the batch has the digest {held.digest}; read it (`legacy show`), then give this digest")
    if held.state == import_batch.BatchState.CONFIRMED:
        at = deps.stage.today(held.confirmed_at or 0).isoformat()
        good = held.count - len(held.refused)
        counting = count_of(good, "permit counts", "permits count")
        said = f"Confirmed before, by {held.confirmed_by_name} on {at}: {counting}"
        finish(good, _refused(held), None, as_json, said, batch=asdict(held))
    if not digest:
        shown = _review(deps, batch, actor, every)
        held, similar = shown.batch, shown.similar
        _show(shown, as_json)
        if as_json:
            raise typer.Exit(REFUSED)
        alike = count_of(similar, "row resembles", "rows resemble")
        if similar and not typer.confirm(f"{alike} another paper. Is each one a different paper?", err=True):
            raise stop("Nothing was done.", REFUSED)
        if not typer.confirm(f"Confirm {count_of(held.count, 'permit')}, so that they count?", err=True):
            raise stop("Nothing was done.", REFUSED)
    with refusals(), progress() as bar:
        task = bar.add_task("confirming", total=held.count)
        read = confirm_batch.ReadBatch(batch, held.digest, similar)
        after = container()  # at the time after the questions
        done = confirm_batch.confirm(read, actor, after, tell=lambda count: bar.update(task, completed=count))
    refused = _refused(done)
    good = done.count - len(refused)
    finish(good, refused, None, as_json, f"{count_of(good, 'permit')} confirmed", batch=asdict(done))


def _refused(done: Batch) -> list[Refusal]:
    return [
        Refusal(int(each["row"]), str(each["number"]), "", "", "refused", str(each["reason"])) for each in done.refused
    ]


@app.command()
def reject(
    batch: BatchId,
    token: Token,
    reason: Annotated[str, typer.Option(help="Reason, stored with the batch.")],
    as_json: AsJson = False,
) -> None:
    """Reject a batch, or take back a batch of your own. Its permits never count."""
    from chalicelib.legacy_register.services import confirm_batch

    deps = container()
    with refusals():
        done = confirm_batch.reject(batch, reason, person(deps, token), deps)
    if as_json:
        print_json(asdict(done))
    else:
        out.print(f"batch {done.id} is {done.state}")


def _review(deps: SpeciesDeps, batch: str, actor: Actor, every: bool) -> Review:
    from chalicelib.legacy_register.services import confirm_batch

    with refusals():
        return confirm_batch.review(batch, actor, deps, whole=every)


def _show(shown: Review, as_json: bool) -> None:
    held = shown.batch
    if as_json:
        sample = [{"row": each.row, "why": each.why, "like": each.like, **each.data} for each in shown.rows]
        print_json({**asdict(held), "similar": shown.similar, "sample": sample})
        return
    out.print(
        f"batch {held.id}, {held.state}: {count_of(held.count, 'permit')} from {escape(held.file)}", soft_wrap=True
    )
    out.print(f"proposed by {escape(held.by_name)}; digest {held.digest}", soft_wrap=True)
    out.print(f"shown below: {len(shown.rows)} of {held.count}; --all shows every permit", soft_wrap=True)
    for each in shown.rows:  # lines, no table: a narrow screen would cut off the marks
        record = each.data["record"]
        lines = (
            f"permit {each.row} ({', '.join(each.why)}): {each.data['number']}, {record['document_type']}, "
            f"issued {each.data['issued_on']}, valid until {record['valid_until']}",
            f"  {parties(record)}",
            *(f"  {goods(line)}" for line in record["lines"]),
        )
        out.print(escape("\n".join(lines)), soft_wrap=True)
    for each in shown.rows:
        if each.like:
            words = f"permit {each.row}, {each.data['number']}, resembles {', '.join(each.like)}"
            out.print(escape(words), soft_wrap=True, style="bold")
