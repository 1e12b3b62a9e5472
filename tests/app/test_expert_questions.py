"""Questions to the Scientific Authority: stored once, answered with name and time, visible at the asking post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import border
import pytest
from crashing import Wrapped
from desk import ok
from enforcing import PNG, question, question_asked
from http_client import Answer, call, get, post
from office import MemoryOffice

from chalicelib.expert_questions.model import ANSWERS_AT_MOST
from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import Conflict, Put
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from local import questions as local_questions
from local.client import Client, Refused

ALL = "/v1/expert-questions"
PEOPLE = {"customs": "aizada", "scientist": "scientist"}
SAID = {"certain": "certain", "taxon": "Ovis ammon", "text": "Rounded edges: a young argali."}


class Local:
    """Client of the local run, over the same service in memory."""

    def post(self, who: tuple[str, str], path: str, body: Any) -> Any:
        return self._told(post(path, body, token=PEOPLE[who[1]]))

    def get(self, who: tuple[str, str], path: str) -> Any:
        return self._told(get(path, token=PEOPLE[who[1]]))

    def _told(self, answer: Answer) -> Any:
        if answer.status >= 400:
            raise Refused("", answer.status, answer.json)
        return answer.json


def test_local_seed_has_one_open_and_one_answered_question(office: MemoryOffice) -> None:
    for _ in range(2):
        local_questions.ensure(cast(Client, Local()), date(2026, 11, 24))
    shelves = [ok(get(ALL, token="scientist", query={"shelf": shelf}))["items"] for shelf in ("open", "answered")]
    assert [len(each) for each in shelves] == [1, 1]


def faults(answer: Answer) -> set[tuple[str, str]]:
    assert answer.slug == "invalid"
    return {(each["field"], each["code"]) for each in answer.json["errors"]}


def test_scientific_authority_is_mailed_once_without_content(office: MemoryOffice) -> None:
    notify = {"email": "science@example.kg", "language": "en"}
    ok(call("PUT", "/v1/duty-desks/scientist", {"notify": notify}, token="a-admin"))
    body = question()
    for status in (201, 200):  # sent twice, one mail
        ok(post(ALL, body, token="aizada"), status)
    office.send_notices()
    (mail,) = [each for each in office.mailer.sent if each.to == notify["email"]]
    assert (mail.subject, "Dostuk" in mail.body) == ("PRACTICE · Tamga · Question from a post", True)
    assert mail.body.count(f"/desk/#/experts/{body['event_id']}") == 1
    assert not [told for told in (body["question"], body["taxon"], "Aizada") if told in mail.subject + mail.body]


def asked(**changes: Any) -> Any:
    return ok(post(ALL, question(**changes), token="aizada"), 201)


def test_question_goes_from_post_to_scientist_and_back(office: MemoryOffice) -> None:
    made = question_asked("")
    (waiting,) = ok(get(ALL, token="scientist"))["items"]
    assert (waiting["id"], waiting["question"], waiting["answers"]) == (made["id"], "Young argali or urial?", [])
    one = f"{ALL}/{made['id']}"
    assert "photos" in ok(get(f"{one}/photos/{made['sha256']}", token="scientist"))["url"]
    picture = call("GET", f"{one}/photos/{made['sha256']}", token="scientist", ACCEPT="image/jpeg")
    assert (picture.body, picture.headers["content-type"]) == (PNG, "image/png")
    assert get(f"{one}/photos/{'0' * 64}", token="scientist").slug == "no-match"
    office.now += 3600
    ok(post(f"{one}/answers", SAID, token="scientist"), 201)
    (told,) = ok(get(ALL, token="bekzat", query={"post": "dostuk"}))["items"]  # an officer of the next shift
    (answer,) = told["answers"]
    assert (answer["taxon"], answer["at"]) == ("Ovis ammon", to_text(office.now))
    assert answer["by_name"]
    assert ok(get(ALL, token="scientist"))["items"] == []
    assert [each["id"] for each in ok(get(ALL, token="scientist", query={"shelf": "answered"}))["items"]] == [
        made["id"]
    ]


def test_photograph_after_answer_returns_wrong_state(office: MemoryOffice) -> None:
    made = question_asked("")
    one = f"{ALL}/{made['id']}"
    plain = office.register

    def add(token: str, tail: bytes) -> Answer:
        return call("POST", f"{one}/photos", data=PNG + tail, content_type="image/png", token=token)

    ok(add("bekzat", b"next shift"), 201)

    def answered(puts: Sequence[Put]) -> None:
        office.register = plain
        ok(post(f"{one}/answers", SAID, token="scientist"), 201)

    office.register = Wrapped(plain, before=answered)  # type: ignore[assignment]
    assert add("aizada", b"at once").slug == "wrong-state"
    assert [add(token, b"late").slug for token in ("aizada", "bekzat")] == ["wrong-state"] * 2
    assert ok(add("aizada", b""), 201)["sha256"] == made["sha256"]  # repeated upload of a stored photograph
    assert len(ok(get(one, token="scientist"))["photos"]) == 2


def test_concurrent_photographs_are_all_stored(office: MemoryOffice) -> None:
    made = question_asked("")
    one = f"{ALL}/{made['id']}"
    plain = office.register

    def add(token: str, tail: bytes) -> Answer:
        return call("POST", f"{one}/photos", data=PNG + tail, content_type="image/png", token=token)

    def another(puts: Sequence[Put]) -> None:
        office.register = plain
        ok(add("bekzat", b"first"), 201)

    office.register = Wrapped(plain, before=another)  # type: ignore[assignment]
    ok(add("aizada", b"second"), 201)
    assert len(ok(get(one, token="scientist"))["photos"]) == 3

    def always(puts: Sequence[Put]) -> None:
        raise Conflict(())

    office.register = Wrapped(plain, before=always)  # type: ignore[assignment]
    assert add("aizada", b"third").slug == "unavailable"


def test_open_questions_are_listed_oldest_first(office: MemoryOffice) -> None:
    first = asked()
    office.now += 60
    second = asked()
    assert [each["id"] for each in ok(get(ALL, token="scientist"))["items"]] == [first["id"], second["id"]]


def test_later_answer_is_added_and_earlier_one_kept(office: MemoryOffice) -> None:
    one = f"{ALL}/{asked()['id']}/answers"
    for said in (SAID, SAID, {**SAID, "taxon": "Ovis vignei"}):
        told = ok(post(one, said, token="scientist"), 201)
    assert [each["taxon"] for each in told["answers"]] == ["Ovis ammon", "Ovis vignei"]
    for index in range(ANSWERS_AT_MOST - 2):
        ok(post(one, {**SAID, "text": str(index)}, token="scientist"), 201)
    assert post(one, {**SAID, "text": "more"}, token="scientist").slug == "too-large"


def test_repeated_event_id_returns_same_question_or_is_refused(office: MemoryOffice) -> None:
    body = question()
    first = ok(post(ALL, body, token="aizada"), 201)
    assert ok(post(ALL, body, token="aizada"), 200) == first
    assert post(ALL, {**body, "question": "other"}, token="aizada").slug == "event-id-reused"
    assert post(ALL, body, token="bekzat").slug == "event-id-reused"


def test_officer_reads_questions_of_own_posts_only(office: MemoryOffice) -> None:
    made = asked()
    assert get(f"{ALL}/{made['id']}", token="elsewhere").slug == "no-match"
    assert get(ALL, token="elsewhere", query={"post": "dostuk"}).slug == "forbidden"
    assert faults(get(ALL, token="elsewhere")) == {("post", "required")}
    assert post(ALL, question(), token="elsewhere").slug == "forbidden"
    picture = call("POST", f"{ALL}/{made['id']}/photos", data=PNG, content_type="image/png", token="elsewhere")
    assert picture.slug == "no-match"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"term": "QQQ"}, ("term", "unknown")),
        ({"question": " "}, ("question", "required")),
        ({"question": "a\u202eb"}, ("question", "characters")),
        ({"taxon": "a\u0000b"}, ("taxon", "characters")),
        ({"event_id": "1"}, ("event_id", "uuid")),
        ({"recorded_at": "2099-01-01T00:00:00Z"}, ("recorded_at", "future")),
        ({"post": "moon"}, ("post", "unknown")),
    ],
)
def test_invalid_question_is_refused_with_field(
    office: MemoryOffice, changes: dict[str, str], fault: tuple[str, str]
) -> None:
    assert fault in faults(post(ALL, question(**changes), token="aizada"))
    assert ok(get(ALL, token="scientist"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"certain": "perhaps"}, ("certain", "unknown")),
        ({"taxon": ""}, ("taxon", "required")),
        ({"text": ""}, ("text", "required")),
    ],
)
def test_invalid_answer_is_refused_with_field(
    office: MemoryOffice, changes: dict[str, str], fault: tuple[str, str]
) -> None:
    one = f"{ALL}/{asked()['id']}/answers"
    assert fault in faults(post(one, {**SAID, **changes}, token="scientist"))
    ok(post(one, {"certain": "cannot_tell", "text": "DNA is needed."}, token="scientist"), 201)


def test_question_sent_by_sync_is_stored_once(office: MemoryOffice) -> None:
    phone = border.Phone(office, post="dostuk")
    event = question(kind="expert_question", officer="u-aizada")

    def sent() -> Any:
        (answer,) = sync.sync(phone.batch([event]), synced, phone.actor, office, person=border.PEOPLE.__getitem__)
        return answer["result"]

    assert [sent(), sent()] == ["stored", "duplicate"]
    event = {**question(kind="expert_question"), "question": ""}
    assert sent() == "rejected"
    assert len(ok(get(ALL, token="scientist"))["items"]) == 1


def test_question_of_lost_device_is_quarantined(office: MemoryOffice) -> None:
    phone = border.Phone(office, post="dostuk")
    ok(post(f"/v1/devices/{phone.id}/revoke", {}, token="aizada"))
    event = question(kind="expert_question", officer="u-aizada")
    (answer,) = sync.sync(phone.batch([event]), synced, phone.actor, office, person=border.PEOPLE.__getitem__)
    assert (answer["result"], answer["kept"]) == ("rejected", True)
    assert ok(get(ALL, token="scientist"))["items"] == []
    (apart,) = ok(get(f"/v1/devices/{phone.id}/kept", token="a-auditor"))["items"]
    assert (apart["kind"], apart["post"]) == ("expert_question", "dostuk")
