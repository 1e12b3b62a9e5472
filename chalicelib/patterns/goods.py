"""Suspicious goods: one ring on two permits, bred without an operation or above its yield, impossible origins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from chalicelib.breeding.model import BRED, Operation
from chalicelib.kernel.codes import counted_source
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.enums import Direction, State
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.marks import marks_in
from chalicelib.kernel.numbers import form_of, identity, normalise_number
from chalicelib.kernel.quantity import spelled
from chalicelib.patterns.window import Facts, Flag, PermitData, Window, permit_ids, posts_of, quoted
from chalicelib.record.permit import Line
from chalicelib.uses.single_use import first_use

LONG_MARK = 10  # characters: a microchip (ISO 11784) has 15 and identifies one animal of any species

MARKS_NAMED = 5

RING_KINDS = ("E", "R", "OC", "OP")  # documents under which a marked animal leaves for good


def same_mark(window: Window) -> Iterator[Flag]:
    """A ring or chip on two permits, while its animal is not free for the second one.

    The first permit still allows the export, or the animal left under it and has not returned by then.
    """
    bearing: dict[str, list[tuple[PermitData, Line]]] = defaultdict(list)
    for permit in window.permits:
        if permit.kind in RING_KINDS:
            for line in permit.lines:
                for mark in marks_in(line.marks or ""):
                    bearing[mark].append((permit, line))
    shared: dict[tuple[str, str], tuple[PermitData, PermitData, list[str]]] = {}
    for mark, bearers in bearing.items():
        for (one, line), (other, later) in combinations(bearers, 2):
            alike = _genus(line) == _genus(later) or len(mark) >= LONG_MARK
            news = other.issued_at >= window.since and one.id != other.id and other.id not in one.related
            if alike and news and not _over(other, other.issued_at) and not _over(one, other.issued_at):
                shared.setdefault((one.id, other.id), (one, other, []))[2].append(mark)
    for (first_id, second_id), (one, other, found) in shared.items():
        facts: Facts = {
            "mark": ", ".join(sorted(set(found))[:MARKS_NAMED]),
            "number": one.number,
            "other_number": other.number,
            "taxon": ", ".join(other.taxa),
        }
        yield Flag(
            "same_mark", f"{first_id} {second_id}", other.issued_at, permit_ids(one, other), facts, posts_of(one, other)
        )


def _over(permit: PermitData, at: int) -> bool:
    """True if its animal could lawfully be on another permit at that time.

    The permit is revoked or replaced, or by then had expired unused, or its animal had come back.
    """
    if permit.state in {State.REVOKED, State.REPLACED}:
        return True
    left = first_use(permit.uses, "export")
    if left is not None and left.at <= at:
        return any(
            u.counts and u.kind in {Direction.IMPORT, Direction.RETURN} and left.at < u.at <= at for u in permit.uses
        )
    return permit.expires_at <= at


def _genus(line: Line) -> str:
    return (line.scientific_name or "").partition(" ")[0]


def bred_by_nobody(window: Window) -> Iterator[Flag]:
    """Source C, D, F or A, raised here, without a registered operation of that species on that day.

    No flags while the ministry has registered no operation at all.
    """
    if not window.operations:
        return
    for permit in window.permits:
        if permit.issued_at < window.since or permit.state == State.REVOKED or permit.legacy:
            continue
        day = window.day(permit.issued_at)
        for line in _raised_here(permit, window):
            if not any(each.covers(line, permit.exporter, day) for each in window.operations):
                facts: Facts = {
                    "number": permit.number,
                    "taxon": line.scientific_name or "",
                    "source": line.source or "",
                    "exporter": permit.exporter_name,
                    "day": day,
                }
                yield Flag(
                    "bred_by_nobody",
                    f"{permit.id} {line.scientific_name}",
                    permit.issued_at,
                    permit_ids(permit),
                    facts,
                    posts_of(permit),
                )
                break


def bred_too_many(window: Window) -> Iterator[Flag]:
    """More permitted in a calendar year than the operation can yield.

    Permits that were replaced, or expired or were revoked unused, are not counted.
    """
    taken: dict[tuple[Operation, str], list[tuple[PermitData, Decimal]]] = defaultdict(list)
    for permit in window.permits:
        if permit.state == State.REPLACED or (
            not permit.uses and (permit.state == State.REVOKED or permit.expires_at <= window.now)
        ):
            continue
        day = window.day(permit.issued_at)
        for line in _raised_here(permit, window):
            for each in window.operations:
                if each.covers(line, permit.exporter, day) and each.unit == (line.unit or ""):
                    taken[each, day[:4]].append((permit, Decimal(line.quantity or "0")))
                    break
    for (operation, year), lines in taken.items():
        total, newest = sum((quantity for _, quantity in lines), Decimal(0)), lines[-1][0]
        if total > Decimal(operation.a_year) and newest.issued_at >= window.since:
            facts: Facts = {
                "operation": operation.number,
                "holder": operation.holder,
                "taxon": operation.taxon,
                "total": spelled(total),
                "a_year": operation.a_year,
                "year": year,
            }
            found = permit_ids(*(permit for permit, _ in lines))
            yield Flag("bred_too_many", f"{operation.id} {year}", newest.issued_at, found, facts)


def _raised_here(permit: PermitData, window: Window) -> Iterator[Line]:
    if permit.kind in {
        DocumentKind.EXPORT,
        DocumentKind.CAPTIVE_BREEDING,
        DocumentKind.ARTIFICIAL_PROPAGATION,
        DocumentKind.PHYTOSANITARY,
    }:
        for line in permit.lines:
            ours = line.origin is None or line.origin.country in {None, window.issuer}
            if ours and counted_source(line.source) in BRED:
                yield line


def origin_not_a_number(window: Window) -> Iterator[Flag]:
    """Block 12 or 12a quotes a text that is not a number, or a number in another form than that country's."""
    for permit in _new(window):
        for country, number, _, _ in quoted(permit):
            try:
                odd = form_of(country, normalise_number(number)) in {"unusual", "other_country"}
            except Invalid:
                odd = True
            if odd:
                facts: Facts = {"number": permit.number, "other_number": number, "country": country}
                yield Flag("origin_not_a_number", f"{permit.id} {number}", permit.issued_at, permit_ids(permit), facts)


def origin_unknown(window: Window) -> Iterator[Flag]:
    """The permit quotes a permit of ours that is not in the register."""
    for permit in _new(window):
        for country, number, _, _ in quoted(permit):
            known = window.origins.get((country, number))
            if country == window.issuer and (known is None or not known.known):
                facts: Facts = {"number": permit.number, "other_number": number}
                yield Flag("origin_unknown", f"{permit.id} {number}", permit.issued_at, permit_ids(permit), facts)


def origin_later(window: Window) -> Iterator[Flag]:
    """The permit quotes a document of a later day than its own."""
    for permit in _new(window):
        for country, number, day, _ in quoted(permit):
            if day and day > window.day(permit.issued_at):
                facts: Facts = {"number": permit.number, "other_number": number, "country": country, "day": day}
                yield Flag("origin_later", f"{permit.id} {number}", permit.issued_at, permit_ids(permit), facts)


def origin_used_up(window: Window) -> Iterator[Flag]:
    """The permits that quote one document take more than it permits: the running balance of block 12."""
    taken: dict[tuple[str, str, str], list[tuple[PermitData, Decimal]]] = defaultdict(list)
    for permit in window.permits:
        if permit.state == State.REPLACED or (permit.state == State.REVOKED and not permit.uses):
            continue
        for country, number, _, line in quoted(permit):
            origin = window.origins.get((country, number))
            if origin is not None and origin.allowed is not None:
                key = country, identity(number), line.unit or ""
                taken[key].append((permit, Decimal(line.quantity or "0")))
    allowed = {
        (country, identity(number)): origin.allowed
        for (country, number), origin in window.origins.items()
        if origin.allowed is not None
    }
    for (country, name, unit), lines in taken.items():
        total, most = sum((quantity for _, quantity in lines), Decimal(0)), allowed[country, name].get(unit, Decimal(0))
        newest = lines[-1][0]
        if total > most and newest.issued_at >= window.since:
            facts: Facts = {
                "other_number": name,
                "country": country,
                "total": spelled(total),
                "permitted": spelled(most),
            }
            found = permit_ids(*(permit for permit, _ in lines))
            yield Flag("origin_used_up", f"{country} {name} {unit}", newest.issued_at, found, facts)


def _new(window: Window) -> Iterator[PermitData]:
    return (permit for permit in window.permits if permit.issued_at >= window.since and permit.state != State.REVOKED)
