"""Requests and answers of devices, sync and the bundle.

`synced` parses one event of a device's batch into the argument of its service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints, WithJsonSchema

from chalicelib.cases.schemas import SyncedCase
from chalicelib.endorsement.schemas import (
    EndorsementBody,
    Receipt,
    UndoBody,
    Undone,
    _Look,
    receipt_json,
    undone_json,
)
from chalicelib.endorsement.services.endorse import StoredReceipt
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.withdraw import StoredUndo, Undo
from chalicelib.expert_questions.schemas import SyncedExpertQuestion
from chalicelib.foreign_permits.schemas import SyncedForeignPermit
from chalicelib.http.answers import OPEN, Time
from chalicelib.http.requests import Code, CursorQuery, Model, Text, parse, refusal
from chalicelib.kernel.days import to_text
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.rows import RowData
from chalicelib.offline.services import devices
from chalicelib.offline.services.bundle import BundleContent, PostOfBundle, StoredUse
from chalicelib.offline.services.devices import NAME_AT_MOST, RawEvent
from chalicelib.offline.services.quarantine import QuarantinedEvent
from chalicelib.offline.services.records import EventResult, EventWord, PaperReceipt
from chalicelib.offline.services.sync import Parsed
from chalicelib.uses.use import LineOfUse
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


class Device(TypedDict):
    device_id: str
    post: str
    name: str
    revoked: NotRequired[bool]


class DeviceOfPost(TypedDict):
    """A device with its registration, last contact and loss.

    `synced_at`: when it last sent all that it had. `heard_at`: its last batch or sign of life. `sending`: it is sending
    a backlog. `steps`: what the caller may do with it.
    """

    device_id: str
    post: str
    name: str
    registered_at: Time
    registered_by: str
    synced_at: Time | None
    synced_by: str
    heard_at: Time | None
    heard_by: str
    sending: bool
    revoked: bool
    revoked_at: Time | None
    revoked_by: str
    steps: list[str]


class Devices(TypedDict):
    items: list[DeviceOfPost]
    cursor: str | None


class SyncedEvent(TypedDict):
    """Result of one uploaded event.

    `receipt`: as of the same event online. `outcome`, `codes`: of a scan. `remarks`: about another Party's paper.
    `problem`, `detail`: why it was rejected. `again`: send it again later. `refused`: refused online before, and not
    used. `kept`: stored for investigation, because the device was reported lost.
    """

    event_id: str
    result: EventWord
    receipt: NotRequired[Annotated[Receipt | Undone | PaperReceipt, OPEN]]
    outcome: NotRequired[str]
    codes: NotRequired[list[str]]
    remarks: NotRequired[list[str]]
    problem: NotRequired[str]
    detail: NotRequired[str]
    again: NotRequired[bool]
    refused: NotRequired[bool]
    kept: NotRequired[bool]


class Synced(TypedDict):
    """The results of a batch, in the order of its events."""

    results: list[SyncedEvent]


class KeptEvent(TypedDict):
    """An event that a lost device sent. `at`: its time by the device. `brought_by`: who sent it."""

    event_id: str
    kind: str
    at: Time | None
    post: str
    direction: str
    officer: str
    brought_by: str
    received_at: Time
    reason: str
    issuer: str
    number: str
    lines: list[LineOfUse]
    transport_document: str


class KeptApart(TypedDict):
    items: list[KeptEvent]
    cursor: str | None


BundledUses = Annotated[
    list[StoredUse], WithJsonSchema({"type": "array", "items": {"type": "array", "items": {}}})
]  # issuer, number, use


class Bundle(TypedDict):
    """Data with which a device judges offline.

    `party_status_lists`: Party -> address -> signed list in base64, believed under that Party's keys only. `parts`:
    name -> ETag of what is downloaded under /v1/bundle/{part}.
    """

    issuer: str
    practice: bool
    zone: str
    host: str
    duty_number: str
    trust_list: str | None
    party_status_lists: Annotated[Mapping[str, Mapping[str, str]], OPEN]
    posts: list[Annotated[PostOfBundle, OPEN]]
    uses: BundledUses
    offline_limits: Annotated[Mapping[str, str], OPEN]
    parts: Annotated[Mapping[str, str], OPEN]
    as_of: Time
    resend_since: NotRequired[Time]
    uses_since: NotRequired[Time]


class BundlePart(TypedDict):
    """A piece of the species list, the rules, or the quotas."""


ANSWERS: Mapping[str, Any] = {
    "Device": Device,
    "Devices": Devices,
    "Synced": Synced,
    "KeptApart": KeptApart,
    "Bundle": Bundle,
    "BundlePart": BundlePart,
}


def event_json(made: EventResult) -> SyncedEvent:
    if "receipt" not in made:
        return {**made}
    shown: SyncedEvent = {"event_id": made["event_id"], "result": made["result"], "receipt": _receipt(made["receipt"])}
    if "remarks" in made:
        shown["remarks"] = made["remarks"]
    return shown


def _receipt(stored: StoredReceipt | StoredUndo | PaperReceipt) -> Receipt | Undone | PaperReceipt:
    if "undone" in stored:
        return undone_json(stored)
    if "at" in stored:
        return receipt_json(stored)
    return stored


def kept_json(event: QuarantinedEvent) -> KeptEvent:
    return {
        "event_id": event.event_id,
        "kind": event.kind,
        "at": _time(event.at),
        "post": event.post,
        "direction": event.direction,
        "officer": event.officer,
        "brought_by": event.brought_by,
        "received_at": to_text(event.received_at),
        "reason": event.reason,
        "issuer": event.issuer,
        "number": event.number,
        "lines": list(event.lines),
        "transport_document": event.transport_document,
    }


def device_json(device: devices.Device, *, now: int, steps: list[str]) -> DeviceOfPost:
    return {
        "device_id": device.id,
        "post": device.post,
        "name": device.name,
        "registered_at": to_text(device.registered_at),
        "registered_by": device.registered_by,
        "synced_at": to_text(device.synced_at) if device.synced_by or device.begun_at else None,
        "synced_by": device.synced_by,
        "heard_at": _time(device.heard_at),
        "heard_by": device.heard_by,
        "sending": bool(device.begun_at) and now <= device.open_until,
        "revoked": device.revoked,
        "revoked_at": _time(device.revoked_at),
        "revoked_by": device.revoked_by,
        "steps": steps,
    }


def bundle_json(content: BundleContent) -> Bundle:
    shown: Bundle = {
        "issuer": content["issuer"],
        "practice": content["practice"],
        "zone": content["zone"],
        "host": content["host"],
        "duty_number": content["duty_number"],
        "trust_list": content["trust_list"],
        "party_status_lists": content["party_status_lists"],
        "posts": content["posts"],
        "uses": [(issuer, number, _use(use)) for issuer, number, use in content["uses"]],
        "offline_limits": content["offline_limits"],
        "parts": content["parts"],
        "as_of": to_text(content["as_of"]),
    }
    if "resend_since" in content:
        shown["resend_since"] = to_text(content["resend_since"])
    if "uses_since" in content:
        shown["uses_since"] = to_text(content["uses_since"])
    return shown


def _use(stored: RowData) -> RowData:
    """A use with its times as text."""
    times = {name: to_text(stored[name]) for name in ("at", "received_at") if name in stored}
    if took := stored.get("withdrawn"):
        return {**stored, **times, "withdrawn": {**took, "at": to_text(took["at"])}}
    return {**stored, **times}


def _time(at: int) -> str | None:
    return to_text(at) if at else None


SyncedBody = SyncedScan | SyncedEndorsement | SyncedUndo | SyncedForeignPermit | SyncedExpertQuestion | SyncedCase

SYNCED: Mapping[str, type[SyncedBody]] = {
    "scan": SyncedScan,
    "endorsement": SyncedEndorsement,
    "undo": SyncedUndo,
    "foreign_permit": SyncedForeignPermit,
    "expert_question": SyncedExpertQuestion,
    "case": SyncedCase,
}


def synced(event: RawEvent) -> tuple[Parsed, str | None]:
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
            return Undo(body.endorsement, body.event_id, body.reason), body.officer
        case SyncedForeignPermit():
            return body.record(), body.officer
        case SyncedExpertQuestion():
            return body.asked(), body.officer
        case SyncedCase():
            return body.case(), body.officer
    raise AssertionError(kind)
