"""Whether goods of a taxon may come from a country: its range States, its split by country, and how far it lives."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from chalicelib.kernel.codes import counted_source
from chalicelib.kernel.countries import OF_NO_COUNTRY
from chalicelib.kernel.regions import far_from
from chalicelib.species.model.listing import Population

# Taken from the wild or ranched. A specimen born in captivity (F), or of assisted production (Y), may be from anywhere.
LIVED_WILD = frozenset({"W", "R"})


def lives_in(country: str, split: Population | None, range_states: Collection[str]) -> bool:
    """True if the range of the taxon, or its split by country of origin, names this country."""
    return country in range_states or (split is not None and country in split.origins | split.open)


class RangeResult(StrEnum):
    """`outside`: its native range does not have the country. `far`: also, the range is certain, no range State lies
    near, and no introduced population is known there.
    """

    FITS = "fits"
    OUTSIDE = "outside"
    FAR = "far"


def compare_range(
    source: str | None,
    origin: str | None,
    range_states: Collection[str],
    *,
    sure: bool,
    introduced: Collection[str] = (),
) -> RangeResult:
    """Compare goods of this source and country of origin with the native range of their taxon.

    They fit without an origin that names a country, without a range on record, and if they did not live in the wild. A
    seized specimen without a second source code, or with an unknown source, counts as wild.
    """
    if not origin or origin in OF_NO_COUNTRY or not range_states or origin in range_states:
        return RangeResult.FITS
    if counted_source(source) not in LIVED_WILD:
        return RangeResult.FITS
    far = sure and origin not in introduced and far_from(origin, range_states)
    return RangeResult.FAR if far else RangeResult.OUTSIDE
