"""Split consignments: several small permits of one exporter or consignee within days that together exceed a limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.kernel.codes import NUMBER, UNITS, Purpose
from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import State
from chalicelib.kernel.quantity import spelled
from chalicelib.patterns.window import Facts, Flag, PermitData, Window, permit_ids, posts_of
from chalicelib.requirements.model.table import allowance

SPLIT_DAYS = 14

SPLIT_AT_LEAST = 3  # permits

SMALL, SHARE = Decimal("0.1"), Decimal("0.25")  # of a year's quota: most for one permit, exceeded by all together


@dataclass(frozen=True, slots=True)
class _Part:
    """The quantity that one permit takes of one limit (`of`: its name)."""

    of: str
    permit: PermitData
    taxon: str
    amount: Decimal
    most: Decimal
    unit: str = ""


def split_allowance(window: Window) -> Iterator[Flag]:
    """Personal effects, each within the allowance for one person (Conf. 13.7), together above it."""
    parts = []
    for permit in _leaving(window):
        if permit.purpose != Purpose.PERSONAL:
            continue
        taken: dict[str, _Part] = {}
        for line in permit.lines:
            taxon = line.scientific_name or ""
            held = allowance(window.above.get(taxon, frozenset()), line.term)
            unit = UNITS.get(line.unit or NUMBER)
            if held is None or unit is None or unit.base != UNITS[held.unit].base:
                continue
            before = taken[held.code].amount if held.code in taken else Decimal(0)
            amount = before + Decimal(line.quantity or "0") * unit.factor / UNITS[held.unit].factor
            symbol = "" if held.unit == NUMBER else UNITS[held.unit].symbol
            taken[held.code] = _Part(held.code, permit, taxon, amount, Decimal(held.most), symbol)
        parts += [each for each in taken.values() if each.amount <= each.most]
    yield from _flags("split_allowance", parts, Decimal(1), window)


def split_quota(window: Window) -> Iterator[Flag]:
    """Permits that each take at most a tenth of a year's quota, together more than a quarter."""
    parts = []
    for permit in _leaving(window):
        taken: dict[str, _Part] = {}
        for draw in permit.draws:
            taxon = permit.lines[draw.line].scientific_name or ""
            before = taken[draw.quota].amount if draw.quota in taken else Decimal(0)
            taken[draw.quota] = _Part(
                draw.quota, permit, taxon, before + Decimal(draw.quantity), Decimal(draw.limit or "0")
            )
        parts += [each for each in taken.values() if each.amount <= SMALL * each.most]
    yield from _flags("split_quota", parts, SHARE, window)


def _leaving(window: Window) -> Iterator[PermitData]:
    for permit in window.permits:
        if permit.leaves and permit.state != State.REPLACED and (permit.state != State.REVOKED or permit.uses):
            yield permit


def _flags(rule: str, parts: Iterable[_Part], share: Decimal, window: Window) -> Iterator[Flag]:
    """Flags for the runs of each exporter and each consignee.

    A run that has the same exporter and consignee throughout is flagged once.
    """
    by: dict[tuple[bool, str, str], list[_Part]] = defaultdict(list)
    for part in parts:
        by[False, part.permit.exporter, part.of].append(part)
        if part.permit.importer_name:
            by[True, part.permit.importer, part.of].append(part)
    told: set[frozenset[str]] = set()
    for (arriving, who, limit), found in sorted(by.items(), key=lambda pair: pair[0]):
        for run in _runs(found, share):
            permits, newest = [part.permit for part in run], run[-1]
            names = frozenset(permit.id for permit in permits)
            if newest.permit.issued_at < window.since or any(names <= each for each in told):
                continue
            told.add(names)
            facts: Facts = {
                "name": newest.permit.importer_name if arriving else newest.permit.exporter_name,
                "count": len(run),
                "taxon": newest.taxon,
                "total": _amount_text(sum((part.amount for part in run), Decimal(0)), newest.unit),
                "permitted": _amount_text(newest.most, newest.unit),
                "day": window.day(permits[0].issued_at),
            }
            subject = f"{who} {limit} {permits[0].id}"
            yield Flag(rule, subject, newest.permit.issued_at, permit_ids(*permits), facts, posts_of(*permits))


def _amount_text(amount: Decimal, unit: str) -> str:
    return f"{spelled(amount)} {unit}".strip()


def _runs(parts: list[_Part], share: Decimal) -> Iterator[list[_Part]]:
    """Runs of parts within SPLIT_DAYS of the first one that exceed the share. The next run begins after them."""
    at = 0
    while at < len(parts):
        until = parts[at].permit.issued_at + SPLIT_DAYS * DAY
        run = [part for part in parts[at:] if part.permit.issued_at <= until]
        enough = len(run) >= SPLIT_AT_LEAST and sum(part.amount for part in run) > share * run[-1].most
        if enough:
            yield run
        at += len(run) if enough else 1
