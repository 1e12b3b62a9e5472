"""Two-person change of the species list. An admin proposes a list, and an approver reads the changes and puts it in
use.

Rows in the register:

SPECIES-LIST           PROPOSED              the proposed list, or the last one that was decided
                       REFUSED#<user>        faults of the last file of this user that was refused
                       CURRENT               the list in use; no row: the list of the release
                       PAST#<time>#<digest>  each list that was put in use, with proposer and approver
SPECIES-LIST#<digest>  LIST#<nn>             its uploaded rows: compressed CSV in parts that fit a row; never rewritten
                       CHANGES#<base>#<nn>   its changes to the list with the version `base`

Why the register and not a bucket (ADR 0035)? Every function that uses the list reads the register already. A restore
brings the list back together with the permits that were checked against it. No function needs a further right.

The gateway ends a request after 29 s, while the function runs for as long again (.chalice/config.json). If the same
file is sent again, the answer is the result of the first upload. That is the proposed list or, within an hour, the same
refusal.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chalicelib.kernel.days import HOUR
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, TwoPeople, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.kernel.rows import Row as RegisterRow
from chalicelib.kernel.text import checked_reason, count_of
from chalicelib.people.services import need_registered
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.species.model import list_changes, list_rows
from chalicelib.species.model.list_changes import Change, Merged
from chalicelib.species.model.list_rows import Row
from chalicelib.species.model.listing import Listing, Population
from chalicelib.species.model.upload import Upload

FILE = "SPECIES-LIST"  # partition key

PART = 380_000  # characters of a row

FAULTS_AT_MOST = 500  # faults of one file

REFUSAL_KEPT = HOUR  # seconds: a later release may judge the same file differently


def refuse(faults: Sequence[FieldError]) -> None:
    """Raise `Invalid` with the first `FAULTS_AT_MOST` faults, if there are any."""
    if faults:
        raise Invalid(*faults[:FAULTS_AT_MOST], detail=f"{count_of(len(faults), 'fault')}; nothing was stored.")


@contextmanager
def repeat_refusal(sent: str, actor: Actor, deps: Deps) -> Iterator[None]:
    """Repeat the refusal of the same upload for an hour instead of reading the file again.

    Raises `Invalid` with the stored faults. A refusal inside the block is stored for the next attempt.
    """
    key = Key(FILE, f"REFUSED#{actor.id}")
    row = deps.register.get(key)
    if row and row.data["sent"] == sent and 0 <= deps.now - row.data["at"] < REFUSAL_KEPT:
        told = json.loads(unpack_parts([row.data["packed"]]))
        raise Invalid(*(FieldError(**each) for each in told["errors"]), detail=told["detail"])
    try:
        yield
    except Invalid as refused:
        words = {"errors": [asdict(each) for each in refused.errors], "detail": refused.detail}
        parts = pack_parts(json.dumps(words, ensure_ascii=False))
        if len(parts) == 1:  # a larger refusal is not stored: the file is read again
            data = {"sent": sent, "at": deps.now, "packed": parts[0]}
            with suppress(Unavailable):  # not stored: the file is read again
                deps.register.commit(Put(key, data, expected_version=None, expires=deps.now + REFUSAL_KEPT))
        raise


def pack_parts(text: str) -> list[str]:
    """The text, compressed and in base64, in parts that each fit a row."""
    whole = base64.b64encode(zlib.compress(text.encode())).decode()
    return [whole[at : at + PART] for at in range(0, len(whole), PART)]


def unpack_parts(parts: Sequence[str]) -> str:
    """Return the text of these parts: the inverse of `pack_parts`. Raises `ValueError`, `zlib.error`."""
    return zlib.decompress(base64.b64decode("".join(parts))).decode()


PROPOSED, CURRENT = Key(FILE, "PROPOSED"), Key(FILE, "CURRENT")


class ListState(StrEnum):
    """State of a proposed species list."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ListHead:
    """Head data of one list.

    `based_on`: the version of the list that `counts` compares it with. `taxa`: of the whole list with it. The stored
    rows are those that an upload made; the base and the overlay have the others (`species/model/layers.py`).
    """

    digest: str
    state: ListState
    taxa: int
    as_of: str
    parts: int
    change_parts: int
    based_on: str
    counts: Mapping[str, int]
    file: str
    by: str
    by_name: str
    at: int
    decided_by: str = ""
    decided_by_name: str = ""
    decided_at: int = 0
    reason: str = ""
    sent: str = ""  # digest of the upload (`Upload.sent`)
    in_force: str = ""  # the day from which its Appendices are in force, if the proposer gave it
    whole: bool = False  # it replaces the base; else its rows count where they are later


def _head(row: RegisterRow) -> ListHead:
    return ListHead(**{**row.data, "state": ListState(row.data["state"])})


class RowsInUse(Protocol):
    """The rows of the list in use (`list_in_use.SpeciesListCache`)."""

    def rows(self) -> Sequence[Row]: ...


class ProposalDeps(Deps, Protocol):
    """`Deps` with the list in use."""

    @property
    def species(self) -> RowsInUse: ...
    @property
    def listing(self) -> Listing: ...


def propose(
    upload: Upload,
    actor: Actor,
    deps: ProposalDeps,
    *,
    build: Callable[[Sequence[Row]], Listing],
    populations: Mapping[str, Population],
) -> ListHead:
    """Store the list that this file makes of the list in use, for a second person to read and put in use.

    1 no list of another person is waiting
    2 the same upload of this user waits already: return its list without reading the file
    3 every row is valid
    4 the rows make a list
    5 the list changes something

    Raises `Forbidden`, `WrongState`, `TooLarge`, and `Invalid` with the first 500 faults by row and column. After an
    error no list is proposed.
    """
    need_registered(actor, "propose_species", deps.register)
    version = deps.listing.version
    row = deps.register.get(PROPOSED)
    waiting, sent = _head(row) if row else None, upload.sent(version)
    if waiting is not None and waiting.state == ListState.PROPOSED and waiting.by != actor.id:  # 1
        raise WrongState(
            f"A list proposed by {waiting.by_name} is waiting. Put it in use or reject it first.", state="proposed"
        )
    if waiting is not None and _same(waiting, sent, actor):  # 2
        return waiting
    with repeat_refusal(sent, actor, deps):
        merged = _read(upload, deps.species.rows(), build, populations, deps.stage.today(deps.now))
    stored = merged.uploaded
    text = list_rows.csv_text(stored)
    lists, digest = pack_parts(text), _digest(text)
    told = pack_parts(
        json.dumps([(each.what, each.name, each.before, each.after) for each in merged.changes], ensure_ascii=False)
    )
    head = ListHead(
        digest,
        ListState.PROPOSED,
        len(merged.rows),
        max((row["as_of"] for row in stored), default=upload.as_of),
        len(lists),
        len(told),
        version,
        dict(merged.counts),
        upload.file,
        actor.id,
        actor.name,
        deps.now,
        sent=sent,
        in_force=upload.in_force,
        whole=len(stored) == len(merged.rows),
    )
    puts = [
        *(
            Put(_part(digest, f"LIST#{at:02}"), {"packed": part}, expected_version=None)
            for at, part in enumerate(lists)
        ),
        *(
            Put(_part(digest, f"CHANGES#{version}#{at:02}"), {"packed": part}, expected_version=None)
            for at, part in enumerate(told)
        ),
    ]
    for put in puts:
        deps.register.commit(put)
    try:
        _commit(deps.register, Put(PROPOSED, asdict(head), expected_version=row.version if row else 0))
    except WrongState:
        first = deps.register.get(PROPOSED)
        if first is None or not _same(_head(first), sent, actor):
            raise
        return _head(first)  # the same upload was sent twice and read at the same time
    return head


def _same(held: ListHead, sent: str, actor: Actor) -> bool:
    return held.state == ListState.PROPOSED and held.sent == sent and held.by == actor.id


def _read(
    upload: Upload,
    ours: Sequence[Row],
    build: Callable[[Sequence[Row]], Listing],
    populations: Mapping[str, Population],
    today: date,
) -> Merged:
    """Steps 3 to 5. Raises `Invalid`, `TooLarge`."""
    faults: list[FieldError] = []
    merged = list_changes.read(upload, ours, faults, populations, today)
    refuse(faults)  # 3
    try:
        build(merged.rows)  # 4
    except ValueError as error:
        raise Invalid(FieldError(upload.file, "contradicts", f"{error}.")) from None
    if merged.changes_nothing:  # 5
        raise Invalid(FieldError(upload.file, "nothing", "The file has no changes against the list in use."))
    return merged


def publish(digest: str, actor: Actor, deps: ProposalDeps) -> ListHead:
    """Put the proposed list in use.

    Raises `Forbidden`, `NoMatch`, `TwoPeople` for the proposer, and `Unavailable` if the stored list is damaged. Raises
    `WrongState` if it is decided already, or if the list in use has changed since, and `Invalid` if it has no change.
    """
    need_registered(actor, "publish_species", deps.register)
    head, version = _waiting(digest, deps.register)
    if head.by in actor.same_person_ids:
        raise TwoPeople("You proposed this list. Another person must put it in use.")
    if head.based_on != deps.listing.version:
        raise WrongState("The list in use has changed since this list was proposed. Propose it again.")
    if list_changes.changes_nothing(head.counts):
        raise Invalid(FieldError("digest", "nothing", "This list has no change that you can read. Propose it again."))
    rows_of(head, deps.register)  # raises unless the stored list is complete and has the proposed digest
    done = _with_decision(head, ListState.PUBLISHED, actor, deps.now)
    current = deps.register.get(CURRENT)
    _commit(
        deps.register,
        Put(PROPOSED, asdict(done), expected_version=version),
        Put(CURRENT, asdict(done), expected_version=current.version if current else 0),
        Put(Key(FILE, f"PAST#{deps.now:012}#{digest}"), asdict(done)),
    )
    return done


def reject(digest: str, reason: str, actor: Actor, deps: Deps) -> ListHead:
    """Reject the proposed list (approver) or withdraw it (administrator).

    Raises `Forbidden`, `NoMatch`, `WrongState` if it is decided already, `Invalid` for a bad reason.
    """
    need_registered(actor, "publish_species" if actor.may("publish_species") else "propose_species", deps.register)
    head, version = _waiting(digest, deps.register)
    checked_reason(reason)
    done = _with_decision(head, ListState.REJECTED, actor, deps.now, reason)
    _commit(deps.register, Put(PROPOSED, asdict(done), expected_version=version))
    return done


def list_proposals(actor: Actor, *, register: PermitRegister) -> tuple[ListHead | None, list[ListHead]]:
    """The proposed or last decided list, and the last 50 lists put in use, newest first. Raises `Forbidden`."""
    actor.require("species_lists")
    row = register.get(PROPOSED)
    past = register.query(FILE, start="PAST#", stop="PAST$", newest_first=True, limit=50)
    return (_head(row) if row else None), [_head(each) for each in past]


def current(register: PermitRegister) -> ListHead | None:
    """The list that was put in use last, or None if the list of the release applies."""
    row = register.get(CURRENT)
    return _head(row) if row else None


def rows_of(head: ListHead, register: PermitRegister) -> list[Row]:
    """Rows of the list. Raises `Unavailable` if the stored text does not have the digest of the proposal."""
    keys = [_part(head.digest, f"LIST#{at:02}") for at in range(head.parts)]
    text = _read_parts(keys, register)
    if _digest(text) != head.digest:
        raise Unavailable("The stored species list differs from the proposed one. Propose it again.")
    return list_rows.from_text(text)


def changes_of(digest: str, actor: Actor, *, register: PermitRegister) -> list[Change]:
    """All changes of the proposed or last decided list. Raises `Forbidden`, `NoMatch`."""
    actor.require("species_lists")
    row = register.get(PROPOSED)
    if row is None or row.data["digest"] != digest:
        raise NoMatch("No such species list is waiting for a decision.")
    head = _head(row)
    keys = [_part(digest, f"CHANGES#{head.based_on}#{at:02}") for at in range(head.change_parts)]
    return [Change(*each) for each in json.loads(_read_parts(keys, register))]


def _waiting(digest: str, register: PermitRegister) -> tuple[ListHead, int]:
    row = register.get(PROPOSED)
    if row is None or row.data["digest"] != digest:
        raise NoMatch("No such species list is waiting for a decision.")
    head = _head(row)
    if head.state != ListState.PROPOSED:
        raise WrongState(f"This list is already {head.state}.", state=head.state)
    return head, row.version


def _with_decision(head: ListHead, state: ListState, actor: Actor, now: int, reason: str = "") -> ListHead:
    by = {"decided_by": actor.id, "decided_by_name": actor.name, "decided_at": now, "reason": reason}
    return ListHead(**{**asdict(head), "state": state, **by})


def _commit(register: PermitRegister, *puts: Put) -> None:
    try:
        register.commit(*puts)
    except Conflict:
        raise WrongState("Another person has just changed the proposed list. Read it again.") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_parts(keys: Sequence[Key], register: PermitRegister) -> str:
    found = [register.get(key) for key in keys]
    if not all(found):
        raise Unavailable("A part of the stored species list is missing.")
    try:
        return unpack_parts([str(row.data["packed"]) for row in found if row])
    except (ValueError, zlib.error):
        raise Unavailable("The stored species list cannot be read.") from None


def _part(digest: str, name: str) -> Key:
    return Key(f"{FILE}#{digest}", name)
