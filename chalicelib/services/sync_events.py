"""What devices did offline, brought in later: every event answered by itself, and none lost.

What has happened has happened: an endorsement that loses against an earlier one is kept as `conflict` and counts.
The state after any order of uploads is the same, because the ledger reads the set of uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.core import ledger
from chalicelib.core.crossing import Place
from chalicelib.core.errors import (
    EventIdReused,
    FieldError,
    Forbidden,
    Invalid,
    NoMatch,
    NotGenuine,
    TamgaError,
    Unavailable,
)
from chalicelib.core.ledger import Use
from chalicelib.core.roles import Actor
from chalicelib.core.verdict import Context, judge
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import store
from chalicelib.services.accounts import Account, open_account
from chalicelib.services.devices import Device, check_signature, device_key, load_device
from chalicelib.services.endorse_permit import (
    Endorsement,
    answered,
    as_use,
    day_put,
    mark_of,
    may_endorse,
    receipt_of,
    resolve,
    well_formed,
)
from chalicelib.services.scan_permit import Scan, scan
from chalicelib.services.verify_permit import Checker
from chalicelib.services.withdraw_endorsement import undo

BACK_AT_MOST = 14 * 86400  # seconds
SKEW = 600
EVENTS_AT_MOST = 500

Parsed = Endorsement | Scan | tuple[str, str, str]  # the last: an undo's (endorsement, event_id, reason)


def sync(
    device_id: str,
    raw: Sequence[Mapping[str, Any]],
    signature: str,
    parse: Callable[[Mapping[str, Any]], tuple[Parsed, str | None]],
    actor: Actor,
    *,
    register: PermitRegister,
    checker: Checker,
    person: Callable[[str], Actor],
    now: int,
    more: bool = False,
) -> list[dict[str, Any]]:
    """Per event {"event_id", "result": stored | duplicate | conflict | rejected, ...}, in the order given.

    `parse` makes an event of its JSON (and the id of the officer it names, if any) or raises `Invalid`; `person`
    gives that officer. Raises `Forbidden` for a device that is unknown, lost or of another post, `Invalid` for a batch
    that is too large; one bad event never refuses the others. `more`: the device has more events of this time to
    send, so what is older than this batch is not late yet.
    """
    actor.need("sync")
    try:
        device = load_device(device_id, register=register)
    except NoMatch:
        raise Forbidden("This device is not registered.") from None
    if device.post not in actor.posts and "*" not in actor.posts:
        raise Forbidden("This device belongs to another post.")
    if len(raw) > EVENTS_AT_MOST:
        raise Invalid(FieldError("events", "too_many", f"At most {EVENTS_AT_MOST} events at once."))
    check_signature(device, list(raw), signature)
    answers = [
        _one(event, parse, actor, device, register=register, checker=checker, person=person, now=now) for event in raw
    ]
    told_again = bool(answers) and all(answer["result"] == "duplicate" for answer in answers)
    if not more and not told_again and not any(answer.get("again") for answer in answers):
        _synced(device, register=register, now=now)
    return answers


def _one(
    event: Mapping[str, Any],
    parse: Callable[[Mapping[str, Any]], tuple[Parsed, str | None]],
    uploader: Actor,
    device: Device,
    *,
    register: PermitRegister,
    checker: Checker,
    person: Callable[[str], Actor],
    now: int,
) -> dict[str, Any]:
    event_id = str(event.get("event_id", ""))[:36]
    try:
        asked, officer_id = parse(event)
        officer = person(officer_id) if officer_id else uploader
        kept = "stored" if register.get(store.event_key(event_id)) is None else "duplicate"
        if isinstance(asked, Scan | Endorsement) and asked.post != device.post:
            raise Forbidden("The device belongs to another post.")
        if isinstance(asked, Scan):
            found = scan(asked, officer, register=register, checker=checker, now=now)
            return {"event_id": event_id, "result": kept, "outcome": found.outcome, "codes": list(found.codes)}
        if isinstance(asked, Endorsement):
            return _endorse(asked, officer, uploader, device, register=register, checker=checker, now=now)
        if officer.id != uploader.id:
            raise Forbidden("An undo takes a second person: who makes it sends it.")
        endorsement, undo_id, reason = asked
        receipt = undo(endorsement, undo_id, reason, officer, register=register, checker=checker, now=now)
        return {"event_id": event_id, "result": kept, "receipt": receipt}
    except TamgaError as error:
        answer: dict[str, Any] = {"event_id": event_id, "result": "rejected", "problem": error.slug}
        answer["detail"] = error.detail
        if isinstance(error, Unavailable):
            answer["again"] = True
        return answer


def _endorse(
    asked: Endorsement, officer: Actor, uploader: Actor, device: Device, *, register: PermitRegister,
    checker: Checker, now: int,
) -> dict[str, Any]:  # fmt: skip
    """Keep an endorsement that has happened: 1 the same event again   2 who and where   3 genuine at all
    4 every line named   5 late, or against a state or an earlier use: conflict   6 one transaction
    """
    officer.need("endorse")
    well_formed(asked)
    text, read = resolve(asked, officer, register=register, checker=checker, now=now)  # 3
    permit = read.permit
    mark = mark_of(asked, officer, permit.issuer, permit.number)
    for _ in range(store.TRIES):
        stored = register.get(store.event_key(asked.event_id))  # 1
        if stored is not None and "refusal" not in stored.data:
            receipt = answered(stored, mark)
            return {"event_id": asked.event_id, "result": "duplicate", "receipt": receipt}
        if stored is not None and any(stored.data.get(name) != value for name, value in mark.items()):
            raise EventIdReused("This event id was used for another request.")
        if stored is not None:
            # Refused online by an answer that the device got: no use. The device only tells it again.
            return {"event_id": asked.event_id, "result": "duplicate", "refused": True}
        may_endorse(asked, officer, checker.posts)  # 2
        account = open_account(permit, read.pages, register=register, stage=checker.stage)
        if account.ours and account.dossier is None:
            raise NoMatch("The register does not know this permit.")
        use = as_use(asked, permit, officer, checker.stage, now, offline=True, late=_late(asked, device, now))
        if uploader.id != officer.id:
            use = replace(use, brought_by=uploader.id)
        ledger.check_lines(use.lines, account.allowed, "import")  # 4: what left has left, however much
        result = _result(use, text, asked, account, checker, now)  # 5
        use = replace(use, result="pending" if asked.recorded == "paper" else result)
        uses = (*account.uses, use)
        receipt = receipt_of(use, permit, account, uses, officer)
        detail = {"event_id": use.event_id, "result": use.result, "device": device.id, "brought_by": uploader.id}
        puts = [
            *account.puts(uses, officer, now, "sync", detail),
            Put(
                store.event_key(asked.event_id),
                {**mark, "receipt": receipt, "permit": [permit.issuer, permit.number]},
                expect=0,
            ),
            day_put(use, permit.issuer, permit.number, now),
        ]
        try:
            register.commit(*puts)  # 6
        except Conflict:
            continue
        told = "stored" if use.result in {"accepted", "pending"} else use.result
        return {"event_id": asked.event_id, "result": told, "receipt": receipt}
    raise Unavailable("Others are using this permit; send it again.")


def _result(use: Use, text: str, asked: Endorsement, account: Account, checker: Checker, now: int) -> str:
    """accepted | duplicate | conflict; raises `NotGenuine` where the paper was not this permit."""
    result = ledger.settle(account.kind, account.uses, use, account.allowed, checker.posts)
    if result == "duplicate":
        return result
    place = Place(use.kind, checker.stage.issuer, use.post)
    found = judge(
        text,
        trust=checker.trust,
        status={},
        register=account.known,
        own_uses=account.own_uses,
        context=Context(place=place, posts=checker.posts, other_pages=asked.other_pages),
        now=now,
    )
    if forged := [hit.code for hit in found.hits if hit.code in {"F3", "F4"}]:
        raise NotGenuine("The register holds another permit under this number.", codes=forged)
    against = {"S2", "S3", "S4", "S6", "S7", "P1"} & set(found.codes)
    expired = found.permit is not None and use.at >= found.permit.expires_at
    return "conflict" if against or expired else result


def _late(asked: Endorsement, device: Device, now: int) -> bool:
    """L2: more than 14 days back, before the device's last sync (it would have been in it), or in the future."""
    oldest = max(now - BACK_AT_MOST, device.synced_at - SKEW)
    return not oldest <= asked.endorsed_at <= now + SKEW


def _synced(device: Device, *, register: PermitRegister, now: int) -> None:
    for _ in range(store.TRIES):
        row = register.get(device_key(device.id))
        if row is None or row.data.get("synced_at", 0) >= now:
            return
        try:
            register.commit(Put(row.key, {**row.data, "synced_at": now}, expect=row.version))
        except Conflict:
            continue
        return
