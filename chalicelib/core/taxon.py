"""What stands in the species list: an entry, its populations, what changed for it, and what is suspended."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from chalicelib.core.countries import OF_NO_COUNTRY
from chalicelib.core.sources import among

# Why officers here meet it: lives here, lived here, is taken for one that does, is traded most. Empty: hardly.
GROUPS = ("native", "extinct", "look-alike", "traded")


@dataclass(frozen=True, slots=True)
class Population:
    """How the Appendices split an entry by country of origin: `appendix` for goods of `origins`, `others` for the rest.

    Left to who knows the province or subspecies: goods of the countries in `open`, and of the rest where `others` is
    None.
    """

    appendix: int
    origins: frozenset[str]
    others: int | None
    open: frozenset[str] = frozenset()
    note: str = ""
    source: str = ""
    as_of: str = ""

    def fits(self, listing: Collection[int]) -> bool:
        """Whether an entry in these Appendices still has those of the split."""
        return self.appendix in listing and (self.others is None or self.others in listing)

    def settles(self, listing: Collection[int]) -> bool:
        """Whether the country of origin decides between these Appendices, but for a few that are left open."""
        return self.others is not None and self.fits(listing) and set(listing) == {self.appendix, self.others}

    def of(self, origin: str) -> int | None:
        """The Appendix for goods of this country, None where it is left open; of no country: the strictest."""
        if origin in OF_NO_COUNTRY:
            return strictest_of(each for each in (self.appendix, self.others) if each is not None)
        if origin in self.open:
            return None
        return self.appendix if origin in self.origins else self.others


@dataclass(frozen=True, slots=True)
class Taxon:
    """One entry. `appendix` 0..3 (0: not listed) as it applies in Kyrgyzstan; `may_be`: other Appendices that some
    population or subspecies of it has. `listed_by`: the country that listed it in Appendix III. `names`: en, ru, ky.
    `rank`: species, subspecies, genus (a genus entry speaks for all its species) or a higher one. `also`: further
    common names, to be found by. `group`: why officers here meet it (`GROUPS`), "" if they hardly do. `decided`: what
    the Scientific Authority decided where the Appendices leave it open; an import leaves such an entry as it is.
    `population`: the split by country, where there is one. `range_states`: countries that it is known from, and who
    says so; empty: it is not on record here, which says nothing about any country.
    """

    scientific_name: str
    appendix: int
    kingdom: str
    rank: str = "species"
    class_name: str = ""
    order: str = ""
    family: str = ""
    synonyms: tuple[str, ...] = ()
    may_be: frozenset[int] = frozenset()
    listed_by: str | None = None
    annotation: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    also: tuple[str, ...] = ()
    group: str = ""
    decided: str = ""
    source: str = ""
    as_of: str = ""
    population: Population | None = None
    range_states: frozenset[str] = frozenset()
    range_source: str = ""

    def of(self, origin: str) -> Taxon:
        """The entry as it holds for goods of this country; of none, or of one that is left open, the strictest."""
        told = self.population.of(origin) if self.population else None
        if told is not None:
            return replace(self, appendix=told, may_be=frozenset())
        if self.population or origin in OF_NO_COUNTRY:
            every = {self.appendix, *self.may_be}
            first = strictest_of(every)
            others = frozenset() if origin in OF_NO_COUNTRY else frozenset(every - {first})
            return replace(self, appendix=first, may_be=others)
        return self


def strictest_of(appendices: Iterable[int]) -> int:
    """Appendix I before II before III before 0, not listed."""
    return min(appendices, key=lambda each: each or 4)


class Event(NamedTuple):
    """What changed for an entry on a day, in words, and where that stands.

    `before`, `after`: the Appendix until that day and from it on, 0 for none; None where it did not change.
    """

    day: str
    what: str
    source: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """No document for these goods from `since` until before `until`; an empty set means any. `reasons`: in ru, ky.

    An origin that names no country may be any.
    """

    taxon: str
    kinds: frozenset[str]
    sources: frozenset[str]
    purposes: frozenset[str]
    origins: frozenset[str]
    since: date
    until: date | None
    reason: str
    source: str
    reasons: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def id(self) -> str:
        """`saiga-tatarica-2019-11-26-6f1e...`: taxon, first day, and a digest of its scope and source."""
        scope = (sorted(each) for each in (self.kinds, self.sources, self.purposes, self.origins))
        digest = hashlib.sha256(repr((*scope, self.source)).encode()).hexdigest()[:12]
        return f"{self.taxon.lower().replace(' ', '-')}-{self.since}-{digest}"

    def forbids(self, kind: str, source: str, purpose: str, origin: str, today: date) -> bool:
        return (
            self.since <= today
            and (self.until is None or today < self.until)
            and (not self.kinds or kind in self.kinds)
            and (not self.sources or among(source, self.sources))
            and (not self.purposes or purpose in self.purposes)
            and (not self.origins or origin in self.origins or origin in OF_NO_COUNTRY)
        )
