"""Size, seed and results of a proof in this run: small in `make test`, full in `make soak`."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

FULL = os.environ.get("TAMGA_SOAK") == "full"
SEED = int(os.environ.get("TAMGA_SEED") or 20261125)


def size(small: int, full: int) -> int:
    """Number of cases: `full` under `make soak`, `small` under `make test`."""
    return full if FULL else small


def rng(name: str) -> random.Random:
    """The proof's own random numbers: the same in every run with the same TAMGA_SEED, in any order of proofs."""
    return random.Random(f"{SEED} {name}")


def found(proof: str, **figures: int | float | str) -> None:
    """Report the figures of a proof, for its log and for the table that `make soak` writes."""
    print(f"{proof} (seed {SEED}):", ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items()))
    folder = os.environ.get("TAMGA_SOAK_FOUND")
    if folder:
        path = Path(folder) / f"{proof}.json"
        held = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(held | figures))
