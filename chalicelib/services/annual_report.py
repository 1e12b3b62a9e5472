"""The annual trade report with what stands against it: whole, or a page at a time where a year is great."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.core.annual_checks import ERROR, Finding, check
from chalicelib.core.annual_report import ReportLine, with_appendix
from chalicelib.core.errors import FieldError, Invalid, TooLarge
from chalicelib.core.ledger import Posts
from chalicelib.core.listing import Listing
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services.hold_species import SpeciesDeps
from chalicelib.services.report_lines import DOCUMENTS, page, year_of

START = "start"  # the cursor that begins to read in pages
WHOLE = 2 * DOCUMENTS  # read for an answer without pages: 20 s at the worst
FIRST_ROW = 2  # under the header


class ReportDeps(SpeciesDeps, Protocol):
    """With the maker of workbooks."""

    def workbook(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Report:
    """Rows `first` to `first + len(lines) - 1` of the file, and the findings among them.

    `why`: why it is a draft (`errors`, `year_not_over`); empty: it may leave. `cursor`: of the next page.
    """

    lines: tuple[ReportLine, ...]
    findings: tuple[Finding, ...]
    left_out: Mapping[str, int]
    first: int
    why: tuple[str, ...]
    cursor: str | None

    @property
    def errors(self) -> int:
        return sum(finding.level == ERROR for finding in self.findings)


def report(
    year: int, direction: str, basis: str, actor: Actor, *, register: PermitRegister, listing: Listing, stage: Stage,
    posts: Posts, now: int, cursor: str | None = None, whole: int = WHOLE, documents: int = DOCUMENTS,
) -> Report:  # fmt: skip
    """All of it; from a cursor on a page of it. Raises `TooLarge` for a year that is to be read in pages, `Invalid`."""
    first, position = _read(cursor)
    found = page(
        year, direction, basis, actor, register=register, stage=stage, posts=posts, now=now, cursor=position,
        documents=documents if cursor else whole,
    )  # fmt: skip
    if found.cursor and not cursor:
        raise TooLarge(f"This year is read in pages: begin with cursor={START}, each answer names the next one.")
    told = [with_appendix(line, direction, listing, issuer=stage.issuer) for line in found.lines]
    lines = tuple(line for line in told if line.cells["Appendix"] != "0")
    left_out = {**found.left_out, "unlisted": found.left_out["unlisted"] + len(told) - len(lines)}
    findings = check(lines, direction, listing, issuer=stage.issuer, first=first)
    over = now >= year_of(year, stage).end
    wrong = any(finding.level == ERROR for finding in findings)
    why = (*(("errors",) if wrong else ()), *(() if over else ("year_not_over",)))
    following = f"{first + len(lines)}:{found.cursor}" if found.cursor else None
    return Report(lines, findings, left_out, first, why, following)


def _read(cursor: str | None) -> tuple[int, str | None]:
    if cursor in {None, "", START}:
        return FIRST_ROW, None
    row, _, position = str(cursor).partition(":")
    if not (row.isdecimal() and row.isascii() and len(row) < 9 and position):
        raise Invalid(FieldError("cursor", "cursor", "Not a cursor of this report."))
    return int(row), position
