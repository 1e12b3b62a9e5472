"""Regression tests of holes that attack exercises found."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from kinds import APPLICATIONS
from life import endorsement, issued
from office import AIZADA, APPLICANT, APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice
from smuggler import COLLEAGUE, CORRUPT, GUARD, Phone, endorse, look, replaced, staffed, undo, used

from chalicelib.endorsement.services import scan
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.days import to_text
from chalicelib.kernel.enums import ClearingResult
from chalicelib.kernel.errors import Forbidden, TamgaError, TwoPeople, WrongState
from chalicelib.permits.services import change_status, store


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


def test_officer_cannot_clear_code_from_own_endorsement(office: MemoryOffice) -> None:
    d = issued(office)
    endorse(office, d, AIZADA)
    office.later(4 * DAY)
    s = Scan(str(uuid.uuid4()), d.tokens[0], "manas-airport", office.now, "export", True)
    scan.scan(s, AIZADA, office)
    before = look(office, d, post="osh-airport")
    assert (before.outcome, "U1" in before.codes) == ("hold", True)
    with pytest.raises(TwoPeople, match="Another person must clear it"):
        scan.resolve_scan(s.event_id, scan.Clearing("U1", ClearingResult.CLEARED, "ok"), AIZADA, office)
    assert look(office, d, post="osh-airport").codes == before.codes
    assert (
        scan.resolve_scan(s.event_id, scan.Clearing("U1", ClearingResult.CLEARED, "ok"), BEKZAT, office).result
        == "cleared"
    )


def test_late_upload_does_not_extend_time_for_withdrawal(office: MemoryOffice) -> None:
    d = issued(office)
    ev = used(office, d)
    office.later(13 * DAY)
    Phone(office, CORRUPT, "manas-airport").send(ev)
    with pytest.raises(Forbidden, match="More than 24 hours"):
        undo(office, {"event_id": ev["event_id"]}, COLLEAGUE)
    assert look(office, d).register.uses[0].withdrawn is None
    undo(office, {"event_id": ev["event_id"]}, APPROVER)
    assert look(office, d).register.uses[0].withdrawn is not None


def test_exporter_cannot_report_used_permit_stolen(office: MemoryOffice) -> None:
    d = issued(office)
    endorse(office, d)
    with pytest.raises(Forbidden, match="has been used"):
        change_status.report_lost(d.id, "x", "stolen", APPLICANT, office)
    assert store.load(office.register, d.id).state == "issued"
    assert change_status.report_lost(d.id, "x", "stolen", PREPARER, office).state == "lost"


def test_loss_report_does_not_lift_suspension(office: MemoryOffice) -> None:
    d = issued(office)
    change_status.suspend(d.id, "x", APPROVER, office)
    for reporter in (APPLICANT, PREPARER):
        with pytest.raises(WrongState, match="Not possible in state suspended"):
            change_status.report_lost(d.id, "x", "lost", reporter, office)
    with pytest.raises(WrongState, match="Not possible in state suspended"):
        replaced(office, d)
    assert store.load(office.register, d.id).state == "suspended"
    found = look(office, d)
    assert (found.outcome, found.codes) == ("hold", ("S3",))


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
