"""Whether an approved application may still be issued today: asked before reserving a number and before signing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from chalicelib.core import lifecycle
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import DigestMismatch, FieldError, Invalid, WrongState
from chalicelib.core.listing import Listing
from chalicelib.core.permit import Application, from_record, record_digest
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services.decide_application import require_findings
from chalicelib.services.refusals import refusals

GOODS = ("scientific_name", "term", "source", "unit")  # of a line


def still_lawful(
    dossier: Dossier,
    replaced: Dossier | None,
    *,
    register: PermitRegister,
    listing: Listing,
    stage: Stage,
    now: int,
) -> Application:
    """Rules, findings, digest and two people once more, as of now."""
    if dossier.approval is None or dossier.approval.digest != dossier.digest:
        raise WrongState("There is no approval of this application.")
    if record_digest(dossier.record) != dossier.digest:
        raise DigestMismatch("The record is not what was approved.")
    said = dossier.approval
    lifecycle.second_person(dossier, Actor(said.by, "", frozenset(), deputy_for=said.represented))
    require_findings(dossier)
    application = from_record(dossier.record)
    errors = list(refusals(dossier, application, register=register, listing=listing, stage=stage, now=now))
    if replaced is not None:
        if replaced.state not in {"issued", "lost"}:
            raise WrongState("The permit to be replaced is no longer in force.", state=replaced.state)
        if replaced.use != "unused" and application.valid_until != replaced.record.get("valid_until"):
            errors.append(FieldError("valid_until", "used", "Block 2: a used permit's replacement keeps its last day."))
        if replaced.uses and application.document_type != replaced.kind:
            errors.append(FieldError("document_type", "used", "A used permit is replaced by one of its own kind."))
        if replaced.uses:
            errors += _more(application, from_record(replaced.record))
    if errors:
        raise Invalid(*errors)
    return application


def _more(application: Application, used: Application) -> Iterator[FieldError]:
    """A used permit's replacement covers what that covered, and no more: its goods were counted where they left."""
    for index, line in enumerate(application.lines):
        was = used.lines[index] if index < len(used.lines) else None
        if was is None or any(getattr(line, name) != getattr(was, name) for name in GOODS):
            words = "A used permit's replacement has its lines: the same taxon, term, source and unit."
            yield FieldError(f"lines[{index}].scientific_name", "used", words)
        elif Decimal(line.quantity or "0") > Decimal(was.quantity or "0"):
            words = "Block 11: a used permit's replacement covers no more than it did."
            yield FieldError(f"lines[{index}].quantity", "used", words)
