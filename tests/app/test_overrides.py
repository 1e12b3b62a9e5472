"""Hard stops: they refuse submission, approval and issue until an approver grants an exception with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from desk import draft, ok, saker
from http_client import Answer, call
from office import APPROVER, MemoryOffice
from quota_play import QUOTA, enter
from species_files import with_restrictions

from chalicelib.kernel.roles import FINDING_ROLES, Actor
from chalicelib.permits.services import store
from chalicelib.species.model.listing import Listing, Open, Restriction, Taxon

SAIGA = {**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W", "term": "HOR", "quantity": "2",
         "operation_or_acquisition": None}  # fmt: skip
REASON = "The Secretariat confirmed in writing that this consignment is excepted."
BOTH = Actor("u-both", "Cholpon Both", frozenset({"preparer", "approver", "scientist"}))


@pytest.fixture(autouse=True)
def people(office: MemoryOffice) -> None:
    office.people["both"] = BOTH


def suspending(listing: Listing, taxon: str) -> Listing:
    """Return the list with a suspension for a taxon in force."""
    any_: frozenset[str] = frozenset()
    rule = Restriction(taxon, any_, any_, any_, any_, date(2020, 1, 1), None, "Suspended", "Notification")
    return with_restrictions(listing, *listing.restrictions, rule)


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


def test_refusal_marks_hard_stop_as_overridable(office: MemoryOffice) -> None:
    refused = do(stopped(), "submit", "preparer")
    assert [(e["field"], e["code"], e["overridable"]) for e in refused.json["errors"]] == [
        ("lines[0].quantity", "suspended", True)
    ]


def test_overridden_application_is_issued(office: MemoryOffice) -> None:
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


def test_unlisted_name_is_issued_after_override(office: MemoryOffice) -> None:
    misspelt = {**SAIGA, "scientific_name": "Saiga tataricca", "appendix": "III", "kingdom": "Animalia"}
    permit = draft("preparer", purpose="T", lines=[misspelt])
    refused = do(permit, "submit", "preparer").json["errors"]
    assert {(e["field"], e["code"], e.get("overridable")) for e in refused} == {
        ("lines[0].scientific_name", "not_in_list", True), ("lines[0].quantity", "suspended", True),
        ("lines[0].appendix", "certificate_of_origin", None),
    }  # fmt: skip
    assert "Saiga tatarica (II)" in refused[0]["detail"]
    foreign = {**misspelt, "scientific_name": "Draco imaginarius", "appendix": "II"}
    permit = draft("preparer", lines=[foreign])
    assert [each["code"] for each in stops(permit)["items"]] == ["not_in_list"]
    ok(override(permit, reason="Draco imaginarius stands in Appendix II: the list is not brought up to date yet."))
    submitted = ok(do(permit, "submit", "preparer"))
    for kind in submitted["findings_needed"]:
        ok(do(permit, "findings", FINDING_ROLES[kind], {"kind": kind, "result": "positive", "note": "seen"}))
    ok(do(permit, "approve", "approver", {"digest": submitted["digest"]}))
    assert ok(do(permit, "issue", "approver"))["state"] == "issued"


def test_check_of_overridden_draft_returns_no_errors(office: MemoryOffice) -> None:
    permit, record = stopped(), saker(purpose="T", lines=[SAIGA])
    ok(override(permit))

    def checked(**query: str) -> Answer:
        return call("POST", "/v1/permits/check", record, token="preparer", query=query)

    assert checked().json["errors"][0]["code"] == "suspended"
    assert ok(checked(permit=permit))["errors"] == []
    record["lines"] = [{**SAIGA, "quantity": "3"}]
    assert checked(permit=permit).json["errors"][0]["code"] == "suspended"
    assert call("POST", "/v1/permits/check", record, token="other", query={"permit": permit}).slug == "no-match"


def test_suspension_after_submission_stops_approval_and_issue(
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


def test_override_by_participant_in_application_has_no_effect(office: MemoryOffice) -> None:
    assert override(stopped("both"), "both").slug == "two-people"
    assert override(stopped(), "preparer").slug == "forbidden"
    permit = stopped()
    ok(override(permit, "both"))
    assert (
        do(permit, "submit", "both").json["errors"][0]["code"] == "suspended"
    )  # `both` granted the override and cannot submit on it
    submitted = ok(do(permit, "submit", "preparer"))
    for kind in submitted["findings_needed"]:
        who = "both" if FINDING_ROLES[kind] == "scientist" else "preparer"
        ok(do(permit, "findings", who, {"kind": kind, "result": "positive", "note": "seen"}))
    approved = do(permit, "approve", "approver", {"digest": submitted["digest"]})
    assert (
        approved.json["errors"][0]["code"] == "suspended"
    )  # `both` granted the override and recorded a finding afterwards


def test_changed_application_is_stopped_again(office: MemoryOffice) -> None:
    permit = stopped()
    ok(override(permit))
    changed = saker(purpose="T", lines=[{**SAIGA, "quantity": "200"}])
    ok(call("PUT", f"/v1/permits/{permit}", changed, token="preparer"))
    assert do(permit, "submit", "preparer").json["errors"][0]["code"] == "suspended"


def test_override_needs_read_digest_existing_stop_and_reason(office: MemoryOffice) -> None:
    permit = stopped()
    assert override(permit, digest="0" * 64).slug == "digest-mismatch"
    other = override(permit, stops=[{"field": "valid_until", "code": "too_late"}])
    assert [(e["field"], e["code"]) for e in other.json["errors"]] == [("stops[0]", "no_stop")]
    assert override(permit, reason="  ").slug == "invalid"
    issued = ok(do(draft(), "submit", "preparer"))
    assert do(issued["id"], "refuse", "approver", {"reason": "no"}).status == 200
    assert override(issued["id"], stops=[{"field": "purpose", "code": "commercial"}]).slug == "wrong-state"


def test_appendix_i_for_commerce_is_hard_stop_unless_bred(office: MemoryOffice) -> None:
    eagle = {**SAIGA, "scientific_name": "Aquila heliaca", "term": "LIV"}
    permit = {"number": "AE-1", "country": "AE", "date": "2026-10-01"}
    assert [each["code"] for each in stops(draft(purpose="T", lines=[eagle], import_permit=permit))["items"]] == [
        "commercial"
    ]
    assert stops(draft(purpose="T", lines=[{**eagle, "source": "C"}]))["items"] == []


def test_overrides_are_counted_by_person_for_auditor(office: MemoryOffice) -> None:
    for _ in range(2):
        ok(override(stopped()))
    again = stopped()
    ok(override(again))
    ok(override(again))  # a repetition counts once
    ok(override(stopped(), "both"))
    listed = ok(call("GET", "/v1/overrides", token="a-auditor"))
    assert [(each["by"], each["count"]) for each in listed["people"]] == [(APPROVER.id, 3), (BOTH.id, 1)]
    assert {each["reason"] for each in listed["items"]} == {REASON}
    assert ok(call("GET", "/v1/overrides", token="a-auditor", query={"year": "2019"}))["items"] == []


EAGLE = {**SAIGA, "scientific_name": "Aquila heliaca", "term": "LIV", "quantity": "1"}


def two_eagles() -> str:
    """Return a draft with two lines of Appendix I for commercial purposes: two stops of one field and code."""
    lines = [{**EAGLE, "marks": f"ring KG-{n}"} for n in range(2)]
    return draft("preparer", purpose="T", lines=lines, import_permit={"number": "AE-1", "country": "AE"})


def identified(stop: dict[str, Any]) -> dict[str, Any]:
    return {name: stop[name] for name in ("field", "code", "identity")}


def test_override_of_one_line_leaves_other_line_stopped(office: MemoryOffice) -> None:
    permit = two_eagles()
    first, second = stops(permit)["items"]
    assert [each["identity"]["line"] for each in (first, second)] == [0, 1]
    made = ok(override(permit, stops=[identified(first)]))
    assert [each["line"] for each in made["overrides"][0]["identities"]] == [0]
    assert [bool(each["override"]) for each in stops(permit)["items"]] == [True, False]
    assert [each["detail"][-9:] for each in do(permit, "submit", "preparer").json["errors"]] == ["lines[1]."]
    ok(override(permit, stops=[identified(second)]))
    ok(do(permit, "submit", "preparer"))


def test_override_by_field_and_code_must_name_each_stop(office: MemoryOffice) -> None:
    permit, pair = two_eagles(), {"field": "purpose", "code": "commercial"}
    refused = override(permit, stops=[pair])
    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [("stops[0]", "several_stops")]
    made = ok(override(permit, stops=[pair, pair]))["overrides"][0]
    assert (made["stops"], len(made["rules"])) == ([["purpose", "commercial"]] * 2, 2)
    assert [each["line"] for each in made["identities"]] == [0, 1]
    history = ok(call("GET", f"/v1/permits/{permit}/history", token="a-auditor"))["items"]
    assert [each["line"] for each in history[-1]["detail"]["identities"]] == [0, 1]
    listed = ok(call("GET", "/v1/overrides", token="a-auditor"))["items"]
    assert [each["line"] for each in listed[0]["identities"]] == [0, 1]


def test_override_with_smaller_excess_than_stop_is_refused(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="1"))
    permit = draft("preparer", lines=[{**SAIGA, "scientific_name": "Falco cherrug", "term": "LIV", "quantity": "3"}])
    (stop,) = stops(permit)["items"]
    assert stop["identity"] == {"line": 0, "limited_by": QUOTA.id, "limit": "1", "excess": "2"}
    less = {**identified(stop), "identity": {**stop["identity"], "excess": "1"}}
    assert override(permit, stops=[less]).json["errors"][0]["code"] == "no_stop"
    more = {**identified(stop), "identity": {**stop["identity"], "excess": "99"}}
    made = ok(override(permit, stops=[more]))
    assert made["overrides"][0]["identities"][0]["excess"] == "2"  # the actual excess is recorded, not the one sent


def test_suspension_after_override_needs_new_override(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    permit = stopped()
    ok(override(permit))
    monkeypatch.setattr(MemoryOffice, "listing", suspending(office.listing, "Saiga tatarica"))
    old, new = stops(permit)["items"]
    assert (bool(old["override"]), new["override"], new["asked_again"]) == (True, None, True)
    assert [each["detail"][:9] for each in do(permit, "submit", "preparer").json["errors"]] == ["Block 11:"]


def as_before(office: MemoryOffice, permit: str) -> None:
    """Store the override as release c70afb0 did, without identities."""
    row = office.register.get(store.dossier_key(permit))
    assert row is not None
    made = [{name: value for name, value in each.items() if name != "identities"} for each in row.data["overrides"]]
    office.register.commit(replace(store.dossier_put(store.load(office.register, permit), expected_version=row.version),
                                   data={**row.data, "version": row.version + 1, "overrides": made}))  # fmt: skip


def test_override_of_previous_release_passes_its_only_stop(office: MemoryOffice) -> None:
    permit = stopped()
    ok(override(permit))
    as_before(office, permit)
    assert [bool(each["override"]) for each in stops(permit)["items"]] == [True]
    ok(do(permit, "submit", "preparer"))


def test_override_of_previous_release_matching_two_stops_is_not_used(office: MemoryOffice) -> None:
    permit = two_eagles()
    pair = {"field": "purpose", "code": "commercial"}
    ok(override(permit, stops=[pair, pair]))
    as_before(office, permit)
    assert [(each["override"], each["asked_again"]) for each in stops(permit)["items"]] == [(None, True)] * 2
    assert len(do(permit, "submit", "preparer").json["errors"]) == 2


def test_override_of_previous_release_does_not_pass_larger_excess(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="3"))
    permit = draft("preparer", lines=[{**SAIGA, "scientific_name": "Falco cherrug", "term": "LIV", "quantity": "4"}])
    ok(override(permit))
    as_before(office, permit)
    assert bool(stops(permit)["items"][0]["override"])
    enter(office, replace(QUOTA, quantity="1"), "cut")
    assert [(each["override"], each["asked_again"]) for each in stops(permit)["items"]] == [(None, True)]


def test_stops_list_other_exports_on_same_import_permit(office: MemoryOffice) -> None:
    permit = {"number": "AE-1", "country": "AE", "date": "2026-10-01"}
    first, second = (
        draft(purpose="S", lines=[{**EAGLE, "marks": f"ring KG-{n}"}], import_permit=permit) for n in range(2)
    )
    ok(do(first, "submit", "preparer"))
    assert stops(second)["same_import_permit"] == [{"id": first, "number": None, "state": "submitted"}]
    assert stops(first)["same_import_permit"] == []  # the second is a draft


PARROT = Taxon(
    "Psittacus erithacus", 2, "Animalia", range_states=frozenset({"CM", "GA"}), range_sure=True,
    open=frozenset({Open.NAME}), source="Appendices",
)  # fmt: skip


def test_new_stops_are_let_pass_with_a_reason_and_counted(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [each for each in office.listing.taxa if each.scientific_name != PARROT.scientific_name]
    listing = Listing([*others, PARROT], office.listing.restrictions, office.listing.as_of)
    monkeypatch.setattr(MemoryOffice, "listing", listing)
    bird = {**saker()["lines"][0], "scientific_name": "Psittacus erithacus", "source": "W", "unit": "KGM"}
    permit = draft(lines=[bird])
    named = {(each["field"], each["code"]) for each in stops(permit)["items"]}
    assert named == {
        ("lines[0].scientific_name", "uncertain"),
        ("lines[0].origin.country", "out_of_range"),
        ("lines[0].unit", "live_number"),
    }
    assert {each["code"] for each in do(permit, "submit", "preparer").json["errors"]} == {code for _, code in named}
    ok(override(permit))
    assert do(permit, "submit", "preparer").status == 200
    year = ok(call("GET", "/v1/overrides", token="a-auditor"))
    assert {tuple(each) for each in year["items"][0]["stops"]} == named
    assert year["people"][0]["count"] == 1


def test_check_and_stops_give_the_same_warnings(office: MemoryOffice) -> None:
    horns = {**SAIGA, "scientific_name": "Ovis ammon", "term": "TRO", "quantity": "1"}
    permit = draft(purpose="H", lines=[horns])
    checked = ok(call("POST", "/v1/permits/check", saker(purpose="H", lines=[horns]), token="preparer"))
    assert checked["errors"] == []
    assert [(each["field"], each["code"]) for each in checked["warnings"]] == [
        ("lines[0].scientific_name", "name_choice"), ("lines[0].origin.country", "range"),
    ]  # fmt: skip
    warning = checked["warnings"][0]
    assert [each["value"] for each in warning["options"]] == ["Ovis polii", "Ovis karelini"]
    assert stops(permit)["warnings"] == checked["warnings"]
