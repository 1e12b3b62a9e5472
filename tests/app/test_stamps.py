"""Stock of security stamps: runs entered, each stamp on one permit at most, spoiled stamps written off, counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from desk import approved, draft, issued, ok, saker, submitted
from http_client import Answer, call, get
from office import PREPARER, MemoryOffice

from chalicelib.kernel.rows import Conflict
from chalicelib.permits.services import store
from chalicelib.stamps import services as stamps
from local.seed import STAMPS

ADMIN = "a-admin"


def enter(prefix: str = "KG-A ", first: str = "000001", last: str = "000003", token: str = ADMIN) -> Answer:
    return call("POST", "/v1/stamps", {"prefix": prefix, "first": first, "last": last}, token=token)


def stock() -> Any:
    return ok(get("/v1/stamps", token="preparer"))


def submit(permit: str, token: str = "preparer") -> Answer:
    return call("POST", f"/v1/permits/{permit}/submit", token=token)


def spoil(number: str, reason: str = "torn") -> Answer:
    return call("POST", "/v1/stamps/spoiled", {"number": number, "reason": reason}, token="preparer")


def faults(answer: Answer) -> set[tuple[str, str]]:
    assert answer.slug == "invalid"
    return {(each["field"], each["code"]) for each in answer.json["errors"]}


def test_block_5b_is_free_text_without_stock(office: MemoryOffice) -> None:
    one, two = (submitted(stamp_number="2098148") for _ in range(2))
    assert one["stamp_number"] == two["stamp_number"] == "2098148"
    assert stock() == {"items": [], "next": None, "cursor": None}


def test_run_is_entered_and_counted_and_next_free_stamp_proposed(office: MemoryOffice) -> None:
    run = ok(enter(), 201)
    assert (run["first"], run["last"]) == ("KG-A 000001", "KG-A 000003")
    assert stock()["next"] == "KG-A 000001"
    submitted(stamp_number="KG-A 000001")
    assert ok(spoil("KG-A 000002"))["stamp_number"] == "KG-A 000002"
    (item,) = stock()["items"]
    assert (item["total"], item["used"], item["spoiled"], item["left"]) == (3, 1, 1, 1)
    assert stock()["next"] == "KG-A 000003"
    submitted(stamp_number="KG-A 000003")
    assert (stock()["next"], stock()["items"][0]["left"]) == (None, 0)
    ok(enter(first="000004", last="000009"), 201)
    assert stock()["next"] == "KG-A 000004"


def test_stamp_of_another_permit_is_refused_in_any_spelling(office: MemoryOffice) -> None:
    ok(enter(), 201)
    submitted(stamp_number="KG-A 000001")
    for typed in (
        "KG-A 000001",
        "kg-a 000001",
        "KGA000001",
        " KG A-000001",
        "KG‐A 000001",
        "KG–A/000001.",
        "K.G.A_000001",
    ):
        body = saker(stamp_number=typed.strip())
        checked = ok(call("POST", "/v1/permits/check", body, token="preparer"))
        assert [(each["field"], each["code"]) for each in checked["errors"]] == [("stamp_number", "taken")]
        assert faults(submit(draft(stamp_number=typed.strip()))) == {("stamp_number", "taken")}


def test_one_of_eight_concurrent_submissions_gets_the_stamp(office: MemoryOffice) -> None:
    ok(enter(), 201)
    drafts = [draft(stamp_number="KG-A 000002") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, drafts))
    assert sorted(answer.status for answer in answers) == [200, *[422] * 7]


def test_stamp_is_freed_when_application_is_returned_or_refused(office: MemoryOffice) -> None:
    ok(enter(), 201)
    for verb, who in (("return", "preparer"), ("refuse", "approver")):
        made = submitted(stamp_number="KG-A 000001")
        assert stock()["items"][0]["used"] == 1
        ok(call("POST", f"/v1/permits/{made['id']}/{verb}", {"reason": "marks"}, token=who))
        assert stock()["items"][0]["used"] == 0
    other = submitted(stamp_number="KG-A 000001")
    assert ok(get("/v1/stamps/KGA000001", token="preparer"))["items"][0]["permit"]["id"] == other["id"]


def test_permit_submitted_before_run_was_entered_takes_stamp_at_issue(office: MemoryOffice) -> None:
    first, second = (approved(stamp_number="KG-A 000001") for _ in range(2))
    ok(enter(), 201)
    issued = ok(call("POST", f"/v1/permits/{first['id']}/issue", token="approver"))
    assert faults(call("POST", f"/v1/permits/{second['id']}/issue", token="approver")) == {("stamp_number", "taken")}
    (item,) = ok(get("/v1/stamps/KGA000001", token="approver"))["items"]
    assert item["permit"] == {"id": first["id"], "number": issued["number"], "state": "issued"}


def test_number_beside_runs_is_refused_and_other_text_accepted(office: MemoryOffice) -> None:
    ok(enter(), 201)
    for typed in (
        "KG-A 000004",
        "KG-A 00000I",
        "KG-A OOOOO1",
    ):  # letters instead of digits: another text that looks the same in print
        assert faults(submit(draft(stamp_number=typed))) == {("stamp_number", "not_in_stock")}
    submitted(stamp_number="2098148")
    submitted()
    submitted(form="electronic")
    assert stock()["items"][0]["used"] == 0


def test_exporter_cannot_use_stamp_of_stock(office: MemoryOffice) -> None:
    ok(enter(), 201)
    assert faults(submit(draft("applicant", stamp_number="KG-A 000001"), "applicant")) == {("stamp_number", "ministry")}


def test_spoiled_stamp_keeps_reason_and_cannot_be_used(office: MemoryOffice) -> None:
    ok(enter(), 201)
    made = submitted(stamp_number="KG-A 000001")
    assert faults(spoil("KG-A 000001")) == {("number", "taken")}
    assert faults(spoil("KG-B 000001")) == {("number", "not_in_stock")}
    assert faults(spoil("KG-A 000077")) == {("number", "not_in_stock")}
    ok(spoil("kga000002", "torn off its sheet"))
    ok(spoil("KG-A 000002", "again"))  # a repetition keeps the first reason
    assert faults(submit(draft(stamp_number="KG-A 000002"))) == {("stamp_number", "spoiled")}
    used, torn = ok(get("/v1/stamps/KGA000001", token="a-auditor"))["items"]
    assert (used["stamp_number"], used["permit"]["id"], used["spoiled"]) == ("KG-A 000001", made["id"], None)
    assert torn["permit"] is None
    assert torn["spoiled"]["reason"] == "torn off its sheet"
    assert torn["spoiled"]["by_name"] == "Ainura Preparer"


def put_on(made: Any, number: str, token: str = "preparer") -> Answer:
    return call("POST", f"/v1/permits/{made['id']}/stamp", {"number": number}, token=token)


def test_stamp_put_on_by_hand_leaves_stock(office: MemoryOffice) -> None:
    ok(enter(), 201)
    made, other = issued(), issued()
    assert "stamp" in made["steps"]
    done = ok(put_on(made, "kg a 000001"))
    assert (done["stamp_by_hand"], done["digest"], done["state"]) == ("KG-A 000001", made["digest"], "issued")
    assert ok(put_on(made, "KGA000001"))["version"] == done["version"]  # repeated request
    assert (stock()["next"], stock()["items"][0]["used"]) == ("KG-A 000002", 1)
    assert faults(put_on(other, "KG-A 000001")) == {("number", "taken")}
    assert faults(put_on(other, "KG-A 000009")) == {("number", "not_in_stock")}
    assert faults(submit(draft(stamp_number="KG-A 000001"))) == {("stamp_number", "taken")}
    ok(spoil("KG-A 000002"))
    assert faults(put_on(other, "KG-A 000002")) == {("number", "spoiled")}
    ok(put_on(made, "KG-A 000003"))  # correction of a misread number
    ok(put_on(other, "KG-A 000001", "approver"))
    history = ok(get(f"/v1/permits/{made['id']}/history", token="a-auditor"))["items"]
    said = [each["detail"]["stamp_number"] for each in history if each["action"] == "stamp"]
    assert said == ["KG-A 000001", "KG-A 000003"]


def test_stamp_by_hand_outside_runs_is_bound_to_one_permit(office: MemoryOffice) -> None:
    made, other = issued(), issued()
    ok(put_on(made, "2098148"))
    assert faults(put_on(other, "2098 148")) == {("number", "taken")}
    for bad in ("-", "х" * 3, "A" * 41):
        assert faults(put_on(other, bad)) == {("number", "malformed")}


def test_permit_with_printed_stamp_or_electronic_takes_none_by_hand(office: MemoryOffice) -> None:
    for changes in ({"stamp_number": "2098148"}, {"form": "electronic"}):
        made = issued(**changes)
        assert "stamp" not in made["steps"]
        assert put_on(made, "KG-A 000001").slug == "wrong-state"


def test_run_entered_later_counts_stamps_already_used(office: MemoryOffice) -> None:
    made = issued(stamp_number="KG-A 000001")
    by_hand = issued()
    ok(put_on(by_hand, "KG-A 000002"))
    submitted("applicant", stamp_number="KG-A 000003")  # exporters cannot reserve stamps of the ministry's stock
    ok(enter(), 201)
    assert (stock()["items"][0]["used"], stock()["next"]) == (2, "KG-A 000003")
    first, second = ok(get("/v1/stamps/KGA000001", token="preparer"))["items"]
    assert (first["permit"]["id"], second["permit"]["id"]) == (made["id"], by_hand["id"])
    assert faults(submit(draft(stamp_number="KG-A 000001"))) == {("stamp_number", "taken")}


def test_draft_as_read_can_be_sent_back(office: MemoryOffice) -> None:
    made = draft()
    seen = ok(get(f"/v1/permits/{made}", token="preparer"))
    ok(call("PUT", f"/v1/permits/{made}", {**seen, "special_conditions": "more"}, token="preparer"))


def test_application_with_text_without_number_in_5b_can_be_returned(office: MemoryOffice) -> None:
    made = submitted(stamp_number="-")
    ok(call("POST", f"/v1/permits/{made['id']}/return", {"reason": "marks"}, token="preparer"))


BAD = {
    "letters": ({"first": "00A"}, "first", "digits"),
    "longer": ({"last": "0000009"}, "last", "length"),
    "backwards": ({"first": "000003", "last": "000002"}, "last", "order"),
    "too many": ({"last": "999999"}, "last", "too_many"),
    "digit before the digits": ({"prefix": "KG-1"}, "prefix", "digit"),
    "Cyrillic": ({"prefix": "КГ "}, "prefix", "malformed"),
    "no digits": ({"first": "", "last": ""}, "first", "empty"),
    "Arabic digits": ({"first": "٠٠٠٠٠١"}, "first", "digits"),
}


@pytest.mark.parametrize("name", BAD)
def test_invalid_run_is_refused_with_field(office: MemoryOffice, name: str) -> None:
    changes, field, code = BAD[name]
    body = {"prefix": "KG-A ", "first": "000001", "last": "000003", **changes}
    assert (field, code) in faults(call("POST", "/v1/stamps", body, token=ADMIN))


def test_run_of_local_seed_is_entered_once(office: MemoryOffice) -> None:
    for _ in range(2):  # an interrupted seed starts again
        ok(call("POST", "/v1/stamps", STAMPS, token=ADMIN), 201)
    assert stock()["next"] == "TAMGA-P 000001"


def test_overlapping_run_is_refused_and_repeated_run_returns_same(office: MemoryOffice) -> None:
    made = ok(enter(), 201)
    assert ok(enter(), 201) == made
    for prefix, first, last in (("KG-A ", "000003", "000009"), ("kga", "000001", "000003")):
        assert faults(enter(prefix, first, last)) == {("first", "overlaps")}
    ok(enter(first="0001", last="0003"), 201)  # four digits are other stamps
    assert len(stock()["items"]) == 2
    assert get("/v1/stamps/KGA999", token="preparer").slug == "no-match"


def test_stamps_of_run_are_listed_in_pages(office: MemoryOffice) -> None:
    ok(enter(last="000200"), 201)
    for n in range(1, 61):
        ok(spoil(f"KG-A {n:06}"))
    first = ok(get("/v1/stamps/KGA000001", token="preparer"))
    second = ok(get("/v1/stamps/KGA000001", token="preparer", query={"cursor": first["cursor"]}))
    numbers = [each["stamp_number"] for each in (*first["items"], *second["items"])]
    assert numbers == [f"KG-A {n:06}" for n in range(1, 61)]
    assert second["cursor"] is None


def test_second_permit_with_same_stamp_conflicts_on_row_of_stamp(office: MemoryOffice) -> None:
    ok(enter(), 201)
    one, two = (store.load(office.register, draft(stamp_number="KG-A 000001")) for _ in range(2))
    first, second = (stamps.take(each, PREPARER, office.register) for each in (one, two))
    office.register.commit(*first)
    with pytest.raises(Conflict):
        office.register.commit(*second)
