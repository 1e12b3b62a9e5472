"""Flags in tests: permits that make a rule speak, and the look that finds it."""

from __future__ import annotations

import uuid
from typing import Any

from desk import issued, ok, saker
from http_client import call

from chalicelib import wiring
from chalicelib.core.patterns.table import find
from chalicelib.services import look_for_patterns
from chalicelib.services.look_for_patterns import Looked

OPERATION = {
    "number": "A-KG-001", "holder": "Altyn Falcon LLC", "scientific_name": "Falco cherrug", "sources": ["C", "F"],
    "a_year": "40", "since": "2024-03-01", "source": "Order 18 of the Ministry",
}  # fmt: skip


def looked() -> Looked:
    """The hourly look, now."""
    office = wiring.office()
    made = look_for_patterns.look(
        register=office.register, stage=office.stage, posts=office.posts, now=office.clock(), at_once=True
    )
    assert made is not None
    return made


def same_ring(ring: str) -> list[dict[str, Any]]:
    """Two permits with one ring."""
    lines = [{**saker()["lines"][0], "marks": f"ring {ring}"}]
    return [issued(lines=lines), issued(lines=lines)]


def flagged(_: str = "") -> dict[str, Any]:
    """A flag that nobody answered, as a row of the matrix of roles has it."""
    ring = f"KG-{uuid.uuid4().int % 10**9:09d}"
    same_ring(ring)
    office = wiring.office()
    place = {"register": office.register, "stage": office.stage, "posts": office.posts, "now": office.clock()}
    window, _ = look_for_patterns.collect(**place)
    (flag,) = [
        each for each in find(window) if dict(each.facts).get("mark") == ring.replace("-", "")
    ]  # others are many
    look_for_patterns._keep(flag, register=office.register, now=office.clock())
    return ok(call("GET", f"/v1/patterns/{flag.id}", token="a-enforcement"))
