"""One permit for two consignments: by replacing it, by stamping on paper, by undoing, by parts, by two pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kinds import APPLICATIONS, EAGLE
from life import APPLICATION, issued
from office import APPLICANT, APPROVER, BEKZAT, DAY, PREPARER, SCIENTIST, MemoryOffice
from smuggler import CORRUPT, Phone, endorse, look, replaced, staffed, undo, used

from chalicelib.applications.services import decide
from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services import paper_stamps
from chalicelib.kernel.errors import AlreadyUsed, Invalid, TwoPeople, WrongState
from chalicelib.kernel.roles import FINDING_ROLES, Actor
from chalicelib.permits.model.findings import required_findings
from chalicelib.permits.services import change_status
from chalicelib.record.permit import from_record


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


def test_a_paper_endorsement_confirmed_late_uses_the_replacement_too(office: MemoryOffice) -> None:
    old = issued(office)
    receipt = endorse(office, old, recorded="paper")
    new = replaced(office, old)
    paper_stamps.confirm(receipt["event_id"], BEKZAT, office)
    assert look(office, new).codes != ()
    with pytest.raises(AlreadyUsed):
        endorse(office, new)


def test_a_used_permit_does_not_come_back_as_a_document_for_many_crossings(office: MemoryOffice) -> None:
    old = issued(office, replace(APPLICATION, lines=(EAGLE,)))
    endorse(office, old)
    wanted = replace(APPLICATIONS["OT"], valid_until=APPLICATION.valid_until)
    with pytest.raises(Invalid):
        replaced(office, old, wanted)


def test_a_late_endorsement_uses_every_replacement_to_the_last(office: MemoryOffice) -> None:
    old = issued(office)
    event = used(office, old)
    second = replaced(office, old)
    third = replaced(office, second)
    office.later(3600)
    assert look(office, third).outcome == "accept"
    (answer,) = Phone(office, CORRUPT, "manas-airport").send(event)
    assert answer["result"] == "conflict"
    assert look(office, third).outcome != "accept"
    with pytest.raises(AlreadyUsed):
        endorse(office, third)


def test_what_was_stolen_stays_stolen_when_it_is_revoked_at_the_holders_wish(office: MemoryOffice) -> None:
    old = issued(office)
    change_status.report_lost(old.id, "stolen", "stolen", APPLICANT, office)
    change_status.revoke(old.id, "holder's wish", False, APPROVER, office)
    assert look(office, old).outcome == "hold"


def test_who_endorsed_never_undoes_it_not_even_as_an_approver(office: MemoryOffice) -> None:
    both = Actor("u-both", "Two Hats", frozenset({"customs", "approver"}), frozenset({"*"}))
    receipt = endorse(office, issued(office), both)
    office.later(2 * DAY)
    deputy = Actor("u-deputy", "Deputy", frozenset({"preparer", "approver"}), deputy_for=both.id)
    for who in (both, deputy):
        with pytest.raises(TwoPeople):
            undo(office, receipt, who)


def test_a_negative_finding_is_not_passed_over_because_nobody_asked_for_it(office: MemoryOffice) -> None:
    draft = applications_draft.create(APPLICATION, APPLICANT, office)
    made = applications_draft.submit(draft.id, APPLICANT, office)
    for need in required_findings(from_record(made.record)):
        who = {"preparer": PREPARER, "scientist": SCIENTIST}[FINDING_ROLES[need.kind]]
        decide.find(made.id, need.kind, "positive", "seen", who, office)
    decide.find(made.id, "non_detriment", "negative", "detrimental", SCIENTIST, office)
    with pytest.raises(WrongState):
        decide.approve(made.id, made.digest or "", APPROVER, office)  # fmt: skip
