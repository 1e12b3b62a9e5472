"""Retention of a permit's files: five years after its expiry."""

from __future__ import annotations

import hashlib
import uuid

import pytest
from life import endorsement, examined_and_approved, issue, submitted
from office import AIZADA, APPLICANT, DAY, MemoryOffice
from process import but

from chalicelib.applications.services import draft
from chalicelib.endorsement.services import endorse, photographs
from chalicelib.issuing.services import print_permit
from chalicelib.kernel.errors import NoMatch
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.permits.services.store import last_day

PAPER = b"%PDF-1.7 a contract"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def with_paper(office: MemoryOffice) -> Dossier:
    """An approved permit with one supporting document, uploaded before the approval."""
    dossier = submitted(office)
    draft.attach(dossier.id, draft.NewDocument("contract.pdf", "application/pdf", PAPER), APPLICANT, office)
    return examined_and_approved(office, dossier)


def test_last_day_is_five_years_after_expiry() -> None:
    assert last_day(1_806_602_400) == 1_806_602_400 + 5 * 365 * DAY + 2 * DAY


def test_supporting_document_is_retained_when_the_permit_is_issued() -> None:
    office = MemoryOffice()
    dossier = with_paper(office)
    key = f"papers/{hashlib.sha256(PAPER).hexdigest()}"
    assert office.blobs.kept_until(key) is None
    permit = issue(office, dossier)
    assert office.blobs.kept_until(key) == last_day(permit.expires_at or 0)


def test_permit_with_missing_supporting_document_is_not_issued() -> None:
    office = MemoryOffice()
    dossier = with_paper(office)
    office.blobs._blobs.clear()
    with pytest.raises(NoMatch):
        issue(office, dossier)
    found = store.load(office.register, dossier.id)
    assert (found.state, found.number) == ("approved", None)


def test_print_is_retained() -> None:
    office = MemoryOffice()
    permit = issue(office, with_paper(office))
    key = print_permit.make(permit.id, but(office, render=lambda *_: b"%PDF"))
    assert office.blobs.kept_until(key) == last_day(permit.expires_at or 0)


def test_photograph_of_endorsement_is_retained() -> None:
    office = MemoryOffice()
    permit = issue(office, with_paper(office))
    asked = endorsement(office, permit, event_id=str(uuid.uuid4()))
    endorse.endorse(asked, AIZADA, office)
    made = photographs.add(asked.event_id, PNG, "image/png", AIZADA, office)  # fmt: skip
    assert office.blobs.kept_until(f"photos/{made.sha256}") == last_day(permit.expires_at or 0)
