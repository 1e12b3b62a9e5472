"""Notices to an applicant or the ministry: written in the transaction of the change, mailed later.

No decision depends on a notice. It has no more than the applicant's own page, so no token, no check code, no name.

NOTICE#<permit id>  <version, 8 digits>  of the change that made this version; found by the index as `notice`
                    ENDING               the reminder before a permit ends unused, from the day it is issued: found as
                                         `notice#<day>`; void once the permit is used or no longer in force
                    NOT-LEFT             to the ministry's duty desk: goods arrived abroad and no export is known;
                                         made with the report, due 72 hours later; void once that is explained
NOTIFY#<person>     -                    that person's e-mail address and language (mail/services.py)
NOTICES#<person>    <day>                its version is the count of tries (mail/services.py)
                    <day>-last           must not exist: one notice is the day's last

A notice contains neither e-mail address nor language, because both are read when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.enums import State, UseResult
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.mail.services import ENDING, WAITING, of_day
from chalicelib.permits.model.confirmations import not_left
from chalicelib.permits.model.dossier import Dossier
from chalicelib.uses.use import Use
from chalicelib.verdict.snapshot import Arrival

ENDING_BEFORE = 30 * DAY  # before expiry: time enough to travel or to give the permit back

NOTICE_KINDS: Mapping[str, str] = {  # action of a change -> kind of notice
    "submit": "received",
    "return": "returned",
    "refuse": "refused",
    "withdraw": "taken_back",
    "signed": "issued",
    "suspend": "suspended",
    "reinstate": "reinstated",
    "revoke": "revoked",
    "surrender": "surrendered",
    "lost": "lost",
    "replaced": "replaced",
}

NOT_LEFT_AFTER = 72 * HOUR  # after the reported arrival: devices and hand stamps report late

USING = frozenset({"endorse", "sync", "confirm", "undo"})  # actions that may change the uses that count


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice. `facts`: the values that the text of this kind needs beside id and number, as JSON."""

    kind: str
    facts: RowData = field(hash=False)


def notice_of(old: Dossier, new: Dossier, action: str) -> Notice | None:
    """The notice to the applicant about this change.

    None for the ministry's own permits and for changes that do not concern the applicant.
    """
    if not new.owner:
        return None
    if action in USING:
        return _used(old, new)
    kind = NOTICE_KINDS.get(action)
    if kind == "taken_back" and (old.state == State.DRAFT or new.last_actions["withdraw"] != new.owner):
        return None  # a draft that nobody else had, or a withdrawal by the ministry
    if kind is None or (kind == "received" and new.submitter != new.owner):  # the ministry submits replacements
        return None
    return Notice(kind, _facts(kind, new))


def ending_at(dossier: Dossier) -> int | None:
    """The time to remind of the end of a permit that is in force and unused, or None without a reminder."""
    if not dossier.owner or dossier.state != State.ISSUED or dossier.expires_at is None:
        return None
    return None if any(use.counts for use in dossier.uses) else dossier.expires_at - ENDING_BEFORE


def not_left_at(dossier: Dossier) -> tuple[int, Arrival] | None:
    """The time to notify the ministry of a reported arrival without an export, and that arrival, or None."""
    arrived = not_left(dossier)
    return (arrived.at + NOT_LEFT_AFTER, arrived) if arrived else None


def _facts(kind: str, new: Dossier) -> RowData:
    match kind:
        case "returned" | "refused":
            return {"reason": new.reason}
        case "issued" | "reinstated":
            return {"valid_until": new.record.get("valid_until"), "form": new.record.get("form")}
        case "replaced":
            return {"replaced_by": new.replaced_by_number}
    return {}


def _used(old: Dossier, new: Dossier) -> Notice | None:
    """A notice of the newest use of this permit that counts since, or of a use that counts no longer."""
    before, now = _counting(old), _counting(new)
    if added := [use for event_id, use in now.items() if event_id not in before]:
        use = max(added, key=lambda use: (use.at, use.event_id))
        return Notice("used", {"direction": use.kind, "at": use.at, "post": use.post})
    return Notice("withdrawn", {}) if before.keys() - now.keys() else None


def _counting(dossier: Dossier) -> dict[str, Use]:
    """Uses that count, without duplicates and without uses that a replacement took over from the permit it replaces."""
    return {
        use.event_id: use
        for use in dossier.uses
        if use.counts and use.result != UseResult.DUPLICATE and use.number in {None, dossier.number}
    }


NOT_LEFT = "NOT-LEFT"

MINISTRY = "duty-ministry"


def puts(old: Dossier, new: Dossier, action: str, now: int) -> tuple[Put, ...]:
    """The rows of the notice of this change, and of the reminder where it starts, moves or is void.

    The version check on the dossier in the same transaction protects these rows too.
    """
    notice = notice_of(old, new, action)
    made: list[Put] = []
    if notice is not None:
        data = _data(new, notice.kind, notice.facts, now, due=now)
        made.append(
            Put(Key(f"NOTICE#{new.id}", f"{new.version:08d}"), data, expected_version=0, index={"state": WAITING})
        )
    before, after = ending_at(old), ending_at(new)
    if before != after:
        key = Key(f"NOTICE#{new.id}", ENDING)
        if after is None:
            made.append(Put(key, {"result": "void", "at": now}, expected_version=None))
        elif now < after:
            data = _data(new, "ending", {"valid_until": new.record.get("valid_until")}, now, due=after)
            made.append(Put(key, data, expected_version=None, index={"state": of_day(after)}))
    return (*made, *_not_left(old, new, now))


def _not_left(old: Dossier, new: Dossier, now: int) -> tuple[Put, ...]:
    """The rows of the ministry's notice of an arrival without an export, or of its end. The notice names no person."""
    before, after = not_left_at(old), not_left_at(new)
    if before == after:
        return ()
    key = Key(f"NOTICE#{new.id}", NOT_LEFT)
    if after is None:
        return (Put(key, {"result": "void", "at": now}, expected_version=None),)
    due, arrived = after
    facts = {"country": arrived.country, "arrived_at": arrived.at}
    data = {**_data(new, "not_left", facts, now, due=max(due, now)), "owner": MINISTRY}
    return (Put(key, data, expected_version=None, index={"state": WAITING}),)


def _data(dossier: Dossier, kind: str, facts: RowData, now: int, *, due: int) -> RowData:
    return {
        "kind": kind,
        "owner": dossier.owner,
        "permit_id": dossier.id,
        "number": dossier.number,
        "facts": dict(facts),
        "at": now,
        "due": due,
        "next": due,
        "tries": 0,
    }
