"""States lifted and uses withdrawn after the restored moment: no list reverts them unseen, people decide."""

from __future__ import annotations

import pytest
from border import Phone, endorse, event, held, undo
from life import approved, endorsement, issue
from office import ADMIN, AIZADA, APPROVER, NOW, PREPARER
from restoring import MemoryRestorable

from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.restore.services import missing_data, replay
from chalicelib.trust.model.status_list import USED


@pytest.fixture
def office() -> MemoryRestorable:
    return MemoryRestorable(now=NOW)


def entry(office: MemoryRestorable, permit: Dossier) -> int:
    """The permit's value in the published status list."""
    (listed,) = [each for each in missing_data.lists(office.restorer) if each.uri == permit.status_uri]
    return listed.value(permit.status_idx or 0)


def steps(office: MemoryRestorable) -> dict[str, list[str]]:
    replay.numbers(ADMIN, office.restorer)
    done = replay.status(ADMIN, office.restorer)
    replay.events(office.now - 3600, ADMIN, office.restorer)
    return done


@pytest.mark.parametrize("fate", ["suspended", "lost"])
def test_lifted_state_is_left_to_people_and_shown_to_both_openers(office: MemoryRestorable, fate: str) -> None:
    permit = issue(office, approved(office))
    if fate == "suspended":
        change_status.suspend(permit.id, "doubt", APPROVER, office)
    else:
        change_status.report_lost(permit.id, "post", "lost", PREPARER, office)
    value = {"suspended": 2, "lost": 14}[fate]
    office.minute()
    rows = office.backup()
    office.later(100)
    change_status.reinstate(permit.id, "it was right", APPROVER, office)
    office.minute()
    office.restore(rows)
    assert "status values" in missing_data.find_missing(office.restorer).missing
    words = [f"{permit.number}: {value} -> 0"]
    assert steps(office) == {"corrected": [], "entries": [], "left": words}
    assert held(office, permit).state == fate
    office.later(4 * 3600)
    office.publish_due()
    assert entry(office, permit) == 0  # the list does not revert the lifted state while locked
    found = missing_data.find_missing(office.restorer)
    assert (list(found.left), found.missing) == (words, [])


def test_withdrawn_use_is_left_to_people(office: MemoryRestorable) -> None:
    permit = issue(office, approved(office))
    asked = endorsement(office, permit)
    endorse(office, asked)
    office.minute()
    rows = office.backup()
    office.later(3600)
    undo(office, asked.event_id)
    office.minute()
    office.restore(rows)
    assert steps(office)["left"] == [f"{permit.number}: {USED} -> 0"]
    assert held(office, permit).use == "exported"
    office.later(4 * 3600)
    office.publish_due()
    assert entry(office, permit) == 0


def test_use_uploaded_since_restore_is_published_without_question(office: MemoryRestorable) -> None:
    phone, permit = Phone(office), issue(office, approved(office))
    office.minute()
    office.restore(office.backup())
    office.later(60)
    assert phone.sync(event(endorsement(office, permit), AIZADA))[0]["result"] == "stored"
    assert steps(office)["left"] == []
    assert missing_data.find_missing(office.restorer).missing == []
    office.later(4 * 3600)
    office.publish_due()
    assert entry(office, permit) == USED
    assert missing_data.find_missing(office.restorer).missing == []
    assert store.load(office.register, permit.id).use == "exported"
