"""64 officers endorse one permit at the same moment, in threads of several processes: one succeeds (I1-I4).

The same without the version check must fail, because a race that cannot fail proves nothing.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import Any

import pytest
from border import held
from crashing import Wrapped, check_invariants, dossiers, rows
from engine_office import EngineOffice, opened
from life import issued
from office import NOW
from process import deps_of
from proof import found, size

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.endorsement.services import endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import AlreadyUsed, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.platform.deps import PermitRegister
from chalicelib.species.services import list_in_use
from chalicelib.uses.use import UsedLine
from chalicelib.verification.services.verify import Checker
from local.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]

PERMITS = size(4, 500)
UNGUARDED = size(2, 500)
PROCESSES, THREADS = 4, 16  # 64 officers
PATIENCE = 1200  # seconds for all of them, on the slowest machine
POSTS = ("manas-airport", "osh-airport", "dostuk", "torugart", "irkeshtam", "bishkek-clearance")
Told = tuple[int, int, str, Any]  # permit, officer, won | lost | busy, the receipt or the accepted use


def ask(n: int, officer: int, code: str, now: int) -> Endorsement:
    """An endorsement with a time and quantity by which its officer is recognised."""
    return Endorsement(
        event_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{code[-40:]} {officer}")),
        post=POSTS[officer % len(POSTS)],
        direction="export",
        endorsed_at=now - officer,
        lines=(UsedLine("A", "1" if officer % 2 else "2"),),
        qr=code,
        transport_document=f"AWB {n}-{officer}",
    )


def endorse_all(
    officer: int, codes: Sequence[str], start: Any, register: PermitRegister, checker: Checker, now: int
) -> list[Told]:
    actor = Actor(f"u-{officer}", f"Officer {officer}", frozenset({"customs"}), frozenset({"*"}))
    told: list[Told] = []
    for n, code in enumerate(codes):
        asked = ask(n, officer, code, now)
        start.wait(PATIENCE)
        for _ in range(5):
            try:
                receipt, _ = endorse.endorse(
                    asked,
                    actor,
                    deps_of(register=register, checker=lambda: checker, listing=list_in_use.listing(), now=now),
                )
                told.append((n, officer, "won", receipt))
            except AlreadyUsed as error:
                told.append((n, officer, "lost", error.extra["first_use"]))
            except Unavailable:
                continue
            break
        else:
            told.append((n, officer, "busy", None))
    return told


def unguarded(puts: Sequence[Put]) -> list[Put]:
    return [replace(put, expected_version=None) for put in puts]


def one_process(first: int, handle: Any, codes: Sequence[str], start: Any, answers: Any, guarded: bool) -> None:
    plain, checker, now = opened(handle)
    register: Any = plain if guarded else Wrapped(plain, change=unguarded)
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(endorse_all, first + i, codes, start, register, checker, now) for i in range(THREADS)]
        for job in as_completed(jobs):
            if (error := job.exception()) is not None:
                start.abort()  # no thread waits at the barrier for an officer who failed
                answers.put("".join(traceback.format_exception(error)))
                return
        answers.put([told for job in jobs for told in job.result()])


def race(office: EngineOffice, permits: Sequence[Dossier], *, guarded: bool = True) -> tuple[list[Told], float]:
    """The results of all officers, and the seconds taken.

    The officers wait at a barrier before each permit.
    """
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(PROCESSES * THREADS), spawn.Queue()
    codes = [permit.tokens[0] for permit in permits]
    workers = [
        spawn.Process(target=one_process, args=(k * THREADS, office.handle, codes, start, answers, guarded))
        for k in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    began = time.perf_counter()
    told: list[Told] = []
    for _ in workers:
        answer = answers.get(timeout=PATIENCE)
        assert not isinstance(answer, str), answer  # the first officer whose process failed
        told += answer
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join(PATIENCE)
    return told, seconds


def test_parallel_endorsements_have_one_winner_per_permit(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    permits = [issued(office) for _ in range(PERMITS)]
    told, seconds = race(office, permits)
    assert len(told) == PERMITS * PROCESSES * THREADS
    assert Counter(kind for _, _, kind, _ in told) == {"won": PERMITS, "lost": PERMITS * (PROCESSES * THREADS - 1)}
    winners = {n: (officer, receipt) for n, officer, kind, receipt in told if kind == "won"}
    assert set(winners) == set(range(PERMITS))  # exactly one each
    for n, _, kind, record in told:
        receipt = winners[n][1]
        if kind == "lost":  # every refusal names the accepted use
            assert record == {"at": receipt["at"], "post": receipt["post"], "lines": receipt["lines"]}
    table = rows(office.register)
    for n, permit in enumerate(permits):
        dossier = held(office, permit)
        assert [use.event_id for use in dossier.uses] == [winners[n][1]["event_id"]]
        assert dossier.use == "exported"
    kept = Counter("receipt" if "receipt" in data else "refusal" for key, data in table.items()
                   if key.partition.startswith("EVENT#"))  # fmt: skip
    assert kept == {"receipt": PERMITS, "refusal": PERMITS * (PROCESSES * THREADS - 1)}
    assert sum(key.partition.startswith("USES#") for key in table) == PERMITS
    check_invariants(office, serials=PERMITS)
    found("race", permits=PERMITS, officers=PROCESSES * THREADS, winners=len(winners), seconds=round(seconds))


def test_endorsements_without_version_check_have_several_winners(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    permits = [issued(office) for _ in range(UNGUARDED)]
    told, _ = race(office, permits, guarded=False)
    wins = Counter(n for n, _, kind, _ in told if kind == "won")
    assert set(wins) == set(range(UNGUARDED))
    assert max(wins.values()) > 1
    lost = sum(wins.values()) - sum(len(held(office, permit).uses) for permit in permits)
    assert lost > 0  # some receipts name a use that the register no longer has
    found("race", winners_without_the_guard=f"{sum(wins.values())} of {UNGUARDED}")


def test_dossiers_are_read_alike_from_both_registers(engine: Engine) -> None:
    office, plain = EngineOffice(engine.endpoint, now=NOW), MemoryRegister()
    assert isinstance(office.register, DynamoRegister)
    permit = issued(office)
    assert dossiers(office.register) == [permit]
    table = rows(office.register)
    for key, data in table.items():
        plain.commit(Put(key, data))
    assert rows(plain) == table
    assert dossiers(plain) == [permit]
