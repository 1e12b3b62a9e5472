"""Annotations of the Appendices: which goods of a listed taxon are outside its listing.

The shells of the module: every listed taxon counts as listed whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Covered(StrEnum):
    """Whether goods are in the listing of their taxon, outside it, or a person must say."""

    LISTED = "listed"
    OUTSIDE = "outside"
    ASK = "ask"


class Coverage(NamedTuple):
    """The result for goods. `why`: code of the rule that decides, "" without one."""

    result: Covered
    why: str = ""


@dataclass(frozen=True, slots=True)
class AnnotatedGoods:
    """Goods of one taxon, as far as an annotation may depend on them. A fact that is not known is "" or None.

    `symbol`, `excepts`: of the entry (`Taxon`). `taxon`, `family`: scientific names. `form`: the state of the goods
    that an annotation names (`retail`, `fossil` ...).
    """

    symbol: str
    excepts: frozenset[str] = frozenset()
    taxon: str = ""
    family: str = ""
    term: str = ""
    form: str = ""
    origin: str = ""
    source: str = ""
    quantity: str | None = None
    unit: str | None = None


def form_needed(goods: AnnotatedGoods, day: date) -> tuple[str, ...]:
    """Forms that decide whether these goods are listed on this day, or none if no form decides."""
    return ()


def covered(goods: AnnotatedGoods, day: date) -> Coverage:
    """Whether the listing of the taxon covers these goods on this day."""
    return Coverage(Covered.LISTED)
