"""Quotas over HTTP: entered and changed by an admin, read by the ministry, counted by what is issued and leaves."""

from __future__ import annotations

from typing import Any

from desk import issued, ok, saker
from http_client import Answer, call, get
from office import MemoryOffice

FIGURE = {"quantity": "5", "source": "Order 12", "as_of": "2026-01-15"}
ONE = "/v1/quotas/2026-falco-cherrug-liv-w"


def enter(token: str = "a-admin", **changes: Any) -> Answer:
    body = {"year": 2026, "scientific_name": "falco cherrug", "terms": ["LIV"], "sources": ["W"], **FIGURE, **changes}
    return call("POST", "/v1/quotas", body, token=token)


def wild() -> dict[str, Any]:
    line = {name: value for name, value in saker()["lines"][0].items() if name != "operation_or_acquisition"}
    return {"lines": [{**line, "source": "W"}]}


def test_a_quota_is_entered_counted_and_told(office: MemoryOffice) -> None:
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


def test_a_figure_is_changed_with_its_reason_and_not_below_what_is_granted_unawares(office: MemoryOffice) -> None:
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


def test_wrong_figures_name_their_fields(office: MemoryOffice) -> None:
    wrong = enter(scientific_name="Draco magnus", terms=["XXX"], quantity="many", as_of="soon")
    assert {each["field"] for each in wrong.json["errors"]} == {"scientific_name", "terms", "quantity", "as_of"}
    assert get("/v1/quotas", token="preparer", query={"year": "soon"}).slug == "invalid"
