"""Requests and answers about the species list, and the JSON of its entries.

An entry has names, Appendix, restrictions, source and day, for people and devices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

from pydantic import StringConstraints

from chalicelib.http.answers import OPEN, Day, Time
from chalicelib.http.requests import DayText, Model, Reason, Text
from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.days import to_text
from chalicelib.species.model.listing import (
    EVERY_DAY,
    Listing,
    Population,
    Restriction,
    Taxon,
    Unlisted,
    lineage,
    prefixes,
)
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name
from chalicelib.species.model.usual_terms import terms_of
from chalicelib.species.services.propose_list import ListHead, ListState


class SpeciesQuery(Model):
    q: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class DayQuery(Model):
    """`on`: the day of the list, today if left out."""

    on: DayText | None = None


class UploadQuery(Model):
    """Query of an upload.

    `name` is the file's name, `as_of` the day of the Species+ download, `in_force` the day from which its Appendices
    are in force. No day is in the future, and `in_force` is not after `as_of`. With `whole` true, taxa that the file
    lacks have left the Appendices and are removed. A whole list with far fewer taxa than CITES lists is refused unless
    `replace` is true.
    """

    name: Text
    as_of: DayText | None = None
    in_force: DayText | None = None
    whole: Literal["true", "false"] | None = None
    replace: Literal["true", "false"] | None = None


class SpeciesListDecision(Model):
    """Body of a rejection, with its `reason`."""

    reason: Reason


class SplitByOrigin(TypedDict):
    """Split of an entry by country of origin: `appendix` for `origins`, `others` for the rest.

    If `others` is null, the province or subspecies decides for the other countries, as for those in `open`.
    """

    appendix: str
    origins: list[str]
    open: list[str]
    others: str | None
    note: str
    source: str
    as_of: Day


class SpeciesEvent(TypedDict):
    """A change of the entry."""

    day: Day
    what: str
    source: str


class Suspension(TypedDict):
    """A recorded suspension or zero quota, in force from `since` until the day before `until`.

    An empty list means any. `except_origins`: countries of origin that it is not for. `effect`: `stop`, or `ask` for a
    question to the Management Authority. `exported_before`: goods that left their country of origin before `since`, or
    from `until` on, are not restricted. `reasons`: the reason by language.
    """

    since: Day
    until: Day | None
    kinds: list[str]
    sources: list[str]
    purposes: list[str]
    origins: list[str]
    except_origins: list[str]
    terms: list[str]
    effect: Literal["stop", "ask"]
    exported_before: bool
    reason: str
    reasons: Annotated[Mapping[str, str], OPEN]
    source: str


class ComingChange(TypedDict):
    """A change of Appendix that is decided and not yet in force. `appendix`: `0` is not listed."""

    day: Day
    appendix: str


class NotListed(TypedDict):
    """Why a kind that people ask about is not listed. `note`: what to look at instead, or "".

    `wild`: listed wild forms of a domestic animal.
    """

    reason: str
    note: str
    wild: list[str]


# `class` is a keyword of Python
_OfClass = TypedDict("_OfClass", {"class": str})


class SpeciesEntry(_OfClass):
    """An entry of the species list.

    - `found_by`: the name that was asked for. `names`: common names by language.
    - `in_force`: the day from which its Appendix is in force. `checked`: the day on which it was last compared with a
      second source. `basis`: code of its sources. Each is "" if not known.
    - `open`: codes of the reasons why the entry is not certain.
    - `symbol`: the number of its annotation (`#4`). `excepts`: codes of what the listing leaves out.
    - `listed_by_all`: every country that listed it in Appendix III.
    - `range_sure`: it is native in no country besides `range_states`. `introduced`: countries outside them that have an
      introduced population of it, or may have one.
    """

    id: str
    scientific_name: str
    accepted_name: str
    found_by: str
    rank: str
    appendix: str
    may_be: list[str]
    listed_by: str | None
    listed_by_all: list[str]
    kingdom: str
    population: SplitByOrigin | None
    order: str
    family: str
    synonyms: list[str]
    annotation: str
    symbol: str
    excepts: list[str]
    names: Annotated[Mapping[str, str], OPEN]
    also: list[str]
    group: str
    decided: str
    range_states: list[str]
    range_source: str
    range_sure: bool
    introduced: list[str]
    source: str
    as_of: str
    in_force: str
    checked: str
    basis: str
    open: list[str]
    coming: ComingChange | None
    unlisted: NotListed | None
    list_version: str
    history: list[SpeciesEvent]
    restrictions: list[Suspension]


class Species(SpeciesEntry):
    """An entry of the species list with the usual specimen terms of the taxon."""

    usual_terms: list[str]


class SpeciesList(TypedDict):
    """Entries found by name, the best match first.

    `in_force`: the day from which the Appendices in the list are in force. `checked`: the day on which the list was
    last compared with its sources.
    """

    items: list[Species]
    cursor: str | None
    as_of: str
    in_force: str
    checked: str
    version: str


class ListInUse(TypedDict):
    """`release` means that it came with the release, and no list was put in use since."""

    version: str
    as_of: Day
    in_force: str
    checked: str
    taxa: int
    release: bool


class SpeciesListHead(TypedDict):
    """A proposed or earlier list. `counts`: number of changes of each kind to the list `based_on`.

    `in_force`: the day from which its Appendices are in force, if the proposer gave it. `checked`: the day of its
    content. `whole`: it replaces the list of the release; else its rows count where they are newer.
    """

    digest: str
    state: ListState
    taxa: int
    as_of: Day
    in_force: Day | None
    checked: Day
    whole: bool
    based_on: str
    counts: Annotated[Mapping[str, int], OPEN]
    file: str
    by: str
    by_name: str
    at: Time
    decided_by_name: str
    decided_at: Time | None
    reason: str


class SpeciesListChange(TypedDict):
    what: str
    name: str
    before: str
    after: str


class SpeciesListProposed(SpeciesListHead):
    changes: list[SpeciesListChange]


class SpeciesLists(TypedDict):
    """`proposed`: the list that waits for a second person. `items`: the lists put in use before."""

    in_use: ListInUse
    proposed: SpeciesListProposed | None
    items: list[SpeciesListHead]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {
    "Species": Species,
    "SpeciesList": SpeciesList,
    "SpeciesLists": SpeciesLists,
    "SpeciesListHead": SpeciesListHead,
    "SpeciesListProposed": SpeciesListProposed,
}


# `from` is a keyword of Python
_FromDay = TypedDict("_FromDay", {"from": str})


class StateOfEntry(_FromDay):
    """An entry from a day on. `from`: "" for the first state. `in_force`: as of an entry."""

    appendix: str
    may_be: list[str]
    listed_by: str | None
    listed_by_all: list[str]
    population: SplitByOrigin | None
    symbol: str
    in_force: str
    open: list[str]


class StrictestRules(TypedDict, total=False):
    """The strictest rules of a name. `deciding`: the taxon that they come from.

    `broad`: the name is of a rank above species whose members are in several Appendices.
    """

    scientific_name: str
    synonyms: list[str]
    appendix: str
    may_be: list[str]
    listed_by: str | None
    listed_by_all: list[str]
    kingdom: str
    order: str
    family: str
    population: SplitByOrigin | None
    deciding: str
    broad: bool
    symbol: str
    excepts: list[str]
    open: list[str]
    range_states: list[str]
    range_sure: bool


class StateOfGroup(_FromDay, StrictestRules):
    """The rules of a name from a day on, as far as they differ from those of today."""


class _NamesOfGroup(TypedDict):
    restrictions: list[Suspension]
    members: list[str]
    above: list[str]


class GoodsOfGroup(StrictestRules, _NamesOfGroup, total=False):
    """The rules of a name where they exceed those of its entry. Members that repeat the entry are absent.

    `members` and `above`: names on the device and of its quotas, as far as they are in the group or above its members.
    `states`: the first one begins on the day from which the list is known.
    """

    states: list[StateOfGroup]


class RulesOfGroup(TypedDict, total=False):
    covers: GoodsOfGroup
    states: list[StateOfEntry]


class EntryForDevices(SpeciesEntry, RulesOfGroup):
    pass


class SpeciesForDevices(TypedDict):
    """The part `species` of a device's bundle.

    `known_from`: the first day of which an entry without `states` is known.
    """

    as_of: str
    in_force: str
    checked: str
    known_from: str
    version: str
    taxa: list[EntryForDevices]


def taxon_json(taxon: Taxon, listing: Listing, *, found_by: str = "") -> SpeciesEntry:
    """JSON form of an entry, with names as in the list.

    `appendix` applies here. `may_be` has other Appendices of some populations. `found_by`: the name that was asked for,
    if it is not the accepted one.
    """
    return {
        "id": taxon.scientific_name.lower().replace(" ", "-"),
        "scientific_name": taxon.scientific_name,
        "accepted_name": taxon.scientific_name,
        "found_by": found_by or taxon.scientific_name,
        "rank": taxon.rank,
        "appendix": APPENDIX_NAMES[taxon.appendix],
        "may_be": [APPENDIX_NAMES[number] for number in sorted(taxon.may_be)],
        "population": _population(taxon.population) if taxon.population else None,
        "listed_by": taxon.listed_by,
        "listed_by_all": sorted(taxon.listed_by_all),
        "kingdom": taxon.kingdom,
        "class": taxon.class_name,
        "order": taxon.order,
        "family": taxon.family,
        "synonyms": list(taxon.synonyms),
        "names": dict(taxon.names),
        "also": list(taxon.also),
        "group": taxon.group,
        "annotation": taxon.annotation,
        "symbol": taxon.symbol,
        "excepts": sorted(taxon.excepts),
        "decided": taxon.decided,
        "restrictions": [_restriction(each) for each in listing.restricted(taxon)],
        "history": [{"day": each.day, "what": each.what, "source": each.source} for each in listing.history_of(taxon)],
        "range_states": sorted(taxon.range_states),
        "range_source": taxon.range_source,
        "range_sure": taxon.range_sure,
        "introduced": sorted(taxon.introduced),
        "source": taxon.source,
        "as_of": taxon.as_of,
        "in_force": taxon.since,
        "checked": taxon.checked,
        "basis": taxon.basis,
        "open": sorted(taxon.open),
        "coming": _coming(taxon),
        "unlisted": _not_listed(taxon.unlisted) if taxon.unlisted else None,
        "list_version": listing.version,
    }


def taxon_json_with_terms(found: Taxon, listing: Listing, *, found_by: str = "") -> Species:
    """The same with the usual specimen terms of the taxon, for the author of an application."""
    return {**taxon_json(found, listing, found_by=found_by), "usual_terms": sorted(terms_of(found))}


def _not_listed(unlisted: Unlisted) -> NotListed:
    return {"reason": unlisted.reason, "note": unlisted.note, "wild": list(unlisted.wild)}


def _coming(taxon: Taxon) -> ComingChange | None:
    event = taxon.coming
    if event is None or event.after is None:
        return None
    return {"day": event.day, "appendix": APPENDIX_NAMES[event.after]}


def states(taxon: Taxon, listing: Listing) -> list[StateOfEntry]:
    """The entry from each day on which it changed or changes, for a permit of another day (web/core/species_day.js)."""
    return [state_json(day, each) for day, each in listing.states_of(taxon)]


def _states(taxon: Taxon, listing: Listing) -> RulesOfGroup:
    found = states(taxon, listing)
    return {"states": found} if found else {}


def state_json(day: str, taxon: Taxon) -> StateOfEntry:
    """JSON form of an entry from a day on."""
    return {
        "from": day,
        "appendix": APPENDIX_NAMES[taxon.appendix],
        "may_be": [APPENDIX_NAMES[number] for number in sorted(taxon.may_be)],
        "listed_by": taxon.listed_by,
        "listed_by_all": sorted(taxon.listed_by_all),
        "population": _population(taxon.population) if taxon.population else None,
        "symbol": taxon.symbol,
        "in_force": taxon.since,
        "open": sorted(taxon.open),
    }


def for_devices(listing: Listing, quotas: Iterable[str] = ()) -> SpeciesForDevices:
    """Species data for look-up on a scanner without a network, with the taxa that officers here meet
    (`listing.GROUPS`).

    `quotas`: taxa of the quotas that the device also holds.
    """
    met = [each for each in listing.ranked if each.group]
    named = frozenset(each.scientific_name.lower() for each in met)
    bounds = frozenset(each.lower() for each in quotas)
    rules = _rules_by_day([each.scientific_name for each in met], listing)
    taxa: list[EntryForDevices] = [
        {
            **taxon_json(each, listing),
            **covers(each, listing, named, bounds, rules.get(each.scientific_name, ())),
            **_states(each, listing),
        }
        for each in met
    ]
    return {
        "as_of": listing.as_of,
        "in_force": listing.in_force,
        "checked": listing.checked,
        "known_from": listing.known_from,
        "version": listing.version,
        "taxa": taxa,
    }


class _RulesOfDay(NamedTuple):
    """The rules of a name, and those of its own entry, from a day on."""

    day: str
    rules: StrictestRules
    own: StrictestRules


def _rules_by_day(names: Iterable[str], listing: Listing) -> Mapping[str, Sequence[_RulesOfDay]]:
    """The rules of each name of a rank above species, from each day on which a member changes.

    Day by day, because the list keeps few of its states.
    """
    days: dict[str, list[str]] = {}
    for name in names:
        for day in listing.days_of(name) if resolve_name(name, listing).group else ():
            days.setdefault(day, []).append(name)
    found: dict[str, list[_RulesOfDay]] = {}
    for day, changed in sorted(days.items()):
        then = listing.on(date.fromisoformat(day)) if day else listing.on(EVERY_DAY)
        for name in changed:
            found.setdefault(name, []).append(_RulesOfDay(day, *_rules(name, then)))
    return found


def _rules(name: str, listing: Listing) -> tuple[StrictestRules, StrictestRules]:
    """The rules of a name, and those of its own entry."""
    entry = listing.find(name)
    assert entry is not None
    return _strictest_rules(resolve_name(name, listing)), _strictest_rules(ResolvedName((entry,), True, True))


def _strictest_rules(goods: ResolvedName) -> StrictestRules:
    """The rules of the strictest taxon, as `requirements.services.subject_of` takes them."""
    taxon = goods.strictest
    assert taxon is not None
    return {
        "scientific_name": taxon.scientific_name,
        "synonyms": list(taxon.synonyms),
        "appendix": APPENDIX_NAMES[taxon.appendix],
        "may_be": [APPENDIX_NAMES[number] for number in sorted(taxon.may_be)],
        "listed_by": taxon.listed_by,
        "listed_by_all": sorted(taxon.listed_by_all),
        "kingdom": taxon.kingdom,
        "order": taxon.order,
        "family": taxon.family,
        "population": _population(goods.population) if goods.population else None,
        "deciding": goods.deciding,
        "broad": goods.broad,
        "symbol": taxon.symbol,
        "excepts": sorted(taxon.excepts),
        "open": sorted(goods.open),
        "range_states": sorted(taxon.range_states) if goods.one else [],  # a group has no range of its own
        "range_sure": taxon.range_sure and goods.one,
    }


def covers(
    group: Taxon,
    listing: Listing,
    named: frozenset[str],
    quotas: frozenset[str],
    by_day: Iterable[_RulesOfDay] = (),
) -> RulesOfGroup:
    """The rules for goods under the name of this entry, where they exceed the rules of the entry, else an empty dict.

    A name that is too broad for an answer always has them. A genus, family or order may have them, and so may a species
    with entries or suspensions below it. It is so too for a former subspecies of another species
    (`species/model/name_resolution.py`). `covers` has the strictest taxon, all suspensions, and the names whose quotas
    apply. These are `members` with everything below them, and the names `above` them. Of both it has only the `named`
    ones, which are on the device, and the taxa of `quotas`. Orchidaceae alone has 26,000 members.
    """
    goods = resolve_name(group.scientific_name, listing)
    rules, own = _rules(group.scientific_name, listing)
    restrictions = goods.restricted(listing)
    members = (goods.groups & named).union(each for each in quotas if not goods.groups.isdisjoint(prefixes(each)))
    above = (goods.above - goods.groups) & (named | quotas | lineage(group))
    name, of_entry = group.scientific_name.lower(), lineage(group)
    wider = any(each not in of_entry and name not in prefixes(each) for each in members | above)
    stricter = [each for each in (*by_day, _RulesOfDay("", rules, own)) if each.rules != each.own]
    if not (stricter or wider or restrictions != listing.restricted(group)):
        return {}
    found: Any = {
        "restrictions": [_restriction(each) for each in restrictions],
        "members": sorted(members),
        "above": sorted(above),
    }
    if stricter:
        found |= rules
        if states := _changed_rules(rules, by_day):
            found["states"] = states
    return {"covers": found}


def _changed_rules(today: StrictestRules, by_day: Iterable[_RulesOfDay]) -> list[StateOfGroup]:
    """The states in which the rules differ from those of the one before, or none if they never differ from today's."""
    states: list[StateOfGroup] = []
    before: StrictestRules | None = None
    for day, rules, _ in by_day:
        if rules != before:
            state: Any = {"from": day} | {name: value for name, value in rules.items() if value != today.get(name)}
            states.append(state)
        before = rules
    return states if any(len(each) > 1 for each in states) else []


def _population(each: Population) -> SplitByOrigin:
    """Split of the entry by country of origin.

    If `others` is null, the province or subspecies decides for the other countries, as for those in `open`.
    """
    return {
        "appendix": APPENDIX_NAMES[each.appendix],
        "origins": sorted(each.origins),
        "open": sorted(each.open),
        "others": None if each.others is None else APPENDIX_NAMES[each.others],
        "note": each.note,
        "source": each.source,
        "as_of": each.as_of,
    }


def _restriction(each: Restriction) -> Suspension:
    """A recorded suspension or zero quota, where an empty list means any."""
    return {
        "since": each.since.isoformat(),
        "until": each.until.isoformat() if each.until else None,
        "kinds": sorted(each.kinds),
        "sources": sorted(each.sources),
        "purposes": sorted(each.purposes),
        "origins": sorted(each.origins),
        "except_origins": sorted(each.except_origins),
        "terms": sorted(each.terms),
        "effect": each.effect.value,
        "exported_before": each.exported_before,
        "reason": each.reason,
        "reasons": {"en": each.reason, **each.reasons},
        "source": each.source,
    }


def list_json(head: ListHead) -> SpeciesListHead:
    """JSON of a list's head data, without internal fields."""
    return {
        "digest": head.digest,
        "state": head.state,
        "taxa": head.taxa,
        "as_of": head.as_of,
        "in_force": head.in_force or None,
        "checked": head.as_of,
        "whole": head.whole,
        "based_on": head.based_on,
        "counts": head.counts,
        "file": head.file,
        "by": head.by,
        "by_name": head.by_name,
        "at": to_text(head.at),
        "decided_by_name": head.decided_by_name,
        "decided_at": to_text(head.decided_at) if head.decided_at else None,
        "reason": head.reason,
    }
