"""Permits at the ministry's desk: created over HTTP, up to the state that a test needs."""

from __future__ import annotations

from typing import Any

from http_client import Answer, call

from chalicelib.kernel.roles import FINDING_ROLES


def saker(**changes: Any) -> dict[str, Any]:
    """A complete application: a live captive-bred saker to the Emirates."""
    return {
        "document_type": "E",
        "valid_until": "2027-03-31",
        "exporter": {
            "name": "Altyn Falcon LLC",
            "address": "12 Toktogul St, Bishkek",
            "country": "KG",
            "name_local": "«Алтын шумкар» ЖЧК",
        },
        "importer": {"name": "Al Dhafra Falcons", "address": "P.O. Box 45, Abu Dhabi", "country": "AE"},
        "purpose": "B",
        "form": "paper",
        "lines": [
            {
                "scientific_name": "Falco cherrug",
                "common_name": "Saker falcon",
                "description": "live bird, female",
                "marks": "ring KG-0117",
                "source": "C",
                "term": "LIV",
                "quantity": "2",
                "origin": {"country": "KG"},
                "operation_or_acquisition": "A-KG-001",
            }
        ],
        **changes,
    }


def ok(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, (answer.status, answer.body[:1500].decode())
    return answer.json


def draft(token: str = "preparer", **changes: Any) -> str:
    return str(ok(call("POST", "/v1/permits", saker(**changes), token=token), 201)["id"])


def submitted(token: str = "preparer", **changes: Any) -> dict[str, Any]:
    permit = draft(token, **changes)
    return ok(call("POST", f"/v1/permits/{permit}/submit", token=token))


def found(made: dict[str, Any]) -> dict[str, Any]:
    """Record every needed finding on a submitted application."""
    for kind in made["findings_needed"]:
        body = {"kind": kind, "result": "positive", "note": "seen"}
        made = ok(call("POST", f"/v1/permits/{made['id']}/findings", body, token=FINDING_ROLES[kind]))
    return made


def approved(token: str = "preparer", **changes: Any) -> dict[str, Any]:
    made = found(submitted(token, **changes))
    return ok(call("POST", f"/v1/permits/{made['id']}/approve", {"digest": made["digest"]}, token="approver"))


def of_two_pages() -> dict[str, Any]:
    """Five lines, so that the permit of `saker` has a second page."""
    (line,) = saker()["lines"]
    return {"lines": [{**line, "quantity": "1", "marks": f"ring KG-02{n}"} for n in range(5)]}


def issued(token: str = "preparer", **changes: Any) -> dict[str, Any]:
    made = approved(token, **changes)
    return ok(call("POST", f"/v1/permits/{made['id']}/issue", token="approver"))
