"""The species list of one date: entries, populations, history and suspensions, and the look-up by name."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from chalicelib.kernel.codes import applies_to_source
from chalicelib.kernel.countries import OF_NO_COUNTRY
from chalicelib.kernel.days import day as parse_day
from chalicelib.species.model.name_search import PARENTS_AT_MOST, NameSearch, crossed, parents

UP_TO_SPECIES = frozenset({"species", "subspecies", "variety"})  # ranks

# Why officers here meet a taxon: it lives here, lived here, looks like one that does, or is traded most.
GROUPS = ("native", "extinct", "look-alike", "traded")

FIRST_LISTINGS = "1975-07-01"  # the Convention entered into force

EVERY_DAY = date.min  # first day of a list that knows no changes by date

DAYS_KEPT = 3  # states of one list on other days

LARGE = 1_000  # entries of a large group; Orchidaceae has 26,000


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
    one sentence, such as the wild form that is listed. `wild`: names of the listed wild forms of a domestic animal.
    """

    reason: str
    note: str
    wild: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """Split of an entry by country of origin: `appendix` for goods from `origins`, `others` for the rest.

    The province or subspecies decides for countries in `open`, and for the rest where `others` is None. Then somebody
    who knows it has to choose the Appendix. `until`: the day on which the split ended, "" if it is in force.
    """

    appendix: int
    origins: frozenset[str]
    others: int | None
    open: frozenset[str] = frozenset()
    note: str = ""
    source: str = ""
    as_of: str = ""
    until: str = ""

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
      which says nothing about any country. `range_sure`: it is native in no other country. `introduced`: countries
      outside it that have a population of introduced or reintroduced animals, or may have one.
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
    introduced: frozenset[str] = frozenset()
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

    - `before`, `after`: the Appendix until that day and from that day on, 0 for not listed. Both are None if the
      Appendix did not change.
    - `last`: the last day on which it can have come into force, if `day` is only the first one.
    - `before_parts`: further Appendices that a part of the entry had before.
    - `symbols`: the number of its annotation before and after, if the annotation changed.
    - `listed_by`: the countries that list it in Appendix III from then on, or until then if it leaves it.
    - `population`: the split by country of origin that ended on that day.
    """

    day: str
    what: str
    source: str
    before: int | None = None
    after: int | None = None
    last: str = ""
    before_parts: frozenset[int] = frozenset()
    symbols: tuple[str, str] = ("", "")
    listed_by: frozenset[str] = frozenset()
    population: Population | None = None

    @property
    def earlier(self) -> frozenset[int]:
        """The Appendices of the entry before it, empty if they did not change."""
        return frozenset() if self.before is None else self.before_parts | {self.before}

    @property
    def moved(self) -> bool:
        """True if the Appendix changed, or its split by country of origin."""
        return self.population is not None or (self.before is not None and self.earlier != {self.after})

    @property
    def changes(self) -> bool:
        """True if it changed the Appendix or the annotation."""
        return self.moved or any(self.symbols)

    @property
    def over(self) -> str:
        """The day from which it is in force for certain."""
        return self.last or self.day


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
        """Identifier: taxon, first day, digest of scope and source (`saiga-tatarica-2019-11-26-6f1e...`).

        A restriction without terms, exceptions and another effect keeps the identifier that overrides may name.
        """
        scope: list[object] = [sorted(each) for each in (self.kinds, self.sources, self.purposes, self.origins)]
        if self.effect != Effect.STOP or self.terms or self.except_origins or self.exported_before:
            scope += [self.effect.value, sorted(self.terms), sorted(self.except_origins), self.exported_before]
        digest = hashlib.sha256(repr((*scope, self.source)).encode()).hexdigest()[:12]
        return f"{self.taxon.lower().replace(' ', '-')}-{self.since}-{digest}"

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


class LargeGroup(NamedTuple):
    """A genus, family, order or class with more than `LARGE` entries. It is the same on every day.

    - `names`: accepted names of the entries. `groups`: the same in lower case, and the name of the group.
    - `higher`: families, orders and classes of the entries. `above`: `groups` and everything above the entries.
    - `kinds`: places of one entry of each kind. Entries of one kind are alike on every day, apart from their names,
      rank and range.
    - `ranks`: places of the entries above species.
    """

    names: frozenset[str]
    groups: frozenset[str]
    higher: frozenset[str]
    above: frozenset[str]
    kinds: tuple[int, ...]
    ranks: tuple[int, ...]


class NameIndex:
    """Names of the entries of a list. The states of a list on different days share it.

    Its values are places in the list of entries.
    """

    def __init__(self, taxa: tuple[Taxon, ...]) -> None:
        """Raises ValueError if two entries claim one name."""
        self._taxa = taxa
        self.names: dict[str, int] = {}
        for place, taxon in enumerate(taxa):
            for name in (taxon.scientific_name, *taxon.synonyms):
                if self.names.setdefault(_key(name), place) != place:
                    raise ValueError(f"two entries have the name {name}")

    @cached_property
    def ranks(self) -> Mapping[str, str]:
        """Genera, families, orders and classes of the entries, by their names in lower case."""
        found: dict[str, str] = {}
        for taxon in self._taxa:
            for name in (taxon.scientific_name.partition(" ")[0], taxon.family, taxon.order, taxon.class_name):
                found.setdefault(name.lower(), name)
        found.pop("", None)
        return found

    @cached_property
    def below(self) -> Mapping[str, list[int]]:
        """Entries of each genus, species, family, order and class, by accepted name or synonym."""
        return self._below[0]

    @cached_property
    def former(self) -> Mapping[str, list[int]]:
        """Entries of each genus that are in it by a synonym only."""
        return self._below[1]

    @cached_property
    def stems(self) -> Mapping[str, list[int]]:
        """Entries with an epithet of this stem (`stem_of`), in an accepted name or a synonym."""
        found: dict[str, list[int]] = {}
        for place, taxon in enumerate(self._taxa):
            names = (taxon.scientific_name, *taxon.synonyms)
            for stem in {stem_of(word) for name in names for word in name.lower().split()[1:]}:
                found.setdefault(stem, []).append(place)
        return found

    @cached_property
    def _below(self) -> tuple[Mapping[str, list[int]], Mapping[str, list[int]]]:
        found: dict[str, list[int]] = {}
        former: dict[str, list[int]] = {}
        for place, taxon in enumerate(self._taxa):
            own = lineage(taxon)
            for name in own.union(*map(prefixes, taxon.synonyms)) if taxon.synonyms else own:
                found.setdefault(name, []).append(place)
                if name not in own and " " not in name:
                    former.setdefault(name, []).append(place)
        return found, former

    @cached_property
    def hyphenated(self) -> Mapping[str, str]:
        """Id -> name, for names that have a hyphen themselves."""
        return {name.replace(" ", "-"): name for name in self.names if "-" in name}

    @cached_property
    def ranked(self) -> tuple[int, ...]:
        """Entries in search order, where taxa that live here come before look-alikes and the rest.

        Of names that match equally well the nearer taxon is the likelier one.
        """
        order = {group: number for number, group in enumerate((*GROUPS, ""))}
        return tuple(sorted(range(len(self._taxa)), key=lambda place: order[self._taxa[place].group]))

    @cached_property
    def all_names(self) -> list[tuple[str, ...]]:
        """Every name of each entry, in search order."""
        ordered = (self._taxa[place] for place in self.ranked)
        return [(each.scientific_name, *each.synonyms, *each.names.values(), *each.also) for each in ordered]

    @cached_property
    def search(self) -> NameSearch:
        return NameSearch(self.all_names)


class Listing:
    """Species list of one day, with look-up by accepted name or synonym, without regard to case and spacing.

    - `in_force`: the day from which the Appendices in it are in force.
    - `checked`: the day on which it was last compared with its sources.
    - `day`: the first day on which its entries are as they are here.

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
        applied: str = "",
        known_from: str = "",
        ambiguous: Mapping[str, Iterable[str]] = MappingProxyType({}),
        homonyms: Iterable[str] = (),
    ) -> None:
        """Index the entries by name.

        - `version`: equal for equal content. `history`: changes of each entry, by its accepted name.
        - Without `in_force` or `checked`, `as_of` is both. `applied`: the last day whose changes are in the entries,
          without it `in_force`. `known_from`: the first day on which entries without a history are known.
        - `ambiguous`: old names that several entries have -> their accepted names. `homonyms`: genera of the list whose
          name is also that of a genus of another kingdom.

        Raises ValueError if two entries claim one name.
        """
        self.as_of = as_of
        self.in_force = in_force or as_of
        self.checked = checked or as_of
        self.day = day
        self.version = version
        self._applied = applied or self.in_force
        self.known_from = known_from
        self._root = self
        self._past = ""  # a day before `known_from`: every entry is made for it when it is asked for
        self._other: dict[int, Taxon] = {}  # place -> entry that differs from the one of the root
        self._days: dict[str, Listing] = {}  # first day -> state of this list, the last used one last
        self._large: dict[str, LargeGroup] = {}  # name in lower case -> its group; all states share it
        self._ambiguous = {_key(name): tuple(several) for name, several in ambiguous.items()}
        self._homonyms = frozenset(map(_key, homonyms))
        self._entries = tuple(taxa)
        self._index = NameIndex(self._entries)
        synonyms_first = sorted(history, key=lambda name: self._entry_of(name) == name)
        self._history = {self._entry_of(name): history[name] for name in synonyms_first}
        self.restrictions = tuple(
            replace(rule, taxon=self.accepted_name(rule.taxon) or rule.taxon) for rule in restrictions
        )

    @property
    def dates(self) -> str:
        """Both days of the list in words. Before the Convention no Appendix was in force."""
        in_force = f"in force on {self.in_force}" if self.in_force else "not in force yet"
        return f"Appendices {in_force}, list checked on {self.checked}"

    @cached_property
    def taxa(self) -> tuple[Taxon, ...]:
        """All entries."""
        if self._root is self:
            return self._entries
        return tuple(map(self._entry, range(len(self._entries))))

    def find(self, name: str) -> Taxon | None:
        """The entry for a name. It is its own entry, else that of its species (a subspecies), else that of its genus,
        else None. A name that several entries have is the name of none.

        An entry found through its species or genus has the name that was asked for, with the usual capital letter.
        """
        words = _key(name).split()
        if not words or len(words) > 4:
            return None
        exact = self._named(" ".join(words))
        if exact is not None or " ".join(words) in self._ambiguous:
            return exact
        for parent in (" ".join(words[:count]) for count in range(len(words) - 1, 0, -1)):
            taxon = self._named(parent)
            if taxon is not None:
                if words[1:] in (["spp."], ["sp."], ["spp"], ["sp"]):
                    return taxon
                if taxon.rank not in {"genus", "species"}:
                    return None
                rank = "subspecies" if len(words) > 2 else "species"
                return replace(taxon, scientific_name=_renamed(taxon, parent, words), rank=rank, synonyms=())
        return None

    def meanings(self, name: str) -> tuple[Taxon, ...]:
        """The entries that an ambiguous old name may mean, or none."""
        names = () if self.has(name) else self._ambiguous.get(_key(name), ())
        return tuple(filter(None, map(self.find, names)))

    def is_homonym(self, genus: str) -> bool:
        """True if a genus of another kingdom has this name, too."""
        return _key(genus) in self._homonyms

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
        return found.scientific_name if found is not None else self._index.ranks.get(plain)

    def on(self, day: date) -> Listing:
        """The list as it applies on another day, or this one if nothing differs then.

        Between two changes a list is the same. So one state serves every day until the next change. `DAYS_KEPT` states
        are kept, those used last. All share the names of this list.
        """
        root = self._root
        start = root._start_of(day.isoformat())
        found = root._days.get(start) or root._state(start, day.isoformat())
        others = [each for each in root._days.items() if each[0] != start]
        root._days = dict([*others, (start, found)][-DAYS_KEPT:])  # one assignment: other threads read it
        return found

    def changed_between(self, first: str, last: str) -> tuple[tuple[str, str], ...]:
        """Changes of Appendix or annotation after the first day and until the last one, as (day, scientific name)."""
        every = ((each.day, name) for name, events in self._history.items() for each in events if each.changes)
        return tuple(sorted(each for each in every if first < each[0] <= last))

    def states_of(self, taxon: Taxon) -> tuple[tuple[str, Taxon], ...]:
        """The entry from each day on which it changed or changes, the oldest first, or none if it never did.

        The first state has the day "". The next one is that of the day from which the list is known. An entry without a
        history that is in force since a later day is not known before.
        """
        place = self._index.names[_key(taxon.scientific_name)]
        entry = self._entries[place]
        days = {day for each in self._root._events_of(entry) if each.changes for day in (each.day, each.over)}
        since = entry.since or entry.as_of
        if not days and self.known_from and since > self.known_from:
            days = {since}
        every = sorted({"", self.known_from, *days}) if days else ()
        return tuple((day, self._root._entry_on(place, day)) for day in every)

    def days_of(self, group: str) -> tuple[str, ...]:
        """First days of the states of a group: `known_from`, and each later day from which an entry of it differs."""
        root = self._root
        places = set(root._dated).intersection(root._index.below.get(_key(group), ()))
        entries = [root._entries[place] for place in places]
        events = (event for each in entries for event in root._events_of(each) if event.changes)
        days = {each.since or each.as_of for each in entries}.union(*((each.day, each.over) for each in events))
        return (root.known_from, *sorted(day for day in days if day > root.known_from)) if days else ()

    def has(self, name: str) -> bool:
        """True if an entry has exactly this name, as accepted name or synonym."""
        return _key(name) in self._index.names

    def below(self, name: str) -> tuple[Taxon, ...]:
        """Entries of a genus, species, family, order or class, including its own entry and matches by synonym."""
        return self.entries(self._index.below.get(_key(name), ()))

    def with_epithet(self, epithet: str) -> tuple[Taxon, ...]:
        """Entries with this epithet, or with another ending of it (`niger`, `nigra`), in any of their names."""
        return self.entries(self._index.stems.get(stem_of(epithet), ()))

    def has_below(self, name: str) -> bool:
        """True if `below` has any entry for this name."""
        return _key(name) in self._index.below

    def accepted_below(self, name: str) -> tuple[Taxon, ...]:
        """The entries of `below` without those of `former`."""
        return self.entries(self._accepted_places(_key(name)))

    def former(self, name: str) -> tuple[Taxon, ...]:
        """Entries of a genus that are in it by a synonym only."""
        return self.entries(self._index.former.get(_key(name), ()))

    def _accepted_places(self, key: str) -> Sequence[int]:
        places, former = self._index.below.get(key, ()), frozenset(self._index.former.get(key, ()))
        return [place for place in places if place not in former] if former else places

    def entries(self, places: Iterable[int]) -> tuple[Taxon, ...]:
        """The entries in these places."""
        return tuple(map(self._entry, places))

    def large_group(self, name: str) -> LargeGroup | None:
        """The group of this name if it has more than `LARGE` entries by their accepted names, else None."""
        key = _key(name)
        places = self._accepted_places(key)
        if len(places) <= LARGE:
            return None
        if key not in self._large:
            self._large[key] = self._group_of(key, places)
        return self._large[key]

    def _group_of(self, key: str, places: Iterable[int]) -> LargeGroup:
        kinds: dict[tuple[object, ...], int] = {}
        for place in places:
            kinds.setdefault(self._kind_of(self._entries[place]), place)
        members = [self._entries[place] for place in places]
        groups = frozenset({key, *(each.scientific_name.lower() for each in members)})
        higher = {each for taxon in members for each in (taxon.family, taxon.order, taxon.class_name)} - {""}
        return LargeGroup(
            names=frozenset(each.scientific_name for each in members),
            groups=groups,
            higher=frozenset(each.lower() for each in higher),
            above=groups.union(*map(lineage, members)),
            kinds=tuple(kinds.values()),
            ranks=tuple(place for place in places if self._entries[place].rank not in UP_TO_SPECIES),
        )

    def _kind_of(self, taxon: Taxon) -> tuple[object, ...]:
        """All that decides about the entry on any day: its state, and the taxa whose history is its own."""
        words = taxon.scientific_name.split()
        ancestors = (taxon.scientific_name, " ".join(words[:2]), words[0], taxon.family, taxon.order, taxon.class_name)
        return (
            *(each if each in self._history else "" for each in ancestors),
            taxon.appendix, taxon.may_be, taxon.listed_by, taxon.also_listed_by, taxon.kingdom, taxon.population,
            taxon.symbol, taxon.excepts, taxon.since, taxon.as_of, taxon.decided, taxon.open, taxon.unlisted,
        )  # fmt: skip

    def _entry(self, place: int) -> Taxon:
        if self._root is self:
            return self._entries[place]
        found = self._other.get(place)
        if found is None:
            found = self._entries[place]
            if self._past:
                found = self._other[place] = self._root._entry_on(place, self._past)
        return found

    def _named(self, key: str) -> Taxon | None:
        place = self._index.names.get(key)
        return None if place is None else self._entry(place)

    def history_of(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes of the entry, newest last."""
        return self._history.get(taxon.scientific_name, ())

    def appendices_in(self, taxon: Taxon, year: int) -> frozenset[int] | None:
        """Appendices that the history has for a year, 0 for not listed, or None if it says nothing of that year.

        After the last change the Appendix in the list itself applies.
        """
        events = self._relisted(taxon)
        changes = [(int(each.day[:4]), int(each.over[:4]), each) for each in events]
        coming = [each for _, last, each in changes if last >= year]
        if not coming or (coming[0] is events[0] and not self._begins_with(taxon, events[0])):
            return None
        within = (each.after for first, last, each in changes if first <= year <= last and each.after is not None)
        return coming[0].earlier.union(within)

    def known_since(self, taxon: Taxon) -> tuple[str, str] | None:
        """The earliest day on which the entry is known to be in an Appendix, with its source.

        The first listing is on that day or earlier: a member may have been listed before its group. None if a part of
        the entry may be in no Appendix.
        """
        if not all((taxon.appendix, *taxon.may_be)):
            return None
        events = self._relisted(taxon) or self._listed_with(taxon)
        known = [(each.over, each.source) for each in events if each.before or each.after]
        if events and events[0].before and 0 not in events[0].earlier and self.known_from:
            known.append((self.known_from, taxon.source))
        return min((*known, (taxon.as_of or self.as_of, taxon.source)))

    def knows_first_listing(self, taxon: Taxon) -> bool:
        """True if the history has the day on which the entry, all of it, was first listed (`_begins_with`).

        `known_since` is else a later day: that from which the list itself is known.
        """
        events = self._relisted(taxon) or self._listed_with(taxon)
        if not events or not all((taxon.appendix, *taxon.may_be)):
            return False
        return 0 in events[0].earlier and self._begins_with(taxon, events[0])

    def _listed_with(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes of the family, order or class of the entry.

        It is only for entries in Appendix I or II, because a listing of a whole group leaves out its members in
        Appendix III.
        """
        groups = (taxon.family, taxon.order, taxon.class_name) if taxon.appendix in {1, 2} else ()
        return next((events for each in groups if (events := self._moved(each, taxon.since))), ())

    def _relisted(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes of Appendix of the entry, else of its species, else of its genus.

        A change of the genus after the entry was listed is not one of the entry.
        """
        words = taxon.scientific_name.split()
        names = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
        untils = ["", *("" if " " in name else taxon.since for name in names[1:])]
        found = (self._moved(name, until) for name, until in zip(names, untils, strict=True) if name in self._history)
        return next(found, ())

    def _begins_with(self, taxon: Taxon, first: Event) -> bool:
        """True if nothing listed the entry before this first change of its history.

        The first listing of a group says so of a member with an entry of its own only if that entry came into force
        with it, or if it was on the first day of any listing.
        """
        own = first in self._history.get(taxon.scientific_name, ()) or not self.has(taxon.scientific_name)
        return own or first.day <= FIRST_LISTINGS or (taxon.since or taxon.as_of) in {first.day, first.over}

    def _moved(self, name: str, until: str = "") -> tuple[Event, ...]:
        return tuple(
            each for each in self._history.get(name, ()) if each.after is not None and (not until or each.day <= until)
        )

    def _entry_of(self, name: str) -> str:
        """The accepted name in this list for a name in the tables of the release.

        An uploaded list may have that name as a synonym.
        """
        place = self._index.names.get(_key(name))
        return name if place is None else self._entries[place].scientific_name

    def _events_of(self, taxon: Taxon) -> tuple[Event, ...]:
        """Changes that made the entry what it is: its own, else those of its species, else those of its group.

        A group is its genus, family, order or class. Of a group only the changes until the entry came into force count,
        and only if they end in the Appendix of the entry.
        """
        words = taxon.scientific_name.split()
        own = self._history.get(taxon.scientific_name, ())
        if any(each.changes for each in own):
            return own
        above = self._history.get(" ".join(words[:2]), ()) if len(words) > 2 else ()
        if any(each.changes for each in above):
            return above
        for group in (words[0], taxon.family, taxon.order, taxon.class_name):
            events = self._moved(group, taxon.since or taxon.as_of) if group != taxon.scientific_name else ()
            if events and events[-1].after == taxon.appendix:
                return events
        return own

    def _entry_on(self, place: int, day: str) -> Taxon:
        entry = self._entries[place]
        applied, events = max(self._applied, entry.as_of), self._events_of(entry)
        first = next((each for each in events if each.moved), None)
        begins = first is None or self._begins_with(entry, first)
        return entry_on(entry, events, day, applied=applied, known_from=self.known_from, begins=begins)

    @cached_property
    def _dated(self) -> tuple[int, ...]:
        """Entries that may differ on some day from `known_from` on."""
        known = self.known_from
        return tuple(
            place
            for place, each in enumerate(self._entries)
            if each.scientific_name in self._history
            or ((each.since or each.as_of) > known if known else self._events_of(each))
        )

    @cached_property
    def _cuts(self) -> list[str]:
        """Days from which any entry may differ from the day before. A text that is no day is none of them."""
        days = {self.known_from, *self._event_days}
        if self.known_from:
            days |= {self.in_force, *(each.since or each.as_of for each in self._entries)}
        return sorted(filter(parse_day, days))

    @cached_property
    def _event_days(self) -> frozenset[str]:
        """First and last days of the changes of any entry, and ""."""
        events = (each for events in self._history.values() for each in events if each.changes)
        return frozenset({"", *(day for each in events for day in (each.day, each.over))})

    def _start_of(self, day: str) -> str:
        """The last cut before this day or on it, "" before the first one."""
        place = bisect_right(self._cuts, day)
        return self._cuts[place - 1] if place else ""

    def _state(self, start: str, day: str) -> Listing:
        """The state of the list from `start` on. `day`: any day of it."""
        past = day < self.known_from
        other: dict[int, Taxon] = {}
        if not past:
            made = ((place, self._entry_on(place, day)) for place in self._dated)
            other = {place: entry for place, entry in made if entry is not self._entries[place]}
            if not other:
                return self
        found = copy(self)
        for name in ("taxa", "ranked"):
            found.__dict__.pop(name, None)
        found.day = date.fromisoformat(start) if start else EVERY_DAY
        found.in_force = max(each for each in self._event_days if each <= start or not each)
        if start >= self.in_force:
            found.in_force = max(found.in_force, self.in_force)
        found._days = {}  # the root keeps the states; a state that kept others would never leave the memory
        found._other = other
        found._past = day if past else ""
        return found

    def by_id(self, species_id: str) -> NameMatch | None:
        """The entry for an id, which is one of its names in lower case, with hyphens for spaces (`falco-cherrug`)."""
        name = self._index.hyphenated.get(species_id) or species_id.replace("-", " ")
        taxon = self.find(name)
        if taxon is None:
            return None
        spelled = (each for each in (taxon.scientific_name, *taxon.synonyms) if _key(each) == _key(name))
        return NameMatch(taxon, next(spelled, taxon.scientific_name))

    def search(self, text: str, limit: int = 20) -> tuple[NameMatch, ...]:
        """Entries with a name like `text` in any language, best match first (`name_search.py`).

        If no name matches, the result is the entry found through the species or genus (`find`), if there is one. For a
        hybrid it gives up to four parents, the strictest first.
        """
        if sum(map(bool, crossed(text))) > 1:  # a hybrid is treated as its strictest parent (Conf. 10.17 (Rev. CoP14))
            first = [" ".join(words) for words in parents(text)[:PARENTS_AT_MOST]]
            each = {hit.taxon.scientific_name: hit for parent in first for hit in self.search(parent, 1)}
            return tuple(sorted(each.values(), key=lambda hit: hit.taxon.appendix or 4))
        index, best = self._index, self._index.search.find(text, limit)
        if not best and (known := self.find(text)):
            return (NameMatch(known, known.scientific_name),)
        ranked, names = index.ranked, index.all_names
        return tuple(NameMatch(self._entry(ranked[entry]), names[entry][place]) for entry, place in best)

    @cached_property
    def ranked(self) -> tuple[Taxon, ...]:
        """Entries in search order (`NameIndex.ranked`)."""
        return tuple(map(self._entry, self._index.ranked))


def entry_on(  # noqa: PLR0913 - the entry, its history, the day, and what is known of them
    entry: Taxon, events: Iterable[Event], day: str, *, applied: str, known_from: str, begins: bool = True
) -> Taxon:
    """The entry as it applies on a day.

    `events`: its changes, the oldest first. Those until `applied` are in the entry already. `known_from`: the first day
    on which entries without a history are known, "" to take every entry as known. `begins`: nothing listed the entry
    before the first of its changes.

    1. Undo each change after the day, from the last one back.
    2. Apply each later change until the day. The next one is `coming`. A decision of this country stays as it is.
    3. On a day between the bounds of a change, the stricter Appendix counts, and the entry is open.
    4. A delay is over once every change is in force.
    5. The entry is open on a day of which its history says nothing.
    """
    known = [each for each in events if each.changes]
    past = [each for each in known if each.day <= applied]
    state = entry
    for event in reversed(past):
        if event.over <= day:
            break
        state = _before(state, event) if event.day > day else _between(state, event)  # 1, 3
        if event.day <= day:
            break
    for event in known[len(past) :] if not entry.decided else ():  # 2
        if event.day > day:
            state = replace(state, coming=event) if day >= applied else state
            break
        state = _after(state, event) if event.over <= day else _between(state, event)  # 2, 3
    if Open.DELAY in state.open and any(each.last for each in past) and all(each.over <= day for each in past):  # 4
        state = replace(state, open=state.open - {Open.DELAY})
    if known_from and not _is_known(entry, state, events, day, known_from, begins=begins):  # 5
        state = replace(state, open=state.open | {Open.PAST_UNKNOWN})
    if (state.appendix, state.symbol) == (entry.appendix, entry.symbol) and entry.since <= day:
        return state
    return replace(state, since=max((each.over for each in known if each.over <= day), default=""))


def _is_known(  # noqa: PLR0913 - the same
    entry: Taxon, state: Taxon, events: Iterable[Event], day: str, known_from: str, *, begins: bool
) -> bool:
    """True if the history of the entry reaches back to this day.

    A kind that is not listed never was, unless it was withdrawn. What was decided here has no day of its own.
    """
    every = tuple(events)
    known = [each for each in every if each.moved]
    since = entry.since or entry.as_of
    if not known and entry.unlisted is not None:
        return entry.unlisted.reason != "withdrawn" or day >= known_from
    if not known:
        unmoved = any(since in {each.day, each.over} for each in every)
        return day >= (known_from if unmoved or entry.decided else max(since, known_from))
    if day >= known_from:
        return True
    earlier = [each for each in known if each.over <= day]
    if not earlier:
        return begins and known[0].earlier == {0}
    return earlier[-1].after in {state.appendix, *state.may_be}


_LASTING = frozenset({Open.PART_OF_GENUS, Open.NAME})  # reasons that no change of Appendix ends


def _before(entry: Taxon, event: Event) -> Taxon:
    """The entry before this change."""
    if not event.moved:
        return replace(entry, symbol=event.symbols[0])
    if event.population is not None:
        split = event.population
        every = frozenset({split.appendix} | ({split.others} if split.others is not None else set()))
        first = strictest_of(every)
        return replace(entry, appendix=first, may_be=every - {first}, population=split, open=entry.open & _LASTING)
    first, others = strictest_of(event.earlier), event.earlier - {strictest_of(event.earlier)}
    opened = entry.open & _LASTING
    if others:
        opened |= {Open.PAST_UNKNOWN}
    left = frozenset[str]() if event.after == 3 or first != 3 else event.listed_by
    listed_by = entry.listed_by_all if entry.appendix == first == 3 else left
    if 3 in event.earlier and not listed_by:
        opened |= {Open.PARTY}
    return _moved_to(
        entry, first, others, listed_by, open=opened,
        symbol=event.symbols[0] if any(event.symbols) else entry.symbol,
    )  # fmt: skip


def _after(entry: Taxon, event: Event) -> Taxon:
    """The entry after this change."""
    symbol = event.symbols[1] if any(event.symbols) else entry.symbol
    if not event.moved or event.after is None:
        return replace(entry, symbol=symbol)
    listed_by = event.listed_by if event.after == 3 else frozenset[str]()
    return _moved_to(entry, event.after, frozenset(), listed_by, open=entry.open - {Open.DELAY}, symbol=symbol)


def _between(entry: Taxon, event: Event) -> Taxon:
    """The entry on a day when this change may be in force or not."""
    if Open.DELAY in entry.open or not event.moved:
        return entry
    every = event.earlier | {entry.appendix} | ({event.after} if event.after is not None else set())
    first, opened = strictest_of(every), entry.open | {Open.CHANGE_DAY}
    if first == entry.appendix:
        return replace(entry, open=opened)
    symbol = entry.symbol or event.symbols[1]
    listed_by = entry.listed_by_all | event.listed_by if first == 3 else frozenset[str]()
    return _moved_to(entry, first, frozenset(), listed_by, symbol=symbol, open=opened)


def _moved_to(entry: Taxon, appendix: int, others: frozenset[int], listed_by: frozenset[str], **more: Any) -> Taxon:
    """The entry in another Appendix, without a split by origin that it no longer fits. `listed_by`: the countries."""
    split = entry.population if entry.population and entry.population.fits({appendix, *others}) else None
    told = None if appendix else entry.unlisted
    first = entry.listed_by if entry.listed_by in listed_by else min(listed_by, default=None)
    return replace(
        entry, appendix=appendix, may_be=others, population=split, unlisted=told, coming=None,
        listed_by=first, also_listed_by=listed_by - {first}, **more,
    )  # fmt: skip


_ENDING = re.compile("(?<=..)(ensis|ense|orum|arum|rum|er|ra|ii|ae|us|um|is|[aeio])$")


def stem_of(epithet: str) -> str:
    """An epithet without the ending of its gender or case: `niger`, `nigra` and `nigrum` have one stem."""
    return _ENDING.sub("", epithet.lower())


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
