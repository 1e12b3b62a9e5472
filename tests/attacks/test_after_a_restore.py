"""Restore of an old backup: uses, losses and replacements of the lost hours are recovered and cannot be hidden."""

from __future__ import annotations

from typing import Any

import pytest
from border import CHINARA, Phone, endorse, event, held, look, new_uuid
from life import approved, endorsement, examined_and_approved, issue, issued
from office import ADMIN, ADMIN2, AIZADA, APPROVER, BEKZAT, NOW, PREPARER
from papers import imported, opened, paper
from restoring import MemoryRestorable

from chalicelib.adapters.in_process.memory import MemoryIssuer
from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services import withdraw
from chalicelib.issuing.services import sign
from chalicelib.kernel.errors import AlreadyUsed, NotUsable, Unavailable, WrongState
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status
from chalicelib.platform.restore_lock import counters, read_mark
from chalicelib.restore.services import missing_data, open_register, replay

HOUR = 3600
GREEN = {"accept", "accept_offline"}


@pytest.fixture
def office() -> MemoryRestorable:
    return MemoryRestorable(now=NOW)


def hours(office: MemoryRestorable, count: int) -> None:
    for _ in range(count):
        office.later(HOUR)
        office.publish_due()


def steps(office: MemoryRestorable) -> dict[str, list[str]]:
    replay.numbers(ADMIN, office.restorer)
    done = replay.status(ADMIN, office.restorer)
    replay.events(office.now - HOUR, ADMIN, office.restorer)
    return done


def open_again(office: MemoryRestorable, *, books: bool = False) -> None:
    proposal = open_register.propose(ADMIN, office.restorer, books=books)
    open_register.confirm(proposal.digest, ADMIN2, office.restorer, books=books)
    office.later(61)


def replacement_of(office: MemoryRestorable, old: Dossier) -> Dossier:
    """A replacement that is approved and waits to be issued."""
    draft = change_status.replace_permit(old.id, "lost", PREPARER, office)
    made = applications_draft.submit(draft.id, PREPARER, office)
    ready: Dossier = examined_and_approved(office, made)
    return ready


def test_recovered_replacement_ends_the_replaced_permit(office: MemoryRestorable) -> None:
    old = issued(office)
    change_status.report_lost(old.id, "lost", "lost", PREPARER, office)
    ready = replacement_of(office, old)
    office.minute()
    rows = office.backup()
    office.later(60)
    new = issue(office, ready)
    office.print_here(new.id, False)
    hours(office, 1)
    office.restore(rows)
    steps(office)
    open_again(office)
    was = held(office, old)
    assert (was.state, was.replaced_by, was.replaced_by_number) == ("replaced", new.id, new.number)
    with pytest.raises(WrongState):
        change_status.reinstate(old.id, "found it", APPROVER, office)
    assert endorse(office, held(office, new))["use"] == "exported"
    with pytest.raises(NotUsable):
        endorse(office, old)


@pytest.mark.parametrize("lost_too", [False, True])
def test_permit_replaced_after_backup_stays_replaced(office: MemoryRestorable, lost_too: bool) -> None:
    old = issued(office)
    ready = replacement_of(office, old)
    office.minute()
    rows = office.backup()
    if lost_too:
        change_status.report_lost(old.id, "lost", "lost", PREPARER, office)
    new = issue(office, ready)
    office.print_here(new.id, False)
    hours(office, 1)
    office.restore(rows)
    steps(office)
    assert (held(office, old).state, held(office, old).missing) == ("replaced", "lost" if lost_too else None)


def hidden(office: MemoryRestorable, fate: str, *, used: bool) -> Dossier:
    """A permit used (or not) after the backup, then suspended or lost. The status list shows only the latter."""
    permit: Dossier = issued(office)
    office.minute()
    rows = office.backup()
    office.minute()
    if used:
        endorse(office, permit, BEKZAT)
        office.minute()
    hours(office, 2)
    if fate == "suspended":
        change_status.suspend(permit.id, "doubt", APPROVER, office)
    else:
        change_status.report_lost(permit.id, "post", "stolen", PREPARER, office)
    hours(office, 2)
    office.restore(rows)
    office.later(60)
    assert len(steps(office)["corrected"]) == 1
    open_again(office)
    assert held(office, permit).state == fate
    return permit


@pytest.mark.parametrize("fate", ["suspended", "lost"])
def test_use_behind_suspension_or_loss_is_recovered_after_restore(office: MemoryRestorable, fate: str) -> None:
    permit = hidden(office, fate, used=True)
    change_status.reinstate(permit.id, "the doubt was unfounded", APPROVER, office)
    for direction, post, country in (("export", "osh-airport", "KG"), ("none", None, "KG"), ("import", None, "AE")):
        assert look(office, permit, direction, post, country).outcome not in GREEN
    with pytest.raises((AlreadyUsed, NotUsable)):
        endorse(office, permit, AIZADA, transport_document="second")
    office.minute()
    (listed,) = [each for each in missing_data.lists(office.restorer) if each.uri == permit.status_uri]
    assert listed.value(permit.status_idx or 0) == 3


def test_approver_withdraws_recovered_use_that_never_happened(office: MemoryRestorable) -> None:
    permit = hidden(office, "suspended", used=False)
    change_status.reinstate(permit.id, "the doubt was unfounded", APPROVER, office)
    (use,) = held(office, permit).uses
    withdraw.undo(withdraw.Undo(use.event_id, new_uuid(), "block 14 is empty"), APPROVER, office)
    assert held(office, permit).use == "unused"
    assert endorse(office, permit)["use"] == "exported"


@pytest.mark.parametrize("wait", [0, 8])
def test_second_use_uploaded_during_restore_lock_conflicts_with_listed_use(office: MemoryRestorable, wait: int) -> None:
    phone, permit = Phone(office), issued(office)
    office.minute()
    rows = office.backup()
    office.minute()
    endorse(office, permit, BEKZAT, transport_document="AWB 1")  # at a desk: no device stores it
    office.minute()
    office.restore(rows)
    office.minute()
    hours(office, wait)  # the status lists are renewed and signed again
    second = endorsement(office, permit, transport_document="AWB 2", endorsed_at=office.now - 30)
    assert phone.sync(event(second))[0]["result"] == "conflict"
    steps(office)
    assert steps(office) == {"corrected": [], "entries": [], "left": []}
    open_again(office)
    assert "U4" in look(office, permit, "import", None, "AE").codes
    assert sorted(use.recorded for use in held(office, permit).uses if use.counts) == ["list", "live"]


def test_late_upload_of_listed_use_counts_once(office: MemoryRestorable) -> None:
    """An event that the status list already shows is not a second use.

    A list renewed during the lock also contains the uses uploaded since.
    """
    phone, another, one, other = Phone(office), Phone(office), issued(office), issued(office)
    office.minute()
    rows = office.backup()
    office.minute()
    asked = endorsement(office, one)
    endorse(office, asked, AIZADA)
    office.minute()
    office.restore(rows)
    office.minute()
    hours(office, 1)
    assert another.sync(event(endorsement(office, other)))[0]["result"] == "stored"
    hours(office, 4)
    assert phone.sync(event(asked, AIZADA))[0]["result"] == "stored"
    assert steps(office) == {"corrected": [], "entries": [], "left": []}
    assert [len(held(office, permit).uses) for permit in (one, other)] == [1, 1]


def test_start_of_restore_lock_is_stored_once_and_cleared_at_opening(office: MemoryRestorable) -> None:
    issued(office)
    office.minute()
    office.restore(office.backup())
    office.minute()
    noted = office.now
    hours(office, 4)
    mark, _ = read_mark(office.static)
    assert (mark and mark.shut_at) == noted
    steps(office)
    open_again(office)
    mark, _ = read_mark(office.static)
    assert mark is not None
    assert mark.shut_at is None


def test_withdrawal_uploaded_during_restore_lock_is_kept(office: MemoryRestorable) -> None:
    phone, permit = Phone(office), issued(office)
    asked = endorsement(office, permit)
    endorse(office, asked, BEKZAT)
    office.minute()
    office.restore(office.backup())
    office.minute()
    undone = {"kind": "undo", "endorsement": asked.event_id, "event_id": new_uuid(), "reason": "cancelled flight"}
    assert phone.sync(undone, actor=CHINARA)[0]["result"] == "stored"
    hours(office, 7)
    assert steps(office)["left"] == [f"{permit.number}: 0 -> 3"]
    assert held(office, permit).use == "unused"
    open_again(office)
    hours(office, 26)
    assert held(office, permit).use == "unused"


def test_use_of_lost_hours_withdrawn_during_lock_blocks_no_step(office: MemoryRestorable) -> None:
    phone, permit = Phone(office), issued(office)
    office.minute()
    rows = office.backup()
    office.minute()
    asked = endorsement(office, permit)
    endorse(office, asked, BEKZAT)
    office.minute()
    office.restore(rows)
    office.minute()
    steps(office)
    assert phone.sync(event(asked, BEKZAT))[0]["result"] == "stored"
    undone = {"kind": "undo", "endorsement": asked.event_id, "event_id": new_uuid(), "reason": "cancelled flight"}
    assert phone.sync(undone, actor=CHINARA)[0]["result"] == "stored"
    assert steps(office)["left"] == [f"{permit.number}: 0 -> 3"]
    open_again(office)


@pytest.mark.parametrize("fate", ["suspended", "lost"])
def test_use_after_lifted_suspension_or_loss_is_recovered(office: MemoryRestorable, fate: str) -> None:
    permit = issued(office)
    if fate == "suspended":
        change_status.suspend(permit.id, "look", APPROVER, office)
    else:
        change_status.report_lost(permit.id, "lost", "lost", PREPARER, office)
    office.minute()
    rows = office.backup()
    change_status.reinstate(permit.id, "found", APPROVER, office)
    endorse(office, permit, BEKZAT)
    office.minute()
    office.restore(rows)
    office.later(60)
    value = {"suspended": 2, "lost": 14}[fate]
    for _ in range(2):
        assert steps(office)["left"] == [f"{permit.number}: {value} -> 3"]
    open_again(office)
    assert (held(office, permit).state, len(held(office, permit).uses)) == (fate, 1)
    change_status.reinstate(permit.id, "found", APPROVER, office)
    with pytest.raises(AlreadyUsed):
        endorse(office, permit, AIZADA, transport_document="second")


def test_voided_signing_does_not_block_opening_after_restore(office: MemoryRestorable) -> None:
    kept: list[Any] = []
    waiting = approved(office)

    def cut_off(permit_id: str) -> None:
        kept.append(office.backup())

    office.__dict__["issuer"] = MemoryIssuer(cut_off)
    with pytest.raises(Unavailable):
        issue(office, waiting)
    left, rows = held(office, waiting), kept[0]
    office.later(400)
    assert sign.give_up_signings(office) == [left.number]
    office.minute()
    office.restore(rows)
    office.later(60)
    assert steps(office)["left"] == [f"{left.number}: 0 -> 1"]
    open_again(office)
    assert sign.give_up_signings(office) == [left.number]


def test_numbers_of_paper_register_do_not_enter_register_mark(office: MemoryRestorable) -> None:
    opened(office)
    office.gated(office.register.inner)
    numbers = [f"{a}{b}10000017" for a in "ABCDEFGH" for b in "JKLMPQRSTUVWXY"][:105]
    imported(office, *[paper(number) for number in numbers])
    issued(office)
    office.minute()
    office.restore(office.backup())
    office.later(60)
    steps(office)
    open_again(office, books=True)
    mark, _ = read_mark(office.static)
    assert mark is not None
    assert mark.serials == counters(office.restorer.table, "KG") == {"26": 1001}


def test_unlisted_paper_permits_are_counted_and_confirmed_by_both_openers(office: MemoryRestorable) -> None:
    opened(office)
    office.gated(office.register.inner)
    imported(office)
    office.minute()
    office.restore(office.backup())
    office.later(60)
    steps(office)
    found = missing_data.find_missing(office.restorer)
    assert (found.unlisted, found.missing) == ({"papers": 1, "foreign": 0}, [])
    with pytest.raises(WrongState, match="books"):
        open_register.propose(ADMIN, office.restorer)
    proposal = open_register.propose(ADMIN, office.restorer, books=True)
    assert proposal.facts["unlisted"] == {"papers": 1, "foreign": 0}
    with pytest.raises(WrongState, match="books"):
        open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    assert office.restore_lock.shut(at_once=True)
    open_register.confirm(proposal.digest, ADMIN2, office.restorer, books=True)
    assert office.restore_lock.shut(at_once=True) is None
