"""`tamga quotas`: list the year's figures and what is taken, set one, confirm one, import a table, count again.

Works on the register itself, with this deployment's configuration, as the person whose token is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from chalicelib.cli import tables
from chalicelib.cli.output import (
    DONE,
    REFUSED,
    AsJson,
    Configured,
    Token,
    out,
    person,
    print_json,
    progress,
    refusals,
    usage,
)
from chalicelib.cli.tables import Refusal, ReportBeside, finish
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.text import count_of
from chalicelib.quotas.model import Quota, amount_words

if TYPE_CHECKING:
    from chalicelib.quotas.services.count import QuotaRow
    from chalicelib.quotas.services.figures import Proposal
    from chalicelib.species.services.list_in_use import SpeciesDeps


container: Configured[SpeciesDeps] = Configured()

app = typer.Typer(
    no_args_is_help=True, help="Annual quotas: list and set the figures, confirm a higher figure, count again."
)

Year = Annotated[int, typer.Option(help="Calendar year, YYYY; 0 is the present year.")]

Below = Annotated[bool, typer.Option("--below-taken", help="Accept a figure below the amount that is already granted.")]

COLUMNS = ("year", "scientific_name", "terms", "sources", "quantity", "unit", "before", "source", "as_of", "note")

NEEDED = ("year", "scientific_name", "quantity", "source", "as_of")


@app.command("list")
def list_(token: Token, year: Year = 0, as_json: AsJson = False) -> None:
    """List the quotas of a year: figure, granted (used and outstanding), lapsed, left; and figures to confirm."""
    from chalicelib.quotas.services import check_application, figures

    deps = container()
    wanted = year or deps.stage.today(deps.now).year
    with refusals():
        found = check_application.of_year(wanted, person(deps, token), register=deps.register)
        waiting = figures.of_year(wanted, deps.register)
    if as_json:
        print_json([_plain(each) for each in found])
        return
    table = Table("quota", "figure", "granted", "used", "lapsed", "left", "source", box=None)
    for each in found:
        table.add_row(
            _scope(each.quota),
            f"{each.quota.quantity} {each.quota.unit or ''}".strip(),
            spelled(each.taken.granted),
            spelled(each.taken.used),
            spelled(each.taken.lapsed),
            spelled(each.left),
            escape(f"{each.quota.source} ({each.quota.as_of}), {each.set_by_name}"),
        )
    out.print(table if found else f"No quota of {wanted} is on record.")
    for proposal in waiting:
        out.print(escape(_waits(proposal)), soft_wrap=True)


@app.command("set")
def set_(
    scientific_name: Annotated[
        str, typer.Argument(help="Scientific name of a taxon in the species list, or of a family, order or class.")
    ],
    token: Token,
    quantity: Annotated[str, typer.Option(help="Figure, such as 40 or 12.5; 0 allows no export.")],
    source: Annotated[str, typer.Option(help="Who set the figure, and in which document.")],
    as_of: Annotated[str, typer.Option(help="Date of that document, YYYY-MM-DD.")],
    year: Year = 0,
    terms: Annotated[str, typer.Option(help="Terms by code, such as LIV,TRO. Without it: any term.")] = "",
    sources: Annotated[str, typer.Option(help="Sources by code, such as W,R. Without it: any source.")] = "",
    unit: Annotated[str, typer.Option(help="Unit by code, such as KGM. Without it: number of specimens.")] = "",
    before: Annotated[
        str, typer.Option(help="Quantity of this year exported or granted outside this count, for example on paper.")
    ] = "0",
    note: Annotated[str, typer.Option(help="Note, stored with the figure.")] = "",
    reason: Annotated[str, typer.Option(help="Reason; required if the figure changes or is above last year's.")] = "",
    below_taken: Below = False,
    as_json: AsJson = False,
) -> None:
    """Enter or change the figure of a year and scope (taxon, terms, sources). Needs the role of an admin.

    A figure higher than the one before (last year's for a new year) is a proposal. Another admin confirms it
    (`tamga quotas confirm`).
    """
    from chalicelib.quotas.services.figures import set_quota

    deps = container()
    wanted = Quota(
        year or deps.stage.today(deps.now).year,
        scientific_name,
        _codes(terms),
        _codes(sources),
        quantity,
        unit or None,
        source,
        as_of,
        before,
        note,
    )
    with refusals():
        made = set_quota(wanted, reason, person(deps, token), deps, below_taken=below_taken)
    if as_json:
        standing = _plain(made.held) if made.held else {}
        print_json({**standing, "changed": made.changed, "proposal": _proposed(made.proposal)})
    elif made.proposal:
        out.print(escape(_waits(made.proposal)), soft_wrap=True)
    elif made.held:
        words = _standing(made.held)
        out.print(escape(words if made.changed else f"{words} (was set before; nothing changed)"), soft_wrap=True)


@app.command()
def confirm(
    quota: Annotated[str, typer.Argument(help="Id of the quota, such as 2026-falco-cherrug-liv-w.")],
    token: Token,
    version: Annotated[int, typer.Option(help="Version of the proposal, as `set` and `list` print it.")],
    as_json: AsJson = False,
) -> None:
    """Confirm the higher figure that another admin proposed."""
    from chalicelib.quotas.services.figures import confirm as second

    deps = container()
    with refusals():
        held = second(quota, version, person(deps, token), deps)
    if as_json:
        print_json({**_plain(held), "changed": True})
    else:
        out.print(escape(_standing(held)), soft_wrap=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The table: .csv or .xlsx.", dir_okay=False)],
    token: Token,
    reason: Annotated[str, typer.Option(help="Reason; required if a figure changes or is above last year's.")] = "",
    below_taken: Below = False,
    report: ReportBeside = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and set nothing.")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Set nothing if a row is refused.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set every figure of a table. The report lists refused rows by row and column.

    Columns: year, scientific_name, terms, sources, quantity, unit, before, source, as_of, note. Rows set before change
    nothing. A figure higher than the one before (last year's for a new year) waits for another admin.

    Exit code: 0 all set, 1 some refused, 2 wrong use, 3 no answer.
    """
    from chalicelib.quotas import model as quotas
    from chalicelib.quotas.services.figures import set_quota

    try:
        rows = tables.read(file, COLUMNS, NEEDED)
    except tables.Unreadable as error:
        raise usage(str(error)) from None
    deps = container()
    actor = person(deps, token)
    with refusals():
        actor.require("set_quota")
    sound: list[tuple[tables.SheetRow, Quota]] = []
    refused: list[Refusal] = []
    seen: dict[str, int] = {}
    for row in rows:
        try:
            quota = quotas.checked(_quota(row), deps.listing)
        except Invalid as error:
            refused += _refused(row, error)
            continue
        if quota.id in seen:
            words = f"Row {seen[quota.id]} has the same year, taxon, terms and sources; keep one of the two."
            refused.append(Refusal(row.number, "", "scientific_name", quota.taxon, "twice", words))
            continue
        seen[quota.id] = row.number
        sound.append((row, quota))
    done = changed = proposed = 0
    if not dry_run and not (all_or_nothing and refused):
        with progress() as bar, refusals():
            for row, quota in bar.track(sound, description="setting"):
                try:
                    made = set_quota(quota, reason, actor, deps, below_taken=below_taken)
                except Invalid as error:
                    refused += _refused(row, error)
                    continue
                done += 1
                if made.changed:
                    changed += 1
                if made.proposal is not None:
                    proposed += 1
    told = report or file.with_name(file.name + ".report.csv")
    said = (
        f"{len(sound)} ready to set (nothing written)"
        if dry_run
        else f"{changed} set, {done - changed - proposed} unchanged"
        + (f", {proposed} wait for another admin" if proposed else "")
    )
    finish(
        done,
        sorted(refused, key=lambda each: each.row),
        told if refused else report,
        as_json,
        said,
        set=changed,
        proposed=proposed,
    )


@app.command()
def recount(year: Year = 0, as_json: AsJson = False) -> None:
    """Count each quota again from all permits of the register and compare. Changes nothing.

    Exit code: 0 all agree, 1 a quota differs.
    """
    from chalicelib.quotas.services.recount import recount as again

    deps = container()
    wanted = year or deps.stage.today(deps.now).year
    with refusals():
        found = again(wanted, register=deps.register)
    wrong = [each for each in found if not each.agrees]
    if as_json:
        rows = [
            {
                "id": each.quota,
                "permits": each.permits,
                "agrees": each.agrees,
                "counted": _share(each.counted),
                "found": _share(each.found),
            }
            for each in found
        ]
        print_json({"year": wanted, "quotas": rows})
    else:
        for each in wrong:
            words = (
                f"{each.quota}: the stored count is {_words(each.counted)}; the permits add up to {_words(each.found)}"
            )
            out.print(escape(words), soft_wrap=True)
        out.print(f"{count_of(len(found), 'quota')} of {wanted}: " + (f"{len(wrong)} differ" if wrong else "all agree"))
    raise typer.Exit(REFUSED if wrong else DONE)


def _quota(row: tables.SheetRow) -> Quota:
    """Read a quota from a row of the table. Raises `Invalid` naming every cell that its column cannot take."""
    from chalicelib.kernel.errors import FieldError

    faults = [
        FieldError(name, cell.kind, "The cell has a formula or an error: type the value itself.")
        for name, cell in row.cells.items()
        if cell.kind in {tables.CellKind.FORMULA, tables.CellKind.ERROR}
    ]
    text = {name: cell.text for name, cell in row.cells.items()}
    faults += [FieldError(name, "required", "The cell is empty: fill it in.") for name in NEEDED if name not in text]
    if not text.get("year", "0").isdecimal():
        faults.append(FieldError("year", "year", "Give the year in four digits, such as 2026."))
    if faults:
        raise Invalid(*faults)
    return Quota(
        int(text["year"]),
        text["scientific_name"],
        _codes(text.get("terms", "")),
        _codes(text.get("sources", "")),
        text["quantity"],
        text.get("unit") or None,
        text["source"],
        text["as_of"],
        text.get("before", "0"),
        text.get("note", ""),
    )


def _refused(row: tables.SheetRow, error: Invalid) -> Iterator[Refusal]:
    for each in error.errors:
        value = row.cells[each.field].text if each.field in row.cells else ""
        yield Refusal(row.number, "", each.field, value, each.code, each.detail)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in text.upper().replace(";", " ").replace(",", " ").split())


def _scope(quota: Quota) -> str:
    return f"{quota.year} {quota.taxon} {'/'.join(quota.terms) or 'any'} {'/'.join(quota.sources) or 'any'}"


def _standing(held: QuotaRow) -> str:
    return f"{_scope(held.quota)}: {amount_words(held.quota.quantity, held.quota.unit)}, {spelled(held.left)} left"


def _waits(proposal: Proposal) -> str:
    return (
        f"{_scope(proposal.quota)}: {amount_words(proposal.quota.quantity, proposal.quota.unit)} proposed by "
        f"{proposal.by_name}; the figure before is {proposal.was}. Another admin confirms it: "
        f"tamga quotas confirm {proposal.quota.id} --version {proposal.version}"
    )


def _proposed(proposal: Proposal | None) -> dict[str, object] | None:
    return (
        None
        if proposal is None
        else {
            "id": proposal.quota.id,
            "quantity": proposal.quota.quantity,
            "was": proposal.was,
            "version": proposal.version,
            "by_name": proposal.by_name,
        }
    )


def _share(share: Any) -> dict[str, str]:
    return {name: spelled(getattr(share, name)) for name in ("used", "outstanding", "lapsed")}


def _words(share: Any) -> str:
    return ", ".join(f"{amount} {name}" for name, amount in _share(share).items())


def _plain(held: QuotaRow) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "id": held.quota.id,
        **asdict(held.quota),
        "granted": spelled(held.taken.granted),
        **_share(held.taken),
        "left": spelled(held.left),
        "set_at": held.set_at,
        "set_by_name": held.set_by_name,
    }
