"""What the species list says about a name: accepted name, Appendix, kingdom, and what is suspended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Taxon:
    """One entry. `appendix` 0..3 (0: not listed) as it applies in Kyrgyzstan; `may_be`: other Appendices that some
    population or subspecies of it has. `listed_by`: the country that listed it in Appendix III. `names`: en, ru, ky.
    `rank`: species, subspecies or genus (a genus entry speaks for all its species).
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
    names: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """No document for these goods from `since` until before `until`; an empty set means any."""

    taxon: str
    kinds: frozenset[str]
    sources: frozenset[str]
    purposes: frozenset[str]
    origins: frozenset[str]
    since: date
    until: date | None
    reason: str
    source: str

    def forbids(self, kind: str, source: str, purpose: str, origin: str, today: date) -> bool:
        return (
            self.since <= today
            and (self.until is None or today < self.until)
            and (not self.kinds or kind in self.kinds)
            and (not self.sources or source in self.sources)
            and (not self.purposes or purpose in self.purposes)
            and (not self.origins or origin in self.origins)
        )


class Listing:
    """The list of one date. Names are found whatever their case and spacing, by accepted name or synonym."""

    def __init__(self, taxa: Iterable[Taxon], restrictions: Iterable[Restriction] = (), as_of: str = "") -> None:
        """Raises ValueError if two entries claim one name."""
        self.as_of = as_of
        self.taxa = tuple(taxa)
        self.restrictions = tuple(restrictions)
        names: dict[str, Taxon] = {}
        for taxon in self.taxa:
            for name in (taxon.scientific_name, *taxon.synonyms):
                if _key(name) in names:
                    raise ValueError(f"two entries for {name}")
                names[_key(name)] = taxon
        self._names = MappingProxyType(names)

    def find(self, name: str) -> Taxon | None:
        """The entry for a name: itself, else (a subspecies) its species', else its genus's; None if there is none.

        An entry found through its species or genus comes back under the name asked for, in the usual case.
        """
        words = _key(name).split()
        if not words or len(words) > 4:
            return None
        exact = self._names.get(" ".join(words))
        if exact is not None:
            return exact
        parents = [" ".join(words[:2])] if len(words) > 2 else []
        for parent in (*parents, words[0]):
            taxon = self._names.get(parent)
            if taxon is not None:
                if words[1:] in (["spp."], ["sp."], ["spp"], ["sp"]):
                    return taxon
                rank = "subspecies" if len(words) > 2 else "species"
                return replace(taxon, scientific_name=_renamed(taxon, parent, words), rank=rank, synonyms=())
        return None

    def restricted(self, taxon: Taxon) -> tuple[Restriction, ...]:
        """What is suspended for the taxon, or for the species or genus that it belongs to."""
        words = taxon.scientific_name.lower().split()
        own = {" ".join(words[:count]) for count in range(1, len(words) + 1)}
        return tuple(restriction for restriction in self.restrictions if restriction.taxon.lower() in own)

    def search(self, text: str, limit: int = 20) -> tuple[Taxon, ...]:
        """Entries with the text in a scientific or common name, in the order of the list."""
        wanted = _key(text)
        found = (
            taxon
            for taxon in self.taxa
            if any(
                wanted in name.casefold() for name in (taxon.scientific_name, *taxon.synonyms, *taxon.names.values())
            )
        )
        return tuple(taxon for taxon, _ in zip(found, range(limit), strict=False)) if wanted else ()


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _renamed(taxon: Taxon, parent: str, words: list[str]) -> str:
    """The accepted species or genus with the asked subspecies or species: a synonym's ending moves to it."""
    return " ".join([taxon.scientific_name, *words[len(parent.split()) :]])
