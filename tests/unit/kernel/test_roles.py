"""Table of roles, written a second time from the contract."""

from __future__ import annotations

import pytest

from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.roles import FINDING_ROLES, MINISTRY, OPERATIONS, ROLES, Actor

MAY = {
    "applicant": "create edit submit attach detach withdraw lost surrender notify see history",
    "preparer": "create edit submit attach detach withdraw lost surrender see history return find issue replace "
    "original preview stamp import_legacy stamps write_off deputies stops see_foreign see_photos ask_issuer exchange "
    "ask_party quotas "
    "see_questions operations see_cases follow_up "
    "see_alerts acknowledge reports species_lists set_aside_report",
    "scientist": "see history find stops see_foreign see_photos exchange quotas see_questions answer_question "
    "operations see_cases follow_up "
    "see_alerts reports species_lists",
    "approver": "see history approve refuse issue suspend reinstate revoke original preview undo confirm_legacy "
    "stamp stamps deputies name_deputy stops override see_foreign see_photos ask_issuer exchange ask_party quotas "
    "see_questions operations see_cases follow_up share_abroad export_cases settle_difference "
    "see_alerts acknowledge reports species_lists publish_species set_aside_report "
    "confirm_set_aside",
    "border": "scan resolve endorse undo sync device devices lose_device bundle record_foreign see_foreign "
    "see_photos ask_party ask_expert see_questions open_case see_cases custody "
    "see_alerts acknowledge",
    "inspector": "scan resolve endorse undo sync device devices lose_device bundle record_foreign see_foreign "
    "see_photos ask_party ask_expert see_questions open_case see_cases custody "
    "see_alerts acknowledge",
    "customs": "scan resolve endorse undo sync device devices lose_device bundle record_foreign see_foreign "
    "see_photos ask_party ask_expert see_questions open_case see_cases custody "
    "see_alerts acknowledge",
    "enforcement": "patterns answer_pattern operations see_foreign ask_party open_case see_cases custody "
    "follow_up amend_case case_history share_abroad import_cases export_cases export_people "
    "see_alerts acknowledge watch see_watch",
    "auditor": "see history stamps deputies devices stops see_foreign see_photos exchange quotas see_questions "
    "patterns answer_pattern operations see_cases case_history export_cases "
    "see_alerts see_duty_desks reports species_lists",
    "admin": "see history restore trust import_legacy stamps stock write_off deputies name_deputy devices lose_device "
    "stops see_foreign see_photos exchange parties quotas set_quota see_questions operations set_operation see_cases "
    "see_alerts duty_desks see_duty_desks reports species_lists propose_species settle_difference",
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_exactly_its_operations(role: str) -> None:
    actor = Actor("a", "a", frozenset({role}))
    allowed = {operation for operation in OPERATIONS if actor.may(operation)}
    assert allowed == {"me", *MAY[role].split()}  # every role may read its own account
    for operation in OPERATIONS:
        if operation in allowed:
            actor.require(operation)
        else:
            with pytest.raises(Forbidden):
                actor.require(operation)


def test_two_roles_may_what_either_may() -> None:
    both = Actor("a", "a", frozenset({"preparer", "customs"}))
    assert both.may("return")
    assert both.may("endorse")
    assert not Actor("a", "a", frozenset()).may("see")
    assert not Actor("a", "a", frozenset({"root"})).may("see")


def test_exporter_without_ministry_role_sees_only_own() -> None:
    assert {role for role in ROLES if not Actor("a", "a", frozenset({role})).only_own} == set(MINISTRY)
    assert not Actor("a", "a", frozenset({"applicant", "auditor"})).only_own


def test_scientific_authority_makes_the_scientific_findings() -> None:
    assert set(FINDING_ROLES.values()) == {"preparer", "scientist"}
    assert FINDING_ROLES["non_detriment"] == FINDING_ROLES["import_not_detrimental"] == "scientist"
    assert FINDING_ROLES["legal_acquisition"] == FINDING_ROLES["lawful_import"] == "preparer"
