"""Changes of an issued permit's status other than use: suspended, reinstated, revoked, lost, replaced."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.enums import FindingResult, State, UseState
from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.model import findings, lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.record.permit import from_record


def replacement(old: Dossier, actor: Actor, new_id: str, reason: str, now: int) -> Dossier:
    """Make a draft that names `old`, replaces it and has its content, except the security stamp.

    A permit from the paper register is replaced on today's form. Quantities counted in a year's quota stay in that
    year.
    """
    kept = {name: value for name, value in old.record.items() if name != "stamp_number"}
    years = {draw.line: {"quota_year": str(draw.year)} for draw in old.draws}
    if years:
        kept["lines"] = [{**line, **years.get(index, {})} for index, line in enumerate(kept["lines"])]
    return Dossier(
        id=new_id,
        version=1,
        state=State.DRAFT,
        owner=old.owner,
        creator=actor.id,
        editor=actor.id,
        created_at=now,
        record={**kept, "form": "paper"} if old.legacy else kept,
        replaces=old.id,
        replaces_number=old.number,
        replaces_reason=reason,
    )


def require_findings(dossier: Dossier) -> None:
    """Raise `WrongState` naming required findings that are missing, and negative findings, required or not."""
    found = dossier.current_findings
    needed = [need.kind for need in findings.required_findings(from_record(dossier.record))]
    missing = [kind for kind in needed if kind not in found]
    negative = [kind for kind, finding in found.items() if finding.result == FindingResult.NEGATIVE]  # required or not
    if missing or negative:
        words = [f"Missing findings: {', '.join(missing)}."] if missing else []
        words += [f"Negative findings: {', '.join(negative)}."] if negative else []
        raise WrongState(" ".join(words), missing=missing, negative=negative)


HOW_LOST = ("lost", "stolen")


def suspend(permit_id: str, reason: str, actor: Actor, deps: Deps) -> Dossier:
    """Suspend the permit, so that every verifier holds the goods until it is reinstated."""
    return _take_step(permit_id, "suspend", reason, actor, deps)


def reinstate(permit_id: str, reason: str, actor: Actor, deps: Deps) -> Dossier:
    """Withdraw a suspension or a report of loss."""
    return _take_step(permit_id, "reinstate", reason, actor, deps, missing=None)


def revoke(permit_id: str, reason: str, for_cause: bool, actor: Actor, deps: Deps) -> Dossier:
    """Revoke the permit.

    For cause, goods are held (S7). At the wish of the holder or the ministry, the permit is only unusable (S2).
    """
    return _take_step(permit_id, "revoke", reason, actor, deps, for_cause=for_cause)


def surrender(permit_id: str, reason: str, actor: Actor, deps: Deps) -> Dossier:
    """Give an unused permit back, so that it is revoked, not for cause. Raises `WrongState` if it was used."""
    return _take_step(permit_id, "surrender", reason, actor, deps, for_cause=False)


def report_lost(permit_id: str, reason: str, how: str, actor: Actor, deps: Deps) -> Dossier:
    """Report the permit lost or stolen.

    Goods that come with it are then held, and their bearer is asked where the permit comes from (S6).

    Raises `Invalid` if `how` is neither lost nor stolen, `Forbidden` if its holder reports a used permit.
    """
    if how not in HOW_LOST:
        raise Invalid(FieldError("how", "unknown", "Must be one of: lost, stolen."))
    actor.require("lost")
    if actor.only_own and store.load(deps.register, permit_id, actor).use != UseState.UNUSED:
        raise Forbidden("The permit has been used. Only the ministry can report it lost or stolen.")
    return _take_step(permit_id, "lost", reason, actor, deps, missing=how)


def replace_permit(permit_id: str, reason: str, actor: Actor, deps: Deps) -> Dossier:
    """Make a draft that replaces the permit. The old permit ends in the transaction that issues the new one.

    A permit has one open replacement at a time, so a repeated request returns the draft that exists.
    """
    actor.require("replace")
    checked_reason(reason)
    old = store.load(deps.register, permit_id, actor)
    lifecycle.after(old, "replace")
    draft = replacement(old, actor, deps.new_id(), reason, deps.now)
    key = Key(f"PERMIT#{permit_id}", "REPLACEMENT")
    row = deps.register.get(key)
    if row is not None:
        earlier = store.load(deps.register, str(row.data["permit_id"]))
        if earlier.state not in {State.REFUSED, State.VOID}:
            return earlier
    try:
        store.create(
            draft,
            actor,
            deps,
            Put(key, {"permit_id": draft.id}, expected_version=row.version if row else 0),
            action="create",
        )
    except Conflict:
        current = deps.register.get(key)
        if current is None:
            raise Unavailable("Others are changing this permit; try again.") from None
        return store.load(deps.register, str(current.data["permit_id"]))
    return draft


def _take_step(permit_id: str, step: str, reason: str, actor: Actor, deps: Deps, **changes: Any) -> Dossier:
    """Take one step of the lifecycle. A permit is given back only while no use counts."""
    actor.require(step)
    checked_reason(reason)

    def decide(old: Dossier) -> store.Change:
        same = all(getattr(old, name) == value for name, value in changes.items())
        if same and lifecycle.repeated(old, step, actor):
            return store.Change(old)
        if step == "surrender" and any(use.counts for use in old.uses):
            raise WrongState("The permit has been used. Only an unused permit can be given back.", state=old.state)
        state = lifecycle.after(old, step)
        new = old.but(
            state=state,
            quota_waits=old.quota_waits or (state == State.REVOKED and old.stamp_waits),
            reason=reason,
            last_actions={**old.last_actions, step: actor.id},
            **changes,
        )
        return store.Change(new, step, {"reason": reason, **changes})

    return store.change(permit_id, actor, decide, deps).dossier
