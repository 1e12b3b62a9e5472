"""Order of `make test`: slow files are distributed first and stay together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from local.engine import ROOT


@dataclass(frozen=True)
class Item:
    """The members of a pytest item that the order uses."""

    path: Path
    name: str
    marks: tuple[str, ...] = ()

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def test_slow_files_come_first_then_pages_then_others(request: pytest.FixtureRequest) -> None:
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


def test_workers_keep_the_order() -> None:
    (line,) = [each for each in (ROOT / "Makefile").read_text().splitlines() if "--dist loadfile" in each]
    assert "--no-loadscope-reorder" in line
