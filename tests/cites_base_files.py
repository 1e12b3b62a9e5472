"""Tables of the base, of the country's own overlay and of the unlisted kinds, as rows of text."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "chalicelib" / "data"
BASE = DATA / "cites"
OVERLAY = DATA


@cache
def rows_of(file: Path) -> tuple[dict[str, str], ...]:
    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream, strict=True))


def cells(text: str) -> list[str]:
    return text.split("; ") if text else []


@cache
def taxa() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in rows_of(BASE / "taxa.csv")}


@cache
def synonyms() -> dict[str, str]:
    """Synonym in lower case -> accepted name."""
    return {each.lower(): row["name"] for row in taxa().values() for each in cells(row["synonyms"])}


def listing_of(row: dict[str, str]) -> set[str]:
    return {row["appendix"], *cells(row["parts"])}
