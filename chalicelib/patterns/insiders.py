"""Patterns about staff, for the auditor only. A flag is a reason to ask, not a proof."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from chalicelib.kernel.days import DAY
from chalicelib.kernel.quantity import spelled
from chalicelib.patterns.window import YEAR, Facts, Flag, PermitData, Window, permit_ids
from chalicelib.quotas.model import exported
from chalicelib.uses.single_use import first_use
from chalicelib.uses.use import Use

PAIR_AT_LEAST = 8  # permits of one exporter in a year

PAIR_SHARE, PAIR_ELSEWHERE = 0.8, 0.4  # least share of the exporter's permits, most of everybody else's

OPEN, SHUT = 7, 20  # office hours, Monday to Friday, in the Party's zone

OFF_HOURS_AT_LEAST, OFF_HOURS_SHARE = 3, 0.1  # of one person's steps in a month

OVERRIDES_AT_LEAST = 3  # by one person in 30 days

UNDO_DAYS, UNDO_SAMPLE, UNDO_AT_LEAST, UNDO_SHARE = 90, 20, 3, 0.1

VOIDS_AT_LEAST = 3  # numbers given up in 30 days

SPOILED_AT_LEAST = 5  # stamps written off by one person in 30 days

FAR_LESS_AT_LEAST = 3  # permits of a year

FAR_LESS_SHARE, FAR_LESS_OF = Decimal("0.05"), 20  # most of what a line permits; only lines that permit so much

MONTH = 30 * DAY

_SERIAL = re.compile(r"([0-9]{2}[A-Z]{2})([0-9]{6})/[A-Z]{1,2}")


def round_the_rules(window: Window) -> Iterator[Flag]:
    """Approved by a person who wrote or judged it, without an approver, or without a required finding.

    The service refuses all three, so somebody bypassed it.
    """
    for permit in window.permits:
        if permit.legacy or permit.issued_at < window.since:
            continue
        own = permit.approver in permit.excluded_approvers
        if own or permit.lacking or not permit.approver:
            facts: Facts = {"number": permit.number, "person": permit.approver, "findings": ", ".join(permit.lacking)}
            yield Flag(
                "round_the_rules",
                permit.id,
                permit.issued_at,
                permit_ids(permit),
                facts,
                people=_people(permit.approver),
            )


def one_pair(window: Window) -> Iterator[Flag]:
    """One exporter's permits nearly all by the same two people, who have far fewer of the other exporters' permits."""
    recent = [p for p in window.permits if not p.legacy and p.approver and window.now - p.issued_at <= YEAR]
    pairs = Counter(map(_pair, recent))
    by_exporter: dict[str, list[PermitData]] = defaultdict(list)
    for permit in recent:
        by_exporter[permit.exporter].append(permit)
    for exporter, permits in by_exporter.items():
        others = len(recent) - len(permits)
        if not PAIR_AT_LEAST <= len(permits) <= others or permits[-1].issued_at < window.since:
            continue
        (pair, count), *_ = Counter(map(_pair, permits)).most_common(1)
        elsewhere = (pairs[pair] - count) / others
        if count >= PAIR_SHARE * len(permits) and elsewhere <= PAIR_ELSEWHERE:
            facts: Facts = {
                "exporter": permits[-1].exporter_name,
                "count": count,
                "total": len(permits),
                "person": pair[0],
                "other_person": pair[1],
                "share": f"{elsewhere:.0%}",
            }
            subject = f"{exporter} {pair} {window.day(permits[-1].issued_at)[:4]}"
            yield Flag("one_pair", subject, permits[-1].issued_at, permit_ids(*permits), facts, people=_people(*pair))


def _pair(permit: PermitData) -> tuple[str, str]:
    """The preparer who issued it, or its author if the approver issued it, and the approver."""
    before = permit.issuer if permit.issuer != permit.approver else permit.creator
    return before, permit.approver


def off_hours(window: Window) -> Iterator[Flag]:
    """Permits approved or issued at night or on a weekend.

    At least three in a month by one person, and more than a tenth of that person's steps.
    """
    steps: dict[tuple[str, str], list[tuple[int, PermitData]]] = defaultdict(list)
    for permit in window.permits:
        if permit.legacy:
            continue
        for person, at in ((permit.approver, permit.approved_at), (permit.issuer, permit.issued_at)):
            if person:
                steps[person, window.day(at)[:7]].append((at, permit))
    for (person, month), taken in steps.items():
        late = [(at, permit) for at, permit in taken if _late(window, at)]
        if len(late) >= OFF_HOURS_AT_LEAST and len(late) > OFF_HOURS_SHARE * len(taken) and late[-1][0] >= window.since:
            facts: Facts = {"person": person, "count": len(late), "total": len(taken), "when": late[-1][0]}
            found = permit_ids(*(permit for _, permit in late))
            yield Flag("off_hours", f"{person} {month}", late[-1][0], found, facts, people=_people(person))


def _late(window: Window, at: int) -> bool:
    local = window.local(at)
    return local.weekday() >= 5 or not OPEN <= local.hour < SHUT


def many_overrides(window: Window) -> Iterator[Flag]:
    """Three overrides of hard stops by one person within 30 days."""
    made: dict[str, list[tuple[int, PermitData]]] = defaultdict(list)
    for permit in window.permits:
        for person, at in permit.overrides:
            made[person].append((at, permit))
    for person, each in made.items():
        recent = sorted((pair for pair in each if window.now - pair[0] <= MONTH), key=lambda pair: pair[0])
        if len(recent) >= OVERRIDES_AT_LEAST and recent[-1][0] >= window.since:
            facts: Facts = {"person": person, "count": len(recent), "total": len(each)}
            subject = f"{person} {window.day(recent[-1][0])[:7]}"
            found = permit_ids(*(permit for _, permit in recent))
            yield Flag("many_overrides", subject, recent[-1][0], found, facts, people=_people(person))


def many_undone(window: Window) -> Iterator[Flag]:
    """Many endorsements submitted by one person were withdrawn.

    At least a tenth of those in 90 days, and three times the rate of all other submitters. The submitter counts, not
    the officer that the endorsement names.
    """
    made: dict[str, list[tuple[Use, PermitData]]] = defaultdict(list)
    for permit in window.permits:
        for use in permit.uses:
            if window.now - use.at <= UNDO_DAYS * DAY:
                made[use.submitter].append((use, permit))
    every = [use for each in made.values() for use, _ in each]
    undone_of_all = sum(use.withdrawn is not None for use in every)
    for officer, each in made.items():
        undone = [(use, permit) for use, permit in each if use.withdrawn is not None]
        others = len(every) - len(each)
        rate = len(undone) / len(each)
        elsewhere = (undone_of_all - len(undone)) / others if others else 0.0
        if len(each) < UNDO_SAMPLE or len(undone) < UNDO_AT_LEAST or rate < UNDO_SHARE or rate < 3 * elsewhere:
            continue
        by, _ = Counter(use.withdrawn.officer for use, _ in undone if use.withdrawn).most_common(1)[0]
        newest = max(use.withdrawn.at for use, _ in undone if use.withdrawn)
        if newest >= window.since:
            facts: Facts = {"person": officer, "other_person": by, "count": len(undone), "total": len(each)}
            posts = tuple(dict.fromkeys(use.post for use, _ in undone))
            found = permit_ids(*(permit for _, permit in undone))
            subject = f"{officer} {window.day(newest)[:7]}"
            yield Flag("many_undone", subject, newest, found, facts, posts, people=_people(officer, by))


def far_less(window: Window) -> Iterator[Flag]:
    """Endorsed for at most 5 % of what a line permits, on three permits of one exporter or one officer in a year.

    A quantity that is not endorsed takes nothing of a quota.
    """
    by: dict[tuple[str, str], dict[str, tuple[PermitData, Use, str, str]]] = defaultdict(dict)
    for permit in window.permits:
        small = _far_less(permit) if permit.leaves and window.now - permit.issued_at <= YEAR else None
        if small is not None:
            by["exporter", permit.exporter][permit.id] = small
            by["officer", small[1].submitter][permit.id] = small
    flagged: set[frozenset[str]] = set()
    for (_, who), found in sorted(by.items(), key=lambda pair: pair[0]):
        permit, use, line, moved = max(found.values(), key=lambda each: (each[1].at, each[0].id))
        if len(found) < FAR_LESS_AT_LEAST or use.at < window.since or frozenset(found) in flagged:
            continue
        flagged.add(frozenset(found))
        facts: Facts = {
            "count": len(found),
            "number": permit.number,
            "line": line,
            "quantity": moved,
            "permitted": permit.allowed[line].quantity,
            "taxon": ", ".join(permit.taxa),
            "exporter": permit.exporter_name,
            "person": use.submitter,
            "post": use.post,
            "when": use.at,
        }
        permits = permit_ids(*(each for each, *_ in found.values()))
        people = _people(*(each.submitter for _, each, *_ in found.values()))
        posts = tuple(dict.fromkeys(each.post for _, each, *_ in found.values()))
        yield Flag("far_less", f"{who} {window.day(use.at)[:4]}", use.at, permits, facts, posts, people=people)


def _far_less(permit: PermitData) -> tuple[PermitData, Use, str, str] | None:
    """The permit, its first export, the first line of which far less left than permitted, and that quantity."""
    left, use = exported(permit.uses), first_use(permit.uses, "export")
    if left is None or use is None:
        return None
    for line, allowance in permit.allowed.items():
        moved, permitted = left.get(line, Decimal(0)), Decimal(allowance.quantity)
        if permitted >= FAR_LESS_OF and moved <= FAR_LESS_SHARE * permitted:
            return permit, use, line, spelled(moved)
    return None


def missing_serials(window: Window) -> Iterator[Flag]:
    """Serials between the first and the last of a year that no permit has and nobody declared void."""
    serials: dict[str, set[int]] = defaultdict(set)
    for number in window.numbers:
        if form := _SERIAL.fullmatch(number):
            serials[form[1]].add(int(form[2]))
    for year, known in serials.items():
        ordered = sorted(known)
        for one, other in pairwise(ordered):
            if other - one > 1:
                facts: Facts = {
                    "first": f"{year}{one + 1:06d}",
                    "last": f"{year}{other - 1:06d}",
                    "count": other - one - 1,
                }
                yield Flag("missing_serials", f"{year} {one} {other}", window.now, (), facts)


def many_voids(window: Window) -> Iterator[Flag]:
    """Three numbers within 30 days that were reserved and then given up."""
    recent = sorted((at, number) for number, at in window.voids if window.now - at <= MONTH)
    if len(recent) >= VOIDS_AT_LEAST and recent[-1][0] >= window.since:
        facts: Facts = {"count": len(recent), "numbers": ", ".join(number for _, number in recent[-10:])}
        yield Flag("many_voids", window.day(recent[-1][0])[:7], recent[-1][0], (), facts)


def many_stamps_spoiled(window: Window) -> Iterator[Flag]:
    """Five security stamps written off by one person within 30 days."""
    by: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for each in window.spoiled:
        if window.now - each.at <= MONTH:
            by[each.by].append((each.at, each.number))
    for person, spoiled in by.items():
        newest = max(at for at, _ in spoiled)
        if len(spoiled) >= SPOILED_AT_LEAST and newest >= window.since:
            facts: Facts = {
                "person": person,
                "count": len(spoiled),
                "numbers": ", ".join(n for _, n in sorted(spoiled)[-10:]),
            }
            subject = f"{person} {window.day(newest)[:7]}"
            yield Flag("many_stamps_spoiled", subject, newest, (), facts, people=_people(person))


def desk_changed(window: Window) -> Iterator[Flag]:
    """Two administrators removed a mail address of a duty desk, so that its alerts may reach nobody."""
    for each in window.paired:
        if each.kind == "desk" and each.at >= window.since:
            facts: Facts = {
                "desk": each.subject,
                "person": each.proposed_by,
                "other_person": each.confirmed_by,
                "when": each.at,
            }
            people = _people(each.proposed_by, each.confirmed_by)
            yield Flag("desk_changed", f"{each.subject} {each.at}", each.at, (), facts, people=people)


def quota_raised(window: Window) -> Iterator[Flag]:
    """Two administrators raised the figure of a quota."""
    for each in window.paired:
        if each.kind == "quota" and each.at >= window.since:
            facts: Facts = {
                "taxon": each.subject,
                "permitted": each.was,
                "quantity": each.now,
                "person": each.proposed_by,
                "other_person": each.confirmed_by,
                "when": each.at,
            }
            people = _people(each.proposed_by, each.confirmed_by)
            yield Flag("quota_raised", f"{each.subject} {each.at}", each.at, (), facts, people=people)


def _people(*ids: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in ids if each))
