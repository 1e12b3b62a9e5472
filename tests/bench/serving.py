"""Throughput and latency of the service over HTTP on the local engine: verdicts and issues.

The server is that of `make run`, in two processes. The engine shares the machine's cores with it. The load comes from a
separate process. Each verdict is of another permit than the one before and queries the register. The first verdict of a
permit in a server process takes two reads, each later one takes one (`verification/services/accounts.py`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import reading
from generator import Answer, Call, Generator, percentile
from life import approved, issued
from measure import QUICK, Figure, Section
from served import Served, processor_seconds

PERMITS = 40 if QUICK else 200
NEW = 80 if QUICK else 800  # permits that are verified once
VERDICTS = 600 if QUICK else 6000
READS = 500 if QUICK else 4000
ISSUES = 40 if QUICK else 200
RATE, SOON = 418, 0.015  # verifications a second: DIVOC's published figure; required latency in seconds
ISSUE_SOON = 0.3
WORKERS = 2


_measured: dict[str, float] = {}


def verification_seconds() -> float:
    """Return the service's processor time for the first verification of a permit, from the last run."""
    return _measured["verification"]


def answer() -> Section:
    with Served(workers=WORKERS) as served, Generator(served.port, connections=1) as generator:
        permits = [issued(served.office) for _ in range(PERMITS)]  # type: ignore[arg-type]
        verify = [Call.post("/v1/verify", {"qr": permit.tokens[0]}) for permit in permits]
        new = [Call.post("/v1/verify", {"qr": issued(served.office).tokens[0]}) for _ in range(NEW)]  # type: ignore[arg-type]
        number = [Call.make("GET", f"/v1/verify/number?number={p.number}&code={p.check_code}") for p in permits]
        several = {count: Generator(served.port, connections=count) for count in (2, 4, 8, 16)}
        rows, rates = [], []
        with Generator(served.port, connections=8) as eight:
            eight.send(verify * 2)  # warm-up
            first = _run(served, eight, new, "verify by code, each permit for the first time, 8 at a time")
        for count, each in several.items():
            with each:
                each.send(verify)
                rows.append(_run(served, each, verify * (VERDICTS // PERMITS), f"verify by code, {count} at a time"))
                rates.append((rows[-1].rate, count))
        rows.insert(0, first)
        with Generator(served.port, connections=4) as four:
            rows.append(_run(served, four, number * (VERDICTS // PERMITS // 2), "verify by number, 4 at a time"))
        due = [replace(verify[n % PERMITS], due=n / RATE) for n in range(VERDICTS // 2)]
        rows.append(_run(served, generator, due, f"verify by code, {RATE} a second as they come"))
        steady = rows[-1]
        with Generator(served.engine.port, connections=WORKERS) as two:
            rows.append(
                _run(served, two, [reading.bare(served, permits[0].id)] * READS, "one row as bytes, 2 at a time")
            )
        read = reading.by_adapter(WORKERS, READS, [permit.id for permit in permits])
        token = served.token("approver")
        waiting = [approved(served.office) for _ in range(2 * ISSUES)]  # type: ignore[arg-type]
        calls = [Call.post(f"/v1/permits/{permit.id}/issue", token=token) for permit in waiting]
        generator.send(calls[:2])
        rows.append(_run(served, generator, calls[2:ISSUES], "issue, one after another"))
        issuing = rows[-1]
        with Generator(served.port, connections=4) as four:
            rows.append(_run(served, four, calls[ISSUES:], "issue, 4 at a time"))
    _measured["verification"] = first.service
    best = max(rates)
    return Section(
        "Over HTTP on the local engine",
        f"{WORKERS} server processes, the engine and the load generator share {os.cpu_count()} cores; on AWS the "
        "register has machines of its own. Times are the client's, from when a request was due. Processor time is what "
        "the service and the engine used for one request: the machine's other work changes it less than the times.",
        ("what", "a second", "p50 ms", "p95 ms", "p99 ms", "service ms", "engine ms", "answers"),
        [row.cells for row in rows],
        notes=f"The ceiling: {WORKERS} processes that do nothing but read rows through the register's adapter read "
        f"{read:.0f} a second here. A verdict reads one: the best above is {best[0] / read:.2f} of that. A permit's "
        f"first reads two: {2 * first.rate / read:.2f} of half as many.",
        figures=[
            Figure("verifications a second", f"> {RATE}", f"{best[0]:.0f} ({best[1]} at a time)", best[0] > RATE),
            Figure(
                "verifications a second, each permit for the first time", f"> {RATE}", f"{first.rate:.0f}",
                first.rate > RATE,
            ),
            Figure(
                f"p95 of verifications at {RATE} a second", f"< {SOON * 1000:.0f} ms", f"{steady.p95 * 1000:.1f} ms",
                steady.p95 < SOON and steady.kept,
            ),
            Figure(
                "p95 of issues, one after another", f"< {ISSUE_SOON * 1000:.0f} ms", f"{issuing.p95 * 1000:.0f} ms",
                issuing.p95 < ISSUE_SOON,
            ),
        ],
    )  # fmt: skip


class _Row:
    """One run of calls, as a row of the table."""

    def __init__(self, name: str, answers: Sequence[Answer], seconds: float, service: float, engine: float) -> None:
        counts = Counter(answer.status for answer in answers)
        self.rate = len(answers) / seconds
        self.p95 = percentile(answers, 0.95)
        self.kept = set(counts) <= {200, 201}
        times = [f"{percentile(answers, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99)]
        shares = [f"{spent / len(answers) * 1000:.1f}" for spent in (service, engine)]
        said = ", ".join(f"{count} x {status or 'none'}" for status, count in sorted(counts.items()))
        self.service, self.engine = service / len(answers), engine / len(answers)
        self.cells = [name, f"{self.rate:.0f}", *times, *shares, said]


def _run(served: Served, generator: Generator, calls: Sequence[Call], name: str) -> _Row:
    before = {part: processor_seconds(pids) for part, pids in served.pids.items()}
    answers = generator.send(calls)
    spent = {part: processor_seconds(pids) - before[part] for part, pids in served.pids.items()}
    return _Row(name, answers, generator.seconds, spent["service"], spent["engine"])
