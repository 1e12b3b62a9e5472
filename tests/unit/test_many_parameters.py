"""Functions with more than five parameters: each says why (docs/CONTRIBUTING.md, "What every change has")."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
PRESENT = re.compile(r"# noqa:.*PLR0913(?P<reason> - [\w`].+)?")


def test_exceptions_from_five_parameters_say_why() -> None:
    paths = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    missing = [
        str(path)
        for path in paths
        for found in PRESENT.finditer((PACKAGE / path).read_text("utf-8"))
        if not found["reason"]
    ]
    assert missing == []
