"""What the second person must look at in a batch of the old register: what stands out, what resembles, and chance.

1 Appendix I   2 the largest quantities of each unit   3 those that expire last   4 what resembles another paper
5 a sample that nobody could foresee: its seed is made when the batch is shown

Whether a row of the old paper register may be taken over: what the paper says must have been lawful on its day.

1 the number (kernel/numbers.py)   2 form of every field (shape.py)   3 what even a paper must name
4 the day of issue: not to come, and on paper at all   5 the rules that the paper can be held to, as of that day
6 a species that the list lacks: Appendix and kingdom, and a remark (block 5)   7 a number of Tamga's form

What a permit on paper from before Tamga is worth: no code and no signature, only what the register holds of it.

`judge_legacy` runs those of the numbered checks (verdict.py, FORMAT.md 5) that need no code: 7 time, 9 the register's
state and D4, 10 use. 1-6 and 8 are skipped, 11 and 12 too. At best it says `check`: a person compares the paper.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from chalicelib.applications.rules import check
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.numbers import NUMBER_FORM, identity, parts_of, written
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record import shape
from chalicelib.record.permit import (
    LEGACY,
    Application,
    Line,
    Permit,
    SourceDocument,
    TokenLine,
    TokenParty,
    TokenSource,
    from_record,
    record_digest,
    to_record,
)
from chalicelib.species.model.listing import Listing
from chalicelib.verdict.register_checks import expired_hits, state_hits, time_hits, use_hits
from chalicelib.verdict.snapshot import NOWHERE, Context, Snapshot
from chalicelib.verdict.snapshot_checks import arrival_hits
from chalicelib.verdict.verdict import Verdict, concluded

SKIPPED = frozenset({1, 2, 3, 4, 5, 6, 8, 11, 12})


def paper_permit(paper: Dossier, issuer: str) -> Permit:
    """What the register holds of a paper, in the shape in which a code speaks. `status_uri` is empty: it has no entry.

    `paper`: a legacy dossier, whose record has what `legacy_register/model.py` demands.
    """
    app = from_record(paper.record)
    return Permit(
        issuer=issuer,
        number=paper.number or "",
        kind=app.document_type or "",
        exporter=TokenParty(app.exporter.name or "", app.exporter.country or ""),
        importer=TokenParty(app.importer.name or "", app.importer.country or ""),
        purpose=app.purpose or "",
        lines=tuple(_line(line) for line in app.lines),
        record_digest=bytes.fromhex(record_digest(paper.record))[:16],
        cti=bytes(16),
        issued_at=paper.issued_at or 0,
        expires_at=paper.expires_at or 0,
        status_uri="",
        status_idx=0,
        stamp=app.stamp_number,
    )


def judge_legacy(permit: Permit, register: Snapshot, *, zone: str, now: int, context: Context = NOWHERE) -> Verdict:
    """The verdict on a paper permit as our register holds it; pure, raises nothing. `zone`: the Party's."""
    uses, seen = context.as_seen(register.uses, now)
    hits = time_hits(permit, zone, seen)  # 7
    hits += state_hits(register)  # 9
    hits += use_hits(permit, (permit,), register, None, uses, context, seen)  # 10
    hits += arrival_hits(permit, register, context, seen)
    hits = expired_hits(hits, permit, uses, None, context, seen)
    return concluded(hits, (permit,), register, uses, zone=zone, skipped=SKIPPED, now=now, as_of=now)


def _line(line: Line) -> TokenLine:
    return TokenLine(
        taxon=line.scientific_name or "",
        appendix=line.appendix or 0,
        source=line.source or "",
        term=line.term or "",
        quantity=line.quantity or "",
        unit=line.unit,
        marks=line.marks,
        origin=_source(line.origin),
        last_reexport=_source(line.last_reexport),
        operation=line.operation_or_acquisition,
    )


def _source(source: SourceDocument | None) -> TokenSource | None:
    return TokenSource(source.country, source.document, source.date) if source and source.country else None


SAMPLE = 50  # rows at random; a smaller batch is shown whole

FOREMOST = 5  # of each kind of outlier

TIES = 20  # that share the highest value

NAMED = 3  # papers named for each row that resembles others

# Letters written for a digit that `identity` does not take for one: alone, in front of a digit.
_FOR_DIGIT = re.compile(r"(?<![A-ZА-ЯҢ])[ZSB](?=[0-9])")


@dataclass(frozen=True, slots=True)
class Likeness:
    """By what a paper is compared with others. `full`: the digits of its number in any order, also with letters read
    as digits; `less`: without the last of three or more; `content`: the same goods for one exporter on one day, and
    the same marks of one taxon.
    """

    number: str
    letters: str
    full: tuple[str, ...]
    less: tuple[str, ...]
    content: tuple[str, ...]


def likeness(number: str, issued_on: str, record: Mapping[str, Any]) -> Likeness:
    """`number` as written; `record` as `legacy_rules.legacy_record` makes it."""
    full, less = set(), set()
    for spelled in {number, _FOR_DIGIT.sub(lambda m: "258"["ZSB".index(m[0])], number)}:
        digits = [part for part in parts_of(identity(spelled)) if part.isdigit()]
        full.add("-".join(sorted(digits)))
        if len(digits) > 2:  # a serial, a year, and one more
            less.add("-".join(sorted(digits[:-1])))
    letters = "".join(part for part in parts_of(identity(number)) if not part.isdigit())
    return Likeness(number, letters, tuple(sorted(full)), tuple(sorted(less)), _content(issued_on, record))


def resembling(rows: Sequence[Likeness], held: Iterable[Likeness]) -> dict[int, tuple[str, ...]]:
    """Row -> the numbers of other papers, held or of the same batch, that it may be once more; at most NAMED each."""
    buckets: dict[str, dict[str, Likeness]] = defaultdict(dict)
    for each in (*held, *rows):
        for key in _stands(each):
            buckets[key][identity(each.number)] = each
    found = {}
    for at, row in enumerate(rows):
        own, alike = identity(row.number), {}
        for key in _seeks(row):
            for name, other in buckets.get(key, {}).items():
                if name != own and (key[0] == "c" or _letters_alike(row.letters, other.letters)):
                    alike[name] = other.number
                if len(alike) == NAMED:
                    break
        if alike:
            found[at] = tuple(sorted(alike.values()))[:NAMED]
    return found


def outliers(rows: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, ...]]:
    """Row -> why it stands out (1-3). `rows`: number, issued_on, record."""
    why: dict[int, list[str]] = defaultdict(list)
    amounts: dict[tuple[str, str], list[tuple[Decimal, int]]] = defaultdict(list)
    for at, row in enumerate(rows):
        lines = row["record"]["lines"]
        if any(line.get("appendix") == "I" for line in lines):
            why[at].append("Appendix I")
        for line in lines:
            amounts[line["term"], line.get("unit", "")].append((Decimal(line["quantity"]), at))
    for each in amounts.values():
        for at in _foremost(each):
            why[at].append("quantity")
    for at in _foremost([(row["record"]["valid_until"], at) for at, row in enumerate(rows)]):
        why[at].append("expires last")
    return {at: tuple(dict.fromkeys(words)) for at, words in why.items()}


def sample(count: int, seed: bytes) -> list[int]:
    """SAMPLE of `count` rows, each as likely as any other to whoever does not know the seed."""
    drawn = sorted(range(count), key=lambda at: sha256(seed + at.to_bytes(4)).digest())
    return sorted(drawn[:SAMPLE])


def _foremost(ranked: list[tuple[Any, int]]) -> list[int]:
    """Those with the highest value, at most TIES, and with the next ones while they are few; none if all are equal."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for value, at in ranked:
        groups[value].append(at)
    if len(groups) < 2:
        return []
    first, *others = (groups[value] for value in sorted(groups, reverse=True))
    found = first[:TIES]
    for group in others:
        if len(found) + len(group) > FOREMOST:
            break
        found += group
    return found


def _stands(each: Likeness) -> list[str]:
    return [*(f"c{x}" for x in each.content), *(f"f{x}" for x in each.full), *(f"l{x}" for x in each.less)]


def _seeks(each: Likeness) -> list[str]:
    found = [*(f"c{x}" for x in each.content), *(f"f{x}" for x in each.full)]
    return [*found, *(f"l{x}" for x in each.full), *(f"f{x}" for x in each.less)]


def _letters_alike(one: str, other: str) -> bool:
    """Letters left out, added or exchanged; of two series (A-1, B-1) each has its own."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return sorted(one) == sorted(other) or all(letter in rest for letter in short)


def _content(issued_on: str, record: Mapping[str, Any]) -> tuple[str, ...]:
    lines = record["lines"]
    goods = sorted(
        [line["scientific_name"], line["term"], str(Decimal(line["quantity"]).normalize()), line.get("unit") or ""]
        for line in lines
    )
    found = {_hash("goods", issued_on, _plain(record["exporter"]["name"]), repr(goods))}
    for line in lines:
        marks = _plain(line.get("marks") or "")
        if any(letter.isdigit() for letter in marks):
            found.add(_hash("marks", line["scientific_name"], marks))
    return tuple(sorted(found))


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


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
    found = [*shape.malformed(app)]  # 2
    found += [gap for gap in check.missing(app, listing) if _demanded(gap.field)]  # 3
    yield from found
    if issued is None:  # 4
        yield FieldError("issued_on", "date", "Block 13: the day of issue, a day that exists, as YYYY-MM-DD.")
        return
    yield from _issued(issued, stage, today)
    if issued > today:
        return
    said = {error.field for error in found}
    remark = bool(app.special_conditions)
    for fault in check.refusals(app, listing, today=issued, issuer=stage.issuer):  # 5
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
    if not NUMBER_FORM.fullmatch(number):
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
    return found[:2] if NUMBER_FORM.fullmatch(found) else None


def legacy_record(paper: Paper, listing: Listing) -> Mapping[str, Any]:
    """The record of a checked paper, completed from the species list as an application is; its common names alone."""
    whole = check.complete(paper.application, listing)
    named = [
        replace(done, common_name=given.common_name or None)
        for done, given in zip(whole.lines, paper.application.lines, strict=True)
    ]
    return to_record(replace(whole, lines=tuple(named), form=LEGACY))
