"""The table of roles, written a second time from the contract."""

from __future__ import annotations

import pytest

from chalicelib.core.errors import Forbidden
from chalicelib.core.roles import FINDING_ROLES, MINISTRY, OPERATIONS, ROLES, Actor

MAY = {
    "applicant": "create edit submit attach lost see history",
    "preparer": "create edit submit attach lost see history return find issue replace original",
    "scientist": "see history find",
    "approver": "see history approve refuse issue suspend reinstate revoke original undo",
    "border": "scan resolve endorse undo sync device bundle",
    "inspector": "scan resolve endorse undo sync device bundle",
    "customs": "scan resolve endorse undo sync device bundle",
    "enforcement": "",
    "auditor": "see history",
    "admin": "see history",
}


@pytest.mark.parametrize("role", ROLES)
def test_each_cell(role: str) -> None:
    actor = Actor("a", "a", frozenset({role}))
    allowed = {operation for operation in OPERATIONS if actor.may(operation)}
    assert allowed == set(MAY[role].split())
    for operation in OPERATIONS:
        if operation in allowed:
            actor.need(operation)
        else:
            with pytest.raises(Forbidden):
                actor.need(operation)


def test_two_roles_may_what_either_may() -> None:
    both = Actor("a", "a", frozenset({"preparer", "customs"}))
    assert both.may("return")
    assert both.may("endorse")
    assert not Actor("a", "a", frozenset()).may("see")
    assert not Actor("a", "a", frozenset({"root"})).may("see")


def test_only_own() -> None:
    assert {role for role in ROLES if not Actor("a", "a", frozenset({role})).only_own} == set(MINISTRY)
    assert not Actor("a", "a", frozenset({"applicant", "auditor"})).only_own


def test_the_scientific_authority_judges_science() -> None:
    assert set(FINDING_ROLES.values()) == {"preparer", "scientist"}
    assert FINDING_ROLES["non_detriment"] == FINDING_ROLES["import_not_detrimental"] == "scientist"
    assert FINDING_ROLES["legal_acquisition"] == FINDING_ROLES["lawful_import"] == "preparer"
