"""Notices to an applicant or the ministry: written in the transaction of the change itself, mailed later.

NOTICE#<permit id>  <version, 8 digits>  of the change that made this version; found by the index as `notice`
                    ENDING               the reminder before a permit ends unused, from the day it is issued: found as
                                         `notice#<day>`; void once the permit is used or no longer in force
                    NOT-LEFT             to the ministry's duty desk, that goods arrived abroad and no export is known:
                                         made with the report, due 72 hours later; void once that is explained
NOTIFY#<person>     -                    where that person's notices go (choose_notices.py)
NOTICES#<person>    <day>                its version is the count of tries (send_notices.py)
                    <day>-last           must not exist: one notice is the day's last

Neither e-mail address nor language stands in a notice: both are read when it is sent.
"""

from __future__ import annotations

from typing import Any

from chalicelib.core import notices
from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import DAY
from chalicelib.ports import Key, Put

WAITING = "notice"
ENDING = "ENDING"
NOT_LEFT = "NOT-LEFT"
MINISTRY = "duty-ministry"


def puts(old: Dossier, new: Dossier, action: str, now: int) -> tuple[Put, ...]:
    """The notice of this change, and the reminder where it begins or falls; the dossier's guard is theirs."""
    notice = notices.told(old, new, action)
    made: list[Put] = []
    if notice is not None:
        data = _data(new, notice.kind, notice.facts, now, due=now)
        made.append(Put(Key(f"NOTICE#{new.id}", f"{new.version:08d}"), data, expect=0, index={"state": WAITING}))
    before, after = notices.ending_at(old), notices.ending_at(new)
    if before != after:
        key = Key(f"NOTICE#{new.id}", ENDING)
        if after is None:
            made.append(Put(key, {"result": "void", "at": now}, expect=None))
        elif now < after:
            data = _data(new, "ending", {"valid_until": new.record.get("valid_until")}, now, due=after)
            made.append(Put(key, data, expect=None, index={"state": of_day(after)}))
    return (*made, *_not_left(old, new, now))


def _not_left(old: Dossier, new: Dossier, now: int) -> tuple[Put, ...]:
    """The ministry's notice of an arrival without an export, or its end; it names no person."""
    before, after = notices.not_left_at(old), notices.not_left_at(new)
    if before == after:
        return ()
    key = Key(f"NOTICE#{new.id}", NOT_LEFT)
    if after is None:
        return (Put(key, {"result": "void", "at": now}, expect=None),)
    due, arrived = after
    facts = {"country": arrived.country, "arrived_at": arrived.at}
    data = {**_data(new, "not_left", facts, now, due=max(due, now)), "owner": MINISTRY}
    return (Put(key, data, expect=None, index={"state": WAITING}),)


def of_day(at: int) -> str:
    """The index value of the reminders that are due on this day."""
    return f"{WAITING}#{at // DAY}"


def _data(dossier: Dossier, kind: str, facts: Any, now: int, *, due: int) -> dict[str, Any]:
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
