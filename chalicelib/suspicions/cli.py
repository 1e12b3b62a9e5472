"""Commands `tamga patterns`: look for suspicious patterns now, and list unanswered flags about permits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape
from rich.table import Table

from chalicelib.cli.output import AsJson, Configured, out, print_json, refusals
from chalicelib.kernel.text import count_of

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


container: Configured[SpeciesDeps] = Configured()

app = typer.Typer(no_args_is_help=True, help="Suspicious patterns: look for them now, list the unanswered flags.")


@app.command()
def look(as_json: AsJson = False) -> None:
    """Look for suspicious patterns in the permits of a year now and store new flags, as the sweep does each hour."""
    from chalicelib.suspicions.services import pattern_search

    deps = container()
    with refusals():
        made = pattern_search.find_patterns(deps, at_once=True)
    read, found, complete = (made.read, made.found, made.complete) if made else (0, 0, False)
    if as_json:
        print_json({"read": read, "found": found, "complete": complete})
        return
    out.print(f"{count_of(read, 'permit')} read, {count_of(found, 'new flag')}.")
    if not complete:
        out.print(
            "Not all permits were read: another run is under way, or a limit of ADR 0030 was reached. Repeat it later."
        )


@app.command("list")
def listed(as_json: AsJson = False) -> None:
    """List the newest unanswered flags, with reason and deadline.

    A flag about staff is listed only if no auditor answered it in time. Auditors see the others on the desk's page.
    """
    from chalicelib.kernel.days import to_text
    from chalicelib.kernel.roles import Actor
    from chalicelib.suspicions import mail as suspicions_mail
    from chalicelib.suspicions.services import flags

    deps = container()
    reader = Actor("cli", "command line", frozenset({"enforcement"}))
    with refusals():
        held, _ = flags.listed(reader, deps, state="open")
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "rule": each.flag.rule,
            "severity": each.rule.severity,
            "due_at": to_text(each.due_at),
            "overdue": each.overdue(deps.now),
            "permits": [number for _, number in each.flag.permits],
            "why": suspicions_mail.why(each.flag, each.people, "en", deps.stage),
        }
        for each in held
    ]
    if as_json:
        print_json({"items": rows})
        return
    table = Table("rule", "severity", "answer by (UTC)", "reason")
    for row in rows:
        late = " OVERDUE" if row["overdue"] else ""
        table.add_row(row["rule"], row["severity"], f"{row['due_at']}{late}", escape(row["why"]))
    out.print(table if rows else "No flag waits for an answer.")
