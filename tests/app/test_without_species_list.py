"""Functions and answers that must not build the species list, which takes a second on a small function."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest
from desk import issued, ok
from http_client import get, post
from office import MemoryOffice

JOBS: dict[str, Callable[[MemoryOffice], object]] = {
    "publish_due": lambda office: office.publish_due(),
    "fetch_lists": lambda office: office.fetch_lists(),
    "send_notices": lambda office: office.send_notices(),
    "freshness": lambda office: office.freshness(),
    "sweep within the hour": lambda office: office.sweep(),
}


def _build(now: int) -> NoReturn:
    pytest.fail("the species list was asked for")


def test_public_check_of_a_permit_needs_no_species_list(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    permit = issued()
    monkeypatch.setattr(office.species, "at", _build)
    assert ok(post("/v1/verify", {"qr": permit["qr"]}))["outcome"]
    assert ok(get("/v1/verify/number", query={"number": permit["number"], "code": permit["check_code"]}))


def test_print_of_a_permit_needs_no_species_list(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    permit = issued()
    monkeypatch.setattr(office.species, "at", _build)
    office.print_here(permit["id"], original=True)


@pytest.mark.parametrize("job", JOBS)
def test_job_needs_no_species_list(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, job: str) -> None:
    issued()
    office.sweep()  # looks for patterns, at most once an hour
    monkeypatch.setattr(office.species, "at", _build)
    JOBS[job](office)
