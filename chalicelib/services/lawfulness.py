"""Whether an approved application may still be issued today: asked before reserving a number and before signing."""

from __future__ import annotations

from chalicelib.core import lifecycle, rules
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import DigestMismatch, FieldError, Invalid, WrongState
from chalicelib.core.listing import Listing
from chalicelib.core.permit import Application, from_record, record_digest
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.services.decide_application import require_findings


def still_lawful(
    dossier: Dossier, replaced: Dossier | None, *, listing: Listing, stage: Stage, now: int
) -> Application:
    """Rules, findings, digest and two people once more, as of now."""
    if dossier.approval is None or dossier.approval.digest != dossier.digest:
        raise WrongState("There is no approval of this application.")
    if record_digest(dossier.record) != dossier.digest:
        raise DigestMismatch("The record is not what was approved.")
    lifecycle.second_person(dossier, Actor(dossier.approval.by, "", frozenset()))
    require_findings(dossier)
    application = from_record(dossier.record)
    errors = list(rules.check(application, listing, today=stage.today(now), issuer=stage.issuer))
    if replaced is not None:
        if replaced.state not in {"issued", "lost"}:
            raise WrongState("The permit to be replaced is no longer in force.", state=replaced.state)
        if replaced.use != "unused" and application.valid_until != replaced.record.get("valid_until"):
            errors.append(FieldError("valid_until", "used", "Block 2: a used permit's replacement keeps its last day."))
        if replaced.uses and application.document_type != replaced.kind:
            errors.append(FieldError("document_type", "used", "A used permit is replaced by one of its own kind."))
    if errors:
        raise Invalid(*errors)
    return application
