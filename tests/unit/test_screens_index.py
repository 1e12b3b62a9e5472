"""Pictures of the screens: shown in docs/SCREENS.md and the README, and small."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEPT = {path.stem: path.stat().st_size for path in (DOCS / "images/screens").glob("*.png")}


def shown(path: Path) -> set[str]:
    return set(re.findall(r"images/screens/([a-z-]+)\.png", path.read_text("utf-8")))


def test_each_picture_is_in_the_index() -> None:
    assert shown(DOCS / "SCREENS.md") == set(KEPT)
    assert shown(DOCS.parent / "README.md") <= set(KEPT)


def test_folder_of_pictures_is_small() -> None:
    assert sum(KEPT.values()) < 4_000_000  # bytes
