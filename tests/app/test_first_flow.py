"""One permit through the whole service: application, issue, verification, one endorsement."""

from __future__ import annotations

import uuid

from desk import draft, issued, ok
from http_client import call, get, post
from office import MemoryOffice

from chalicelib.kernel.days import to_text


def test_issue_verify_endorse(office: MemoryOffice) -> None:
    permit = issued()
    assert permit["state"] == "issued"
    assert permit["number"] == "26KG000001/E"
    found = ok(post("/v1/verify", {"qr": permit["qr"]}))
    assert found["outcome"] == "accept", found
    assert found["permit"]["lines"][0]["appendix"] == "II"
    event = {
        "event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": "manas-airport", "direction": "export",
        "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 176-1",
    }  # fmt: skip
    receipt = ok(post("/v1/endorsements", event, token="aizada"), 201)
    assert ok(post("/v1/endorsements", event, token="aizada"), 200) == receipt
    again = post("/v1/endorsements", {**event, "event_id": str(uuid.uuid4())}, token="bekzat")
    assert (again.status, again.slug) == (409, "already-used")
    assert again.json["first_use"]["at"] == to_text(office.now)
    assert call("GET", f"/v1/permits/{permit['id']}", token="aizada").status == 403
    assert get("/v1/verify/number", query={"number": permit["number"], "code": permit["check_code"]}).status == 200


def test_saving_draft_as_read_changes_nothing(office: MemoryOffice) -> None:
    permit = draft()
    before = ok(get(f"/v1/permits/{permit}", token="preparer"))
    after = ok(call("PUT", f"/v1/permits/{permit}", before, token="preparer"))
    assert after == before
