"""`tamga restore`: steps of an administrator after the table was restored to an earlier moment.

In this order: check, numbers, status, events, check, then open by two people. docs/OPERATIONS.md, "Restoring",
describes the whole procedure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from chalicelib.cli.output import (
    REFUSED,
    AsJson,
    Configured,
    Token,
    err,
    moment,
    out,
    person,
    print_json,
    refusals,
    same_digest,
    stop,
    usage,
)
from chalicelib.kernel.text import count_of

if TYPE_CHECKING:
    from chalicelib.restore.services.missing_data import RestoreDeps, Restorer
    from chalicelib.restore.services.open_register import Proposal


container: Configured[RestoreDeps] = Configured()

WORDS = {
    "prints_without_permit": "printed, but not in the register",
    "left": "register -> published list: `restore status` does not change this; decide it yourself",
    "lost": "recorded as lost: an online check answers F3",
    "signing": "its signing was interrupted: the sweep will void the number",
    "missing": "still to do before opening",
}

app = typer.Typer(
    no_args_is_help=True, help="After a restore: add what the restored table lacks, and open the register again."
)


def restorer(deps: RestoreDeps) -> Restorer:
    from chalicelib.restore.services.missing_data import Restorer

    return Restorer(deps, on_print=lambda key: err.print(f"reading {key}", style="dim"))


@app.command()
def check(as_json: AsJson = False) -> None:
    """Show why the register is locked, and which known data it lacks. Changes nothing.

    Exit code: 0 nothing is missing or the register is open, 1 something is missing.
    """
    from chalicelib.restore.services.missing_data import find_missing
    from chalicelib.restore.services.open_register import as_json as plain

    with refusals():
        found = find_missing(restorer(container()))
    facts = plain(found)
    if as_json:
        print_json(facts)
    else:
        _show(facts)
    if found.missing:
        raise typer.Exit(REFUSED)


@app.command()
def numbers(token: Token = "", as_json: AsJson = False) -> None:
    """Raise the number counters above every known number, and recover permits from their prints.

    A print whose permit cannot be recovered is recorded as lost.
    """
    from chalicelib.restore.services import replay

    deps = container()
    actor = person(deps, token)
    with refusals():
        _done(replay.numbers(actor, restorer(deps)), as_json)


@app.command()
def status(token: Token = "", as_json: AsJson = False) -> None:
    """Correct permits and status entries from the published status lists. The history records each correction."""
    from chalicelib.restore.services import replay

    deps = container()
    actor = person(deps, token)
    with refusals():
        _done(replay.status(actor, restorer(deps)), as_json)


@app.command()
def events(
    since: Annotated[
        str, typer.Option(help="Time to which the table was restored, UTC, such as 2026-11-25T10:00:00Z.")
    ],
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Ask every device to send all events since a time again, also those that the register confirmed as stored."""
    from chalicelib.restore.services import replay

    deps = container()
    actor = person(deps, token)
    with refusals():
        replay.events(moment(since, "--since"), actor, restorer(deps))
    _done({"resend_since": [since]}, as_json)


@app.command(name="open")
def open_(
    token: Token = "",
    digest: Annotated[
        str, typer.Option(help="First 16 or more hex digits of the digest shown before. Confirms without a question.")
    ] = "",
    anew: Annotated[
        bool, typer.Option("--propose", help="Make a new proposal, which replaces another admin's.")
    ] = False,
    books: Annotated[
        bool,
        typer.Option(
            "--books", help="State that you have the posts' books of the lost hours and enter them right after opening."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Open the register again. The first admin who runs this proposes, and a second admin reads the proposal and
    confirms.

    The service refuses while known data is missing. `--json` without `--digest` only shows the proposal.

    Exit code 1: refused, or the register was not opened (only shown, or not confirmed).
    """
    from chalicelib.restore.services import open_register

    deps = container()
    actor = person(deps, token)
    with refusals():
        its = restorer(deps)
        known = open_register.pending_proposal(its)
        if anew or known is None or known.by == actor.id:
            _show_proposal(open_register.propose(actor, its, books=books), as_json)
            if not as_json:
                err.print("The register is still locked. A second admin runs the same command to open it.")
            return
        known = open_register.review(actor, its)
    if digest and not same_digest(digest, known.digest):
        raise usage(f"--digest: the proposal has the digest {known.digest}; read it again, then give this digest")
    if not digest:
        _show_proposal(known, as_json)
        if as_json:
            raise typer.Exit(REFUSED)
        if not typer.confirm("Open this register?", err=True):
            raise stop("Nothing was done. The register is still locked.", REFUSED)
    with refusals():
        open_register.confirm(known.digest, actor, its, books=books)
    _done({"opened": [its.table.identity()], "proposed_by": [known.by_name]}, as_json)


def _show_proposal(known: Proposal, as_json: bool) -> None:
    """Print the facts of a proposal: what devices send again, what is lost, what people still have to decide."""
    from chalicelib.kernel.days import to_text

    facts = known.facts
    if as_json:
        print_json({"proposed_by": known.by_name, "at": known.at, **facts, "digest": known.digest})
        return
    out.print(f"proposed by {escape(known.by_name)}, {to_text(known.at)}; digest {known.digest}", soft_wrap=True)
    since = facts["resend_since"]
    out.print(f"devices send all events since {to_text(since)} again", soft_wrap=True, markup=False)
    for year, last in facts["counters"].items():
        out.print(f"20{year}: the next number follows serial {last}", markup=False)
    for name in ("lost", "signing", "left"):
        for item in facts[name]:
            out.print(f"{item}: {WORDS[name]}", soft_wrap=True, markup=False)
    _show_unlisted(facts["unlisted"])


def _show_unlisted(unlisted: dict[str, int]) -> None:
    if any(unlisted.values()):
        papers = count_of(unlisted["papers"], "paper from before Tamga", "papers from before Tamga")
        foreign = count_of(unlisted["foreign"], "permit of another Party", "permits of other Parties")
        words = "enter their uses of the lost hours from the posts' books (restore open --books)"
        out.print(f"not in any status list: {papers}, {foreign}; {words}", soft_wrap=True, markup=False)


def _done(what: dict[str, list[str]], as_json: bool) -> None:
    if as_json:
        print_json(what)
        return
    for name, items in what.items():
        out.print(f"{name}: {', '.join(items) or 'none'}", soft_wrap=True, markup=False)


def _show(facts: dict[str, Any]) -> None:
    if not facts["shut"]:
        out.print("The register is open.")
        return
    out.print(f"locked: {facts['shut']}", soft_wrap=True, markup=False)
    table = Table("year", "last serial in the table", "next number follows serial")
    for year, each in facts["serials"].items():
        table.add_row(f"20{year}", str(each["table"]), str(each["known"]))
    out.print(table)
    for each in facts["status_behind"]:
        whose = each["number"] or "no permit"
        out.print(
            f"{each['uri']} entry {each['index']} ({whose}): published list {each['listed']}, register {each['row']}",
            soft_wrap=True,
            markup=False,
        )
    for name, words in WORDS.items():
        for item in facts[name]:
            out.print(f"{item}: {words}", soft_wrap=True, markup=False)
    _show_unlisted(facts["unlisted"])
