"""docs/PROOF.md, from which the next run, also on another machine, reads the passed proofs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import proof
import soak
from soak import PROOFS, Proof, Result

FOUND = {each.name: Result() for each in PROOFS} | {
    "race": Result("passed", 1234.5, "races 500; winners 500", "978bae4d3021"),
    "traffic": Result("failed", 61.0, "", "978bae4d3021-changed"),
}


def test_next_run_reads_results_from_proof_document() -> None:
    read = soak.earlier_results(soak.document(FOUND))
    assert read == {
        "race": Result("passed", 1234.0, "races 500; winners 500", "978bae4d3021"),
        "traffic": FOUND["traffic"],
    }
    assert soak.document({each.name: read.get(each.name, Result()) for each in PROOFS}) == soak.document(FOUND)


def test_results_of_another_seed_are_ignored() -> None:
    assert soak.earlier_results(soak.document(FOUND).replace(f"Seed {proof.SEED},", "Seed 7,")) == {}
    assert soak.earlier_results("") == {}


def test_proof_above_its_time_limit_leaves_no_process(tmp_path: Path) -> None:
    hangs = tmp_path / "test_hangs.py"
    hangs.write_text(
        "import subprocess, sys\n"
        "def test_hangs():\n"
        f"    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {str(tmp_path)!r}]).wait()\n"
    )
    result = soak.run(Proof("hangs", "", (str(hangs),), 1), tmp_path, 0.08, "abc")
    assert result.state == "failed"
    assert "ended after" in (tmp_path / "hangs.log").read_text()
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False)
    assert left.stdout == ""
