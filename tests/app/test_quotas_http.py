"""Quotas over HTTP: entered and changed by administrators, read by the ministry, counted by issue and export."""

from __future__ import annotations

from typing import Any

import pytest
from desk import issued, ok, saker
from http_client import Answer, call, get
from office import MemoryOffice
from suspecting import looked

FIGURE = {"quantity": "5", "source": "Order 12", "as_of": "2026-01-15"}
ONE = "/v1/quotas/2026-falco-cherrug-liv-w"


def enter(token: str = "a-admin", **changes: Any) -> Answer:
    body = {"year": 2026, "scientific_name": "falco cherrug", "terms": ["LIV"], "sources": ["W"], **FIGURE, **changes}
    return call("POST", "/v1/quotas", body, token=token)


def wild() -> dict[str, Any]:
    line = {name: value for name, value in saker()["lines"][0].items() if name != "operation_or_acquisition"}
    return {"lines": [{**line, "source": "W"}]}


def test_quota_is_entered_and_counts_issued_permit(office: MemoryOffice) -> None:
    made = ok(enter(), 201)
    assert (made["id"], made["scientific_name"], made["left"]) == ("2026-falco-cherrug-liv-w", "Falco cherrug", "5")
    permit = issued(**wild())
    assert permit["quotas"] == [
        {"line": "A", "quota": made["id"], "year": 2026, "quantity": "2", "total": "2", "limit": "5", "let_pass": False}
    ]
    (item,) = ok(get("/v1/quotas", token="a-auditor", query={"year": "2026"}))["items"]
    assert (item["granted"], item["outstanding"], item["used"], item["left"]) == ("2", "2", "0", "3")
    assert (item["set_by_name"], item["source"], item["as_of"]) == ("A admin", "Order 12", "2026-01-15")
    assert item["set_at"].endswith("Z")
    newest, first = ok(get(f"{ONE}/history", token="preparer"))["items"]
    assert newest["permits"] == [
        {"id": permit["id"], "number": permit["number"], "action": "issue", "used": "0", "outstanding": "2",
         "lapsed": "0"}
    ]  # fmt: skip
    assert first["set"]["quantity"] == "5"
    assert ok(get("/v1/quotas", token="preparer", query={"year": "2025"}))["items"] == []
    assert ok(get("/v1/quotas", token="preparer"))["year"] == 2026
    for name, count in (("Falco cherrug milvipes", 1), ("Falco", 1), ("Ovis ammon", 0)):
        found = ok(get("/v1/quotas", token="preparer", query={"year": "2026", "scientific_name": name}))
        assert len(found["items"]) == count, name


def test_quota_below_granted_amount_needs_confirmation_flag(office: MemoryOffice) -> None:
    ok(enter(), 201)
    issued(**wild())
    again = enter(quantity="6")
    assert (again.slug, again.json["errors"][0]["code"]) == ("invalid", "exists")
    less = {**FIGURE, "quantity": "1", "reason": "drought"}
    refused = call("PUT", ONE, less, token="a-admin")
    assert [each["code"] for each in refused.json["errors"]] == ["below_taken"]
    assert ok(call("PUT", ONE, {**less, "below_taken": True}, token="a-admin"))["left"] == "-1"
    assert call("PUT", "/v1/quotas/2026-nothing", FIGURE, token="a-admin").slug == "no-match"
    assert call("GET", "/v1/quotas/x/history", token="a-admin").slug == "no-match"


def propose(quantity: str, token: str = "a-admin", **changes: Any) -> dict[str, Any]:
    body = {**FIGURE, "quantity": quantity, "reason": "Count of spring", **changes}
    made: dict[str, Any] = ok(call("PUT", ONE, body, token=token), 202)
    return made


def confirm(version: int, token: str = "a-admin2") -> Answer:
    return call("POST", f"{ONE}/confirm", {"version": version}, token=token)


def figure() -> str:
    (item,) = ok(get("/v1/quotas", token="preparer"))["items"]
    return str(item["quantity"])


def test_raising_zero_quota_needs_second_admin(office: MemoryOffice) -> None:
    ok(enter(quantity="0"), 201)
    waits = propose("100")
    assert (figure(), waits["was"], waits["steps"]) == ("0", "0", [])
    assert confirm(waits["version"], "a-admin").slug == "two-people"
    (shown,) = ok(get("/v1/quotas", token="a-admin2"))["proposals"]
    assert (shown["quantity"], shown["by_name"], shown["steps"]) == ("100", "A admin", ["confirm"])
    assert ok(get("/v1/quotas", token="a-auditor"))["proposals"][0]["steps"] == []
    assert ok(confirm(waits["version"]))["left"] == "100"
    assert ok(get("/v1/quotas", token="a-admin2"))["proposals"] == []
    newest, _ = ok(get(f"{ONE}/history", token="preparer"))["items"]
    assert (newest["by_name"], newest["proposed_by_name"], newest["set"]["quantity"]) == (
        "Second Admin", "A admin", "100",
    )  # fmt: skip
    assert confirm(waits["version"]).slug == "no-match"


def test_lower_quota_takes_effect_at_once_and_ends_proposal(office: MemoryOffice) -> None:
    ok(enter(), 201)
    waits = propose("9")
    assert propose("9")["version"] == waits["version"]
    lower = {**FIGURE, "quantity": "3", "reason": "drought"}
    assert ok(call("PUT", ONE, lower, token="a-admin2"))["quantity"] == "3"
    assert confirm(waits["version"]).slug == "no-match"
    assert figure() == "3"


def test_changed_proposal_cannot_be_confirmed_with_old_version(office: MemoryOffice) -> None:
    """A request with the current figure cancels the proposal."""
    ok(enter(), 201)
    read = propose("9")
    propose("900")
    assert confirm(read["version"]).slug == "edited-meanwhile"
    assert ok(call("PUT", ONE, {**FIGURE, "reason": "no"}, token="a-admin2"))["quantity"] == "5"
    assert ok(get("/v1/quotas", token="a-admin2"))["proposals"] == []


def test_lower_amount_used_before_counting_needs_second_admin(office: MemoryOffice) -> None:
    """Less used before the count leaves more of the quota, as a higher figure does."""
    ok(enter(before="5"), 201)
    assert propose("5", before="0")["was"] == "5"
    assert ok(get("/v1/quotas", token="preparer"))["items"][0]["left"] == "0"


def test_quota_above_last_years_needs_second_admin(office: MemoryOffice) -> None:
    ok(enter(year=2025, quantity="0"), 201)
    waits = ok(enter(quantity="9", reason="Count of spring"), 202)
    assert ok(get("/v1/quotas", token="preparer"))["items"] == []
    assert confirm(waits["version"], "a-admin").slug == "two-people"
    assert ok(confirm(waits["version"]))["quantity"] == "9"
    assert ok(enter(year=2027, quantity="9"), 201)["quantity"] == "9"  # the same figure as the year before


@pytest.mark.parametrize("reason", [{}, {"reason": None}, {"reason": "  "}])
def test_quota_above_last_years_without_reason_is_refused(office: MemoryOffice, reason: dict[str, Any]) -> None:
    ok(enter(year=2025, quantity="0"), 201)
    refused = enter(quantity="9", **reason)
    assert refused.status == 422
    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [("reason", "required")]
    assert ok(get("/v1/quotas", token="a-admin2"))["proposals"] == []


def test_raised_quota_is_flagged_to_auditor_only(office: MemoryOffice) -> None:
    ok(enter(quantity="0"), 201)
    ok(confirm(propose("100")["version"]))
    looked()
    (flag,) = ok(get("/v1/patterns", token="a-auditor", query={"rule": "quota_raised"}))["items"]
    assert all(part in flag["why"] for part in ("Falco cherrug (2026)", "from 0 to 100", "A admin", "Second Admin"))
    assert ok(get("/v1/patterns", token="a-enforcement"))["items"] == []


def test_invalid_quota_is_refused_with_fields(office: MemoryOffice) -> None:
    wrong = enter(scientific_name="Draco magnus", terms=["XXX"], quantity="many", as_of="soon")
    assert {each["field"] for each in wrong.json["errors"]} == {"scientific_name", "terms", "quantity", "as_of"}
    assert get("/v1/quotas", token="preparer", query={"year": "soon"}).slug == "invalid"
