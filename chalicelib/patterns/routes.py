"""Unusual trade routes.

New destinations and bursts are compared with the year before, and give no flag while that sample is small. Repeated
personal effects are counted over a year.

Impossible routes are found without geography, because no table shows the country beyond a post. A chain of documents
re-exports goods that went elsewhere, or a transit leaves where it came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from itertools import pairwise
from math import sqrt

from chalicelib.kernel.codes import Purpose
from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import State
from chalicelib.patterns.window import (
    YEAR,
    Facts,
    Flag,
    ForeignDocument,
    PermitData,
    Window,
    permit_ids,
    posts_of,
    quoted,
)
from chalicelib.uses.single_use import distinct_uses

WEEK = 7 * DAY

LANE_SAMPLE = 50  # least number of permits of the species in the year before

BURST_AT_LEAST = 10  # permits in a week

BURST_SAMPLE = 20  # least number of permits of the exporter in the year before

BURST_WEEKS = 8  # least number of weeks since the exporter's first permit of the year before

BURST_DEVIATIONS = 5  # standard deviations above the mean, for counts (Poisson)

PERSONAL_AT_LEAST = 3  # permits for personal purposes in a year; a traveller has one


def new_lane(window: Window) -> Iterator[Flag]:
    """A species goes to a country that none of at least LANE_SAMPLE permits of the year before names."""
    past: dict[str, deque[PermitData]] = defaultdict(deque)
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
                yield Flag(
                    "new_lane", f"{taxon} {permit.destination} {permit.id}", permit.issued_at, permit_ids(permit), facts
                )
            before.append(permit)
            to[taxon][permit.destination] += 1


def burst(window: Window) -> Iterator[Flag]:
    """An exporter's week with at least 10 permits, three times and five deviations above its own mean of the year."""
    by_exporter: dict[str, list[PermitData]] = defaultdict(list)
    for permit in window.permits:
        if permit.leaves:
            by_exporter[permit.exporter].append(permit)
    for exporter, permits in by_exporter.items():
        weeks: dict[int, list[PermitData]] = defaultdict(list)
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
                facts: Facts = {
                    "exporter": found[-1].exporter_name,
                    "count": len(found),
                    "mean": f"{mean:.1f}",
                    "day": window.day(found[0].issued_at),
                }
                yield Flag("burst", f"{exporter} {week}", found[-1].issued_at, permit_ids(*found), facts)


def personal_again(window: Window) -> Iterator[Flag]:
    """Three permits of one exporter for purpose P in a year, since trade does not travel as personal effects."""
    by_exporter: dict[str, list[PermitData]] = defaultdict(list)
    for permit in window.permits:
        if (
            permit.leaves
            and permit.purpose == Purpose.PERSONAL
            and permit.state != State.REPLACED
            and window.now - permit.issued_at <= YEAR
        ):
            by_exporter[permit.exporter].append(permit)
    for exporter, found in by_exporter.items():
        if len(found) >= PERSONAL_AT_LEAST and found[-1].issued_at >= window.since:
            facts: Facts = {"exporter": found[-1].exporter_name, "count": len(found)}
            subject = f"{exporter} {window.day(found[-1].issued_at)[:4]}"
            yield Flag("personal_again", subject, found[-1].issued_at, permit_ids(*found), facts)


ROADS = frozenset({"road", "eaeu-border"})  # not airports: goods change aircraft there and leave where they came in


def never_went_there(window: Window) -> Iterator[Flag]:
    """A country re-exports goods on a document that let them go to another country.

    No later document explains how they came from there: exported to A, re-exported by B.
    """
    for document, issuer, countries, at in _documents(window):
        for country, number, _, _ in quoted(document):
            origin = window.origins.get((country, number))
            if origin is None or not origin.destination or country in countries:
                continue
            if origin.destination not in countries:
                facts: Facts = {
                    "number": document.number,
                    "issuer": issuer,
                    "other_number": number,
                    "country": country,
                    "destination": origin.destination,
                }
                subject = f"{issuer} {document.number} {country} {number}"
                yield Flag("never_went_there", subject, at, permit_ids(document), facts, posts_of(document))


def _documents(window: Window) -> Iterator[tuple[PermitData | ForeignDocument, str, frozenset[str], int]]:
    """New documents, each with its issuer, the countries in which its goods are before they leave, and its time."""
    for permit in window.permits:
        if permit.issued_at >= window.since and permit.state not in {State.REVOKED, State.REPLACED}:
            exporter = permit.exporter.partition("|")[2]
            yield permit, window.issuer, frozenset({window.issuer, exporter}), permit.issued_at
    for paper in window.shown:
        if paper.at >= window.since:
            yield paper, paper.issuer, frozenset({paper.issuer, paper.exporter_country}), paper.at


def transit_in_circle(window: Window) -> Iterator[Flag]:
    """Transit by road that leaves through the post where it came in, a day later or more."""
    for paper in window.shown:
        if KINDS[paper.kind].many_crossings:
            continue
        for one, other in pairwise(distinct_uses(paper.uses, "transit", window.posts)):
            post = window.posts.get(one.post)
            if one.post != other.post or post is None or post.kind not in ROADS:
                continue
            if other.at - one.at >= DAY and other.at >= window.since:
                facts: Facts = {
                    "number": paper.number,
                    "country": paper.issuer,
                    "post": one.post,
                    "when": one.at,
                    "other_when": other.at,
                }
                subject = f"{paper.issuer} {paper.number} {one.event_id} {other.event_id}"
                yield Flag("transit_in_circle", subject, other.at, permit_ids(paper), facts, (one.post,))
