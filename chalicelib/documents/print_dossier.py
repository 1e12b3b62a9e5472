"""A dossier as the sealed PDF that the ministry, the exporter and the officer hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import first
from chalicelib.core.permit import from_record, record_bytes
from chalicelib.core.stage import Stage
from chalicelib.core.token import read_own
from chalicelib.documents.permit_pdf import render
from chalicelib.documents.seal_pdf import seal
from chalicelib.documents.sheet import Authority, Replaces, Sheet
from chalicelib.ports import Signer

REASON = "Issued by the Management Authority"


def sheet_of(
    dossier: Dossier, replaced: Dossier | None, marks: frozenset[str], *, stage: Stage, authority: Authority, place: str
) -> Sheet:
    """Everything that the print of an issued dossier needs."""
    zone = ZoneInfo(stage.zone)
    replaces = None
    if replaced is not None and dossier.replaces_number:
        left = first(dossier.uses, "export")
        day = stage.today(left.at).isoformat() if left and left.number else None
        replaces = Replaces(dossier.replaces_number, dossier.replaces_reason or "", day)
    return Sheet(
        application=from_record(dossier.record),
        permits=tuple(read_own(text) for text in dossier.tokens),
        qr_texts=dossier.tokens,
        check_code=dossier.check_code or "",
        host=stage.host,
        authority=authority,
        place=place,
        approver=dossier.approval.by_name if dossier.approval else "",
        zone=zone,
        record_json=record_bytes(dossier.record).decode(),
        replaces=replaces,
        mark=marks,
    )


def printer(
    *,
    signer: Callable[[], Signer],
    certificate: bytes,
    clock: Callable[[], int],
    stage: Stage,
    authority: Authority,
    place: str,
) -> Callable[[Dossier, Dossier | None, frozenset[str]], bytes]:
    """The function that `print_permit.make` renders with."""

    def made(dossier: Dossier, replaced: Dossier | None, marks: frozenset[str]) -> bytes:
        sheet = sheet_of(dossier, replaced, marks, stage=stage, authority=authority, place=place)
        now = datetime.fromtimestamp(clock(), UTC)
        return seal(render(sheet), signer(), certificate, now=now, reason=REASON, location=place)

    return made
