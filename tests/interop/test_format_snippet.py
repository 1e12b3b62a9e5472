"""The ten lines of FORMAT.md verify our example with python-cwt, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from vectors import craft, format_examples

ROOT = Path(__file__).resolve().parents[2]


def run(text: str, by: str = "KG permit") -> subprocess.CompletedProcess[str]:
    x, y = (part.hex() for part in craft.point(by))
    command = [ROOT / ".venv-cwt/bin/python", "-c", format_examples.SNIPPET, text, x, y, craft.kid(by).hex()]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_example_is_verified() -> None:
    done = run(craft.text())
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == craft.payload().hex()


@pytest.mark.parametrize("at", [40, 321])  # in the payload, in the signature
def test_a_bent_one_is_not(at: int) -> None:
    bent = bytearray(craft.token())
    bent[at] ^= 1
    done = run(f"https://tamga.kg/1#{craft.digits(bytes(bent))}")
    assert done.returncode != 0
    assert "VerifyError" in done.stderr
