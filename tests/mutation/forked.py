"""How mutants are tried: a pytest plugin that gives each a fork of the one process that has collected the tests.

1 every test runs once unmutated: what it took and which functions it reached   2 each mutant gets a fork, in which the
tests that reach its function run, the quickest first, until one fails   3 name -> outcome goes to `found.json`

Names, and how many forks at a time, come from `mutants.json` in the working directory. Starting pytest anew for each
mutant, as `mutmut run` does, takes some seconds each; a fork takes some hundredths.
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
PATIENCE = 10  # times what its tests take unmutated; a mutant that still runs then never ends
_reached: set[str] = set()

# the same examples for every mutant, and none made smaller: that one failed is all that is asked
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
    gc.freeze()  # a collection in a fork would copy every page
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
    """Whether all pass, up to the first that does not; every fixture is torn down after each test that uses it."""
    return not any(report.failed for item in items for report in runtestprotocol(item, log=False, nextitem=None))


def _fork(name: str, items: Sequence[pytest.Item], patience: int) -> int:
    if child := os.fork():
        return child
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.environ["MUTANT_UNDER_TEST"] = name
        items[0].config.pluginmanager.unregister(name="terminalreporter")  # for it Hypothesis would write each failure
        signal.alarm(patience)
        os._exit(0 if _passes(items) else 1)
    except BaseException:
        os._exit(2)


def _reap(running: dict[int, str], found: dict[str, str]) -> None:
    child, status = os.wait()
    found[running.pop(child)] = SURVIVED if status == 0 else KILLED
