"""`tamga trust take`: another Party's list, out of what it publishes, for our bundle; by two people as our own is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.commands import proposing
from chalicelib.commands.shared import AsJson, Configured, Token, new_file, out, person, print_json, read_file, refusals
from chalicelib.core.trust_changes import changes
from chalicelib.core.trust_list import signed_list

if TYPE_CHECKING:
    from chalicelib.services.hold_trust import TrustDeps

office: Configured[TrustDeps] = Configured()


def take(
    country: Annotated[str, typer.Argument(help="The Party, two letters, pinned in TAMGA_PINS.")],
    file: Annotated[Path, typer.Argument(help="What it publishes under /trust-list.", dir_okay=False)],
    out_file: Annotated[Path, typer.Option("--out", help="Its signed list, for the second person.", dir_okay=False)],
    token: Token = "",
    as_json: AsJson = False,
) -> None:
    """Person A: propose another Party's list for our bundle. Person B: `trust show`, then `trust import` with --out."""
    from chalicelib.services import publish_trust

    where = office()
    actor, data, now = person(where, token), read_file(file, "FILE"), where.clock()
    with new_file(out_file, "--out") as keep, refusals():
        signed, wanted = signed_list(data, country, where.pins)
        held = publish_trust.in_force(country, static=where.static, pins=where.pins)
        old = held[1] if held else None
        publish_trust.check_next(wanted, old, pins=where.pins, now=now)
        publish_trust.check_apart(wanted, static=where.static, pins=where.pins)
        proposal = publish_trust.propose(
            wanted, actor, register=where.register, new_id=where.new_id, now=now, why=f"trust take: {country}"
        )
        keep(signed)
    found = changes(old, wanted)
    if as_json:
        print_json({"proposal": proposal, "file": str(out_file), "changes": proposing.changes_json(found)})
        return
    proposing.show_changes(found)
    out.print(
        f"Proposal [bold]{proposal}[/bold]. A second person: tamga trust show {proposal}, "
        f"then tamga trust import {proposal} {escape(str(out_file))}",
        soft_wrap=True,
    )
