"""Devices reported lost: the roles that may report them, and the quarantine of their later events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import AT_OSH, CHINARA, Phone, endorse, event, held, new_uuid, results
from crashing import Wrapped, memory
from life import endorsement, issued
from office import APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice

from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.errors import AlreadyUsed, Forbidden, Invalid
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.offline.services import devices, quarantine
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.verification.services.verify import verify

HOUR = 3600
MANAS = "manas-airport"


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    dossier = issued(office)
    office.later(DAY)
    return dossier


def lose(office: MemoryOffice, phone: Phone, by: Actor = BEKZAT) -> None:
    devices.revoke_device(phone.id, by, office)


def test_events_of_lost_device_are_quarantined_and_not_applied(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    before, after = endorsement(office, permit), endorsement(office, issued(office))
    seen = Scan(new_uuid(), permit.tokens[0], MANAS, office.now, "export", True)
    scanned = {"kind": "scan", "event_id": seen.event_id, "qr": seen.qr, "post": MANAS, "scanned_at": office.now,
               "direction": "export", "goods_present": True}  # fmt: skip
    forged = replace(after, event_id=new_uuid(), qr="hello")
    undone = {"kind": "undo", "event_id": new_uuid(), "endorsement": before.event_id, "reason": "back"}
    assert results(phone.sync(event(before))) == ["stored"]
    lose(office, phone)
    office.later(HOUR)
    sent = [event(before), event(after, CHINARA), scanned, event(forged), undone]
    for _ in range(2):  # repeated sending changes nothing
        answers = phone.sync(*sent)
        assert results(answers) == ["duplicate", *["rejected"] * 4]  # an event stored before the loss stays stored
        assert all(answer["kept"] and "reported lost" in answer["detail"] for answer in answers[1:])
    assert held(office, permit).use == "exported"  # the undo was not applied
    other = held_by_number(office, after)
    assert (other.use, other.uses) == ("unused", ())
    assert office.register.get(store.event_key(after.event_id)) is None  # it can still be entered as a paper stamp
    kept, cursor = quarantine.list_quarantined(phone.id, register=office.register)
    found = {each.event_id: each for each in kept}
    assert set(found) == {after.event_id, seen.event_id, forged.event_id, undone["event_id"]}
    assert cursor is None
    told = found[after.event_id]
    assert (told.number, told.officer, told.brought_by, told.at, told.received_at) == (
        other.number, "Chinara", "Aizada", after.endorsed_at, office.now,
    )  # fmt: skip
    assert ([line["quantity"] for line in told.lines], told.transport_document, told.reason) == (
        [line.quantity for line in after.lines], after.transport_document, quarantine.REASON,
    )  # fmt: skip
    assert (found[forged.event_id].number, found[undone["event_id"]].at) == ("", 0)
    acted = [each["action"] for each in store.history(office.register, other.id, APPROVER)[0]]
    assert acted.count("keep_apart") == 1


def held_by_number(office: MemoryOffice, asked: Endorsement) -> Dossier:
    found = verify(asked.qr, office).permit
    assert found is not None
    dossier = store.find_number(office.register, found.issuer, found.number)
    assert dossier is not None
    return dossier


def test_event_too_large_for_a_row_is_quarantined_without_its_text(
    office: MemoryOffice, permit: Dossier, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "BODY_AT_MOST", 10)
    lose(office, phone)
    phone.sync(event(endorsement(office, permit)))
    (row,) = office.register.query(f"APART#{phone.id}")
    assert (row.data["event"], row.data["number"]) == ("", permit.number)


def test_quarantined_events_are_listed_in_pages(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    lose(office, phone)
    phone.sync(*[event(endorsement(office, permit)) for _ in range(quarantine.LISTED + 1)])
    first, cursor = quarantine.list_quarantined(phone.id, register=office.register)
    rest, end = quarantine.list_quarantined(phone.id, register=office.register, cursor=cursor or "")
    assert (len({each.event_id for each in (*first, *rest)}), end) == (quarantine.LISTED + 1, None)


def test_device_is_reported_lost_by_post_duty_desk_or_admin_only(office: MemoryOffice) -> None:
    """The officers of a post that lost its only device cannot report it there.

    The duty desk and an administrator can.
    """
    duty = Actor("u-duty", "Duty", frozenset({"inspector"}), frozenset({"ministry"}))
    admin = Actor("u-admin", "Admin", frozenset({"admin"}))
    auditor = Actor("u-audit", "Auditor", frozenset({"auditor"}))
    for by in (BEKZAT, duty, admin):
        phone = Phone(office)
        lose(office, phone, by)
        assert devices.load_device(phone.id, register=office.register).revoked_by == by.name
    for by in (AT_OSH, auditor, PREPARER):
        with pytest.raises(Forbidden):
            lose(office, Phone(office), by)
    assert len(devices.devices_of(MANAS, auditor, office)[0]) == 6
    with pytest.raises(Forbidden):
        devices.devices_of(MANAS, AT_OSH, office)
    with pytest.raises(Invalid):
        devices.devices_of("nowhere", admin, office)


def test_device_is_revoked_even_while_it_syncs(office: MemoryOffice, phone: Phone) -> None:
    inner = memory(office.register)
    done: list[int] = []

    def meanwhile(puts: Any) -> None:
        if not done:
            done.append(1)
            row = inner.get(Key(f"DEVICE#{phone.id}"))
            assert row is not None
            inner.commit(replace_put(row, synced_at=office.now))

    office.register = Wrapped(inner, before=meanwhile)  # type: ignore[assignment]
    devices.revoke_device(phone.id, BEKZAT, office)
    office.register = inner
    assert done
    assert devices.load_device(phone.id, register=office.register).revoked


def replace_put(row: Any, **changes: Any) -> Any:
    from chalicelib.kernel.rows import Put

    return Put(row.key, {**row.data, **changes}, expected_version=row.version)


def test_lost_device_cannot_turn_a_refusal_into_a_use(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    endorse(office, permit, BEKZAT, post="osh-airport")
    asked = endorsement(office, permit)
    with pytest.raises(AlreadyUsed):
        endorse(office, asked)
    lose(office, phone)
    (answer,) = phone.sync(event(replace(asked, unheard=True)))
    assert (answer["result"], answer["kept"]) == ("rejected", True)
    assert len(held(office, permit).uses) == 1
    assert results(phone.sync(event(asked))) == ["duplicate"]  # without the member, as before
