"""Permits of an honest ministry, and the pattern rules applied to them.

Issued in office hours, each animal with its own rings, to a dozen exporters and some countries, from registered
operations. The half year before has the same kind of permits.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from border_world import POSTS, World
from office import ADMIN, DAY, NOW
from process import but

from chalicelib.breeding import services as breeding
from chalicelib.breeding.model import Operation
from chalicelib.patterns.table import RULES, find
from chalicelib.patterns.window import PermitData
from chalicelib.record.permit import Application, Line, Party, SourceDocument
from chalicelib.suspicions.services import pattern_search

EXPORTERS = tuple(
    Party(f"{name} LLC", f"{n} Chuy Avenue, Bishkek", "KG")
    for n, name in enumerate(("Sunkar", "Altyn", "Ala-Too", "Issyk", "Naryn", "Talas", "Chatkal", "Suusamyr", "Kochkor",
                              "Batken", "Alay", "Osh"))
)  # fmt: skip
SHARES_OF_EXPORTERS = tuple(12 - n for n in range(12))
DESTINATIONS = (("AE", 40), ("QA", 20), ("SA", 15), ("DE", 12), ("FR", 8), ("JP", 4), ("KZ", 1))
YIELD = "100000"  # an honest operation stays below its yield
FORTNIGHTS = 12  # of the past, for comparison
BISHKEK = timedelta(hours=6)


def office_hour(rng: random.Random, days: int) -> int:
    """Monday to Friday, nine to six in Bishkek."""
    while True:
        at = NOW + rng.randint(0, days * DAY)
        local = datetime.fromtimestamp(at, UTC) + BISHKEK
        if local.weekday() < 5 and 9 <= local.hour < 18:
            return at


def application(world: World, drawn: Application) -> Application:
    """An application of one exporter, to one country, with its own marks and documents of origin."""
    exporter, importer = drawn.exporter, drawn.importer
    if drawn.document_type not in {"I", "OI"}:
        (exporter,) = world.rng.choices(EXPORTERS, SHARES_OF_EXPORTERS)
        ((country, _),) = world.rng.choices(DESTINATIONS, [share for _, share in DESTINATIONS])
        importer = replace(importer, country=country)
    lines = tuple(_of_its_own(world, line) for line in drawn.lines)
    return replace(drawn, exporter=exporter, importer=importer, lines=lines)


def _of_its_own(world: World, line: Line) -> Line:
    world.number += 1
    origin = line.origin
    if origin is not None and origin.document:
        origin = SourceDocument(origin.country, f"RU-{world.number:06d}/E", origin.date)
    return replace(line, marks=f"ring KG-{world.number:06d}", origin=origin)


def register_operations(world: World) -> None:
    """Register the operations: every exporter breeds sakers and propagates orchids."""
    office = world.office
    for n, exporter in enumerate(EXPORTERS):
        for taxon, source in (("Falco cherrug", "C"), ("Orchis militaris", "A")):
            wanted = Operation(
                f"KG-OP-{n}", exporter.name or "", taxon, (source,), YIELD, "", "2020-01-01", "", "order"
            )
            breeding.enter(wanted, "", ADMIN, office)


def flagged(world: World) -> tuple[Counter[str], Counter[str]]:
    """Number of flags by rule. Those of permits with an officer's mistake are counted separately."""
    window, complete = pattern_search.collect(but(world.office, posts=POSTS, now=world.now))  # fmt: skip
    assert complete
    permits = tuple(sorted((*_past(window.permits), *window.permits), key=_day))
    flags = find(replace(window, permits=permits, since=world.begin), RULES.values())
    honest, mistaken = Counter[str](), Counter[str]()
    for flag in flags:
        wrong = {number for _, number in flag.permits} & world.mistaken
        (mistaken if wrong else honest)[flag.rule] += 1
    return honest, mistaken


def _day(permit: PermitData) -> int:
    return permit.issued_at


def _past(permits: tuple[PermitData, ...]) -> list[PermitData]:
    """The same trade in the fortnights before, without marks, because those animals are no longer on permits."""
    return [
        replace(
            each, id=f"{n} {each.id}", number=f"25KG{n}", issued_at=each.issued_at - n * 14 * DAY, uses=(),
            expires_at=each.issued_at, approved_at=each.approved_at - n * 14 * DAY, cleared=frozenset(),
            lines=tuple(replace(line, marks=None, origin=None) for line in each.lines),
        )
        for n in range(1, FORTNIGHTS + 1)
        for each in permits
    ]  # fmt: skip
