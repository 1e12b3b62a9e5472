"""An endorsement taken back: goods still here, or an entry error. Nothing is erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.core import filing, ledger
from chalicelib.core.errors import FieldError, Forbidden, Invalid, NotUsable, TwoPeople, Unavailable
from chalicelib.core.ledger import Posts, Use, use_of
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import store
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.endorse_permit import answered, day_puts, find_use, of_its_body
from chalicelib.services.endorsement import UUID
from chalicelib.services.verify_permit import Checker

UNDO_WINDOW = 86400  # seconds after the crossing


def undo(
    event_id: str,
    undo_id: str,
    reason: str,
    actor: Actor,
    *,
    register: PermitRegister,
    checker: Checker,
    now: int,
    made_by: Actor | None = None,
) -> dict[str, Any]:
    """Withdraw an endorsement: within 24 hours by another person of that post, later by an approver.

    Never by the officer who made it or their deputy, never after an import. Nothing is erased; verdicts show U7 for
    180 days. `made_by`: whose offline undo `actor` brings in: it counts by the rights of the latter alone, and neither
    may have made the endorsement.
    """
    actor.need("undo")
    checked_reason(reason)
    if not UUID.fullmatch(undo_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this undo."))
    mark = {"officer": (made_by or actor).id, "hash": store.request_hash({"undo": event_id, "reason": reason})}
    for _ in range(store.TRIES):
        stored = register.get(store.event_key(undo_id))
        if stored is not None:
            return answered(stored, mark)
        account, use = find_use(event_id, register=register, checker=checker)
        if made_by is not None and made_by.persons & use.hands:
            raise TwoPeople("Another person withdraws it.")
        may_undo(use, account.all_uses, actor, checker.posts, now)
        withdrawn = replace(use, withdrawn=ledger.Withdrawal(undo_id, now, actor.id, reason))
        uses = filing.compacted([withdrawn if u.event_id == event_id else u for u in account.uses])
        receipt = {
            "event_id": undo_id, "undone": event_id, "number": account.number, "at": now, "officer": actor.name,
            "state": account.dossier.state if account.dossier else "foreign",
            "use": use_of(account.kind, account.counted(uses)),
        }  # fmt: skip
        detail: dict[str, Any] = {"event_id": event_id, "reason": reason, "use": store.dump_uses((use,))[0]}
        if made_by is not None:
            detail |= {"made_by": made_by.id, "made_by_name": made_by.name}
        try:
            register.commit(
                *account.puts(uses, actor, now, "undo", detail, register=register),
                Put(store.event_key(undo_id), {**mark, "receipt": receipt}, expect=0),
                *day_puts(withdrawn, account, expect=None),
            )
        except Conflict:
            continue
        return receipt
    raise Unavailable("Others are changing this permit; try again.")


def may_undo(use: Use, uses: tuple[Use, ...], actor: Actor, posts: Posts, now: int) -> None:
    """Raises `NotUsable`, `TwoPeople` or `Forbidden`. `uses`: all of the permit; an export is looked at beside them."""
    if use.withdrawn is not None:
        raise NotUsable("This endorsement was withdrawn already.")
    if use.kind == "export" and any(u.kind == "import" and u.counts for u in uses):
        raise NotUsable("The goods have arrived: an export endorsement is no longer withdrawn.")
    if actor.persons & use.hands:
        raise TwoPeople("Another person withdraws it.")
    if "approver" in actor.roles:
        return
    of_its_body(actor, use.post, posts)
    if now - min(use.at, use.received_at) > UNDO_WINDOW:
        raise Forbidden("After 24 hours an approver withdraws it, with the carrier's paper.")
