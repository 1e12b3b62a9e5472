"""Pytest plugin that tests each mutant in a fork of one process, which has collected the tests already.

1. Run every test once unmutated. Record its time and the functions it reaches.

2. For each mutant, fork and run the tests that reach its function, the quickest first, until one fails.

3. Write name -> outcome to `found.json`.

`mutants.json` in the working directory gives the names and the number of parallel forks. A new pytest process per
mutant, as in `mutmut run`, takes seconds, but a fork takes hundredths of a second.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutmut.mutation import trampoline

KILLED, SURVIVED, UNCOVERED = "killed", "survived", "no test reaches it"
PATIENCE = 10  # times the unmutated duration of its tests; a mutant that still runs then is in an endless loop
_reached: set[str] = set()

# the same examples for every mutant, without shrinking: only the fact of a failure counts
settings.register_profile(
    "mutants", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True, deadline=None
)  # fmt: skip
trampoline.record_trampoline_hit = lambda name, caller=None: _reached.add(name)


def pytest_runtestloop(session: pytest.Session) -> bool:
    asked = json.loads(Path("mutants.json").read_text())
    reach: dict[str, list[int]] = {}
    took = []
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    for at, item in enumerate(session.items):
        _reached.clear()
        begun = time.perf_counter()
        if not _passes([item]):
            session.testsfailed += 1
            print(f"fails unmutated: {item.nodeid}")
        took.append(time.perf_counter() - begun)
        for function in _reached:
            reach.setdefault(function, []).append(at)
    if session.testsfailed:
        return True
    gc.collect()
    gc.freeze()  # otherwise a garbage collection in a fork would copy every page of memory
    found = {}
    running: dict[int, str] = {}
    for name in asked["names"]:
        tests = sorted(reach.get(name.partition("__mutmut_")[0], ()), key=took.__getitem__)
        if not tests:
            found[name] = UNCOVERED
            continue
        if len(running) == asked["children"]:
            _reap(running, found)
        patience = 20 + PATIENCE * sum(took[at] for at in tests)
        running[_fork(name, [session.items[at] for at in tests], int(patience))] = name
    while running:
        _reap(running, found)
    Path("found.json").write_text(json.dumps(found))
    return True


def _passes(items: Sequence[pytest.Item]) -> bool:
    """Run the tests up to the first failure. Tear down every fixture after each test. Return True if all pass."""
    return not any(report.failed for item in items for report in runtestprotocol(item, log=False, nextitem=None))


def _fork(name: str, items: Sequence[pytest.Item], patience: int) -> int:
    if child := os.fork():
        return child
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.environ["MUTANT_UNDER_TEST"] = name
        # with it, Hypothesis would print each failure
        items[0].config.pluginmanager.unregister(name="terminalreporter")
        signal.alarm(patience)
        os._exit(0 if _passes(items) else 1)
    except BaseException:
        os._exit(2)


def _reap(running: dict[int, str], found: dict[str, str]) -> None:
    child, status = os.wait()
    found[running.pop(child)] = SURVIVED if status == 0 else KILLED
