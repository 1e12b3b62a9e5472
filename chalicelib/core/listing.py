"""What the species list says about a name: accepted name, Appendix, kingdom, and what is suspended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from chalicelib.core.name_search import PARENTS_AT_MOST, NameSearch, crossed, parents
from chalicelib.core.taxon import GROUPS, Event, Restriction, Taxon


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and the name of it that was found."""

    taxon: Taxon
    name: str


class Listing:
    """The list of one date. Names are found whatever their case and spacing, by accepted name or synonym.

    What is suspended is kept under its accepted name.
    """

    def __init__(
        self,
        taxa: Iterable[Taxon],
        restrictions: Iterable[Restriction] = (),
        as_of: str = "",
        version: str = "",
        history: Mapping[str, tuple[Event, ...]] = MappingProxyType({}),
    ) -> None:
        """`version`: the same for the same content. `history`: what became of an entry, by its accepted name.

        Raises ValueError if two entries claim one name.
        """
        self.as_of = as_of
        self.version = version
        self.taxa = tuple(taxa)
        names: dict[str, Taxon] = {}
        for taxon in self.taxa:
            for name in (taxon.scientific_name, *taxon.synonyms):
                if _key(name) in names:
                    raise ValueError(f"two entries for {name}")
                names[_key(name)] = taxon
        self._names = MappingProxyType(names)
        synonyms_first = sorted(history, key=lambda name: self._entry_of(name) == name)
        self._history = {self._entry_of(name): history[name] for name in synonyms_first}
        self.restrictions = tuple(replace(rule, taxon=self.accepted(rule.taxon) or rule.taxon) for rule in restrictions)

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
                if taxon.rank not in {"genus", "species"}:
                    return None
                rank = "subspecies" if len(words) > 2 else "species"
                return replace(taxon, scientific_name=_renamed(taxon, parent, words), rank=rank, synonyms=())
        return None

    def restricted(self, taxon: Taxon) -> tuple[Restriction, ...]:
        """What is suspended for the taxon, or for what is above it."""
        own = lineage(taxon)
        return tuple(restriction for restriction in self.restrictions if restriction.taxon.lower() in own)

    def accepted(self, name: str) -> str | None:
        """The accepted name of a taxon, or a genus, family, order or class as the list has it; `spp.` is left out."""
        plain = re.sub(r" +spp?\.?$", "", _key(name))
        found = self.find(plain)
        if found is not None:
            return found.scientific_name
        ranks = (
            each
            for taxon in self.taxa
            for each in (taxon.scientific_name.split()[0], taxon.family, taxon.order, taxon.class_name)
        )
        return next((each for each in ranks if plain and each.lower() == plain), None)

    def has(self, name: str) -> bool:
        """Whether an entry has this very name, as its own or as a synonym."""
        return _key(name) in self._names

    def below(self, name: str) -> tuple[Taxon, ...]:
        """The entries of a genus, species, family, order or class, its own among them; also by their synonyms."""
        return self._below.get(_key(name), ())

    @cached_property
    def _below(self) -> Mapping[str, tuple[Taxon, ...]]:
        found: dict[str, list[Taxon]] = {}
        for taxon in self.taxa:
            for name in frozenset().union(lineage(taxon), *(prefixes(each) for each in taxon.synonyms)):
                found.setdefault(name, []).append(taxon)
        return {name: tuple(taxa) for name, taxa in found.items()}

    def history_of(self, taxon: Taxon) -> tuple[Event, ...]:
        """What became of it, the newest last."""
        return self._history.get(taxon.scientific_name, ())

    def in_force(self, taxon: Taxon, year: int) -> frozenset[int] | None:
        """The Appendices that its history has for a year, 0 for none; None where that says nothing of the year: after
        the last change the list itself speaks."""
        changes = [(int(each.day[:4]), each.before, each.after) for each in self._relisted(taxon)]
        coming = [each for each in changes if each[0] >= year]
        if not coming:
            return None
        within = [after for at, _, after in coming if at == year]
        return frozenset(each for each in (coming[0][1], *within) if each is not None)

    def known_since(self, taxon: Taxon) -> tuple[str, str] | None:
        """The earliest day on which it is known to have been in an Appendix, and who says so: its first listing is
        that day or before. None where some of it may be in none."""
        if not all((taxon.appendix, *taxon.may_be)):
            return None
        events = self._relisted(taxon) or self._listed_with(taxon)
        known = [(each.day, each.source) for each in events if each.before or each.after]
        return min((*known, (taxon.as_of or self.as_of, taxon.source)))

    def _listed_with(self, taxon: Taxon) -> tuple[Event, ...]:
        """The changes of the family, order or class that it is in; what is in III was left out of such a listing."""
        groups = (taxon.family, taxon.order, taxon.class_name) if taxon.appendix in {1, 2} else ()
        return next((events for each in groups if (events := self._moved(each))), ())

    def _relisted(self, taxon: Taxon) -> tuple[Event, ...]:
        """The changes of Appendix of the entry, else of what it is in by its name."""
        words = taxon.scientific_name.split()
        names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
        return next((self._moved(name) for name in names if name in self._history), ())

    def _moved(self, name: str) -> tuple[Event, ...]:
        return tuple(each for each in self._history.get(name, ()) if each.after is not None)

    def _entry_of(self, name: str) -> str:
        """What the list calls a name of the release's tables: an uploaded list may know it as a synonym."""
        taxon = self._names.get(_key(name))
        return taxon.scientific_name if taxon else name

    def by_id(self, species_id: str) -> Found | None:
        """The entry of an address: a name of it in lower case, hyphens for spaces (`falco-cherrug`)."""
        known = self._ids.get(species_id)
        if known is None:
            taxon = self.find(species_id.replace("-", " "))
            return Found(taxon, taxon.scientific_name) if taxon else None
        return known

    @cached_property
    def _ids(self) -> Mapping[str, Found]:
        return {
            name.lower().replace(" ", "-"): Found(taxon, name)
            for taxon in self.taxa
            for name in (*taxon.synonyms, taxon.scientific_name)
        }

    def search(self, text: str, limit: int = 20) -> tuple[Found, ...]:
        """Entries with a name like this in any language, the best first (`name_search.py`); a name that the list knows
        only through its species or genus stands for that one. Of a hybrid its first four parents, the strictest first.
        """
        if sum(map(bool, crossed(text))) > 1:  # treated as the strictest (Conf. 10.17 (Rev. CoP14))
            first = [" ".join(words) for words in parents(text)[:PARENTS_AT_MOST]]
            each = {hit.taxon.scientific_name: hit for parent in first for hit in self.search(parent, 1)}
            return tuple(sorted(each.values(), key=lambda hit: hit.taxon.appendix or 4))
        best = self._search.find(text, limit)
        if not best and (known := self.find(text)):
            return (Found(known, known.scientific_name),)
        return tuple(Found(self.ranked[entry], self._all_names[entry][place]) for entry, place in best)

    @cached_property
    def ranked(self) -> tuple[Taxon, ...]:
        """Those that live here before their look-alikes, and so on: of names that fit alike the nearer one is meant."""
        return tuple(sorted(self.taxa, key=lambda each: (*GROUPS, "").index(each.group)))

    @cached_property
    def _search(self) -> NameSearch:
        return NameSearch(self._all_names)

    @cached_property
    def _all_names(self) -> list[tuple[str, ...]]:
        return [(each.scientific_name, *each.synonyms, *each.names.values(), *each.also) for each in self.ranked]


def lineage(taxon: Taxon) -> frozenset[str]:
    """The taxon and what is above it, in lower case: genus, species, subspecies of the name, family, order, class."""
    above = {each.lower() for each in (taxon.family, taxon.order, taxon.class_name) if each}
    return prefixes(taxon.scientific_name) | above


def prefixes(name: str) -> frozenset[str]:
    """`Ovis ammon polii`: ovis, ovis ammon, ovis ammon polii."""
    words = _key(name).split()
    return frozenset(" ".join(words[:count]) for count in range(1, len(words) + 1))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _renamed(taxon: Taxon, parent: str, words: list[str]) -> str:
    """The accepted species or genus with the asked subspecies or species: a synonym's ending moves to it."""
    return " ".join([taxon.scientific_name, *words[len(parent.split()) :]])
