"""Request bodies of devices and sync, and JSON Schemas of verdicts, receipts, devices and the bundle.

`synced` parses one event of a device's batch into the argument of its service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.cases.schemas import SyncedCase
from chalicelib.endorsement.schemas import EndorsementBody, UndoBody, _Look
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.expert_questions.schemas import SyncedExpertQuestion
from chalicelib.foreign_permits.schemas import SyncedForeignPermit
from chalicelib.http.requests import Code, CursorQuery, Model, Text, parse, refusal
from chalicelib.http.schema_parts import (
    ANYTHING,
    FLAG,
    TEXT,
    TIME,
    Schema,
    listed,
    maybe,
    members,
    one_of,
)
from chalicelib.kernel.errors import Invalid
from chalicelib.offline.services.devices import NAME_AT_MOST
from chalicelib.offline.services.sync import Parsed
from chalicelib.permits.schemas import _USED_LINES, USE
from chalicelib.verification.schemas import QrText


class DeviceBody(Model):
    """A device's key. `public_key`: SubjectPublicKeyInfo of a P-256 key (DER) in base64."""

    public_key: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    post: Code
    name: Annotated[str, StringConstraints(max_length=NAME_AT_MOST)] | None = None


class DevicesQuery(CursorQuery):
    post: Code


class SyncBody(Model):
    """A batch. `events`: bodies with their `kind`: scans, endorsements, undos, foreign papers, cases, questions.

    `signature` is over exactly these events. `more`: further batches of the same time follow, so that nothing in them
    is late. `alive`: only a sign of life, now and then, of a device that works online and has nothing to send.
    """

    device_id: Code
    events: Annotated[list[dict[str, Any]], Field(max_length=500)]
    signature: Code | Text
    more: bool = False
    alive: bool = False


class SyncedScan(_Look):
    qr: QrText
    kind: Literal["scan"]
    officer: Code | None = None


class SyncedEndorsement(EndorsementBody):
    """`unheard`: the device asked online, got no answer, and let the goods go."""

    kind: Literal["endorsement"]
    officer: Code | None = None
    unheard: bool = False

    def endorsement(self) -> Endorsement:
        return replace(super().endorsement(), unheard=self.unheard)


class SyncedUndo(UndoBody):
    """`endorsement`: the event id of the endorsement to withdraw."""

    kind: Literal["undo"]
    endorsement: Code
    officer: Code | None = None


BORDER_ANSWERS: Mapping[str, Schema] = {
    "Receipt": members(
        {
            "event_id": TEXT,
            "number": TEXT,
            "kind": TEXT,
            "post": TEXT,
            "at": TIME,
            "officer": TEXT,
            "lines": _USED_LINES,
            "transport_document": TEXT,
            "result": TEXT,
            "state": TEXT,
            "use": USE,
        },
        {"import_permit": members({"number": TEXT, "result": TEXT, "lines": _USED_LINES}), "remarks": listed(TEXT)},
        "`import_permit`: what was used of ours with another Party's permit; `remarks`: what is odd about it.",
    ),
    "Undone": members(
        {"event_id": TEXT, "undone": TEXT, "number": TEXT, "at": TIME, "officer": TEXT, "state": TEXT, "use": USE}
    ),
    "Resolution": members({"code": TEXT, "result": TEXT, "number": TEXT, "events": listed(TEXT)}),
    "Device": members({"device_id": TEXT, "post": TEXT, "name": TEXT}, {"revoked": FLAG}),
    "Devices": members(
        {
            "items": listed(
                members(
                    {
                        "device_id": TEXT,
                        "post": TEXT,
                        "name": TEXT,
                        "registered_at": TIME,
                        "registered_by": TEXT,
                        "synced_at": maybe(TIME),
                        "synced_by": TEXT,
                        "heard_at": maybe(TIME),
                        "heard_by": TEXT,
                        "sending": FLAG,
                        "revoked": FLAG,
                        "revoked_at": maybe(TIME),
                        "revoked_by": TEXT,
                        "steps": listed(TEXT),
                    }
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Synced": members(
        {
            "results": listed(
                members(
                    {"event_id": TEXT, "result": one_of(("stored", "duplicate", "conflict", "rejected"))},
                    {
                        "receipt": ANYTHING,
                        "outcome": TEXT,
                        "codes": listed(TEXT),
                        "remarks": listed(TEXT),
                        "problem": TEXT,
                        "detail": TEXT,
                        "again": FLAG,
                        "refused": FLAG,
                        "kept": FLAG,
                    },
                )
            )
        }
    ),
    "KeptApart": members(
        {
            "items": listed(
                members(
                    {
                        "event_id": TEXT,
                        "kind": TEXT,
                        "at": maybe(TIME),
                        "post": TEXT,
                        "direction": TEXT,
                        "officer": TEXT,
                        "brought_by": TEXT,
                        "received_at": TIME,
                        "reason": TEXT,
                        "issuer": TEXT,
                        "number": TEXT,
                        "lines": _USED_LINES,
                        "transport_document": TEXT,
                    }
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "Bundle": members(
        {
            "issuer": TEXT,
            "practice": FLAG,
            "zone": TEXT,
            "host": TEXT,
            "duty_number": TEXT,
            "trust_list": maybe(TEXT),
            "party_status_lists": ANYTHING,
            "posts": listed(ANYTHING),
            "uses": listed(listed({})),
            "offline_limits": ANYTHING,
            "parts": ANYTHING,
            "as_of": TIME,
        },
        {"resend_since": TIME, "uses_since": TIME},
        "`party_status_lists`: Party -> address -> signed list in base64, believed under that Party's keys only. "
        "`parts`: name -> ETag of what is fetched under /v1/bundle/{part}.",
    ),
    "BundlePart": members({}, words="What this part holds: a piece of the species list, the rules, or the quotas."),
}

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
    """Parse one event of a batch. Return the argument of its service, and the id of the officer that it names, if any.

    Raises `Invalid`.
    """
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
