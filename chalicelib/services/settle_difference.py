"""Our published list says more of a permit than its file (T8): two people settle which of the two is right.

PERMIT#<id>  DIFFERENCE  what one person proposed for which value, and who; the same from another person settles it

`restore`: the file gets what the list says: a use (when and where, the event itself says if it comes in), or the state.
`withdraw`: the file stands, and records that the list's value was taken back; the next publication lowers it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core import list_check, status_list
from chalicelib.core.dossier import Dossier, confirmed, lowered_at, status_value
from chalicelib.core.errors import FieldError, Invalid, TwoPeople, Unavailable, WrongState
from chalicelib.core.roles import Actor
from chalicelib.core.status_list import StatusList
from chalicelib.ports import Conflict, Key, PermitRegister, Put, Row
from chalicelib.services import store
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.told_uses import BY_USE, told

CHOICES = ("restore", "withdraw")


@dataclass(frozen=True, slots=True)
class Settlement:
    """`value`: the list's; `settled`: False while it waits for the second person."""

    dossier: Dossier
    value: int
    choice: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the first person proposed, and waits for the second."""

    choice: str
    reason: str
    by_name: str
    at: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`value`: of the list signed at `listed_at`; `own`: of the file; `steps`: choices that this person may send."""

    value: int
    listed_at: int
    own: int
    proposal: Proposal | None
    steps: tuple[str, ...]


def described(
    dossier: Dossier, actor: Actor, *, register: PermitRegister, listed: StatusList | None, issuer: str, now: int
) -> Difference | None:  # fmt: skip
    """The difference as an official sees it; None without one, and for an exporter."""
    value = None if actor.only_own else difference(dossier, listed)
    if listed is None or value is None:
        return None
    row = _waiting(register.get(_key(dossier.id)), dossier, value)
    own = row is not None and bool(actor.persons & _excluded(row))
    steps = tuple(
        choice for choice in CHOICES
        if actor.may("settle_difference") and not (own and row and row.data["choice"] == choice)
        and _possible(dossier, value, choice, listed, issuer, now)
    )  # fmt: skip
    proposal = Proposal(*(row.data[name] for name in ("choice", "reason", "by_name", "at"))) if row else None
    return Difference(value, listed.issued_at, status_value(dossier), proposal, steps)


def difference(dossier: Dossier, listed: StatusList | None) -> int | None:
    """The value of the list that the file neither confirms nor explains; None without one."""
    if listed is None or dossier.status_idx is None or listed.uri != dossier.status_uri:
        return None
    if dossier.status_idx >= status_list.ENTRIES:
        return None
    value = listed.value(dossier.status_idx)
    found = list_check.unexplained(value, confirmed(dossier), lowered_at(dossier), listed.issued_at)
    return value if found else None


def settle(
    permit_id: str, choice: str, reason: str, actor: Actor, *, register: PermitRegister, listed: StatusList | None,
    issuer: str, now: int,
) -> Settlement:  # fmt: skip
    """Propose how to settle it, or as the second person do so. `listed`: our list of this permit, as published.

    Raises `WrongState` without a difference, and where the value cannot be restored, also of a proposal; `TwoPeople`.
    """
    actor.need("settle_difference")
    checked_reason(reason)
    if choice not in CHOICES:
        raise Invalid(FieldError("choice", "unknown", f"One of: {', '.join(CHOICES)}."))
    key = _key(permit_id)
    for _ in range(store.TRIES):
        old = store.load(register, permit_id)
        value = difference(old, listed)
        if listed is None or value is None:
            raise WrongState("The list says no more of this permit than its file.", state=old.state)
        new, more = _settled(old, value, choice, listed, issuer, actor.id, now)
        row = register.get(key)
        proposed = _waiting(row, old, value)
        if row is None or proposed is None or row.data["choice"] != choice:
            data: dict[str, Any] = {
                "choice": choice, "value": value, "version": old.version, "reason": reason, "by": actor.id,
                "by_name": actor.name, "represented": actor.deputy_for, "at": now,
            }  # fmt: skip
            puts: tuple[Put, ...] = (Put(key, data, expect=row.version if row else 0),)
            made = Settlement(old, value, choice, settled=False)
        else:
            if actor.persons & _excluded(row):
                raise TwoPeople("Another person settles what you proposed.")
            detail = {
                "choice": choice, "value": value, "reason": reason, "proposed_by": row.data["by"],
                "proposed_by_name": row.data["by_name"], "proposed_reason": row.data["reason"],
            }  # fmt: skip
            entry = store.status_puts(
                old.status_uri or "", old.status_idx or 0, status_value(new), now, permit_id=old.id
            )
            moved = status_value(old) != status_value(new)  # then `writes` has the entry
            change = store.Change(new, "settled", detail, (*more, *(() if moved else entry)))
            puts = (*store.writes(register, actor, now, (old, change)), Put(key, {**row.data, "settled_by": actor.id},
                    expect=row.version))  # fmt: skip
            made = Settlement(new, value, choice, settled=True)
        try:
            register.commit(*puts)
        except Conflict:
            continue
        return made
    raise Unavailable("Others are changing this permit; try again.")


def _key(permit_id: str) -> Key:
    return Key(f"PERMIT#{permit_id}", "DIFFERENCE")


def _waiting(row: Row | None, dossier: Dossier, value: int) -> Row | None:
    """The row, if what it proposes is of this value and of the file as it is now."""
    return row if row and (row.data["value"], row.data["version"]) == (value, dossier.version) else None


def _excluded(row: Row) -> set[str]:
    """User ids excluded as second person: the proposer, and the approver that a deputy stood for."""
    return {row.data["by"], row.data.get("represented", "")} - {""}


def _possible(dossier: Dossier, value: int, choice: str, listed: StatusList, issuer: str, now: int) -> bool:
    try:
        _settled(dossier, value, choice, listed, issuer, "", now)
    except WrongState:
        return False
    return True


def _settled(
    old: Dossier, value: int, choice: str, listed: StatusList, issuer: str, officer: str, now: int
) -> tuple[Dossier, tuple[Put, ...]]:
    """The file as it shall be, and what goes with it. Raises `WrongState` where the value cannot be put back."""
    if choice == "withdraw":
        return old.but(lowered_at=now), ()
    if value in BY_USE:
        use = told(old, value, listed.issued_at, issuer, officer, now)
        if use is None:
            raise WrongState("This use cannot be put back: it is in the file already.", state=old.state)
        new = old.but(uses=(*old.uses, use[0]))
        return new, (use[1],)
    match value:
        case status_list.REVOKED | status_list.FOR_CAUSE:
            return old.but(state="revoked", for_cause=value == status_list.FOR_CAUSE), ()
        case status_list.SUSPENDED if old.state == "issued":
            return old.but(state="suspended"), ()
        case status_list.LOST:
            ended = old.state in {"replaced", "revoked"}
            return replace(old.but(), state=old.state if ended else "lost", missing=old.missing or "lost"), ()
    raise WrongState(
        "This value cannot be put back: revoke the permit, or record that the value was taken back.", state=old.state
    )
