"""Whether a row of the old paper register may be taken over: what the paper says must have been lawful on its day.

1 the number (legacy_number.py)   2 form of every field (shape.py)   3 what even a paper must name
4 the day of issue: not to come, and on paper at all   5 the rules that the paper can be held to, as of that day
6 a species that the list lacks: Appendix and kingdom, and a remark (block 5)   7 a number of Tamga's form
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.core import rules
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.legacy_number import TAMGA, identity, written
from chalicelib.core.listing import Listing
from chalicelib.core.permit import LEGACY, Application, to_record
from chalicelib.core.stage import Stage
from chalicelib.core.validity import day

# Of the rules for new documents these are about the paper itself: the day (block 2), the country of box 3 or 4, a
# source that its kingdom cannot have, a part of a specimen, an Appendix that the list does not know.
HELD_TO = frozenset({"past", "too_late", "not_issuer", "kingdom", "whole_number", "contradicts_list", "population"})
# What a paper of those days need not have had on it, or what nobody copied into the register.
FORGIVEN = frozenset({"exporter.address", "importer.address"})


@dataclass(frozen=True, slots=True)
class Paper:
    """One permit of the old register. `application`: its fields under the API's names, `form` left alone."""

    number: str
    issued_on: str
    application: Application


def check_paper(
    paper: Paper, listing: Listing, stage: Stage, *, today: date, first_serial: int | None
) -> tuple[FieldError, ...]:
    """Everything that stands against taking it over; empty if nothing does.

    `first_serial`: the first serial that Tamga gave out, or will, in the year that a number of its form names; None:
    none in that year, ever.
    """
    return tuple(dict.fromkeys(_faults(paper, listing, stage, today, first_serial)))


def _faults(
    paper: Paper, listing: Listing, stage: Stage, today: date, first_serial: int | None
) -> Iterator[FieldError]:
    app, issued = paper.application, day(paper.issued_on)
    shown = None
    try:
        shown = written(paper.number)  # 1
    except Invalid as error:
        yield from error.errors
    found = [*rules.malformed(app)]  # 2
    found += [gap for gap in rules.missing(app, listing) if _demanded(gap.field)]  # 3
    yield from found
    if issued is None:  # 4
        yield FieldError("issued_on", "date", "Block 13: the day of issue, a day that exists, as YYYY-MM-DD.")
        return
    yield from _issued(issued, stage, today)
    if issued > today:
        return
    said = {error.field for error in found}
    remark = bool(app.special_conditions)
    for fault in rules.broken(app, listing, today=issued, issuer=stage.issuer):  # 5
        if fault.code in HELD_TO and fault.field not in said and not (fault.code == "contradicts_list" and remark):
            yield replace(fault, detail=fault.detail.replace(" issued today ", f" issued on {issued} "))
    for index, line in enumerate(app.lines):  # 6
        if line.scientific_name and listing.find(line.scientific_name) is None and not remark:
            words = "Block 5: the species list lacks this taxon: say in a remark what the paper calls it and why."
            yield FieldError("special_conditions", "unlisted", words + (f" Line {index + 1}." if index else ""))
    if shown is not None:
        yield from _number(shown, issued, stage, first_serial)  # 7


def _demanded(field: str) -> bool:
    return field not in FORGIVEN and not field.endswith(".description")


def _issued(issued: date, stage: Stage, today: date) -> Iterator[FieldError]:
    last = day(stage.paper_until)
    if last is None:
        words = "No paper is taken over: TAMGA_PAPER_UNTIL says until which day permits were issued on paper."
        yield FieldError("issued_on", "door_shut", words)
    elif issued > last:
        yield FieldError("issued_on", "too_late", f"Block 13: permits were issued on paper until {last}, not later.")
    if issued > today:
        yield FieldError("issued_on", "future", "Block 13: a day that is still to come.")


def _number(shown: str, issued: date, stage: Stage, first_serial: int | None) -> Iterator[FieldError]:
    number = identity(shown)
    if not TAMGA.fullmatch(number):
        return
    if number[2:4] != stage.issuer:
        yield FieldError("number", "foreign", f"This reads as a number of {number[2:4]}, not of {stage.issuer}.")
    elif number[:2] != f"{issued.year % 100:02d}":
        yield FieldError("number", "year", f"This reads as {number}: of another year than the day of issue.")
    elif first_serial is not None and int(number[4:10]) >= first_serial:
        yield FieldError("number", "tamga", f"This reads as {number}, which Tamga gives out, or gave out, itself.")


def year_of(number: str) -> str | None:
    """The year (two digits) that a number of Tamga's form names, or None."""
    try:
        found = identity(number)
    except Invalid:
        return None
    return found[:2] if TAMGA.fullmatch(found) else None


def legacy_record(paper: Paper, listing: Listing) -> Mapping[str, Any]:
    """The record of a checked paper, completed from the species list as an application is; its common names alone."""
    whole = rules.complete(paper.application, listing)
    named = [replace(done, common_name=given.common_name or None)
             for done, given in zip(whole.lines, paper.application.lines, strict=True)]  # fmt: skip
    return to_record(replace(whole, lines=tuple(named), form=LEGACY))
