"""What arrived here under another Party's permit, told to it by our own endorsements: once, kept, or refused."""

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


def test_its_issuer_is_told_what_our_register_holds(office: MemoryOffice, kazakhstan: Answering) -> None:
    made = arrived()
    assert "tell" in made["steps"]
    assert seen() == {"lines": [{"line": "A", "quantity": "2"}], "service": True, "told": []}
    heard = ok(tell(), 201)
    assert kazakhstan.told == [(NUMBER, (("A", "2"),))]
    assert (heard["call"]["operation"], heard["call"]["outcome"]) == (ask_party.CONFIRM, "answered")
    assert heard["call"]["lines"] == [{"line": "A", "quantity": "2"}]
    assert seen()["told"] == [heard["call"]]
    assert ok(get("/v1/exchange/parties/KZ/calls", token="a-auditor"))["items"] == [heard["call"]]


def test_a_silence_is_kept_and_nothing_is_sent_again_by_itself(office: MemoryOffice, kazakhstan: Answering) -> None:
    arrived()
    kazakhstan.silent = True
    assert ok(tell(), 201)["call"]["outcome"] == "unavailable"
    kazakhstan.silent = False
    assert kazakhstan.told == []
    ok(tell(), 201)
    assert [each["outcome"] for each in seen()["told"]] == ["answered", "unavailable"]


@pytest.mark.parametrize("number", ["kz-0457/2026", "KZ/457/26"])
def test_what_was_told_is_known_however_the_number_is_written(kazakhstan: Answering, number: str) -> None:
    arrived()
    heard = ok(tell(), 201)
    assert seen(number) == {"lines": [{"line": "A", "quantity": "2"}], "service": True, "told": [heard["call"]]}


def test_by_its_code_and_on_paper_count_as_one_number(office: MemoryOffice, kazakhstan: Answering) -> None:
    """Also what conflicts with another: that more arrived than left is what the issuer has to know."""
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


def test_where_nothing_arrived_nothing_is_told(office: MemoryOffice, kazakhstan: Answering) -> None:
    ok(post("/v1/foreign-permits", paper(), token="aizada"), 201)  # written down, not endorsed
    assert seen()["lines"] == []
    assert tell().slug == "wrong-state"
    arrived(direction="transit", number="KZ-1/2026", endorsed=USE | {"retained": False})
    assert tell("KZ-1/2026").slug == "wrong-state"
    arrived(number="KZ-2/2026", permit={"document_type": "OT"}, endorsed=USE | {"retained": False})
    assert tell("KZ-2/2026").slug == "wrong-state"  # for many crossings: no sum of them says anything
    assert tell("?").slug == "invalid"
    assert kazakhstan.told == []


def test_what_was_taken_back_is_not_told(office: MemoryOffice, kazakhstan: Answering) -> None:
    made = arrived()
    office.later(60)
    ok(post(f"/v1/foreign-permits/{made['id']}/withdraw", {"reason": "another paper"}, token="bekzat"))
    assert tell().slug == "wrong-state"


def test_a_number_of_a_third_party_is_told_to_that_one_alone(office: MemoryOffice, kazakhstan: Answering) -> None:
    arrived(number="26UZ000001/E")
    assert seen("26UZ000001/E")["lines"] == []
    assert seen("26UZ000001/E", "UZ") == {"lines": [{"line": "A", "quantity": "2"}], "service": False, "told": []}


def test_a_permit_that_names_another_country_in_its_number_is_told_to_who_signed_it(
    office: MemoryOffice, kazakhstan: Answering
) -> None:
    there = Presented(office.register, office, border.with_kazakhstan(office))
    there.number = "26UZ000045/E"
    line = replace(border.token_maker.FALCON, quantity=there.quantity)
    there.code = border.from_kazakhstan(office, number=there.number, kind="E", lines=(line,))[1]
    there.by_code()
    assert seen(there.number)["lines"] == [{"line": "A", "quantity": "2"}]
    assert seen(there.number, "UZ")["lines"] == []
    ok(tell(there.number), 201)
    assert kazakhstan.told == [(there.number, (("A", "2"),))]


def test_a_party_without_a_service_is_a_clear_no(office: MemoryOffice) -> None:
    arrived()
    office.parties = None
    answer = tell()
    assert (answer.status, answer.slug) == (404, "no-match")
    assert answer.json["detail"] == "No service of this Party is known here: write a letter."
    assert seen()["service"] is False
    assert ok(get("/v1/exchange/parties/KZ/calls", token="a-auditor"))["items"] == []


def test_who_may_not_ask_a_party_tells_it_nothing(office: MemoryOffice, kazakhstan: Answering) -> None:
    arrived()
    for token in ("applicant", "scientist", "a-auditor", "a-admin"):
        assert tell(token=token).slug == "forbidden"
    assert kazakhstan.told == []


def test_a_report_by_hand_names_its_lines(office: MemoryOffice, kazakhstan: Answering) -> None:
    body = {"country": "KZ", "number": NUMBER, "operation": ask_party.CONFIRM}
    answer = call("POST", "/v1/exchange/ask", body, token="approver")
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [("lines", "required")]
    assert kazakhstan.told == []


POSTS = {"dostuk": Post("dostuk", "Dostuk", "road")}


def use(at: int, result: str = "accepted") -> Use:
    return Use(str(uuid.uuid4()), "import", "dostuk", at, "u-1", (UsedLine("A", "2"),), "CMR 1", result=result)


def test_one_crossing_seen_by_two_officers_arrived_once_whichever_is_taken_back() -> None:
    first, again = use(100), use(200, "duplicate")
    gone = replace(first, withdrawn=Withdrawal("w", 300, "u-2", "typed twice"))
    assert single_use.arrivals((first, again), POSTS) == [first]
    assert single_use.arrivals((gone, again), POSTS) == [again]
    assert single_use.arrivals((first, use(300)), POSTS)[0] == first  # equal parts of one day are two
    assert len(single_use.arrivals((first, use(300)), POSTS)) == 2
