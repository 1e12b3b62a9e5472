"""Foreign papers without a code that Tamga can check: record with lines, single use, enquiry to the issuer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import border
import pytest
from crashing import Wrapped
from desk import ok
from enforcing import LINE, PNG, USE, paper, watched
from foreign_play import Presented
from http_client import Answer, call, get, post
from office import DAY, MemoryOffice

from chalicelib.kernel.rows import Put
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from chalicelib.species.model.listing import Listing, Open, Taxon


def recorded(office: MemoryOffice, token: str = "aizada", **changes: Any) -> Any:
    return ok(post("/v1/foreign-permits", paper(**changes), token=token), 201)


def faults(answer: Answer) -> set[tuple[str, str]]:
    assert answer.slug == "invalid"
    return {(each["field"], each["code"]) for each in answer.json["errors"]}


def test_paper_is_recorded_with_lines_and_photograph(office: MemoryOffice) -> None:
    made = recorded(office, note="Ink of the seal is fresh.")
    assert (made["number"], made["state"], made["remarks"]) == ("KZ-0457/2026", "recorded", [])
    assert made["permit"]["lines"] == [{"line": "A", **LINE}]
    one = f"/v1/foreign-permits/{made['id']}"
    for _ in range(2):
        ok(call("POST", f"{one}/photos", data=PNG, content_type="image/png", token="aizada"), 201)
    (picture,) = ok(get(one, token="preparer"))["photos"]
    assert "photos" in ok(get(f"{one}/photos/{picture['sha256']}", token="preparer"))["url"]
    assert get(f"{one}/photos/{'0' * 64}", token="preparer").slug == "no-match"
    assert ok(get("/v1/foreign-permits", token="a-enforcement"))["items"][0]["id"] == made["id"]
    assert [each["action"] for each in ok(get(f"{one}/history", token="a-auditor"))["items"]] == ["record"]


def test_repeated_event_id_returns_same_record_or_is_refused(office: MemoryOffice) -> None:
    body = paper(endorsed=USE)
    first = ok(post("/v1/foreign-permits", body, token="aizada"), 201)
    assert ok(post("/v1/foreign-permits", body, token="aizada"), 200) == first
    assert post("/v1/foreign-permits", {**body, "number": "KZ-1"}, token="aizada").slug == "event-id-reused"
    assert post("/v1/foreign-permits", body, token="bekzat").slug == "event-id-reused"


def test_officer_reads_papers_of_own_posts_only(office: MemoryOffice) -> None:
    made = recorded(office)
    assert ok(get("/v1/foreign-permits", token="elsewhere"))["items"] == []
    assert get(f"/v1/foreign-permits/{made['id']}", token="elsewhere").slug == "no-match"
    assert get(f"/v1/foreign-permits/{made['id']}/history", token="elsewhere").slug == "no-match"
    assert post("/v1/foreign-permits", paper(), token="elsewhere").slug == "forbidden"


BAD = {
    "ours": ({"issuer": "KG"}, "issuer", "ours"),
    "our number": ({"number": "26KG000123/E"}, "number", "ours"),
    "no country": ({"issuer": "QQ"}, "issuer", "unknown"),
    "junk of the trade data": ({"number": "#NAME?"}, "number", "number"),
    "commas": ({"number": "4291,,,"}, "number", "number"),
    "no day": ({"issued_on": "2026-02-30"}, "issued_on", "date"),
    "nothing on it": ({"permit": {"lines": []}}, "permit.lines", "required"),
    "no quantity": ({"permit": {"lines": [{**LINE, "quantity": ""}]}}, "permit.lines[0].quantity", "required"),
    "two and a half": ({"permit": {"lines": [{**LINE, "quantity": "2,5"}]}}, "permit.lines[0].quantity", "quantity"),
    "kind": ({"permit": {"document_type": ""}}, "permit.document_type", "required"),
    "direction characters": ({"note": "a\u202eb"}, "note", "characters"),
    "the future": ({"recorded_at": "2027-11-25T10:00:00Z"}, "recorded_at", "future"),
    "not kept": ({"endorsed": {**USE, "retained": False}}, "retained", "required"),
    "a line left out": ({"endorsed": {**USE, "lines": [{"line": "B", "quantity": "2"}]}}, "lines", "every_line"),
    "more than there": (
        {"endorsed": {**USE, "lines": [{"line": "A", "quantity": "3"}]}},
        "lines[0].quantity",
        "more",
    ),
    "half a bird": (
        {"endorsed": {**USE, "lines": [{"line": "A", "quantity": "1.5"}]}},
        "lines[0].quantity",
        "quantity",
    ),
    "nothing came": ({"endorsed": {**USE, "lines": [{"line": "A", "quantity": "0"}]}}, "lines", "nothing_moved"),
}


@pytest.mark.parametrize("permit", ["text", 1, [], None, True], ids=repr)
def test_permit_that_is_no_object_is_refused_by_its_field(office: MemoryOffice, permit: Any) -> None:
    answer = post("/v1/foreign-permits", {**paper(), "permit": permit}, token="aizada")
    assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (422, ["permit"])


@pytest.mark.parametrize(("changes", "field", "code"), BAD.values(), ids=BAD)
def test_invalid_paper_is_refused_with_field_and_not_stored(
    office: MemoryOffice, changes: dict[str, Any], field: str, code: str
) -> None:
    assert (field, code) in faults(post("/v1/foreign-permits", paper(**changes), token="aizada"))
    assert ok(get("/v1/foreign-permits", token="aizada"))["items"] == []


ODD = {
    "another form than this country's": ({"issuer": "CZ", "number": "CZ/17"}, "number_unusual"),
    "another country in it": ({"number": "26UZ000123/E"}, "number_other_country"),
    "expired": ({"permit": {"valid_until": "2026-11-01"}}, "expired"),
    "still to come": ({"issued_on": "2026-12-24"}, "not_yet_valid"),
    "seven months": ({"permit": {"valid_until": "2027-05-01"}}, "valid_too_long"),
    "for another country": ({"permit": {"importer": {"name": "X", "country": "AE"}}}, "not_for_us"),
    "no such species": ({"permit": {"lines": [{**LINE, "scientific_name": "Falco imaginarius maximus x y"}]}},
                        "unknown_species"),
    "another Appendix": ({"permit": {"lines": [{**LINE, "appendix": "I"}]}}, "appendix_differs"),
    "Appendix I without our import permit": (
        {"permit": {"lines": [{**LINE, "scientific_name": "Panthera uncia", "source": "W"}]}}, "no_import_permit"),
    "a hybrid of Appendix I without our import permit": (
        {"permit": {"lines": [{**LINE, "scientific_name": "Falco cherrug x F. rusticolus", "source": "W"}]}},
        "no_import_permit"),
    "seized of Appendix I, sold, without our import permit": (
        {"permit": {"lines": [{**LINE, "scientific_name": "Panthera uncia", "source": "I"}]}}, "no_import_permit"),
    "an exporter of another country": (
        {"permit": {"exporter": {"name": "X", "country": "FR"}}}, "exporter_elsewhere"),
    "a re-exporter of another country": (
        {"permit": {"document_type": "R", "exporter": {"name": "X", "country": "FR"}}}, "exporter_elsewhere"),
    "no seal": ({"sealed": False}, "no_seal"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "remark"), ODD.values(), ids=ODD)
def test_unusual_paper_is_stored_with_remark_and_not_flagged(
    office: MemoryOffice, changes: dict[str, Any], remark: str
) -> None:
    made = recorded(office, **changes)
    assert remark in made["remarks"]
    assert not made["flagged"]


@pytest.mark.parametrize(("issuer", "source", "seen"), [("KZ", "W", True), ("KZ", "C", False), ("CM", "W", False)])
def test_wild_goods_far_outside_their_range_get_a_remark(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, issuer: str, source: str, seen: bool
) -> None:
    parrot = Taxon("Psittacus rarus", 2, "Animalia", range_states=frozenset({"CM", "GA"}), range_sure=True)
    monkeypatch.setattr(MemoryOffice, "listing", Listing([parrot], as_of="2026-03-05"))
    line = {**LINE, "scientific_name": "Psittacus rarus", "source": source}
    made = recorded(office, issuer=issuer, permit={"document_type": "E", "lines": [line]})
    assert ("out_of_range" in made["remarks"]) == seen


def test_kind_that_is_not_listed_gets_no_remark_on_its_range(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    parakeet = Taxon("Psittacus rarus", 0, "Animalia", range_states=frozenset({"CM", "GA"}), range_sure=True)
    monkeypatch.setattr(MemoryOffice, "listing", Listing([parakeet], as_of="2026-03-05"))
    line = {**LINE, "scientific_name": "Psittacus rarus", "source": "W"}
    made = recorded(office, issuer="KZ", permit={"document_type": "E", "lines": [line]})
    assert "out_of_range" not in made["remarks"]


def test_range_is_compared_for_entry_whose_appendix_is_not_certain(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubt = frozenset({Open.ONE_SOURCE})
    parrot = Taxon("Psittacus rarus", 1, "Animalia", range_states=frozenset({"CM"}), range_sure=True, open=doubt)
    monkeypatch.setattr(MemoryOffice, "listing", Listing([parrot], as_of="2026-03-05"))
    line = {**LINE, "scientific_name": "Psittacus rarus", "source": "W", "appendix": "II"}
    made = recorded(office, issuer="KZ", permit={"document_type": "E", "lines": [line]})
    assert "out_of_range" in made["remarks"]
    assert "appendix_differs" not in made["remarks"]


def test_lookup_returns_form_of_number_and_its_uses(office: MemoryOffice) -> None:
    def known(issuer: str, number: str) -> Any:
        return ok(get("/v1/foreign-permits/known", token="aizada", query={"issuer": issuer, "number": number}))

    assert known("CZ", "23CZ034504") == {
        "number": "23CZ034504", "form": "known", "example": "23CZ034504", "used": [], "unconfirmed": [],
    }  # fmt: skip
    recorded(office, endorsed=USE)
    found = known("KZ", "KZ 457/26")
    assert (found["form"], [each["post"] for each in found["used"]]) == ("unknown", ["dostuk"])


def test_second_use_at_any_post_is_refused_in_any_spelling_of_number(office: MemoryOffice) -> None:
    first = recorded(office, endorsed=USE)
    assert first["endorsed"]["retained"] is True
    again = paper(number="кz 0457 / 26", post="torugart", endorsed=USE)
    answer = post("/v1/foreign-permits", again, token="elsewhere")
    assert (answer.slug, answer.json["first_use"]["post"]) == ("already-used", "dostuk")
    only = ok(post("/v1/foreign-permits", {**again, "endorsed": None}, token="elsewhere"), 201)
    assert (only["flagged"], only["remarks"], len(only["used"])) == (True, ["used_before"], 1)
    answer = post(f"/v1/foreign-permits/{only['id']}/endorse", USE, token="elsewhere")
    assert answer.slug == "already-used"
    assert not ok(get(f"/v1/foreign-permits/{first['id']}", token="aizada"))["flagged"]  # the first use is not flagged
    assert (
        recorded(office, issuer="UZ", endorsed=USE)["flagged"] is False
    )  # the same number of another Party is another number


def test_paper_with_number_used_by_code_is_refused_with_first_use(office: MemoryOffice) -> None:
    permit = Presented(office.register, office, border.with_kazakhstan(office))
    permit.by_code("dostuk")
    query = {"issuer": "KZ", "number": permit.number.lower()}
    assert [each["post"] for each in ok(get("/v1/foreign-permits/known", token="aizada", query=query))["used"]] == [
        "dostuk"
    ]
    body = paper(number=permit.number, post="torugart", endorsed=USE)
    answer = post("/v1/foreign-permits", body, token="elsewhere")
    first = answer.json["first_use"]
    assert (answer.slug, first["post"], first["lines"]) == ("already-used", "dostuk", [{"line": "A", "quantity": "2"}])
    only = ok(post("/v1/foreign-permits", {**body, "endorsed": None}, token="elsewhere"), 201)
    assert (only["flagged"], "used_before" in only["remarks"]) == (True, True)
    assert [(each["post"], each["paper"]) for each in only["used"]] == [("dostuk", False)]


def test_list_of_papers_reads_all_numbers_in_one_query(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    permit = Presented(office.register, office, border.with_kazakhstan(office))
    permit.by_code("dostuk")
    for number in (permit.number, permit.number.partition("/")[0], "KZ-1/2026", "KZ-2/2026", "KZ-2/2026"):
        recorded(office, number=number)
    recorded(office, number="KZ-1/2026", endorsed=USE)
    asked: list[str] = []
    get_row, get_all = office.register.get, office.register.get_all
    monkeypatch.setattr(office.register, "get", lambda key: asked.append(key.partition) or get_row(key))
    monkeypatch.setattr(office.register, "get_all", lambda keys: asked.append("all") or get_all(keys))
    items = ok(get("/v1/foreign-permits", token="a-enforcement"))["items"]
    assert (asked.count("all"), [each for each in asked if each.startswith("FOREIGN")]) == (1, [])
    shown = [ok(get(f"/v1/foreign-permits/{each['id']}", token="a-enforcement")) for each in items]
    assert [each["remarks"] for each in items] == [each["remarks"] for each in shown]
    assert sorted(each["number"] for each in items if "used_before" in each["remarks"]) == sorted(
        ["KZ-1/2026", permit.number, permit.number.partition("/")[0]]
    )


def test_one_of_eight_concurrent_endorsements_is_accepted(office: MemoryOffice) -> None:
    bodies = [paper(endorsed=USE) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda body: post("/v1/foreign-permits", body, token="aizada"), bodies))
    assert sorted(answer.status for answer in answers) == [201, *[409] * 7]


def offline(phone: border.Phone, *events: dict[str, Any]) -> list[dict[str, Any]]:
    office = phone.office
    return sync.sync(phone.batch(events), synced, phone.actor, office, person=border.PEOPLE.__getitem__)


def test_two_offline_uses_are_both_stored_and_flagged(office: MemoryOffice) -> None:
    here, there = border.Phone(office, "dostuk"), border.Phone(office, "torugart")
    one = {**paper(post=here.post, endorsed=USE), "kind": "foreign_permit"}
    office.later(DAY)
    two = {**paper(post=there.post, endorsed=USE), "kind": "foreign_permit"}
    office.later(2 * DAY)
    assert [each["result"] for each in offline(here, one)] == ["stored"]
    assert [each["result"] for each in offline(there, two)] == ["conflict"]
    assert [each["result"] for each in offline(there, two)] == [
        "conflict"
    ]  # a repetition gets the same result: an officer has to decide
    for event, remark in ((one, "used_again"), (two, "used_before")):
        found = ok(get(f"/v1/foreign-permits/{event['event_id']}", token="preparer"))
        assert (found["flagged"], found["remarks"], found["state"]) == (True, [remark], "endorsed")
    assert offline(here, two)[0]["result"] == "rejected"  # the device belongs to another post


def test_undo_by_second_person_frees_number(office: MemoryOffice) -> None:
    made = recorded(office, endorsed=USE)
    one = f"/v1/foreign-permits/{made['id']}"
    assert post(f"{one}/withdraw", {"reason": "wrong paper"}, token="aizada").slug == "two-people"
    back = ok(post(f"{one}/withdraw", {"reason": "wrong paper"}, token="bekzat"))
    assert (back["state"], back["endorsed"]["withdrawn"]["by_name"]) == ("recorded", "Bekzat")
    assert recorded(office, endorsed=USE)["flagged"] is False


def test_enquiry_by_letter_and_answer_of_issuer_are_stored(office: MemoryOffice) -> None:
    made = recorded(office)
    one = f"/v1/foreign-permits/{made['id']}"
    assert post(f"{one}/enquiries", {}, token="aizada").slug == "forbidden"
    asked = ok(post(f"{one}/enquiries", {}, token="preparer"), 201)
    (enquiry,) = asked["enquiries"]
    assert enquiry["channel"] == "letter"
    for told in ("Management Authority of Kazakhstan", "KZ-0457/2026", "Falco cherrug", made["id"][:8].upper()):
        assert told in enquiry["letter"]
    assert "Aizada" not in enquiry["letter"]
    assert "cites.org" in enquiry["letter"]
    assert "attached" not in enquiry["letter"]  # there is no photograph to attach
    ok(call("POST", f"{one}/photos", data=PNG, content_type="image/png", token="aizada"), 201)
    again = ok(post(f"{one}/enquiries", {}, token="preparer"), 201)["enquiries"][-1]
    assert "agree with your records. A copy of the paper is attached." in again["letter"]
    reply = {"result": "denied", "text": "This number is not of our series.", "received_on": "2026-11-26"}
    kept = ok(post(f"{one}/answers", reply, token="preparer"), 201)
    assert (kept["flagged"], kept["remarks"], kept["answers"][0]["text"]) == (True, ["issuer_denies"], reply["text"])
    assert ok(get("/v1/foreign-permits", token="aizada"))["items"][0]["answer"] == "denied"
    assert faults(post(f"{one}/answers", {**reply, "received_on": "soon"}, token="preparer")) == {
        ("received_on", "date")
    }


def test_enquiry_uses_exchange_when_issuer_has_service(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {("KZ", "KZ-0457/2026"): {"result": "confirmed", "text": "<valid>"}}
    monkeypatch.setattr(
        MemoryOffice, "exchange", property(lambda _: lambda paper, _: answers.get((paper.issuer, paper.number)))
    )
    made = recorded(office)
    asked = ok(post(f"/v1/foreign-permits/{made['id']}/enquiries", {}, token="approver"), 201)
    assert (asked["enquiries"][0]["channel"], asked["answer"]) == ("exchange", "confirmed")
    other = recorded(office, issuer="UZ")
    asked = ok(post(f"/v1/foreign-permits/{other['id']}/enquiries", {}, token="approver"), 201)
    assert (asked["enquiries"][0]["channel"], asked["answer"]) == ("letter", None)


def test_watch_list_alert_is_raised_despite_concurrent_hold_alert(office: MemoryOffice) -> None:
    recorded(office, endorsed=USE)
    ok(post("/v1/watch-list", watched(kind="mark", value="KZ-7777"), token="a-enforcement"), 201)
    plain, marked = office.register, paper(endorsed=USE, permit={"lines": [{**LINE, "marks": "KZ-7777"}]})

    def rival(puts: Sequence[Put]) -> None:
        office.register = plain
        assert post("/v1/foreign-permits", paper(endorsed=USE), token="bekzat").slug == "already-used"

    office.register = Wrapped(plain, before=rival)  # type: ignore[assignment]
    assert post("/v1/foreign-permits", marked, token="aizada").slug == "already-used"
    office.register = plain
    told = ok(get("/v1/alerts", token="a-enforcement"))["items"]
    assert sorted(each["kind"] for each in told) == ["hold", "watch"]


def test_parts_above_quantity_of_paper_are_stored_with_surplus_remark(office: MemoryOffice) -> None:
    parts = [recorded(office, endorsed={**USE, "lines": [{"line": "A", "quantity": part}]}) for part in ("1", "1")]
    assert [each["remarks"] for each in parts] == [[], []]
    other = [
        recorded(office, number="KZ-9/2026", endorsed={**USE, "lines": [{"line": "A", "quantity": part}]})
        for part in ("1", "2")
    ]
    assert [(each["remarks"], each["endorsed"]["result"]) for each in other] == [
        ([], "accepted"), (["surplus"], "accepted"),
    ]  # fmt: skip
    first = ok(get(f"/v1/foreign-permits/{other[0]['id']}", token="preparer"))
    assert (first["remarks"], first["flagged"]) == (["surplus"], False)


@pytest.mark.parametrize(("issued_on", "differs"), [("2023-02-22", False), ("2023-02-23", True), ("2016-05-01", False)])
def test_paper_is_judged_by_the_list_of_its_day_of_issue(office: MemoryOffice, issued_on: str, differs: bool) -> None:
    """Moved from Appendix II to I on 23 February 2023. Before 21 April 2017 the list is not certain."""
    line = {**LINE, "scientific_name": "Cuora galbinifrons", "appendix": "II"}
    made = recorded(office, issued_on=issued_on, permit={"lines": [line]})
    assert ("appendix_differs" in made["remarks"]) == differs
