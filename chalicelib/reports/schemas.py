"""Queries and answers of the reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from chalicelib.http.requests import Model
from chalicelib.http.schema_parts import DAY, NUMBER, TEXT, TIME, Schema, listed, maybe, members, one_of
from chalicelib.quotas.model import YEARS
from chalicelib.reports.model.annual_checks import ERROR, WARNING
from chalicelib.reports.model.reconciliation import OUTCOMES


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


_FINDING = members(
    {
        "row": NUMBER,
        "field": TEXT,
        "rule": NUMBER,
        "level": one_of((ERROR, WARNING)),
        "detail": TEXT,
        "expected": listed(TEXT),
        "as_of": TEXT,
        "event_id": TEXT,
        "value": TEXT,
        "number": TEXT,
        "line": TEXT,
        "permit_id": maybe(TEXT),
    }
)

_SUM = members(
    {
        "scientific_name": TEXT,
        "term": TEXT,
        "unit": TEXT,
        "post": TEXT,
        "month": TEXT,
        "quantity": TEXT,
        "lines": NUMBER,
    }
)

_RECONCILED = members(
    {
        "id": TEXT,
        "number": TEXT,
        "document_type": TEXT,
        "state": TEXT,
        "outcome": one_of(OUTCOMES),
        "importer_country": maybe(TEXT),
        "issued_on": DAY,
        "valid_until": maybe(DAY),
        "post": maybe(TEXT),
        "month": maybe(TEXT),
        "lines": listed(
            members(
                {
                    "line": TEXT,
                    "scientific_name": maybe(TEXT),
                    "term": maybe(TEXT),
                    "unit": maybe(TEXT),
                    "permitted": maybe(TEXT),
                    "exported": TEXT,
                }
            )
        ),
    }
)

REPORTS: Mapping[str, Schema] = {
    "AnnualTrade": members(
        {
            "party": TEXT,
            "year": NUMBER,
            "kind": one_of(("export", "import")),
            "basis": one_of(("actual", "issued")),
            "made_at": TIME,
            "species_list": TEXT,
            "state": one_of(("checked", "draft")),
            "why": listed(one_of(("errors", "year_not_over"))),
            "rows": NUMBER,
            "errors": NUMBER,
            "warnings": NUMBER,
            "left_out": {"type": "object", "additionalProperties": NUMBER},
            "findings": listed(_FINDING),
            "sums": listed(_SUM),
            "cursor": maybe(TEXT),
        }
    ),
    "Reconciliation": members(
        {
            "year": NUMBER,
            "items": listed(_RECONCILED),
            "outcomes": {"type": "object", "additionalProperties": NUMBER},
            "cursor": maybe(TEXT),
        }
    ),
}
