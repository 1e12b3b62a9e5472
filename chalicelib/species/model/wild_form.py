"""Wild forms of domestic animals: a line under the domestic name whose facts say that the animal was a wild one.

The Appendices list wild forms such as *Bos mutus* and leave out the domestic animal, whose name is *Bos grunniens*.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.kernel.codes import Purpose, counted_source
from chalicelib.species.model.listing import Taxon

TROPHY = "TRO"

FROM_THE_WILD = frozenset("WRX")  # from the wild, ranched, or taken in the sea


def listed_wild_forms(taxa: Iterable[Taxon]) -> tuple[str, ...]:
    """Names of the listed wild forms of the domestic animals among the taxa of a name, none of which is listed itself.

    A hybrid has several taxa. If one of them is listed, its Appendix counts.
    """
    taxa = tuple(taxa)
    if any(each.appendix for each in taxa):
        return ()
    return tuple(dict.fromkeys(name for each in taxa if each.unlisted for name in each.unlisted.wild))


def is_of_wild_animal(source: str | None, term: str | None, purpose: str | None) -> bool:
    """True if source, term or purpose says that the animal lived in the wild. A fact that is missing says nothing."""
    return counted_source(source) in FROM_THE_WILD or term == TROPHY or purpose == Purpose.HUNTING_TROPHY
