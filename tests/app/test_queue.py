"""The queue: who waits longest comes first, over pages."""

from __future__ import annotations

from typing import Any

from desk import draft, found, ok, submitted
from http_client import call, get
from office import MemoryOffice


def queue(state: str, **query: str) -> Any:
    return ok(get("/v1/permits", token="preparer", query={"state": state, "order": "waiting", **query}))


def test_who_waits_longest_in_a_state_comes_first(office: MemoryOffice) -> None:
    late = draft()
    office.later(3600)
    first, second = submitted()["id"], submitted()["id"]
    office.later(3600)
    ok(call("POST", f"/v1/permits/{late}/submit", token="preparer"))  # made first, submitted last
    items = queue("submitted")["items"]
    assert [each["id"] for each in items] == [first, second, late]
    assert items[0]["waiting_since"] == items[0]["submitted_at"] < items[2]["waiting_since"]
    newest = ok(get("/v1/permits", token="preparer", query={"state": "submitted"}))["items"]
    assert [each["id"] for each in newest] == [second, first, late]


def test_an_approved_one_waits_since_its_approval(office: MemoryOffice) -> None:
    made = submitted()
    office.later(3600)
    found(made)
    made = ok(call("POST", f"/v1/permits/{made['id']}/approve", {"digest": made["digest"]}, token="approver"))
    (item,) = queue("approved")["items"]
    assert item["waiting_since"] == made["approvals"][0]["at"] > made["submitted_at"]


def test_the_order_holds_over_pages_of_the_index(office: MemoryOffice) -> None:
    made = []
    for _ in range(60):
        office.later(60)
        made.append(draft())
    assert [each["id"] for each in queue("draft")["items"]] == made
