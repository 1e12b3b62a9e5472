"""Reports of arrival to the issuing Party, made from our own endorsements: sent, journalled or refused."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import border
import pytest
from desk import ok
from enforcing import LINE, USE, paper
from foreign_play import Presented
from http_client import Answer, call, get, post
from office import MemoryOffice
from party_services import Answering

from chalicelib.exchange.services import ask_party
from chalicelib.people.model import Post
from chalicelib.uses import single_use
from chalicelib.uses.use import Use, UsedLine, Withdrawal

NUMBER = "KZ-0457/2026"


@pytest.fixture
def kazakhstan(office: MemoryOffice) -> Answering:
    office.parties = theirs = Answering(frozenset({"KZ"}))
    return theirs


def seen(number: str = NUMBER, country: str = "KZ") -> Any:
    return ok(get("/v1/exchange/arrived", token="approver", query={"country": country, "number": number}))


def tell(number: str = NUMBER, token: str = "approver", **changes: Any) -> Answer:
    return call("POST", "/v1/exchange/arrived", {"country": "KZ", "number": number, **changes}, token=token)


def arrived(**changes: Any) -> Any:
    return ok(post("/v1/foreign-permits", paper(**{"endorsed": USE, **changes}), token="aizada"), 201)


def test_report_of_arrival_sends_endorsed_lines_to_issuer(office: MemoryOffice, kazakhstan: Answering) -> None:
    made = arrived()
    assert "tell" in made["steps"]
    assert seen() == {"lines": [{"line": "A", "quantity": "2"}], "service": True, "told": []}
    heard = ok(tell(), 201)
    assert kazakhstan.told == [(NUMBER, (("A", "2"),))]
    assert (heard["call"]["operation"], heard["call"]["outcome"]) == (ask_party.CONFIRM, "answered")
    assert heard["call"]["lines"] == [{"line": "A", "quantity": "2"}]
    assert seen()["told"] == [heard["call"]]
    assert ok(get("/v1/exchange/parties/KZ/calls", token="a-auditor"))["items"] == [heard["call"]]


def test_unanswered_report_is_journalled_and_not_resent_automatically(
    office: MemoryOffice, kazakhstan: Answering
) -> None:
    arrived()
    kazakhstan.silent = True
    assert ok(tell(), 201)["call"]["outcome"] == "unavailable"
    kazakhstan.silent = False
    assert kazakhstan.told == []
    ok(tell(), 201)
    assert [each["outcome"] for each in seen()["told"]] == ["answered", "unavailable"]


@pytest.mark.parametrize("number", ["kz-0457/2026", "KZ/457/26"])
def test_journal_is_found_under_other_spellings_of_number(kazakhstan: Answering, number: str) -> None:
    arrived()
    heard = ok(tell(), 201)
    assert seen(number) == {"lines": [{"line": "A", "quantity": "2"}], "service": True, "told": [heard["call"]]}


def test_arrivals_by_code_and_on_paper_add_up_under_one_number(office: MemoryOffice, kazakhstan: Answering) -> None:
    """Conflicting uses count too, because the issuer has to learn that more arrived than left."""
    there = Presented(office.register, office, border.with_kazakhstan(office))
    there.by_code()
    body = paper(number=there.number, permit={"lines": [LINE]})
    made = ok(post("/v1/foreign-permits", body, token="aizada"), 201)
    assert "tell" not in made["steps"]
    assert seen(there.number)["lines"] == [{"line": "A", "quantity": "2"}]
    office.later(60)
    late = border.event(there.asked_by_code("manas-airport", "1"))
    assert border.Phone(office).sync(late, checker=there.checker)[0]["result"] == "conflict"
    assert seen(there.number)["lines"] == [{"line": "A", "quantity": "3"}]


def test_report_without_arrival_returns_wrong_state(office: MemoryOffice, kazakhstan: Answering) -> None:
    ok(post("/v1/foreign-permits", paper(), token="aizada"), 201)  # recorded, not endorsed
    assert seen()["lines"] == []
    assert tell().slug == "wrong-state"
    arrived(direction="transit", number="KZ-1/2026", endorsed=USE | {"retained": False})
    assert tell("KZ-1/2026").slug == "wrong-state"
    arrived(number="KZ-2/2026", permit={"document_type": "OT"}, endorsed=USE | {"retained": False})
    assert tell("KZ-2/2026").slug == "wrong-state"  # document for many crossings: its amounts do not add up
    assert tell("?").slug == "invalid"
    assert kazakhstan.told == []


def test_withdrawn_arrival_is_not_reported(office: MemoryOffice, kazakhstan: Answering) -> None:
    made = arrived()
    office.later(60)
    ok(post(f"/v1/foreign-permits/{made['id']}/withdraw", {"reason": "another paper"}, token="bekzat"))
    assert tell().slug == "wrong-state"


def test_paper_arrival_counts_for_country_named_in_number(office: MemoryOffice, kazakhstan: Answering) -> None:
    arrived(number="26UZ000001/E")
    assert seen("26UZ000001/E")["lines"] == []
    assert seen("26UZ000001/E", "UZ") == {"lines": [{"line": "A", "quantity": "2"}], "service": False, "told": []}
    assert tell("26UZ000001/E").slug == "wrong-state"
    assert tell("26UZ000001/E", country="UZ").slug == "no-match"
    assert kazakhstan.told == []
    office.parties = uzbekistan = Answering(frozenset({"KZ", "UZ"}))
    assert tell("26UZ000001/E").slug == "wrong-state"
    heard = ok(tell("26UZ000001/E", country="UZ"), 201)
    assert heard["call"]["country"] == "UZ"
    assert uzbekistan.told == [("26UZ000001/E", (("A", "2"),))]


def test_arrival_by_code_counts_for_country_that_signed(office: MemoryOffice, kazakhstan: Answering) -> None:
    there = Presented(office.register, office, border.with_kazakhstan(office))
    there.number = "26UZ000045/E"
    line = replace(border.token_maker.FALCON, quantity=there.quantity)
    there.code = border.from_kazakhstan(office, number=there.number, kind="E", lines=(line,))[1]
    there.by_code()
    assert seen(there.number)["lines"] == [{"line": "A", "quantity": "2"}]
    assert seen(there.number, "UZ")["lines"] == []
    ok(tell(there.number), 201)
    assert kazakhstan.told == [(there.number, (("A", "2"),))]


def test_report_to_party_without_service_returns_404(office: MemoryOffice) -> None:
    arrived()
    office.parties = None
    answer = tell()
    assert (answer.status, answer.slug) == (404, "no-match")
    assert answer.json["detail"] == "Tamga has no address of a service of this Party. Write a letter."
    assert seen()["service"] is False
    assert ok(get("/v1/exchange/parties/KZ/calls", token="a-auditor"))["items"] == []


def test_role_without_exchange_right_cannot_report_arrival(office: MemoryOffice, kazakhstan: Answering) -> None:
    arrived()
    for token in ("applicant", "scientist", "a-auditor", "a-admin"):
        assert tell(token=token).slug == "forbidden"
    assert kazakhstan.told == []


def test_manual_report_without_lines_is_refused(office: MemoryOffice, kazakhstan: Answering) -> None:
    body = {"country": "KZ", "number": NUMBER, "operation": ask_party.CONFIRM}
    answer = call("POST", "/v1/exchange/ask", body, token="approver")
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [("lines", "required")]
    assert kazakhstan.told == []


POSTS = {"dostuk": Post("dostuk", "Dostuk", "road")}


def use(at: int, result: str = "accepted") -> Use:
    return Use(str(uuid.uuid4()), "import", "dostuk", at, "u-1", (UsedLine("A", "2"),), "CMR 1", result=result)


def test_crossing_recorded_by_two_officers_is_one_arrival_after_undo() -> None:
    first, again = use(100), use(200, "duplicate")
    gone = replace(first, withdrawn=Withdrawal("w", 300, "u-2", "typed twice"))
    assert single_use.arrivals((first, again), POSTS) == [first]
    assert single_use.arrivals((gone, again), POSTS) == [again]
    assert single_use.arrivals((first, use(300)), POSTS)[0] == first  # equal parts on one day are two arrivals
    assert len(single_use.arrivals((first, use(300)), POSTS)) == 2
