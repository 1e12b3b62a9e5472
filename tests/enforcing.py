"""Requests of officers in tests: foreign papers, cases and the watch-list."""

from __future__ import annotations

import uuid
from typing import Any

from desk import ok
from http_client import call, post

from chalicelib.composition import container
from chalicelib.kernel.days import to_text

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
LINE = {"scientific_name": "Falco cherrug", "source": "C", "term": "LIV", "quantity": "2", "marks": "ring KZ-7"}
USE = {"lines": [{"line": "A", "quantity": "2"}], "transport_document": "CMR 1187", "retained": True}


def paper(**changes: Any) -> dict[str, Any]:
    permit = {
        "document_type": "E", "valid_until": "2027-01-31", "exporter": {"name": "Almaty Zoo", "country": "KZ"},
        "importer": {"name": "Bishkek Zoo", "country": "KG"}, "purpose": "Z", "lines": [LINE],
    } | changes.pop("permit", {})  # fmt: skip
    at = to_text(container.deps().clock())
    return {"event_id": str(uuid.uuid4()), "post": "dostuk", "recorded_at": at, "direction": "import",
            "issuer": "KZ", "number": "KZ-0457/2026", "issued_on": "2026-10-02", "permit": permit,
            **changes}  # fmt: skip


def correction(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A correction of a recorded paper, with the content of `paper`."""
    content = {name: each for name, each in paper(**changes).items() if name not in {"event_id", "post", "recorded_at"}}
    return {"version": made["version"], "reason": "Typed from the wrong box.", **content}


def paper_at_post(_: str) -> dict[str, Any]:
    """A recorded paper with a photograph, for a row of the role matrix."""
    made = ok(post("/v1/foreign-permits", paper(number=f"KZ-{uuid.uuid4().int % 10**9}/2026"), token="aizada"), 201)
    path = f"/v1/foreign-permits/{made['id']}/photos"
    photo = ok(call("POST", path, data=PNG, content_type="image/png", token="aizada"), 201)
    return {**made, "sha256": photo["sha256"]}


def paper_used(_: str) -> dict[str, Any]:
    body = paper(endorsed=USE, number=f"KZ-{uuid.uuid4().int % 10**9}/2026")
    made: dict[str, Any] = ok(post("/v1/foreign-permits", body, token="aizada"), 201)
    return made


def paper_stamped(_: str) -> dict[str, Any]:
    """A recorded paper whose stamp was entered two hours later."""
    stamped = {**USE, "stamped_at": to_text(container.deps().clock() - 7200)}
    body = paper(endorsed=stamped, number=f"KZ-{uuid.uuid4().int % 10**9}/2026")
    made: dict[str, Any] = ok(post("/v1/foreign-permits", body, token="aizada"), 201)
    return made


def question(**changes: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "post": "dostuk", "recorded_at": to_text(container.deps().clock()),
            "term": "HOR", "taxon": "Ovis ammon", "question": "Young argali or urial?", **changes}  # fmt: skip


def question_asked(_: str) -> dict[str, Any]:
    """A question by aizada with a photograph, for a row of the role matrix."""
    made = ok(post("/v1/expert-questions", question(), token="aizada"), 201)
    path = f"/v1/expert-questions/{made['id']}/photos"
    photo = ok(call("POST", path, data=PNG, content_type="image/png", token="aizada"), 201)
    return {**made, "sha256": photo["sha256"]}


def paper_asked(owner: str) -> dict[str, Any]:
    made = paper_at_post(owner)
    ok(post(f"/v1/foreign-permits/{made['id']}/enquiries", {}, token="preparer"), 201)
    return made


BIRD = {"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "4", "marks": "no rings"}
CARRIER = {"role": "carrier", "name": "Ivan Testov", "nationality": "KZ", "document": "N0012345"}
FOUND = {
    "kind": "seizure", "agency": "customs", "reason": "no_document", "direction": "export", "detection": "xray",
    "goods": [BIRD], "people": [CARRIER], "vehicle": "01 KG 777 ABC", "concealment": "Tubes in a suitcase.",
    "route": {"origin": "KG", "transit": ["TR"], "destination": "AE", "transport": "air", "document": "XY 123"},
    "note": "He said that they were gifts.",
}  # fmt: skip


def found(**changes: Any) -> dict[str, Any]:
    """A case as an officer sends it."""
    at = to_text(container.deps().clock())
    return {"event_id": str(uuid.uuid4()), "post": "dostuk", "recorded_at": at, **FOUND, **changes}


def a_case(_: str = "") -> dict[str, Any]:
    made: dict[str, Any] = ok(post("/v1/cases", found(), token="aizada"), 201)
    path = f"/v1/cases/{made['id']}/photos"
    photo = ok(call("POST", path, data=PNG, content_type="image/png", token="aizada"), 201)
    return {**made, "version": 1, "sha256": photo["sha256"]}


def an_amended_case(_: str = "") -> dict[str, Any]:
    made = a_case()
    amended: dict[str, Any] = ok(call("PUT", f"/v1/cases/{made['id']}", {**FOUND, "version": 1}, token="a-enforcement"))
    return {**amended, "kept": 1}


def an_alert(_: str = "") -> dict[str, Any]:
    """The alert of an opened case."""
    return {"id": f"case-{a_case()['id']}"}


def an_answered_alert(_: str = "") -> dict[str, Any]:
    alert = an_alert()
    ok(post(f"/v1/alerts/{alert['id']}/acknowledge", {"note": "On our way."}, token="a-enforcement"))
    return alert


def watched(**changes: Any) -> dict[str, Any]:
    until = to_text(container.deps().clock() + 30 * 86400)
    return {"kind": "mark", "value": "KG-0117", "reason": "Reported stolen in Naryn.", "until": until, **changes}


def an_entry(_: str = "") -> dict[str, Any]:
    made: dict[str, Any] = ok(post("/v1/watch-list", watched(), token="a-enforcement"), 201)
    return made
