"""Held-back uploads: time limits of a device's backlog, and attempts counted against the submitter."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from border import AIZADA, CHINARA, GUARD, PEOPLE, Phone, endorse, event, held, lines, look, new_uuid
from life import APPLICATION, endorsement, issued
from office import BEKZAT, DAY, MemoryOffice
from papers import PAPER, imported, opened

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.rows import Put
from chalicelib.offline.services import devices
from chalicelib.permits.model.dossier import Dossier
from chalicelib.platform.restore_lock import restore_key
from chalicelib.verification.services.verify import OFFICIAL_TRIES_AT_MOST, PAPERS_AT_MOST

MINUTE = 60
HOUR = 3600


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


def scan_of(office: MemoryOffice, dossier: Dossier, phone: Phone) -> dict[str, Any]:
    return {
        "kind": "scan", "event_id": new_uuid(), "qr": dossier.tokens[0], "post": phone.post, "scanned_at": office.now,
        "direction": "export", "goods_present": True,
    }  # fmt: skip


@pytest.mark.parametrize("way", ["more", "told again", "to be sent again", "alive", "alive with nothing"])
def test_device_with_endless_backlog_cannot_backdate_use_of_expired_permit(office: MemoryOffice, way: str) -> None:
    expired = issued(office, replace(APPLICATION, valid_until="2026-11-30"))
    busy, phone = issued(office), Phone(office)
    known = scan_of(office, busy, phone)
    for _ in range(9):
        office.later(DAY)
        if way == "to be sent again":
            asked = endorsement(office, busy, qr="", number=busy.number, code="0000-0000")
            wrong = [event(replace(asked, event_id=new_uuid())) for _ in range(OFFICIAL_TRIES_AT_MOST + 1)]
            assert phone.sync(*wrong)[-1]["again"]
        elif way == "alive with nothing":
            phone.sync(alive=True)
        else:
            sent = known if way == "told again" else scan_of(office, busy, phone)
            phone.sync(sent, more=way == "more", alive=way == "alive")
    assert office.now > (expired.expires_at or 0) + 3 * DAY
    (answer,) = phone.sync(event(endorsement(office, expired, endorsed_at=(expired.expires_at or 0) - HOUR)))
    assert (answer["result"], held(office, expired).uses[0].late) == ("conflict", True)
    assert "L2" in look(office, expired, "import", country="AE").codes


@pytest.mark.parametrize(("away", "restored", "late"), [(600, False, False), (601, False, True), (DAY, True, False)])
def test_event_recorded_before_empty_upload_is_late(
    office: MemoryOffice, away: int, restored: bool, late: bool
) -> None:
    """The tolerance is 10 minutes, because an officer may record an event at that moment.

    A restored register receives events again that it had before.
    """
    dossier, phone = issued(office), Phone(office)
    office.later(2 * DAY)
    made = office.now - away
    phone.sync(alive=True)
    if restored:
        row = {"since": made - HOUR, "at": office.now - HOUR}
        office.register.commit(Put(restore_key(office.register), row, expected_version=0))
    office.later(DAY)
    phone.sync(event(endorsement(office, dossier, endorsed_at=made)))
    assert held(office, dossier).uses[0].late is late


@pytest.mark.parametrize(("minutes", "late"), [(30, False), (31, True)])
def test_backlog_is_in_time_for_30_minutes(office: MemoryOffice, minutes: int, late: bool) -> None:
    dossier, other, phone = issued(office), issued(office), Phone(office)
    made = office.now
    office.later(5 * DAY)
    phone.sync(event(endorsement(office, other)), more=True)
    office.later(10 * MINUTE)
    phone.sync(scan_of(office, other, phone), more=True)
    office.later((minutes - 10) * MINUTE)
    phone.sync(event(endorsement(office, dossier, endorsed_at=made)), more=True)
    assert held(office, dossier).uses[0].late is late


def test_new_backlog_is_timed_from_its_own_first_batch(office: MemoryOffice) -> None:
    dossier, other, phone = issued(office), issued(office), Phone(office)
    for _ in range(3):
        office.later(HOUR)
        phone.sync(scan_of(office, other, phone), more=True)
        made = office.now + 5 * MINUTE
    office.later(40 * MINUTE)
    phone.sync(event(endorsement(office, dossier, endorsed_at=made)))
    assert not held(office, dossier).uses[0].late


def test_device_asked_to_resend_has_time_to_wait_an_hour(office: MemoryOffice) -> None:
    dossier, other, phone = issued(office), issued(office), Phone(office)
    old = event(endorsement(office, other))
    phone.sync(old)
    office.later(5 * HOUR)
    made = office.now
    office.later(DAY)
    phone.sync(old)
    office.later(2 * HOUR)
    phone.sync(event(endorsement(office, dossier, endorsed_at=made)))
    assert not held(office, dossier).uses[0].late


@pytest.mark.parametrize(("before", "late"), [(600, False), (601, True)])
def test_event_older_than_registration_of_device_is_late(office: MemoryOffice, before: int, late: bool) -> None:
    dossier = issued(office)
    office.later(5 * DAY)
    phone = Phone(office)
    spare = FileSigner.generate()
    phone.key, phone.id = (
        spare,
        devices.register_device(base64.b64encode(spare.public_key).decode(), phone.post, "spare", AIZADA, office).id,
    )
    registered = office.now
    office.later(DAY)
    phone.sync(event(endorsement(office, dossier, endorsed_at=registered - before)))
    assert held(office, dossier).uses[0].late is late


# lookups by number


def test_failed_lookups_count_against_submitter_not_named_officer(office: MemoryOffice) -> None:
    opened(office)
    imported(office)
    office.register_person(CHINARA)
    dossier, phone = issued(office), Phone(office, actor=BEKZAT)

    def asking(**changes: Any) -> Any:
        asked = Endorsement(
            new_uuid(), phone.post, "export", office.now, lines("1"), transport_document="X", **changes
        )  # fmt: skip
        return event(asked, CHINARA)

    phone.sync(*(asking(number=f"X-{i}") for i in range(PAPERS_AT_MOST)))
    phone.sync(*(asking(number=dossier.number, code="0000-0000") for _ in range(OFFICIAL_TRIES_AT_MOST)))
    last = phone.sync(asking(number="X-1"), asking(number=dossier.number, code="0000-0000"))
    assert [answer["problem"] for answer in last] == ["too-many"] * 2  # the submitter has to wait
    by_code = replace(endorsement(office, dossier), qr="", number=dossier.number or "", code=dossier.check_code or "")
    assert endorse(office, by_code, CHINARA)["use"] == "exported"
    paper = Endorsement(
        new_uuid(), phone.post, "export", office.now, lines("2"), number=PAPER.number, transport_document="A"
    )
    assert endorse(office, paper, CHINARA)["use"] == "exported"


def test_event_of_officer_without_post_is_refused_before_lookup(office: MemoryOffice) -> None:
    dossier, phone = issued(office), Phone(office, actor=GUARD)
    at_osh = PEOPLE["u-osh"]
    asked = endorsement(office, dossier)
    wrong = replace(asked, qr="", number=dossier.number or "", code="0000-0000")
    (answer,) = phone.sync(event(wrong, at_osh))
    assert answer["problem"] == "forbidden"


def test_stored_event_sent_again_needs_no_lookup(office: MemoryOffice) -> None:
    """Also for an officer who has moved to another post since."""
    dossier, phone = issued(office), Phone(office, actor=BEKZAT)
    asked = endorsement(office, dossier)
    by_code = replace(asked, qr="", number=dossier.number or "", code=dossier.check_code or "")
    phone.sync(event(by_code, CHINARA))
    moved = replace(CHINARA, posts=frozenset({"osh-airport"}))
    (again,) = phone.sync(event(by_code, CHINARA), person=lambda _: moved)
    assert again["result"] == "duplicate"
    (other,) = phone.sync(event(replace(by_code, transport_document="other"), CHINARA))
    assert other["problem"] == "event-id-reused"
