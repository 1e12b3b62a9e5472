"""Routes of the reports: annual trade as CSV with its findings, illegal trade as XLSX, permits against exports."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.http.blueprint import XLSX, Blueprint, Call
from chalicelib.kernel.days import to_text
from chalicelib.kernel.quantity import spelled
from chalicelib.reports.model import illegal_trade as reports_illegal_trade
from chalicelib.reports.model.annual_report import ReportFile, csv_text, sums
from chalicelib.reports.model.reconciliation import OUTCOMES
from chalicelib.reports.schemas import (
    AnnualQuery,
    AnnualTrade,
    PagedQuery,
    ReconciledPermit,
    Reconciliation,
    ReportFinding,
    ReportQuery,
    ReportSum,
)
from chalicelib.reports.services import illegal_trade
from chalicelib.reports.services.annual_report import FIRST_ROW, Report, report
from chalicelib.reports.services.reconciliation import Reconciled, reconcile

if TYPE_CHECKING:
    from chalicelib.reports.services.annual_report import ReportDeps


blueprint: Blueprint[ReportDeps] = Blueprint(__name__)

MISSING_AT_MOST = 1000


@blueprint.route("/v1/reports/annual-trade", query=AnnualQuery, produces=("text/csv",), returns="Table", may="reports")
def annual_trade(call: Call[ReportDeps]) -> Response:
    """Download the annual trade report in the Trade Database's upload form.
    With errors, or for a year that is not over, it is a draft. Its name and `Report-State` say so. A year of more than
    some thousand documents is read in pages: `cursor=start`, then the value of `Next-Cursor`."""
    query, made = call.query, _report(call)
    name = f"{call.deps.stage.issuer}-{query.year}-{query.kind}-{query.basis}{'-DRAFT' if made.why else ''}.csv"
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f"attachment; filename={name}",
        "Report-State": f"draft; {' '.join(made.why)}" if made.why else "checked",
        "Report-Basis": query.basis,
        "Report-Errors": str(made.errors),
        "Report-Warnings": str(len(made.findings) - made.errors),
        **({"Next-Cursor": made.cursor} if made.cursor else {}),
    }
    return Response(csv_text(made.lines, query.kind, header=made.first == FIRST_ROW), headers=headers)


@blueprint.route("/v1/reports/annual-trade/check", query=AnnualQuery, returns="AnnualTrade", may="reports")
def annual_check(call: Call[ReportDeps]) -> AnnualTrade:
    """Check the annual trade report by UNEP-WCMC's validation rules.
    Returns findings by row and field, and sums by species, post and month."""
    query, made = call.query, _report(call)
    by_row = {made.first + index: line for index, line in enumerate(made.lines)}
    findings: list[ReportFinding] = [
        {
            "row": each.row,
            "field": each.field,
            "rule": each.rule,
            "level": each.level,
            "detail": each.detail,
            "expected": list(each.expected),
            "as_of": each.as_of,
            "event_id": each.event_id,
            "value": by_row[each.row].cells[each.field],
            "number": by_row[each.row].number,
            "line": by_row[each.row].letter,
            "permit_id": by_row[each.row].permit_id or None,
        }
        for each in made.findings
    ]
    totals: list[ReportSum] = [
        {
            "scientific_name": each.scientific_name,
            "term": each.term,
            "unit": each.unit,
            "post": each.post,
            "month": each.month,
            "quantity": spelled(each.quantity),
            "lines": each.lines,
        }
        for each in sums(made.lines)
    ]
    return {
        "party": call.deps.stage.issuer,
        "year": int(query.year),
        "kind": query.kind,
        "basis": query.basis,
        "made_at": to_text(call.now),
        "species_list": call.deps.listing.as_of,
        "in_force": call.deps.listing.in_force,
        "checked": call.deps.listing.checked,
        "state": "draft" if made.why else "checked",
        "why": list(made.why),
        "rows": len(made.lines),
        "errors": made.errors,
        "warnings": len(made.findings) - made.errors,
        "left_out": dict(made.left_out),
        "findings": findings,
        "sums": totals,
        "cursor": made.cursor,
    }


@blueprint.route("/v1/reports/illegal-trade", query=ReportQuery, produces=(XLSX,), returns="Workbook", may="reports")
def illegal(call: Call[ReportDeps]) -> Response:
    """Download the annual illegal trade report, one row for each line of seized goods.
    It names no person."""
    deps, year = call.deps, call.query.year
    rows = illegal_trade.rows(int(year), call.actor, deps)
    missing = [f"row {row}: {name}" for row, name in reports_illegal_trade.lacking(rows, deps.listing)]
    facts = [
        ("Annual illegal trade report", ""),
        ("Party", deps.stage.issuer),
        ("Year", year),
        ("Made at", to_text(call.now)),
        ("Lines", str(len(rows))),
        ("Not entered", str(len(missing))),
        *(("", each) for each in missing[:MISSING_AT_MOST]),
    ]
    name = f"{deps.stage.issuer}-{year}-illegal-trade.xlsx"
    return Response(
        deps.workbook({"Illegal trade": [reports_illegal_trade.COLUMNS, *rows], "About": facts}),
        headers={"Content-Type": XLSX, "Content-Disposition": f"attachment; filename={name}"},
    )


@blueprint.route("/v1/reports/reconciliation", query=PagedQuery, returns="Reconciliation", may="reports")
def reconciliation(call: Call[ReportDeps]) -> Reconciliation:
    """List the year's permits that let goods out, each with its outcome.
    Endorsed, stamped on paper, gone within the Eurasian Economic Union, returned, ended, pending, open, unknown."""
    deps = call.deps
    found, cursor = reconcile(int(call.query.year), call.actor, deps, cursor=call.query.cursor)
    counted = Counter(each.outcome for each in found)
    return {
        "year": int(call.query.year),
        "items": [_reconciled(each, call) for each in found],
        "outcomes": {name: counted[name] for name in OUTCOMES},
        "cursor": cursor,
    }


def _report(call: Call[ReportDeps]) -> Report:
    query, deps = call.query, call.deps
    file = ReportFile(int(query.year), query.kind, query.basis)
    return report(file, call.actor, deps, cursor=query.cursor)


def _reconciled(each: Reconciled, call: Call[ReportDeps]) -> ReconciledPermit:
    held = each.dossier
    return {
        "id": held.id,
        "number": held.number or "",  # an issued permit has one
        "document_type": held.kind,
        "state": held.state,
        "outcome": each.outcome,
        "importer_country": (held.record.get("importer") or {}).get("country"),
        "issued_on": call.deps.stage.today(held.issued_at or held.created_at).isoformat(),
        "valid_until": held.record.get("valid_until"),
        "post": each.post,
        "month": each.month,
        "lines": list(each.lines),
    }
