"""One permit for two consignments: by replacement, paper stamp, withdrawal, parts or a second page."""

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
from chalicelib.kernel.enums import FindingResult
from chalicelib.kernel.errors import AlreadyUsed, Invalid, TwoPeople, WrongState
from chalicelib.kernel.roles import FINDING_ROLES, Actor
from chalicelib.permits.model.findings import required_findings
from chalicelib.permits.services import change_status
from chalicelib.record.permit import from_record


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


def test_paper_stamp_confirmed_late_uses_replacement_too(office: MemoryOffice) -> None:
    old = issued(office)
    receipt = endorse(office, old, recorded="paper")
    new = replaced(office, old)
    paper_stamps.confirm(receipt["event_id"], BEKZAT, office)
    assert look(office, new).codes != ()
    with pytest.raises(AlreadyUsed):
        endorse(office, new)


def test_used_permit_is_not_replaced_by_document_for_many_crossings(office: MemoryOffice) -> None:
    old = issued(office, replace(APPLICATION, lines=(EAGLE,)))
    endorse(office, old)
    wanted = replace(APPLICATIONS["OT"], valid_until=APPLICATION.valid_until)
    with pytest.raises(Invalid):
        replaced(office, old, wanted)


def test_late_use_of_old_permit_uses_every_later_replacement(office: MemoryOffice) -> None:
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


def test_stolen_permit_revoked_at_holders_wish_is_still_held(office: MemoryOffice) -> None:
    old = issued(office)
    change_status.report_lost(old.id, "stolen", "stolen", APPLICANT, office)
    change_status.revoke(old.id, "holder's wish", False, APPROVER, office)
    assert look(office, old).outcome == "hold"


def test_officer_never_withdraws_own_use_even_as_approver(office: MemoryOffice) -> None:
    both = Actor("u-both", "Two Hats", frozenset({"customs", "approver"}), frozenset({"*"}))
    receipt = endorse(office, issued(office), both)
    office.later(2 * DAY)
    deputy = Actor("u-deputy", "Deputy", frozenset({"preparer", "approver"}), deputy_for=both.id)
    for who in (both, deputy):
        with pytest.raises(TwoPeople):
            undo(office, receipt, who)


def test_negative_finding_that_is_not_required_blocks_approval(office: MemoryOffice) -> None:
    draft = applications_draft.create(APPLICATION, APPLICANT, office)
    made = applications_draft.submit(draft.id, APPLICANT, office)
    for need in required_findings(from_record(made.record)):
        who = {"preparer": PREPARER, "scientist": SCIENTIST}[FINDING_ROLES[need.kind]]
        decide.find(made.id, decide.NewFinding(need.kind, FindingResult.POSITIVE, "seen"), who, office)
    decide.find(made.id, decide.NewFinding("non_detriment", FindingResult.NEGATIVE, "detrimental"), SCIENTIST, office)
    with pytest.raises(WrongState):
        decide.approve(made.id, made.digest or "", APPROVER, office)  # fmt: skip
