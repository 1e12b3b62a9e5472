"""50 permits, 64 officers at once in threads of several processes, on the local engine: one winner each (I3, I4).

And the same without the guard, which must go wrong: a race that cannot fail proves nothing.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from border import held
from crashing import Wrapped, check_invariants, dossiers, rows
from engine_office import EngineOffice, opened
from life import approved, endorsement, issue, issued
from office import NOW

from chalicelib.adapters.memory import MemoryRegister
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import AlreadyUsed, TamgaError, Unavailable
from chalicelib.core.ledger import UsedLine
from chalicelib.core.roles import Actor
from chalicelib.ports import PermitRegister, Put
from chalicelib.services import endorse_permit, store, withdraw_endorsement
from chalicelib.services.endorse_permit import Endorsement
from chalicelib.services.verify_permit import Checker
from local.engine import Engine

pytestmark = pytest.mark.engine

PERMITS = 50
PROCESSES, THREADS = 4, 16  # 64 officers
POSTS = ("manas-airport", "osh-airport", "dostuk", "torugart", "irkeshtam", "bishkek-clearance")
Told = tuple[int, int, str, Any]  # permit, officer, won | lost | busy, the receipt or the winner's record


def ask(n: int, officer: int, code: str, now: int) -> Endorsement:
    """Each officer at a second and with a quantity that tell who it was."""
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
        start.wait(60)
        for _ in range(5):
            try:
                receipt, _ = endorse_permit.endorse(asked, actor, register=register, checker=checker, now=now)
                told.append((n, officer, "won", receipt))
            except AlreadyUsed as error:
                told.append((n, officer, "lost", error.extra["first_use"]))
            except Unavailable:
                continue
            break
        else:
            told.append((n, officer, "busy", None))
    return told


def one_process(first: int, handle: Any, codes: Sequence[str], start: Any, answers: Any) -> None:
    register, checker, now = opened(handle)
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(endorse_all, first + i, codes, start, register, checker, now) for i in range(THREADS)]
        answers.put([told for job in jobs for told in job.result()])


def test_fifty_permits_have_fifty_winners(engine: Engine, record_property: Any) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    permits = [issued(office) for _ in range(PERMITS)]
    codes = [permit.tokens[0] for permit in permits]
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(PROCESSES * THREADS), spawn.Queue()
    workers = [
        spawn.Process(target=one_process, args=(k * THREADS, office.handle, codes, start, answers))
        for k in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    began = time.perf_counter()
    told: list[Told] = [each for _ in workers for each in answers.get(timeout=85)]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join(20)
    assert len(told) == PERMITS * PROCESSES * THREADS
    assert Counter(kind for _, _, kind, _ in told) == {"won": PERMITS, "lost": PERMITS * (PROCESSES * THREADS - 1)}
    winners = {n: (officer, receipt) for n, officer, kind, receipt in told if kind == "won"}
    assert set(winners) == set(range(PERMITS))  # exactly one each
    for n, _, kind, record in told:
        receipt = winners[n][1]
        if kind == "lost":  # and every loser is shown it
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
    record_property("endorsements_per_second", round(len(told) / seconds))
    print(f"{len(told)} endorsements of {PERMITS} permits in {seconds:.1f} s: {len(told) / seconds:.0f}/s")


def unguarded(puts: Sequence[Put]) -> list[Put]:
    return [replace(put, expect=None) for put in puts]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
def test_without_the_guard_there_are_more_winners_than_permits(engine: Engine, guarded: bool) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    permits = [issued(office) for _ in range(6)]
    codes = [permit.tokens[0] for permit in permits]
    checker, plain = office.checker(), office.register
    register: Any = plain if guarded else Wrapped(plain, change=unguarded)
    start = threading.Barrier(24)
    with ThreadPoolExecutor(24) as pool:
        jobs = [pool.submit(endorse_all, i, codes, start, register, checker, NOW) for i in range(24)]
        told = [each for job in jobs for each in job.result()]
    wins = Counter(n for n, _, kind, _ in told if kind == "won")
    assert set(wins) == set(range(6))
    if guarded:
        assert set(wins.values()) == {1}
    else:
        assert max(wins.values()) > 1
        lost = sum(wins.values()) - sum(len(held(office, permit).uses) for permit in permits)
        assert lost > 0  # and some were told of a use that the register no longer knows


def test_many_issued_at_once_have_numbers_without_a_gap(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    office.trust()
    ready = [approved(office) for _ in range(32)]
    with ThreadPoolExecutor(16) as pool:
        done: list[Dossier] = list(pool.map(lambda dossier: issue(office, dossier), ready))
    assert sorted(int((d.number or "")[4:10]) for d in done) == list(range(1, 33))
    check_invariants(office, serials=32)


def test_an_undo_races_with_another_export(engine: Engine) -> None:
    """Whichever is first: at most one endorsement counts, and who was refused has none."""
    office = EngineOffice(engine.endpoint, now=NOW)
    checker = office.checker()
    one, two = (Actor(f"u-{i}", "Officer", frozenset({"customs"}), frozenset({"*"})) for i in (1, 2))
    for _ in range(10):
        permit = issued(office)
        left = endorsement(office, permit)
        endorse_permit.endorse(left, one, register=office.register, checker=checker, now=NOW)
        start = threading.Barrier(2)

        def take_back(event_id: str = left.event_id, start: Any = start) -> None:
            start.wait()
            withdraw_endorsement.undo(
                event_id, str(uuid.uuid4()), "still here", two, register=office.register, checker=checker, now=NOW
            )

        def again(permit: Dossier = permit, start: Any = start) -> None:
            start.wait()
            asked = endorsement(office, permit, post="osh-airport")
            endorse_permit.endorse(asked, two, register=office.register, checker=checker, now=NOW)

        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(take_back), pool.submit(again)]
            failed = [job.exception() for job in jobs]
        assert failed[0] is None
        assert failed[1] is None or isinstance(failed[1], TamgaError)
        uses = store.load(office.register, permit.id).uses
        assert len([use for use in uses if use.counts]) == (0 if failed[1] else 1)


def test_rows_of_both_registers_are_read_alike(engine: Engine) -> None:
    office = EngineOffice(engine.endpoint, now=NOW)
    assert not isinstance(office.register, MemoryRegister)
    permit = issued(office)
    assert dossiers(office.register) == [permit]
