"""Who may take an endorsement back, and how long."""

from __future__ import annotations

from chalicelib.core.errors import Forbidden, NotUsable, TwoPeople
from chalicelib.core.ledger import Posts, Use
from chalicelib.core.roles import Actor
from chalicelib.services.endorse_permit import of_its_body

UNDO_WINDOW = 86400  # seconds after the crossing


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
