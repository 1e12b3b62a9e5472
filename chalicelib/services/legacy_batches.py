"""How batches of the old paper register lie in the register, from the proposal to the second person's word.

LEGACY#<batch>   BATCH            who proposed it when, from which file, how many rows, their digest, its state
                 ROW#<6 digits>   number, issued_on, record: as it was proposed, never rewritten
LEGACY-BATCHES   <time>#<batch>   the list of them
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.core.errors import DigestMismatch, FieldError, NoMatch, WrongState
from chalicelib.core.permit import record_bytes
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, Key, PermitRegister, Put, Row
from chalicelib.services import store
from chalicelib.services.people import need_registered

INDEX = "LEGACY-BATCHES"


@dataclass(frozen=True, slots=True)
class Batch:
    """`state`: proposed | confirming | confirmed | rejected. `digest`: over all rows in their order.

    `reviewed`: what was shown to whoever confirmed it (review_legacy.py).
    """

    id: str
    digest: str
    count: int
    state: str
    by: str
    by_name: str
    at: int
    file: str
    file_sha256: str
    confirmed_by: str | None = None
    confirmed_by_name: str | None = None
    confirmed_at: int | None = None
    reason: str | None = None
    refused: tuple[Mapping[str, Any], ...] = ()
    reviewed: Mapping[str, Any] | None = None


def load(batch_id: str, *, register: PermitRegister) -> Batch:
    """The batch; raises `NoMatch`."""
    row = register.get(head_key(batch_id))
    if row is None:
        raise NoMatch("No such batch.")
    return _batch(batch_id, row)


def batches(actor: Actor, *, register: PermitRegister, limit: int = 50) -> list[Batch]:
    """The newest batches, for the people who import and confirm."""
    one_of_both(actor, register)
    rows = register.query(INDEX, newest_first=True, limit=limit)
    return [load(row.key.sort.partition("#")[2], register=register) for row in rows]


def rows(batch_id: str, actor: Actor, *, register: PermitRegister) -> list[Mapping[str, Any]]:
    """What a batch consists of, for the second person to read: number, issued_on, record. Raises `DigestMismatch`."""
    one_of_both(actor, register)
    return rows_of(load(batch_id, register=register), register)


def rows_of(held: Batch, register: PermitRegister) -> list[Mapping[str, Any]]:
    found = [row.data for row in register.query(head_key(held.id).partition, start="ROW#", stop="ROW$")]
    if len(found) != held.count or digest_of(found) != held.digest:
        raise DigestMismatch("The rows of this batch are not what was proposed.")
    return found


def digest_of(found: Sequence[Mapping[str, Any]]) -> str:
    whole = hashlib.sha256()
    for row in found:
        whole.update(hashlib.sha256(record_bytes(row)).digest())
    return whole.hexdigest()


def move(held: Batch, before: str, state: str, changes: Mapping[str, Any], *, register: PermitRegister) -> Batch:
    """From one state to the next, or nothing where it is that already; `WrongState` if others took it elsewhere."""
    row = register.get(head_key(held.id))
    assert row is not None
    if row.data["state"] == before:
        with suppress(Conflict):
            register.commit(Put(row.key, {**row.data, "state": state, **changes}, expect=row.version))
    now_there = load(held.id, register=register)
    if now_there.state not in {state, "confirmed"} or (state == "rejected" != now_there.state):
        raise WrongState(f"This batch is {now_there.state} already.", state=now_there.state)
    return now_there


def standing(row: Mapping[str, Any], *, register: PermitRegister, stage: Stage) -> tuple[FieldError, ...] | None:
    """None: the number is free; empty: it stands with this very content; else the differences, as refusals."""
    number = str(row["number"])
    held = register.get(store.number_key(stage.issuer, number))
    if held is None:
        return None
    dossier = store.load(register, str(held.data["permit_id"]))
    if not dossier.legacy or held.data.get("void"):
        return (FieldError("number", "taken", f"Number {number} was given out by Tamga."),)
    differing = differences(dossier.record, row["record"])
    if dossier.issued_at != day_begins(str(row["issued_on"]), stage):
        differing = ("issued_on", *differing)
    return tuple(
        FieldError(where, "conflict", f"The register has {dossier.number} with other content here; what it has stays.")
        for where in differing
    )


def one_of_both(actor: Actor, register: PermitRegister) -> None:
    """Who proposes or who confirms, by token and register. Raises `Forbidden`."""
    need_registered(actor, "confirm_legacy" if actor.may("confirm_legacy") else "import_legacy", register)


def _batch(batch_id: str, row: Row) -> Batch:
    data = dict(row.data)
    return Batch(id=batch_id, **{**data, "refused": tuple(data.get("refused", ()))})


def head_key(batch_id: str) -> Key:
    return Key(f"LEGACY#{batch_id}", "BATCH")


def row_key(batch_id: str, index: int) -> Key:
    return Key(f"LEGACY#{batch_id}", f"ROW#{index + 1:06d}")


def day_begins(issued_on: str, stage: Stage) -> int:
    """00:00:00 of the day of issue in the Party's zone, seconds since 1970 UTC: nobody noted the hour."""
    return int(datetime.combine(datetime.fromisoformat(issued_on), time(), ZoneInfo(stage.zone)).timestamp())


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in which two records of one number differ: `valid_until`, `lines[0].quantity`, `exporter.name` ..."""
    return tuple(_differ("", old, new))


def _differ(at: str, old: Any, new: Any) -> list[str]:
    if old == new:
        return []
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        made = []
        for name in dict.fromkeys((*old, *new)):
            made += _differ(f"{at}.{name}" if at else name, old.get(name), new.get(name))
        return made
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [found for i, pair in enumerate(zip(old, new, strict=True)) for found in _differ(f"{at}[{i}]", *pair)]
    return [at]
