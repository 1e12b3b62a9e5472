"""The species list of one date: entries, populations, history and suspensions, and the look-up by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.kernel.codes import applies_to_source
from chalicelib.kernel.countries import OF_NO_COUNTRY
from chalicelib.species.model.name_search import PARENTS_AT_MOST, NameSearch, crossed, parents

# Why officers here meet a taxon: it lives here, lived here, looks like one that does, or is traded most.
GROUPS = ("native", "extinct", "look-alike", "traded")

EVERY_DAY = date.max  # day of a list that knows no changes by date: it is the same on every day


class Open(StrEnum):
    """Reason why an entry is not certain. Whatever depends on it is `ask`."""

    DELAY = "delay"  # in force later; the day or the interim rule was not seen
    ANNOTATION = "annotation"  # the text of the annotation was not seen
    ONE_SOURCE = "one_source"  # only one of two sources has this state
    NAME = "name"  # the accepted name is not certain
    WITHDRAWN = "withdrawn"  # perhaps withdrawn from Appendix III
    PARTY = "party"  # the country that listed it in Appendix III is not known
    PART_OF_GENUS = "part_of_genus"  # the listing of the genus is for some of its species only
    CHANGE_DAY = "change_day"  # a change came into force on a day that is not known, near the day asked for
    PAST_UNKNOWN = "past_unknown"  # the day asked for is before the history of the list


class Unlisted(NamedTuple):
    """Why a kind that people ask about is not in the Appendices.

    `reason`: domestic, never_listed, withdrawn, outside (named as an exception of a listed group) or coming. `note`:
    one sentence, such as the wild form that is listed.
    """

    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Population:
    """Split of an entry by country of origin: `appendix` for goods from `origins`, `others` for the rest.

    The province or subspecies decides for countries in `open`, and for the rest where `others` is None. Then somebody
    who knows it has to choose the Appendix.
    """

    appendix: int
    origins: frozenset[str]
    others: int | None
    open: frozenset[str] = frozenset()
    note: str = ""
    source: str = ""
    as_of: str = ""

    def fits(self, listing: Collection[int]) -> bool:
        """True if an entry in these Appendices still has the Appendices of the split."""
        return self.appendix in listing and (self.others is None or self.others in listing)

    def settles(self, listing: Collection[int]) -> bool:
        """True if the country of origin decides between these Appendices, except for the countries in `open`."""
        return self.others is not None and self.fits(listing) and set(listing) == {self.appendix, self.others}

    def of(self, origin: str) -> int | None:
        """The Appendix for goods of this country, or None if it is left open.

        Without a country it is the strictest one.
        """
        if origin in OF_NO_COUNTRY:
            return strictest_of(each for each in (self.appendix, self.others) if each is not None)
        if origin in self.open:
            return None
        return self.appendix if origin in self.origins else self.others


@dataclass(frozen=True, slots=True)
class Taxon:
    """One entry of the species list.

    - `appendix`: 0 to 3 as it applies in Kyrgyzstan; 0 is not listed.
    - `may_be`: other Appendices that some population or subspecies of it has.
    - `rank`: species, subspecies, genus or a higher rank; a genus entry covers all its species.
    - `listed_by`: the country that listed it in Appendix III.
    - `names`: common names in en, ru, ky; `also`: further common names, for the search only.
    - `group`: the reason why officers here meet it (`GROUPS`), "" if they rarely do.
    - `decided`: the decision of the Scientific Authority where the Appendices leave it open. An import keeps the
      Appendix, the listing country and the annotation of such an entry.
    - `population`: the split by country of origin, if there is one.
    - `range_states`: countries where it is recorded, with `range_source`. Empty means that no range is on record here,
      which says nothing about any country. `range_sure`: it lives in no other country.
    - `also_listed_by`: further countries that listed it in Appendix III.
    - `symbol`: the number of its annotation (`#4`), "" without one. `excepts`: codes of what its listing leaves out
      (`fossils`, `domesticated` ...).
    - `since`: the day from which its Appendix is in force. `checked`: the day on which the entry was last compared with
      a second source. `basis`: code of the sources of the entry. "" if not known.
    - `open`: reasons why the entry is not certain.
    - `unlisted`: the reason why it is not listed, for a kind that people ask about.
    - `coming`: the next change of its Appendix, if one is decided.
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
    range_sure: bool = False
    also_listed_by: frozenset[str] = frozenset()
    symbol: str = ""
    excepts: frozenset[str] = frozenset()
    since: str = ""
    checked: str = ""
    basis: str = ""
    open: frozenset[Open] = frozenset()
    unlisted: Unlisted | None = None
    coming: Event | None = None

    @property
    def listed_by_all(self) -> frozenset[str]:
        """Every country that listed it in Appendix III."""
        return self.also_listed_by | ({self.listed_by} if self.listed_by else frozenset())

    def of(self, origin: str) -> Taxon:
        """The entry as it applies to goods of this country.

        The strictest Appendix applies to goods without a country of origin, and to a country that the split leaves
        open.
        """
        told = self.population.of(origin) if self.population else None
        if told is not None:
            return replace(self, appendix=told, may_be=frozenset())
        if self.population or (self.may_be and origin in OF_NO_COUNTRY):
            every = {self.appendix, *self.may_be}
            first = strictest_of(every)
            others = frozenset() if origin in OF_NO_COUNTRY else frozenset(every - {first})
            return replace(self, appendix=first, may_be=others)
        return self


def strictest_of(appendices: Iterable[int]) -> int:
    """The strictest of these Appendices: I before II before III before 0 (not listed)."""
    return min(appendices, key=lambda each: each or 4)


class Event(NamedTuple):
    """A change of an entry on a day, in words, with its source.

    `before` and `after`: the Appendix until that day and from that day on, 0 for not listed. Both are None if the
    Appendix did not change.
    """

    day: str
    what: str
    source: str
    before: int | None = None
    after: int | None = None


EXPORT_PERMIT = "E"


class RestrictedGoods(NamedTuple):
    """Goods that a restriction may be for, as a document states them.

    `kind`: of the document. `origin`: "" if not given. `term`: "" matches every rule. `exported_on`: the day on which
    they left their country of origin.
    """

    kind: str
    source: str
    purpose: str
    origin: str
    term: str = ""
    exported_on: date | None = None


class Effect(StrEnum):
    """What a restriction does with the goods that it is for: prohibit them, or ask the Management Authority."""

    STOP = "stop"
    ASK = "ask"


class Applies(StrEnum):
    """Result of a restriction for goods. `ask_origin`, `ask_exported_on`: this fact is missing and decides."""

    NO = "no"
    STOP = "stop"
    ASK = "ask"
    ASK_ORIGIN = "ask_origin"
    ASK_EXPORTED_ON = "ask_exported_on"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Suspension of documents for these goods, from `since` until the day before `until` (None: no end).

    An empty set means any kind, source, purpose, term or origin. An origin that names no country matches every origin.
    `except_origins`: countries of origin that it is not for. `exported_before`: it is for exports from the country of
    origin, so goods that left that country on a day outside `since` and `until` are not restricted. `reasons`: the
    reason in ru and ky.
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
    effect: Effect = Effect.STOP
    terms: frozenset[str] = frozenset()
    except_origins: frozenset[str] = frozenset()
    exported_before: bool = False

    @property
    def id(self) -> str:
        """Identifier: taxon, first day, digest of scope and source (`saiga-tatarica-2019-11-26-6f1e...`)."""
        scope = (sorted(each) for each in (self.kinds, self.sources, self.purposes, self.origins))
        digest = hashlib.sha256(repr((*scope, self.source)).encode()).hexdigest()[:12]
        return f"{self.taxon.lower().replace(' ', '-')}-{self.since}-{digest}"

    def forbids(self, kind: str, source: str, purpose: str, origin: str, today: date) -> bool:
        """True if these goods are prohibited, whatever their term and the day on which they left their origin."""
        return self.applies(RestrictedGoods(kind, source, purpose, origin), today) == Applies.STOP

    def applies(self, goods: RestrictedGoods, today: date) -> Applies:
        """The result for these goods on this day.

        1. Kind, source, purpose and term match, else no.
        2. The origin matches, else no. Without an origin, a rule that depends on it asks for it.
        3. It is in force, else no. With `exported_before`, the day on which the goods left their country of origin
           counts instead of today. An export permit (E) is for goods that leave it now. For other documents, a rule
           that was in force on any day until today asks for that day.
        4. The effect decides.
        """
        matches = (
            (not self.kinds or goods.kind in self.kinds)
            and (not self.sources or applies_to_source(goods.source, self.sources))
            and (not self.purposes or goods.purpose in self.purposes)
            and (not self.terms or not goods.term or goods.term in self.terms)
        )
        if not matches or goods.origin in self.except_origins:  # 1
            return Applies.NO
        if goods.origin and self.origins and goods.origin not in self.origins | OF_NO_COUNTRY:  # 2
            return Applies.NO
        by_export_day = self.exported_before and goods.kind != EXPORT_PERMIT  # 3
        left = goods.exported_on if by_export_day else today
        if self.since > (left or today) or (left and self.until and left >= self.until):
            return Applies.NO
        if not goods.origin and (self.origins or self.except_origins):  # 2
            return Applies.ASK_ORIGIN
        if left is None:  # 3
            return Applies.ASK_EXPORTED_ON
        return Applies(self.effect)  # 4


@dataclass(frozen=True, slots=True)
class NameMatch:
    """An entry and the one of its names that matched."""

    taxon: Taxon
    name: str


class Listing:
    """Species list of one day, with look-up by accepted name or synonym, without regard to case and spacing.

    - `in_force`: the day from which the Appendices in it are in force.
    - `checked`: the day on which it was last compared with its sources.
    - `day`: the day that its entries apply on.

    Each suspension is stored under the accepted name of its taxon.
    """

    def __init__(  # noqa: PLR0913 - the content of a list and the days that it states
        self,
        taxa: Iterable[Taxon],
        restrictions: Iterable[Restriction] = (),
        as_of: str = "",
        version: str = "",
        history: Mapping[str, tuple[Event, ...]] = MappingProxyType({}),
        *,
        in_force: str = "",
        checked: str = "",
        day: date = EVERY_DAY,
    ) -> None:
        """Index the entries by name.

        `version`: equal for equal content. `history`: changes of each entry, by its accepted name. Without `in_force`
        or `checked`, `as_of` is both. Raises ValueError if two entries claim one name.
        """
        self.as_of = as_of
        self.in_force = in_force or as_of
        self.checked = checked or as_of
        self.day = day
        self.version = version
        self.taxa = tuple(taxa)
        names: dict[str, Taxon] = {}
        for taxon in self.taxa:
            for name in (taxon.scientific_name, *taxon.synonyms):
                if _key(name) in names:
                    raise ValueError(f"two entries have the name {name}")
                names[_key(name)] = taxon
        self._names = MappingProxyType(names)
        synonyms_first = sorted(history, key=lambda name: self._entry_of(name) == name)
        self._history = {self._entry_of(name): history[name] for name in synonyms_first}
        self.restrictions = tuple(
            replace(rule, taxon=self.accepted_name(rule.taxon) or rule.taxon) for rule in restrictions
        )

    def find(self, name: str) -> Taxon | None:
        """The entry for a name. It is its own entry, else that of its species (a subspecies), else that of its genus,
        else None.

        An entry found through its species or genus has the name that was asked for, with the usual capital letter.
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
        """Suspensions of the taxon and of every taxon above it."""
        own = lineage(taxon)
        return tuple(restriction for restriction in self.restrictions if restriction.taxon.lower() in own)

    def accepted_name(self, name: str) -> str | None:
        """The accepted name of a taxon, or the name of a genus, family, order or class in the list, or None if unknown.

        A final `spp.` is ignored.
        """
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

    def on(self, day: date) -> Listing:
        """The list as it applies on another day. This one has no changes by date and returns itself."""
        return self

    def has(self, name: str) -> bool:
        """True if an entry has exactly this name, as accepted name or synonym."""
        return _key(name) in self._names

    def below(self, name: str) -> tuple[Taxon, ...]:
        """Entries of a genus, species, family, order or class, including its own entry and matches by synonym."""
        return self._below.get(_key(name), ())

    @cached_property
    def _below(self) -> Mapping[str, tuple[Taxon, ...]]:
        found: dict[str, list[Taxon]] = {}
        for taxon in self.taxa:
            for name in frozenset().union(lineage(taxon), *(prefixes(each) for each in taxon.synonyms)):
                found.setdefault(name, []).append(taxon)
        return {name: tuple(taxa) for name, taxa in found.items()}

    def history_of(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes of the entry, newest last."""
        return self._history.get(taxon.scientific_name, ())

    def appendices_in(self, taxon: Taxon, year: int) -> frozenset[int] | None:
        """Appendices that the history has for a year, 0 for not listed, or None if it says nothing of that year.

        After the last change the Appendix in the list itself applies.
        """
        changes = [(int(each.day[:4]), each.before, each.after) for each in self._relisted(taxon)]
        coming = [each for each in changes if each[0] >= year]
        if not coming:
            return None
        within = [after for at, _, after in coming if at == year]
        return frozenset(each for each in (coming[0][1], *within) if each is not None)

    def known_since(self, taxon: Taxon) -> tuple[str, str] | None:
        """The earliest day on which the entry is known to be in an Appendix, with its source.

        The first listing is on that day or earlier. None if a part of the entry may be in no Appendix.
        """
        if not all((taxon.appendix, *taxon.may_be)):
            return None
        events = self._relisted(taxon) or self._listed_with(taxon)
        known = [(each.day, each.source) for each in events if each.before or each.after]
        return min((*known, (taxon.as_of or self.as_of, taxon.source)))

    def _listed_with(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes of the family, order or class of the entry.

        It is only for entries in Appendix I or II, because a listing of a whole group leaves out its members in
        Appendix III.
        """
        groups = (taxon.family, taxon.order, taxon.class_name) if taxon.appendix in {1, 2} else ()
        return next((events for each in groups if (events := self._moved(each))), ())

    def _relisted(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes of Appendix of the entry, else of its species or genus."""
        words = taxon.scientific_name.split()
        names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
        return next((self._moved(name) for name in names if name in self._history), ())

    def _moved(self, name: str) -> tuple[Event, ...]:
        return tuple(each for each in self._history.get(name, ()) if each.after is not None)

    def _entry_of(self, name: str) -> str:
        """The accepted name in this list for a name in the tables of the release.

        An uploaded list may have that name as a synonym.
        """
        taxon = self._names.get(_key(name))
        return taxon.scientific_name if taxon else name

    def by_id(self, species_id: str) -> NameMatch | None:
        """The entry for an id, which is one of its names in lower case, with hyphens for spaces (`falco-cherrug`)."""
        known = self._ids.get(species_id)
        if known is None:
            taxon = self.find(species_id.replace("-", " "))
            return NameMatch(taxon, taxon.scientific_name) if taxon else None
        return known

    @cached_property
    def _ids(self) -> Mapping[str, NameMatch]:
        return {
            name.lower().replace(" ", "-"): NameMatch(taxon, name)
            for taxon in self.taxa
            for name in (*taxon.synonyms, taxon.scientific_name)
        }

    def search(self, text: str, limit: int = 20) -> tuple[NameMatch, ...]:
        """Entries with a name like `text` in any language, best match first (`name_search.py`).

        If no name matches, the result is the entry found through the species or genus (`find`), if there is one. For a
        hybrid it gives up to four parents, the strictest first.
        """
        if sum(map(bool, crossed(text))) > 1:  # a hybrid is treated as its strictest parent (Conf. 10.17 (Rev. CoP14))
            first = [" ".join(words) for words in parents(text)[:PARENTS_AT_MOST]]
            each = {hit.taxon.scientific_name: hit for parent in first for hit in self.search(parent, 1)}
            return tuple(sorted(each.values(), key=lambda hit: hit.taxon.appendix or 4))
        best = self._search.find(text, limit)
        if not best and (known := self.find(text)):
            return (NameMatch(known, known.scientific_name),)
        return tuple(NameMatch(self.ranked[entry], self._all_names[entry][place]) for entry, place in best)

    @cached_property
    def ranked(self) -> tuple[Taxon, ...]:
        """Entries in search order, where taxa that live here come before look-alikes and the rest.

        Of names that match equally well the nearer taxon is the likelier one.
        """
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
    """The name and its shorter forms in lower case: `Ovis ammon polii` gives ovis, ovis ammon, ovis ammon polii."""
    words = _key(name).split()
    return frozenset(" ".join(words[:count]) for count in range(1, len(words) + 1))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _renamed(taxon: Taxon, parent: str, words: list[str]) -> str:
    """The accepted species or genus, followed by the subspecies or species that was asked for.

    Asked under a synonym, that ending moves to the accepted name.
    """
    return " ".join([taxon.scientific_name, *words[len(parent.split()) :]])
