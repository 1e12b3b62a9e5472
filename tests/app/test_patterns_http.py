"""Suspicious patterns over HTTP: found once, explained, answered by their owner; flags about staff for the auditor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from desk import ok
from http_client import Answer, call
from office import APPROVER, DAY, MemoryOffice
from suspecting import OPERATION, flagged, looked, overridden, same_ring

from chalicelib.composition import jobs
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.suspicions.services import flags, pattern_search

REASON = "The same falcon: the first permit was never used and came back."


def listed(token: str = "a-enforcement", **query: str) -> list[dict[str, Any]]:
    return list(ok(call("GET", "/v1/patterns", token=token, query=query))["items"])


def step(flag: dict[str, Any], name: str, token: str = "a-enforcement", **body: str) -> Answer:
    return call("POST", f"/v1/patterns/{flag['id']}/{name}", body, token=token)


def enter(token: str = "a-admin", **changes: Any) -> Answer:
    return call("POST", "/v1/operations", {**OPERATION, **changes}, token=token)


def swept() -> int:
    event = {"version": "0", "account": "1", "region": "eu-central-1", "detail": {}, "detail-type": "Scheduled",
             "source": "aws.events", "time": "2026-11-25T00:00:00Z", "id": "1", "resources": []}  # fmt: skip
    return int(jobs.sweep(event, None)["flags"])


def test_flag_names_permits_reason_and_due_time(office: MemoryOffice) -> None:
    one, other = same_ring("KG-0900")
    assert looked().found == 1
    (flag,) = listed()
    assert [each["number"] for each in flag["permits"]] == [one["number"], other["number"]]
    assert (flag["rule"], flag["severity"], flag["owner"], flag["state"]) == (
        "same_mark",
        "high",
        "enforcement",
        "open",
    )
    assert "KG0900" in flag["why"]
    assert one["number"] in flag["why"]
    assert flag["due_at"] > flag["found_at"]
    assert flag["steps"] == ["acknowledge", "answer"]
    russian = ok(call("GET", f"/v1/patterns/{flag['id']}", token="a-auditor", ACCEPT_LANGUAGE="ru"))
    assert "Метка KG0900" in russian["why"]


def test_flag_is_found_once_and_new_pattern_within_the_hour(office: MemoryOffice) -> None:
    flagged()
    assert looked().found == 0
    same_ring("KG-0901")
    assert swept() == 0  # the last run was just now
    office.later(pattern_search.EVERY)
    assert swept() == 1
    assert len(listed()) == 2


def test_flag_is_acknowledged_and_answered_with_name_and_reason(office: MemoryOffice) -> None:
    flag = flagged()
    assert ok(step(flag, "acknowledge"))["state"] == "acknowledged"
    said = ok(step(flag, "answer", result="explained", reason=REASON))
    assert (said["state"], said["acknowledged"]["by_name"]) == ("answered", "A enforcement")
    assert [(each["result"], each["reason"]) for each in said["answers"]] == [("explained", REASON)]
    assert ok(step(flag, "answer", result="explained", reason=REASON))["answers"] == said["answers"]  # repeated request
    assert len(ok(step(flag, "answer", result="confirmed", reason="A second look."))["answers"]) == 2
    assert step(flag, "answer", result="no", reason=REASON).slug == "invalid"
    assert step(flag, "answer", result="explained", reason=" ").slug == "invalid"
    assert listed(state="open") == []
    assert len(listed(state="answered")) == 1


def test_answered_flag_that_grows_reopens_with_new_due_time(office: MemoryOffice) -> None:
    ok(enter(a_year="3"), 201)
    same_ring("KG-0903")
    looked()
    (flag,) = listed(rule="bred_too_many")
    ok(step(flag, "answer", result="explained", reason=REASON))
    office.later(DAY)
    looked()
    assert listed(rule="bred_too_many", state="open") == []  # the same figures
    same_ring("KG-0904")
    looked()
    (again,) = listed(rule="bred_too_many", state="open")
    assert (again["id"], again["state"], again["figures"]["total"]) == (flag["id"], "open", "8")
    assert again["due_at"] > flag["due_at"]
    assert [each["reason"] for each in again["answers"]] == [REASON]
    assert again["steps"] == ["acknowledge", "answer"]
    assert ok(step(flag, "acknowledge"))["state"] == "acknowledged"
    office.later(DAY)
    same_ring("KG-0905")
    looked()
    assert (
        listed(rule="bred_too_many", state="open")[0]["due_at"] == again["due_at"]
    )  # further growth does not postpone the due time
    said = ok(step(flag, "answer", result="explained", reason=REASON))
    assert (said["state"], len(said["answers"])) == ("answered", 2)


def test_flag_not_answered_in_time_is_overdue(office: MemoryOffice) -> None:
    flag = flagged()
    ok(step(flag, "acknowledge"))  # does not extend the time
    assert listed(state="overdue") == []
    office.later(4 * DAY)
    assert [each["overdue"] for each in listed(state="overdue")] == [True]
    summary = ok(call("GET", "/v1/patterns/summary", token="a-enforcement"))
    (row,) = [each for each in summary["rules"] if each["found"]]
    assert (row["rule"], row["open"], row["overdue"]) == ("same_mark", 1, 1)
    ok(step(flag, "answer", result="followed_up", reason="Case 7 goes on with it."))
    assert listed(state="overdue") == []


def test_flags_are_listed_by_since_and_cursor(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    first = flagged()
    office.later(DAY)
    second = flagged()
    monkeypatch.setattr(flags, "FLAGS_PAGE", 1)
    page = ok(call("GET", "/v1/patterns", token="a-auditor"))
    assert [each["id"] for each in page["items"]] == [second["id"]]
    rest = ok(call("GET", "/v1/patterns", token="a-auditor", query={"cursor": page["cursor"]}))
    assert first["id"] in [each["id"] for each in rest["items"]]
    monkeypatch.setattr(flags, "FLAGS_PAGE", 50)
    assert [each["id"] for each in listed(since=second["found_at"])] == [second["id"]]
    assert call("GET", "/v1/patterns", token="a-auditor", query={"since": "2026-13-45"}).slug == "invalid"


def test_flags_about_staff_are_visible_to_auditor_only(office: MemoryOffice) -> None:
    overridden()
    looked()
    (flag,) = listed("a-auditor", rule="many_overrides")
    assert flag["insider"] is True
    assert APPROVER.name in flag["why"]
    assert flag["figures"]["person"] == APPROVER.name
    assert not [each for each in listed() if each["insider"]]
    assert call("GET", f"/v1/patterns/{flag['id']}", token="a-enforcement").slug == "no-match"
    assert step(flag, "acknowledge").slug == "no-match"
    assert call("GET", "/v1/patterns", token="a-enforcement", query={"rule": "many_overrides"}).slug == "forbidden"
    rules = ok(call("GET", "/v1/patterns/summary", token="a-enforcement"))["rules"]
    assert not [each for each in rules if each["insider"]]
    assert call("GET", "/v1/patterns", token="a-admin").slug == "forbidden"
    assert ok(step(flag, "answer", "a-auditor", result="explained", reason=REASON))["state"] == "answered"


def test_flag_is_answered_by_owner_role_and_hidden_from_person_concerned(office: MemoryOffice) -> None:
    assert step(flagged(), "answer", "a-auditor", result="explained", reason=REASON).slug == "forbidden"
    office.people["both"] = Actor(APPROVER.id, APPROVER.name, frozenset({"approver", "auditor"}))
    overridden()
    looked()
    assert listed("both", rule="many_overrides") == []
    (flag,) = listed("a-auditor", rule="many_overrides")
    assert call("GET", f"/v1/patterns/{flag['id']}", token="both").slug == "no-match"
    assert step(flag, "answer", "both", result="explained", reason=REASON).slug == "no-match"


def test_person_who_answered_flag_sees_it_after_reopening(office: MemoryOffice) -> None:
    """The other desk answered in place of the owner. Then the pattern grew, and the owner is asked again."""
    overridden()
    looked()
    (flag,) = listed("a-auditor", rule="many_overrides")
    row = office.register.get(flags.flag_key(flag["id"]))
    assert row is not None
    answered = {"at": office.now, "by": "a-enforcement", "by_name": "A", "result": "explained", "reason": REASON}
    held = replace(flags.read_row(row), answers=(answered,), again_at=office.now + 1)
    assert held.seen_by(Actor("a-enforcement", "A", frozenset({"enforcement"})))
    assert not held.seen_by(Actor("other", "B", frozenset({"enforcement"})))
    assert not held.seen_by(Actor("a-enforcement", "A", frozenset({"enforcement"}), deputy_for=min(held.people)))


def test_flag_changed_concurrently_is_not_counted_as_found(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_ring("KG-0902")

    def busy(held: flags.StoredFlag) -> Put:
        return Put(flags.flag_key(held.id), {}, expected_version=9)

    monkeypatch.setattr(flags.StoredFlag, "put", busy)
    assert looked().found == 0


def test_documents_of_origin_over_limit_leave_run_incomplete(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_ring("KG-0903")
    assert looked().complete
    monkeypatch.setattr(pattern_search, "ORIGINS_AT_MOST", 0)
    monkeypatch.setattr(pattern_search, "quoted", lambda _: [("KG", "26KG000001/E", None, None)])
    assert not looked().complete


def test_bred_claims_are_checked_against_registered_operations(office: MemoryOffice) -> None:
    same_ring("KG-0902")
    looked()
    rests = ok(call("GET", "/v1/patterns/summary", token="a-enforcement"))["rules"]
    assert {each["rule"] for each in rests if each["resting"]} == {"bred_by_nobody", "bred_too_many"}
    assert ok(enter(a_year="3"), 201)["set_by_name"] == "A admin"
    assert enter(a_year="3").status == 200
    looked()
    (flag,) = listed(rule="bred_too_many")
    assert "4" in flag["why"]
    assert (flag["figures"]["total"], flag["figures"]["a_year"]) == ("4", "3")
    assert enter(a_year="9").json["errors"][0]["field"] == "reason"
    changed = ok(enter(a_year="9", until="2026-01-01", reason="Closed by the inspection."))
    assert changed["until"] == "2026-01-01"
    looked()
    assert len(listed(rule="bred_by_nobody")) == 2  # both were issued after it had closed
    (row,) = ok(call("GET", "/v1/operations", token="a-auditor"))["items"]
    assert row["a_year"] == "9"


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "a b"), ("scientific_name", "Larus nonsens"), ("sources", ["W"]), ("a_year", "0"), ("a_year", "1.5"),
     ("since", "2026-02-30"), ("until", "2020-01-01"), ("unit", "XYZ"), ("holder", "  ")],
)  # fmt: skip
def test_invalid_operation_is_refused_with_field(office: MemoryOffice, field: str, value: Any) -> None:
    assert [each["field"] for each in enter(**{field: value}).json["errors"]] == [field]
