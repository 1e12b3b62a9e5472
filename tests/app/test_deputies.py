"""Deputies of approvers: appointment, period in which the role is lent, and the rule of two people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from desk import approved, issued, ok, submitted
from http_client import Answer, call, get
from office import DAY, MemoryOffice

from chalicelib.applications.services.refusals import recheck
from chalicelib.kernel.errors import TwoPeople
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.kernel.rows import Key, Put
from chalicelib.people.services import person_key
from chalicelib.permits.model.dossier import Approval
from chalicelib.permits.services import store

DEPUTY, DEPUTY_ID = "a-preparer", "u-a-preparer"
TODAY, LAST = "2026-11-25", "2026-11-27"


def name(token: str = "a-admin", **changes: str) -> Answer:
    body = {"deputy": DEPUTY_ID, "represented": "u-appr", "first": TODAY, "last": LAST, "reason": "leave", **changes}
    return call("POST", "/v1/deputies", body, token=token)


def examined(creator: str = "preparer") -> dict[str, Any]:
    made = submitted(creator)
    for kind in made["findings_needed"]:
        body = {"kind": kind, "result": "positive", "note": ""}
        ok(call("POST", f"/v1/permits/{made['id']}/findings", body, token=FINDING_ROLES[kind]))
    return made


def approve(made: Any, token: str = DEPUTY) -> Answer:
    return call("POST", f"/v1/permits/{made['id']}/approve", {"digest": made["digest"]}, token=token)


def confirm(made: Any, token: str) -> Answer:
    return call("POST", f"/v1/deputies/{made['id']}/confirm", token=token)


def faults(answer: Answer) -> set[tuple[str, str]]:
    assert answer.slug == "invalid", answer.body
    return {(each["field"], each["code"]) for each in answer.json["errors"]}


def state() -> str:
    return str(ok(get("/v1/deputies", token="a-auditor"))["items"][0]["state"])


def test_deputy_approves_during_period_and_history_names_approver(office: MemoryOffice) -> None:
    made = examined()
    assert approve(made).slug == "forbidden"
    ok(name(), 201)
    assert "approve" in get(f"/v1/permits/{made['id']}", token=DEPUTY).json["steps"]
    assert get("/v1/me", token=DEPUTY).json["deputy_for"] == "Bakyt Approver"
    assert "deputy_for" not in get("/v1/me", token="approver").json
    ok(approve(made))
    ok(call("POST", f"/v1/permits/{made['id']}/issue", token=DEPUTY))  # preparers may issue: not as deputy
    events = {each["action"]: each for each in get(f"/v1/permits/{made['id']}/history", token=DEPUTY).json["items"]}
    assert (events["approve"]["by"], events["approve"]["for_name"]) == (DEPUTY_ID, "Bakyt Approver")
    assert "for_name" not in events["issue"]
    (said,) = get(f"/v1/permits/{made['id']}", token="approver").json["approvals"]
    assert (said["by_name"], said["represented_name"]) == ("A preparer", "Bakyt Approver")


def test_deputation_starts_and_ends_on_its_days(office: MemoryOffice) -> None:
    ok(name(first="2026-11-26"), 201)
    made = examined()
    assert (state(), approve(made).slug) == ("coming", "forbidden")
    office.later(DAY)
    assert state() == "running"
    ok(approve(made))
    office.later(2 * DAY)
    assert state() == "over"
    assert approve(examined()).slug == "forbidden"
    (made,) = ok(get("/v1/deputies", token="approver"))["items"]
    ok(call("POST", f"/v1/deputies/{made['id']}/end", token="approver"))  # from a page opened while it was running
    assert state() == "over"  # the state stays `over`, not `ended`


def test_deputation_is_ended_early_by_deputy_approver_or_admin(office: MemoryOffice) -> None:
    for who in (DEPUTY, "approver2", "a-admin"):
        made = ok(name(), 201)
        assert call("POST", f"/v1/deputies/{made['id']}/end", token="preparer").slug == "forbidden"
        ok(call("POST", f"/v1/deputies/{made['id']}/end", token=who))
        assert state() == "ended"
        assert approve(examined()).slug == "forbidden"


def test_deputy_cannot_approve_own_or_represented_persons_application(office: MemoryOffice) -> None:
    ok(name(), 201)
    mine = examined(DEPUTY)
    assert approve(mine).slug == "two-people"
    assert "approve" not in get(f"/v1/permits/{mine['id']}", token=DEPUTY).json["steps"]
    office.people["both"] = office.people["approver"].__class__("u-appr", "Bakyt", frozenset({"preparer", "approver"}))
    theirs = examined("both")
    assert approve(theirs).slug == "two-people"
    ok(approve(theirs, "approver2"))


def test_deputy_named_by_approver_needs_confirmation(office: MemoryOffice) -> None:
    made = ok(name("approver"), 201)
    permit = examined()
    assert (made["state"], approve(permit).slug) == ("waiting", "forbidden")
    assert confirm(made, "approver").slug == "two-people"
    assert confirm(made, DEPUTY).slug == "forbidden"
    ok(confirm(made, "approver2"))
    ok(confirm(made, "approver2"))
    assert confirm(made, "a-admin").slug == "wrong-state"
    ok(approve(permit))


def test_nobody_names_confirms_or_passes_on_own_deputation(office: MemoryOffice) -> None:
    made = ok(name("approver"), 201)
    office.people["all"] = office.people["approver"].__class__(DEPUTY_ID, "X", frozenset({"preparer", "admin"}))
    assert name("all").slug == "two-people"
    assert confirm(made, "all").slug == "two-people"
    ok(confirm(made, "approver2"))
    assert name(DEPUTY, deputy="u-prep").slug == "forbidden"
    other = ok(name("approver", deputy="u-prep"), 201)
    assert confirm(other, DEPUTY).slug == "forbidden"


def test_deputation_has_no_effect_when_either_person_lost_role(office: MemoryOffice) -> None:
    ok(name(), 201)
    made = examined()
    for who, roles in (("u-appr", ["auditor"]), (DEPUTY_ID, ["auditor"])):
        held = office.register.get(person_key(who))
        assert held
        office.register.commit(Put(person_key(who), {**held.data, "roles": roles}, expected_version=None))
        assert approve(made).slug == "forbidden"
        office.register.commit(Put(person_key(who), held.data, expected_version=None))
    ok(approve(made))


def test_deputy_has_approver_role_for_other_steps_too(office: MemoryOffice) -> None:
    ok(name(), 201)
    assert ok(get("/v1/me", token=DEPUTY))["roles"] == ["approver", "preparer"]
    assert ok(get("/v1/me", token="preparer"))["roles"] == ["preparer"]
    permit = issued()
    ok(call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "asked"}, token=DEPUTY))
    last = get(f"/v1/permits/{permit['id']}/history", token=DEPUTY).json["items"][-1]
    assert (last["action"], last["for_name"]) == ("suspend", "Bakyt Approver")


def test_permit_approved_by_deputy_is_issued_after_period(office: MemoryOffice) -> None:
    ok(name(last=TODAY), 201)
    made = examined()
    ok(approve(made))
    office.later(3 * DAY)
    assert ok(call("POST", f"/v1/permits/{made['id']}/issue", token="preparer"))["state"] == "issued"


BAD = {
    "a stranger": ({"deputy": "u-nobody"}, ("deputy", "role")),
    "a scientist": ({"deputy": "u-sci"}, ("deputy", "role")),
    "an approver": ({"deputy": "u-appr2"}, ("deputy", "role")),
    "for a preparer": ({"represented": "u-prep"}, ("represented", "role")),
    "no day": ({"first": "soon"}, ("first", "date")),
    "yesterday": ({"first": "2026-11-24"}, ("first", "past")),
    "backwards": ({"last": "2026-11-24"}, ("last", "order")),
    "for ever": ({"last": "2027-11-24"}, ("last", "too_late")),
}


@pytest.mark.parametrize("case", BAD)
def test_invalid_deputation_is_refused_with_field(office: MemoryOffice, case: str) -> None:
    changes, fault = BAD[case]
    assert fault in faults(name(**changes))


def test_list_of_eligible_people_is_shown_to_approver_only(office: MemoryOffice) -> None:
    people = ok(get("/v1/deputies", token="approver"))["people"]
    assert {"id": "u-appr", "name": "Bakyt Approver", "roles": ["approver"]} in people
    assert all({"approver", "preparer"} & set(each["roles"]) for each in people)
    assert ok(get("/v1/deputies", token="preparer"))["people"] == []


def test_issue_repeats_two_people_check_for_represented_approver(office: MemoryOffice) -> None:
    held = store.load(office.register, approved()["id"])
    assert held.approval
    forged = replace(held, approval=replace(held.approval, represented=held.creator))
    with pytest.raises(TwoPeople):
        recheck(forged, None, office)


def test_printed_approval_names_represented_approver(office: MemoryOffice) -> None:
    approval = Approval("u-a-preparer", "A preparer", 0, "x", "u-appr", "Bakyt Approver")
    assert approval.printed == "A preparer, for Bakyt Approver"
    assert replace(approval, represented="").printed == "A preparer"


def test_running_deputy_is_found_among_many_later_ones(office: MemoryOffice) -> None:
    made = examined()
    row = next(iter(office.register.query("DEPUTIES")), None)
    assert row is None
    ok(name(), 201)
    (running,) = office.register.query("DEPUTIES")
    for number in range(201):
        later = {**running.data, "id": f"zz-{number:03d}", "deputy": "u-other", "ended_at": office.now}
        office.register.commit(Put(Key("DEPUTIES", later["id"]), later, expected_version=0))
    ok(approve(made))


def test_deputation_row_of_previous_release_is_valid(office: MemoryOffice) -> None:
    """The key of such a row is a ULID, which does not contain the days."""
    made = examined()
    ok(name(), 201)
    (running,) = office.register.query("DEPUTIES")
    ulid = running.data["id"].removeprefix(f"{LAST}-")
    office.register.commit(
        Put(running.key, {**running.data, "ended_at": office.now}, expected_version=running.version),
        Put(Key("DEPUTIES", ulid), {**running.data, "id": ulid}, expected_version=0),
    )
    assert ulid < "1"
    ok(approve(made))
