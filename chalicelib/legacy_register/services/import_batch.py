"""Import of the old paper register in batches: one person proposes rows, another confirms them.

An import adds permits without a signature. It is equivalent to issuing, so it also needs two people and a digest.
Until a batch is confirmed (`confirm_batch.py`) its rows have no number row (`store.number_key`). No verifier, officer
or search finds them.

Rows in the register:

LEGACY#<batch>   BATCH            proposer, time, file, number of rows, their digest, state
                 ROW#<6 digits>   number, issued_on, record: as proposed, never rewritten
LEGACY-BATCHES   <time>#<batch>   the list of batches
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from hashlib import sha256
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.kernel.errors import DigestMismatch, FieldError, Invalid, NoMatch, WrongState
from chalicelib.kernel.numbers import identity, normalise_number
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row, RowData
from chalicelib.kernel.stage import Stage
from chalicelib.legacy_register import model as legacy_register
from chalicelib.legacy_register.model import Paper
from chalicelib.people.services import need_registered
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.record.permit import record_bytes
from chalicelib.species.model.listing import Listing
from chalicelib.species.services.list_in_use import SpeciesDeps

INDEX = "LEGACY-BATCHES"


class BatchState(StrEnum):
    """State of a batch. A batch stays in `confirming` if its confirmation was interrupted."""

    PROPOSED = "proposed"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Batch:
    """Batch of rows from one file.

    `digest`: over all rows in order.
    `reviewed`: record of the rows that the confirming person saw (`confirm_batch.py`).
    """

    id: str
    digest: str
    count: int
    state: BatchState
    by: str
    by_name: str
    at: int
    file: str
    file_sha256: str
    confirmed_by: str | None = None
    confirmed_by_name: str | None = None
    confirmed_at: int | None = None
    reason: str | None = None
    refused: tuple[RowData, ...] = ()
    reviewed: RowData | None = None


def load(batch_id: str, *, register: PermitRegister) -> Batch:
    """Load a batch. Raises `NoMatch`."""
    row = register.get(head_key(batch_id))
    if row is None:
        raise NoMatch("No such batch.")
    return _batch(batch_id, row)


def batches(actor: Actor, *, register: PermitRegister, limit: int = 50) -> list[Batch]:
    """List the newest batches, for people who may import or confirm. Raises `Forbidden`."""
    require_import_or_confirm(actor, register)
    rows = register.query(INDEX, newest_first=True, limit=limit)
    return [load(row.key.sort.partition("#")[2], register=register) for row in rows]


def rows(batch_id: str, actor: Actor, *, register: PermitRegister) -> list[RowData]:
    """Load the rows of a batch for review: number, issued_on, record.

    Raises `Forbidden`, `NoMatch`, and `DigestMismatch` if the rows are not those that were proposed.
    """
    require_import_or_confirm(actor, register)
    return rows_of(load(batch_id, register=register), register)


def rows_of(held: Batch, register: PermitRegister) -> list[RowData]:
    found = [row.data for row in register.query(head_key(held.id).partition, start="ROW#", stop="ROW$")]
    if len(found) != held.count or digest_of(found) != held.digest:
        words = (
            "The stored rows of this batch differ from the proposal. Do not confirm "
            "it: report it to the administrators."
        )
        raise DigestMismatch(words)
    return found


def digest_of(found: Sequence[RowData]) -> str:
    whole = hashlib.sha256()
    for row in found:
        whole.update(hashlib.sha256(record_bytes(row)).digest())
    return whole.hexdigest()


def change_state(
    held: Batch, before: BatchState, state: BatchState, changes: RowData, *, register: PermitRegister
) -> Batch:
    """Move a batch from one state to the next. A batch that is there already, or confirmed, stays as it is.

    Raises `WrongState`: another person moved it to another state. A batch to be rejected must not be confirmed.
    """
    row = register.get(head_key(held.id))
    assert row is not None
    if row.data["state"] == before:
        with suppress(Conflict):
            register.commit(Put(row.key, {**row.data, "state": state, **changes}, expected_version=row.version))
    now_there = load(held.id, register=register)
    if now_there.state not in {state, BatchState.CONFIRMED} or (state == BatchState.REJECTED != now_there.state):
        raise WrongState(f"This batch is {now_there.state} already.", state=now_there.state)
    return now_there


def compare_with_register(row: RowData, deps: Deps) -> tuple[FieldError, ...] | None:
    """Compare a row with the register by its number.

    None if the number is free. Empty if the register has it with the same content. Else refusals: the differences, or
    that Tamga gave out the number.
    """
    number = str(row["number"])
    held = deps.register.get(store.number_key(deps.stage.issuer, number))
    if held is None:
        return None
    dossier = store.load(deps.register, str(held.data["permit_id"]))
    if not dossier.legacy or held.data.get("void"):
        words = f"Tamga assigned {number} to a permit of its own. Check the number on the paper."
        return (FieldError("number", "taken", words),)
    differing = differences(dossier.record, row["record"])
    if dossier.issued_at != day_begins(str(row["issued_on"]), deps.stage):
        differing = ("issued_on", *differing)
    return tuple(
        FieldError(
            where,
            "conflict",
            f"The register has {dossier.number} with another value in this field and keeps it. Compare with the paper.",
        )
        for where in differing
    )


def require_import_or_confirm(actor: Actor, register: PermitRegister) -> None:
    """Require a role that may import or confirm, by token and by register. Raises `Forbidden`."""
    need_registered(actor, "confirm_legacy" if actor.may("confirm_legacy") else "import_legacy", register)


def _batch(batch_id: str, row: Row) -> Batch:
    data = dict(row.data)
    return Batch(id=batch_id, **{**data, "state": BatchState(data["state"]), "refused": tuple(data.get("refused", ()))})


def head_key(batch_id: str) -> Key:
    return Key(f"LEGACY#{batch_id}", "BATCH")


def row_key(batch_id: str, index: int) -> Key:
    return Key(f"LEGACY#{batch_id}", f"ROW#{index + 1:06d}")


def day_begins(issued_on: str, stage: Stage) -> int:
    """00:00:00 of the day of issue in the Party's time zone, Unix seconds. The books have no hour."""
    return int(datetime.combine(datetime.fromisoformat(issued_on), time(), ZoneInfo(stage.zone)).timestamp())


def differences(old: RowData, new: RowData) -> tuple[str, ...]:
    """Names of the fields in which two records differ: `valid_until`, `lines[0].quantity`, `exporter.name` ..."""
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


ROWS_AT_MOST = 20_000  # in one batch

AT_ONCE = 25  # rows in one transaction of `propose`

FILE_NAME_AT_MOST = 120

Tell = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Examined:
    """Result of `examine`, by index of the paper. `known`: in the register already, with the same content."""

    good: tuple[int, ...]
    known: tuple[int, ...]
    refused: Mapping[int, tuple[FieldError, ...]] = field(default_factory=dict)


def examine(papers: Sequence[Paper], actor: Actor, deps: SpeciesDeps, *, tell: Tell = lambda count: None) -> Examined:
    """Check every paper against the rules, the other papers and the register. Writes nothing.

    A number in the register with the same content is known. With other content it is refused with the differences.
    Raises `Forbidden`, and `Invalid` for over 20,000 papers.
    """
    need_registered(actor, "import_legacy", deps.register)
    if len(papers) > ROWS_AT_MOST:
        raise Invalid(FieldError("file", "too_many", f"At most {ROWS_AT_MOST} permits at once."))
    good: list[int] = []
    known: list[int] = []
    refused: dict[int, tuple[FieldError, ...]] = {}
    seen: dict[str, int] = {}
    firsts: dict[str, int | None] = {}
    for index, paper in enumerate(papers):
        faults = faults_of(paper, firsts, deps)
        if not faults:
            name = identity(paper.number)
            if name in seen:
                faults = (
                    FieldError(
                        "number",
                        "twice",
                        f"The same number as {papers[seen[name]].number} in another row. Give each permit once.",
                    ),
                )
            seen.setdefault(name, index)
        if not faults:
            row = _row(paper, deps.listing)
            there = compare_with_register(row, deps)
            if there is not None and not there:
                known.append(index)
            elif there:
                faults = there
            else:
                good.append(index)
        if faults:
            refused[index] = faults
        tell(index + 1)
    return Examined(tuple(good), tuple(known), refused)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that the papers of a batch come from."""

    name: str
    sha256: str


def propose(
    papers: Sequence[Paper], file: SourceFile, actor: Actor, deps: SpeciesDeps, *, tell: Tell = lambda count: None
) -> Batch:
    """Store papers that `examine` found good as a batch. The same papers of the same person give the same batch.

    A batch of another person, or one that this person took back, does not block it. An interrupted import continues
    where it stopped, since the head of the batch is written last. Raises `Forbidden`, `Invalid` if a paper is refused
    or known already, or there is none, and `WrongState` if the batch was rejected. Raises `DigestMismatch` if a stored
    row is not the one that was proposed.
    """
    found = examine(papers, actor, deps)
    if found.refused:
        raise Invalid(*(fault for faults in found.refused.values() for fault in faults))
    if not papers or found.known:
        words = "The file has no permit to import, or has permits that the register already has. Remove those."
        raise Invalid(FieldError("file", "nothing", words))
    rows = [_row(paper, deps.listing) for paper in papers]
    digest = digest_of(rows)
    batch_id = _batch_id(digest, actor, deps.register)
    for start in range(0, len(rows), AT_ONCE):
        puts = [Put(row_key(batch_id, start + i), row) for i, row in enumerate(rows[start : start + AT_ONCE])]
        try:
            deps.register.commit(*puts)
        except Conflict:
            for put in puts:
                row = deps.register.get(put.key)
                if row is None:
                    deps.register.commit(put)
                elif digest_of([row.data]) != digest_of([put.data]):
                    words = (
                        "A stored row of this batch differs from the file. Nothing was "
                        "proposed: report it to the administrators."
                    )
                    raise DigestMismatch(words) from None
        tell(min(start + AT_ONCE, len(rows)))
    head = {
        "digest": digest,
        "count": len(rows),
        "state": BatchState.PROPOSED,
        "by": actor.id,
        "by_name": actor.name,
        "at": deps.now,
        "file": file.name[:FILE_NAME_AT_MOST],
        "file_sha256": file.sha256,
    }
    try:
        deps.register.commit(Put(head_key(batch_id), head), Put(Key(INDEX, f"{deps.now:012d}#{batch_id}"), {}))
    except Conflict:
        held = load(batch_id, register=deps.register)
        if held.state == BatchState.REJECTED:
            words = "This batch was rejected. Correct the file and propose it again."
            raise WrongState(words, state=held.state) from None
        return held
    return load(batch_id, register=deps.register)


def _batch_id(digest: str, actor: Actor, register: PermitRegister) -> str:
    """Id of a person's own batch, so nobody can occupy or reject it for another person.

    After each batch that the person took back, the same rows get a new id.
    """
    for turn in count():
        batch_id = sha256(f"{digest}\n{actor.id}\n{turn}".encode()).hexdigest()[:24]
        row = register.get(head_key(batch_id))
        if row is None or row.data["state"] != BatchState.REJECTED or row.data["confirmed_by"] != actor.id:
            break
    return batch_id


def faults_of(paper: Paper, firsts: dict[str, int | None], deps: SpeciesDeps) -> tuple[FieldError, ...]:
    year, first = legacy_register.year_of(paper.number), None
    if year is not None:
        if year not in firsts:
            firsts[year] = _first_serial(year, deps)
        first = firsts[year]
    return legacy_register.check_paper(
        paper, deps.listing, deps.stage, today=deps.stage.today(deps.now), first_serial=first
    )


def _first_serial(year: str, deps: Deps) -> int | None:
    """First serial that Tamga gives out in a year. None for a past year without numbers from Tamga."""
    counter = deps.register.get(Key(f"COUNTER#{deps.stage.issuer}", year))
    if counter is not None:
        return int(counter.data.get("first", 1))
    this = deps.stage.today(deps.now).year % 100
    if int(year) < this:
        return None
    return deps.stage.first_serial if int(year) == this else 1


def _row(paper: Paper, listing: Listing) -> RowData:
    record = dict(legacy_register.legacy_record(paper, listing))
    return {"number": normalise_number(paper.number), "issued_on": paper.issued_on, "record": record}
