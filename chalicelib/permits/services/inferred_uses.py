"""Uses that after a restore only a published list tells of: when, where and how much, the event itself will say.

Until it does (`Account.told_now`), such a use counts like any other; what it is not, an approver undoes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.trust.model import status_list
from chalicelib.uses.use import FROM_LIST, Use, UsedLine

BY_USE = (status_list.USED, status_list.IMPORTED)  # the values that a device moves, also while the gate is shut


def direction(kind: str, listed: int) -> str:
    """What an entry tells of; of one that hides it (suspended, lost), what the permit is for first of all."""
    return "import" if listed == status_list.IMPORTED or KINDS[kind].letter == "I" else "export"


def is_inferred(uses: Sequence[Use], kind: str, as_of: int) -> bool:
    """Whether one of these is what a list of that time told of."""
    return any(u.counts and u.kind == kind and (u.at <= as_of or u.received_at < as_of) for u in uses)


def inferred(dossier: Dossier, listed: int, as_of: int, issuer: str, officer: str, now: int) -> tuple[Use, Put] | None:
    """The use and its event's row; None if the permit has it already, or its uses move no entry.

    An entry that says suspended or lost hides whether there was one: it is taken for `late` then, so that a verdict
    asks for a look (L2) whatever the direction, until the event comes in or an approver undoes it.
    """
    event_id = store.derived_event_id(dossier.id, f"list-{listed}")
    if KINDS[dossier.kind].many_crossings or any(use.event_id == event_id for use in dossier.uses):
        return None
    use = Use(
        event_id=event_id,
        kind=direction(dossier.kind, listed),
        post="",
        at=as_of,
        officer="",
        lines=tuple(UsedLine(letter, allowance.quantity) for letter, allowance in dossier.allowed.items()),
        recorded=FROM_LIST,
        late=listed not in BY_USE,
        received_at=now,
    )
    event: dict[str, Any] = {
        "officer": officer,
        "hash": "",
        "permit": [issuer, dossier.number],
        "receipt": {"event_id": event_id, "number": dossier.number, "kind": use.kind, "at": use.at},
    }
    return use, Put(store.event_key(event_id), event)
