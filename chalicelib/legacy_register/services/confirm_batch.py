"""The second person's word on a batch of the old paper register: confirmed, its rows count; rejected, they never do.

What the second person was shown of a batch of the old register: chosen when it is shown, kept, asked for to confirm.

LEGACY#<batch>       SEEN#<actor>   seed of the sample, when it was shown first, whether every row was
LEGACY-LIKE#<iss>    <identity>     what a paper that was taken over is compared by (legacy_register/model.py)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.applications.rules import validity
from chalicelib.kernel.errors import DigestMismatch, FieldError, Forbidden, Invalid, TwoPeople, WrongState
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.kernel.stage import Stage
from chalicelib.kernel.text import checked_reason, count_of
from chalicelib.legacy_register import model as legacy_register
from chalicelib.legacy_register.model import Likeness, Paper, likeness
from chalicelib.legacy_register.services import import_batch
from chalicelib.legacy_register.services.import_batch import (
    Batch,
    Tell,
    day_begins,
    faults_of,
    move,
    one_of_both,
    rows_of,
    standing,
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
    """`row`: from 1; `why`: Appendix I, quantity, expires last, resembles, sample; `like`: numbers of other papers."""

    row: int
    why: tuple[str, ...]
    like: tuple[str, ...]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Review:
    """`similar`: how many rows resemble another paper; whoever confirms the batch confirms that number too."""

    batch: Batch
    rows: tuple[Shown, ...]
    similar: int


def review(batch_id: str, actor: Actor, deps: Deps, *, whole: bool = False) -> Review:
    """Everything that stands out or resembles, and a sample, the same for one person; `whole`: every row. Notes it.

    Raises `Forbidden`, `NoMatch`, `DigestMismatch`.
    """
    one_of_both(actor, deps.register)
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


def resembling(rows: Sequence[Mapping[str, Any]], deps: Deps) -> dict[int, tuple[str, ...]]:
    """Rows that may be a paper that is held, or another of the same batch, once more."""
    held = [
        Likeness(**{name: _tupled(value) for name, value in row.data.items()})
        for row in deps.register.query(_likes(deps.stage))
    ]
    return legacy_register.resembling([_of(row) for row in rows], held)


def need_read(held: Batch, rows: Sequence[Mapping[str, Any]], actor: Actor, similar: int, deps: Deps) -> dict[str, Any]:
    """What is kept with the confirmation. Raises `WrongState` for who was not shown the batch, `Invalid` for another
    number of rows that resemble than was confirmed.
    """
    seen = deps.register.get(_seen_key(held.id, actor))
    if seen is None:
        raise WrongState("Nobody confirms what was not shown to them: show the batch first.", state=held.state)
    alike = resembling(rows, deps)
    if similar != len(alike):
        rows_alike = count_of(len(alike), "row resembles", "rows resemble")
        words = f"{rows_alike} another paper: compare, then confirm that number."
        raise Invalid(FieldError("similar", "unconfirmed", words))
    drawn = [] if seen.data["whole"] else legacy_register.sample(len(rows), bytes.fromhex(seen.data["seed"]))
    return {**seen.data, "sample": [at + 1 for at in drawn], "similar": similar}


def like_put(row: Mapping[str, Any], stage: Stage) -> Put:
    """For the transaction that takes a row over: later ones are compared with it."""
    made = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(_of(row)).items()}
    return Put(Key(_likes(stage), identity(str(row["number"]))), made)


def _of(row: Mapping[str, Any]) -> Likeness:
    return likeness(str(row["number"]), str(row["issued_on"]), row["record"])


def _note(held: Batch, actor: Actor, whole: bool, deps: Deps) -> Mapping[str, Any]:
    key = _seen_key(held.id, actor)

    def attempt() -> Mapping[str, Any]:
        row = deps.register.get(key)
        if row is not None and (row.data["whole"] or not whole):
            return row.data
        fresh = {"seed": deps.random_bytes(16).hex(), "at": deps.now}
        made = {**(row.data if row else fresh), "whole": whole}
        deps.register.commit(Put(key, made, expect=row.version if row else 0))
        return made

    return transact(attempt, "You are reading this batch elsewhere; try again.")


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value


def _likes(stage: Stage) -> str:
    return f"LEGACY-LIKE#{stage.issuer}"


def _seen_key(batch_id: str, actor: Actor) -> Key:
    return Key(f"LEGACY#{batch_id}", f"SEEN#{actor.id}")


def confirm(
    batch_id: str, digest: str, actor: Actor, deps: SpeciesDeps, *, similar: int = 0, tell: Tell = lambda count: None
) -> Batch:
    """The second person's word: from then on the rows count. May be repeated where it was cut off.

    1 role, by token and register, and state   2 another person than the proposer   3 the digest that was read   4 the
    rows are what it stands for, and were shown to this person (legacy_register/services/confirm_batch.py)   5 every
    row by the rules of today
    6 row by row one transaction: number, dossier, history, likeness
    `similar`: how many rows resemble another paper, as this person was shown and confirms. A row whose number came to
    the register meanwhile with other content is refused and named in the batch.
    """
    need_registered(actor, "confirm_legacy", deps.register)
    held = import_batch.load(batch_id, register=deps.register)
    if held.state == "rejected":  # 1
        raise WrongState("This batch was rejected.", state=held.state)
    if actor.id == held.by:  # 2
        raise TwoPeople("Whoever proposed a batch does not confirm it.")
    if digest != held.digest:  # 3
        raise DigestMismatch("The batch is not the one that was read.", digest=held.digest)
    if held.state == "confirmed":
        return held
    hands: dict[str, Any] = {"confirmed_by": actor.id, "confirmed_by_name": actor.name, "confirmed_at": deps.now}
    rows = rows_of(held, deps.register)  # 4
    hands["reviewed"] = need_read(held, rows, actor, similar, deps)
    move(held, "proposed", "confirming", hands, register=deps.register)
    refused: list[Mapping[str, Any]] = []
    firsts: dict[str, int | None] = {}
    for index, row in enumerate(rows):
        paper = Paper(str(row["number"]), str(row["issued_on"]), from_record({**row["record"], "form": "paper"}))
        faults = faults_of(paper, firsts, deps)  # 5
        if not faults:
            made = _dossier(row, held, actor, deps.stage, deps.new_id(), deps.now)
            faults = _enter(made, row, held, index, actor, deps)  # 6
        if faults:
            refused.append({"row": index + 1, "number": row["number"], "reason": "; ".join(f.detail for f in faults)})
        tell(index + 1)
    return move(held, "confirming", "confirmed", {**hands, "refused": refused}, register=deps.register)


def reject(batch_id: str, reason: str, actor: Actor, deps: Deps) -> Batch:
    """The second person's refusal; the proposer may take a batch of their own back. Nothing of it is ever found."""
    one_of_both(actor, deps.register)
    held = import_batch.load(batch_id, register=deps.register)
    if not actor.may("confirm_legacy") and actor.id != held.by:
        raise Forbidden("An approver rejects it, or who proposed it.")
    if held.state in {"confirming", "confirmed"}:
        raise WrongState("This batch was confirmed: its permits are revoked one by one.", state=held.state)
    checked_reason(reason)
    changes = {"confirmed_by": actor.id, "confirmed_by_name": actor.name, "confirmed_at": deps.now, "reason": reason}
    return move(held, "proposed", "rejected", changes, register=deps.register)


def _enter(
    made: Dossier, row: Mapping[str, Any], held: Batch, index: int, actor: Actor, deps: Deps
) -> tuple[FieldError, ...]:
    """One row's transaction; nothing to do for one that was entered before, by this batch or another."""
    detail = {
        "batch": held.id,
        "row": index + 1,
        "proposed_by": held.by,
        "proposed_by_name": held.by_name,
        "proposed_at": held.at,
        "file": held.file,
        "file_sha256": held.file_sha256,
    }
    number = Put(store.number_key(deps.stage.issuer, made.number or ""), {"permit_id": made.id})
    puts = (number, like_put(row, deps.stage))

    def attempt() -> tuple[FieldError, ...]:
        there = standing(row, deps)
        if there is not None:
            return there
        store.create(made, actor, deps, *puts, action="import_legacy", detail=detail)
        return ()

    return transact(attempt, "Others are writing this number; confirm again.")


def _dossier(row: Mapping[str, Any], held: Batch, actor: Actor, stage: Stage, new_id: str, now: int) -> Dossier:
    record = row["record"]
    digest = record_digest(record)
    return Dossier(
        id=new_id,
        version=1,
        state="issued",
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
