"""Open a restored register by two people, after all data known from elsewhere is in the table.

1 One person proposes. Nothing may be missing (`Found.missing`). The proposal records the moment from which devices send
  again and the counters. It also lists what stays lost, was cut off, is left to people, or is in no list of ours.
2 Another person reads it (`review`). The first is still an admin, nothing is missing, and the facts are unchanged.
3 That person confirms the digest of the proposal. The table records it, and the proposal ends. If something is in no
  list of ours, both declare that the books of the lost hours are at hand. They enter these at once after opening.
4 The mark names this table. After an interruption between 3 and 4, both begin again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.kernel.errors import DigestMismatch, Forbidden, TwoPeople, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Row
from chalicelib.people.services import still_may
from chalicelib.platform.restore_lock import Mark, counters, read_mark, write_mark
from chalicelib.record.permit import record_digest
from chalicelib.restore.services.missing_data import MissingData, Restorer, find_missing


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposal to open the register. `facts`: as recorded. `digest`: of the facts, hex. `row`: the row as read."""

    by: str
    by_name: str
    at: int
    facts: Mapping[str, Any]
    row: Row

    @property
    def digest(self) -> str:
        return record_digest(self.facts)


def pending_proposal(restorer: Restorer) -> Proposal | None:
    """Read the proposal that waits for confirmation, or None."""
    row = restorer.read_row()
    told = row.data.get("proposal") if row else None
    return Proposal(told["by"], told["by_name"], told["at"], told["facts"], row) if row and told else None


def propose(actor: Actor, restorer: Restorer, *, books: bool = False) -> Proposal:
    """Step 1: propose to open. Replaces an earlier proposal. `books`: this person has the books of the lost hours.

    Raises `Forbidden`, and `Unavailable` if another person wrote at the same time. Raises `WrongState` if data is
    missing (each named), books are needed, or the register is open.
    """
    restorer.require(actor)
    restorer.require_locked()
    row = restorer.read_row()
    told: dict[str, Any] = {
        "by": actor.id,
        "by_name": actor.name,
        "at": restorer.deps.now,
        "facts": _facts(_complete(restorer)),
    }
    _need_books(told["facts"], books)
    restorer.update_row(row, proposal=told)
    made = pending_proposal(restorer)
    if made is None or made.by != actor.id:
        raise Unavailable("Another person changed this restore at the same time; try again.")
    return made


def review(actor: Actor, restorer: Restorer) -> Proposal:
    """Step 2: check the proposal again for the second person.

    Raises `TwoPeople` for the proposer, and `Forbidden` if one of the two is no admin. Raises `WrongState` if there is
    no proposal, the register is open, data is missing, or the facts changed.
    """
    restorer.require(actor)
    restorer.require_locked()
    known = pending_proposal(restorer)
    if known is None:
        raise WrongState("Nobody has proposed to open this register. Propose it first.")
    if known.by == actor.id:
        raise TwoPeople("You proposed to open the register. A second person must confirm it.")
    if not still_may(known.by, "restore", restorer.table):
        raise Forbidden("The proposer is no longer registered as an administrator. Make a new proposal.")
    if _facts(_complete(restorer)) != known.facts:
        raise WrongState("The register has changed since the proposal. Make a new proposal.")
    return known


def confirm(digest: str, actor: Actor, restorer: Restorer, *, books: bool = False) -> Mark:
    """Steps 2-4: confirm and open. `digest`: of the proposal that the person read. `books`: as in `propose`.

    Raises as `review` does, and `WrongState` if books are needed. Raises `DigestMismatch` for another proposal than was
    read, and `Unavailable` if the row or the mark changed meanwhile.
    """
    known = review(actor, restorer)  # 2
    if digest != known.digest:
        words = "The digest is not that of the present proposal. Read the proposal again."
        raise DigestMismatch(words, digest=known.digest)
    _need_books(known.facts, books)
    by = {"by": actor.id, "by_name": actor.name, "proposed_by": known.by}
    opened = {**by, "at": restorer.deps.now, "facts": known.facts}
    restorer.update_row(known.row, proposal=None, opened=opened)  # 3
    mark, etag = read_mark(restorer.deps.static)
    kept = mark.serials if mark else {}
    table = restorer.table
    new = Mark(table.identity(), {**kept, **counters(table, restorer.deps.stage.issuer)})
    try:
        write_mark(new, restorer.deps.static, etag)  # 4
    except Conflict:
        raise Unavailable("The register mark was changed at the same time. Make a new proposal.") from None
    return new


def as_json(found: MissingData) -> dict[str, Any]:
    """Result of `find_missing` as JSON: numbers and values, without codes."""
    return {
        "shut": found.shut,
        "serials": {year: {"table": has, "known": known} for year, (has, known) in found.serials.items()},
        "prints_without_permit": [paper.number for paper in found.papers],
        "status_behind": [asdict(each) for each in found.behind],
        "left": list(found.left),
        "lost": list(found.lost),
        "signing": list(found.signing),
        "resend_since": found.since,
        "unlisted": dict(found.unlisted),
        "missing": found.missing,
    }


def _facts(found: MissingData) -> dict[str, Any]:
    return {
        "resend_since": found.since,
        "counters": {year: has for year, (has, _) in found.serials.items()},
        "lost": list(found.lost),
        "signing": list(found.signing),
        "left": list(found.left),
        "unlisted": dict(found.unlisted),
    }


def _need_books(facts: Mapping[str, Any], books: bool) -> None:
    """Require the declaration that the books are at hand, if something is in no list. Raises `WrongState`."""
    if any(facts["unlisted"].values()) and not books:
        raise WrongState(
            "No list has the permits from before Tamga and those of other Parties. Collect the books that show their "
            "uses in the lost hours, and confirm this with --books. Enter those uses at once after opening."
        )


def _complete(restorer: Restorer) -> MissingData:
    found = find_missing(restorer)
    if found.missing:
        raise WrongState("The register cannot be opened yet. Missing: " + "; ".join(found.missing) + ".")
    return found
