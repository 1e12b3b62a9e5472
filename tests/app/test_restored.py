"""Restored and locked register over HTTP: 503 without Retry-After, no accepting verdict, reason in the health check."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from http_client import get, post
from life import approved, endorsement, issue
from office import AIZADA, NOW, PREPARER
from restoring import MemoryRestorable

from chalicelib.composition import container
from chalicelib.kernel.days import to_text


@pytest.fixture
def office() -> Iterator[MemoryRestorable]:
    made = MemoryRestorable(now=NOW)
    made.people = {"preparer": PREPARER, "aizada": AIZADA}
    for actor in (PREPARER, AIZADA):
        made.register_person(actor)
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


def test_locked_register_returns_503_and_no_accepting_verdict(office: MemoryRestorable) -> None:
    permit, waiting = issue(office, approved(office)), approved(office)
    office.minute()
    assert get("/v1/health").status == 200
    office.restore(office.backup())
    shut = post(f"/v1/permits/{waiting.id}/issue", token="preparer")
    assert (shut.status, shut.slug) == (503, "restored")
    assert "retry-after" not in {name.lower() for name in shut.headers}
    asked = endorsement(office, permit)
    lines = [{"line": line.line, "quantity": line.quantity} for line in asked.lines]
    body = {"event_id": asked.event_id, "qr": asked.qr, "post": asked.post, "direction": "export", "lines": lines,
            "endorsed_at": to_text(office.now), "transport_document": "AWB 1"}  # fmt: skip
    told = post("/v1/endorsements", body, token="aizada")
    assert (told.status, told.slug) == (503, "restored"), told.body
    assert post("/v1/verify", {"qr": permit.tokens[0]}).json["outcome"] == "cannot_tell"
    health = get("/v1/health")
    assert (health.status, health.json["checks"]["restore"]) == (503, "failed")
