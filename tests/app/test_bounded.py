"""Limits on repeated writes by one person (resolutions, drafts), and histories in pages."""

from __future__ import annotations

import uuid
from threading import Barrier, Thread
from typing import Any

import pytest
from desk import draft, issued, ok, saker, submitted
from enforcing import USE, found, paper
from http_client import Answer, call, get, post
from office import DAY, MemoryOffice

from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import Put
from chalicelib.permits.services import find_permits, store


def used_permit(office: MemoryOffice) -> tuple[dict[str, Any], str]:
    """Return a permit with U5 and the id of the scan that raised it."""
    permit = issued()
    body = {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": "manas-airport", "direction": "export",
            "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
            "transport_document": "AWB 1"}  # fmt: skip
    ok(post("/v1/endorsements", body, token="aizada"), 201)
    office.later(60)
    seen = {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": "manas-airport", "direction": "export",
            "scanned_at": to_text(office.now), "goods_present": True, "same_goods": True}  # fmt: skip
    ok(post("/v1/scans", seen, token="bekzat"))
    return permit, seen["event_id"]


def resolve(scan: str, result: str = "confirmed", reason: str = "the same birds", token: str = "bekzat") -> Answer:
    body = {"code": "U5", "result": result, "reason": reason}
    return post(f"/v1/scans/{scan}/resolve", body, token=token)


def lines(permit: dict[str, Any], action: str = "resolve") -> int:
    path, cursor, count = f"/v1/permits/{permit['id']}/history", None, 0
    while True:
        page = ok(get(path, token="preparer", query={"cursor": cursor} if cursor else {}))
        count += sum(each["action"] == action for each in page["items"])
        cursor = page["cursor"]
        if cursor is None:
            return count


def test_repeated_resolution_by_same_person_adds_no_history_line(office: MemoryOffice) -> None:
    permit, scan = used_permit(office)
    first = ok(resolve(scan))
    for n in range(5):
        assert ok(resolve(scan, reason=f"once more {n}")) == first
    assert lines(permit) == 1
    ok(resolve(scan, token="a-customs"))  # another person's resolution is another line
    ok(resolve(scan, "cleared"))
    ok(resolve(scan, "cleared"))
    assert lines(permit) == 3


def test_repeated_clearing_after_upgrade_adds_no_history_line(office: MemoryOffice) -> None:
    """Dossiers of the previous release have no `resolutions`."""
    permit, scan = used_permit(office)
    ok(resolve(scan, "cleared"))
    row = office.register.get(store.dossier_key(permit["id"]))
    assert row is not None
    old = {name: value for name, value in row.data.items() if name != "resolutions"}
    version = row.version + 1
    office.register.commit(Put(row.key, {**old, "version": version}, expected_version=row.version))
    ok(resolve(scan, "cleared"))
    assert lines(permit) == 1


def test_resolutions_of_one_person_over_limit_return_too_large(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endorsement_scan, "RESOLUTIONS_OF_ONE_PERSON", 1)
    _, scan = used_permit(office)
    ok(resolve(scan))
    assert resolve(scan, "cleared").slug == "too-large"
    ok(resolve(scan, "cleared", token="a-customs"))


@pytest.mark.parametrize("bound", ["HISTORY_LINES", "HISTORY_BYTES"])
def test_permit_history_is_returned_in_pages(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    permit = issued()
    path = f"/v1/permits/{permit['id']}/history"
    whole = ok(get(path, token="preparer"))
    assert whole["cursor"] is None
    monkeypatch.setattr(store, bound, 1)
    got, cursor = [], None
    for _ in whole["items"]:
        page = ok(get(path, token="preparer", query={"cursor": cursor} if cursor else {}))
        got += page["items"]
        cursor = page["cursor"]
    assert (got, cursor) == (whole["items"], None)
    assert get(path, token="preparer", query={"cursor": "DOSSIER"}).slug == "invalid"


def test_case_history_is_returned_in_pages(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    case = found()
    ok(post("/v1/cases", case, token="aizada"), 201)
    path = f"/v1/cases/{case['event_id']}"
    for _ in range(3):  # each reading of the people is a line
        office.later(1)
        ok(get(path, token="a-enforcement"))
    monkeypatch.setattr(store, "HISTORY_LINES", 2)
    first = ok(get(f"{path}/history", token="a-enforcement"))
    assert (len(first["items"]), first["cursor"] is None) == (2, False)
    second = ok(get(f"{path}/history", token="a-enforcement", query={"cursor": first["cursor"]}))
    assert [each["action"] for each in second["items"]] == ["read_people"] * 2
    assert second["cursor"] is None


def test_foreign_permit_history_is_returned_in_pages(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ok(post("/v1/foreign-permits", paper(), token="aizada"), 201)
    path = f"/v1/foreign-permits/{made['id']}"
    ok(post(f"{path}/endorse", USE, token="aizada"))
    ok(post(f"{path}/withdraw", {"reason": "another paper"}, token="bekzat"))
    monkeypatch.setattr(store, "HISTORY_LINES", 2)
    first = ok(get(f"{path}/history", token="a-auditor"))
    second = ok(get(f"{path}/history", token="a-auditor", query={"cursor": first["cursor"]}))
    assert [[each["action"] for each in page["items"]] for page in (first, second)] == [
        ["record", "endorse"], ["withdraw"],
    ]  # fmt: skip
    assert second["cursor"] is None


# drafts


def create(token: str = "applicant", **headers: str) -> Answer:
    return call("POST", "/v1/permits", saker(), token=token, **headers)


def test_drafts_of_one_applicant_over_limit_return_409(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications_draft, "DRAFTS_AT_MOST", 3)
    made = [ok(create(IDEMPOTENCY_KEY=f"key {n}"), 201)["id"] for n in range(3)]
    answer = create()
    assert (answer.status, answer.slug) == (409, "too-many-drafts")
    assert ok(create(IDEMPOTENCY_KEY="key 2"), 201)["id"] == made[2]  # repetition of the third request
    ok(create("other"), 201)
    for _ in range(4):
        draft("preparer")
    ok(call("POST", f"/v1/permits/{made[0]}/withdraw", {"reason": "not now"}, token="applicant"))
    ok(call("POST", f"/v1/permits/{made[1]}/submit", token="applicant"))
    ok(create(), 201)
    ok(create(), 201)
    assert create().slug == "too-many-drafts"


def test_concurrent_drafts_stay_within_limit(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications_draft, "DRAFTS_AT_MOST", 3)
    together, said = Barrier(12), []

    def ask() -> None:
        together.wait(10)
        said.append(create().status)

    asking = [Thread(target=ask) for _ in range(12)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (said.count(201), said.count(409)) == (3, 9)


def listed(token: str, **query: str) -> list[str]:
    return [each["id"] for each in ok(get("/v1/permits", token=token, query=query))["items"]]


def test_drafts_of_applicants_are_not_in_ministry_list(office: MemoryOffice) -> None:
    own, withdrawn = draft("applicant"), draft("applicant")
    ok(call("POST", f"/v1/permits/{withdrawn}/withdraw", {"reason": "not now"}, token="applicant"))
    ours = draft("preparer")
    sent = submitted("applicant")["id"]
    assert listed("preparer") == [sent, ours]
    assert listed("preparer", state="draft") == [ours]
    assert listed("preparer", state="void") == []
    assert set(listed("preparer", q="Altyn")) == {sent, ours}
    assert set(listed("applicant")) == {own, withdrawn, sent}
    assert listed("applicant", state="draft") == [own]
    assert (
        ok(get(f"/v1/permits/{own}", token="preparer"))["state"] == "draft"
    )  # readable by its id, when the applicant asks for help
    ok(call("POST", f"/v1/permits/{own}/submit", token="applicant"))
    assert own in listed("preparer", state="submitted")
    ok(call("POST", f"/v1/permits/{own}/return", {"reason": "a name"}, token="preparer"))
    assert own in listed("preparer", state="returned")


def test_replacement_draft_of_applicants_permit_is_in_ministry_list(office: MemoryOffice) -> None:
    old = issued("applicant")
    office.later(DAY)
    new = ok(call("POST", f"/v1/permits/{old['id']}/replace", {"reason": "a typing error"}, token="preparer"), 201)
    assert new["id"] in listed("preparer", state="draft")


def put_on_the_shelf(office: MemoryOffice, permit_id: str) -> None:
    """Index an applicant's draft in the ministry's list, as release c70afb0 did."""
    row = office.register.get(store.dossier_key(permit_id))
    assert row is not None
    index = {"state": "draft", "shelf": store.SHELF, "owner": "u-appl"}
    office.register.commit(
        Put(row.key, {**row.data, "version": row.version + 1}, expected_version=row.version, index=index)
    )


def test_applicants_draft_indexed_by_old_release_is_not_listed(office: MemoryOffice) -> None:
    put_on_the_shelf(office, draft("applicant"))
    assert listed("preparer") == listed("preparer", state="draft") == []


def test_page_of_drafts_indexed_by_old_release_hides_no_other_draft(office: MemoryOffice) -> None:
    ours = draft("preparer")
    for _ in range(find_permits.PAGE):
        office.later(1)
        put_on_the_shelf(office, draft("applicant"))
    assert listed("preparer") == listed("preparer", state="draft") == [ours]
