"""Quarantine for events from devices reported lost: stored for investigation, never applied."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from chalicelib.cases.services.record_case import CaseRecord
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.endorsement.services.withdraw import Undo
from chalicelib.expert_questions.services import Question
from chalicelib.foreign_permits.services.record import ForeignRecord
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, RowData
from chalicelib.offline.services.devices import RawEvent, Upload
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.record.permit import record_bytes
from chalicelib.uses.use import LineOfUse
from chalicelib.verdict import verdict
from chalicelib.verdict.snapshot import NotAsked
from chalicelib.verification.services.verify import VerifyDeps

LISTED = 50  # events at once

BODY_AT_MOST = 200_000  # bytes; the longest honest event, of twenty pages, has half; a row holds 400 kB

REASON = "The device was reported lost before it sent this."

DeviceEvent = Endorsement | Scan | ForeignRecord | CaseRecord | Question | Undo


@dataclass(frozen=True, slots=True)
class QuarantinedEvent:
    """One event in quarantine, as the device described it, with its uploader and time of receipt.

    `kind`: scan, endorsement, undo, foreign_permit, case or expert_question. `at`: time of the event by the device, 0
    for an undo. `officer`: the person that the event names. `issuer`, `number`: of the permit, if its signature is
    valid, else "". `lines`: of an endorsement.
    """

    event_id: str
    kind: str
    at: int
    post: str
    direction: str
    officer: str
    brought_by: str
    received_at: int
    reason: str
    issuer: str
    number: str
    lines: tuple[LineOfUse, ...]
    transport_document: str


def quarantine(event: RawEvent, said: DeviceEvent, officer: Actor, upload: Upload, deps: VerifyDeps) -> None:
    """Store an event once, however often it is sent, and for an endorsement, also in its permit's history."""
    device_id, uploader = upload.device.id, upload.uploader
    at, post, direction = _when_and_where(said)
    body = record_bytes(event)
    key = Key(_of_device(device_id), f"{at:012d}#{sha256(body).hexdigest()}")
    if deps.register.get(key) is not None:
        return
    issuer, number = _permit_of(said, deps)
    kind = str(event["kind"])
    lines = [line.as_json for line in said.lines] if isinstance(said, Endorsement) else []
    row = Put(
        key,
        {
            "event_id": str(event["event_id"]),
            "kind": kind,
            "at": at,
            "post": post,
            "direction": direction,
            "officer": officer.id,
            "officer_name": officer.name,
            "brought_by": uploader.id,
            "brought_by_name": uploader.name,
            "received_at": deps.now,
            "reason": REASON,
            "issuer": issuer,
            "number": number,
            "lines": lines,
            "event": body.decode() if len(body) <= BODY_AT_MOST else "",
            "transport_document": said.transport_document if isinstance(said, Endorsement) else "",
        },
    )
    ours = store.find_number(deps.register, issuer, number) if kind == "endorsement" and number else None
    if ours is not None:
        told = {"event_id": str(event["event_id"]), "device": device_id, "post": post, "officer": officer.id, "at": at}
        store.change(
            ours.id,
            uploader,
            deps=deps,
            any_owner=True,
            decide=lambda old: store.Change(old.but(), "keep_apart", told, puts=(row,)),
        )
        return
    try:
        deps.register.commit(row)
    except Conflict:  # the same event came twice at once
        return


def list_quarantined(
    device_id: str, *, register: PermitRegister, cursor: str = ""
) -> tuple[list[QuarantinedEvent], str | None]:
    """Events of a lost device, by the time that it claims, and the next cursor."""
    start = f"{cursor}!" if cursor else ""
    rows = register.query(_of_device(device_id), start=start, limit=LISTED + 1)
    found = [_kept(row.data) for row in rows[:LISTED]]
    return found, rows[LISTED - 1].key.sort if len(rows) > LISTED else None


def has_quarantined(device_id: str, *, register: PermitRegister) -> bool:
    return bool(register.query(_of_device(device_id), limit=1))


def _of_device(device_id: str) -> str:
    return f"APART#{device_id}"


def _kept(data: RowData) -> QuarantinedEvent:
    return QuarantinedEvent(
        data["event_id"],
        data["kind"],
        data["at"],
        data["post"],
        data["direction"],
        data["officer_name"],
        data["brought_by_name"],
        data["received_at"],
        data["reason"],
        data["issuer"],
        data["number"],
        tuple(data["lines"]),
        data["transport_document"],
    )


def _when_and_where(said: DeviceEvent) -> tuple[int, str, str]:
    match said:
        case Endorsement():
            return said.endorsed_at, said.post, said.direction
        case Scan():
            return said.scanned_at, said.post, said.direction
        case ForeignRecord():
            return said.recorded_at, said.post, said.direction
        case Question() | CaseRecord():
            return said.recorded_at, said.post, ""
        case _:
            return 0, "", ""


def _permit_of(said: DeviceEvent, deps: VerifyDeps) -> tuple[str, str]:
    """Issuer and number of the permit whose signature is valid, else "", "". The device's loss does not matter here."""
    checker = deps.checker()
    if not isinstance(said, Endorsement | Scan) or not said.qr:
        return "", ""
    permit = verdict.judge(said.qr, trust=checker.trust, status={}, register=NotAsked(), now=deps.now).permit
    return (permit.issuer, permit.number) if permit else ("", "")
