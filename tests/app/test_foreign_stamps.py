"""Hand-stamped endorsements of foreign papers, entered later.

They count at their own time once a second officer confirms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import border
import pytest
from desk import ok
from enforcing import USE, paper
from foreign_play import Presented
from http_client import Answer, get, post
from office import MemoryOffice

from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import EndorsementRequest
from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import Actor

HOUR, DAY = 3600, 86400


def stamped(office: MemoryOffice, ago: int = 2 * HOUR) -> dict[str, Any]:
    return {**USE, "stamped_at": to_text(office.now - ago)}


def recorded(token: str = "aizada", **changes: Any) -> Any:
    return ok(post("/v1/foreign-permits", paper(**changes), token=token), 201)


def entered(office: MemoryOffice, ago: int = 2 * HOUR, **changes: Any) -> Any:
    made = recorded(**changes)
    return ok(post(f"/v1/foreign-permits/{made['id']}/endorse", stamped(office, ago), token="aizada"))


def confirm(made: Any, token: str = "bekzat") -> Answer:
    return post(f"/v1/foreign-permits/{made['id']}/confirm", {}, token=token)


def held() -> list[Any]:
    return [each for each in ok(get("/v1/alerts", token="a-enforcement"))["items"] if each["kind"] == "hold"]


def test_confirmed_stamp_counts_at_its_own_time_and_place(office: MemoryOffice) -> None:
    made = entered(office)
    at = to_text(office.now - 2 * HOUR)
    assert (made["state"], made["endorsed"]["result"], made["endorsed"]["at"]) == ("recorded", "pending", at)
    assert ("endorse" in made["steps"], "confirm" in made["steps"]) == (False, False)
    assert "confirm" in ok(get(f"/v1/foreign-permits/{made['id']}", token="bekzat"))["steps"]
    assert confirm(made, "aizada").slug == "two-people"
    assert confirm(made, "elsewhere").slug == "no-match"
    done = ok(confirm(made))
    assert (done["state"], done["flagged"]) == ("endorsed", False)
    told = done["endorsed"]
    assert (told["result"], told["at"], told["entered_at"], told["confirmed_by"], told["officer"]) == (
        "accepted", at, to_text(office.now), "Bekzat", "Aizada"
    )  # fmt: skip
    assert ok(confirm(made)) == done
    assert confirm(made, "aizada").slug == "not-usable"
    history = ok(get(f"/v1/foreign-permits/{made['id']}/history", token="a-auditor"))["items"]
    assert [each["action"] for each in history] == ["record", "endorse", "confirm"]


def test_unconfirmed_stamp_uses_nothing_and_can_be_withdrawn(office: MemoryOffice) -> None:
    made = entered(office)
    query = {"issuer": "KZ", "number": made["number"]}
    assert ok(get("/v1/foreign-permits/known", token="aizada", query=query))["used"] == []
    ok(post(f"/v1/foreign-permits/{made['id']}/withdraw", {"reason": "another paper"}, token="bekzat"))
    assert confirm(made).slug == "not-usable"
    again = ok(post(f"/v1/foreign-permits/{made['id']}/endorse", stamped(office), token="aizada"))
    assert again["endorsed"]["result"] == "pending"


def test_second_use_after_confirmation_is_refused_and_raises_alert(office: MemoryOffice) -> None:
    made = entered(office)
    ok(confirm(made))
    assert held() == []
    answer = post("/v1/foreign-permits", paper(post="torugart", endorsed=USE), token="elsewhere")
    first = answer.json["first_use"]
    assert (answer.slug, first["post"], first["at"]) == ("already-used", "dostuk", made["endorsed"]["at"])
    assert [each["codes"] for each in held()] == [["used_before"]]


def test_use_between_stamp_and_confirmation_is_conflict_and_raises_alert(office: MemoryOffice) -> None:
    made = entered(office)
    other = recorded("elsewhere", post="torugart", endorsed=USE)
    assert held() == []
    done = ok(confirm(made))
    assert (done["endorsed"]["result"], done["remarks"]) == ("conflict", ["used_again"])
    assert ok(get(f"/v1/foreign-permits/{other['id']}", token="elsewhere"))["flagged"]
    assert [(each["post"], each["codes"]) for each in held()] == [("dostuk", ["used_again"])]


def test_stamp_for_number_used_by_code_raises_alert_at_entry(office: MemoryOffice) -> None:
    permit = Presented(office.register, office, border.with_kazakhstan(office))
    permit.by_code("torugart")
    made = entered(office, number=permit.number)
    assert (made["endorsed"]["result"], made["flagged"], len(held())) == ("pending", True, 1)
    assert ok(confirm(made))["endorsed"]["result"] == "conflict"
    assert "U4" in permit.look("dostuk").codes


@pytest.mark.parametrize("ago", [-1, 30 * DAY + 1])
def test_stamp_outside_30_days_or_in_future_is_refused(office: MemoryOffice, ago: int) -> None:
    made = recorded()
    answer = post(f"/v1/foreign-permits/{made['id']}/endorse", stamped(office, ago), token="aizada")
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [("stamped_at", "window")]
    ok(post(f"/v1/foreign-permits/{made['id']}/endorse", stamped(office, max(0, min(ago, 30 * DAY))), token="aizada"))


def test_paper_and_stamp_can_be_recorded_in_one_late_request(office: MemoryOffice) -> None:
    body = paper(recorded_at=to_text(office.now - 3 * DAY), endorsed=stamped(office, 3 * DAY))
    made = ok(post("/v1/foreign-permits", body, token="aizada"), 201)
    assert (made["state"], made["endorsed"]["result"]) == ("recorded", "pending")
    assert ok(post("/v1/foreign-permits", body, token="aizada"), 200) == made
    assert ok(confirm(made))["state"] == "endorsed"


def test_stamp_entered_by_duty_desk_is_confirmed_at_post(office: MemoryOffice) -> None:
    made = recorded()
    desk: Actor = replace(border.PEOPLE["u-aizada"], id="u-duty", name="Duty", posts=frozenset({"ministry"}))
    using = EndorsementRequest((("A", "2"),), "CMR 1187", True, office.now - HOUR)
    entry = record.endorse(made["id"], using, desk, office)  # fmt: skip
    assert entry.endorsed is not None
    assert (entry.endorsed.by, entry.endorsed.post, entry.endorsed.result) == ("u-duty", "dostuk", "pending")
    assert ok(confirm(made))["state"] == "endorsed"


def test_waiting_stamp_is_shown_in_lookup_and_on_other_paper(office: MemoryOffice) -> None:
    made = entered(office)
    query = {"issuer": "KZ", "number": made["number"]}
    known = ok(get("/v1/foreign-permits/known", token="aizada", query=query))
    assert (known["used"], known["unconfirmed"]) == ([], [{"post": "dostuk", "at": made["endorsed"]["at"]}])
    assert made["remarks"] == []
    other = recorded("elsewhere", post="torugart")
    assert (other["remarks"], other["flagged"]) == (["stamp_waits"], False)
    ok(post(f"/v1/foreign-permits/{made['id']}/withdraw", {"reason": "another paper"}, token="bekzat"))
    assert ok(get(f"/v1/foreign-permits/{other['id']}", token="elsewhere"))["remarks"] == []
    assert ok(get("/v1/foreign-permits/known", token="aizada", query=query))["unconfirmed"] == []
