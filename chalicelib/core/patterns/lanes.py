"""Odd ways: where nothing of the kind went in a year, more at once than ever, personal effects again and again.

Each compares with the year before and says nothing while that is a small sample.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from math import sqrt

from chalicelib.core.ledger import DAY
from chalicelib.core.patterns.flag import Facts, Flag, of
from chalicelib.core.patterns.window import YEAR, Seen, Window

WEEK = 7 * DAY
LANE_SAMPLE = 50  # permits of the species in the year before
BURST_AT_LEAST = 10  # permits in a week
BURST_SAMPLE = 20  # of the exporter in the year before
BURST_WEEKS = 8  # that the exporter has been there
BURST_DEVIATIONS = 5  # above the mean, for counts (Poisson)
PERSONAL_AT_LEAST = 3  # permits for personal purposes in a year: a traveller has one


def new_lane(window: Window) -> Iterator[Flag]:
    """A species to a country where none of at least 50 went in the year before."""
    past: dict[str, deque[Seen]] = defaultdict(deque)
    to: dict[str, Counter[str]] = defaultdict(Counter)
    for permit in window.permits:
        if not permit.leaves or not permit.destination:
            continue
        for taxon in permit.taxa:
            before = past[taxon]
            while before and before[0].issued_at < permit.issued_at - YEAR:
                to[taxon][before.popleft().destination] -= 1
            if permit.issued_at >= window.since and len(before) >= LANE_SAMPLE and not to[taxon][permit.destination]:
                facts: Facts = {
                    "number": permit.number,
                    "taxon": taxon,
                    "country": permit.destination,
                    "count": len(before),
                }
                yield Flag("new_lane", f"{taxon} {permit.destination} {permit.id}", permit.issued_at, of(permit), facts)
            before.append(permit)
            to[taxon][permit.destination] += 1


def burst(window: Window) -> Iterator[Flag]:
    """An exporter's week with at least 10 permits, three times and five deviations above its own mean of the year."""
    by_exporter: dict[str, list[Seen]] = defaultdict(list)
    for permit in window.permits:
        if permit.leaves:
            by_exporter[permit.exporter].append(permit)
    for exporter, permits in by_exporter.items():
        weeks: dict[int, list[Seen]] = defaultdict(list)
        for permit in permits:
            weeks[permit.issued_at // WEEK].append(permit)
        for week, found in weeks.items():
            if len(found) < BURST_AT_LEAST or found[-1].issued_at < window.since:
                continue
            before = [p for p in permits if (week - 52) * WEEK <= p.issued_at < week * WEEK]
            there = min(52, week - before[0].issued_at // WEEK) if before else 0
            if len(before) < BURST_SAMPLE or there < BURST_WEEKS:
                continue
            mean = len(before) / there
            if len(found) >= 3 * mean and len(found) > mean + BURST_DEVIATIONS * sqrt(mean):
                facts: Facts = {"exporter": found[-1].exporter_name, "count": len(found), "mean": f"{mean:.1f}",
                         "day": window.day(found[0].issued_at)}  # fmt: skip
                yield Flag("burst", f"{exporter} {week}", found[-1].issued_at, of(*found), facts)


def personal_again(window: Window) -> Iterator[Flag]:
    """Purpose P, three times in a year by one exporter: trade does not come as personal effects."""
    by_exporter: dict[str, list[Seen]] = defaultdict(list)
    for permit in window.permits:
        if (
            permit.leaves
            and permit.purpose == "P"
            and permit.state != "replaced"
            and window.now - permit.issued_at <= YEAR
        ):
            by_exporter[permit.exporter].append(permit)
    for exporter, found in by_exporter.items():
        if len(found) >= PERSONAL_AT_LEAST and found[-1].issued_at >= window.since:
            facts: Facts = {"exporter": found[-1].exporter_name, "count": len(found)}
            subject = f"{exporter} {window.day(found[-1].issued_at)[:4]}"
            yield Flag("personal_again", subject, found[-1].issued_at, of(*found), facts)
