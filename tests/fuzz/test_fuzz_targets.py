"""Fuzz targets of `make fuzz`, run on their seeds, on mutations of the seeds and on all past finds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import proof
import pytest
from fuzz.seeds import seeds
from fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"
MUTATIONS = {"qr": (300, 20_000), "cbor": (500, 50_000), "token": (200, 20_000), "lists": (40, 2_000),
             "json": (200, 10_000), "pdf": (4, 300), "image": (20, 1_000), "xml": (100, 10_000)}  # fmt: skip

# Bytes that are difficult for parsers.
STUMBLES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x9f\xbf\x5f\xff", b"99999999", b'""""')


@cache
def seeded(target: str) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(seeds(target)))


def all_of(target: str) -> None:
    for data in seeded(target):
        TARGETS[target](data)


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Change, cut out or double a few bytes, or write some of STUMBLES over them."""
    bent = bytearray(data)
    for _ in range(rng.randrange(1, 5)):
        at, length = rng.randrange(len(bent) + 1), rng.randrange(1, 20)
        match rng.randrange(5):
            case 0:
                bent[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del bent[at : at + length]
            case 2:
                bent[at:at] = bent[at : at + length]
            case 3:
                bent[at : at + 4] = rng.choice(STUMBLES)
            case _:
                bent[at:at] = rng.randbytes(length)
    return bytes(bent)


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_mutations_raise_nothing_in_time(target: str) -> None:
    rng, slowest = proof.rng(f"fuzz {target}"), 0.0
    every = seeded(target)
    inputs = [*every, *(mutated(rng, rng.choice(every)) for _ in range(proof.size(*MUTATIONS[target])))]
    for data in inputs:
        began = time.process_time()
        TARGETS[target](data)
        slowest = max(slowest, time.process_time() - began)
    assert slowest < 2 or target == "pdf"  # the process around it limits the time of a page
    proof.found("fuzz", **{f"{target} inputs": len(inputs), f"{target} faults": 0})


def test_past_finds_raise_nothing() -> None:
    for path in sorted(FOUND.glob("*/*")):
        print(path)
        TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this machine")
def test_atheris_finds_nothing() -> None:
    command = [sys.executable, str(Path(__file__).parent / "run.py"), "--seconds", str(proof.size(2, 90))]
    chosen = [] if proof.FULL else ["--target", "qr"]
    done = subprocess.run(
        [*command, *chosen], cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT}/tests"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    inputs = {line.split(":")[0]: int(line.split()[1]) for line in done.stdout.splitlines() if " inputs, " in line}
    assert all(inputs.values())
    proof.found("fuzz", atheris_finds=0, **{f"{name} by atheris": count for name, count in inputs.items()})


def test_seeds_detect_verifier_that_accepts_every_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The targets can fail, because the seeds alone find this fault."""
    from chalicelib.token import cose

    monkeypatch.setattr(cose, "verify", lambda *_: True)
    with pytest.raises(AssertionError):
        all_of("lists")
