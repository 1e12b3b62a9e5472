"""Measurement and presentation of figures: medians and quartiles of rounds in which the tasks take turns."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 5 if QUICK else 15


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, first and third quartile of one task, microseconds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        low, median, high = statistics.quantiles(values, n=4) if len(values) > 1 else (values[0],) * 3
        return cls(median, low, high)

    def text(self, unit: float = 1.0, digits: int = 0) -> str:
        median, low, high = (f"{value / unit:,.{digits}f}" for value in (self.median, self.low, self.high))
        return f"{median} ({low}-{high})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise: the required and the measured value."""

    name: str
    asked: str
    found: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Result of one question. `words`: the subject and method of comparison. `notes`: remarks beyond the table."""

    title: str
    words: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: str = ""
    figures: Sequence[Figure] = ()


Task = tuple[Callable[[], object], int]


def spreads(tasks: Mapping[str, Task], *, clock: Callable[[], int] = time.process_time_ns) -> dict[str, Spread]:
    """Return name -> microseconds of one call, where the tasks take turns, so that noise affects all of them.

    `clock`: processor time of this process, unless the task waits for another process.
    """
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, (task, count) in tasks.items():
            start = clock()
            for _ in range(count):
                task()
            times[name].append((clock() - start) / count / 1000)
    return {name: Spread.of(values) for name, values in times.items()}


def ratios(found: Mapping[str, Spread], baseline: str) -> list[list[str]]:
    """Return rows of task, ratio to the baseline, microseconds (quartiles)."""
    base = found[baseline].median
    return [[name, f"{spread.median / base:.2f}", spread.text(digits=1)] for name, spread in found.items()]


class Stopwatch:
    """Wall time of named steps: `watch.around(module, "function", "step")` times every call until `restore`."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self._held: list[tuple[object, str, object]] = []

    def around(self, owner: object, name: str, step: str) -> None:
        work = getattr(owner, name)
        self._held.append((owner, name, work))
        setattr(owner, name, self.timed(work, step))

    def timed[**P, R](self, work: Callable[P, R], step: str) -> Callable[P, R]:
        def run(*args: P.args, **named: P.kwargs) -> R:
            began = time.perf_counter_ns()
            try:
                return work(*args, **named)
            finally:
                self.times.setdefault(step, []).append((time.perf_counter_ns() - began) / 1000)

        return run

    def restore(self) -> None:
        for owner, name, work in reversed(self._held):
            setattr(owner, name, work)
        self._held.clear()

    def spreads(self) -> dict[str, Spread]:
        return {step: Spread.of(values) for step, values in self.times.items()}
