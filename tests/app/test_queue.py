"""Queue of applications: the longest waiting first, across pages."""

from __future__ import annotations

from typing import Any

from desk import draft, found, issued, ok, submitted
from http_client import call, get
from office import MemoryOffice


def queue(state: str, **query: str) -> Any:
    return ok(get("/v1/permits", token="preparer", query={"state": state, "order": "waiting", **query}))


def test_longest_waiting_application_in_state_comes_first(office: MemoryOffice) -> None:
    late = draft()
    office.later(3600)
    first, second = submitted()["id"], submitted()["id"]
    office.later(3600)
    ok(call("POST", f"/v1/permits/{late}/submit", token="preparer"))  # created first, submitted last
    items = queue("submitted")["items"]
    assert [each["id"] for each in items] == [first, second, late]
    assert items[0]["waiting_since"] == items[0]["submitted_at"] < items[2]["waiting_since"]
    newest = ok(get("/v1/permits", token="preparer", query={"state": "submitted"}))["items"]
    assert [each["id"] for each in newest] == [second, first, late]


def test_approved_application_waits_since_its_approval(office: MemoryOffice) -> None:
    made = submitted()
    office.later(3600)
    found(made)
    made = ok(call("POST", f"/v1/permits/{made['id']}/approve", {"digest": made["digest"]}, token="approver"))
    (item,) = queue("approved")["items"]
    assert item["waiting_since"] == made["approvals"][0]["at"] > made["submitted_at"]


def test_order_of_queue_holds_across_index_pages(office: MemoryOffice) -> None:
    made = []
    for _ in range(60):
        office.later(60)
        made.append(draft())
    assert [each["id"] for each in queue("draft")["items"]] == made


def test_queue_rows_have_lines_and_replaced_permit(office: MemoryOffice) -> None:
    old = issued()
    made = ok(call("POST", f"/v1/permits/{old['id']}/replace", {"reason": "lost"}, token="preparer"), 201)
    draft(lines=[{"scientific_name": "Falco cherrug"}])
    newest, (replacing, *_) = queue("draft")["items"][-1], queue("draft")["items"]
    assert newest["lines"] == [{"scientific_name": "Falco cherrug"}]
    assert newest["replaces"] is None
    assert replacing["replaces"] == {"id": old["id"], "number": old["number"]} == made["replaces"]
    assert replacing["lines"] == [{"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "2"}]


def test_block_5_is_returned_as_printed(office: MemoryOffice) -> None:
    made = ok(get(f"/v1/permits/{draft(special_conditions='Feed it.')}", token="preparer"))
    first, *added = made["block_5"].splitlines()
    assert first == made["special_conditions"] == "Feed it."
    assert any(each.startswith("Live specimens") for each in added)
