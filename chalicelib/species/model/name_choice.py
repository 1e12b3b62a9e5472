"""Names that are split by country: the taxa that a specimen of the old name may be (`data/name_choices.csv`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class NameChoice(NamedTuple):
    """A taxon that goods named `name` from the country `origin` may be.

    `choose`: its accepted name. `range`: where it lives, in English. `source`: who says so.
    """

    name: str
    origin: str
    choose: str
    range: str
    source: str


def read_choices(rows: Iterable[Mapping[str, str]]) -> tuple[NameChoice, ...]:
    return tuple(NameChoice(*(row[name] for name in NameChoice._fields)) for row in rows)
