"""Permits for tests, brought to a state through the services themselves."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from office import APPLICANT, APPROVER, PREPARER, SCIENTIST, MemoryOffice

from chalicelib.applications.services import decide, overrides
from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.issuing.services import reserve
from chalicelib.kernel.enums import Direction, FindingResult
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.findings import required_findings
from chalicelib.record.permit import Application, Line, Party, from_record
from chalicelib.uses.use import UsedLine

SAKER = Line(
    scientific_name="Falco cherrug",
    common_name="Saker falcon",
    description="Live birds, bred in captivity",
    marks="rings KG-0117, KG-0118",
    source="C",
    term="LIV",
    quantity="2",
)
APPLICATION = Application(
    document_type="E",
    valid_until="2027-04-30",
    exporter=Party("Falcon Centre LLC", "1 Chuy Avenue, Bishkek", "KG"),
    importer=Party("Abu Dhabi Falcons", "PO Box 1, Abu Dhabi", "AE"),
    purpose="T",
    form="electronic",
    lines=(SAKER,),
)


def submitted(office: MemoryOffice, application: Application = APPLICATION) -> Dossier:
    draft = applications_draft.create(application, APPLICANT, office)  # fmt: skip
    if application.document_type == "OI":  # a landlocked State issues it only by exception
        stops = [overrides.NamedStop("document_type", "landlocked")]
        digest = overrides.stops(draft.id, APPROVER, office).digest
        overrides.override(draft.id, overrides.OverrideRequest(stops, "test vessel", digest), APPROVER, office)
    return applications_draft.submit(draft.id, APPLICANT, office)


def approved(office: MemoryOffice, application: Application = APPLICATION) -> Dossier:
    return examined_and_approved(office, submitted(office, application))


def examined_and_approved(office: MemoryOffice, dossier: Dossier) -> Dossier:
    people = {"preparer": PREPARER, "scientist": SCIENTIST}
    needed = [need.kind for need in required_findings(from_record(dossier.record))] or ["legal_acquisition"]
    for kind in needed:
        decide.find(
            dossier.id, decide.NewFinding(kind, FindingResult.POSITIVE, "seen"), people[FINDING_ROLES[kind]], office
        )
    return decide.approve(dossier.id, dossier.digest or "", APPROVER, office)  # fmt: skip


def issued(office: MemoryOffice, application: Application = APPLICATION) -> Dossier:
    return issue(office, approved(office, application))


def issue(office: MemoryOffice, dossier: Dossier) -> Dossier:
    return reserve.issue(dossier.id, PREPARER, office)


def directed(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, with the member for the word of a direction."""
    word = changes.get("direction")
    return {**changes, "direction": Direction(word)} if word in [*Direction] else changes


def endorsement(office: MemoryOffice, dossier: Dossier, **changes: object) -> Endorsement:
    """An endorsement of all lines, in full, at Manas, for export."""
    asked = Endorsement(
        event_id=str(uuid.uuid4()),
        post="manas-airport",
        direction=Direction.EXPORT,
        endorsed_at=office.now,
        lines=tuple(UsedLine(letter, allowance.quantity) for letter, allowance in dossier.allowed.items()),
        qr=dossier.tokens[0],
        transport_document="AWB 235-1234",
    )
    return replace(asked, **directed(changes))
