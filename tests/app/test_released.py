"""Data of earlier releases: read, verified and processed by this one (tests/fixtures/README.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desk import ok
from http_client import call, get, post
from released import RELEASES, ReleasedOffice, load, prints
from test_matrix import endorsement_body

from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.composition import container
from chalicelib.reading.read_document import read

DIRECTIONS = ("export", "import", "transit", "return", "none")
# release -> (story, direction) -> outcome and codes of today's verdict, changed on purpose
WAITING = "stamped by hand, waiting"
DECIDED: dict[str, dict[tuple[str, str], list[str]]] = {
    "c70afb0": {
        (WAITING, "export"): ["check", "U9"], (WAITING, "none"): ["check", "U9"],
        (WAITING, "import"): ["check", "U6", "U9"], (WAITING, "transit"): ["check", "U6", "U9"],
    },
}  # fmt: skip
LISTS = {
    "/v1/foreign-permits": "preparer", "/v1/cases": "a-enforcement", "/v1/patterns": "a-enforcement",
    "/v1/alerts": "a-customs", "/v1/expert-questions": "scientist", "/v1/permits": "preparer",
    "/v1/quotas": "preparer",
}  # fmt: skip
WHOLE = {"/v1/operations": "preparer", "/v1/stamps": "preparer", "/v1/deputies": "a-auditor",
         "/v1/watch-list": "a-enforcement", "/v1/duty-desks": "a-admin", "/v1/species-lists": "a-admin",
         "/v1/exchange/parties": "a-admin", "/v1/exchange/parties/AE/calls": "a-admin", "/v1/overrides": "a-auditor",
         "/v1/cases/summary": "a-enforcement", "/v1/patterns/summary": "a-enforcement"}  # fmt: skip


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def serving(release: str, name: str = "office") -> Iterator[ReleasedOffice]:
    office = ReleasedOffice(release, name)
    office.reader = MemoryReader(read)
    container.replace_deps(office)
    yield office
    container.replace_deps(None)


@pytest.fixture
def released(release: str) -> Iterator[ReleasedOffice]:
    yield from serving(release)


@pytest.fixture
def real(release: str) -> Iterator[ReleasedOffice]:
    yield from serving(release, "office-real")


def qr_of(permit: str) -> str:
    return str(ok(get(f"/v1/permits/{permit}", token="preparer")).get("qr", ""))


def items(path: str, token: str) -> list[dict[str, Any]]:
    """Return all items of a list, page by page."""
    found: list[dict[str, Any]] = []
    query: dict[str, str] = {}
    while True:
        page = ok(get(path, token=token, query=query))
        found += page["items"]
        if not page.get("cursor"):
            return found
        query = {"cursor": page["cursor"]}


def test_rows_of_release_are_served_on_every_screen(released: ReleasedOffice) -> None:
    for path, token in WHOLE.items():
        ok(get(path, token=token))
    for path, token in LISTS.items():
        found = items(path, token)
        assert found, path
        for each in found:
            if path != "/v1/quotas":
                ok(get(f"{path}/{each['id']}", token=token))
            if path in {"/v1/permits", "/v1/quotas", "/v1/cases", "/v1/foreign-permits"}:
                ok(get(f"{path}/{each['id']}/history", token={"/v1/cases": "a-auditor"}.get(path, token)))


def test_verdicts_of_release_stay_same_except_intended_changes(release: str, released: ReleasedOffice) -> None:
    held = load(release, "verdicts")
    now: dict[tuple[str, str], list[str]] = {}
    for story, permit in released.permits.items():
        for direction in DIRECTIONS if story in held else ():
            body = ok(post("/v1/verify", {"qr": qr_of(permit), "direction": direction}))
            codes = [each["code"] for each in body["codes"]]
            if (codes, body["outcome"]) != (held[story][direction]["codes"], held[story][direction]["outcome"]):
                now[story, direction] = [body["outcome"], *codes]
    assert now == DECIDED[release]


def test_permit_of_release_is_endorsed_and_undone(released: ReleasedOffice) -> None:
    permit = ok(get(f"/v1/permits/{released.permits['sakers to the Emirates']}", token="preparer"))
    body = endorsement_body(permit)
    assert ok(post("/v1/endorsements", body, token="aizada"), 201)["use"] == "exported"
    back = {"event_id": "3f0e0b53-7a0e-4a50-a9f5-52a2f3a77f10", "reason": "the flight was cancelled"}
    assert ok(post(f"/v1/endorsements/{body['event_id']}/undo", back, token="bekzat"))["use"] == "unused"


def test_waiting_stamp_of_release_is_confirmed(released: ReleasedOffice) -> None:
    permit = released.permits[WAITING]
    uses = ok(get(f"/v1/permits/{permit}", token="preparer"))["uses"]
    (event,) = [each["event_id"] for each in uses]
    assert ok(post(f"/v1/endorsements/{event}/confirm", token="bekzat"))["result"] == "accepted"


def test_approved_permits_of_release_are_issued(released: ReleasedOffice) -> None:
    waiting = [each for each in items("/v1/permits", "preparer") if each["state"] == "approved"]
    assert waiting
    for each in waiting:
        assert ok(post(f"/v1/permits/{each['id']}/issue", token="approver"))["state"] == "issued"


def test_batch_synced_in_release_is_duplicate(release: str, released: ReleasedOffice) -> None:
    held = load(release, "sync")
    answer = ok(post("/v1/sync", held["request"], token="bekzat"))
    assert [each["result"] for each in answer["results"]] == ["duplicate"] * len(held["request"]["events"])


def test_scheduled_publishing_works_with_data_of_release(released: ReleasedOffice) -> None:
    released.later(3 * 3600)
    assert released.publish_due()
    body = ok(post("/v1/verify", {"qr": qr_of(released.permits["sakers to the Emirates"]), "direction": "export"}))
    assert (body["outcome"], body["codes"]) == ("accept", [])


def test_prints_of_release_give_no_forgery_code(release: str) -> None:
    for name, data in prints(release).items():
        for _ in serving(release, "office-real" if name.startswith("real-") else "office"):
            answer = call("POST", "/v1/verify/document", data=data, content_type="application/pdf")
            codes = {each["code"] for each in ok(answer)["codes"]} if name != "preview" else set()
            assert not codes & {"F1", "F2", "F3", "F4", "F5", "F6"}, (name, codes)
            if name in {"real-original", "real-original-two-pages", "original-import"}:
                assert answer.json["outcome"] == "accept", (name, codes)


def test_paper_permit_of_release_is_found_by_number(real: ReleasedOffice) -> None:
    found = ok(get("/v1/verify/number", query={"number": "KG-0117/2026"}, token="aizada"))
    assert [each["code"] for each in found["codes"]] == ["D4"]


def test_recorded_answers_of_release_cover_operations(release: str) -> None:
    answers = load(release, "answers")
    assert len({(each["method"], each["path"]) for each in answers}) > 80
