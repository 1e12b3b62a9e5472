"""The version, equal in all places: a ticket names one, and a change is found under it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from typer.testing import CliRunner

from chalicelib import __version__
from chalicelib.composition.main import app

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_version_is_the_same_everywhere() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__
    released = re.findall(r"^## \[([0-9.]+)\]", CHANGELOG, re.MULTILINE)
    assert released[0] == __version__


def test_command_line_version_option_prints_the_version() -> None:
    answer = CliRunner().invoke(app, ["--version"])
    assert (answer.exit_code, answer.stdout) == (0, f"tamga {__version__}\n")


def test_changelog_has_one_line_a_change_within_160_characters() -> None:
    lines = CHANGELOG.splitlines()
    assert [line for line in lines if len(line) > 160 or line.startswith("  ")] == []


def test_changelog_begins_with_unreleased_changes() -> None:
    assert re.findall(r"^## \[(\w+)", CHANGELOG, re.MULTILINE)[0] == "Unreleased"
