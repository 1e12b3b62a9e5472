"""Scans at a post, of a code or of a file, and the clearing or confirming of verdict codes.

A scan is no use. Its verdict has the officer's detail and is kept. A hold and a watch-list match notify the duty desks
(alerts/services/alerts.py). Otherwise a scan only lets the same officer's next scan show U0.

A PDF or picture is a scan of every permit in it. The worst verdict is the answer and has the request's event id. Each
other permit or code of the file has an event id derived from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import Event
from chalicelib.endorsement.services.endorse import check_assigned, find_use
from chalicelib.endorsement.services.requests import is_uuid
from chalicelib.kernel.days import HOUR
from chalicelib.kernel.enums import SCAN_DIRECTIONS, ClearingResult, ScanDirection
from chalicelib.kernel.errors import (
    EventIdReused,
    FieldError,
    Invalid,
    NoMatch,
    TooLarge,
    TwoPeople,
    Unavailable,
    WrongState,
)
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.model.dossier import Cleared, Dossier, Resolution
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.platform.transact import transact
from chalicelib.record.permit import Permit
from chalicelib.uses.use import Subject, alert_subject
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.snapshot import Context
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.verify import (
    VerifyDeps,
    find_by_code,
    judge_account,
    judge_file,
    verify,
    verify_number,
)

OWN_SCANS_BACK = HOUR  # seconds

RESOLUTIONS_AT_MOST, RESOLUTIONS_OF_ONE_PERSON = 200, 50  # of one permit


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan request. `scanned_at`: whole seconds of the device's clock.

    `paper`: in place of `qr`, the number of a permit issued on paper before Tamga.
    """

    event_id: str
    qr: str
    post: str
    scanned_at: int
    direction: ScanDirection
    goods_present: bool
    other_pages: tuple[str, ...] = ()
    same_goods: bool | None = None
    paper: str = ""

    @property
    def hashed_members(self) -> Mapping[str, object]:
        """The members that are hashed. An empty `paper` is left out, so hashes of an earlier release stay valid."""
        return {name: value for name, value in asdict(self).items() if name != "paper" or value}


def scan(asked: Scan, actor: Actor, deps: VerifyDeps, *, seen_at: int | None = None) -> Verdict:
    """Scan a code at a post and return the verdict. The same event again is judged again and stored once.

    `posts_of`: time at which a scan sent later is judged (`Context` in verdict/snapshot.py). Raises `Invalid`,
    `Forbidden`, `EventIdReused`.
    """
    actor.require("scan")
    well_formed(asked)
    check_assigned(actor, asked.post, deps.posts)
    mark = {"officer": actor.id, "hash": store.request_hash(asked.hashed_members)}
    stored = deps.register.get(store.event_key(asked.event_id))
    if stored is not None:
        check_same_request(stored.data, mark)
    found = _judge(asked, actor, deps, seen_at=seen_at)
    if stored is None:
        store_scan(JudgedScan(asked, found, seen_at), actor, mark, deps)
    return found


def resolve_typed(number: str, code: str, actor: Actor, deps: VerifyDeps) -> tuple[str, tuple[str, ...], str]:
    """The first page's code, the other pages' codes, and the paper's number, for a typed number and check code.

    A number without check code is a permit issued on paper before Tamga. It has no codes, only the number. Raises
    `Invalid` where there is no number, `NoMatch`, `TooMany`.
    """
    actor.require("scan")
    checker = deps.checker()
    if not number:
        words = "Required: the text of the code, 'number' and 'code', or the 'number' of a paper permit."
        raise Invalid(FieldError("qr", "required", words))
    if not code:
        return "", (), number
    found = find_by_code(number, code, deps, actor=actor, find=checker.numbers.find)
    return found.tokens[0], found.tokens[1:], ""


def own_scans(event_id: str, actor: Actor, deps: Deps) -> Callable[[Permit], list[int]]:
    """A function from a permit to the times at which this officer scanned it before, in other events than this."""

    def times(permit: Permit) -> list[int]:
        rows = deps.register.query(
            f"SCANS#{permit.issuer}#{permit.number}", start=f"{deps.now - OWN_SCANS_BACK:012d}", limit=200
        )
        return [
            int(row.data["scanned_at"])
            for row in rows
            if row.data["officer"] == actor.id and row.data["event_id"] != event_id
        ]

    return times


def _judge(asked: Scan, actor: Actor, deps: VerifyDeps, *, seen_at: int | None) -> Verdict:
    place = Place(asked.direction, deps.stage.issuer, asked.post, asked.same_goods)
    before = own_scans(asked.event_id, actor, deps)
    if asked.paper:
        return verify_number(asked.paper, None, deps, actor=actor, place=place, own_scans=before)
    return verify(asked.qr, deps, other_pages=asked.other_pages, own_scans=before, place=place, seen_at=seen_at)


@dataclass(frozen=True, slots=True)
class JudgedScan:
    """A scan with its verdict. `seen_at`: time at which a scan sent later was judged (verdict/snapshot.py)."""

    asked: Scan
    found: Verdict
    seen_at: int | None = None


def store_scan(judged: JudgedScan, actor: Actor, mark: Mapping[str, str], deps: VerifyDeps) -> None:
    """Store the event and, for a genuine permit, its line among the permit's scans. Unverified fields are not stored.

    Retries if another scan raises the same alert first. Raises `EventIdReused`, `Unavailable` after too many retries.
    """

    key = store.event_key(judged.asked.event_id)

    def attempt() -> None:
        event, puts = _kept(judged, actor, mark, deps)
        try:
            deps.register.commit(Put(key, event, expected_version=0), *puts)
        except Conflict:
            stored = deps.register.get(key)
            if stored is None:
                raise
            check_same_request(stored.data, mark)

    transact(attempt, "Others are scanning this permit; send the scan again.")


def _kept(judged: JudgedScan, actor: Actor, mark: Mapping[str, str], deps: VerifyDeps) -> tuple[RowData, list[Put]]:
    """The event, and the rows written with it."""
    asked, found = judged.asked, judged.found
    permit = found.permit
    event: dict[str, object] = {
        **mark,
        **actor.upload_detail,
        "outcome": found.outcome,
        "codes": list(found.codes),
        "at": deps.now,
    }
    puts = list(alerts.of_scan(Event(asked.event_id, asked.post, actor), found, _subject(found, deps), asked.qr, deps))
    if judged.seen_at is not None:
        event["seen_at"] = judged.seen_at
    if permit is not None:
        event["scan"] = {
            "qr": asked.qr,
            "other_pages": list(asked.other_pages),
            "post": asked.post,
            "direction": asked.direction,
            "same_goods": asked.same_goods,
            "paper": asked.paper,
        }
        line = {
            "event_id": asked.event_id,
            "officer": actor.id,
            "post": asked.post,
            "direction": asked.direction,
            "goods_present": asked.goods_present,
            "scanned_at": asked.scanned_at,
            "outcome": found.outcome,
            "codes": list(found.codes),
        }
        key = Key(f"SCANS#{permit.issuer}#{permit.number}", f"{deps.now:012d}#{asked.event_id}")
        puts.append(Put(key, line, expected_version=0))
    return event, puts


def _subject(found: Verdict, deps: VerifyDeps) -> Subject | None:
    checker = deps.checker()
    permit = found.permit
    if permit is None:
        return None
    ours = permit.issuer == checker.stage.issuer
    held = checker.numbers.find(deps.register, permit.issuer, permit.number) if ours else None
    return alert_subject(permit.issuer, permit.number, found.pages, held.record if held else {})


@dataclass(frozen=True, slots=True)
class Clearing:
    """An officer's answer to a verdict code."""

    code: str
    result: ClearingResult
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedCode:
    """A verdict code that was cleared or confirmed. `events`: ids of the uses that caused it."""

    code: str
    result: ClearingResult
    number: str
    events: tuple[str, ...]


def resolve_scan(event_id: str, asked: Clearing, actor: Actor, deps: VerifyDeps) -> ResolvedCode:
    """Verify the scanned document again, then clear or confirm a code for the uses that cause it now."""
    actor.require("resolve")
    stored = deps.register.get(store.event_key(event_id))
    if stored is None or "hash" not in stored.data or "receipt" in stored.data:
        raise NoMatch("No such scan.")
    kept = stored.data.get("scan")
    if kept is None:
        raise WrongState("The scan did not prove a permit, so no code can be cleared. Open a case instead.")
    check_assigned(actor, str(kept["post"]), deps.posts)
    place = Place(str(kept["direction"]), deps.stage.issuer, str(kept["post"]), kept["same_goods"])
    paper = str(kept.get("paper", ""))
    found = (
        verify_number(paper, None, deps, actor=actor, place=place)
        if paper
        else verify(str(kept["qr"]), deps, place=place, other_pages=tuple(kept["other_pages"]))
    )
    return _resolve(found, asked, actor, deps)


def resolve_endorsement(event_id: str, asked: Clearing, actor: Actor, deps: VerifyDeps) -> ResolvedCode:
    """Clear or confirm a code that an endorsement raised (U2, U3, U4, L2), as `resolve_scan` does."""
    actor.require("resolve")
    account, use = find_use(event_id, deps)
    check_assigned(actor, use.post, deps.posts)
    if account.dossier is None:
        raise WrongState("This is another Party's permit. Only the issuing Party can clear its codes.")
    place = Place(use.kind, deps.stage.issuer, use.post)
    text = "" if account.dossier.legacy else account.dossier.tokens[0]
    found = judge_account(account, text, deps, context=Context(place=place, posts=deps.posts))
    return _resolve(found, asked, actor, deps)


def _resolve(found: Verdict, asked: Clearing, actor: Actor, deps: Deps) -> ResolvedCode:
    code, result, reason = asked.code, asked.result, asked.reason
    checked_reason(reason, required=False)
    check_result = next((h for h in found.check_results if h.code == code), None)
    permit = found.permit
    dossier = store.find_number(deps.register, permit.issuer, permit.number) if permit else None
    if check_result is None or dossier is None:
        words = "The present verdict does not have this code. Check the permit again."
        raise Invalid(FieldError("code", "not_raised", words))
    if result == ClearingResult.CLEARED and not check_result.events:
        words = "This code cannot be cleared: it is not based on a recorded use."
        raise Invalid(FieldError("code", "not_clearable", words))
    if result == ClearingResult.CLEARED and dossier:
        own = [
            use for use in dossier.uses if use.event_id in check_result.events and actor.id in use.excluded_confirmers
        ]
        if own:
            raise TwoPeople("You made one of the endorsements behind this code. Another person must clear it.")
    cleared = Cleared(code, check_result.events, actor.id, deps.now, reason)
    resolution = Resolution(code, check_result.events, result, actor.id)

    def decide(old: Dossier) -> store.Change:
        if resolution in old.resolutions or (
            result == ClearingResult.CLEARED and _cleared_by(actor, cleared, old.cleared)
        ):
            return store.Change(old)
        own = sum(each.by == actor.id for each in old.resolutions)
        if len(old.resolutions) >= RESOLUTIONS_AT_MOST or own >= RESOLUTIONS_OF_ONE_PERSON:
            raise TooLarge("You or this permit have reached the maximum number of settled codes. Ask the ministry.")
        known = any((c.code, c.events) == (code, check_result.events) for c in old.cleared)
        keep = old.cleared if known or result == ClearingResult.CONFIRMED else (*old.cleared, cleared)
        detail = {"code": code, "result": result, "events": list(check_result.events), "reason": reason}
        new = old.but(cleared=keep, resolutions=(*old.resolutions, resolution))
        return store.Change(new, "resolve", detail)

    store.change(dossier.id, actor, decide, deps, any_owner=True)
    return ResolvedCode(code, result, dossier.number or "", check_result.events)


def _cleared_by(actor: Actor, cleared: Cleared, known: Iterable[Cleared]) -> bool:
    """True if this person has cleared the code before. Rows of the previous release have `cleared` alone."""
    return any((c.code, c.events, c.by) == (cleared.code, cleared.events, actor.id) for c in known)


def well_formed(asked: Scan) -> None:
    errors = []
    if not is_uuid(asked.event_id):
        errors.append(FieldError("event_id", "uuid", "A UUID in lower case, made once for this scan."))
    if asked.direction not in SCAN_DIRECTIONS:
        errors.append(FieldError("direction", "unknown", f"One of: {', '.join(SCAN_DIRECTIONS)}."))
    if errors:
        raise Invalid(*errors)


def check_same_request(stored: RowData, mark: Mapping[str, str]) -> None:
    if not stored:
        raise Unavailable("The scan is not stored yet. Send it again with the same event id.")
    if any(stored.get(name) != value for name, value in mark.items()):
        raise EventIdReused("This event id was used for another request. Make a new one.")


def scan_file(
    data: bytes, content_type: str, look: Scan, actor: Actor, deps: VerifyDeps
) -> tuple[Verdict, FileFindings]:
    """Scan a file at a post. Return the worst verdict of its codes, and the findings about the file.

    The same event again is judged again and stored once. `look`: a scan without its code. Raises as `scan` and
    `verify_document` do.
    """
    actor.require("scan")
    well_formed(look)
    check_assigned(actor, look.post, deps.posts)
    said = {**look.hashed_members, "file": hashlib.sha256(data).hexdigest()}
    mark = {"officer": actor.id, "hash": store.request_hash(said)}
    stored = deps.register.get(store.event_key(look.event_id))
    if stored is not None:
        check_same_request(stored.data, mark)
    judged, found = judge_file(
        data,
        content_type,
        deps,
        place=Place(look.direction, deps.stage.issuer, look.post),
        own_scans=own_scans(look.event_id, actor, deps),
    )
    if stored is None:
        for event_id, (text, *others), verdict in reversed(_events(look.event_id, judged)):
            one = replace(look, event_id=event_id, qr=text, other_pages=tuple(others))
            store_scan(JudgedScan(one, verdict), actor, mark, deps)
    return judged[0][1], found


def _events(
    event_id: str, judged: Sequence[tuple[tuple[str, ...], Verdict]]
) -> list[tuple[str, tuple[str, ...], Verdict]]:
    """One event for each permit, by its worst page, and one for each code that is no permit.

    The request's own event is first in the list and stored last. So a file stored in part is stored again on a retry.
    """
    found: dict[str, tuple[str, tuple[str, ...], Verdict]] = {}
    for texts, verdict in judged:
        name = f"{verdict.permit.issuer}#{verdict.permit.number}" if verdict.permit else texts[0]
        own = store.derived_event_id(event_id, hashlib.sha256(name.encode()).hexdigest()) if found else event_id
        found.setdefault(name, (own, texts, verdict))
    return list(found.values())
