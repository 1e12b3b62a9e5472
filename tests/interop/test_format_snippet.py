"""The ten lines of code in FORMAT.md verify the example with python-cwt alone."""

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


def test_snippet_verifies_the_example() -> None:
    done = run(craft.text())
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == craft.payload().hex()


@pytest.mark.parametrize("at", [40, 321])  # a byte of the payload, a byte of the signature
def test_snippet_rejects_changed_byte(at: int) -> None:
    bent = bytearray(craft.token())
    bent[at] ^= 1
    done = run(f"https://tamga.kg/1#{craft.digits(bytes(bent))}")
    assert done.returncode != 0
    assert "VerifyError" in done.stderr
