"""Flags in tests: permits for which a rule raises a flag, and the run that finds it."""

from __future__ import annotations

import uuid
from typing import Any

from desk import issued, ok, saker
from http_client import call

from chalicelib.composition import container
from chalicelib.patterns.table import find
from chalicelib.suspicions.services import pattern_search
from chalicelib.suspicions.services.pattern_search import RunResult

OPERATION = {
    "number": "A-KG-001", "holder": "Altyn Falcon LLC", "scientific_name": "Falco cherrug", "sources": ["C", "F"],
    "a_year": "40", "since": "2024-03-01", "source": "Order 18 of the Ministry",
}  # fmt: skip


def looked() -> RunResult:
    """Run the hourly pattern rules now."""
    office = container.deps()
    made = pattern_search.find_patterns(office, at_once=True)  # fmt: skip
    assert made is not None
    return made


def same_ring(ring: str) -> list[dict[str, Any]]:
    """Two permits with one ring."""
    lines = [{**saker()["lines"][0], "marks": f"ring {ring}"}]
    return [issued(lines=lines), issued(lines=lines)]


def flagged(_: str = "") -> dict[str, Any]:
    """An unanswered flag, for a row of the role matrix."""
    ring = f"KG-{uuid.uuid4().int % 10**9:09d}"
    same_ring(ring)
    office = container.deps()
    window, _ = pattern_search.collect(office)
    (flag,) = [
        each for each in find(window) if dict(each.facts).get("mark") == ring.replace("-", "")
    ]  # there are many others
    pattern_search._store_flag(flag, office)
    return ok(call("GET", f"/v1/patterns/{flag.id}", token="a-enforcement"))


def overridden() -> None:
    """Create three permits with hard stops that one approver let pass."""
    saiga = {**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W", "term": "HOR"}
    for n in range(3):
        line = {**saiga, "marks": f"horn KG-77{n}", "operation_or_acquisition": None}
        permit = ok(call("POST", "/v1/permits", saker(purpose="T", lines=[line]), token="preparer"), 201)
        found = ok(call("GET", f"/v1/permits/{permit['id']}/stops", token="a-auditor"))
        named = [{"field": each["field"], "code": each["code"]} for each in found["items"]]
        body = {"stops": named, "reason": "The Secretariat excepted it.", "digest": found["digest"]}
        ok(call("POST", f"/v1/permits/{permit['id']}/override", body, token="approver"))
        made = ok(call("POST", f"/v1/permits/{permit['id']}/submit", token="preparer"))
        for kind in made["findings_needed"]:
            who = "scientist" if kind in {"non_detriment", "bred_or_propagated"} else "preparer"
            body = {"kind": kind, "result": "positive", "note": "seen"}
            ok(call("POST", f"/v1/permits/{permit['id']}/findings", body, token=who))
        ok(call("POST", f"/v1/permits/{permit['id']}/approve", {"digest": made["digest"]}, token="approver"))
        ok(call("POST", f"/v1/permits/{permit['id']}/issue", token="approver"))
