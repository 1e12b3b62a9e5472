"""What a device sent after it was reported lost: kept for whoever looks into it, believed in nothing, never a use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from chalicelib.cases.services.record_case import CaseRecord
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.expert_questions.services import Question
from chalicelib.foreign_permits.services.record import ForeignRecord
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.record.permit import record_bytes
from chalicelib.uses.use import UsedLine
from chalicelib.verdict import verdict
from chalicelib.verification.services.verify import VerifyDeps

LISTED = 50  # events at once

BODY_AT_MOST = 200_000  # bytes; the longest honest event, of twenty pages, is half of it, and a row holds 400 kB

REASON = "The device was reported lost before it sent this."

Said = Endorsement | Scan | ForeignRecord | CaseRecord | Question | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class QuarantinedEvent:
    """One event, by what the device says of it, and who brought it when.

    `kind`: scan, endorsement, undo, foreign_permit, case or expert_question; `at`: when it says that it happened, 0
    for an undo. `officer` is whom it names. `issuer`, `number`: of the permit whose signature holds, "" where none
    does. `lines`: an endorsement's {"line", "quantity", "dead_on_arrival"?}.
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
    lines: tuple[Mapping[str, Any], ...]
    transport_document: str


def quarantine(
    event: Mapping[str, Any], said: Said, officer: Actor, uploader: Actor, device_id: str, deps: VerifyDeps
) -> None:
    """Write an event down, once however often it is sent; of an endorsement its permit's history tells as well."""
    at, post, direction = _when_and_where(said)
    body = record_bytes(event)
    key = Key(_of_device(device_id), f"{at:012d}#{sha256(body).hexdigest()}")
    if deps.register.get(key) is not None:
        return
    issuer, number = _permit_of(said, deps)
    kind = str(event["kind"])
    lines = [_line(line) for line in said.lines] if isinstance(said, Endorsement) else []
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
            anybodys=True,
            decide=lambda old: store.Change(old.but(), "keep_apart", told, puts=(row,)),
        )
        return
    try:
        deps.register.commit(row)
    except Conflict:  # sent twice at once
        return


def list_quarantined(
    device_id: str, *, register: PermitRegister, cursor: str = ""
) -> tuple[list[QuarantinedEvent], str | None]:
    """What a lost device sent, by the time that it claims, and from where to go on."""
    start = f"{cursor}!" if cursor else ""
    rows = register.query(_of_device(device_id), start=start, limit=LISTED + 1)
    found = [_kept(row.data) for row in rows[:LISTED]]
    return found, rows[LISTED - 1].key.sort if len(rows) > LISTED else None


def any_kept(device_id: str, *, register: PermitRegister) -> bool:
    return bool(register.query(_of_device(device_id), limit=1))


def _of_device(device_id: str) -> str:
    return f"APART#{device_id}"


def _kept(data: Mapping[str, Any]) -> QuarantinedEvent:
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


def _line(line: UsedLine) -> dict[str, str]:
    return {name: value for name, value in asdict(line).items() if value is not None}


def _when_and_where(said: Said) -> tuple[int, str, str]:
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


def _permit_of(said: Said, deps: VerifyDeps) -> tuple[str, str]:
    """Whose signature holds, whatever the device is worth."""
    checker = deps.checker()
    if not isinstance(said, Endorsement | Scan) or not said.qr:
        return "", ""
    permit = verdict.judge(said.qr, trust=checker.trust, status={}, register="not_asked", now=deps.now).permit
    return (permit.issuer, permit.number) if permit else ("", "")
