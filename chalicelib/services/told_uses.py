"""Uses that after a restore only a published list tells of: when, where and how much, the event itself will say.

Until it does (`Account.told_now`), such a use counts like any other; what it is not, an approver undoes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.core import status_list
from chalicelib.core.codes import KINDS
from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import Use, UsedLine
from chalicelib.ports import Put
from chalicelib.services import store
from chalicelib.services.accounts import FROM_LIST, Account
from chalicelib.services.verify_permit import Checker

BY_USE = (status_list.USED, status_list.IMPORTED)  # the values that a device moves, also while the gate is shut


def direction(kind: str, listed: int) -> str:
    """What an entry tells of; of one that hides it (suspended, lost), what the permit is for first of all."""
    return "import" if listed == status_list.IMPORTED or KINDS[kind].letter == "I" else "export"


def knows(uses: Sequence[Use], kind: str, as_of: int) -> bool:
    """Whether one of these is what a list of that time told of."""
    return any(u.counts and u.kind == kind and (u.at <= as_of or u.received_at < as_of) for u in uses)


def told(dossier: Dossier, listed: int, as_of: int, issuer: str, officer: str, now: int) -> tuple[Use, Put] | None:
    """The use and its event's row; None if the permit has it already, or its uses move no entry.

    An entry that says suspended or lost hides whether there was one: it is taken for `late` then, so that a verdict
    asks for a look (L2) whatever the direction, until the event comes in or an approver undoes it.
    """
    event_id = store.following(dossier.id, f"list-{listed}")
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
        "officer": officer, "hash": "", "permit": [issuer, dossier.number],
        "receipt": {"event_id": event_id, "number": dossier.number, "kind": use.kind, "at": use.at},
    }  # fmt: skip
    return use, Put(store.event_key(event_id), event)


def heard_before(
    account: Account, new: Use, *, checker: Checker, told_until: Callable[[int], int], now: int
) -> tuple[Account, tuple[Put, ...]]:
    """For what devices bring while the register is shut: the account with the use that our list tells of, if the
    event is a later one and so another; else both would leave the same entry, and the first be forgotten.

    `dossier` stays as it was read. Raises `Unavailable`.
    """
    dossier = account.dossier
    listed = (
        checker.listed(account.issuer, dossier.status_uri) if dossier and dossier.status_uri and new.counts else None
    )
    if dossier is None or listed is None or (value := listed.value(dossier.status_idx or 0)) not in BY_USE:
        return account, ()
    as_of, kind = told_until(listed.issued_at), direction(dossier.kind, value)
    own = any(u.kind == kind and (u.counts or u.received_at >= as_of) for u in account.uses)
    if own or new.at <= as_of:  # a list that is kept alive says as well what devices brought since
        return account, ()
    made = told(dossier, value, as_of, account.issuer, "", now)
    return (replace(account, uses=(*account.uses, made[0])), (made[1],)) if made else (account, ())
