"""How a permit's record looks in JSON to those who keep it: the request's fields, and what became of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.core import lifecycle
from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import uncounted
from chalicelib.core.overrides import in_force
from chalicelib.core.permit import line_letter
from chalicelib.edges.show import Reader, use
from chalicelib.edges.times import to_text, with_times

OF_A_LINE = ("scientific_name", "term", "quantity", "unit")  # what tells one application of a list from another


def dossier(item: Dossier, now: int, *, reader: Reader | None = None) -> dict[str, Any]:
    """A permit's answer: the request's fields as they stand, and beside them what became of it."""
    shown: dict[str, Any] = {
        **item.record,
        **_standing(item, now),
        "version": item.version,
        "digest": item.digest,
        "creator": item.creator,
        "created_at": to_text(item.created_at),
        "submitted_at": _time(item.submitted_at),
        "species_list": dict(item.species_list) if item.species_list else None,
        "issued_at": _time(item.issued_at),
        "expires_at": _time(item.expires_at),
        "findings_needed": [] if item.legacy else lifecycle.findings_asked(item),
        "findings": [
            {
                "kind": finding.kind,
                "result": finding.result,
                "note": finding.note,
                "by": finding.by,
                "at": to_text(finding.at),
                "current": finding.digest == item.digest,
            }
            for finding in item.findings
        ],
        "approvals": [with_times(asdict(item.approval))] if item.approval else [],
        "overrides": [
            {**with_times(asdict(each)), "current": item.digest is not None and each in in_force(item, item.digest)}
            for each in item.overrides
        ],
        "attachments": [with_times(asdict(attachment)) for attachment in item.attachments],
        "reason": item.reason,
        "stamp_by_hand": item.stamp or None,
        "replaces": _other(item.replaces, item.replaces_number),
        "replaces_reason": item.replaces_reason,
        "replaced_by": _other(item.replaced_by, item.replaced_by_number),
        "missing": item.missing,
        "for_cause": item.for_cause,
        "voided_numbers": list(item.voided),
        "quotas": [
            {
                "line": line_letter(draw.line),
                "quota": draw.quota,
                "year": draw.year,
                "quantity": draw.quantity,
                "total": draw.total,
                "limit": draw.limit,
                "let_pass": draw.passed,
            }
            for draw in item.draws
        ],
    }
    if item.tokens:
        shown |= {
            "qr": item.tokens[0],
            "qr_pages": list(item.tokens),
            "check_code": item.check_code,
            "pdf_url": f"/v1/permits/{item.id}/pdf",
        }
    if reader is not None:
        shown["uses"] = [use(used, reader) for used in item.uses]
    return shown


def entry(item: Dossier, now: int) -> dict[str, Any]:
    """One row of a list."""
    lines = item.record.get("lines", ())
    return {
        **_standing(item, now),
        "document_type": item.record.get("document_type"),
        "valid_until": item.record.get("valid_until"),
        "form": item.record.get("form"),
        "exporter": item.record.get("exporter", {}).get("name"),
        "importer": item.record.get("importer", {}).get("name"),
        "scientific_names": [line.get("scientific_name") for line in lines],
        "lines": [{name: line[name] for name in OF_A_LINE if line.get(name)} for line in lines],
        "replaces": _other(item.replaces, item.replaces_number),
        "created_at": to_text(item.created_at),
        "submitted_at": _time(item.submitted_at),
        "waiting_since": to_text(item.waiting_since),
    }


def _standing(item: Dossier, now: int) -> dict[str, Any]:
    return {
        "id": item.id,
        "state": item.state,
        "use": item.use,
        "uncounted": uncounted(item.uses),
        "expired": item.expires_at is not None and now >= item.expires_at,
        "number": item.number,
    }


def _other(permit_id: str | None, number: str | None) -> dict[str, str | None] | None:
    return {"id": permit_id, "number": number} if permit_id else None


def _time(at: int | None) -> str | None:
    return None if at is None else to_text(at)
