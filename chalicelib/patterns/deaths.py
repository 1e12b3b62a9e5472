"""Animals that arrive dead repeatedly, with one exporter or one airline (Conf. 10.21: transport of live animals).

The rules use import endorsements only: how many arrived, and how many of these were dead. How many left under another
Party's permit is not known here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.kernel.days import DAY
from chalicelib.kernel.quantity import spelled
from chalicelib.patterns.window import Facts, Flag, ForeignDocument, PermitData, Window, permit_ids
from chalicelib.permits.model.findings import LIVE
from chalicelib.record.permit import line_letter
from chalicelib.uses.single_use import distinct_uses, document_key

HALF_YEAR = 182 * DAY

DEAD_AT_LEAST = 3  # consignments with dead animals

DEAD_SHARE = Decimal("0.05")  # of all that arrived; single losses occur with careful transport too

_WAYBILL = re.compile(r"(?<!\d)(\d{3})[- ]?\d{8}(?!\d)")  # IATA Resolution 600a: the airline's three digits


@dataclass(frozen=True, slots=True)
class _Arrival:
    permit: PermitData | ForeignDocument
    post: str
    at: int
    airline: str
    quantity: Decimal
    dead: Decimal


def dead_of_exporter(window: Window) -> Iterator[Flag]:
    """Three consignments of one exporter in half a year with dead animals, and at least 5 % of all its animals dead."""
    by: dict[str, list[_Arrival]] = defaultdict(list)
    for each in _arrivals(window):
        if each.permit.exporter_name:
            by[each.permit.exporter].append(each)
    for exporter, arrivals in by.items():
        facts: Facts = {"exporter": arrivals[-1].permit.exporter_name}
        yield from _flags("dead_of_exporter", exporter, arrivals, facts, window)


def dead_with_carrier(window: Window) -> Iterator[Flag]:
    """The same for one airline, with dead animals of more than one exporter."""
    by: dict[str, list[_Arrival]] = defaultdict(list)
    for each in _arrivals(window):
        if each.airline:
            by[each.airline].append(each)
    for airline, arrivals in by.items():
        if len({each.permit.exporter for each in arrivals if each.dead}) > 1:
            yield from _flags("dead_with_carrier", airline, arrivals, {"airline": airline}, window)


def _flags(rule: str, who: str, arrivals: list[_Arrival], facts: Facts, window: Window) -> Iterator[Flag]:
    losses = [each for each in arrivals if each.dead]
    dead, quantity = (sum((getattr(each, of) for each in arrivals), Decimal(0)) for of in ("dead", "quantity"))
    if len(losses) < DEAD_AT_LEAST or dead < DEAD_SHARE * quantity or losses[-1].at < window.since:
        return
    facts = {
        **facts,
        "count": len(losses),
        "total": len(arrivals),
        "dead": spelled(dead),
        "quantity": spelled(quantity),
    }
    posts = tuple(dict.fromkeys(each.post for each in losses))
    subject = f"{who} {window.day(losses[-1].at)[:4]}"
    yield Flag(rule, subject, losses[-1].at, permit_ids(*(each.permit for each in losses)), facts, posts)


def _arrivals(window: Window) -> list[_Arrival]:
    """Arrivals, first to last. A consignment that came with our import permit and with their permit counts once."""
    found: dict[object, _Arrival] = {}
    papers: tuple[PermitData | ForeignDocument, ...] = (*window.permits, *window.shown)
    for permit in papers:
        for use in distinct_uses(permit.uses, "import", window.posts):
            if window.now - use.at > HALF_YEAR or use.foreign_document is not None:  # counted under that document
                continue
            live = {line_letter(n) for n, line in enumerate(permit.lines) if line.term == LIVE and not line.unit}
            moved = [each for each in use.lines if each.line in live]
            quantity, dead = (
                sum((Decimal(getattr(each, name) or "0") for each in moved), Decimal(0))
                for name in ("quantity", "dead_on_arrival")
            )
            airline = _WAYBILL.search(use.transport_document)
            document = document_key(use.transport_document)
            one = document and (document, use.post, quantity, dead)
            if quantity:
                made = _Arrival(permit, use.post, use.at, airline[1] if airline else "", quantity, dead)
                found.setdefault(one or use.event_id, made)
    return sorted(found.values(), key=lambda each: each.at)
