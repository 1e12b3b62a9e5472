"""Decisions of the authorities on an application: findings, return, refusal, approval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.applications.services.refusals import refusals_of
from chalicelib.kernel.enums import FindingResult
from chalicelib.kernel.errors import DigestMismatch, FieldError, Forbidden, Invalid
from chalicelib.kernel.roles import FINDING_ROLES, Actor
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Approval, Dossier, Finding
from chalicelib.permits.services import store
from chalicelib.permits.services.change_status import require_findings
from chalicelib.platform.deps import Deps
from chalicelib.record.permit import from_record
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.stamps import services as stamps


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding to record. `digest`: of the application that was read. None skips the check."""

    kind: str
    result: FindingResult
    note: str
    digest: str | None = None


def find(permit_id: str, asked: NewFinding, actor: Actor, deps: Deps) -> Dossier:
    """Record a finding on the submitted application.

    Raises `Invalid`, `Forbidden` if another authority makes this finding, `DigestMismatch`.
    """
    kind, result, note = asked.kind, asked.result, asked.note
    actor.require("find")
    if kind not in FINDING_ROLES:
        raise Invalid(FieldError("kind", "unknown", f"Must be one of: {', '.join(FINDING_ROLES)}."))
    checked_reason(note, "note", required=result != FindingResult.POSITIVE)
    if FINDING_ROLES[kind] not in actor.roles:
        raise Forbidden(f"Only the role {FINDING_ROLES[kind]} can record the finding {kind}.")

    def decide(old: Dossier) -> store.Change:
        lifecycle.after(old, "find")
        if asked.digest is not None:
            _need_digest(old, asked.digest)
        made = Finding(kind, result, note, actor.id, deps.now, old.digest or "")
        last = old.current_findings.get(kind)
        if last and (last.result, last.note, last.by) == (result, note, actor.id):
            return store.Change(old)
        return store.Change(
            old.but(findings=(*old.findings, made)), "find", {"kind": kind, "result": result, "note": note}
        )

    return store.change(permit_id, actor, decide, deps).dossier


def send_back(permit_id: str, reason: str, actor: Actor, deps: Deps, *, read: int | None = None) -> Dossier:
    """Return the application to its author, to be changed and submitted again.

    An approval is cancelled. `read`: the version that was read. Raises `EditedMeanwhile` if the version is another one
    by now.
    """
    actor.require("return")
    decide = _not_approved("return", reason, actor, deps, read=read)
    return store.change(permit_id, actor, decide, deps).dossier


def refuse(permit_id: str, reason: str, actor: Actor, deps: Deps, *, read: int | None = None) -> Dossier:
    """Refuse the application for good. `read` as in `send_back`."""
    actor.require("refuse")
    decide = _not_approved("refuse", reason, actor, deps, read=read)
    return store.change(permit_id, actor, decide, deps).dossier


def approve(permit_id: str, digest: str, actor: Actor, deps: SpeciesDeps, *, read: int | None = None) -> Dossier:
    """Approve the application with this digest.

    1. The digest that was read is the application's. If a version is given, it is the dossier's, with its documents and
       findings.
    2. The approver is a second person.
    3. An official has examined it.
    4. Each finding that the application requires is there, and none is negative.
    5. No hard stop is left.

    Raises `DigestMismatch`, `EditedMeanwhile`, `TwoPeople`, `WrongState`, `Invalid` for hard stops.
    """
    actor.require("approve")

    def decide(old: Dossier) -> store.Change:
        if lifecycle.repeated(old, "approve", actor) and old.digest == digest:
            return store.Change(old)
        state = lifecycle.after(old, "approve")
        _need_digest(old, digest)  # 1
        lifecycle.check_version(old, read)
        lifecycle.require_second_person(old, actor.same_person_ids)  # 2
        lifecycle.require_official_finding(old)  # 3
        require_findings(old)  # 4
        found = refusals_of(old, from_record(old.record), deps)
        if stops := [each for each in found if each.overridable]:  # 5
            raise Invalid(*stops)
        new = old.but(
            state=state,
            approval=Approval(actor.id, actor.name, deps.now, digest, actor.deputy_for, actor.deputy_for_name),
            last_actions={**old.last_actions, "approve": actor.id},
        )
        return store.Change(new, "approve", {"digest": digest})

    return store.change(permit_id, actor, decide, deps).dossier


def _need_digest(dossier: Dossier, digest: str) -> None:
    if digest != dossier.digest:
        raise DigestMismatch("The application has changed since you read it. Read it again.", digest=dossier.digest)


def _not_approved(
    step: str, reason: str, actor: Actor, deps: Deps, *, read: int | None
) -> Callable[[Dossier], store.Change]:
    """The decision to return or refuse an application. `read`: the version that was read."""
    checked_reason(reason)

    def decide(old: Dossier) -> store.Change:
        if lifecycle.repeated(old, step, actor):
            return store.Change(old)
        state = lifecycle.after(old, step)
        lifecycle.check_version(old, read)
        new = old.but(
            state=state,
            reason=reason,
            approval=None,
            last_actions={**old.last_actions, step: actor.id},
        )
        return store.Change(new, step, {"reason": reason}, stamps.give_back(old, deps.register))

    return decide
