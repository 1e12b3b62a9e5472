"""Upload of what devices recorded offline, where each event has its own result, and none is lost.

The events have happened. An endorsement that contradicts an earlier one is stored as `conflict` and counts. Any order
of uploads gives the same state, because `uses/single_use.py` reads the set of uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import NewUse
from chalicelib.endorsement.services import requests
from chalicelib.endorsement.services.endorse import (
    as_use,
    day_puts,
    duty_desk_codes_afterwards,
    may_endorse,
    receipt_of,
    stored_receipt,
)
from chalicelib.endorsement.services.requests import Endorsement, mark_of, resolve, unverified_number, well_formed
from chalicelib.endorsement.services.scan import Scan, check_same_request, scan
from chalicelib.endorsement.services.withdraw import EndorseDeps, Undo, undo
from chalicelib.kernel.enums import Recorded, UseResult
from chalicelib.kernel.errors import (
    AlreadyUsed,
    FieldError,
    Forbidden,
    Invalid,
    NoMatch,
    NotGenuine,
    NotUsable,
    Restored,
    TamgaError,
    TooMany,
    Unavailable,
)
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, Row
from chalicelib.offline.services import records
from chalicelib.offline.services.devices import (
    BACKLOG,
    RESEND_WINDOW,
    RawEvent,
    Upload,
    check_signature,
    load_device,
    note_batch,
)
from chalicelib.offline.services.proxy_upload import authorise
from chalicelib.offline.services.quarantine import quarantine
from chalicelib.offline.services.records import EventResult, EventWithoutReceipt, EventWord
from chalicelib.permits.services import store
from chalicelib.permits.services.inferred_uses import BY_USE, direction, inferred
from chalicelib.platform.restore_lock import lock_time_of, resend_since, without_lock
from chalicelib.platform.transact import transact
from chalicelib.uses import single_use
from chalicelib.uses.use import Use
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.snapshot import Context
from chalicelib.verdict.token_checks import token_allowance
from chalicelib.verification.model.foreign_permit import GRAVE
from chalicelib.verification.services import import_permits
from chalicelib.verification.services.accounts import UseAccount, open_account
from chalicelib.verification.services.verify import VerifyDeps, judge_account


def already_inferred(
    account: UseAccount, new: Use, deps: VerifyDeps, *, list_covers_until: Callable[[int], int]
) -> tuple[UseAccount, tuple[Put, ...]]:
    """For uploads during the restore lock: the account with the use that our status list shows, and that use's rows.

    The inferred use is added only if the event is later than the list, and so another use. Without it, both uses would
    leave the same list entry, and the first would be lost. `dossier` stays as read. Raises `Unavailable`.
    """
    checker = deps.checker()
    dossier = account.dossier
    entry = dossier.entry if dossier and new.counts else None
    listed = checker.listed(account.issuer, entry.uri) if entry else None
    if dossier is None or entry is None or listed is None or (value := listed.value(entry.index)) not in BY_USE:
        return account, ()
    as_of, kind = list_covers_until(listed.issued_at), direction(dossier.kind, value)
    own = any(u.kind == kind and (u.counts or u.received_at >= as_of) for u in account.uses)
    if own or new.at <= as_of:  # a list that is kept current also has what devices uploaded since
        return account, ()
    made = inferred(dossier, value, as_of, "", deps)
    return (replace(account, uses=(*account.uses, made[0])), (made[1],)) if made else (account, ())


EVENTS_AT_MOST = 500

RESULTS: Mapping[UseResult, EventWord] = {
    UseResult.ACCEPTED: "stored",
    UseResult.PENDING: "stored",
    UseResult.CONFLICT: "conflict",
    UseResult.DUPLICATE: "duplicate",
}

LOST = "This device was reported lost. Its events are stored for investigation and do not count."

Parsed = Endorsement | Scan | records.Recorded | Undo


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of events, as a device sends it. `signature`: of the device, over exactly these events.

    `more`: the device has more events of this time to send. Events older than this batch are then not late, as long as
    sending takes (devices.py). `alive`: a sign of life of a device that has nothing to send. From then on no event from
    before it is in time, except those resent after a restore.
    """

    device_id: str
    events: Sequence[RawEvent]
    signature: str
    more: bool = False
    alive: bool = False


def sync(
    batch: Batch,
    parse: Callable[[RawEvent], tuple[Parsed, str | None]],
    actor: Actor,
    deps: EndorseDeps,
    *,
    person: Callable[[str], Actor],
) -> list[EventResult]:
    """Store a batch and return a result for each event, in the order given.

    One bad event never refuses the others. Events of a device reported lost are `rejected`, and `kept` in quarantine
    (offline/services/quarantine.py).

    `parse` makes an event of its JSON (and the id of the officer it names, if any), or raises `Invalid`. `person` gives
    that officer.

    Raises `Forbidden` for a device that is unknown or of another post, or for a wrong signature. Raises `Restored` for
    an unknown device during the restore lock, `Invalid` for a batch that is too large.
    """
    actor.require("sync")
    list_covers_until = lock_time_of(deps.register)
    restored = list_covers_until is not None
    deps = deps.over(without_lock(deps.register))  # the restored register needs these events
    try:
        device = load_device(batch.device_id, register=deps.register)
    except NoMatch:
        if restored:
            words = (
                "The register was restored and does not have this device. Keep its events and send them again later."
            )
            raise Restored(words) from None
        raise Forbidden("This device is not registered. Register it first.") from None
    if device.post not in actor.posts and "*" not in actor.posts:
        raise Forbidden("You are not assigned to the post of this device.")
    if len(batch.events) > EVENTS_AT_MOST:
        raise Invalid(FieldError("events", "too_many", f"At most {EVENTS_AT_MOST} events at once."))
    check_signature(device, list(batch.events), batch.signature)
    if device.idle_at and (restored or resend_since(deps.register, deps.now) is not None):
        device = replace(device, idle_at=0)
    upload = Upload(device, actor, list_covers_until)
    answers = [_one(event, parse, person, upload, deps) for event in batch.events]
    if device.revoked:
        return answers  # a lost device's last sync is not noted: only devices that count have one
    again = any(answer.get("again") for answer in answers)
    told_again = bool(answers) and all(answer["result"] == "duplicate" for answer in answers)
    if not (restored and again):  # during the restore lock the device has to resend, and nothing becomes late for it
        open_for = BACKLOG if batch.more else 0
        if again or told_again:
            open_for = RESEND_WINDOW
        alive = batch.alive and not batch.events  # with an event it is no sign of life alone
        try:
            note_batch(device.id, deps, open_for=open_for, by=actor.name, alive=alive)
        except Unavailable:
            if not again:  # each event has an answer, also while the register is unavailable
                raise
    return answers


def _one(
    event: RawEvent,
    parse: Callable[[RawEvent], tuple[Parsed, str | None]],
    person: Callable[[str], Actor],
    upload: Upload,
    deps: EndorseDeps,
) -> EventResult:
    device, uploader, restored = upload.device, upload.uploader, upload.restored
    event_id = str(event.get("event_id", ""))[:36]
    try:
        asked, officer_id = parse(event)
        officer = person(officer_id) if officer_id else uploader
        known = deps.register.get(store.event_key(event_id))
        kept: EventWord = "stored" if known is None else "duplicate"
        if device.revoked and (known is None or _refusal_not_received(asked, known)):
            if restored and known is None:
                raise Restored  # the register may have had this event before the restore
            quarantine(event, asked, officer, upload, deps)
            return {"event_id": event_id, "result": "rejected", "problem": Forbidden.slug, "detail": LOST, "kept": True}
        if not isinstance(asked, Undo) and asked.post != device.post:
            raise Forbidden("The event must name the post of its device.")
        if not isinstance(asked, Undo):
            officer = authorise(asked, officer, uploader, deps.posts)
        if isinstance(asked, records.RECORDS):
            late = device.late(asked.recorded_at, deps.now)
            return records.keep(asked, officer, deps, late=late)
        if isinstance(asked, Scan) and restored:
            raise Restored  # a register that lacks rows cannot judge a scan
        if isinstance(asked, Scan):
            seen_at = None if device.late(asked.scanned_at, deps.now) else asked.scanned_at
            if known is not None:  # sent again: judge it as before
                seen_at = known.data.get("seen_at", known.data.get("at"))
            found = scan(asked, officer, deps, seen_at=seen_at)
            return {"event_id": event_id, "result": kept, "outcome": found.outcome, "codes": list(found.codes)}
        if isinstance(asked, Endorsement):
            return _endorse(asked, officer, upload, deps)
        made_by = None if officer.id == uploader.id else officer
        receipt = undo(asked, uploader, deps, made_by=made_by)
        return {"event_id": event_id, "result": kept, "receipt": receipt}
    except TamgaError as error:
        answer: EventWithoutReceipt = {
            "event_id": event_id,
            "result": "rejected",
            "problem": error.slug,
            "detail": error.detail,
        }
        if isinstance(error, Unavailable | TooMany) or (restored and isinstance(error, NoMatch)):
            answer["again"] = True  # other devices may still bring a restored register this permit
        return answer


def _endorse(asked: Endorsement, officer: Actor, upload: Upload, deps: VerifyDeps) -> EventResult:
    """Store an endorsement that has happened: 1 the same event again   2 officer and post   3 genuine
    4 every line named   5 late, or against a state or an earlier use: conflict   6 one transaction

    Step 1 does not end with a refusal that the device did not get (`unheard`). The goods have gone, and the use
    replaces the refusal. Questions by number count for the uploader, because the named officer may not know of them.
    """
    device, uploader = upload.device, upload.uploader
    well_formed(asked)
    stored = deps.register.get(store.event_key(asked.event_id))  # 1
    if stored is not None and not _refusal_not_received(asked, stored):
        return _repeated_response(asked, stored, mark_of(asked, officer, *unverified_number(asked, deps.stage)))
    officer.require("endorse")  # 2
    may_endorse(asked, officer, deps.posts)
    text, read = resolve(asked, uploader, deps)  # 3
    permit = read.permit
    mark = mark_of(asked, officer, permit.issuer, permit.number)

    def attempt() -> EventResult:
        stored = deps.register.get(store.event_key(asked.event_id))  # 1
        if stored is not None and not _refusal_not_received(asked, stored):
            return _repeated_response(asked, stored, mark)
        if stored is not None:
            check_same_request(stored.data, mark)
        account = open_account(permit, read.pages, deps)
        if account.ours and account.dossier is None:
            raise NoMatch("The register does not have this permit.")
        late = device.late(asked.endorsed_at, deps.now)
        use = as_use(asked, permit, officer, deps.stage, deps.now)
        use = replace(use, offline=True, late=late, brought_by=officer.brought_by or None)
        listed: tuple[Put, ...] = ()
        if upload.list_covers_until is not None:
            account, listed = already_inferred(account, use, deps, list_covers_until=upload.list_covers_until)
        waits = (
            officer.by_uploaders_rights or asked.recorded == Recorded.PAPER
        )  # counts only after a second person's confirmation
        if not waits:
            account = account.without_inferred(use, deps.now)
        shown = account.allowed if account.ours else token_allowance(read.pages) or account.allowed
        single_use.check_lines(use.lines, shown, "import")  # 4; as at import: any quantity, because the goods have gone
        result, codes = _result(use, text, asked, account, deps)  # 5
        use = replace(use, result=UseResult.PENDING if waits else result)
        room = account.room_for(use)
        new = NewUse(use, account, officer, read.pages)
        paired, remarks = requests.pair_import_permit(asked, new, deps)
        receipt = receipt_of(new, permit, import_permits.receipt_part(paired, remarks))
        grave = (remark for remark in remarks if remark in GRAVE)
        undecided = (
            ()
            if use.result == UseResult.DUPLICATE or waits
            else duty_desk_codes_afterwards(use, account, deps, shut=upload.restored)
        )
        detail = {"event_id": use.event_id, "result": use.result, "device": device.id, "brought_by": uploader.id}
        detail |= {"brought_by_name": uploader.name} if officer.brought_by else {}
        puts = [
            *account.puts((*account.uses, use), officer, deps, "sync", detail, room),
            Put(
                store.event_key(asked.event_id),
                {**mark, "receipt": receipt, "permit": [permit.issuer, permit.number]},
                expected_version=stored.version if stored else 0,
            ),
            *day_puts(use, account),
            *(paired.puts(officer, deps, "sync") if paired else ()),
            *listed,
            *alerts.of_use(
                store.derived_event_id(use.event_id, "unheard") if stored else use.event_id,
                new,
                deps,
                codes=(*codes, *undecided, *account.too_far(use, deps.posts), *grave),
                unconfirmed=(
                    *account.unconfirmed_beside(use, deps.posts),
                    *import_permits.unconfirmed_of(paired),
                ),
            ),
        ]
        deps.register.commit(*puts)  # 6
        return {"event_id": asked.event_id, "result": RESULTS[use.result], "receipt": receipt}

    return transact(attempt, "Others are using this permit; send it again.")


def _refusal_not_received(asked: Parsed, stored: Row) -> bool:
    """True if this id has a refusal that, as the device says, never reached it."""
    return isinstance(asked, Endorsement) and asked.unheard and "refusal" in stored.data


def _repeated_response(asked: Endorsement, stored: Row, mark: Mapping[str, str]) -> EventResult:
    if "refusal" not in stored.data:
        return {"event_id": asked.event_id, "result": "duplicate", "receipt": stored_receipt(stored, mark)}
    check_same_request(stored.data, mark)
    # Refused online, and the device got the response: no use. The device only reports it again.
    return {"event_id": asked.event_id, "result": "duplicate", "refused": True}


def _result(
    use: Use, text: str, asked: Endorsement, account: UseAccount, deps: VerifyDeps
) -> tuple[UseResult, tuple[str, ...]]:
    """The result, and the codes against the use. A late event (L2) is no sign of a second use.

    Raises `NotGenuine` where the register holds another permit under this number.
    """
    uses, allowed = account.counted(account.uses), account.divisible(use)
    result = single_use.classify_offline_use(account.kind, uses, use, allowed, deps.posts)
    if result == UseResult.DUPLICATE:
        return result, ()
    place = Place(use.kind, deps.stage.issuer, use.post)
    context = Context(place=place, posts=deps.posts, other_pages=asked.other_pages)
    found = judge_account(account, text, deps, context=context)
    if forged := [check_result.code for check_result in found.check_results if check_result.code in {"F3", "F4"}]:
        raise NotGenuine("The register has another permit under this number.", codes=forged)
    against = {"S2", "S3", "S4", "S6", "S7", "P1"} & set(found.codes)
    expired = found.permit is not None and use.at >= found.permit.expires_at
    against |= {code for code, stands in (("S1", expired), ("L2", use.late)) if stands}
    try:
        single_use.check_use(account.kind, uses, use, allowed, deps.posts, use.at)
    except AlreadyUsed:
        against.add("U4")
    except NotUsable:
        against.add("P1")
    if result == UseResult.CONFLICT and not against:  # the remaining reason: more left than permitted
        against.add("U2")
    return UseResult.CONFLICT if against else result, tuple(sorted(against))
