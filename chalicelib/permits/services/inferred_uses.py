"""Uses inferred from a published status list after a restore, until the event itself comes in.

A list shows that there was a use. When, where and how much is in the event. Until the event comes in
(`UseAccount.without_inferred`), an inferred use counts like any other. An approver undoes one that is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.rows import Put, RowData
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.trust.model import status_list
from chalicelib.uses.use import FROM_LIST, Use, UsedLine

BY_USE = (status_list.USED, status_list.IMPORTED)  # values that a device's events change, also during the restore lock


def direction(kind: str, listed: int) -> Direction:
    """The direction of the use that a list entry shows.

    An entry that hides the use (suspended, lost) gives the main direction of the kind of document.
    """
    imported = listed == status_list.IMPORTED or KINDS[kind].letter == "I"
    return Direction.IMPORT if imported else Direction.EXPORT


def is_inferred(uses: Sequence[Use], kind: str, as_of: int) -> bool:
    """True if one of these uses is in a list that shows the register up to `as_of`.

    Such a use counts, has this direction, and was made by then or received before then.
    """
    return any(u.counts and u.kind == kind and (u.at <= as_of or u.received_at < as_of) for u in uses)


def inferred(dossier: Dossier, listed: int, as_of: int, officer: str, deps: Deps) -> tuple[Use, Put] | None:
    """The inferred use and its event's row.

    None if the permit has the use already, or is for many crossings, since its uses do not change the list entry.

    An entry of suspended or lost hides whether there was a use. The inferred use is then marked `late`, and a verdict
    asks to compare (L2) in every direction. That ends when the event comes in or an approver undoes the use.
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
        received_at=deps.now,
    )
    event: RowData = {
        "officer": officer,
        "hash": "",
        "permit": [deps.stage.issuer, dossier.number],
        "receipt": {"event_id": event_id, "number": dossier.number, "kind": use.kind, "at": use.at},
    }
    return use, Put(store.event_key(event_id), event)
