"""Queries and answers of the reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import AfterValidator, StringConstraints

from chalicelib.http.answers import Day, Time
from chalicelib.http.requests import Model
from chalicelib.quotas.model import YEARS
from chalicelib.reports.model.annual_checks import Level
from chalicelib.reports.model.reconciliation import ExportOutcome
from chalicelib.reports.services.annual_report import DraftReason
from chalicelib.reports.services.reconciliation import ReconciledLine


def _of_the_convention(text: str) -> str:
    if int(text) not in YEARS:
        raise ValueError("a calendar year since 1975")
    return text


Year = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), AfterValidator(_of_the_convention)]

Cursor = Annotated[str, StringConstraints(max_length=80)]


class ReportQuery(Model):
    """`year`: the calendar year."""

    year: Year


class PagedQuery(ReportQuery):
    """`cursor`: of the next page."""

    cursor: Cursor | None = None


class AnnualQuery(PagedQuery):
    """`kind`: export or import file. `basis`: actual trade, or permits issued. `cursor`: `start` reads in pages."""

    kind: Literal["export", "import"] = "export"
    basis: Literal["actual", "issued"] = "actual"


class ReportFinding(TypedDict):
    """A finding of UNEP-WCMC's validation, with the line of the report that it is about."""

    row: int
    field: str
    rule: int
    level: Level
    detail: str
    expected: list[str]
    as_of: str
    event_id: str
    value: str
    number: str
    line: str
    permit_id: str | None


class ReportSum(TypedDict):
    scientific_name: str
    term: str
    unit: str
    post: str
    month: str
    quantity: str
    lines: int


class AnnualTrade(TypedDict):
    """`in_force` and `checked`: the days of the species list that the rows were compared with (`SpeciesList`)."""

    party: str
    year: int
    kind: Literal["export", "import"]
    basis: Literal["actual", "issued"]
    made_at: Time
    species_list: str
    in_force: str
    checked: str
    state: Literal["checked", "draft"]
    why: list[DraftReason]
    rows: int
    errors: int
    warnings: int
    left_out: dict[str, int]
    findings: list[ReportFinding]
    sums: list[ReportSum]
    cursor: str | None


class ReconciledPermit(TypedDict):
    id: str
    number: str
    document_type: str
    state: str
    outcome: ExportOutcome
    importer_country: str | None
    issued_on: Day
    valid_until: Day | None
    post: str | None
    month: str | None
    lines: list[ReconciledLine]


class Reconciliation(TypedDict):
    year: int
    items: list[ReconciledPermit]
    outcomes: dict[str, int]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {"AnnualTrade": AnnualTrade, "Reconciliation": Reconciliation}
