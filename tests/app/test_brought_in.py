"""Uploads for an officer who has left the post since. A colleague's device sends the events, and they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import border
import pytest
from desk import ok
from enforcing import USE, found, paper, question
from http_client import get, post
from life import issued
from office import MemoryOffice

from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import Actor
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from chalicelib.permits.services import store

LEFT = replace(border.CHINARA, posts=frozenset({"osh-airport"}))
NOT_OF_ITS_BODY = replace(border.CHINARA, roles=frozenset({"inspector"}))


def brought(
    office: MemoryOffice, event: Mapping[str, Any], officer: Actor = LEFT, by: Actor = border.AIZADA
) -> dict[str, Any]:
    phone = border.Phone(office, "dostuk")
    named = {**event, "officer": officer.id}
    (answer,) = sync.sync(phone.batch([named]), synced, by, office, person={officer.id: officer}.__getitem__)
    return answer


@pytest.mark.parametrize("officer", [LEFT, NOT_OF_ITS_BODY])
def test_uploaded_use_of_foreign_paper_waits_for_second_person(office: MemoryOffice, officer: Actor) -> None:
    event = {**paper(endorsed=USE), "kind": "foreign_permit"}
    told = [brought(office, event, officer) for _ in range(2)]
    assert [(each["result"], each["receipt"]["result"]) for each in told] == [
        ("stored", "pending"),
        ("duplicate", "pending"),
    ]
    one = f"/v1/foreign-permits/{event['event_id']}"
    kept = ok(get(one, token="aizada"))
    assert (kept["endorsed"]["result"], kept["endorsed"]["officer"]) == ("pending", "Chinara")
    assert kept["endorsed"]["brought_by"] == "Aizada"
    assert "confirm" not in kept["steps"]
    assert post(f"{one}/confirm", {}, token="aizada").slug == "two-people"
    assert ok(post(f"{one}/confirm", {}, token="bekzat"))["endorsed"]["result"] == "accepted"
    (first, _) = ok(get(f"{one}/history", token="bekzat"))["items"]
    assert first["detail"]["brought_by"] == border.AIZADA.id


def test_uploaded_paper_case_and_question_are_stored_with_uploader(office: MemoryOffice) -> None:
    body = found()
    events = [
        {**paper(), "kind": "foreign_permit"},
        {**body, "kind": "case", "case_kind": body["kind"]},
        {**question(), "kind": "expert_question"},
    ]
    for event in events:
        assert [brought(office, event)["result"] for _ in range(2)] == ["stored", "duplicate"]
    ok(get(f"/v1/foreign-permits/{events[0]['event_id']}", token="preparer"))
    case = f"/v1/cases/{events[1]['event_id']}"
    assert ok(get(case, token="a-enforcement"))["officer"] == "Chinara"
    assert ok(get(f"{case}/history", token="a-enforcement"))["items"][0]["detail"] == {"brought_by": "u-aizada"}
    assert len(ok(get("/v1/expert-questions", token="scientist"))["items"]) == 1
    row = office.register.get(store.event_key(str(events[2]["event_id"])))
    assert row is not None
    assert row.data["brought_by"] == "u-aizada"


def test_uploaded_use_of_deleted_officer_waits_for_second_person(office: MemoryOffice) -> None:
    phone = border.Phone(office, "dostuk")

    def sent(officer: str) -> Any:
        events = [{**paper(endorsed=USE), "kind": "foreign_permit", "officer": officer}]
        body = {"device_id": phone.id, "events": events, "signature": phone.sign(events)}
        (answer,) = ok(post("/v1/sync", body, token="aizada"))["results"]
        return answer

    answer = sent("0b7c9f9e-6c0e-4d0a-9c55-2b7d1f5b8f10")
    assert (answer["result"], answer["receipt"]["result"]) == ("stored", "pending")
    assert (sent("<b>x</b>")["result"], sent("<b>x</b>")["problem"]) == ("rejected", "forbidden")
    kept = ok(get(f"/v1/foreign-permits/{answer['event_id']}", token="aizada"))
    assert kept["endorsed"]["officer"] == "0b7c9f9e-6c0e-4d0a-9c55-2b7d1f5b8f10"
    assert ok(post(f"/v1/foreign-permits/{answer['event_id']}/confirm", {}, token="bekzat"))["endorsed"]["result"] == (
        "accepted"
    )


def test_uploaded_scan_is_stored_and_repeat_is_duplicate(office: MemoryOffice) -> None:
    event = {
        "kind": "scan", "event_id": border.new_uuid(), "qr": issued(office).tokens[0], "post": "dostuk",
        "scanned_at": to_text(office.now), "direction": "export", "goods_present": True,
    }  # fmt: skip
    assert [brought(office, event)["result"] for _ in range(2)] == ["stored", "duplicate"]


def test_upload_by_person_without_right_is_refused(office: MemoryOffice) -> None:
    event = {**paper(endorsed=USE), "kind": "foreign_permit"}
    answer = brought(office, event, by=border.INSPECTOR)
    assert (answer["result"], answer["problem"]) == ("rejected", "forbidden")


def test_officials_see_uploader_of_use_and_strangers_do_not(office: MemoryOffice) -> None:
    """The named officer may not know of the use.

    The person who confirms or investigates it therefore sees the uploader too.
    """
    permit = issued(office)
    event = {
        "kind": "endorsement", "event_id": border.new_uuid(), "qr": permit.tokens[0], "post": "dostuk",
        "direction": "export", "endorsed_at": to_text(office.now), "transport_document": "AWB 1",
        "lines": [{"line": "A", "quantity": "1"}],
    }  # fmt: skip
    assert brought(office, event)["result"] == "stored"
    asked = {"qr": permit.tokens[0]}
    (seen,) = ok(post("/v1/verify", asked, token="aizada"))["register"]["uses"]
    told = (seen["officer"], seen["brought_by"], seen["received_at"], seen["result"])
    assert told == (LEFT.id, "Aizada", to_text(office.now), "pending")
    assert seen["yours"] is True
    (another,) = ok(post("/v1/verify", asked, token="bekzat"))["register"]["uses"]
    assert another == {name: value for name, value in seen.items() if name != "yours"}
    (strange,) = ok(post("/v1/verify", asked))["register"]["uses"]
    assert not {"yours", "officer", "brought_by", "received_at", "at"} & strange.keys()
