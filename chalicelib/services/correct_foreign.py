"""What was typed wrongly off another Party's paper, put right in its place; its history keeps what stood there and why.

Only while no endorsement stands: what an endorsement rests on is not changed beneath it. A second person takes it back
(withdraw_foreign.py), then the paper is corrected, and endorsed anew. That it was taken back stays with the number that
it was made under (U7); a paper that bears another one has it in its history. Enquiries and answers stay, and so does
what they said of the number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core import foreign_paper as core
from chalicelib.core.errors import EditedMeanwhile, NoMatch, Unavailable, WrongState
from chalicelib.core.foreign_number import counted_as
from chalicelib.core.foreign_paper import ForeignPaper
from chalicelib.core.listing import Listing
from chalicelib.core.permit import Application, to_record
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import alerts, foreign_papers, import_permits, store
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.foreign_numbers import number_of
from chalicelib.services.verify_permit import Checker


@dataclass(frozen=True, slots=True)
class Correction:
    """The whole content as it stands on the paper, in place of what was read at `version`."""

    version: int
    reason: str
    direction: str
    issuer: str
    number: str
    permit: Application
    issued_on: str | None
    sealed: bool
    note: str


def correct(
    paper_id: str, asked: Correction, actor: Actor, *, register: PermitRegister, checker: Checker, listing: Listing,
    now: int,
) -> ForeignPaper:  # fmt: skip
    """The corrected paper; the same content again is a success and changes nothing. The duty desks hear of a number
    that was used before, of an import permit that does not hold, and of what is looked for.

    Raises `Invalid`, `Forbidden`, `NoMatch`, `EditedMeanwhile` with the `version` by now, `WrongState` where an
    endorsement stands.
    """
    actor.need("record_foreign")
    checked_reason(asked.reason)
    number = core.checked(
        asked.issuer, asked.number, asked.issued_on, asked.note, asked.permit, ours=checker.stage.issuer
    )
    content = {
        "direction": asked.direction, "issuer": asked.issuer, "number": number, "record": to_record(asked.permit),
        "issued_on": asked.issued_on, "sealed": asked.sealed, "note": asked.note,
    }  # fmt: skip
    for _ in range(store.TRIES):
        paper = foreign_papers.load(paper_id, register)
        if not foreign_papers.sees(actor, paper.post):
            raise NoMatch("No such record of a foreign permit.")
        if all(getattr(paper, name) == value for name, value in content.items()):
            return paper
        if paper.version != asked.version:
            raise EditedMeanwhile("Somebody has changed this record since it was read.", version=paper.version)
        if paper.endorsed is not None and paper.endorsed.stands:
            words = "This paper was endorsed: a second person takes that back, then it is corrected and endorsed anew."
            raise WrongState(words)
        same = counted_as(asked.issuer, number) == counted_as(paper.issuer, paper.number)
        made = paper.but(**content, endorsed=paper.endorsed if same else None)
        faults = import_permits.of(made, register=register, checker=checker, listing=listing)
        try:
            register.commit(*_puts(paper, made, asked.reason, actor, faults=faults, register=register, now=now))
        except Conflict:
            continue
        return made
    raise Unavailable("Others are changing this record; try again.")


def _puts(
    old: ForeignPaper, made: ForeignPaper, reason: str, actor: Actor, *, faults: Sequence[str],
    register: PermitRegister, now: int,
) -> tuple[Put, ...]:  # fmt: skip
    """The record, its history, the guard of its number, and what the duty desks have to know."""
    known = number_of(made.issuer, made.number, register).with_paper(made)
    event = store.following(made.id, made.version)
    return (
        *foreign_papers.puts(made, actor, now, "correct", {"reason": reason, "changes": _changes(old, made)}),
        known.put(),
        *alerts.of_paper(event, actor, made, against=known.against(made), faults=faults, register=register, now=now),
    )  # fmt: skip


def _changes(old: ForeignPaper, made: ForeignPaper) -> list[dict[str, Any]]:
    before, after = (foreign_papers.content(each) for each in (old, made))
    return [
        {"field": path, "was": before.get(path), "is": after.get(path)}
        for path in dict.fromkeys((*before, *after))
        if before.get(path) != after.get(path)
    ]
