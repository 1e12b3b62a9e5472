"""Review, confirm or reject a batch of the old paper register. A second person decides.

Rows of a confirmed batch become permits, but rows of a rejected one never do. The review chooses the rows to show and
records the choice. Without that record the person cannot confirm.

LEGACY#<batch>       SEEN#<actor>   seed of the sample, time of the first review, whether all rows were shown
LEGACY-LIKE#<iss>    <identity>     comparison keys of a paper that was taken over (`Likeness`)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.applications.rules import validity
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import DigestMismatch, FieldError, Forbidden, Invalid, TwoPeople, WrongState
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.kernel.stage import Stage
from chalicelib.kernel.text import checked_reason, count_of
from chalicelib.legacy_register import model as legacy_register
from chalicelib.legacy_register.model import Likeness, Paper, likeness
from chalicelib.legacy_register.services import import_batch
from chalicelib.legacy_register.services.import_batch import (
    Batch,
    BatchState,
    Tell,
    change_state,
    compare_with_register,
    day_begins,
    faults_of,
    require_import_or_confirm,
    rows_of,
)
from chalicelib.people.services import need_registered
from chalicelib.permits.model.dossier import Approval, Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.platform.transact import transact
from chalicelib.record.permit import from_record, record_digest
from chalicelib.species.services.list_in_use import SpeciesDeps


@dataclass(frozen=True, slots=True)
class Shown:
    """Row to review. `row`: counted from 1. `why`: Appendix I, quantity, expires last, resembles, sample.

    `like`: numbers of the papers that it resembles.
    """

    row: int
    why: tuple[str, ...]
    like: tuple[str, ...]
    data: RowData


@dataclass(frozen=True, slots=True)
class Review:
    """Batch with the rows to review.

    `similar` is the number of rows that resemble another paper. It is confirmed with the batch.
    """

    batch: Batch
    rows: tuple[Shown, ...]
    similar: int


def review(batch_id: str, actor: Actor, deps: Deps, *, whole: bool = False) -> Review:
    """Choose the rows to review: outliers, rows that resemble another paper, and a sample. Record the review.

    The sample stays the same for one person. `whole`: show every row. Raises `Forbidden`, `NoMatch`, `DigestMismatch`.
    """
    require_import_or_confirm(actor, deps.register)
    held = import_batch.load(batch_id, register=deps.register)
    rows = rows_of(held, deps.register)
    seen = _note(held, actor, whole, deps)
    why = {at: list(words) for at, words in legacy_register.outliers(rows).items()}
    alike = resembling(rows, deps)
    for at in alike:
        why.setdefault(at, []).append("resembles")
    for at in range(len(rows)) if whole else legacy_register.sample(len(rows), bytes.fromhex(seen["seed"])):
        why.setdefault(at, ["sample"])
    shown = (Shown(at + 1, tuple(why[at]), alike.get(at, ()), rows[at]) for at in sorted(why))
    return Review(held, tuple(shown), len(alike))


def resembling(rows: Sequence[RowData], deps: Deps) -> dict[int, tuple[str, ...]]:
    """Find rows that may duplicate a paper of the register or of the batch: row index -> numbers of those papers."""
    held = [
        Likeness(**{name: _tupled(value) for name, value in row.data.items()})
        for row in deps.register.query(_likes(deps.stage))
    ]
    return legacy_register.resembling([_of(row) for row in rows], held)


def need_read(held: Batch, rows: Sequence[RowData], actor: Actor, similar: int, deps: Deps) -> RowData:
    """Return the record of this person's review, to store with the confirmation.

    Raises `WrongState` if the person has not seen the batch, and `Invalid` if `similar` is not the present number of
    rows that resemble another paper.
    """
    seen = deps.register.get(_seen_key(held.id, actor))
    if seen is None:
        raise WrongState("You have not read this batch. Show it first, then confirm it.", state=held.state)
    alike = resembling(rows, deps)
    if similar != len(alike):
        rows_alike = count_of(len(alike), "row resembles", "rows resemble")
        words = f"{rows_alike} another paper. Compare them, then give this number of rows in 'similar'."
        raise Invalid(FieldError("similar", "unconfirmed", words))
    drawn = [] if seen.data["whole"] else legacy_register.sample(len(rows), bytes.fromhex(seen.data["seed"]))
    return {**seen.data, "sample": [at + 1 for at in drawn], "similar": similar}


def likeness_put(row: RowData, stage: Stage) -> Put:
    """Write of a row's comparison keys, for the transaction that takes it over. Later rows are compared with them."""
    made = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(_of(row)).items()}
    return Put(Key(_likes(stage), identity(str(row["number"]))), made)


def _of(row: RowData) -> Likeness:
    return likeness(str(row["number"]), str(row["issued_on"]), row["record"])


def _note(held: Batch, actor: Actor, whole: bool, deps: Deps) -> RowData:
    key = _seen_key(held.id, actor)

    def attempt() -> RowData:
        row = deps.register.get(key)
        if row is not None and (row.data["whole"] or not whole):
            return row.data
        fresh = {"seed": deps.random_bytes(16).hex(), "at": deps.now}
        made = {**(row.data if row else fresh), "whole": whole}
        deps.register.commit(Put(key, made, expected_version=row.version if row else 0))
        return made

    return transact(attempt, "You are reading this batch elsewhere; try again.")


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value


def _likes(stage: Stage) -> str:
    return f"LEGACY-LIKE#{stage.issuer}"


def _seen_key(batch_id: str, actor: Actor) -> Key:
    return Key(f"LEGACY#{batch_id}", f"SEEN#{actor.id}")


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """A batch as the second person read it. `similar`: the number of rows that resemble another paper."""

    id: str
    digest: str
    similar: int = 0


def confirm(read: ReadBatch, actor: Actor, deps: SpeciesDeps, *, tell: Tell = lambda count: None) -> Batch:
    """Confirm a batch as second person and take its rows over. A run that was cut off can be repeated.

    1 role, by token and register, and state   2 another person than the proposer   3 the digest that was read
    4 the rows match the digest, and this person has seen them   5 every row by the rules of today
    6 one transaction a row: number, dossier, history, likeness
    A row that breaks a rule today, or has a number that the register meanwhile has with other content, is refused and
    listed in the batch.
    Raises `Forbidden`, `NoMatch`, `WrongState`, `TwoPeople`, `DigestMismatch`, `Invalid`.
    """
    need_registered(actor, "confirm_legacy", deps.register)
    held = import_batch.load(read.id, register=deps.register)
    if held.state == BatchState.REJECTED:  # 1
        raise WrongState("This batch was rejected and cannot be confirmed. Propose a corrected file.", state=held.state)
    if actor.id == held.by:  # 2
        raise TwoPeople("You proposed this batch. Another person must confirm it.")
    if read.digest != held.digest:  # 3
        words = "The digest is not that of this batch. Show the batch again and confirm the digest that it shows."
        raise DigestMismatch(words, digest=held.digest)
    if held.state == BatchState.CONFIRMED:
        return held
    confirmation: dict[str, Any] = {"confirmed_by": actor.id, "confirmed_by_name": actor.name, "confirmed_at": deps.now}
    rows = rows_of(held, deps.register)  # 4
    confirmation["reviewed"] = need_read(held, rows, actor, read.similar, deps)
    change_state(held, BatchState.PROPOSED, BatchState.CONFIRMING, confirmation, register=deps.register)
    refused: list[RowData] = []
    firsts: dict[str, int | None] = {}
    for index, row in enumerate(rows):
        paper = Paper(str(row["number"]), str(row["issued_on"]), from_record({**row["record"], "form": "paper"}))
        faults = faults_of(paper, firsts, deps)  # 5
        if not faults:
            made = _dossier(row, held, actor, deps)
            faults = _enter(made, row, _origin(held, index), actor, deps)  # 6
        if faults:
            refused.append({"row": index + 1, "number": row["number"], "reason": "; ".join(f.detail for f in faults)})
        tell(index + 1)
    return change_state(
        held, BatchState.CONFIRMING, BatchState.CONFIRMED, {**confirmation, "refused": refused}, register=deps.register
    )


def reject(batch_id: str, reason: str, actor: Actor, deps: Deps) -> Batch:
    """Reject a batch as second person, or take it back as its proposer. Its rows never become permits.

    Raises `Forbidden`, `NoMatch`, `WrongState` if it is being or was confirmed, and `Invalid` without a usable reason.
    """
    require_import_or_confirm(actor, deps.register)
    held = import_batch.load(batch_id, register=deps.register)
    if not actor.may("confirm_legacy") and actor.id != held.by:
        raise Forbidden("Only an approver or the proposer of this batch may reject it.")
    if held.state in {BatchState.CONFIRMING, BatchState.CONFIRMED}:
        words = "This batch was confirmed and cannot be rejected. Revoke its permits one by one."
        raise WrongState(words, state=held.state)
    checked_reason(reason)
    changes = {"confirmed_by": actor.id, "confirmed_by_name": actor.name, "confirmed_at": deps.now, "reason": reason}
    return change_state(held, BatchState.PROPOSED, BatchState.REJECTED, changes, register=deps.register)


def _origin(held: Batch, index: int) -> RowData:
    """The row of a batch that a permit comes from, for the permit's history."""
    return {
        "batch": held.id,
        "row": index + 1,
        "proposed_by": held.by,
        "proposed_by_name": held.by_name,
        "proposed_at": held.at,
        "file": held.file,
        "file_sha256": held.file_sha256,
    }


def _enter(made: Dossier, row: RowData, origin: RowData, actor: Actor, deps: Deps) -> tuple[FieldError, ...]:
    """Take over one row in one transaction. Do nothing if it was taken over before, by this batch or another.

    Returns the refusals if the register has its number with other content.
    """
    number = Put(store.number_key(deps.stage.issuer, made.issued.number), {"permit_id": made.id})
    puts = (number, likeness_put(row, deps.stage))

    def attempt() -> tuple[FieldError, ...]:
        there = compare_with_register(row, deps)
        if there is not None:
            return there
        store.create(made, actor, deps, *puts, action="import_legacy", detail=origin)
        return ()

    return transact(attempt, "Others are writing this number; confirm again.")


def _dossier(row: RowData, held: Batch, actor: Actor, deps: Deps) -> Dossier:
    stage, now = deps.stage, deps.now
    record = row["record"]
    digest = record_digest(record)
    return Dossier(
        id=deps.new_id(),
        version=1,
        state=State.ISSUED,
        owner="",
        creator=held.by,
        editor=held.by,
        submitter=held.by,
        created_at=now,
        submitted_at=held.at,
        record=record,
        digest=digest,
        approval=Approval(actor.id, actor.name, now, digest),
        number=str(row["number"]),
        issued_at=day_begins(str(row["issued_on"]), stage),
        expires_at=validity.expires_at(str(record["valid_until"]), stage.zone),
    )
