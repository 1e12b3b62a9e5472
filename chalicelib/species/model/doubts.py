"""Reasons why an entry is not certain, as far as they matter for a movement of goods.

The answer about required documents and the rules of an application both use it. web/core/requirements.js computes the
same.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.species.model.listing import Open

APPENDIX_III = 3


def doubts_that_matter(open_: Iterable[Open], appendix: int, *, imported: bool) -> tuple[Open, ...]:
    """The reasons why the entry is not certain that matter, sorted.

    Which country listed a taxon in Appendix III (`party`) matters for an import only: then the country that the goods
    come from gives a permit or a certificate.
    """
    party = appendix == APPENDIX_III and imported
    return tuple(sorted(each for each in set(open_) if each != Open.PARTY or party))
