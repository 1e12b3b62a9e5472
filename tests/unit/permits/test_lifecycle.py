"""State table of a permit, repeated steps, ownership, and the rule of two people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.kernel.enums import FindingResult
from chalicelib.kernel.errors import Forbidden, TwoPeople, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier, Finding

DOSSIER = Dossier("d", 1, "draft", "", "creator", 0, {}, editor="editor", submitter="submitter", digest="x")

# from -> step -> to, as the contract lists states and transitions; every other cell is refused
WAYS = {
    "draft": {"edit": "draft", "attach": "draft", "preview": "draft", "override": "draft", "submit": "submitted",
              "detach": "draft", "withdraw": "void"},
    "returned": {"edit": "returned", "attach": "returned", "preview": "returned", "override": "returned",
                 "submit": "submitted", "detach": "returned", "withdraw": "void"},
    "submitted": {
        "withdraw": "void",
        "attach": "submitted", "preview": "submitted", "find": "submitted", "return": "returned", "refuse": "refused",
        "approve": "approved", "override": "submitted",
    },
    "refused": {},
    "approved": {"preview": "approved", "return": "returned", "refuse": "refused", "issue": "signing",
                 "override": "approved"},
    "signing": {"signed": "issued", "give_up": "approved"},
    "issued": {
        "suspend": "suspended", "revoke": "revoked", "surrender": "revoked", "lost": "lost", "replace": "issued",
        "replaced": "replaced", "stamp": "issued",
    },
    "suspended": {"reinstate": "issued", "revoke": "revoked", "stamp": "suspended"},
    "lost": {"reinstate": "issued", "revoke": "revoked", "replace": "lost", "replaced": "replaced"},
    "revoked": {},
    "replaced": {},
    "void": {},
}  # fmt: skip


@pytest.mark.parametrize("state", lifecycle.STATES)
@pytest.mark.parametrize("step", lifecycle.STEPS)
def test_step_in_state_follows_the_table(state: str, step: str) -> None:
    dossier = replace(DOSSIER, state=state)
    if step in WAYS[state]:
        assert lifecycle.after(dossier, step) == WAYS[state][step]
        return
    with pytest.raises(WrongState) as caught:
        lifecycle.after(dossier, step)
    assert caught.value.extra["state"] == state


def test_table_has_every_state_and_step() -> None:
    assert set(WAYS) == set(lifecycle.STATES)
    assert {step for row in WAYS.values() for step in row} == set(lifecycle.STEPS)
    assert {s for s in lifecycle.STATES if s in lifecycle.ISSUED_ONCE} == {
        "issued", "suspended", "revoked", "replaced", "lost",
    }  # fmt: skip


def actor(name: str, *roles: str) -> Actor:
    return Actor(name, name, frozenset(roles))


def test_repeated_step_by_the_same_person_succeeds() -> None:
    done = replace(DOSSIER, state="submitted", last_actions={"submit": "me"})
    assert lifecycle.repeated(done, "submit", actor("me"))
    assert not lifecycle.repeated(done, "submit", actor("you"))
    assert not lifecycle.repeated(replace(done, state="approved"), "submit", actor("me"))
    assert not lifecycle.repeated(done, "return", actor("me"))


@pytest.mark.parametrize("hand", ["creator", "editor", "submitter", "finder"])
def test_creator_editor_submitter_and_finder_cannot_approve(hand: str) -> None:
    dossier = replace(DOSSIER, findings=(Finding("non_detriment", FindingResult.POSITIVE, "", "finder", 0, "x"),))
    with pytest.raises(TwoPeople):
        lifecycle.require_second_person(dossier, actor(hand).same_person_ids)
    lifecycle.require_second_person(dossier, actor("stranger").same_person_ids)


STEPS_OF = [
    ("preparer", "draft", ("edit", "attach", "preview", "detach", "submit", "withdraw")),
    ("preparer", "submitted", ("attach", "preview", "withdraw", "return", "find")),
    ("scientist", "submitted", ("find",)),
    ("approver", "submitted", ("preview", "refuse", "override", "approve")),
    ("approver", "approved", ("preview", "refuse", "override", "issue")),
    ("approver", "issued", ("suspend", "revoke", "stamp")),
    ("approver", "suspended", ("reinstate", "revoke", "stamp")),
    ("preparer", "issued", ("surrender", "lost", "replace", "stamp")),
    ("applicant", "draft", ("edit", "attach", "detach", "submit", "withdraw")),
    ("applicant", "submitted", ("attach", "withdraw")),
    ("applicant", "approved", ()),
    ("auditor", "submitted", ()),
    ("customs", "issued", ()),
    ("approver", "revoked", ()),
]


@pytest.mark.parametrize(("role", "state", "steps"), STEPS_OF)
def test_possible_steps_of_role_in_state(role: str, state: str, steps: tuple[str, ...]) -> None:
    assert lifecycle.possible(replace(DOSSIER, state=state), actor("stranger", role)) == steps


def test_replacement_belongs_to_ministry_until_returned() -> None:
    holder, preparer = actor("holder", "applicant"), actor("stranger", "preparer")
    for state in ("draft", "submitted"):
        dossier = replace(DOSSIER, state=state, replaces="old", owner="holder")
        assert lifecycle.possible(dossier, holder) == ()
        assert "withdraw" in lifecycle.possible(dossier, preparer)
        with pytest.raises(Forbidden):
            lifecycle.check_holder_may_edit(dossier, holder)
        lifecycle.check_holder_may_edit(dossier, preparer)
    returned = replace(DOSSIER, state="returned", replaces="old", owner="holder")
    assert "withdraw" not in lifecycle.possible(returned, preparer)
    assert lifecycle.possible(returned, holder) == ("edit", "attach", "detach", "submit", "withdraw")


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_ministry_withdraws_only_its_own_application(state: str) -> None:
    preparer = actor("stranger", "preparer")
    assert "withdraw" in lifecycle.possible(replace(DOSSIER, state=state, owner=""), preparer)
    assert "withdraw" not in lifecycle.possible(replace(DOSSIER, state=state, owner="holder"), preparer)


def test_editor_is_not_offered_approval() -> None:
    dossier = replace(DOSSIER, state="submitted")
    assert lifecycle.possible(dossier, actor("editor", "approver")) == ("preview", "refuse")


def test_exporter_owns_only_their_permits() -> None:
    mine = replace(DOSSIER, owner="me")
    assert lifecycle.owns(mine, actor("me", "applicant"))
    assert not lifecycle.owns(mine, actor("you", "applicant"))
    for role in ("preparer", "approver", "scientist", "auditor", "admin"):
        assert lifecycle.owns(mine, actor("official", role))
    assert not lifecycle.owns(mine, actor("officer", "customs"))


def test_application_needs_a_finding_on_its_present_digest() -> None:
    asked = replace(DOSSIER, owner="exporter")
    lifecycle.require_official_finding(DOSSIER)  # the ministry's own application
    with pytest.raises(WrongState):
        lifecycle.require_official_finding(asked)
    old = Finding("non_detriment", FindingResult.POSITIVE, "", "f", 0, "another digest")
    with pytest.raises(WrongState):
        lifecycle.require_official_finding(replace(asked, findings=(old,)))
    lifecycle.require_official_finding(replace(asked, findings=(old, replace(old, digest="x"))))
