"""Which taxa a name on a permit speaks for, and whether the species list knows all of them.

1 `Genus spp.`, a genus, family or order alone: for every entry in it; known as a whole if it has an entry itself,
  unless something in it may stand in a stricter Appendix than any of these
2 a hybrid (`Falco cherrug x Falco rusticolus`): for each parent; known if each of them is
3 any other name: for its entry, else for that of the species or genus that it is in; known unless that one may be, or
  something in its genus is, treated more strictly, because then it may be this, misspelt
4 what is left: for none; known it is not, and what is suspended for its genus counts against it

Of several taxa the strictest counts. Hybrids: Conf. 10.17 (Rev. CoP14), animals; Conf. 11.11 (Rev. CoP18), plants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.core.listing import Listing, lineage, prefixes
from chalicelib.core.name_search import crossed
from chalicelib.core.taxon import Restriction, Taxon

ANY_OF = frozenset({"spp.", "spp", "sp.", "sp", "ssp.", "ssp", "subspp.", "subspp"})
_RANKS = frozenset({"ssp.", "subsp.", "var.", "f."})
_EPITHET = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Named:
    """`taxa`: what the name speaks for, the strictest first. `whole`: the list knows all of it. `one`: it is a single
    taxon. `accepted`: what the list calls it, "" for a hybrid. `near`: entries that a name which the list does not know
    may be meant for. In lower case, `above`: names of the taxa, synonyms too, and of what they are in; `groups`: taxa
    that it speaks for whatever is below them, as it names nothing there.
    """

    taxa: tuple[Taxon, ...] = ()
    whole: bool = False
    one: bool = False
    accepted: str = ""
    near: tuple[Taxon, ...] = ()
    above: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @property
    def strictest(self) -> Taxon | None:
        """The entry whose rules count. Of several taxa none may stand in a weaker Appendix than that one."""
        if not self.taxa or self.one:
            return self.taxa[0] if self.taxa else None
        first = self.taxa[0]
        may_be = {each for taxon in self.taxa for each in taxon.may_be if stricter(each, first.appendix)}
        return replace(first, may_be=frozenset(may_be))

    @property
    def deciding(self) -> str:
        """The strictest's name, where another that is named stands in a weaker Appendix; else ""."""
        first = self.strictest
        return (
            first.scientific_name
            if first and any(stricter(first.appendix, each.appendix) for each in self.taxa)
            else ""
        )

    def of(self, origin: str) -> Named:
        """The same, each taxon as it holds for goods of this country (`Taxon.of`)."""
        return replace(self, taxa=_strictest_first(each.of(origin) for each in self.taxa))

    def within(self, taxon: str) -> bool:
        """Whether goods of this name are, or may be, of this taxon."""
        name = taxon.lower()
        return name in self.above or any(name.startswith(f"{group} ") for group in self.groups)

    def restricted(self, listing: Listing) -> tuple[Restriction, ...]:
        """What is suspended for any taxon that it speaks for; of a name that the list does not know, for its genus."""
        genera = tuple({each.scientific_name.split()[0].lower() for each in self.near})
        near = _all_of(self.near, genera)
        return tuple(rule for rule in listing.restrictions if self.within(rule.taxon) or near.within(rule.taxon))


def stricter(appendix: int, than: int) -> bool:
    """Appendix I before II before III before 0, not listed."""
    return (appendix or 4) < (than or 4)


def appendix_of(name: str, origin: str, listing: Listing) -> int | None:
    """The list's Appendix for goods of this name and country, 0 for none; None where the list leaves it open."""
    goods = named(name, listing).of(origin)
    taxon = goods.strictest
    return taxon.appendix if goods.whole and taxon and not taxon.may_be else None


def accepted_name(name: str, listing: Listing) -> str | None:
    """What the list calls it, a hybrid as it is written; None for a name that the list does not know as a whole."""
    goods = named(name, listing)
    return (goods.accepted or name) if goods.whole else None


def named(name: str, listing: Listing) -> Named:
    parts = crossed(name)
    if len(parts) == 1:
        return _taxon(name.casefold().split(), listing)
    genus, parents = "", []
    for part in filter(None, parts):  # 2
        written = _written_out(part, genus, listing)
        genus = written[0] if len(written) > 1 else genus
        parents.append(_taxon(written, listing))
    return Named(
        _strictest_first(taxon for each in parents for taxon in each.taxa),
        all(parts) and all(each.whole for each in parents),
        near=_once(taxon for each in parents for taxon in each.near),
        above=frozenset().union(*(each.above for each in parents)),
        groups=frozenset().union(*(each.groups for each in parents)),
    )


def _written_out(part: list[str], genus: str, listing: Listing) -> list[str]:
    """A later parent with its genus: `rusticolus`, `F. rusticolus` or `F.rusticolus` after `Falco cherrug x`."""
    if genus and part[0].startswith(f"{genus[0]}.") and len(part[0]) > 2:
        part = [part[0][:2], part[0][2:], *part[1:]]
    if genus and part[0] in {genus[0], f"{genus[0]}."}:
        return [genus, *part[1:]]
    return [genus, *part] if genus and len(part) == 1 and not listing.below(part[0]) else part


def _taxon(words: list[str], listing: Listing) -> Named:
    """What is no hybrid."""
    plain = [word for word in words[:-1] if word not in _RANKS] + words[-1:]
    words = plain if listing.has(" ".join(plain)) else words
    count = len(words)
    while count > 1 and words[count - 1] in ANY_OF:
        count -= 1
    group = " ".join(words[:count])
    taxon = listing.find(group)
    if (count == 1 or count < len(words)) and (members := listing.below(group)):  # 1
        known = taxon.scientific_name if taxon and listing.has(group) else ""
        strictest = _strictest_first(members)[0].appendix
        whole = bool(known) and not any(_may_be_stricter(each, strictest) for each in members)
        return _all_of(members, (group,), whole=whole, accepted=known)
    if taxon is None:  # 4
        return _unknown(group, listing)
    if listing.has(group):  # 3
        own = {each.lower() for each in (group, taxon.scientific_name, *taxon.synonyms)}
        open_ = own.union(each.scientific_name.lower() for each in listing.below(group))
        return Named((taxon,), True, True, taxon.scientific_name,
                     above=_above(taxon, own) | open_, groups=frozenset(open_))  # fmt: skip
    parent = next(each for each in (" ".join(words[:2]), words[0]) if listing.has(each))
    rest = [word for word in words[len(parent.split()) : count] if word not in _RANKS]
    formed = len(parent.split()) + len(rest) <= 3 and all(_EPITHET.fullmatch(word) for word in rest)
    entry = listing.find(parent) or taxon
    own = {" ".join([each.lower(), *rest]) for each in (parent, entry.scientific_name, *entry.synonyms)}
    goods = Named((taxon,), True, True, taxon.scientific_name, above=_above(taxon, own), groups=frozenset(own))
    near = [entry] if _may_be_stricter(entry, entry.appendix) else []
    genus, mine = listing.below(words[0]), listing.below(parent)
    near += [each for each in genus if stricter(each.appendix, taxon.appendix)]
    near += [each for word in rest for each in listing.below(f"{words[0]} {word}") if each not in mine]
    suspended = [rule.taxon for rule in listing.restrictions if not goods.within(rule.taxon)]
    if any(each.lower().startswith(f"{words[0]} ") for each in suspended):
        near += genus
    return replace(goods, whole=formed and not near, accepted=goods.accepted if formed else "", near=_once(near))


def _above(taxon: Taxon, names: Iterable[str]) -> frozenset[str]:
    return lineage(taxon).union(*(prefixes(each) for each in names))


def _may_be_stricter(taxon: Taxon, than: int) -> bool:
    return any(stricter(each, than) for each in taxon.may_be)


def _unknown(name: str, listing: Listing) -> Named:
    near = listing.below(name.partition(" ")[0])
    higher = {each for taxon in near for each in (taxon.family, taxon.order, taxon.class_name) if each}
    return Named((), near=near, above=prefixes(name) | {each.lower() for each in higher})


def _all_of(members: tuple[Taxon, ...], also: tuple[str, ...], *, whole: bool = False, accepted: str = "") -> Named:
    groups = frozenset({*also, *(each.scientific_name.lower() for each in members)})
    return Named(
        _strictest_first(members), whole, len(members) == 1 and whole, accepted,
        above=groups.union(*(lineage(each) for each in members)), groups=groups,
    )  # fmt: skip


def _strictest_first(taxa: Iterable[Taxon]) -> tuple[Taxon, ...]:
    return tuple(sorted(_once(taxa), key=lambda each: each.appendix or 4))


def _once(taxa: Iterable[Taxon]) -> tuple[Taxon, ...]:
    return tuple({each.scientific_name: each for each in taxa}.values())
