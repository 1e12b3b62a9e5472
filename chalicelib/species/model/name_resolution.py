"""Resolve a name on a permit to the taxa that it covers, and decide whether the species list knows all of them.

1 `Genus spp.`, or a genus, family or order alone: every entry in it. Too broad if its members are not all in one
  Appendix. Known as a whole if it has an entry itself
  1.1 an entry with an old name in a genus is a member only if it is of the genus's kingdom, and is or may be in a
      stricter Appendix than every accepted member
  1.2 not known if a member may be in a stricter Appendix than the strictest of them
  1.3 not known if it is a genus of animals, and plants or fungi have a genus of the same name (*Dracaena*)
2 a hybrid (`Falco cherrug x Falco rusticolus`): the taxa of each different parent. Known if each parent is, and none is
  a group of more than 1,000 taxa. A permit takes at most four different parents; more resolve to nothing
3.0 an old name of several taxa: all of them. It is not known
3 any other name: its own entry, which is known unless the name is a synonym that resembles a stricter entry of the
  genus. Else the entry of its species or genus. That one is not known
  3.1 if the rest of the name is not of one or two epithets, or its word is no epithet (`species`, `hybridus`)
  3.2 if the entry may be in a stricter Appendix, or is not listed and no curated kind
  3.3 for a species of a listed genus (`Dalbergia nigar`): if at most two typing errors lie between it and another
      entry of the genus, or if it resembles one that is or may be in a stricter Appendix, or is under a suspension
      (`_resembles`). Any other epithet is of an unnamed species, which has the Appendix of the genus
      3.3.1 nor is it known if a stricter entry of the family has the epithet: it may be an old name (*Felis uncia*)
      3.3.2 nor if it is an animal, and the genus has an entry that is or may be stricter. Listed animals are all named,
            so it is a misspelt or an old name (*Falco babylonicus* is the peregrine)
  3.4 for any other name: if the genus has an entry of that kind at all, or another entry with one of its epithets
      3.4.1 for a word behind a species that is not listed: if a listed taxon of the class has it as epithet
  3.5 if its genus has an entry, and another kingdom has a genus of the same name
4 else nothing. The name is not known, and suspensions for its genus count against it

Of several taxa the strictest applies. Hybrids of animals: Conf. 10.17 (Rev. CoP14). Hybrids of plants: Conf. 11.11
(Rev. CoP18).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from weakref import WeakKeyDictionary

from chalicelib.kernel.codes import PLANT
from chalicelib.species.model.listing import (
    UP_TO_SPECIES,
    LargeGroup,
    Listing,
    Open,
    Population,
    Restriction,
    Taxon,
    lineage,
    prefixes,
)
from chalicelib.species.model.name_search import PARENTS_AT_MOST, crossed, fold, parents

ANY_OF = frozenset({"spp.", "spp", "sp.", "sp", "ssp.", "ssp", "subspp.", "subspp"})

_RANKS = frozenset({"ssp.", "subsp.", "var.", "f."})

_EPITHET = re.compile(r"[a-z]+(-[a-z]+)*")

# Words in the place of an epithet that leave the species open
_NO_EPITHETS = frozenset({
    "all", "any", "cf", "complex", "cultivar", "group", "indet", "mixed", "mixture", "nov", "other", "others",
    "several", "spec", "specie", "species", "unidentified", "unknown", "unspecified", "undetermined", "various",
})  # fmt: skip

_HYBRIDS = ("hybrid", "hybridus", "hybrida", "crossus")

PLANT_HYBRID = "plant_hybrid"  # an exception of `annotation_rules.py`

SLIPS = 2  # typing errors of an epithet, within which it may be another one

KEPT_AT_MOST = 1_000  # cached names of one list

ORIGINS_KEPT = 4  # cached countries of one name, which may cover thousands of taxa


@dataclass(frozen=True)
class ResolvedName:
    """The taxa that a name covers.

    - `taxa`: these taxa, the strictest first. Of a large group it has one of each kind (`Listing.large_group`).
    - `names`: scientific names of all taxa of a large group, else empty.
    - `whole`: the list knows all of the name.
    - `one`: the name is a single taxon.
    - `accepted`: its name in the list, "" for a hybrid.
    - `near`: entries that a name unknown to the list may mean.
    - `above`: names of the taxa, their synonyms and everything above them, in lower case.
    - `groups`: taxa that the name covers with everything below them, in lower case.
    - `group`: it is the name of a rank above species or ends with `spp.`, or a parent of the hybrid does.
    - `beside`: names in lower case whose suspensions count against a name unknown to the list.
    - `large`: parents of a hybrid that are large groups.
    """

    taxa: tuple[Taxon, ...] = ()
    whole: bool = False
    one: bool = False
    accepted: str = ""
    near: tuple[Taxon, ...] = ()
    above: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    group: bool = False
    large: tuple[ResolvedName, ...] = ()
    names: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    @cached_property
    def broad(self) -> bool:
        """True for a group whose members are not all in one Appendix. The species must be named.

        Not for members that the country of origin splits alike (`Khaya`).
        """
        appendices = {each for taxon in self.taxa for each in (taxon.appendix, *taxon.may_be)}
        return self.group and len(appendices) > 1 and self.population is None

    @cached_property
    def population(self) -> Population | None:
        """The split by country of origin, if all taxa of the name have the same one and the same Appendices."""
        splits = {(each.appendix, each.may_be, each.population) for each in self.taxa}
        return self.taxa[0].population if len(splits) == 1 else None

    @cached_property
    def plant_hybrid(self) -> bool:
        """True for a hybrid of plants whose strictest parent is in Appendix I (Conf. 11.11)."""
        first = self.strictest
        return first is not None and first.kingdom == PLANT and first.appendix == 1 and not (self.one or self.group)

    def excepts_of(self, taxon: Taxon) -> frozenset[str]:
        """Codes of what the listing of one of the taxa leaves out, for goods of this name."""
        return taxon.excepts | ({PLANT_HYBRID} if self.plant_hybrid else frozenset())

    @cached_property
    def sorts(self) -> tuple[Taxon, ...]:
        """One taxon of each sort: the taxa of a sort have the same Appendices and splits, and are open alike."""
        found: dict[tuple[object, ...], Taxon] = {}
        for each in self.taxa:
            found.setdefault((each.appendix, each.may_be, each.population, each.open, each.kingdom), each)
        return tuple(found.values())

    @cached_property
    def open(self) -> frozenset[Open]:
        """The reasons why any of the taxa is not certain."""
        return frozenset().union(*(each.open for each in self.sorts))

    @cached_property
    def strictest(self) -> Taxon | None:
        """The entry whose rules apply, which is the strictest.

        Of several taxa, `may_be` has only Appendices stricter than that of this entry, from any of the taxa. If the
        country of origin splits them alike, the entry stays as it is.
        """
        if not self.taxa or self.one or self.population:
            return self.taxa[0] if self.taxa else None
        first = self.taxa[0]
        may_be = {each for taxon in self.taxa for each in taxon.may_be if stricter(each, first.appendix)}
        return replace(first, may_be=frozenset(may_be))

    @cached_property
    def deciding(self) -> str:
        """Name of the strictest taxon if another taxon of the name is in a weaker Appendix, else ""."""
        first = self.strictest
        return (
            first.scientific_name
            if first and any(stricter(first.appendix, each.appendix) for each in self.taxa)
            else ""
        )

    def of(self, origin: str) -> ResolvedName:
        """The same taxa, each as it applies to goods of this country (`Taxon.of`)."""
        if not self._split:
            return self
        found = self._by_origin.get(origin)
        if found is None:
            found = replace(self, taxa=_strictest_first(each.of(origin) for each in self.taxa))
            if len(self._by_origin) >= ORIGINS_KEPT:
                self._by_origin.clear()
            self._by_origin[origin] = found
        return found

    @cached_property
    def _split(self) -> bool:
        """True if the Appendix of any taxon depends on the country of origin, or on whether it is known."""
        return any(each.population or each.may_be for each in self.taxa)

    @cached_property
    def _by_origin(self) -> dict[str, ResolvedName]:
        return {}

    def within(self, taxon: str) -> bool:
        """True if goods of this name are, or may be, of this taxon."""
        return (
            taxon.lower() in self.above
            or not self.groups.isdisjoint(prefixes(taxon))
            or any(parent.within(taxon) for parent in self.large)
        )

    def restricted(self, listing: Listing) -> tuple[Restriction, ...]:
        """Suspensions of every taxon that the name covers.

        For an unknown name, also those of its genus and of the family, order and class above.
        """
        near = {
            rank.lower()
            for each in self.near
            for rank in (each.scientific_name.split()[0], each.family, each.order, each.class_name)
        }
        beside = self.beside | near
        return tuple(
            rule for rule in listing.restrictions if self.within(rule.taxon) or rule.taxon.split()[0].lower() in beside
        )


def stricter(appendix: int, than: int) -> bool:
    """True if the first Appendix is stricter: I before II before III before 0 (not listed)."""
    return (appendix or 4) < (than or 4)


def appendix_of(name: str, origin: str, listing: Listing) -> int | None:
    """The Appendix for goods of this name and country, 0 for not listed.

    None if the list leaves it open, or does not know all of the name.
    """
    goods = resolve_name(name, listing).of(origin)
    taxon = goods.strictest
    return taxon.appendix if goods.whole and taxon and not taxon.may_be else None


def accepted_name(name: str, listing: Listing) -> str | None:
    """The accepted name, or a hybrid as it is written, or None if the list does not know all of it."""
    goods = resolve_name(name, listing)
    return (goods.accepted or name) if goods.whole else None


def taxa_named(name: str | None, listing: Listing) -> frozenset[str]:
    """Scientific names of the taxa that a name covers, or none for an unknown name."""
    goods = resolve_name(name or "", listing)
    every = goods.names.union(*(parent.names for parent in goods.large))
    return every.union(taxon.scientific_name for taxon in goods.taxa)


def too_many_parents(name: str) -> bool:
    """True if the name is of a hybrid with more different parents than a permit takes."""
    return len(parents(name)) > PARENTS_AT_MOST


_answers: WeakKeyDictionary[Listing, dict[str, ResolvedName]] = WeakKeyDictionary()


def resolve_name(name: str, listing: Listing) -> ResolvedName:
    """Resolve a name (see the module), with a cache for each list.

    The same line is asked for often. A list never changes, and another list has a cache of its own.
    """
    held = _answers.setdefault(listing, {})
    found = held.get(name)
    if found is None:
        found = _named(name, listing)
        _keep(name, found, held)
    return found


def _keep(name: str, found: ResolvedName, held: dict[str, ResolvedName]) -> None:
    if len(held) >= KEPT_AT_MOST:
        held.clear()
    held[name] = found


def _named(name: str, listing: Listing) -> ResolvedName:
    if too_many_parents(name):
        return ResolvedName()
    parts = crossed(name)
    if len(parts) == 1:
        return _taxon(name.casefold().split(), listing)
    genus, each = "", []
    for part in parents(name):  # 2
        written = _written_out(part, genus, listing)
        genus = written[0] if len(written) > 1 else genus
        each.append(_taxon(written, listing))
    large = tuple(parent for parent in each if parent.names)
    small = [parent for parent in each if not parent.names]
    return ResolvedName(
        _strictest_first(taxon for parent in each for taxon in parent.taxa),
        all(parts) and not large and all(parent.whole for parent in each),
        near=_once(taxon for parent in each for taxon in parent.near),
        above=frozenset().union(*(parent.above for parent in small)),
        groups=frozenset().union(*(parent.groups for parent in small)),
        group=any(parent.group for parent in each),
        large=large,
    )


def _written_out(part: list[str], genus: str, listing: Listing) -> list[str]:
    """A later parent of a hybrid with its genus written out.

    After `Falco cherrug x`, all of `rusticolus`, `F. rusticolus` and `F.rusticolus` become `falco rusticolus`.
    """
    if genus and part[0].startswith(f"{genus[0]}.") and len(part[0]) > 2:
        part = [part[0][:2], part[0][2:], *part[1:]]
    if genus and part[0] in {genus[0], f"{genus[0]}."}:
        return [genus, *part[1:]]
    return [genus, *part] if genus and len(part) == 1 and not listing.has_below(part[0]) else part


def _taxon(words: list[str], listing: Listing) -> ResolvedName:
    """Resolve a name that is no hybrid."""
    plain = [word for word in words[:-1] if word not in _RANKS] + words[-1:]
    words = plain if listing.has(" ".join(plain)) else words
    count = len(words)
    while count > 1 and words[count - 1] in ANY_OF:
        count -= 1
    group = " ".join(words[:count])
    meant = listing.meanings(group)
    if meant:  # 3.0
        return replace(_all_of(meant, (group,)), one=False, near=meant, group=False)
    taxon = listing.find(group)
    if (count == 1 or count < len(words)) and listing.has_below(group):  # 1
        return _group(group, listing)
    if taxon is None:  # 4
        return _unknown(group, listing)
    if listing.has(group):  # 3
        own = {each.lower() for each in (group, taxon.scientific_name, *taxon.synonyms)}
        open_ = own.union(each.scientific_name.lower() for each in listing.below(group))
        meant = _misspelt_synonym(group, taxon, listing)
        return ResolvedName(
            (taxon,), not meant, True, taxon.scientific_name, meant, above=_above(taxon, own) | open_,
            groups=frozenset(open_),
        )  # fmt: skip
    parent = next(each for each in (" ".join(words[:3]), " ".join(words[:2]), words[0]) if listing.has(each))
    rest = [word for word in words[len(parent.split()) : count] if word not in _RANKS]
    formed = len(parent.split()) + len(rest) <= 3 and all(_is_epithet(word) for word in rest)  # 3.1
    entry = listing.find(parent) or taxon
    own = {" ".join([each.lower(), *rest]) for each in (parent, entry.scientific_name, *entry.synonyms)}
    goods = ResolvedName((taxon,), True, True, taxon.scientific_name, above=_above(taxon, own), groups=frozenset(own))
    certain = entry.appendix or entry.unlisted
    unsure = not certain or _may_be_stricter(entry, entry.appendix)  # 3.2
    near = [entry] if unsure or (parent == words[0] and listing.is_homonym(parent)) else []  # 3.5
    if formed and parent == words[0] and len(rest) == 1:
        genera = frozenset({words[0], entry.scientific_name.lower()})
        suspended = _suspended_beside(goods, listing)
        near += _misspelt(rest[0], genera, entry, suspended, listing)  # 3.3
        if entry.appendix:
            near += _former_name(rest[0], entry, suspended, listing)  # 3.3.1, 3.3.2
    else:
        genus, mine = listing.below(words[0]), listing.below(parent)
        near += [each for each in genus if _is_or_may_be_stricter(each, taxon.appendix)]  # 3.4
        near += [each for word in rest for each in listing.below(f"{words[0]} {word}") if each not in mine]
        if not entry.appendix:  # 3.4.1
            near += [each for word in rest for each in _of_class(word, entry, listing) if each not in mine]
        if any(name.startswith(f"{words[0]} ") for name in _suspended_beside(goods, listing)):
            near += genus
    return replace(goods, whole=formed and not near, accepted=goods.accepted if formed else "", near=_once(near))


def _is_epithet(word: str) -> bool:
    return (
        len(word) > 1
        and bool(_EPITHET.fullmatch(word))
        and word not in _NO_EPITHETS
        and not any(_within(SLIPS, word, each) for each in _HYBRIDS)
    )


def _misspelt(
    epithet: str, genera: frozenset[str], entry: Taxon, suspended: frozenset[str], listing: Listing
) -> list[Taxon]:
    """Entries of a genus that this epithet may mean.

    An entry under the rules of the genus too: a quota or a condition may be its own. `genera`: the typed and the
    accepted name of the genus. `suspended`: taxa under a suspension.
    """
    members = _once(each for genus in sorted(genera) for each in listing.below(genus) if each is not entry)
    found = [
        each
        for each in members
        if any(_within(SLIPS, epithet, word) for word in _epithets(each))
        or (
            (_is_or_may_be_stricter(each, entry.appendix) or not suspended.isdisjoint(lineage(each)))
            and _resembles(epithet, each)
        )
    ]
    without_entry = (each.split() for each in suspended if not listing.has(each))
    if any(words[0] in genera and _resembles_word(epithet, word) for words in without_entry for word in words[1:]):
        found.append(entry)
    return found


def _former_name(epithet: str, entry: Taxon, suspended: frozenset[str], listing: Listing) -> Iterator[Taxon]:
    """Entries with stricter rules than a genus, of which this species of the genus may be an old name.

    `suspended`: taxa under a suspension.
    """
    for each in listing.with_epithet(epithet):
        stopped = not suspended.isdisjoint(lineage(each))
        if each.family == entry.family != "" and (stopped or _is_or_may_be_stricter(each, entry.appendix)):
            yield each
    if entry.kingdom != PLANT:
        members = (*listing.accepted_below(entry.scientific_name), *listing.former(entry.scientific_name))
        yield from (each for each in members if _is_or_may_be_stricter(each, entry.appendix))


def _of_class(epithet: str, entry: Taxon, listing: Listing) -> Iterator[Taxon]:
    """Listed taxa of the class of an entry, or of its family where it has no class, with this epithet."""
    for each in listing.with_epithet(epithet):
        same = each.class_name == entry.class_name if entry.class_name else each.family == entry.family
        if same and each.appendix and each is not entry:
            yield each


def _misspelt_synonym(name: str, taxon: Taxon, listing: Listing) -> tuple[Taxon, ...]:
    """Stricter entries of the genus that a synonym may mean.

    `Acipenser brevirostris` is a synonym of an entry in Appendix II, and one letter away from `A. brevirostrum` in
    Appendix I. Synonyms of curated kinds that are not listed are chosen by hand (`Aloe barbadensis`).
    """
    genus, _, epithet = name.partition(" ")
    if not epithet or taxon.unlisted or name == taxon.scientific_name.lower():
        return ()
    stricter_ = (each for each in listing.below(genus) if _is_or_may_be_stricter(each, taxon.appendix))
    return tuple(
        each
        for each in stricter_
        for known in (each.scientific_name, *each.synonyms)
        if each is not taxon and known.lower().startswith(f"{genus} ")
        and _within(SLIPS, epithet, known.lower().partition(" ")[2])
    )  # fmt: skip


def _resembles(epithet: str, taxon: Taxon) -> bool:
    """True if the epithet may mean this taxon: it resembles a word of its scientific names or of its common names."""
    if any(_resembles_word(epithet, word) for word in _epithets(taxon)):
        return True
    typed = fold(epithet)
    common = {word for name in (*taxon.names.values(), *taxon.also) for word in fold(name).split(" ")}
    return any(word.startswith(typed) or _within(int(len(word) > 3), typed, word) for word in common if word)


def _epithets(taxon: Taxon) -> set[str]:
    return {word for name in (taxon.scientific_name, *taxon.synonyms) for word in name.lower().split()[1:]}


def _resembles_word(typed: str, epithet: str) -> bool:
    """True if one begins with the other, or at most `SLIPS` typing errors lie between them, in letters or in sound."""
    return (
        epithet.startswith(typed)
        or typed.startswith(epithet)
        or _within(SLIPS, typed, epithet)
        or _within(SLIPS, fold(typed), fold(epithet))
    )


def _within(slips: int, typed: str, word: str) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein  # here, because only a name without an entry needs it

    return DamerauLevenshtein.distance(typed, word, score_cutoff=slips) <= slips


def _suspended_beside(goods: ResolvedName, listing: Listing) -> frozenset[str]:
    """Taxa under a suspension, in lower case, that does not apply to these goods."""
    return frozenset(rule.taxon.lower() for rule in listing.restrictions if not goods.within(rule.taxon))


_groups: WeakKeyDictionary[Listing, dict[str, ResolvedName]] = WeakKeyDictionary()


def _group(name: str, listing: Listing) -> ResolvedName:
    """Resolve a genus, family, order or class, cached for each list, because an order has thousands of entries."""
    held = _groups.setdefault(listing, {})
    found = held.get(name)
    if found is None:
        large, taxon = listing.large_group(name), listing.find(name)
        accepted = listing.entries(large.kinds) if large else listing.accepted_below(name)
        former = _former_members(listing.former(name), accepted)  # 1.1
        members = (*accepted, *former)
        known = taxon.scientific_name if taxon and listing.has(name) else ""
        strictest = _strictest_first(members)[0].appendix
        homonym = listing.is_homonym(name) and any(each.kingdom != PLANT for each in accepted)  # 1.3
        whole = bool(known) and not homonym and not any(_may_be_stricter(each, strictest) for each in members)  # 1.2
        made = _of_large(large, members, listing) if large else _all_of(members, (name,))
        found = replace(made, whole=whole, one=made.one and whole, accepted=known, near=() if whole else made.near)
        _keep(name, found, held)
    return found


def _former_members(former: tuple[Taxon, ...], accepted: tuple[Taxon, ...]) -> tuple[Taxon, ...]:
    """The entries with an old name in a genus that count as its members. Without an accepted member all of them do."""
    if not accepted:
        return former
    strictest = _strictest_first(accepted)[0].appendix
    kingdoms = {each.kingdom for each in accepted}
    return tuple(each for each in former if each.kingdom in kingdoms and _is_or_may_be_stricter(each, strictest))


def _above(taxon: Taxon, names: Iterable[str]) -> frozenset[str]:
    return lineage(taxon).union(*(prefixes(each) for each in names))


def _may_be_stricter(taxon: Taxon, than: int) -> bool:
    return any(stricter(each, than) for each in taxon.may_be)


def _is_or_may_be_stricter(taxon: Taxon, than: int) -> bool:
    return stricter(taxon.appendix, than) or _may_be_stricter(taxon, than)


def _unknown(name: str, listing: Listing) -> ResolvedName:
    first = name.partition(" ")[0]
    large = listing.large_group(first)
    near = (*listing.entries(large.kinds), *listing.former(first)) if large else listing.below(first)
    higher = {each.lower() for taxon in near for each in (taxon.family, taxon.order, taxon.class_name) if each}
    return ResolvedName(
        (), near=near, above=prefixes(name).union(higher, large.higher if large else ()),
        beside=large.above if large else frozenset(),
    )  # fmt: skip


def _all_of(members: tuple[Taxon, ...], also: tuple[str, ...]) -> ResolvedName:
    """All of these taxa. `one` and `near` are for a name that is known, and for one that is not."""
    groups = frozenset({*also, *(each.scientific_name.lower() for each in members)})
    return ResolvedName(
        _strictest_first(members),
        one=len(members) == 1,
        near=tuple(each for each in members if each.rank not in UP_TO_SPECIES),
        group=True,
        above=groups.union(*(lineage(each) for each in members)),
        groups=groups,
    )


def _of_large(large: LargeGroup, members: tuple[Taxon, ...], listing: Listing) -> ResolvedName:
    """`members`: one entry of each kind in the group, and further ones with an old name in it."""
    further = [each for each in members if each.scientific_name not in large.names]
    made = ResolvedName(
        _strictest_first(members), near=listing.entries(large.ranks), group=True, above=large.above,
        groups=large.groups, names=large.names,
    )  # fmt: skip
    if not further:
        return made
    names = frozenset(each.scientific_name for each in further)
    groups = frozenset(each.lower() for each in names)
    return replace(
        made, names=made.names | names, groups=made.groups | groups,
        above=made.above.union(groups, *map(lineage, further)),
    )  # fmt: skip


def _strictest_first(taxa: Iterable[Taxon]) -> tuple[Taxon, ...]:
    return tuple(sorted(_once(taxa), key=lambda each: each.appendix or 4))


def _once(taxa: Iterable[Taxon]) -> tuple[Taxon, ...]:
    return tuple({each.scientific_name: each for each in taxa}.values())
