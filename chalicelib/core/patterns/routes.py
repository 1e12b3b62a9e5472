"""Odd routes: a chain of documents in which somebody re-exports what went elsewhere, a transit that leads nowhere.

Whether a country or a post lies on the way, nothing here knows: no table says what is on the other side of a post.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from chalicelib.core.codes import KINDS
from chalicelib.core.ledger import DAY, distinct
from chalicelib.core.patterns.flag import Facts, Flag, of, seen_at
from chalicelib.core.patterns.window import Seen, Shown, Window, quoted

ROADS = frozenset({"road", "eaeu-border"})  # at an airport goods change aircraft and leave where they came in


def never_went_there(window: Window) -> Iterator[Flag]:
    """A country lets out goods on a document that let them go to another country, and no later document says how they
    came from there: exported to A, re-exported by B."""
    for document, issuer, countries, at in _documents(window):
        for country, number, _, _ in quoted(document):
            origin = window.origins.get((country, number))
            if origin is None or not origin.destination or country in countries:
                continue
            if origin.destination not in countries:
                facts: Facts = {
                    "number": document.number, "issuer": issuer, "other_number": number, "country": country,
                    "destination": origin.destination,
                }  # fmt: skip
                subject = f"{issuer} {document.number} {country} {number}"
                yield Flag("never_went_there", subject, at, of(document), facts, seen_at(document))


def _documents(window: Window) -> Iterator[tuple[Seen | Shown, str, frozenset[str], int]]:
    """What is new: the document, whose it is, the countries in which its goods are before they set out, since when."""
    for permit in window.permits:
        if permit.issued_at >= window.since and permit.state not in {"revoked", "replaced"}:
            exporter = permit.exporter.partition("|")[2]
            yield permit, window.issuer, frozenset({window.issuer, exporter}), permit.issued_at
    for paper in window.shown:
        if paper.at >= window.since:
            yield paper, paper.issuer, frozenset({paper.issuer, paper.exporter_country}), paper.at


def transit_in_circle(window: Window) -> Iterator[Flag]:
    """In transit by road, out by the post through which it came in, a day later or more."""
    for paper in window.shown:
        if KINDS[paper.kind].many_crossings:
            continue
        for one, other in pairwise(distinct(paper.uses, "transit", window.posts)):
            post = window.posts.get(one.post)
            if one.post != other.post or post is None or post.kind not in ROADS:
                continue
            if other.at - one.at >= DAY and other.at >= window.since:
                facts: Facts = {"number": paper.number, "country": paper.issuer, "post": one.post, "when": one.at,
                         "other_when": other.at}  # fmt: skip
                subject = f"{paper.issuer} {paper.number} {one.event_id} {other.event_id}"
                yield Flag("transit_in_circle", subject, other.at, of(paper), facts, (one.post,))
