"""Annual trade report out of the register, with its findings: whole, or by pages so that a large year fits a function.

Sources of the lines; no index is kept for the report (ADR 0031):

actual   USES#<day>          every use that counts, by the day on which the register received it; a device may bring one
                             late, so the days go on until LATE days after the year's end
         FOREIGN-PAPER#...   endorsed papers of other Parties, by their shelf (import only)
issued   NUMBER#<iss>        the year's numbers, which begin with it; then papers from before Tamga (LEGACY-LIKE#<iss>)

A use is read from the dossier as it is now. `uses/single_use.py` says which uses were withdrawn, confirmed or doubled.
An import endorsed on our import permit and on the other Party's document is one line with both numbers. It is the same
consignment if the foreign paper names our permit. Also if both came under one transport document, within 12 hours, with
the same taxa.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import State, UseResult, UseState
from chalicelib.kernel.errors import FieldError, Invalid, TooLarge
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Posts
from chalicelib.people.services import PeopleDeps
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.permits.services import store
from chalicelib.permits.services.find_permits import issued
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.reports.model import annual_report
from chalicelib.reports.model.annual_checks import ERROR, Finding, check
from chalicelib.reports.model.annual_report import ReportedGoods, ReportFile, ReportLine, with_appendix
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.uses.single_use import DUPLICATE_WINDOW, distinct_uses, document_key
from chalicelib.uses.use import Use
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services import foreign_records, import_permits
from chalicelib.verification.services.foreign_numbers import number_of

LATE = 400  # days after the year's end until which a use may come in; a report is due ten months after it

DOCUMENTS = 2000  # read for one page: some 10 s; the gateway waits 29 s


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year in the Party's zone: [begin, end) in seconds."""

    year: int
    begin: int
    end: int
    stage: Stage

    def month(self, at: int) -> str:
        return self.stage.today(at).isoformat()[:7]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of lines. `left_out`: reason -> number of lines or permits left out. `cursor`: of the next page."""

    lines: tuple[ReportLine, ...]
    left_out: Mapping[str, int]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class _Consignment:
    """Goods that crossed under one document, ours or foreign. `names`: our import permit that a foreign paper names.

    `conflict`: event id of the endorsement, if it is a conflict.
    """

    record: RowData
    quantities: Mapping[str, str]
    at: int
    post: str
    transport: str
    number: str
    issuer: str
    permit_id: str = ""
    names: str = ""
    conflict: str = ""

    def same_goods(self, other: _Consignment) -> bool:
        """True if two documents were endorsed for one consignment."""
        if self.names and self.names == other.number:
            return True
        return (
            document_key(self.transport) == document_key(other.transport) != ""
            and abs(self.at - other.at) <= DUPLICATE_WINDOW
            and _taxa(self.record) == _taxa(other.record)
        )


def year_of(year: int, stage: Stage) -> Year:
    zone = ZoneInfo(stage.zone)
    begin, end = (int(datetime(each, 1, 1, tzinfo=zone).timestamp()) for each in (year, year + 1))
    return Year(year, begin, end, stage)


def page(
    file: ReportFile, actor: Actor, deps: PeopleDeps, *, cursor: str | None = None, documents: int = DOCUMENTS
) -> Page:
    """Lines from the cursor on, at least those of one day or permit. Raises `Forbidden`, `Invalid` for a bad cursor."""
    actor.require("reports")
    span = year_of(file.year, deps.stage)
    if file.basis == annual_report.ISSUED:
        return _issued(span, file.direction, deps, cursor=cursor, documents=documents)
    return _actual(span, file.direction, deps, cursor=cursor, documents=documents)


def _issued(span: Year, direction: str, deps: Deps, *, cursor: str | None, documents: int) -> Page:
    found, more = issued(span.year, deps, after=cursor or "", limit=documents)
    lines: list[ReportLine] = []
    left_out = {"unlisted": 0, "replaced": 0, "ended_unused": 0}
    for dossier in found:
        if not annual_report.reported(dossier.kind, direction) or dossier.state not in ISSUED_ONCE:
            continue
        if dossier.state == State.REPLACED:  # its replacement is a line
            left_out["replaced"] += 1
            continue
        if dossier.state == State.REVOKED and dossier.use == UseState.UNUSED:
            left_out["ended_unused"] += 1
            continue
        permitted = {letter: allowance.quantity for letter, allowance in dossier.allowed.items()}
        left_out["unlisted"] += annual_report.unlisted(dossier.record, permitted)
        number, is_import = dossier.number or "", direction == annual_report.IMPORT
        goods = ReportedGoods(
            dossier.record,
            permitted,
            import_permit=number if is_import else "",
            export_permit="" if is_import else number,
            permit_id=dossier.id,
            month=span.month(dossier.issued_at or span.begin),
        )
        lines += annual_report.lines_of(goods, direction, span.year)
    return Page(tuple(lines), left_out, more)


def _actual(span: Year, direction: str, deps: PeopleDeps, *, cursor: str | None, documents: int) -> Page:
    first, last = span.begin // DAY, min(deps.now, span.end + LATE * DAY) // DAY
    day = _day(cursor, first, last) if cursor else first
    ours = span.stage.issuer
    papers = _papers(span, deps.register) if direction == annual_report.IMPORT else []

    @cache
    def of_day(wanted: int) -> tuple[_Consignment, ...]:
        known = (_of_paper(paper, use, deps) for paper, use in papers if use.at // DAY == wanted)
        return (*_uses_of(wanted, direction, span, deps), *filter(None, known))

    found: list[_Consignment] = []
    read = 0  # counts also what becomes no line, because reading it takes as long
    while day <= last and read < documents:
        here = of_day(day)
        read += len(here)
        around = (*of_day(day - 1), *here, *of_day(day + 1)) if here and direction == annual_report.IMPORT else here
        for each in here:
            twins = [other for other in around if (other.issuer == ours) != (each.issuer == ours)]
            if each.issuer != ours and any(each.same_goods(other) for other in twins):
                continue  # reported under our import permit
            paper = next((other for other in twins if other.same_goods(each)), None)
            found.append(replace(each, names=paper.number) if paper else each)
        day += 1
    left_out = {"unlisted": 0, "unread": sum(not each.record for each in found)}
    lines: list[ReportLine] = []
    for each in found:
        if each.record:
            left_out["unlisted"] += annual_report.unlisted(each.record, each.quantities)
            lines += annual_report.lines_of(_goods(each, direction, span), direction, span.year)
    return Page(tuple(lines), left_out, str(day) if day <= last else None)


def _goods(each: _Consignment, direction: str, span: Year) -> ReportedGoods:
    """One consignment for the report. `names`: of ours, the foreign document; of a foreign one, our import permit."""
    ours = each.issuer == span.stage.issuer
    goods = ReportedGoods(
        each.record,
        each.quantities,
        permit_id=each.permit_id,
        post=each.post,
        month=span.month(each.at),
        conflict=each.conflict,
    )
    if direction == annual_report.EXPORT:
        return replace(goods, export_permit=each.number)
    if ours:
        return replace(goods, import_permit=each.number, export_permit=each.names)
    return replace(goods, import_permit=each.names, export_permit=each.number, exporter=each.issuer)


def _uses_of(day: int, direction: str, span: Year, deps: PeopleDeps) -> Iterator[_Consignment]:
    rows = deps.register.query(f"USES#{day}")
    uses = [(row, store.load_uses([row.data["use"]], row.key)[0]) for row in rows]
    for row, use in sorted(uses, key=lambda pair: (pair[1].at, pair[1].event_id)):
        if use.kind != direction or not use.counts or not span.begin <= use.at < span.end:
            continue
        issuer, number = str(row.data["issuer"]), str(row.data["number"])
        if issuer == span.stage.issuer:
            made = _ours(store.find_number(deps.register, issuer, number), use, direction, deps.posts, issuer)
        else:
            made = _foreign(issuer, number, use, direction, deps)
        if made is not None:
            yield made


def _ours(dossier: Dossier | None, use: Use, direction: str, posts: Posts, issuer: str) -> _Consignment | None:
    if dossier is None or not annual_report.reported(dossier.kind, direction):
        return None
    if use.foreign_document is not None:  # the foreign document's line has both numbers
        return None
    stands = _current_use(use, dossier.uses, posts)
    return (
        _consignment_of(stands, dossier.record, dossier.number or "", issuer, permit_id=dossier.id) if stands else None
    )


def _foreign(issuer: str, number: str, use: Use, direction: str, deps: PeopleDeps) -> _Consignment | None:
    known = number_of(issuer, number, deps.register)
    row = known.signed
    if (
        direction != annual_report.IMPORT
        or row is None
        or not annual_report.reported(row.data["kind"], annual_report.EXPORT)
    ):
        return None
    if use.event_id in known.used:  # papers come from `_papers`
        return None
    stands = _current_use(use, known.uses, deps.posts)
    if stands is None:
        return None
    return replace(
        _consignment_of(stands, row.data.get("signed", {}), number, issuer), names=_used_with(stands, deps.register)
    )


def _used_with(use: Use, register: PermitRegister) -> str:
    """Number of our import permit that was used with a foreign document, or "" for none."""
    _, stored = import_permits.last_use(use.event_id, register)
    return str(stored.data["permit"][1]) if stored else ""


def _current_use(use: Use, uses: Sequence[Use], posts: Posts) -> Use | None:
    """The use as it is now, if it counts and does not repeat another officer's record of the same crossing."""
    return next((each for each in distinct_uses(uses, use.kind, posts) if each.event_id == use.event_id), None)


def _consignment_of(use: Use, record: RowData, number: str, issuer: str, permit_id: str = "") -> _Consignment:
    quantities = {line.line: line.quantity for line in use.lines}
    return _Consignment(
        record,
        quantities,
        use.at,
        use.post,
        use.transport_document,
        number,
        issuer,
        permit_id,
        conflict=use.event_id if use.result == UseResult.CONFLICT else "",
    )


def _papers(span: Year, register: PermitRegister) -> list[tuple[ForeignPermit, Use]]:
    """Papers endorsed for import in that year. Papers recorded more than LATE days before it are not read."""
    found = ((paper, paper.use) for paper in foreign_records.recorded_since(span.begin - LATE * DAY, register))
    return [
        (paper, use)
        for paper, use in found
        if use
        and use.counts
        and use.kind == annual_report.IMPORT
        and span.begin <= use.at < span.end
        and annual_report.reported(str(paper.record.get("document_type", "")), annual_report.EXPORT)
    ]


def _of_paper(paper: ForeignPermit, use: Use, deps: PeopleDeps) -> _Consignment | None:
    stands = _current_use(use, number_of(paper.issuer, paper.number, deps.register).uses, deps.posts)
    if stands is None:
        return None
    named = str((paper.record.get("import_permit") or {}).get("number") or "")
    return replace(_consignment_of(stands, paper.record, paper.number, paper.issuer), names=named)


def _taxa(record: RowData) -> list[str]:
    return sorted(str(line.get("scientific_name", "")).lower() for line in record.get("lines", ()))


def _day(cursor: str, first: int, last: int) -> int:
    if not cursor.isdecimal() or not first <= int(cursor) <= last:
        raise Invalid(FieldError("cursor", "cursor", "Must be a cursor from an answer of this report."))
    return int(cursor)


START = "start"  # the cursor of the first page

WHOLE = 2 * DOCUMENTS  # read for an answer without pages: 20 s at the worst

FIRST_ROW = 2  # below the header


class ReportDeps(SpeciesDeps, Protocol):
    """Dependencies, with the maker of workbooks."""

    def workbook(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes: ...


type DraftReason = Literal["errors", "year_not_over"]


@dataclass(frozen=True, slots=True)
class Report:
    """Rows `first` to `first + len(lines) - 1` of the file, with their findings.

    `why` has the reasons for a draft. If empty, the report may leave. `cursor`: of the next page.
    """

    lines: tuple[ReportLine, ...]
    findings: tuple[Finding, ...]
    left_out: Mapping[str, int]
    first: int
    why: tuple[DraftReason, ...]
    cursor: str | None

    @property
    def errors(self) -> int:
        return sum(finding.level == ERROR for finding in self.findings)


def report(
    file: ReportFile, actor: Actor, deps: SpeciesDeps, *, cursor: str | None = None, documents: int | None = None
) -> Report:
    """Make the report, whole or from a cursor on one page of it.

    `documents` is the limit of documents to read, or None for DOCUMENTS for a page, WHOLE without pages.
    Raises `TooLarge` for a year that has to be read in pages, `Invalid`, `Forbidden`.
    """
    first, position = _read(cursor)
    limit = documents or (DOCUMENTS if cursor else WHOLE)
    found = page(file, actor, deps, cursor=position, documents=limit)
    if found.cursor and not cursor:
        words = f"This year is too large for one answer. Begin with cursor={START}; each answer has the next cursor."
        raise TooLarge(words)
    told = [with_appendix(line, file.direction, deps.listing, issuer=deps.stage.issuer) for line in found.lines]
    lines = tuple(line for line in told if line.cells["Appendix"] != "0")
    left_out = {**found.left_out, "unlisted": found.left_out["unlisted"] + len(told) - len(lines)}
    findings = check(lines, file.direction, deps.listing, issuer=deps.stage.issuer, first=first)
    over = deps.now >= year_of(file.year, deps.stage).end
    wrong = any(finding.level == ERROR for finding in findings)
    why: tuple[DraftReason, ...] = ("errors",) if wrong else ()
    if not over:
        why += ("year_not_over",)
    following = f"{first + len(lines)}:{found.cursor}" if found.cursor else None
    return Report(lines, findings, left_out, first, why, following)


def _read(cursor: str | None) -> tuple[int, str | None]:
    if cursor in {None, "", START}:
        return FIRST_ROW, None
    row, _, position = str(cursor).partition(":")
    if not (row.isdecimal() and row.isascii() and len(row) < 9 and position):
        raise Invalid(FieldError("cursor", "cursor", "Must be a cursor from an answer of this report."))
    return int(row), position
