"""Lock files: every installed package has a hash, and the locks agree with the requirements."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.engine import ROOT
from local.package import lock

HASH = "--hash=sha256:" + "0" * 64


def pair(folder: Path, locked: str, wanted: str = "six==1.17.0\n") -> tuple[Path, Path]:
    requirements = folder / "requirements.txt"
    requirements.write_text(wanted)
    if locked:
        requirements.with_suffix(".lock").write_text(locked)
    return requirements, requirements.with_suffix(".lock")


@pytest.mark.parametrize("each", lock.pairs(), ids=lambda each: each[1].name)
def test_lock_matches_requirements(each: tuple[Path, Path]) -> None:
    assert lock.differences(*each) == [], "make lock"


def test_every_environment_is_installed_from_a_lock() -> None:
    """No environment of the Makefile is installed from anything else, and pip compares the hashes."""
    made = [line for line in (ROOT / "Makefile").read_text().splitlines() if "local/make-venv" in line]
    assert len(made) >= 4
    assert all(line.rstrip().endswith(".lock") for line in made)
    assert "--require-hashes" in (ROOT / "local" / "make-venv").read_text()


def test_runtime_and_development_locks_agree() -> None:
    tools = lock.pins(ROOT / "requirements-dev.lock")
    assert {name: tools[name] for name in lock.pins(ROOT / "requirements.lock")} == lock.pins(
        ROOT / "requirements.lock"
    )


def test_lock_has_wheels_for_both_lambda_architectures() -> None:
    """pydantic-core has one file for each platform, so more hashes than one platform needs."""
    assert all(len(lock.hashes(ROOT / "requirements.lock")[name]) > 10 for name in ("pydantic-core", "cbor2", "pillow"))


@pytest.mark.parametrize(
    ("locked", "said"),
    [
        ("", "is missing"),
        (f"six==1.16.0 {HASH}\n", "six is 1.16.0"),
        (f"attrs==1.0 {HASH}\n", "six is not there"),
        ("six==1.17.0\n", "no hash"),
        (f"--index-url https://registry.example/simple\nsix==1.17.0 {HASH}\n", "--index-url"),
        (f"six @ https://registry.example/six.whl {HASH}\n", "registry.example"),
    ],
)
def test_faulty_lock_is_reported(tmp_path: Path, locked: str, said: str) -> None:
    assert any(said in fault for fault in lock.differences(*pair(tmp_path, locked)))


def test_comments_and_other_platforms_are_skipped(tmp_path: Path) -> None:
    text = f"# one\nsix==1.17.0 \\\n    {HASH}\ncolorama==0.4.6 ; sys_platform == 'win32' {HASH}\n"
    requirements, locked = pair(tmp_path, text, "six==1.17.0  # why\n")
    assert lock.differences(requirements, locked) == []
    assert lock.pins(locked) == {"six": "1.17.0"}
    assert lock.hashes(locked)["six"] == ["0" * 64]
