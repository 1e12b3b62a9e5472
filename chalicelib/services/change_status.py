"""What becomes of an issued permit other than use: suspended, reinstated, revoked, lost, replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import lifecycle
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError, Forbidden, Invalid, Unavailable, WrongState
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services import store
from chalicelib.services.apply_for_permit import replacement
from chalicelib.services.decide_application import checked_reason

HOW_LOST = ("lost", "stolen")


def suspend(permit_id: str, reason: str, actor: Actor, *, register: PermitRegister, now: int) -> Dossier:
    """Suspend; every verifier holds the goods until it is reinstated."""
    return _move(permit_id, "suspend", reason, actor, register=register, now=now)


def reinstate(permit_id: str, reason: str, actor: Actor, *, register: PermitRegister, now: int) -> Dossier:
    """Take a suspension or a report of loss back."""
    return _move(permit_id, "reinstate", reason, actor, register=register, now=now, missing=None)


def revoke(
    permit_id: str, reason: str, for_cause: bool, actor: Actor, *, register: PermitRegister, now: int
) -> Dossier:
    """Revoke: for cause (goods are held), or at the holder's or the ministry's wish (the paper is just not usable)."""
    return _move(permit_id, "revoke", reason, actor, register=register, now=now, for_cause=for_cause)


def surrender(permit_id: str, reason: str, actor: Actor, *, register: PermitRegister, now: int) -> Dossier:
    """Give an unused permit back: from now on it is revoked, not for cause. Raises `WrongState` once it was used."""
    return _move(permit_id, "surrender", reason, actor, register=register, now=now, unused=True, for_cause=False)


def report_lost(permit_id: str, reason: str, how: str, actor: Actor, *, register: PermitRegister, now: int) -> Dossier:
    """Lost or stolen: whoever presents the paper is asked where it comes from."""
    if how not in HOW_LOST:
        raise Invalid(FieldError("how", "unknown", "One of: lost, stolen."))
    actor.need("lost")
    if actor.only_own and store.load(register, permit_id, actor).use != "unused":
        raise Forbidden("The permit has been used: what became of it since, the ministry reports.")
    return _move(permit_id, "lost", reason, actor, register=register, now=now, missing=how)


def replace_permit(
    permit_id: str,
    reason: str,
    actor: Actor,
    *,
    register: PermitRegister,
    new_id: Callable[[], str],
    now: int,
) -> Dossier:
    """A new draft that names the old permit, which ends when the new one is issued (one transaction).

    One open replacement at a time: asked again, the draft that is there comes back.
    """
    actor.need("replace")
    checked_reason(reason)
    old = store.load(register, permit_id, actor)
    lifecycle.after(old, "replace")
    draft = replacement(old, actor, new_id(), reason, now)
    key = Key(f"PERMIT#{permit_id}", "REPLACEMENT")
    row = register.get(key)
    if row is not None:
        earlier = store.load(register, str(row.data["permit_id"]))
        if earlier.state not in {"refused", "void"}:
            return earlier
    try:
        store.create(
            register, draft, actor, now, Put(key, {"permit_id": draft.id}, expect=row.version if row else 0),
            action="create",
        )  # fmt: skip
    except Conflict:
        current = register.get(key)
        if current is None:
            raise Unavailable("Others are changing this permit; try again.") from None
        return store.load(register, str(current.data["permit_id"]))
    return draft


def _move(
    permit_id: str,
    step: str,
    reason: str,
    actor: Actor,
    *,
    register: PermitRegister,
    now: int,
    unused: bool = False,
    **changes: Any,
) -> Dossier:
    """`unused`: only while nothing was endorsed on it, decided on the very version that is changed."""
    actor.need(step)
    checked_reason(reason)

    def decide(old: Dossier) -> store.Change:
        same = all(getattr(old, name) == value for name, value in changes.items())
        if same and lifecycle.repeated(old, step, actor):
            return store.Change(old)
        if unused and any(use.counts for use in old.uses):
            raise WrongState("The permit has been used: only an unused one is given back.", state=old.state)
        state = lifecycle.after(old, step)
        new = old.but(
            state=state,
            quota_waits=old.quota_waits or (state == "revoked" and old.stamp_waits),
            reason=reason,
            last_actions={**old.last_actions, step: actor.id},
            **changes,
        )
        return store.Change(new, step, {"reason": reason, **changes})

    return store.change(register, permit_id, actor, now, decide).dossier
