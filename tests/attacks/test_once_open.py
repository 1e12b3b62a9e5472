"""Regression tests of holes that attack exercises found."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from kinds import APPLICATIONS
from life import endorsement, issued
from office import AIZADA, APPLICANT, APPROVER, DAY, MemoryOffice
from smuggler import COLLEAGUE, CORRUPT, GUARD, Phone, endorse, look, replaced, staffed, undo, used

from chalicelib.endorsement.services import scan
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.days import to_text
from chalicelib.kernel.errors import TamgaError
from chalicelib.permits.services import change_status


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


def test_officer_cannot_clear_code_from_own_endorsement(office: MemoryOffice) -> None:
    d = issued(office)
    endorse(office, d, AIZADA)
    office.later(4 * DAY)
    s = Scan(str(uuid.uuid4()), d.tokens[0], "manas-airport", office.now, "export", True)
    scan.scan(s, AIZADA, office)
    with pytest.raises(TamgaError):
        scan.resolve_scan(s.event_id, "U1", "cleared", "ok", AIZADA, office)
    assert look(office, d, post="osh-airport").outcome == "hold"


def test_late_upload_does_not_extend_time_for_withdrawal(office: MemoryOffice) -> None:
    d = issued(office)
    ev = used(office, d)
    office.later(13 * DAY)
    Phone(office, CORRUPT, "manas-airport").send(ev)
    with pytest.raises(TamgaError):
        undo(office, {"event_id": ev["event_id"]}, COLLEAGUE)


def test_exporter_cannot_report_used_permit_stolen(office: MemoryOffice) -> None:
    d = issued(office)
    endorse(office, d)
    with pytest.raises(TamgaError):
        change_status.report_lost(d.id, "x", "stolen", APPLICANT, office)


def test_loss_report_does_not_lift_suspension(office: MemoryOffice) -> None:
    d = issued(office)
    change_status.suspend(d.id, "x", APPROVER, office)
    with pytest.raises(TamgaError):
        change_status.report_lost(d.id, "x", "lost", APPLICANT, office)
    with pytest.raises(TamgaError):
        replaced(office, d)
    assert look(office, d).outcome == "hold"


def test_import_far_above_permitted_quantity_returns_u2(office: MemoryOffice) -> None:
    d = issued(office, APPLICATIONS["I"])
    endorse(
        office, d, direction="import", lines=tuple(replace(x, quantity="500") for x in endorsement(office, d).lines)
    )
    assert "U2" in look(office, d, "import").codes


def test_use_without_transport_document_is_refused(office: MemoryOffice) -> None:
    d = issued(office)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(used(office, d, transport_document=" "))
    assert (answer["result"], answer["problem"]) == ("rejected", "invalid")
    with pytest.raises(TamgaError, match="transport_document"):
        endorse(office, d, transport_document="")


def test_event_before_registration_of_device_returns_l2(office: MemoryOffice) -> None:
    d = issued(office)
    ev = used(office, d)
    office.later(7 * DAY)
    Phone(office, CORRUPT, "manas-airport").send(ev)
    assert "L2" in look(office, d).codes


def test_scan_at_other_post_than_the_devices_is_rejected(office: MemoryOffice) -> None:
    d = issued(office)
    e = {
        "kind": "scan",
        "event_id": str(uuid.uuid4()),
        "qr": d.tokens[0],
        "post": "manas-airport",
        "scanned_at": to_text(office.now),
        "direction": "export",
        "goods_present": True,
        "officer": COLLEAGUE.id,
    }
    assert Phone(office, GUARD, "torugart").send(e)[0]["result"] == "rejected"
