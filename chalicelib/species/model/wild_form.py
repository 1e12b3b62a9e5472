"""Wild forms of domestic animals: a line under the domestic name whose facts say that the animal was a wild one.

The Appendices list wild forms such as *Bos mutus* and leave out the domestic animal, whose name is *Bos grunniens*.
"""

from __future__ import annotations

from chalicelib.kernel.codes import Purpose, counted_source
from chalicelib.species.model.listing import Taxon

TROPHY = "TRO"

FROM_THE_WILD = frozenset("WRX")  # from the wild, ranched, or taken in the sea


def listed_wild_forms(taxon: Taxon) -> tuple[str, ...]:
    """Names of the listed wild forms, if the entry is a domestic animal that is not listed itself."""
    return taxon.unlisted.wild if taxon.appendix == 0 and taxon.unlisted else ()


def is_of_wild_animal(source: str | None, term: str | None, purpose: str | None) -> bool:
    """True if source, term or purpose says that the animal lived in the wild. A fact that is missing says nothing."""
    return counted_source(source) in FROM_THE_WILD or term == TROPHY or purpose == Purpose.HUNTING_TROPHY
