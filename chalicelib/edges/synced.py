"""One event of a device's batch: which model reads it, and what the service is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core.errors import Invalid
from chalicelib.edges.border_models import SyncedEndorsement, SyncedScan, SyncedUndo
from chalicelib.edges.case_models import SyncedCase
from chalicelib.edges.expert_models import SyncedExpertQuestion
from chalicelib.edges.foreign_models import SyncedForeignPermit
from chalicelib.edges.parsing import parse, refusal
from chalicelib.services.sync_events import Parsed

Synced = SyncedScan | SyncedEndorsement | SyncedUndo | SyncedForeignPermit | SyncedExpertQuestion | SyncedCase
SYNCED: Mapping[str, type[Synced]] = {
    "scan": SyncedScan,
    "endorsement": SyncedEndorsement,
    "undo": SyncedUndo,
    "foreign_permit": SyncedForeignPermit,
    "expert_question": SyncedExpertQuestion,
    "case": SyncedCase,
}


def synced(event: Mapping[str, Any]) -> tuple[Parsed, str | None]:
    """One event of a batch, and the officer that it names. Raises `Invalid`."""
    kind = event.get("kind")
    if not isinstance(kind, str) or kind not in SYNCED:
        raise Invalid(refusal("kind", "unknown", f"One of: {', '.join(SYNCED)}."))
    body = parse(SYNCED[kind], event)
    match body:
        case SyncedScan():
            return body.of(body.qr, body.other_pages), body.officer
        case SyncedEndorsement():
            return body.endorsement(), body.officer
        case SyncedUndo():
            return (body.endorsement, body.event_id, body.reason), body.officer
        case SyncedForeignPermit():
            return body.record(), body.officer
        case SyncedExpertQuestion():
            return body.asked(), body.officer
        case SyncedCase():
            return body.case(), body.officer
    raise AssertionError(kind)
