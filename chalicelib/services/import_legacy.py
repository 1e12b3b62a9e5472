"""The old paper register, taken over as batches: one person proposes rows, another confirms them, then they count.

An import adds permits that nobody signed: it is issuing by another door, so it has two people and a digest too. Until
a batch is confirmed (confirm_legacy.py) its rows have no number row (`store.number_key`): no verifier, officer or
search finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

from chalicelib.core import legacy_rules
from chalicelib.core.errors import DigestMismatch, FieldError, Invalid, WrongState
from chalicelib.core.legacy_number import identity, written
from chalicelib.core.legacy_rules import Paper
from chalicelib.core.listing import Listing
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services import legacy_batches
from chalicelib.services.legacy_batches import Batch, digest_of, head_key, row_key, standing
from chalicelib.services.people import need_registered

ROWS_AT_MOST = 20_000  # of one batch
AT_ONCE = 25  # rows of one transaction while proposing
FILE_NAME_AT_MOST = 120

Tell = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Examined:
    """What papers come to, by their index; `known`: there already, with the same content."""

    good: tuple[int, ...]
    known: tuple[int, ...]
    refused: Mapping[int, tuple[FieldError, ...]] = field(default_factory=dict)


def examine(
    papers: Sequence[Paper], actor: Actor, *, register: PermitRegister, listing: Listing, stage: Stage, now: int,
    tell: Tell = lambda count: None,
) -> Examined:  # fmt: skip
    """Judge every paper by the rules, against the others and against the register; writes nothing.

    The same number and the same content as in the register: known. Other content: refused, naming the differences.
    """
    need_registered(actor, "import_legacy", register)
    if len(papers) > ROWS_AT_MOST:
        raise Invalid(FieldError("file", "too_many", f"At most {ROWS_AT_MOST} permits at once."))
    good: list[int] = []
    known: list[int] = []
    refused: dict[int, tuple[FieldError, ...]] = {}
    seen: dict[str, int] = {}
    firsts: dict[str, int | None] = {}
    for index, paper in enumerate(papers):
        faults = faults_of(paper, firsts, register=register, listing=listing, stage=stage, now=now)
        if not faults:
            name = identity(paper.number)
            if name in seen:
                faults = (FieldError("number", "twice", f"Reads the same as number {papers[seen[name]].number}."),)
            seen.setdefault(name, index)
        if not faults:
            row = _row(paper, listing)
            there = standing(row, register=register, stage=stage)
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


def propose(
    papers: Sequence[Paper], actor: Actor, *, file: str, file_sha256: str, register: PermitRegister, listing: Listing,
    stage: Stage, now: int, tell: Tell = lambda count: None,
) -> Batch:  # fmt: skip
    """Store papers that `examine` found good as a batch; the same papers again, by the same person, are the same batch.

    Another's batch is never in the way, nor is one that this person took back.
    An import that was cut off is taken up where it stopped: its head is written last. Raises `Invalid` for a paper that
    breaks a rule, `WrongState` for a batch that was rejected.
    """
    found = examine(papers, actor, register=register, listing=listing, stage=stage, now=now)
    if found.refused:
        raise Invalid(*(fault for faults in found.refused.values() for fault in faults))
    if not papers or found.known:
        raise Invalid(FieldError("file", "nothing", "There is nothing to take over."))
    rows = [_row(paper, listing) for paper in papers]
    digest = digest_of(rows)
    batch_id = _batch_id(digest, actor, register)
    for start in range(0, len(rows), AT_ONCE):
        puts = [Put(row_key(batch_id, start + i), row) for i, row in enumerate(rows[start : start + AT_ONCE])]
        try:
            register.commit(*puts)
        except Conflict:
            for put in puts:
                row = register.get(put.key)
                if row is None:
                    register.commit(put)
                elif digest_of([row.data]) != digest_of([put.data]):
                    raise DigestMismatch("A row of this batch is not what was proposed.") from None
        tell(min(start + AT_ONCE, len(rows)))
    head = {
        "digest": digest, "count": len(rows), "state": "proposed", "by": actor.id, "by_name": actor.name, "at": now,
        "file": file[:FILE_NAME_AT_MOST], "file_sha256": file_sha256,
    }  # fmt: skip
    try:
        register.commit(Put(head_key(batch_id), head), Put(Key(legacy_batches.INDEX, f"{now:012d}#{batch_id}"), {}))
    except Conflict:
        held = legacy_batches.load(batch_id, register=register)
        if held.state == "rejected":
            raise WrongState("This batch was rejected: correct the file.", state=held.state) from None
        return held
    return legacy_batches.load(batch_id, register=register)


def _batch_id(digest: str, actor: Actor, register: PermitRegister) -> str:
    """Each person's own: nobody occupies or rejects it for another. Another one after each that was taken back."""
    for turn in count():
        batch_id = sha256(f"{digest}\n{actor.id}\n{turn}".encode()).hexdigest()[:24]
        row = register.get(head_key(batch_id))
        if row is None or row.data["state"] != "rejected" or row.data["confirmed_by"] != actor.id:
            break
    return batch_id


def faults_of(
    paper: Paper, firsts: dict[str, int | None], *, register: PermitRegister, listing: Listing, stage: Stage, now: int
) -> tuple[FieldError, ...]:
    year, first = legacy_rules.year_of(paper.number), None
    if year is not None:
        if year not in firsts:
            firsts[year] = _first_serial(year, register=register, stage=stage, now=now)
        first = firsts[year]
    return legacy_rules.check_paper(paper, listing, stage, today=stage.today(now), first_serial=first)


def _first_serial(year: str, *, register: PermitRegister, stage: Stage, now: int) -> int | None:
    """From which serial on a year's numbers are Tamga's own; None: it gave out none in that year, and never will."""
    counter = register.get(Key(f"COUNTER#{stage.issuer}", year))
    if counter is not None:
        return int(counter.data.get("first", 1))
    this = stage.today(now).year % 100
    return stage.first_serial if int(year) == this else None if int(year) < this else 1


def _row(paper: Paper, listing: Listing) -> dict[str, Any]:
    record = dict(legacy_rules.legacy_record(paper, listing))
    return {"number": written(paper.number), "issued_on": paper.issued_on, "record": record}
