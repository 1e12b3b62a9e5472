"""Rules for paper permits from before Tamga: which rows can be taken over, which a reviewer sees, and their verdict.

Rules for a row (`check_paper`). The paper must have been lawful on its day of issue:
1 the number (kernel/numbers.py)   2 form of every field (shape.py)   3 fields that every paper must have
4 the day of issue: not in the future, and before permits came from Tamga   5 the rules of HELD_TO, as of that day
6 a species that the list lacks: Appendix and kingdom, and a remark (block 5)   7 a number of Tamga's form

Rows that the second person must review in a batch:
1 Appendix I   2 the largest quantities of each term and unit   3 those that expire last   4 rows that resemble another
paper   5 a random sample; its seed is made when the batch is shown, so nobody can predict it

Verdict (`judge_legacy`). A paper permit has no code and no signature, only its record in the register. These numbered
checks need no code (verdict.py, FORMAT.md 5): 7 time, 9 state in the register and D4, 10 use. Checks 1-6, 8, 11 and 12
are skipped. The best outcome is `check`: a person compares the paper.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from chalicelib.applications.rules import check
from chalicelib.applications.rules.species import origin_of
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.numbers import NUMBER_FORM, identity, normalise_number, parts_of
from chalicelib.kernel.rows import RowData
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
from chalicelib.species.model.listing import Listing, Open
from chalicelib.species.model.name_resolution import resolve_name
from chalicelib.verdict.register_checks import expired_results, state_results, time_results, use_results
from chalicelib.verdict.snapshot import NO_CONTEXT, Context, Snapshot
from chalicelib.verdict.snapshot_checks import arrival_results
from chalicelib.verdict.verdict import Verdict, conclude

SKIPPED = frozenset({1, 2, 3, 4, 5, 6, 8, 11, 12})


def paper_permit(paper: Dossier, issuer: str) -> Permit:
    """Convert the record of a paper permit to claims. `status_uri` is empty, because it has no entry in a status list.

    `paper`: a legacy dossier, with a record that passed `check_paper`.
    """
    app, issued = from_record(paper.record), paper.issued
    return Permit(
        issuer=issuer,
        number=issued.number,
        kind=app.document_type or "",
        exporter=TokenParty(app.exporter.name or "", app.exporter.country or ""),
        importer=TokenParty(app.importer.name or "", app.importer.country or ""),
        purpose=app.purpose or "",
        lines=tuple(_line(line) for line in app.lines),
        record_digest=bytes.fromhex(record_digest(paper.record))[:16],
        cti=bytes(16),
        issued_at=issued.issued_at,
        expires_at=issued.expires_at,
        status_uri="",
        status_idx=0,
        stamp=app.stamp_number,
    )


def judge_legacy(permit: Permit, register: Snapshot, *, zone: str, now: int, context: Context = NO_CONTEXT) -> Verdict:
    """Judge a paper permit by its snapshot in our register. Pure, raises nothing. `zone`: the Party's time zone."""
    uses, seen = context.at_scan_time(register.uses, now)
    results = time_results(permit, zone, seen)  # 7
    results += state_results(register)  # 9
    results += use_results((permit,), register, None, uses, context, seen)  # 10
    results += arrival_results(permit, register, context, seen)
    results = expired_results(results, permit, uses, None, context, seen)
    return conclude(results, (permit,), register, uses, zone=zone, skipped=SKIPPED, now=now, as_of=now)


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


SAMPLE = 50  # random rows; a smaller batch is shown whole

OUTLIERS_AT_MOST = 5  # rows of each kind of outlier

TIES_AT_MOST = 20  # rows at most that share the highest value

NAMED = 3  # papers listed for each row that resembles others

# Single letters in front of a digit, written for a digit, that `identity` does not read as a digit.
_FOR_DIGIT = re.compile(r"(?<![A-ZА-ЯҢ])[ZSB](?=[0-9])")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Keys for the comparison of a paper with others.

    `full`: the groups of digits in its number in any order, also with letters read as digits. `less`: the same without
    the last of three or more groups. `content`: digests of goods with exporter and day, and of marks with taxon.
    """

    number: str
    letters: str
    full: tuple[str, ...]
    less: tuple[str, ...]
    content: tuple[str, ...]


def likeness(number: str, issued_on: str, record: RowData) -> Likeness:
    """Make the keys of a paper. `number`: as written. `record`: as `legacy_record` returns it."""
    full, less = set(), set()
    for spelled in {number, _FOR_DIGIT.sub(lambda m: "258"["ZSB".index(m[0])], number)}:
        digits = [part for part in parts_of(identity(spelled)) if part.isdigit()]
        full.add("-".join(sorted(digits)))
        if len(digits) > 2:  # a serial, a year, and another group
            less.add("-".join(sorted(digits[:-1])))
    letters = "".join(part for part in parts_of(identity(number)) if not part.isdigit())
    return Likeness(number, letters, tuple(sorted(full)), tuple(sorted(less)), _content(issued_on, record))


def resembling(rows: Sequence[Likeness], held: Iterable[Likeness]) -> dict[int, tuple[str, ...]]:
    """Find rows that may duplicate another paper, in the register (`held`) or in the same batch.

    Returns row index -> numbers of those papers, at most NAMED each.
    """
    buckets: dict[str, dict[str, Likeness]] = defaultdict(dict)
    for each in (*held, *rows):
        for key in _index_keys(each):
            buckets[key][identity(each.number)] = each
    found = {}
    for at, row in enumerate(rows):
        own, alike = identity(row.number), {}
        for key in _search_keys(row):
            for name, other in buckets.get(key, {}).items():
                if name != own and (key[0] == "c" or _letters_alike(row.letters, other.letters)):
                    alike[name] = other.number
                if len(alike) == NAMED:
                    break
        if alike:
            found[at] = tuple(sorted(alike.values()))[:NAMED]
    return found


def outliers(rows: Sequence[RowData]) -> dict[int, tuple[str, ...]]:
    """Find rows that stand out, with the reasons (1-3): row index -> reasons. `rows`: number, issued_on, record."""
    why: dict[int, list[str]] = defaultdict(list)
    amounts: dict[tuple[str, str], list[tuple[Decimal, int]]] = defaultdict(list)
    for at, row in enumerate(rows):
        lines = row["record"]["lines"]
        if any(line.get("appendix") == "I" for line in lines):
            why[at].append("Appendix I")
        for line in lines:
            amounts[line["term"], line.get("unit", "")].append((Decimal(line["quantity"]), at))
    for each in amounts.values():
        for at in _largest(each):
            why[at].append("quantity")
    for at in _largest([(row["record"]["valid_until"], at) for at, row in enumerate(rows)]):
        why[at].append("expires last")
    return {at: tuple(dict.fromkeys(words)) for at, words in why.items()}


def sample(count: int, seed: bytes) -> list[int]:
    """Draw SAMPLE of `count` rows. Without the seed, every row is equally likely."""
    drawn = sorted(range(count), key=lambda at: sha256(seed + at.to_bytes(4)).digest())
    return sorted(drawn[:SAMPLE])


def _largest(ranked: list[tuple[Any, int]]) -> list[int]:
    """Rows with the highest value, at most TIES_AT_MOST, and with the next values up to OUTLIERS_AT_MOST in all. There
    are none if all are equal.

    A value that would exceed OUTLIERS_AT_MOST is left out with all its rows.
    """
    groups: dict[Any, list[int]] = defaultdict(list)
    for value, at in ranked:
        groups[value].append(at)
    if len(groups) < 2:
        return []
    first, *others = (groups[value] for value in sorted(groups, reverse=True))
    found = first[:TIES_AT_MOST]
    for group in others:
        if len(found) + len(group) > OUTLIERS_AT_MOST:
            break
        found += group
    return found


def _index_keys(each: Likeness) -> list[str]:
    return [*(f"c{x}" for x in each.content), *(f"f{x}" for x in each.full), *(f"l{x}" for x in each.less)]


def _search_keys(each: Likeness) -> list[str]:
    found = [*(f"c{x}" for x in each.content), *(f"f{x}" for x in each.full)]
    return [*found, *(f"l{x}" for x in each.full), *(f"f{x}" for x in each.less)]


def _letters_alike(one: str, other: str) -> bool:
    """True if the letters differ by omission, addition or order only. Two series (A-1, B-1) are not alike."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return sorted(one) == sorted(other) or all(letter in rest for letter in short)


def _content(issued_on: str, record: RowData) -> tuple[str, ...]:
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


# Codes of the rules for new documents that also apply to an old paper. They are about the paper itself:
# - the day (block 2), and the country in block 3 or 4
# - a source that its kingdom cannot have, and a fraction of a specimen
# - an Appendix that contradicts the list
HELD_TO = frozenset({"past", "too_late", "not_issuer", "kingdom", "whole_number", "contradicts_list", "population"})

# Fields that an old paper did not need, or that were not copied into the books.
FORGIVEN = frozenset({"exporter.address", "importer.address", "ata_carnet"})


@dataclass(frozen=True, slots=True)
class Paper:
    """One permit of the old register. `application`: its fields under the API's names, without `form`."""

    number: str
    issued_on: str
    application: Application


def check_paper(
    paper: Paper, listing: Listing, stage: Stage, *, today: date, first_serial: int | None
) -> tuple[FieldError, ...]:
    """List every reason against taking a paper over, or none.

    `first_serial`: for a number of Tamga's form, the first serial that Tamga gives out in its year. None means that
    Tamga gives out none in that year.
    """
    return tuple(dict.fromkeys(_faults(paper, listing, stage, today, first_serial)))


def _faults(
    paper: Paper, listing: Listing, stage: Stage, today: date, first_serial: int | None
) -> Iterator[FieldError]:
    app, issued = paper.application, day(paper.issued_on)
    shown = None
    try:
        shown = normalise_number(paper.number)  # 1
    except Invalid as error:
        yield from error.errors
    found = [*shape.malformed(app)]  # 2
    found += [gap for gap in check.missing(app, listing) if _demanded(gap.field)]  # 3
    yield from found
    if issued is None:  # 4
        yield FieldError("issued_on", "date", "Block 13: the day of issue must be an existing day as YYYY-MM-DD.")
        return
    yield from _issued(issued, stage, today)
    if issued > today:
        return
    said = {error.field for error in found}
    remark = bool(app.special_conditions)
    then = listing.on(issued)
    unsure = _unsure(app, then)
    for fault in check.refusals(app, then, today=issued, issuer=stage.issuer):  # 5
        if fault.field in unsure:
            continue
        held = fault.code in HELD_TO and not fault.field.endswith(".origin.country")  # block 12 stays as printed
        if held and fault.field not in said and not (fault.code == "contradicts_list" and remark):
            yield replace(fault, detail=fault.detail.replace(" issued today ", f" issued on {issued} "))
    for index, line in enumerate(app.lines):  # 6
        if line.scientific_name and then.find(line.scientific_name) is None and not remark:
            words = (
                "Block 5: the species list does not have this taxon. Enter a remark: its "
                "name on the paper, and the reason."
            )
            yield FieldError("special_conditions", "unlisted", words + (f" Line {index + 1}." if index else ""))
    if shown is not None:
        yield from _number(shown, issued, stage, first_serial)  # 7


def _unsure(app: Application, listing: Listing) -> frozenset[str]:
    """Appendix fields of lines whose Appendix on that day is not known: the list does not contradict them."""
    found = set()
    for index, line in enumerate(app.lines):
        taxon = resolve_name(line.scientific_name or "", listing).of(origin_of(app, line)).strictest
        if taxon is not None and taxon.open & {Open.PAST_UNKNOWN, Open.CHANGE_DAY}:
            found.add(f"lines[{index}].appendix")
    return frozenset(found)


def _demanded(field: str) -> bool:
    return field not in FORGIVEN and not field.endswith((".description", ".origin.country"))


def _issued(issued: date, stage: Stage, today: date) -> Iterator[FieldError]:
    last = day(stage.paper_until)
    if last is None:
        words = (
            "No paper permit can be imported. Set TAMGA_PAPER_UNTIL to the last day on "
            "which permits were issued on paper."
        )
        yield FieldError("issued_on", "door_shut", words)
    elif issued > last:
        words = f"Block 13: the day of issue must not be after {last}, the last day of permits on paper."
        yield FieldError("issued_on", "too_late", words)
    if issued > today:
        yield FieldError("issued_on", "future", "Block 13: the day of issue must not be in the future.")


def _number(shown: str, issued: date, stage: Stage, first_serial: int | None) -> Iterator[FieldError]:
    number = identity(shown)
    if not NUMBER_FORM.fullmatch(number):
        return
    if number[2:4] != stage.issuer:
        words = f"This is a number of {number[2:4]}. It must be a number of {stage.issuer}."
        yield FieldError("number", "foreign", words)
    elif number[:2] != f"{issued.year % 100:02d}":
        words = f"This reads as {number}. Its year differs from the year of the day of issue: correct one of them."
        yield FieldError("number", "year", words)
    elif first_serial is not None and int(number[4:10]) >= first_serial:
        words = (
            f"This reads as {number}, a number that Tamga assigns to its own permits. Check the number on the paper."
        )
        yield FieldError("number", "tamga", words)


def year_of(number: str) -> str | None:
    """Year (two digits) in a number of Tamga's form, or None for another form."""
    try:
        found = identity(number)
    except Invalid:
        return None
    return found[:2] if NUMBER_FORM.fullmatch(found) else None


def legacy_record(paper: Paper, listing: Listing) -> RowData:
    """Make the record of a checked paper, completed from the species list of its day of issue.

    Common names stay as given, because the list adds none.
    """
    issued = day(paper.issued_on)
    whole = check.complete(paper.application, listing.on(issued) if issued else listing, issuer=None)
    named = [
        replace(done, common_name=given.common_name or None)
        for done, given in zip(whole.lines, paper.application.lines, strict=True)
    ]
    return to_record(replace(whole, lines=tuple(named), form=LEGACY))
