"""Public routes: verdicts for the public and for officers, lists, pages, health."""

from __future__ import annotations

import json
import re
import tomllib
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from desk import draft, issued, of_two_pages, ok
from http_client import get, post
from office import DAY, MemoryOffice

from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import Key, Row
from chalicelib.people import services as people
from chalicelib.people.http import reader
from chalicelib.verification.services import verify
from local.door import WEB


@pytest.fixture
def permit(office: MemoryOffice) -> Any:
    return issued()


def endorse(permit: Any, office: MemoryOffice, direction: str = "export", post_id: str = "manas-airport") -> Any:
    event = {
        "event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": post_id, "direction": direction,
        "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 176-1",
    }  # fmt: skip
    return ok(post("/v1/endorsements", event, token="aizada"), 201)


def test_verdict_has_members_of_contract(permit: Any) -> None:
    found = ok(post("/v1/verify", {"qr": permit["qr"]}))
    assert {"outcome", "codes", "checks", "permit", "register", "checked_at", "data_as_of"} <= set(found)
    assert [check["n"] for check in found["checks"]] == list(range(1, 13))
    assert found["permit"]["document_type"] == "E"
    assert found["permit"]["number"] == permit["number"]
    assert found["permit"]["valid_until"] == "2027-03-31"
    assert found["permit"]["exporter"] == {"name": "Altyn Falcon LLC", "country": "KG"}
    assert found["permit"]["lines"] == [
        {
            "line": "A", "scientific_name": "Falco cherrug", "appendix": "II", "source": "C", "term": "LIV",
            "quantity": "2", "marks": "ring KG-0117", "origin": {"country": "KG"},
            "operation_or_acquisition": "A-KG-001",
        }
    ]  # fmt: skip
    assert found["register"] == {"state": "issued", "use": "unused", "uses": [], "replaced_by": None}


def test_verdict_contains_no_address_attachment_or_history(permit: Any, office: MemoryOffice) -> None:
    endorse(permit, office)
    for token in (None, "aizada"):
        text = post("/v1/verify", {"qr": permit["qr"]}, token=token).body.decode()
        for hidden in ("Toktogul", "Abu Dhabi", "шумкар", "u-prep", "u-aizada", "attachments", "history", "digest"):
            assert hidden not in text


def test_public_reads_day_of_use_and_officers_read_time(permit: Any, office: MemoryOffice) -> None:
    endorse(permit, office)
    stranger = ok(post("/v1/verify", {"qr": permit["qr"]}))
    assert stranger["register"]["uses"] == [
        {"kind": "export", "day": "2026-11-25", "post": "manas-airport", "lines": [{"line": "A", "quantity": "2"}],
         "transport_document": "AWB 176-1"}
    ]  # fmt: skip
    assert not re.search(r"\d\d:\d\d", json.dumps({**stranger, "checked_at": "", "data_as_of": "", "permit": None}))
    assert "Aizada" not in json.dumps(stranger)
    officer = ok(post("/v1/verify", {"qr": permit["qr"]}, token="bekzat"))
    assert officer["register"]["uses"][0]["at"] == to_text(office.now)
    assert officer["register"]["uses"][0]["officer"] == "Aizada"
    applicant = ok(post("/v1/verify", {"qr": permit["qr"]}, token="applicant"))
    assert applicant["register"] == stranger["register"]


@pytest.mark.parametrize(
    ("language", "letters"), [("ky", "Ѐ-ӿ"), ("ru", "Ѐ-ӿ"), ("fr", "a-z"), ("uz", "ʻ"), ("en", "a-z")]
)
def test_verdict_text_is_in_readers_language(permit: Any, language: str, letters: str) -> None:
    answer = ok(post("/v1/verify", {"qr": permit["qr"]}, ACCEPT_LANGUAGE=language))
    assert re.search(f"[{letters}]", answer["words"])
    other = ok(post("/v1/verify", {"qr": permit["qr"]}, ACCEPT_LANGUAGE="en"))
    assert (answer["words"] == other["words"]) == (language == "en")


def test_verification_writes_only_a_count_of_typed_numbers(permit: Any, office: MemoryOffice) -> None:
    before = office.register._writes
    ok(post("/v1/verify", {"qr": permit["qr"], "direction": "export"}))
    assert office.register._writes == before
    ok(get("/v1/verify/number", query={"number": permit["number"], "code": permit["check_code"]}))
    (count,) = office.register.query(f"TRIES#{permit['number']}")
    assert (office.register._writes, count.data) == (before + 1, {})


@pytest.mark.parametrize(("same", "outcome", "codes"), [(None, "check", ["U5"]), (True, "check", ["U5"]),
                                                        (False, "hold", ["U1"])])  # fmt: skip
def test_second_exit_gives_u5_or_u1_by_answer_same_goods(
    permit: Any, office: MemoryOffice, same: bool | None, outcome: str, codes: list[str]
) -> None:
    endorse(permit, office)
    asked = {"direction": "export"} | ({} if same is None else {"same_goods": same})
    by_code = ok(post("/v1/verify", {"qr": permit["qr"], **asked}))
    query = {name: str(value).lower() for name, value in asked.items()}
    by_number = ok(get("/v1/verify/number", query={"number": permit["number"], "code": permit["check_code"], **query}))
    for found in (by_code, by_number):
        assert (found["outcome"], [each["code"] for each in found["codes"]]) == (outcome, codes)


def test_line_end_of_wedge_scanner_is_stripped(permit: Any) -> None:
    for end in ("\r", "\n", " "):
        assert ok(post("/v1/verify", {"qr": permit["qr"] + end}))["outcome"] == "accept"
    assert ok(post("/v1/verify", {"qr": permit["qr"] + "  "}))["outcome"] == "cannot_tell"


def test_typed_number_covers_every_page(office: MemoryOffice) -> None:
    """On the telephone there is no second page to scan."""
    permit = issued(**of_two_pages())
    by_code = ok(post("/v1/verify", {"qr": permit["qr"]}))
    assert (by_code["outcome"], [each["code"] for each in by_code["codes"]]) == ("check", ["D2"])
    by_number = ok(get("/v1/verify/number", query={"number": permit["number"], "code": permit["check_code"]}))
    assert (by_number["outcome"], by_number["codes"]) == ("accept", [])
    assert [line["line"] for line in by_number["permit"]["lines"]] == list("ABCDE")


def test_number_and_check_code_open_record_in_any_spelling(permit: Any, office: MemoryOffice) -> None:
    """A wrong check code and an unknown number get the same response."""
    number, code = permit["number"], permit["check_code"]
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    for spelled in (code, code.lower(), code.replace("-", "")):
        assert ok(get("/v1/verify/number", query={"number": number, "code": spelled}))["outcome"] == "accept"
    wrong = get("/v1/verify/number", query={"number": number, "code": "AAAA-AAAA"})
    unknown = get("/v1/verify/number", query={"number": "26KG999999/E", "code": code})
    assert (wrong.status, wrong.slug, unknown.status) == (404, "no-match", 404)
    said = [{**a.json, "correlation_id": ""} for a in (wrong, unknown)]
    assert said[0] == said[1]


def test_number_with_blanks_in_serial_is_found_by_search_only(permit: Any, office: MemoryOffice) -> None:
    """With a check code, a number has one spelling (`tests/attacks/test_hostile_input.py`)."""
    number, code = permit["number"], permit["check_code"]
    typed = f"{number[:4]} {number[4:7]} {number[7:10]} {number[11:].lower()}"
    assert get("/v1/verify/number", query={"number": typed, "code": code}).slug == "no-match"
    assert get("/v1/verify/number", query={"number": typed}).json["errors"][0]["field"] == "code"
    seen = {"event_id": str(uuid.uuid4()), "number": typed, "code": code, "post": "manas-airport",
            "direction": "export", "goods_present": True, "scanned_at": to_text(office.now)}  # fmt: skip
    assert post("/v1/scans", seen, token="aizada").slug == "no-match"
    items = ok(get("/v1/permits", token="preparer", query={"q": typed}))["items"]
    assert [each["number"] for each in items] == [number]
    event = {"event_id": str(uuid.uuid4()), "number": typed, "code": code, "post": "manas-airport",
             "direction": "export", "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
             "transport_document": "AWB 176-1"}  # fmt: skip
    assert post("/v1/endorsements", event, token="aizada").slug == "no-match"
    assert ok(post("/v1/endorsements", {**event, "number": number}, token="aizada"), 201)["use"] == "exported"


def test_wrong_check_code_over_limit_returns_429_to_public_only(
    permit: Any, office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verify.TRIES_AT_MOST == 1000
    monkeypatch.setattr(verify, "TRIES_AT_MOST", 10)
    query = {"number": permit["number"], "code": "AAAA-AAAA"}
    assert [get("/v1/verify/number", query=query).status for _ in range(10)] == [404] * 10
    answer = get("/v1/verify/number", query={**query, "code": permit["check_code"]})
    assert (answer.status, answer.slug) == (429, "too-many")
    assert int(answer.headers["retry-after"]) > 0
    assert get("/v1/verify/number", query={**query, "code": permit["check_code"]}, token="aizada").status == 200
    assert ok(post("/v1/verify", {"qr": permit["qr"]}))["outcome"] == "accept"  # scanned codes have no limit
    office.later(3600)
    assert get("/v1/verify/number", query={**query, "code": permit["check_code"]}).status == 200


def test_missing_or_unknown_query_parameter_is_refused(office: MemoryOffice) -> None:
    answer = get("/v1/verify/number", query={"number": "26KG000001/E"})
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("code", "required")]
    answer = get("/v1/verify/number", query={"number": "x", "code": "y", "direcion": "export"})
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("direcion", "unknown_field")]
    answer = get("/v1/verify/number", query={"number": "x", "code": "y", "direction": "up"})
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("direction", "unknown")]


def test_trust_list_is_served_with_etag(office: MemoryOffice, permit: Any) -> None:
    answer = get("/trust-list")
    assert answer.headers["content-type"] == "application/cbor"
    assert answer.body == office.static.read("trust-list")[0]
    again = get("/trust-list", IF_NONE_MATCH=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert ok(get("/trust-list.json")) == ok(get("/v1/trust-list.json"))
    assert {key["kty"] for key in ok(get("/trust-list.json"))["keys"]} == {"EC"}
    answer = get("/trust-list", ACCEPT="text/html")
    assert (answer.status, answer.slug) == (406, "not-acceptable")


def test_revocation_publishes_status_list_at_once(office: MemoryOffice, permit: Any) -> None:
    assert get("/s/27q1").status == 404
    body = {"reason": "holder's wish", "for_cause": False}
    ok(post(f"/v1/permits/{permit['id']}/revoke", body, token="approver"))
    answer = get("/s/27q1")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/statuslist+cwt"
    for name in ("27q5", "abc", "..", "27q1x"):
        assert get(f"/s/{name}").slug == "no-match"


def test_health_is_degraded_when_trust_list_expired(office: MemoryOffice) -> None:
    body = ok(get("/v1/health"))
    assert body["status"] == "ok"
    assert body["checks"] == {"register": "ok", "trust_list": "ok"}
    assert body["version"]
    office.later(61 * DAY)
    answer = get("/v1/health")
    assert (answer.status, answer.json["status"], answer.json["checks"]["trust_list"]) == (503, "degraded", "failed")


@pytest.mark.parametrize("path", ["/", "/v1/docs"])
def test_pages_of_service_have_no_script(office: MemoryOffice, path: str) -> None:
    answer = get(path)
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script" not in answer.body.decode()


def test_front_page_marks_practice_and_links_every_public_page(office: MemoryOffice) -> None:
    page = get("/").body.decode()
    assert "Practice register" in page
    doors = tomllib.loads((WEB / "site.toml").read_text("utf-8"))
    public = [path for door in doors.values() if door["host"] == "public" for path in door["pages"]]
    assert [path for path in public if f'href="{path}"' not in page] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("ky", "Уруксатты текшерүү"), ("ru", "Проверить разрешение"), ("fr", "Vérifier un permis")],
)
def test_front_page_is_in_readers_language(office: MemoryOffice, language: str, said: str) -> None:
    answer = get("/", ACCEPT_LANGUAGE=language)
    page = answer.body.decode()
    assert f'<html lang="{language}">' in page
    assert said in page
    assert answer.headers["vary"] == "Accept-Language"  # caches keep one copy per language
    words = re.sub(r"<[^>]+>", " ", page.partition("<main>")[2])
    assert language == "fr" or set(re.findall(r"[A-Za-z]{3,}", words)) <= {"Tamga"}


def test_address_of_code_shows_page_with_official_address(office: MemoryOffice) -> None:
    answer = get("/1")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"https://{office.stage.host}/1" in answer.body.decode()


def test_species_search_and_detail_have_appendix_terms_and_restrictions(office: MemoryOffice) -> None:
    found = ok(get("/v1/species", query={"q": "saker"}))["items"]
    assert [item["scientific_name"] for item in found] == ["Falco cherrug"]
    saker = ok(get("/v1/species/falco-cherrug"))
    assert saker["appendix"] == "II"
    assert {"LIV", "FEA", "EGG", "TRO"} <= set(saker["usual_terms"])
    assert not {"LOG", "BAR", "HOR"} & set(saker["usual_terms"])
    assert {"LIV", "SEE"} <= set(ok(get("/v1/species/dactylorhiza-incarnata"))["usual_terms"])
    assert get("/v1/species/nothing-at-all").slug == "no-match"
    assert ok(get("/v1/species/falco-cherrug"))["restrictions"] == []
    zero = ok(get("/v1/species/saiga-tatarica"))["restrictions"][0]
    assert (zero["since"], zero["until"], zero["purposes"]) == ("2019-11-26", None, ["T"])
    assert (zero["effect"], zero["except_origins"]) == ("stop", ["KZ"])
    assert "ero quota" in zero["reason"]


def test_draft_is_not_found_by_public(office: MemoryOffice) -> None:
    draft()
    assert get("/v1/verify/number", query={"number": "26KG000001/E", "code": "AAAA-AAAA"}).slug == "no-match"


def test_officers_name_is_looked_up_once_per_response(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    name_of = people.name_of
    monkeypatch.setattr(people, "name_of", lambda who, register: looked.append(who) or name_of(who, register))
    call = SimpleNamespace(caller=office.people["aizada"], language="en", deps=office)
    read = reader(call)
    assert [read.names("u-aizada"), read.names("u-aizada"), read.names("u-bekzat")] == ["Aizada", "Aizada", "Bekzat"]
    assert looked == ["u-aizada", "u-bekzat"]


def test_verification_by_number_reads_permit_once(office: MemoryOffice) -> None:
    permit = issued()
    get_ = office.register.get
    asked: list[str] = []

    def counted(key: Key) -> Row | None:
        asked.append(key.partition.partition("#")[0])
        return get_(key)

    office.register.get = counted  # type: ignore[method-assign]
    found = ok(get("/v1/verify/number", query={"number": permit["number"], "code": permit["check_code"]}))
    assert found["outcome"] == "accept"
    assert sorted(asked) == ["NUMBER", "PERMIT"]
    asked.clear()
    assert ok(post("/v1/verify", {"qr": permit["qr"]}))["outcome"] == "accept"
    assert asked == ["PERMIT"]  # the number is cached; the permit's state is read each time
