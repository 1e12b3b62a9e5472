"""An application from the first draft to its submission, with its supporting documents, and its withdrawal.

Before a decision, the person who has to submit an application may withdraw it, and the person who added a document may
remove it. The history keeps both, with the ministry's reason. The document's bytes stay stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from chalicelib.applications.rules import check as applications_check
from chalicelib.applications.rules.warnings import Basis, needs_operations, warnings
from chalicelib.applications.services import refusals
from chalicelib.applications.services.refusals import refusals_of
from chalicelib.breeding.services import operations
from chalicelib.kernel.days import HOUR
from chalicelib.kernel.enums import FindingResult, State
from chalicelib.kernel.errors import FieldError, FieldWarning, Forbidden, Invalid, NoMatch, TooLarge, TooManyDrafts
from chalicelib.kernel.files import FILE_CAP, MAGIC
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.model import findings as permits_findings
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Attachment, Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.record import shape
from chalicelib.record.permit import Application, from_record, record_digest, to_record
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.species.services.name_choices import name_choices
from chalicelib.stamps import services as stamps

ATTACHMENTS_AT_MOST = 50

DRAFTS_AT_MOST = 50  # of one applicant; preparers write drafts for many

REMEMBERED = 48 * HOUR  # seconds an Idempotency-Key is kept


def create(application: Application, actor: Actor, deps: Deps, *, idempotency_key: str | None = None) -> Dossier:
    """Make a draft. The same request under the same Idempotency-Key returns the first draft.

    Raises `Invalid` for malformed fields, or for a key that was used for another request. Raises `TooManyDrafts` for an
    applicant who has DRAFTS_AT_MOST drafts.
    """
    actor.require("create")
    refuse_malformed(application)
    record = to_record(application)
    dossier = Dossier(
        id=deps.new_id(),
        version=1,
        state=State.DRAFT,
        owner=actor.id if actor.only_own else "",
        creator=actor.id,
        editor=actor.id,
        created_at=deps.now,
        record=record,
    )
    remembered = {"permit_id": dossier.id, "hash": store.request_hash(record)}

    def attempt() -> Dossier:
        puts = []
        if idempotency_key is not None:
            key = Key(f"IDEMPOTENCY#{actor.id}", hashlib.sha256(idempotency_key.encode()).hexdigest())
            first = deps.register.get(key)
            if first is not None and first.data["hash"] != remembered["hash"]:
                raise Invalid(
                    FieldError(
                        "Idempotency-Key", "reused", "This key was already used for another request. Send a new key."
                    )
                )
            if first is not None:
                return store.load(deps.register, str(first.data["permit_id"]), actor)
            puts.append(Put(key, remembered, expected_version=0, expires=deps.now + REMEMBERED))
        if actor.only_own:
            puts.append(_one_more_draft(dossier, deps.register))
        store.create(dossier, actor, deps, *puts, action="create")
        return dossier

    return transact(attempt, "Another request of your account is being written; try again.")


def _one_more_draft(dossier: Dossier, register: PermitRegister) -> Put:
    """The applicant's list of drafts with this one added.

    When it is full, entries that are no longer drafts are removed.
    """
    key = Key(f"DRAFTS#{dossier.owner}")
    row = register.get(key)
    ids = list(row.data["ids"]) if row else []
    if len(ids) >= DRAFTS_AT_MOST:
        ids = [each for each in ids if store.load(register, each).state == State.DRAFT]
    if len(ids) >= DRAFTS_AT_MOST:
        raise TooManyDrafts(f"You have {DRAFTS_AT_MOST} drafts, the most allowed. Submit or withdraw one first.")
    return Put(key, {"ids": [*ids, dossier.id]}, expected_version=row.version if row else 0)


def edit(permit_id: str, application: Application, actor: Actor, deps: Deps, *, read: int | None = None) -> Dossier:
    """Replace all fields of a draft or a returned application.

    `read`: the version that the change is based on. Raises `EditedMeanwhile` if the version is another one by now,
    `Invalid` for malformed fields.
    """
    actor.require("edit")
    refuse_malformed(application)

    def decide(old: Dossier) -> store.Change:
        lifecycle.check_holder_may_edit(old, actor)
        lifecycle.after(old, "edit")
        record = to_record(application)
        if record == old.record and old.editor == actor.id:
            return store.Change(old)
        lifecycle.check_version(old, read)
        new = old.but(record=record, editor=actor.id, touched=lifecycle.editors_with(old, actor), digest=None)
        return store.Change(new, "edit")

    return store.change(permit_id, actor, decide, deps).dossier


def check(
    application: Application, actor: Actor, deps: SpeciesDeps, *, permit_id: str | None = None
) -> tuple[FieldError, ...]:
    """All that submission of this application would refuse today. Writes nothing.

    `permit_id`: the draft that it belongs to, so that its overrides count. `warnings_of` gives the remarks that refuse
    nothing.
    """
    actor.require("submit")
    draft = store.load(deps.register, permit_id, actor) if permit_id else None
    if draft is not None:
        draft = replace(draft, record=to_record(application), editor=actor.id, submitter=actor.id)
    errors = refusals_of(draft, application, deps)
    return errors + tuple(stamps.refusals(draft, application.stamp_number, actor, deps.register))


def warnings_of(application: Application, deps: SpeciesDeps) -> tuple[FieldWarning, ...]:
    """Remarks on this application that refuse nothing."""
    bred = operations(deps.register) if needs_operations(application) else None
    basis = Basis(deps.listing, name_choices(), deps.stage.today(deps.now), deps.stage.issuer, bred)
    return warnings(application, basis)


def findings_of(application: Application, deps: SpeciesDeps) -> list[str]:
    """The kinds of finding that this application will require."""
    whole = applications_check.complete(application, deps.listing, issuer=deps.stage.issuer)
    return [need.kind for need in permits_findings.required_findings(whole)]


def submit(permit_id: str, actor: Actor, deps: SpeciesDeps, *, read: int | None = None) -> Dossier:
    """Submit the application: refuse all missing fields and broken rules at once (`Invalid`), else set its digest.

    Approvals are bound to the digest. `read`: the version that was read. Raises `EditedMeanwhile` if the version is
    another one by now.
    """
    actor.require("submit")

    def decide(old: Dossier) -> store.Change:
        if lifecycle.repeated(old, "submit", actor):
            return store.Change(old)
        lifecycle.check_holder_may_edit(old, actor)
        state = lifecycle.after(old, "submit")
        lifecycle.check_version(old, read)
        application = from_record(old.record)
        sent = replace(old, submitter=actor.id)  # from now on excluded as approver
        errors = refusals_of(sent, application, deps)
        errors += tuple(stamps.refusals(old, application.stamp_number, actor, deps.register))
        if errors:
            raise Invalid(*errors)
        record = to_record(applications_check.complete(application, deps.listing, issuer=deps.stage.issuer))
        new = old.but(
            state=state,
            record=record,
            digest=record_digest(record),
            submitter=actor.id,
            touched=lifecycle.editors_with(old, actor),
            submitted_at=deps.now,
            species_list={
                "as_of": deps.listing.as_of,
                "version": deps.listing.version,
                "in_force": deps.listing.in_force,
                "checked": deps.listing.checked,
            },
            approval=None,
            last_actions=_acted(old, "submit", actor),
        )
        return store.Change(new, "submit", {"digest": new.digest}, stamps.take(new, actor, deps.register))

    there = store.load(deps.register, permit_id, actor)
    refusals.index_quoted_documents(there, deps)
    return store.change(permit_id, actor, decide, deps).dossier


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A supporting document to add. `name`: of its file."""

    name: str
    content_type: str
    data: bytes


def attach(permit_id: str, document: NewDocument, actor: Actor, deps: Deps) -> Attachment:
    """Store a supporting document (PDF, PNG, JPEG, at most 4 MB) by its content.

    The same file again is the same document. Raises `TooLarge` for a larger file or too many documents, `Invalid` for
    a content type or a name that does not fit.
    """
    name, content_type, data = document.name, document.content_type, document.data
    actor.require("attach")
    if len(data) > FILE_CAP:
        raise TooLarge("The supporting paper is larger than 4 MB. Send a smaller one.")
    if content_type not in MAGIC or not data.startswith(MAGIC[content_type]):
        raise Invalid(
            FieldError("body", "content_type", "Send a PDF, PNG or JPEG file with the Content-Type that matches it.")
        )
    if not 0 < len(name) <= 120 or not name.isprintable() or "/" in name or "\\" in name:
        raise Invalid(
            FieldError("name", "name", "Must be a file name of 1 to 120 printable characters, without slashes.")
        )
    digest = hashlib.sha256(data).hexdigest()
    attachment = Attachment(digest[:24], name, content_type, len(data), digest, actor.id, deps.now)

    def decide(old: Dossier) -> store.Change:
        lifecycle.check_holder_may_edit(old, actor)
        lifecycle.after(old, "attach")
        known = next((a for a in old.attachments if a.sha256 == digest), None)
        if known:
            return store.Change(old, answer=known)
        if len(old.attachments) >= ATTACHMENTS_AT_MOST:
            raise TooLarge(
                f"An application may have at most {ATTACHMENTS_AT_MOST} supporting papers. Remove one first."
            )
        new = old.but(attachments=(*old.attachments, attachment))
        return store.Change(new, "attach", {"name": name, "sha256": digest}, answer=attachment)

    there = store.load(deps.register, permit_id, actor)
    lifecycle.check_holder_may_edit(there, actor)
    lifecycle.after(there, "attach")
    deps.blobs.put(f"papers/{digest}", data, content_type=content_type)
    answer: Attachment = store.change(permit_id, actor, decide, deps).answer
    return answer


def attachment(permit_id: str, attachment_id: str, actor: Actor, *, register: PermitRegister) -> Attachment:
    actor.require("see")
    dossier = store.load(register, permit_id, actor)
    for found in dossier.attachments:
        if found.id == attachment_id:
            return found
    raise NoMatch("No such supporting paper.")


def refuse_malformed(application: Application) -> None:
    errors = shape.malformed(application)
    if errors:
        raise Invalid(*errors)


def _acted(old: Dossier, step: str, actor: Actor) -> dict[str, str]:
    return {**old.last_actions, step: actor.id}


def withdraw(permit_id: str, actor: Actor, deps: Deps, reason: str = "", *, read: int | None = None) -> Dossier:
    """Withdraw an application for good, before approval. A security stamp reserved for it is free again.

    `read`: the version that was read. Raises `EditedMeanwhile` if the version is another one by now, `Forbidden` if
    only the applicant may withdraw it.
    """
    actor.require("withdraw")

    def decide(old: Dossier) -> store.Change:
        if lifecycle.repeated(old, "withdraw", actor):
            return store.Change(old)
        lifecycle.check_holder_may_edit(old, actor)
        if lifecycle.applicant_withdraws(old, actor):
            raise Forbidden("Only the applicant can withdraw this application. You can return or refuse it.")
        state = lifecycle.after(old, "withdraw")
        lifecycle.check_version(old, read)
        new = old.but(state=state, last_actions={**old.last_actions, "withdraw": actor.id})
        return store.Change(new, "withdraw", _why(reason, old, actor), stamps.give_back(old, deps.register))

    return store.change(permit_id, actor, decide, deps).dossier


def detach(permit_id: str, attachment_id: str, actor: Actor, deps: Deps, reason: str = "") -> Dossier:
    """Remove a supporting document from a draft or a returned application.

    Only the person who added it may remove it, and stays excluded as approver. Findings and overrides made while it was
    attached no longer count, because they may rest on it. A negative finding stays, because otherwise an applicant
    could cancel it, and an older positive one would count again.

    Raises `NoMatch` if there is no such document, `Forbidden` if another person added it.
    """
    actor.require("detach")

    def decide(old: Dossier) -> store.Change:
        lifecycle.check_holder_may_edit(old, actor)
        lifecycle.after(old, "detach")
        paper = next((each for each in old.attachments if each.id == attachment_id), None)
        if paper is None:
            raise NoMatch("No such supporting paper.")
        if paper.by != actor.id:
            raise Forbidden("Only the person who attached this supporting paper can remove it.")
        kept = tuple(each for each in old.attachments if each is not paper)
        findings = tuple(
            replace(each, digest="") if each.at >= paper.at and each.result != FindingResult.NEGATIVE else each
            for each in old.findings
        )
        passed = tuple(replace(each, digest="") if each.at >= paper.at else each for each in old.overrides)
        new = old.but(attachments=kept, findings=findings, overrides=passed, touched=lifecycle.editors_with(old, actor))
        return store.Change(new, "detach", {"name": paper.name, "sha256": paper.sha256, **_why(reason, old, actor)})

    return store.change(permit_id, actor, decide, deps).dossier


def _why(reason: str, dossier: Dossier, actor: Actor) -> dict[str, str]:
    """The reason for the history, optional for the applicant and required from the ministry."""
    checked_reason(reason, required=dossier.owner != actor.id)
    return {"reason": reason} if reason else {}
