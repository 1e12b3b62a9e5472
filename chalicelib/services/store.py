"""How dossiers live in the register: their rows, their history, and the one way to change them.

PERMIT#<id>   DOSSIER            the dossier; its version guards every change
              HISTORY#<version>  who did what when, one row a change, never rewritten
              REPLACEMENT        the draft that shall replace it (change_status.py)
NUMBER#<iss>  <number>           which dossier a number belongs to, or that it was declared void
COUNTER#<iss> <yy>               the last serial of a year (issue_permit.py)
STATUS#<uri>  <index>            an entry of a status list
EVENT#<uuid>  -                  what was made of an event: a receipt, a refusal or a scan

Rows that belong to one service are told in its file; docs/ARCHITECTURE.md lists them all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from chalicelib.core.dossier import Dossier, status_value
from chalicelib.core.errors import NoMatch, TooLarge, Unavailable
from chalicelib.core.ledger import Use
from chalicelib.core.lifecycle import owns
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, Key, PermitRegister, Put

TRIES = 64  # a loser of a race reads and decides again; each loss is another's success, so that many come through
SHELF = "permits"
ROOM = 340_000  # bytes of a dossier; a row holds 390,000, and the rest is kept for these, which no number of
ENDINGS = frozenset(  # endorsements may keep the ministry from
    {"suspend", "reinstate", "revoke", "lost", "replaced", "return", "refuse", "sign", "signed", "give_up", "undo"}
)

_DOSSIER = TypeAdapter(Dossier)
_USES = TypeAdapter(tuple[Use, ...])
SYSTEM = Actor("system", "Tamga", frozenset())


def dossier_key(permit_id: str) -> Key:
    return Key(f"PERMIT#{permit_id}", "DOSSIER")


def number_key(issuer: str, number: str) -> Key:
    return Key(f"NUMBER#{issuer}", number)


def event_key(event_id: str) -> Key:
    return Key(f"EVENT#{event_id}")


def status_key(uri: str, index: int) -> Key:
    return Key(f"STATUS#{uri}", f"{index:06d}")


def request_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 of a request's JSON, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """A decision: the dossier as it shall be, what to write in its history, and what goes with it atomically.

    A `dossier` with the version that was read means: nothing to write.
    """

    dossier: Dossier
    action: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    puts: tuple[Put, ...] = ()
    answer: Any = None


def load(register: PermitRegister, permit_id: str, actor: Actor | None = None) -> Dossier:
    """The dossier as of now; raises `NoMatch` if it is unknown or another's."""
    row = register.get(dossier_key(permit_id))
    if row is not None:
        dossier = _DOSSIER.validate_python(row.data)
        if actor is None or owns(dossier, actor):
            return dossier
    raise NoMatch("No such permit.")


def find_number(register: PermitRegister, issuer: str, number: str) -> Dossier | None:
    """The dossier that holds this number now, or None (unknown, or declared void)."""
    row = register.get(number_key(issuer, number))
    if row is None or not row.data.get("permit_id") or row.data.get("void"):
        return None
    return load(register, str(row.data["permit_id"]))


def create(register: PermitRegister, dossier: Dossier, actor: Actor, now: int, *puts: Put, action: str) -> None:
    """Write a new dossier and the first line of its history; raises `Conflict`."""
    register.commit(dossier_put(dossier, expect=0), history_put(dossier, actor, now, action, None, {}), *puts)


def change(
    register: PermitRegister,
    permit_id: str,
    actor: Actor,
    now: int,
    decide: Callable[[Dossier], Change],
    *,
    anybodys: bool = False,
) -> Change:
    """Read, decide, write if nothing changed meanwhile; a loser of a race reads and decides again.

    `anybodys`: for officers and our own functions, who act on any permit.
    Raises what `decide` raises, `NoMatch`, or `Unavailable` after TRIES lost races.
    """
    for _ in range(TRIES):
        old = load(register, permit_id, None if anybodys else actor)
        made = decide(old)
        if made.dossier.version == old.version:
            return made
        try:
            register.commit(*writes(old, made, actor, now))
        except Conflict:
            continue
        return made
    raise Unavailable("Others are changing this permit; try again.")


def writes(old: Dossier, made: Change, actor: Actor, now: int) -> tuple[Put, ...]:
    """The transaction of one change: guarded dossier, history, the status value if it moved, and what goes along.

    Raises `TooLarge` for what would leave no room to end the permit.
    """
    whole = dossier_put(made.dossier, expect=old.version)
    if made.action not in ENDINGS and len(json.dumps(whole.data, ensure_ascii=False).encode()) > ROOM:
        raise TooLarge("This permit's file is full: the ministry replaces or revokes it.")
    puts = [
        whole,
        history_put(made.dossier, actor, now, made.action, old, made.detail),
        *made.puts,
    ]
    moved = status_put(made.dossier)
    if moved and (old.status_idx is None or status_value(old) != status_value(made.dossier)):
        puts.append(moved)
    return tuple(puts)


def dossier_put(dossier: Dossier, expect: int) -> Put:
    index = {"state": dossier.state, "shelf": SHELF}
    if dossier.owner:
        index["owner"] = dossier.owner
    data = _DOSSIER.dump_python(dossier, mode="json", exclude_defaults=True)
    return Put(dossier_key(dossier.id), data, expect=expect, index=index)


def history_put(
    dossier: Dossier, actor: Actor, now: int, action: str, old: Dossier | None, detail: Mapping[str, Any]
) -> Put:
    entry = {
        "at": now,
        "by": actor.id,
        "by_name": actor.name,
        "action": action,
        "from": old.state if old else None,
        "to": dossier.state,
        "detail": dict(detail),
    }
    return Put(Key(f"PERMIT#{dossier.id}", f"HISTORY#{dossier.version:08d}"), entry, expect=0)


def status_put(dossier: Dossier) -> Put | None:
    if dossier.status_uri is None or dossier.status_idx is None or dossier.state == "signing":
        return None
    return Put(status_key(dossier.status_uri, dossier.status_idx), {"value": status_value(dossier)}, expect=None)


def history(register: PermitRegister, permit_id: str, actor: Actor) -> list[dict[str, Any]]:
    """Every change of a permit, first to last."""
    load(register, permit_id, actor)
    rows = register.query(f"PERMIT#{permit_id}", start="HISTORY#", stop="HISTORY$")
    return [{"version": int(row.key.sort[8:]), **row.data} for row in rows]


def load_row(data: Mapping[str, Any]) -> Dossier:
    return _DOSSIER.validate_python(data)


def load_uses(data: Any) -> tuple[Use, ...]:
    return _USES.validate_python(data)


def dump_uses(uses: tuple[Use, ...]) -> Any:
    return _USES.dump_python(uses, mode="json", exclude_defaults=True)
