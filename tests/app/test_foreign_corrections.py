"""Corrections of recorded foreign papers: the record is changed, and its history keeps the earlier values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crashing import Wrapped
from desk import ok
from enforcing import LINE, USE, correction, paper, watched
from http_client import Answer, call, get, post
from office import MemoryOffice

from chalicelib.kernel.rows import Put

ALL = "/v1/foreign-permits"


def recorded(token: str = "aizada", **changes: Any) -> Any:
    return ok(post(ALL, paper(**changes), token=token), 201)


def corrected(made: Any, token: str = "aizada", **changes: Any) -> Answer:
    return call("PUT", f"{ALL}/{made['id']}", correction(made, **changes), token=token)


def last(made: Any) -> Any:
    return ok(get(f"{ALL}/{made['id']}/history", token="a-auditor"))["items"][-1]


def test_correction_changes_record_and_history_has_old_values_and_reason(office: MemoryOffice) -> None:
    made = recorded()
    office.later(60)
    now = ok(corrected(made, "bekzat", issuer="UZ", number="UZ-77/2026",
                       permit={"lines": [{**LINE, "quantity": "20"}, {**LINE, "term": "FEA"}]}))  # fmt: skip
    assert (now["issuer"], now["number"], now["version"]) == ("UZ", "UZ-77/2026", 2)
    assert [(line["line"], line["quantity"]) for line in now["permit"]["lines"]] == [("A", "20"), ("B", "2")]
    assert (now["officer"], now["at"]) == (made["officer"], made["at"])  # officer and time of the record stay
    line = last(made)
    assert (line["action"], line["by_name"], line["version"]) == ("correct", "Bekzat", 2)
    assert line["detail"]["reason"] == "Typed from the wrong box."
    changes = {each["field"]: (each["was"], each["is"]) for each in line["detail"]["changes"]}
    assert changes["number"] == ("KZ-0457/2026", "UZ-77/2026")
    assert changes["permit.lines[0].quantity"] == ("2", "20")
    assert changes["permit.lines[1].term"] == (None, "FEA")
    assert len(changes) == 3 + len(LINE)


def test_repeated_correction_changes_nothing_and_old_version_is_refused(office: MemoryOffice) -> None:
    made = recorded()
    for _ in range(2):
        assert ok(corrected(made, number="KZ-9/2026"))["version"] == 2
    late = corrected(made, number="KZ-8/2026")
    assert (late.slug, late.json["version"]) == ("edited-meanwhile", 2)
    assert corrected(made, "elsewhere").slug == "no-match"
    assert corrected(made, number="").slug == "invalid"
    assert ok(get(f"{ALL}/{made['id']}", token="preparer"))["number"] == "KZ-9/2026"


def test_endorsed_paper_is_corrected_only_after_undo_by_second_person(office: MemoryOffice) -> None:
    made = recorded(endorsed=USE)
    one = f"{ALL}/{made['id']}"
    refused = corrected(made, number="KZ-0458/2026")
    assert (refused.slug, "correct" in made["steps"]) == ("wrong-state", False)
    back = ok(post(f"{one}/withdraw", {"reason": "another number"}, token="bekzat"))
    assert "correct" in back["steps"]
    now = ok(corrected(back, number="KZ-0458/2026"))
    assert now["endorsed"] is None
    (undone,) = [each["was"] for each in last(made)["detail"]["changes"] if each["field"] == "endorsed"]
    assert (undone["transport_document"], undone["withdrawn"]["by_name"]) == (USE["transport_document"], "Bekzat")
    assert ok(post(f"{one}/endorse", USE, token="aizada"))["state"] == "endorsed"
    assert recorded(endorsed=USE)["flagged"] is False  # the wrong number is free again
    again = post(ALL, paper(number="KZ 458/26", endorsed=USE), token="aizada")
    assert again.slug == "already-used"


def test_withdrawn_wrong_quantity_does_not_limit_correct_endorsement(office: MemoryOffice) -> None:
    made = recorded(endorsed=USE, permit={"lines": [{**LINE, "quantity": "20"}]})
    back = ok(post(f"{ALL}/{made['id']}/withdraw", {"reason": "2, not 20"}, token="bekzat"))
    now = ok(corrected(back, number="KZ-0457/2026"))
    assert ok(post(f"{ALL}/{now['id']}/endorse", USE, token="aizada"))["endorsed"]["result"] == "accepted"


def test_corrected_number_that_was_used_or_is_watched_raises_alerts(
    office: MemoryOffice,
) -> None:
    recorded(endorsed=USE)
    ok(post("/v1/watch-list", watched(kind="number", value="KZ-0457/2026"), token="a-enforcement"), 201)
    made = recorded(number="KZ-1/2026")
    seen = {each["id"] for each in ok(get("/v1/alerts", token="a-enforcement"))["items"]}
    now = ok(corrected(made, number="KZ-0457/2026"))
    assert (now["flagged"], now["remarks"]) == (True, ["used_before"])
    told = [each for each in ok(get("/v1/alerts", token="a-enforcement"))["items"] if each["id"] not in seen]
    assert sorted(each["kind"] for each in told) == ["hold", "watch"]


def test_correction_is_refused_after_concurrent_endorsement(office: MemoryOffice) -> None:
    made, plain = recorded(), office.register

    def rival(puts: Sequence[Put]) -> None:
        office.register = plain
        ok(post(f"{ALL}/{made['id']}/endorse", USE, token="bekzat"))

    office.register = Wrapped(plain, before=rival)  # type: ignore[assignment]
    assert corrected(made, number="KZ-0458/2026").slug in {"edited-meanwhile", "wrong-state"}
    assert ok(get(f"{ALL}/{made['id']}", token="aizada"))["number"] == "KZ-0457/2026"
