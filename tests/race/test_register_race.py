"""Parallel commits to one row: one succeeds, and these tests would notice two."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from stores import TABLE, on_aws

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.platform.deps import PermitRegister
from local.engine import REGION, Engine

pytestmark = pytest.mark.engine

WRITERS = 32
ROUNDS = 20


@pytest.fixture(scope="module")
def register(engine: Engine) -> PermitRegister:
    return on_aws("engine", engine.endpoint).register


def race(register: PermitRegister, partition: str, *, expect: int | None) -> list[int]:
    """Commit to one row from `WRITERS` threads at the same moment, each with its own event.

    Returns the threads that believe they succeeded.
    """
    start = threading.Barrier(WRITERS)
    permit = Key(partition, "permit")

    def write(n: int) -> bool:
        event = Put(Key(partition, f"event#{n:02d}"), {"by": n})
        start.wait()
        try:
            register.commit(Put(permit, {"used_by": n}, expected_version=expect), event)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        return [n for n, won in enumerate(pool.map(write, range(WRITERS))) if won]


def test_one_commit_per_round_succeeds(register: PermitRegister, record_property: pytest.RecordProperty) -> None:
    began = time.perf_counter()
    for n in range(ROUNDS):
        partition = f"race-{n}"
        register.commit(Put(Key(partition, "permit"), {"used_by": None}))
        winners = race(register, partition, expect=1)
        assert len(winners) == 1
        event, permit = register.query(partition)  # no failed commit left an event
        assert (permit.data, permit.version) == ({"used_by": winners[0]}, 2)
        assert event.data == {"by": winners[0]}
    rate = ROUNDS * WRITERS / (time.perf_counter() - began)
    record_property("commits_per_second", round(rate))
    print(f"{ROUNDS} rounds of {WRITERS} writers: {rate:.0f} commits/s")


def test_commits_without_version_check_all_succeed(register: PermitRegister) -> None:
    register.commit(Put(Key("race-unguarded", "permit"), {"used_by": None}))
    assert race(register, "race-unguarded", expect=None) == list(range(WRITERS))
    *events, permit = register.query("race-unguarded")
    assert [event.data for event in events] == [{"by": n} for n in range(WRITERS)]
    assert permit.version == 1 + WRITERS


def take_all(endpoint: str, prefix: str, rows: int, expect: int | None) -> list[int]:
    """One process: try to be the first on each of `rows` rows, with its own connections."""
    register = DynamoRegister(TABLE, region=REGION, endpoint=endpoint)

    def take(n: int) -> bool:
        try:
            register.commit(Put(Key(f"{prefix}-{n}"), {"n": n}, expected_version=expect))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        return [n for n, won in enumerate(pool.map(take, range(rows))) if won]


@pytest.mark.parametrize(("expect", "only_one"), [(0, True), (None, False)], ids=["guarded", "unguarded"])
def test_each_row_has_one_winner_among_processes_if_guarded(
    register: PermitRegister, engine: Engine, expect: int | None, only_one: bool
) -> None:
    rows, processes = 100, 3
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(take_all, engine.endpoint, f"process-{expect}", rows, expect) for _ in range(processes)]
        wins = Counter(n for job in jobs for n in job.result())
    assert set(wins) == set(range(rows))
    assert (set(wins.values()) == {1}) is only_one
