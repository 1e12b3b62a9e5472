"""SIGKILL before and after each AWS call of a permit's life, then the sweep or a retry: nothing lost, nothing twice.

`kills.py` does the killing, in its own processes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from proof import FULL, found, rng
from verbs import VERBS

from local.engine import CREDENTIALS, Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
LONGEST = 64  # twice the calls of the longest step: issuing a replacement, which counts two quotas
ROUNDS = 5  # permits at each point, swept and retried


def run(engine: Engine, **asked: Any) -> subprocess.CompletedProcess[str]:
    environment = {**CREDENTIALS, "PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ROOT}/tests"}
    return subprocess.run(
        [sys.executable, str(ROOT / "tests/faults/kills.py"), engine.endpoint, json.dumps(asked)],
        env=environment, capture_output=True, text=True, timeout=3000, check=False,
    )  # fmt: skip


def result(ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-6000:]
    value: dict[str, Any] = json.loads(ended.stdout.rpartition("FOUND ")[2])
    return value


def test_process_killed_at_any_call_loses_and_repeats_nothing(engine: Engine) -> None:
    """The full size covers every point, the small one some of the issuing function's and some of the others'."""
    random = rng("kills")
    points = list(range(LONGEST)) * ROUNDS if FULL else []
    small = [random.randrange(0, 4), random.randrange(8, 24), random.randrange(24, 50)]
    asked = [{"points": points or small, "swept": swept} for swept in (True, False)]
    with ThreadPoolExecutor(2) as pool:
        results = [result(ended) for ended in pool.map(lambda each: run(engine, **each), asked)]
    kills = sum((Counter(each["kills"]) for each in results), Counter())
    longest = max(count for each in results for count in each["points"].values())
    assert set(kills) == VERBS
    assert longest <= LONGEST
    assert sum(kills.values()) >= (2000 if FULL else 25)
    found(
        "kills", kills=sum(kills.values()), signatures=sum(each["signatures"] for each in results),
        void_numbers=sum(each["void"] for each in results), signed_but_unrecorded=0, signed_twice=0,
        **{f"kills of {name}": count for name, count in sorted(kills.items())},
    )  # fmt: skip


def test_kill_harness_detects_double_signature(engine: Engine) -> None:
    """Without the guard on the attempt, a signing cut off after its signature is signed again."""
    ended = run(engine, points=[44, 46, 48], swept=False, broken=True)  # one of these is after the signature
    assert ended.returncode != 0
    assert "len(signed) == len(set(signed))" in ended.stderr, ended.stderr[-3000:]
