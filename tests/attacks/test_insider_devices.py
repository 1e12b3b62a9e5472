"""A corrupt officer with a device: whatever it signs, no second person is made up by it."""

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


def test_nobody_undoes_in_the_name_of_an_approver(office: MemoryOffice) -> None:
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


def test_nobody_undoes_their_own_in_a_colleagues_name(office: MemoryOffice) -> None:
    dossier = issued(office)
    receipt = endorse(office, dossier, CORRUPT)
    event = {
        "kind": "undo", "event_id": str(uuid.uuid4()), "endorsement": receipt["event_id"], "reason": "goods still here",
        "officer": COLLEAGUE.id,
    }  # fmt: skip
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    assert answer["result"] == "rejected"


def test_a_device_undoes_at_its_own_post_only(office: MemoryOffice) -> None:
    dossier = issued(office)
    receipt = endorse(office, dossier, CORRUPT)
    event = {
        "kind": "undo", "event_id": str(uuid.uuid4()), "endorsement": receipt["event_id"], "reason": "goods still here",
        "officer": COLLEAGUE.id,
    }  # fmt: skip
    (answer,) = Phone(office, GUARD, "torugart").send(event)
    assert answer["result"] == "rejected"


def test_who_brought_an_event_in_is_in_the_history(office: MemoryOffice) -> None:
    dossier = issued(office)
    phone = Phone(office, CORRUPT, "manas-airport")
    (answer,) = phone.send(used(office, dossier, officer=COLLEAGUE.id))
    assert answer["result"] == "stored"
    entry = store.history(office.register, dossier.id, PREPARER)[0][-1]
    assert entry["by"] == COLLEAGUE.id
    assert (entry["detail"]["brought_by"], entry["detail"]["device"]) == (CORRUPT.id, phone.id)
    assert (entry["by_name"], entry["detail"]["brought_by_name"]) == (COLLEAGUE.name, CORRUPT.name)  # both are shown


def test_a_paper_endorsement_needs_its_second_person_by_sync_too(office: MemoryOffice) -> None:
    dossier = issued(office)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, recorded="paper"))
    assert answer["result"] != "stored" or answer["receipt"]["result"] == "pending"


def test_by_number_too_a_revoked_permit_makes_a_conflict(office: MemoryOffice) -> None:
    dossier = issued(office)
    change_status.revoke(dossier.id, "forged papers", True, APPROVER, office)
    event = used(office, dossier, number=dossier.number, code=dossier.check_code)
    del event["qr"]
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    assert answer["result"] == "conflict"


def test_a_use_dated_in_the_future_is_no_licence_for_ever(office: MemoryOffice) -> None:
    dossier = issued(office)
    Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, endorsed_at="2099-01-01T00:00:00Z"))
    office.later(20 * DAY)
    assert look(office, dossier).outcome == "hold"


def test_who_brought_an_event_in_undoes_it_no_more_than_the_officer_it_names(office: MemoryOffice) -> None:
    dossier = issued(office)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(used(office, dossier, officer=COLLEAGUE.id))
    for actor in (CORRUPT, COLLEAGUE):
        with pytest.raises(TwoPeople):
            withdraw.undo(
                answer["receipt"]["event_id"],
                str(uuid.uuid4()),
                "goods still here",
                actor,
                office,
                undo_paper=office.undo_paper,
            )


def test_a_paper_endorsement_by_sync_waits_for_a_second_person_that_is_none_of_the_two(office: MemoryOffice) -> None:
    dossier = issued(office)
    event = used(office, dossier, recorded="paper", officer=COLLEAGUE.id)
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    for actor in (CORRUPT, COLLEAGUE):
        with pytest.raises(TwoPeople):
            paper_stamps.confirm(answer["receipt"]["event_id"], actor, office)


def test_no_number_of_endorsements_keeps_the_ministry_from_revoking(office: MemoryOffice) -> None:
    """A batch of made-up crossings fills the permit's file: it takes no more, but it can still be ended."""
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
