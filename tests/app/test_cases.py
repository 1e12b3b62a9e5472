"""Cases: record, visibility of parts for each agency, additions, and sharing abroad without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import border
import pytest
from crashing import Wrapped
from desk import ok
from enforcing import CARRIER, FOUND, PNG, a_case, found, question
from http_client import Answer, call, get, post
from office import DAY, MemoryOffice

from chalicelib.cases.model.case import OF_ONE_AT_MOST, TEXTS
from chalicelib.cases.schemas import Case
from chalicelib.cases.services import cases
from chalicelib.kernel import roles
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Conflict, Put
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from chalicelib.people import model as people
from chalicelib.platform.files import PHOTOS_AT_MOST

POLICE = "a-enforcement"


def faults(answer: Answer) -> set[tuple[str, str]]:
    assert answer.slug == "invalid"
    return {(each["field"], each["code"]) for each in answer.json["errors"]}


def opened(token: str = "aizada", **changes: Any) -> Any:
    return ok(post("/v1/cases", found(**changes), token=token), 201)


def test_case_and_photograph_are_stored_once(office: MemoryOffice) -> None:
    body = found()
    made = ok(post("/v1/cases", body, token="aizada"), 201)
    assert ok(post("/v1/cases", body, token="aizada"), 200) == made
    assert post("/v1/cases", {**body, "reason": "other"}, token="aizada").slug == "event-id-reused"
    assert (made["goods"][0]["quantity"], made["people"], made["custody"]) == ("4", [CARRIER], [])
    for _ in range(2):
        photo = ok(
            call("POST", f"/v1/cases/{made['id']}/photos", data=PNG, content_type="image/png", token="aizada"), 201
        )
    (kept,) = ok(get(f"/v1/cases/{made['id']}", token=POLICE))["photos"]
    assert kept["sha256"] == photo["sha256"]
    assert "url" in ok(get(f"/v1/cases/{made['id']}/photos/{kept['sha256']}", token=POLICE))


def test_cases_photographs_and_questions_need_no_trust_list(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They verify nothing, so they work while no list can be read; rights are checked first."""
    monkeypatch.setattr(office.caches, "trust", SimpleNamespace(at=unavailable))
    made = ok(post("/v1/cases", found(), token="aizada"), 201)
    ok(call("POST", f"/v1/cases/{made['id']}/photos", data=PNG, content_type="image/png", token="aizada"), 201)
    ok(post("/v1/expert-questions", question(), token="aizada"), 201)
    assert post("/v1/cases", found(), token="applicant").slug == "forbidden"
    assert post("/v1/verify", {"qr": "6BF"}, token="aizada").slug == "unavailable"


def unavailable(now: int) -> Any:
    raise Unavailable("There are no trust lists.")


def test_concurrent_requests_open_one_case_and_failed_write_is_unavailable(office: MemoryOffice) -> None:
    def lost(puts: Sequence[Put]) -> None:
        raise Conflict([])

    plain, body, made = office.register, found(), []

    def rival(puts: Sequence[Put]) -> None:
        office.register = plain
        made.append(ok(post("/v1/cases", body, token="aizada"), 201))

    office.register = Wrapped(plain, before=lost)  # type: ignore[assignment]
    assert post("/v1/cases", body, token="aizada").slug == "unavailable"
    office.register = Wrapped(plain, before=rival)  # type: ignore[assignment]
    assert [ok(post("/v1/cases", body, token="aizada"), 200)] == made
    assert len(ok(get("/v1/cases", token=POLICE))["items"]) == 1


def test_photographs_are_added_by_participants_within_own_limit(office: MemoryOffice) -> None:
    """Participants: persons who recorded, took over or investigate the case, and their agency.

    The limit is per person, so nobody uses up the room of another.
    """
    made = opened("bekzat")
    one = f"/v1/cases/{made['id']}"

    def add(token: str, tail: str = "") -> Answer:
        return call("POST", f"{one}/photos", data=PNG + tail.encode(), content_type="image/png", token=token)

    def may(token: str) -> bool:
        return "photo" in ok(get(one, token=token))["steps"]

    assert (add("a-border").slug, may("a-border")) == ("forbidden", False)
    assert (add("elsewhere").slug, may("preparer")) == ("no-match", False)
    told = ok(post(f"{one}/custody", {"what": "4 birds", "taker": "Border guard"}, token="a-border"), 201)
    assert "by" not in told["custody"][0]
    assert may("a-border")
    ok(add("a-border", "in custody"), 201)
    for index in range(PHOTOS_AT_MOST):  # a colleague of the agency that opened the case
        last = ok(add("aizada", str(index)), 201)
    assert add("aizada", "one more").slug == "too-large"
    assert ok(add("aizada", "0"), 201)["sha256"]  # repeated upload of a stored photograph
    for token in ("bekzat", POLICE):
        ok(add(token, token), 201)
    lines = [each for each in ok(get(f"{one}/history", token="a-auditor"))["items"] if each["action"] == "photo"]
    assert len(lines) == PHOTOS_AT_MOST + 3 == len(ok(get(one, token="bekzat"))["photos"])
    assert ("u-aizada", {"sha256": last["sha256"]}) in [(each["by"], each["detail"]) for each in lines]


@pytest.mark.parametrize(
    ("door", "body", "one", "other"),
    [
        ("custody", {"what": "4 birds", "taker": "Border guard"}, "aizada", "a-border"),
        ("followups", {"kind": "note", "text": "Asked again."}, POLICE, "preparer"),
    ],
)
def test_entries_of_one_person_over_limit_return_too_large(
    office: MemoryOffice, door: str, body: dict[str, str], one: str, other: str
) -> None:
    path = f"/v1/cases/{opened()['id']}/{door}"
    for _ in range(OF_ONE_AT_MOST):
        ok(post(path, body, token=one), 201)
    assert post(path, body, token=one).slug == "too-large"
    assert "by" not in ok(post(path, body, token=other), 201)[door][-1]


BAD = {
    "nothing found": ({"goods": []}, "goods", "required"),
    "no species": ({"goods": [{"term": "LIV", "quantity": "1"}]}, "goods[0].scientific_name", "required"),
    "no quantity": ({"goods": [{"common_name": "falcon", "term": "LIV"}]}, "goods[0].quantity", "required"),
    "no such term": (
        {"goods": [{"common_name": "falcon", "term": "QQQ", "quantity": "1"}]},
        "goods[0].term",
        "unknown",
    ),
    "reason": ({"reason": "because"}, "reason", "unknown"),
    "agency": ({"agency": None}, "agency", "required"),
    "country": ({"route": {"transit": ["QQ"]}}, "route.transit[0]", "unknown"),
    "currency": ({"value": {"amount": "5"}}, "value.currency", "required"),
    "person's role": ({"people": [{"name": "X"}]}, "people[0].role", "required"),
    "the future": ({"occurred_at": "2027-11-25T10:00:00Z"}, "occurred_at", "future"),
    "long ago": ({"occurred_at": "2001-11-25T10:00:00Z"}, "occurred_at", "past"),
}


@pytest.mark.parametrize(("changes", "field", "code"), BAD.values(), ids=BAD)
def test_invalid_case_is_refused_with_field(
    office: MemoryOffice, changes: dict[str, Any], field: str, code: str
) -> None:
    assert (field, code) in faults(post("/v1/cases", found(**changes), token="aizada"))
    assert ok(get("/v1/cases", token=POLICE))["items"] == []


SEES = {"bekzat": "customs", "a-border": "border", "a-inspector": "border", "preparer": "ministry",
        "a-auditor": "ministry", POLICE: "police"}  # fmt: skip


@pytest.mark.parametrize("token", SEES)
def test_each_agency_sees_only_its_parts_of_case(office: MemoryOffice, token: str) -> None:
    made = a_case()
    ok(post(f"/v1/cases/{made['id']}/followups", {"kind": "note", "text": "asked"}, token=POLICE), 201)
    told = ok(get(f"/v1/cases/{made['id']}", token=token))
    named = {member for part in people.VISIBLE_PARTS[SEES[token]] for member in people.PARTS[part]}
    assert set(told) == named & Case.__annotations__.keys()
    assert ("people" in told) == (token == POLICE)
    assert ("vehicle" in told) == (SEES[token] != "ministry")
    assert CARRIER["name"] not in str(told) or token == POLICE
    assert all("people" not in each for each in ok(get("/v1/cases", token=token))["items"])


def test_every_member_of_response_belongs_to_one_part() -> None:
    members = [member for part in people.PARTS.values() for member in part]
    assert len(members) == len(set(members))
    assert set(people.VISIBLE_PARTS) == {*roles.AGENCIES, people.ABROAD}
    assert people.VISIBLE_PARTS[people.ABROAD].isdisjoint(
        {"people", "vehicle", "officer", "note", "custody", "watch", "where", "photos"}
    )
    assert people.visible_members({"people": 1, "id": 2}, ()) == {}  # applicants belong to no agency
    with pytest.raises(KeyError):
        people.visible_members({"something_new": 1}, ("police",))


def test_reader_of_own_record_sees_its_people_too() -> None:
    answer = {"id": 1, "people": [], "law": ""}
    assert people.visible_members(answer, ("customs",)) == {"id": 1}
    assert people.visible_members(answer, ("customs",), own=True) == {"id": 1, "people": []}
    assert people.visible_members(answer, ("police",)) == answer


def test_officer_reads_cases_of_own_posts_and_own_cases(office: MemoryOffice) -> None:
    made = opened()
    assert get(f"/v1/cases/{made['id']}", token="elsewhere").slug == "no-match"
    assert ok(get("/v1/cases", token="elsewhere"))["items"] == []
    assert post("/v1/cases", found(), token="elsewhere").slug == "forbidden"
    assert ok(get(f"/v1/cases/{made['id']}", token="aizada"))["people"] == [CARRIER]  # recorded by this officer
    assert opened(POLICE, agency="police")["people"]  # investigators have no post


def test_summary_counts_visible_cases_by_month_and_post(office: MemoryOffice) -> None:
    for post_id in ("dostuk", "dostuk", "torugart"):
        opened(post=post_id)
    table = "database_id,occurred_on,agency,reason,common_name,term,quantity,post\n"
    rows = [
        f"WL-{at},{day},customs,undeclared,falcon,LIV,1,dostuk\n" for at, day in enumerate(("2026-03-31", "2025-08-11"))
    ]
    ok(call("POST", "/v1/cases/table", data=(table + "".join(rows)).encode(), content_type="text/csv", token=POLICE))
    told = ok(get("/v1/cases/summary", token=POLICE))
    today = office.stage.today(office.now).isoformat()[:7]
    assert told["months"] == [{"month": "2026-03", "found": 1}, {"month": today, "found": 3}]
    assert {each["post"]: each["found"] for each in told["posts"]} == {
        **dict.fromkeys(office.posts, 0),
        "dostuk": 3,
        "torugart": 1,
    }
    assert (told["posts"][0]["latitude"], told["complete"]) == (43.06, True)
    osh = ok(get("/v1/cases/summary", token="elsewhere"))
    assert [(each["post"], each["found"]) for each in osh["posts"]] == [("torugart", 1)]


def test_summary_counts_case_of_closed_post_under_its_name(office: MemoryOffice) -> None:
    for name in ("closed-post", ""):
        row = office.register.get(cases.key_of(opened()["id"]))
        assert row is not None
        data, index = {**row.data, "post": name}, {"shelf": cases.SHELF}
        office.register.commit(Put(row.key, data, expected_version=row.version, index=index))
    told = ok(get("/v1/cases/summary", token=POLICE))["posts"]
    assert told[len(office.posts) :] == [
        {"post": each, "found": 1, "latitude": None, "longitude": None} for each in ("", "closed-post")
    ]


def test_summary_stops_reading_at_first_case_older_than_a_year(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case is recorded after it happened.

    No case behind the first one recorded over a year ago can therefore count.
    """
    monkeypatch.setattr(cases, "PAGE", 1)
    monkeypatch.setattr(cases, "PAGES_AT_MOST", 2)
    for _ in range(3):
        opened(post="torugart")
    office.later(cases.YEAR + 1)
    opened()
    told = ok(get("/v1/cases/summary", token="aizada"))
    assert (told["complete"], sum(each["found"] for each in told["months"])) == (True, 1)


def test_summary_over_page_limit_is_marked_incomplete(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "PAGE", 1)
    monkeypatch.setattr(cases, "PAGES_AT_MOST", 2)
    for _ in range(3):
        opened()
    told = ok(get("/v1/cases/summary", token=POLICE))
    assert (told["months"][0]["found"], told["complete"]) == (2, False)


def test_reading_of_people_is_recorded_in_history(office: MemoryOffice) -> None:
    made = opened()
    for token in (POLICE, "preparer", "aizada"):
        ok(get(f"/v1/cases/{made['id']}", token=token))
    lines = ok(get(f"/v1/cases/{made['id']}/history", token="a-auditor"))["items"]
    assert [(each["action"], each["by_name"]) for each in lines] == [
        ("record", "Aizada"), ("read_people", "A enforcement"),
    ]  # fmt: skip
    assert CARRIER["name"] not in str(lines)


def test_people_are_not_returned_when_history_cannot_be_written(office: MemoryOffice) -> None:
    """Nobody reads people without a line in the history."""

    def busy(puts: Sequence[Put]) -> None:
        raise Unavailable("busy")

    made, plain = opened(), office.register
    office.register = Wrapped(plain, before=busy)  # type: ignore[assignment]
    answers = [
        get(f"/v1/cases/{made['id']}", token=POLICE),
        get("/v1/cases/table", token=POLICE, query={"people": "true"}),
    ]
    assert [each.slug for each in answers] == ["unavailable"] * 2
    assert CARRIER["name"] not in str([each.body for each in answers])
    office.register = plain
    lines = ok(get(f"/v1/cases/{made['id']}/history", token="a-auditor"))["items"]
    assert [each["action"] for each in lines] == ["record"]


def test_custody_and_followups_are_append_only(office: MemoryOffice) -> None:
    made = opened()
    one = f"/v1/cases/{made['id']}"
    link = {"what": "4 birds, box 1", "giver": "Customs", "taker": "Rescue centre", "seal": "0017"}
    for seal in ("0017", "0018"):
        told = ok(post(f"{one}/custody", {**link, "seal": seal}, token="bekzat"), 201)
    assert [each["seal"] for each in told["custody"]] == ["0017", "0018"]
    assert faults(post(f"{one}/custody", {**link, "what": " \u202e"}, token="bekzat")) == {("what", "characters")}
    closed = ok(post(f"{one}/followups", {"kind": "closed", "text": "Fine paid."}, token=POLICE), 201)
    assert (closed["state"], closed["followups"][0]["by_name"]) == ("closed", "A enforcement")
    assert ok(post(f"{one}/followups", {"kind": "reopened", "text": "x"}, token="approver"), 201)["state"] == "open"
    assert post(f"{one}/followups", {"kind": "won", "text": "x"}, token=POLICE).slug == "invalid"
    for on in ("yesterday", "2026-02-30"):
        refused = post(f"{one}/followups", {"kind": "note", "text": "x", "on": on}, token=POLICE)
        assert faults(refused) == {("on", "date")}
    dated = ok(post(f"{one}/followups", {"kind": "note", "text": "x", "on": "2026-02-03"}, token=POLICE), 201)
    assert dated["followups"][-1]["on"] == "2026-02-03"


def test_amendment_with_older_version_returns_edited_meanwhile(office: MemoryOffice) -> None:
    made = opened()
    body = {name: each for name, each in found(law="Code, art. 148", disposal="rescue_centre").items()
            if name not in {"event_id", "post", "recorded_at"}}  # fmt: skip
    one = f"/v1/cases/{made['id']}"
    done = ok(call("PUT", one, {**body, "version": 1}, token=POLICE))
    assert (done["law"], done["version"], done["people"]) == ("Code, art. 148", 2, [CARRIER])
    late = call("PUT", one, {**body, "version": 1}, token=POLICE)
    assert (late.slug, late.json["version"]) == ("edited-meanwhile", 2)
    lines = ok(get(f"{one}/history", token=POLICE))["items"]
    assert lines[-1]["detail"] == {"members": ["disposal", "law"], "replaces": 1}


def test_accepted_name_comes_from_species_list_only(office: MemoryOffice) -> None:
    names = ({"scientific_name": "Agrionemys horsfieldii"}, {"scientific_name": "Nonsensus falsus"},
             {"common_name": "turtle"})  # fmt: skip
    amount = {"term": "LIV", "quantity": "1"}
    made = opened(goods=[{**name, **amount, "accepted_name": "Homo sapiens"} for name in names])
    assert [line.get("accepted_name", "none") for line in made["goods"]] == ["Testudo horsfieldii", None, "none"]
    later = ok(amended(made, 1, goods=[{**made["goods"][0], "scientific_name": "Uncia uncia"}]))
    assert later["goods"][0] == {"scientific_name": "Uncia uncia", "accepted_name": "Panthera uncia", **amount}


OTHER = {**CARRIER, "name": "Petr Drugov"}


def amended(made: Any, version: int, **changes: Any) -> Answer:
    content = {name: each for name, each in found(**changes).items() if name not in {"event_id", "post", "recorded_at"}}
    return call("PUT", f"/v1/cases/{made['id']}", {**content, "version": version}, token=POLICE)


def test_earlier_versions_of_case_are_kept_with_same_visibility(office: MemoryOffice) -> None:
    made = opened()
    one = f"/v1/cases/{made['id']}"
    ok(post(f"{one}/custody", {"what": "4 birds", "taker": "zoo"}, token="bekzat"), 201)
    ok(amended(made, 2, goods=[{**made["goods"][0], "quantity": "5"}], people=[OTHER]))
    now = ok(amended(made, 3, goods=[{**made["goods"][0], "quantity": "6"}], people=[]))
    assert (now["earlier"], now["people"]) == ([2, 3], [])
    told = [ok(get(f"{one}/versions/{version}", token=POLICE)) for version in (2, 3)]
    assert [(each["version"], each["goods"][0]["quantity"], each["people"]) for each in told] == [
        (2, "4", [CARRIER]), (3, "5", [OTHER]),
    ]  # fmt: skip
    assert [(each["custody"][0]["what"], each["steps"]) for each in told] == [("4 birds", [])] * 2
    for version in ("1", "4", "02", "x"):
        assert get(f"{one}/versions/{version}", token=POLICE).slug == "no-match"
    assert get(f"{one}/versions/2", token="elsewhere").slug == "no-match"
    assert CARRIER["name"] not in str(ok(get(f"{one}/versions/2", token="preparer")))
    assert "vehicle" not in ok(get(f"{one}/versions/2", token="preparer"))
    assert ok(get(f"{one}/versions/2", token="aizada"))["people"] == [CARRIER]  # recorded by this officer
    lines = ok(get(f"{one}/history", token="a-auditor"))["items"]
    read = [(each["version"], each["by_name"]) for each in lines if each["action"] == "read_people"]
    assert read == [(2, "A enforcement"), (3, "A enforcement")]
    assert all(name not in str(lines) for name in ("Testov", "Drugov"))


def test_second_of_two_concurrent_amendments_returns_edited_meanwhile(office: MemoryOffice) -> None:
    plain, made, won = office.register, opened(), []

    def rival(puts: Sequence[Put]) -> None:
        office.register = plain
        won.append(ok(amended(made, 1, law="art. 1")))

    office.register = Wrapped(plain, before=rival)  # type: ignore[assignment]
    late = amended(made, 1, law="art. 2", people=[OTHER])
    assert (late.slug, late.json["version"]) == ("edited-meanwhile", 2)
    assert ok(get(f"/v1/cases/{made['id']}", token=POLICE)) == won[0]
    assert (won[0]["law"], won[0]["people"], won[0]["earlier"]) == ("art. 1", [CARRIER], [1])
    assert ok(get(f"/v1/cases/{made['id']}/versions/1", token=POLICE))["law"] is None


def test_closed_case_is_amended_only_after_reopening(office: MemoryOffice) -> None:
    made = opened()
    one = f"/v1/cases/{made['id']}"
    closed = ok(post(f"{one}/followups", {"kind": "closed", "text": "Fine paid."}, token=POLICE), 201)
    assert "amend" not in closed["steps"]
    refused = amended(made, 2, law="art. 1")
    assert (refused.slug, "Reopen" in refused.json["detail"]) == ("wrong-state", True)
    assert ok(get(one, token=POLICE))["law"] is None
    opened_again = ok(post(f"{one}/followups", {"kind": "reopened", "text": "Appeal."}, token=POLICE), 201)
    assert "amend" in opened_again["steps"]
    assert ok(amended(made, 3, law="art. 1"))["law"] == "art. 1"


def test_case_for_other_parties_contains_no_names_or_places(office: MemoryOffice) -> None:
    made = a_case()
    told = ok(get(f"/v1/cases/{made['id']}/abroad", token=POLICE))
    assert (told["goods"][0]["scientific_name"], told["route"]["transit"]) == ("Falco cherrug", ["TR"])
    for hidden in ("Ivan", "N0012345", "777 ABC", "777ABC", "Aizada", "gifts", "dostuk"):
        assert hidden not in str(told)


def test_case_for_other_parties_contains_no_free_text(office: MemoryOffice) -> None:
    name = "Ivan Testov"
    goods = {**found()["goods"][0], "description": name, "marks": name}
    words = dict.fromkeys(("place", "concealment", "law", "sanction", "note", "vehicle"), name)
    made = opened(**words, goods=[goods], route={"transit": ["TR"], "transport": "air", "document": name})
    told = ok(get(f"/v1/cases/{made['id']}/abroad", token=POLICE))
    assert "Testov" not in str(told)
    assert told["goods"] == [
        {"accepted_name": "Falco cherrug", **{n: goods[n] for n in goods if n not in {"description", "marks"}}}
    ]
    assert told["route"] == {"transit": ["TR"], "transport": "air"}
    assert {"reason", "detection", "disposal", "value"} <= set(told)
    assert {*TEXTS}.isdisjoint(told)


def test_log_contains_no_personal_data_of_case(office: MemoryOffice, caplog: pytest.LogCaptureFixture) -> None:
    made = a_case()
    ok(get(f"/v1/cases/{made['id']}", token=POLICE))
    post("/v1/cases", found(people=[{"name": "Petr Fault"}]), token="aizada")
    logged = caplog.text
    assert "/v1/cases" in logged
    assert all(hidden not in logged for hidden in ("Ivan", "Petr", "N0012345", "777 ABC", "777ABC"))


def test_case_sent_by_device_twice_is_stored_once(office: MemoryOffice) -> None:
    phone = border.Phone(office, "dostuk")
    body = found(goods=[{**FOUND["goods"][0], "scientific_name": "uncia uncia"}])
    event = {**body, "kind": "case", "case_kind": body["kind"], "officer": "u-bekzat"}
    office.later(2 * DAY)

    def send() -> Any:
        return sync.sync(phone.batch([event]), synced, phone.actor, office, person=border.PEOPLE.__getitem__)[0][
            "result"
        ]

    assert [send(), send()] == ["stored", "duplicate"]
    told = ok(get(f"/v1/cases/{body['event_id']}", token=POLICE))
    assert (told["officer"], told["people"], told["kind"]) == ("Bekzat", [CARRIER], "seizure")
    assert (told["goods"][0]["scientific_name"], told["goods"][0]["accepted_name"]) == ("uncia uncia", "Panthera uncia")
