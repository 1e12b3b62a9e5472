"""The second person's word on a batch of the old paper register: confirmed, its rows count; rejected, they never do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import rules
from chalicelib.core.dossier import Approval, Dossier
from chalicelib.core.errors import DigestMismatch, FieldError, Forbidden, TwoPeople, Unavailable, WrongState
from chalicelib.core.legacy_rules import Paper
from chalicelib.core.listing import Listing
from chalicelib.core.permit import from_record, record_digest
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import legacy_batches, review_legacy, store
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.import_legacy import Tell, faults_of
from chalicelib.services.legacy_batches import Batch, day_begins, move, one_of_both, rows_of, standing
from chalicelib.services.people import need_registered


def confirm(
    batch_id: str, digest: str, actor: Actor, *, register: PermitRegister, listing: Listing, stage: Stage,
    new_id: Callable[[], str], now: int, similar: int = 0, tell: Tell = lambda count: None,
) -> Batch:  # fmt: skip
    """The second person's word: from then on the rows count. May be repeated where it was cut off.

    1 role, by token and register, and state   2 another person than the proposer   3 the digest that was read   4 the
    rows are what it stands for, and were shown to this person (review_legacy.py)   5 every row by the rules of today
    6 row by row one transaction: number, dossier, history, likeness
    `similar`: how many rows resemble another paper, as this person was shown and confirms. A row whose number came to
    the register meanwhile with other content is refused and named in the batch.
    """
    need_registered(actor, "confirm_legacy", register)
    held = legacy_batches.load(batch_id, register=register)
    if held.state == "rejected":  # 1
        raise WrongState("This batch was rejected.", state=held.state)
    if actor.id == held.by:  # 2
        raise TwoPeople("Whoever proposed a batch does not confirm it.")
    if digest != held.digest:  # 3
        raise DigestMismatch("The batch is not the one that was read.", digest=held.digest)
    if held.state == "confirmed":
        return held
    hands: dict[str, Any] = {"confirmed_by": actor.id, "confirmed_by_name": actor.name, "confirmed_at": now}
    rows = rows_of(held, register)  # 4
    hands["reviewed"] = review_legacy.need_read(held, rows, actor, similar, register=register, stage=stage)
    move(held, "proposed", "confirming", hands, register=register)
    refused: list[Mapping[str, Any]] = []
    firsts: dict[str, int | None] = {}
    for index, row in enumerate(rows):
        paper = Paper(str(row["number"]), str(row["issued_on"]), from_record({**row["record"], "form": "paper"}))
        faults = faults_of(paper, firsts, register=register, listing=listing, stage=stage, now=now)  # 5
        if not faults:
            made = _dossier(row, held, actor, stage, new_id(), now)
            faults = _enter(made, row, held, index, actor, register=register, stage=stage, now=now)  # 6
        if faults:
            refused.append({"row": index + 1, "number": row["number"], "reason": "; ".join(f.detail for f in faults)})
        tell(index + 1)
    return move(held, "confirming", "confirmed", {**hands, "refused": refused}, register=register)


def reject(batch_id: str, reason: str, actor: Actor, *, register: PermitRegister, now: int) -> Batch:
    """The second person's refusal; the proposer may take a batch of their own back. Nothing of it is ever found."""
    one_of_both(actor, register)
    held = legacy_batches.load(batch_id, register=register)
    if not actor.may("confirm_legacy") and actor.id != held.by:
        raise Forbidden("An approver rejects it, or who proposed it.")
    if held.state in {"confirming", "confirmed"}:
        raise WrongState("This batch was confirmed: its permits are revoked one by one.", state=held.state)
    checked_reason(reason)
    changes = {"confirmed_by": actor.id, "confirmed_by_name": actor.name, "confirmed_at": now, "reason": reason}
    return move(held, "proposed", "rejected", changes, register=register)


def _enter(
    made: Dossier, row: Mapping[str, Any], held: Batch, index: int, actor: Actor, *, register: PermitRegister,
    stage: Stage, now: int,
) -> tuple[FieldError, ...]:  # fmt: skip
    """One row's transaction; nothing to do for one that was entered before, by this batch or another."""
    detail = {
        "batch": held.id, "row": index + 1, "proposed_by": held.by, "proposed_by_name": held.by_name,
        "proposed_at": held.at, "file": held.file, "file_sha256": held.file_sha256,
    }  # fmt: skip
    number = Put(store.number_key(stage.issuer, made.number or ""), {"permit_id": made.id})
    puts = (number, review_legacy.like_put(row, stage))
    for _ in range(store.TRIES):
        there = standing(row, register=register, stage=stage)
        if there is not None:
            return there
        try:
            store.create(register, made, actor, now, *puts, action="import_legacy", detail=detail)
        except Conflict:
            continue
        return ()
    raise Unavailable("Others are writing this number; confirm again.")


def _dossier(row: Mapping[str, Any], held: Batch, actor: Actor, stage: Stage, new_id: str, now: int) -> Dossier:
    record = row["record"]
    digest = record_digest(record)
    return Dossier(
        id=new_id, version=1, state="issued", owner="", creator=held.by, editor=held.by, submitter=held.by,
        created_at=now, submitted_at=held.at, record=record, digest=digest,
        approval=Approval(actor.id, actor.name, now, digest), number=str(row["number"]),
        issued_at=day_begins(str(row["issued_on"]), stage),
        expires_at=rules.expires_at(str(record["valid_until"]), stage.zone),
    )  # fmt: skip
