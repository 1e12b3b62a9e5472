"""A corrupt officer with a device: its signed events never replace the second person."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from life import APPLICATION, SAKER, issued
from office import APPROVER, DAY, PREPARER, MemoryOffice
from smuggler import COLLEAGUE, CORRUPT, GUARD, Phone, endorse, look, staffed, used

from chalicelib.endorsement.services import paper_stamps, withdraw
from chalicelib.kernel.errors import TwoPeople
from chalicelib.permits.services import change_status, store


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


def test_uploaded_withdrawal_in_name_of_approver_is_rejected(office: MemoryOffice) -> None:
    dossier = issued(office)
    receipt = endorse(office, dossier, CORRUPT)
    office.later(20 * DAY)
    event = {
        "kind": "undo", "event_id": str(uuid.uuid4()), "endorsement": receipt["event_id"], "reason": "goods still here",
        "officer": APPROVER.id,
    }  # fmt: skip
    (answer,) = Phone(office, GUARD, "torugart").send(event)
    assert answer["result"] == "rejected"
    assert look(office, dossier).register.uses[0].withdrawn is None


def test_uploaded_withdrawal_of_own_use_in_colleagues_name_is_rejected(office: MemoryOffice) -> None:
    dossier = issued(office)
    receipt = endorse(office, dossier, CORRUPT)
    event = {
        "kind": "undo", "event_id": str(uuid.uuid4()), "endorsement": receipt["event_id"], "reason": "goods still here",
        "officer": COLLEAGUE.id,
    }  # fmt: skip
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    assert answer["result"] == "rejected"


def test_device_cannot_withdraw_use_of_another_post(office: MemoryOffice) -> None:
    dossier = issued(office)
    receipt = endorse(office, dossier, CORRUPT)
    event = {
        "kind": "undo", "event_id": str(uuid.uuid4()), "endorsement": receipt["event_id"], "reason": "goods still here",
        "officer": COLLEAGUE.id,
    }  # fmt: skip
    (answer,) = Phone(office, GUARD, "torugart").send(event)
    assert answer["result"] == "rejected"


def test_history_names_submitter_and_device_of_uploaded_event(office: MemoryOffice) -> None:
    dossier = issued(office)
    phone = Phone(office, CORRUPT, "manas-airport")
    (answer,) = phone.send(used(office, dossier, officer=COLLEAGUE.id))
    assert answer["result"] == "stored"
    entry = store.history(office.register, dossier.id, PREPARER)[0][-1]
    assert entry["by"] == COLLEAGUE.id
    assert (entry["detail"]["brought_by"], entry["detail"]["device"]) == (CORRUPT.id, phone.id)
    assert (entry["by_name"], entry["detail"]["brought_by_name"]) == (
        COLLEAGUE.name,
        CORRUPT.name,
    )  # the history shows both


def test_uploaded_paper_stamp_waits_for_second_officer(office: MemoryOffice) -> None:
    dossier = issued(office)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, recorded="paper"))
    assert (answer["result"], answer["receipt"]["result"]) == ("stored", "pending")
    kept = store.load(office.register, dossier.id)
    assert (kept.use, [use.result for use in kept.uses]) == ("unused", ["pending"])
    paper_stamps.confirm(answer["receipt"]["event_id"], COLLEAGUE, office)
    assert store.load(office.register, dossier.id).use == "exported"


def test_use_of_revoked_permit_uploaded_by_number_is_conflict(office: MemoryOffice) -> None:
    dossier = issued(office)
    change_status.revoke(dossier.id, "forged papers", True, APPROVER, office)
    event = used(office, dossier, number=dossier.number, code=dossier.check_code)
    del event["qr"]
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    assert answer["result"] == "conflict"


def test_permit_with_use_dated_in_future_is_held(office: MemoryOffice) -> None:
    dossier = issued(office)
    Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, endorsed_at="2099-01-01T00:00:00Z"))
    office.later(20 * DAY)
    assert look(office, dossier).outcome == "hold"


def test_neither_submitter_nor_named_officer_withdraws_uploaded_use(office: MemoryOffice) -> None:
    dossier = issued(office)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, officer=COLLEAGUE.id))
    for actor in (CORRUPT, COLLEAGUE):
        with pytest.raises(TwoPeople):
            withdraw.undo(
                withdraw.Undo(answer["receipt"]["event_id"], str(uuid.uuid4()), "goods still here"),
                actor,
                office,
            )


def test_paper_stamp_is_confirmed_by_neither_submitter_nor_named_officer(office: MemoryOffice) -> None:
    dossier = issued(office)
    event = used(office, dossier, recorded="paper", officer=COLLEAGUE.id)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    for actor in (CORRUPT, COLLEAGUE):
        with pytest.raises(TwoPeople):
            paper_stamps.confirm(answer["receipt"]["event_id"], actor, office)


def test_permit_with_full_record_can_still_be_suspended_and_revoked(office: MemoryOffice) -> None:
    """Attack: a batch of invented crossings fills the permit's record."""
    bird = replace(SAKER, description="x" * 1900)
    dossier = issued(office, replace(APPLICATION, lines=(bird,) * 60))
    event = used(office, dossier, direction="transit")
    answers = Phone(office, CORRUPT, "manas-airport").send(
        *({**event, "event_id": str(uuid.uuid4())} for _ in range(150))
    )
    assert answers[-1]["problem"] == "too-large"
    change_status.suspend(dossier.id, "so many", APPROVER, office)
    change_status.revoke(dossier.id, "so many", True, APPROVER, office)
    assert look(office, dossier).outcome == "hold"
