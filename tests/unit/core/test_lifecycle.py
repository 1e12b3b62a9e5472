"""The state table, cell by cell; who may repeat a step; and that nobody approves their own hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.core import lifecycle
from chalicelib.core.dossier import Dossier, Finding
from chalicelib.core.errors import TwoPeople, WrongState
from chalicelib.core.roles import Actor

DOSSIER = Dossier("d", 1, "draft", "", "creator", 0, {}, editor="editor", submitter="submitter", digest="x")

# from -> step -> to, as the contract lists states and transitions; every other cell is refused
WAYS = {
    "draft": {"edit": "draft", "attach": "draft", "submit": "submitted"},
    "returned": {"edit": "returned", "attach": "returned", "submit": "submitted"},
    "submitted": {
        "attach": "submitted", "find": "submitted", "return": "returned", "refuse": "refused", "approve": "approved",
    },
    "refused": {},
    "approved": {"return": "returned", "refuse": "refused", "issue": "signing"},
    "signing": {"signed": "issued", "give_up": "approved"},
    "issued": {
        "suspend": "suspended", "revoke": "revoked", "lost": "lost", "replace": "issued", "replaced": "replaced",
    },
    "suspended": {"reinstate": "issued", "revoke": "revoked"},
    "lost": {"reinstate": "issued", "revoke": "revoked", "replace": "lost", "replaced": "replaced"},
    "revoked": {},
    "replaced": {},
    "void": {},
}  # fmt: skip


@pytest.mark.parametrize("state", lifecycle.STATES)
@pytest.mark.parametrize("step", lifecycle.STEPS)
def test_each_cell(state: str, step: str) -> None:
    dossier = replace(DOSSIER, state=state)
    if step in WAYS[state]:
        assert lifecycle.after(dossier, step) == WAYS[state][step]
        return
    with pytest.raises(WrongState) as caught:
        lifecycle.after(dossier, step)
    assert caught.value.extra["state"] == state


def test_the_table_is_whole() -> None:
    assert set(WAYS) == set(lifecycle.STATES)
    assert {step for row in WAYS.values() for step in row} == set(lifecycle.STEPS)
    assert {s for s in lifecycle.STATES if s in lifecycle.ISSUED_ONCE} == {
        "issued", "suspended", "revoked", "replaced", "lost",
    }  # fmt: skip


def actor(name: str, *roles: str) -> Actor:
    return Actor(name, name, frozenset(roles))


def test_the_same_again_by_the_same_person_is_a_success() -> None:
    done = replace(DOSSIER, state="submitted", last_actions={"submit": "me"})
    assert lifecycle.repeated(done, "submit", actor("me"))
    assert not lifecycle.repeated(done, "submit", actor("you"))
    assert not lifecycle.repeated(replace(done, state="approved"), "submit", actor("me"))
    assert not lifecycle.repeated(done, "return", actor("me"))


@pytest.mark.parametrize("hand", ["creator", "editor", "submitter", "finder"])
def test_no_hand_in_it_may_approve_it(hand: str) -> None:
    dossier = replace(DOSSIER, findings=(Finding("non_detriment", "positive", "", "finder", 0, "x"),))
    with pytest.raises(TwoPeople):
        lifecycle.second_person(dossier, actor(hand))
    lifecycle.second_person(dossier, actor("stranger"))


def test_an_exporter_sees_only_what_is_theirs() -> None:
    mine = replace(DOSSIER, owner="me")
    assert lifecycle.owns(mine, actor("me", "applicant"))
    assert not lifecycle.owns(mine, actor("you", "applicant"))
    for role in ("preparer", "approver", "scientist", "auditor", "admin"):
        assert lifecycle.owns(mine, actor("official", role))
    assert not lifecycle.owns(mine, actor("officer", "customs"))


def test_an_application_needs_an_officials_finding_on_its_present_digest() -> None:
    asked = replace(DOSSIER, owner="exporter")
    lifecycle.officially_examined(DOSSIER)  # the ministry's own
    with pytest.raises(WrongState):
        lifecycle.officially_examined(asked)
    old = Finding("non_detriment", "positive", "", "f", 0, "another digest")
    with pytest.raises(WrongState):
        lifecycle.officially_examined(replace(asked, findings=(old,)))
    lifecycle.officially_examined(replace(asked, findings=(old, replace(old, digest="x"))))
