"""The version, equal in all places: a ticket names one, and a change is found under it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from chalicelib import __version__

ROOT = Path(__file__).parents[2]


def test_version_is_the_same_everywhere() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__
    released = re.findall(r"^## \[([0-9.]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert released[0] == __version__
