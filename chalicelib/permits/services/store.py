"""Storage of dossiers in the register: their rows, their history, and the one way to change them.

PERMIT#<id>   DOSSIER            the dossier; its version guards every change
              HISTORY#<version>  who did what when, one row a change, never rewritten
              REPLACEMENT        the draft that is to replace it (change_status.py)
NUMBER#<iss>  <number>           the dossier that a number belongs to, or that it was declared void; a number of the
                                 old paper register is here too, under its identity (kernel/numbers.py)
COUNTER#<iss> <yy>               the last serial of a year (issuing/services/reserve.py)
STATUS#<uri>  <index>            an entry of a status list
STATUS-CHANGES#<uri> <time>#<index>  the entry's new value at that time, for the next publication
                                 (trust/services/publish_status_lists.py); expires
NOTICE#<id>   <version>          the applicant's notice of that change (permits/services/notices.py)
QUOTAS#<year> <id>               what is taken of a quota, changed with the dossier (quotas/services/count.py)
EVENT#<id>    -                  the result of an event: a receipt, a refusal or a scan; a UUID that its sender made,
                                 or an id derived from it (`derived_event_id`)

Each service's own rows are described in its file. The list of all is in docs/ARCHITECTURE.md.

A permit's files are kept until its expiry and five years more, and nobody can delete them before. A file is stored
under its content address, so a file that serves several permits is kept for the longest of them. Retention is set:

- on a supporting document before its permit gets a number;
- on a photograph of block 14 when it comes in;
- on a print when it is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, TooLarge, UnreadableRow
from chalicelib.kernel.numbers import identity, read_typed_number
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, Row, RowData
from chalicelib.permits.model.dossier import Dossier, confirmed, lowered_at, status_value
from chalicelib.permits.model.lifecycle import owns
from chalicelib.permits.services import notices, participants
from chalicelib.permits.services.participants import DossierChange
from chalicelib.platform.deps import BlobStore, Deps, PermitRegister
from chalicelib.platform.readable import decoded
from chalicelib.platform.transact import transact
from chalicelib.trust.model.status_list import RecordedValue, status_key
from chalicelib.uses.use import Use
from chalicelib.verdict.snapshot_checks import unexplained

KEPT_AFTER_EXPIRY = 1827 * DAY  # seconds: five years with two leap days; the project's proposal to the ministry


def last_day(expires_at: int) -> int:
    """The second until which the files of a permit with this expiry are kept."""
    return expires_at + KEPT_AFTER_EXPIRY


def keep_papers(dossier: Dossier, expires_at: int, blobs: BlobStore) -> None:
    """Set the retention of the supporting documents. May be repeated.

    Raises `NoMatch` if a document is gone, `Unavailable`.
    """
    for paper in dossier.attachments:
        blobs.keep(f"papers/{paper.sha256}", last_day(expires_at))


SHELF = "permits"

CHANGES_KEPT = 2 * DAY  # seconds; trust/services/publish_status_lists.py reads back at most a few hours

DOSSIER_BYTES = (
    340_000  # bytes of a dossier; a row holds 390,000; the rest is reserved for the actions in ALWAYS_ALLOWED
)

SPARE = 20_000  # of DOSSIER_BYTES: only for the first export and import (use_limits.is_first_use)

HISTORY = "HISTORY#"

HISTORY_LINES, HISTORY_BYTES = 200, 2_000_000  # of one response; a Lambda response has at most 6 MB

ALWAYS_ALLOWED = frozenset(  # actions that the ministry can still take when endorsements fill the dossier
    {
        "suspend",
        "reinstate",
        "revoke",
        "surrender",
        "lost",
        "replaced",
        "return",
        "refuse",
        "withdraw",
        "sign",
        "signed",
        "give_up",
        "undo",
        "restored",
    }
)

SYSTEM = Actor("system", "Tamga", frozenset())


@cache  # built on first use
def _dossier() -> TypeAdapter[Dossier]:
    return TypeAdapter(Dossier)


@cache
def _uses() -> TypeAdapter[tuple[Use, ...]]:
    return TypeAdapter(tuple[Use, ...])


def dossier_key(permit_id: str) -> Key:
    return Key(f"PERMIT#{permit_id}", "DOSSIER")


def permit_id_of(row: Row) -> str:
    """The permit's id in the key of a dossier's row, whose data may be damaged."""
    return row.key.partition.removeprefix("PERMIT#")


def number_key(issuer: str, number: str) -> Key:
    """The row of a number: Tamga's own number as it is, a number of the old paper register under its identity."""
    return Key(f"NUMBER#{issuer}", identity(number))


def event_key(event_id: str) -> Key:
    return Key(f"EVENT#{event_id}")


def derived_event_id(event_id: str, what: object) -> str:
    """The id of an event that the register derives from another one.

    It is not a UUID, so nobody can send an event with this id first and block it.
    """
    return f"{event_id}.{what}"


def request_hash(body: RowData) -> str:
    """SHA-256 of a request's JSON, independent of the order of its fields."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """A decision: the new dossier, its history entry, and the rows written in the same transaction.

    A `dossier` with the version that was read means that there is nothing to write. `answer`: a result for the caller.
    `room`: the bytes that the dossier may take.
    """

    dossier: Dossier
    action: str = ""
    detail: RowData = field(default_factory=dict)
    puts: tuple[Put, ...] = ()
    answer: Any = None
    room: int = DOSSIER_BYTES


def load(register: PermitRegister, permit_id: str, actor: Actor | None = None) -> Dossier:
    """The current dossier. Raises `NoMatch` if it is unknown, or is not the actor's to see, and `UnreadableRow`."""
    row = register.get(dossier_key(permit_id))
    if row is not None:
        dossier = decoded(_dossier(), row.data, row.key)
        if actor is None or owns(dossier, actor):
            return dossier
    raise NoMatch("No such permit.")


def find_number(register: PermitRegister, issuer: str, number: str) -> Dossier | None:
    """The dossier that has this number now, or None (unknown, or declared void)."""
    row = register.get(number_key(issuer, number))
    if row is None or not row.data.get("permit_id") or row.data.get("void"):
        return None
    return load(register, str(row.data["permit_id"]))


def find_typed_number(register: PermitRegister, issuer: str, text: str) -> Dossier | None:
    """The dossier of a number as a person types it for a look-up, or None. Raises `Invalid` for text without a number.

    A paper whose own number has this identity comes first.
    """
    found, typed = find_number(register, issuer, text), read_typed_number(text)
    if found is not None or typed is None or typed == identity(text):
        return found
    return find_number(register, issuer, typed)


def create(dossier: Dossier, actor: Actor, deps: Deps, *puts: Put, action: str, detail: RowData | None = None) -> None:
    """Write a new dossier and the first entry of its history. Raises `Conflict`."""
    deps.register.commit(
        dossier_put(dossier, expected_version=0),
        history_put(Change(dossier, action, detail or {}), None, actor, deps.now),
        *puts,
    )


def change(
    permit_id: str, actor: Actor, decide: Callable[[Dossier], Change], deps: Deps, *, any_owner: bool = False
) -> Change:
    """Read, decide and write if nothing changed meanwhile. On a version conflict, read and decide again.

    `any_owner`: for officers and our own functions, which act on any permit.

    Raises what `decide` raises, `NoMatch`, or `Unavailable` after TRIES conflicts (platform/transact.py).
    """

    def attempt() -> Change:
        old = load(deps.register, permit_id, None if any_owner else actor)
        made = decide(old)
        if made.dossier.version == old.version:
            return made
        deps.register.commit(*puts_of(actor, deps, (old, made)))
        return made

    return transact(attempt, "Others are changing this permit; try again.")


def puts_of(actor: Actor, deps: Deps, *changes: tuple[Dossier, Change]) -> tuple[Put, ...]:
    """The transaction of these changes, with the quotas that they change together.

    Each dossier has its version check, history, notice, the status value if it changed, and the rows of the change.

    Raises `TooLarge` if the dossier would have no room left to end the permit, `Invalid` where a quota would be
    exceeded.
    """
    moves = [DossierChange(old, made.dossier, made.action) for old, made in changes]
    files, puts = participants.take_part(moves, actor, deps)
    for (old, made), new in zip(changes, files, strict=True):
        puts += _writes(old, replace(made, dossier=new), actor, deps.now)
    return tuple(puts)


def _writes(old: Dossier, made: Change, actor: Actor, now: int) -> tuple[Put, ...]:
    new = made.dossier
    if old.status_idx is not None and confirmed(old) - confirmed(new):
        new = replace(new, lowered_at=now)
    whole = dossier_put(new, expected_version=old.version)
    check_room(whole.data, made.action, made.room)
    puts = [
        whole,
        history_put(replace(made, dossier=new), old, actor, now),
        *notices.puts(old, new, made.action, now),
        *made.puts,
    ]
    entry = new.entry if new.state != State.SIGNING else None
    if entry and (old.status_idx is None or status_value(old) != status_value(new)):
        puts += status_puts(entry.uri, entry.index, status_value(new), now, permit_id=new.id)
    return tuple(puts)


def check_room(data: RowData, action: str, room: int = DOSSIER_BYTES) -> None:
    if action not in ALWAYS_ALLOWED and len(json.dumps(data, ensure_ascii=False).encode()) > room:
        raise TooLarge("This permit's record is full. The ministry must replace or revoke the permit.")


def dossier_put(dossier: Dossier, expected_version: int) -> Put:
    index = {} if dossier.private else {"state": dossier.state, "shelf": SHELF}
    if dossier.owner:
        index["owner"] = dossier.owner
    data = _dossier().dump_python(dossier, mode="json", exclude_defaults=True)
    return Put(dossier_key(dossier.id), data, expected_version=expected_version, index=index)


def history_put(made: Change, old: Dossier | None, actor: Actor, now: int) -> Put:
    dossier, action = made.dossier, made.action
    entry = {
        "at": now,
        "by": actor.id,
        "by_name": actor.name,
        "action": action,
        "from": old.state if old else None,
        "to": dossier.state,
        "detail": dict(made.detail),
        **({"for": actor.deputy_for, "for_name": actor.deputy_for_name} if actor.only_as_deputy(action) else {}),
    }
    return Put(Key(f"PERMIT#{dossier.id}", f"HISTORY#{dossier.version:08d}"), entry, expected_version=0)


def status_puts(uri: str, index: int, value: int, now: int, *, permit_id: str = "") -> tuple[Put, Put]:
    """The rows of a status list entry's new value, and of the change for the next publication.

    The version check on the dossier in the same transaction protects them too. `permit_id`: empty for an entry whose
    permit is lost (restore/services/replay.py).
    """
    data = {"value": value}
    return (
        Put(status_key(uri, index), {**data, **({"permit_id": permit_id} if permit_id else {})}, expected_version=None),
        Put(
            Key(f"STATUS-CHANGES#{uri}", f"{now:010d}#{index:06d}"),
            data,
            expected_version=None,
            expires=now + CHANGES_KEPT,
        ),
    )


def recorded_value(register: PermitRegister, uri: str, index: int, listed: int, issued_at: int) -> RecordedValue | None:
    """The value that the dossier behind a status list entry records, compared with the list.

    `listed`: its value in a list signed at `issued_at`. The id in the entry's row finds the permit. None if the row has
    no id, or the permit has another entry or cannot be read.
    """
    row = register.get(status_key(uri, index))
    try:
        dossier = load(register, str(row.data["permit_id"])) if row and "permit_id" in row.data else None
    except (NoMatch, UnreadableRow):  # the entry is then never lowered
        return None
    if dossier is None or (dossier.status_uri, dossier.status_idx) != (uri, index):
        return None
    known = confirmed(dossier)
    explained = not unexplained(listed, known, lowered_at(dossier), issued_at)
    return RecordedValue(status_value(dossier), listed in known, explained)


def history(
    register: PermitRegister, permit_id: str, actor: Actor, cursor: str | None = None
) -> tuple[list[RowData], str | None]:
    """Changes of a permit, first to last, and the next cursor."""
    load(register, permit_id, actor)
    return history_page(register, f"PERMIT#{permit_id}", cursor)


def history_page(register: PermitRegister, partition: str, cursor: str | None) -> tuple[list[RowData], str | None]:
    """Entries of a history from the cursor on, first to last, as many as a response holds, and the next cursor.

    Raises `Invalid` for an unknown cursor.
    """
    if cursor is not None and not cursor.startswith(HISTORY):
        raise Invalid(FieldError("cursor", "unknown", "Must be a cursor from the page before of this history."))
    rows = register.query(partition, start=cursor or HISTORY, stop="HISTORY$", limit=HISTORY_LINES + 1)
    found: list[RowData] = []
    room = HISTORY_BYTES
    for row in rows[:HISTORY_LINES]:
        line = {"version": int(row.key.sort[8:16]), **row.data}
        room -= len(json.dumps(line, ensure_ascii=False).encode())
        if found and room < 0:
            break
        found.append(line)
    return found, rows[len(found)].key.sort if len(rows) > len(found) else None


def load_row(data: RowData) -> Dossier:
    """The dossier of a row's data. Raises `UnreadableRow`."""
    return decoded(_dossier(), data, dossier_key(str(data.get("id", ""))))


def load_uses(data: Any, key: Key = Key("uses")) -> tuple[Use, ...]:  # noqa: B008 - a frozen value
    """The uses in the data of the row at `key`. Raises `UnreadableRow`."""
    return decoded(_uses(), data, key)


def dump_uses(uses: tuple[Use, ...]) -> Any:
    return _uses().dump_python(uses, mode="json", exclude_defaults=True)
