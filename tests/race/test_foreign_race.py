"""Parallel use of another Party's permit by its code and as paper: one use is accepted.

All officers read before any of them writes. The same without the version check must fail.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from border import with_kazakhstan
from crashing import Wrapped
from engine_office import EngineOffice
from foreign_play import Presented
from office import NOW
from proof import found, size

from chalicelib.kernel.errors import AlreadyUsed, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.verification.services.foreign_numbers import number_of
from local.engine import Engine

pytestmark = pytest.mark.engine

ROUNDS, OFFICERS = size(4, 200), 16
POSTS = ("dostuk", "torugart", "irkeshtam")


def unguarded(puts: Sequence[Put]) -> Sequence[Put]:
    """Write uses by code without the row that paper uses write too."""
    if any(put.key.partition.startswith("FOREIGN#") for put in puts):
        return [put for put in puts if not put.key.partition.startswith("FOREIGN-NUMBER#")]
    return puts


def race(office: EngineOffice, serial: int, *, guarded: bool) -> Counter[str]:
    """The results of the officers. Every other one has the code."""
    barrier, checker = threading.Barrier(OFFICERS), with_kazakhstan(office)

    def one(n: int) -> str:
        waited: list[bool] = []

        def together(_: Sequence[Put]) -> None:
            if not waited:
                waited.append(True)
                barrier.wait(120)

        register: Any = Wrapped(office.register, before=together, change=None if guarded else unguarded)
        permit = Presented(register, office, checker, serial=serial)
        actor = Actor(f"u-{n}", f"Officer {n}", frozenset({"customs"}), frozenset({"*"}))
        way, name = (permit.by_code, "code") if n % 2 else (permit.as_paper, "paper")
        for _ in range(20):
            try:
                way(POSTS[n % len(POSTS)], actor=actor)
            except AlreadyUsed:
                return "lost"
            except Unavailable:
                continue
            return name
        return "busy"

    with ThreadPoolExecutor(OFFICERS) as pool:
        return Counter(pool.map(one, range(OFFICERS)))


def test_foreign_permit_is_used_once_by_code_or_as_paper(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    office.trust()
    winners: Counter[str] = Counter()
    for serial in range(1, ROUNDS + 1):
        told = race(office, serial, guarded=True)
        assert told.pop("lost") == OFFICERS - 1
        winners += told
        (use,) = number_of("KZ", f"26KZ{serial:06d}/E", office.register).against()
        assert use.result == "accepted"
    assert winners.total() == ROUNDS
    found("foreign-race", rounds=ROUNDS, officers=OFFICERS, **winners)


def test_foreign_permit_without_shared_row_is_used_twice(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    office.trust()
    assert race(office, 1, guarded=False) == {"code": 1, "paper": 1, "lost": OFFICERS - 2}
