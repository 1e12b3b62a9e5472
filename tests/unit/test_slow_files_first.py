"""Files that take long are handed out first by `make test`, and stay whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from local.engine import ROOT


@dataclass(frozen=True)
class Item:
    """As much of pytest's as the order looks at."""

    path: Path
    name: str
    marks: tuple[str, ...] = ()

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def test_the_slow_then_the_pages_then_the_others(request: pytest.FixtureRequest) -> None:
    (ours,) = [
        each for each in request.config.pluginmanager.get_plugins()
        if getattr(each, "__file__", None) == str(ROOT / "tests" / "conftest.py")
    ]  # fmt: skip
    made = [
        Item(Path("a"), "1"), Item(Path("b"), "2", ("browser",)), Item(Path("c"), "3"), Item(Path("c"), "4", ("slow",)),
        Item(Path("a"), "5"), Item(Path("b"), "6", ("browser",)),
    ]  # fmt: skip
    ours.pytest_collection_modifyitems(items=made)
    assert "".join(item.name for item in made) == "342615"


def test_the_workers_keep_that_order() -> None:
    (line,) = [each for each in (ROOT / "Makefile").read_text().splitlines() if "--dist loadfile" in each]
    assert "--no-loadscope-reorder" in line
