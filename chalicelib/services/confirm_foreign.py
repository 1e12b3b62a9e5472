"""A second person confirms a stamp on another Party's paper that was entered later; from then on it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core import ledger
from chalicelib.core.errors import NotUsable, TwoPeople
from chalicelib.core.foreign_paper import ForeignPaper
from chalicelib.core.roles import Actor
from chalicelib.ports import PermitRegister
from chalicelib.services import import_permits
from chalicelib.services.endorse_permit import of_its_body
from chalicelib.services.foreign_numbers import Number
from chalicelib.services.import_permits import PairedUse
from chalicelib.services.record_foreign import change
from chalicelib.services.verify_permit import Checker


def confirm(paper_id: str, actor: Actor, *, register: PermitRegister, checker: Checker, now: int) -> ForeignPaper:
    """The paper, used at the stamp's time and place; as a conflict where its number was used too, told to the desks.

    The same again by the same person is a success. Raises `NotUsable`, `TwoPeople`, `Forbidden`, `NoMatch`.
    """

    def decide(paper: ForeignPaper, known: Number) -> ForeignPaper:
        done, use = paper.endorsed, paper.use
        if done is not None and done.stands and done.confirmed_by == actor.id:
            return paper
        if done is None or use is None or done.result != "pending" or not done.stands:
            raise NotUsable("This endorsement does not wait for a second person.")
        of_its_body(actor, paper.post, checker.posts)
        if actor.id in use.hands:
            raise TwoPeople("The second person is another one.")
        kind, allowed = known.kind(paper.record["document_type"]), known.allowed(paper.allowed)
        result = ledger.settle(kind, known.others(paper.id), use, allowed, checker.posts)
        return paper.but(endorsed=replace(done, result=result, confirmed_by=actor.id, confirmed_by_name=actor.name))

    def pair(paper: ForeignPaper) -> PairedUse | None:
        return import_permits.confirmed(paper.use, register=register, checker=checker) if paper.use else None

    def faults(paper: ForeignPaper, paired: PairedUse | None) -> Sequence[str]:
        return paired.shortfall if paired else ()

    return change(paper_id, actor, decide, "confirm", register=register, now=now, operation="endorse", tell=True,
                  pair=pair, faults=faults, posts=checker.posts)  # fmt: skip
