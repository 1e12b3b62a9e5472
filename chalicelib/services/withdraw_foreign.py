"""An endorsement of another Party's paper taken back: an error of entry. Nothing is erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.core.errors import NoMatch, TamgaError, TwoPeople, WrongState
from chalicelib.core.foreign_paper import ForeignPaper
from chalicelib.core.ledger import Posts, Withdrawal, use_of
from chalicelib.core.roles import Actor
from chalicelib.ports import PermitRegister, Put
from chalicelib.services import foreign_papers, import_permits, store
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.foreign_numbers import Number
from chalicelib.services.import_permits import PairedUse
from chalicelib.services.record_foreign import change
from chalicelib.services.undo_rules import may_undo
from chalicelib.services.verify_permit import Checker
from chalicelib.services.withdraw_endorsement import Undo


def withdraw(
    paper_id: str, reason: str, actor: Actor, *, register: PermitRegister, checker: Checker, now: int,
    also: tuple[Put, ...] = (),
) -> ForeignPaper:  # fmt: skip
    """Take an endorsement back that was an error of entry, by the rule of a code's (`may_undo`). Nothing is erased.

    The use of our import permit that went with it is withdrawn too. `also`: written in the same transaction.
    """
    checked_reason(reason)

    def decide(paper: ForeignPaper, known: Number) -> ForeignPaper:
        done = paper.endorsed
        if done is None or not done.stands:
            raise WrongState("There is no endorsement to take back.")
        assert paper.use is not None
        may_undo(paper.use, (), actor, checker.posts, now)
        undone = {"at": now, "by": actor.id, "by_name": actor.name, "reason": reason}
        return paper.but(endorsed=replace(done, withdrawn=undone))

    def pair(paper: ForeignPaper) -> PairedUse | None:
        took = Withdrawal(paper.id, now, actor.id, reason)
        return import_permits.withdrawn(paper.id, took, register=register, checker=checker)

    return change(paper_id, actor, decide, "withdraw", register=register, now=now, operation="undo",
                  detail={"reason": reason}, pair=pair, also=also)  # fmt: skip


def undo_paper(paper_id: str, asked: Undo, register: PermitRegister, checker: Checker, now: int) -> dict[str, Any]:
    """Withdraw the endorsement of a foreign permit, asked for by the event id of the import permit's use with it."""
    half = import_permits.half_of(paper_id, register=register, checker=checker)
    done = foreign_papers.load(paper_id, register).use
    if half is None or done is None or half.use.event_id != asked.event_id:
        raise NoMatch("No such endorsement.")
    if asked.made_by is not None and asked.made_by.persons & done.hands:
        raise TwoPeople("Another person withdraws it.")
    left = [use for use in half.account.uses if use.event_id != asked.event_id]
    receipt = {
        "event_id": asked.undo_id, "undone": asked.event_id, "number": half.account.number, "at": now,
        "officer": asked.actor.name, "state": half.dossier.state, "use": use_of(half.account.kind, left),
    }  # fmt: skip
    event = Put(store.event_key(asked.undo_id), {**asked.mark, "receipt": receipt}, expect=0)
    withdraw(paper_id, asked.reason, asked.actor, register=register, checker=checker, now=now, also=(event,))
    return receipt


def may_withdraw(paper: ForeignPaper, actor: Actor, posts: Posts, now: int) -> bool:
    """Whether `withdraw` would let this person."""
    try:
        actor.need("undo")
        if paper.use is not None:
            may_undo(paper.use, (), actor, posts, now)
    except TamgaError:
        return False
    return paper.use is not None
