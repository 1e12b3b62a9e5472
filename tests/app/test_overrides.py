"""A hard stop stops submission, approval and issue, until an approver lets it pass with a reason that stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from desk import draft, ok, saker
from http_client import Answer, call
from office import APPROVER, MemoryOffice

from chalicelib.core.listing import Listing
from chalicelib.core.roles import FINDING_ROLES, Actor
from chalicelib.core.taxon import Restriction

SAIGA = {**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W", "term": "HOR", "quantity": "2",
         "operation_or_acquisition": None}  # fmt: skip
REASON = "The Secretariat confirmed in writing that this consignment is excepted."
BOTH = Actor("u-both", "Cholpon Both", frozenset({"preparer", "approver", "scientist"}))


@pytest.fixture(autouse=True)
def people(office: MemoryOffice) -> None:
    office.people["both"] = BOTH


def suspending(listing: Listing, taxon: str) -> Listing:
    """The list with a suspension for a taxon in force, as a new table would have it."""
    any_: frozenset[str] = frozenset()
    rule = Restriction(taxon, any_, any_, any_, any_, date(2020, 1, 1), None, "Suspended", "Notification")
    return Listing(listing.taxa, (*listing.restrictions, rule), listing.as_of)


def stopped(token: str = "preparer") -> str:
    return draft(token, purpose="T", lines=[SAIGA])


def stops(permit: str) -> dict[str, Any]:
    return dict(ok(call("GET", f"/v1/permits/{permit}/stops", token="a-auditor")))


def override(permit: str, token: str = "approver", **changes: Any) -> Answer:
    found = stops(permit)
    named = [{"field": each["field"], "code": each["code"]} for each in found["items"]]
    body = {"stops": named, "reason": REASON, "digest": found["digest"], **changes}
    return call("POST", f"/v1/permits/{permit}/override", body, token=token)


def do(permit: str, step: str, token: str, body: Any = None) -> Answer:
    return call("POST", f"/v1/permits/{permit}/{step}", body, token=token)


def test_it_says_of_itself_that_an_approver_may_let_it_pass(office: MemoryOffice) -> None:
    refused = do(stopped(), "submit", "preparer")
    assert [(e["field"], e["code"], e["overridable"]) for e in refused.json["errors"]] == [
        ("lines[0].quantity", "suspended", True)
    ]


def test_with_an_override_it_goes_through_to_a_signed_permit(office: MemoryOffice) -> None:
    permit = stopped()
    made = ok(override(permit))
    assert [(o["by_name"], o["reason"]) for o in made["overrides"]] == [(APPROVER.name, REASON)]
    submitted = ok(do(permit, "submit", "preparer"))
    assert submitted["overrides"][0]["current"] is True
    assert stops(permit)["items"][0]["override"]["reason"] == REASON
    for kind in submitted["findings_needed"]:
        body = {"kind": kind, "result": "positive", "note": "seen"}
        ok(do(permit, "findings", FINDING_ROLES[kind], body))
    ok(do(permit, "approve", "approver", {"digest": submitted["digest"]}))
    assert ok(do(permit, "issue", "approver"))["state"] == "issued"
    history = ok(call("GET", f"/v1/permits/{permit}/history", token="a-auditor"))["items"]
    said = next(each for each in history if each["action"] == "override")
    assert (said["by"], said["detail"]["reason"]) == (APPROVER.id, REASON)
    assert said["detail"]["stops"] == [["lines[0].quantity", "suspended"]]


def test_a_name_that_the_list_lacks_waits_for_an_approver_and_then_goes_through(office: MemoryOffice) -> None:
    misspelt = {**SAIGA, "scientific_name": "Saiga tataricca", "appendix": "III", "kingdom": "Animalia"}
    permit = draft("preparer", purpose="T", lines=[misspelt])
    refused = do(permit, "submit", "preparer").json["errors"]
    assert {(e["field"], e["code"], e.get("overridable")) for e in refused} == {
        ("lines[0].scientific_name", "not_in_list", True), ("lines[0].quantity", "suspended", True),
        ("lines[0].appendix", "certificate_of_origin", None),
    }  # fmt: skip
    assert "Saiga tatarica (II)" in refused[0]["detail"]
    foreign = {**misspelt, "scientific_name": "Boa constrictor", "appendix": "II"}
    permit = draft("preparer", lines=[foreign])
    assert [each["code"] for each in stops(permit)["items"]] == ["not_in_list"]
    ok(override(permit, reason="Boa constrictor stands in Appendix II: the list is not brought up to date yet."))
    submitted = ok(do(permit, "submit", "preparer"))
    for kind in submitted["findings_needed"]:
        ok(do(permit, "findings", FINDING_ROLES[kind], {"kind": kind, "result": "positive", "note": "seen"}))
    ok(do(permit, "approve", "approver", {"digest": submitted["digest"]}))
    assert ok(do(permit, "issue", "approver"))["state"] == "issued"


def test_a_draft_that_was_let_pass_has_nothing_against_it(office: MemoryOffice) -> None:
    permit, record = stopped(), saker(purpose="T", lines=[SAIGA])
    ok(override(permit))

    def checked(**query: str) -> Answer:
        return call("POST", "/v1/permits/check", record, token="preparer", query=query)

    assert checked().json["errors"][0]["code"] == "suspended"
    assert ok(checked(permit=permit))["errors"] == []
    record["lines"] = [{**SAIGA, "quantity": "3"}]
    assert checked(permit=permit).json["errors"][0]["code"] == "suspended"
    assert call("POST", "/v1/permits/check", record, token="other", query={"permit": permit}).slug == "no-match"


def test_what_comes_into_force_later_stops_the_approval_and_the_issue(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = draft()
    submitted = ok(do(permit, "submit", "preparer"))
    for kind in submitted["findings_needed"]:
        ok(do(permit, "findings", FINDING_ROLES[kind], {"kind": kind, "result": "positive", "note": "seen"}))
    approve, now = {"digest": submitted["digest"]}, suspending(office.listing, "Falco cherrug")
    with monkeypatch.context() as at_once:
        at_once.setattr(MemoryOffice, "listing", now)
        assert do(permit, "approve", "approver", approve).json["errors"][0]["code"] == "suspended"
    ok(do(permit, "approve", "approver", approve))
    monkeypatch.setattr(MemoryOffice, "listing", now)
    assert do(permit, "issue", "approver").json["errors"][0]["code"] == "suspended"
    ok(override(permit))
    assert ok(do(permit, "issue", "approver"))["state"] == "issued"


def test_nobody_lets_their_own_work_pass(office: MemoryOffice) -> None:
    assert override(stopped("both"), "both").slug == "two-people"
    assert override(stopped(), "preparer").slug == "forbidden"
    permit = stopped()
    ok(override(permit, "both"))
    assert do(permit, "submit", "both").json["errors"][0]["code"] == "suspended"  # it would be in their own hands
    submitted = ok(do(permit, "submit", "preparer"))
    for kind in submitted["findings_needed"]:
        who = "both" if FINDING_ROLES[kind] == "scientist" else "preparer"
        ok(do(permit, "findings", who, {"kind": kind, "result": "positive", "note": "seen"}))
    approved = do(permit, "approve", "approver", {"digest": submitted["digest"]})
    assert approved.json["errors"][0]["code"] == "suspended"  # both have judged it since


def test_a_changed_application_is_stopped_again(office: MemoryOffice) -> None:
    permit = stopped()
    ok(override(permit))
    changed = saker(purpose="T", lines=[{**SAIGA, "quantity": "200"}])
    ok(call("PUT", f"/v1/permits/{permit}", changed, token="preparer"))
    assert do(permit, "submit", "preparer").json["errors"][0]["code"] == "suspended"


def test_it_speaks_for_what_was_read_and_for_stops_alone(office: MemoryOffice) -> None:
    permit = stopped()
    assert override(permit, digest="0" * 64).slug == "digest-mismatch"
    other = override(permit, stops=[{"field": "valid_until", "code": "too_late"}])
    assert [(e["field"], e["code"]) for e in other.json["errors"]] == [("stops[0]", "no_stop")]
    assert override(permit, reason="  ").slug == "invalid"
    issued = ok(do(draft(), "submit", "preparer"))
    assert do(issued["id"], "refuse", "approver", {"reason": "no"}).status == 200
    assert override(issued["id"], stops=[{"field": "purpose", "code": "commercial"}]).slug == "wrong-state"


def test_appendix_i_for_commerce_is_such_a_stop_and_bred_without_source_d_is_none(office: MemoryOffice) -> None:
    eagle = {**SAIGA, "scientific_name": "Aquila heliaca", "term": "LIV"}
    permit = {"number": "AE-1", "country": "AE", "date": "2026-10-01"}
    assert [each["code"] for each in stops(draft(purpose="T", lines=[eagle], import_permit=permit))["items"]] == [
        "commercial"
    ]
    assert stops(draft(purpose="T", lines=[{**eagle, "source": "C"}]))["items"] == []


def test_the_auditor_counts_them_by_person(office: MemoryOffice) -> None:
    for _ in range(2):
        ok(override(stopped()))
    again = stopped()
    ok(override(again))
    ok(override(again))  # the same once more is the same
    ok(override(stopped(), "both"))
    listed = ok(call("GET", "/v1/overrides", token="a-auditor"))
    assert [(each["by"], each["count"]) for each in listed["people"]] == [(APPROVER.id, 3), (BOTH.id, 1)]
    assert {each["reason"] for each in listed["items"]} == {REASON}
    assert ok(call("GET", "/v1/overrides", token="a-auditor", query={"year": "2019"}))["items"] == []
