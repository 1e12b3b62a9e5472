"""Watch-list of enforcement: values that are looked for, with end and reason. Only enforcement sees it.

Scans, endorsements, papers and cases are compared with it.

WATCH         <id>     the value that is compared; expires after its end
WATCH-ENTRY#<id> -     the whole entry, with the persons who entered and ended it; kept
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from chalicelib.alerts.model import watch
from chalicelib.alerts.model.watch import Entry, NewEntry
from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.platform.deps import Deps
from chalicelib.uses.use import WatchTerms

LIST = "WATCH"

SHELF = "watch-list"

AT_MOST = 1000  # entries in force, because each scan reads them all

PAGE = 100

type WatchState = Literal["in_force", "expired", "ended"]


def matches(seen: WatchTerms, deps: Deps) -> tuple[Entry, ...]:
    """The entries in force that match what was seen."""
    rows = deps.register.query(LIST, limit=AT_MOST + 1)
    return watch.matches((Entry(**row.data["entry"]) for row in rows if not row.data.get("ended")), seen, deps.now)


def add(asked: NewEntry, actor: Actor, deps: Deps) -> RowData:
    """Add an entry.

    Raises `Invalid` for a value that cannot be compared or that every scan would match, for a missing end, and where
    the list is full.
    """
    actor.require("watch")
    key = watch.checked(asked, deps.now)
    if len(deps.register.query(LIST, limit=AT_MOST + 1)) > AT_MOST:
        raise Invalid(FieldError("value", "too_many", f"At most {AT_MOST} entries: end some first."))
    entry_id = deps.new_id()
    entry = asdict(Entry(entry_id, asked.kind, asked.value, asked.reason, asked.until, key))
    whole = {**entry, "at": deps.now, "by_name": actor.name, "by": actor.id, "ended": None}
    deps.register.commit(
        Put(Key(LIST, entry_id), {"entry": entry}, expected_version=0, expires=asked.until + DAY),
        Put(Key(f"WATCH-ENTRY#{entry_id}"), whole, expected_version=0, index={"shelf": SHELF}),
    )
    return whole


def end(entry_id: str, reason: str, actor: Actor, deps: Deps) -> RowData:
    """End an entry, with a reason. Raises `NoMatch`, `WrongState` where it has ended already."""
    actor.require("watch")
    checked_reason(reason)
    row = deps.register.get(Key(f"WATCH-ENTRY#{entry_id}"))
    if row is None:
        raise NoMatch("No such entry.")
    if row.data["ended"]:
        raise WrongState("This entry has been ended already.")
    whole = {**row.data, "ended": {"at": deps.now, "by": actor.id, "by_name": actor.name, "reason": reason}}
    try:
        deps.register.commit(
            Put(row.key, whole, expected_version=row.version, index={"shelf": SHELF}),
            Put(Key(LIST, entry_id), {"ended": True}, expected_version=None, expires=deps.now + DAY),
        )
    except Conflict:
        raise WrongState("This entry has been ended already.") from None
    return whole


def listed(actor: Actor, deps: Deps, *, cursor: str | None) -> tuple[list[RowData], str | None]:
    """Entries, the newest first, with ended ones, and the next cursor."""
    actor.require("see_watch")
    rows, cursor = deps.register.search("shelf", SHELF, cursor=cursor, limit=PAGE)
    return [row.data for row in rows], cursor


def state(entry: RowData, now: int) -> WatchState:
    if entry["ended"]:
        return "ended"
    return "expired" if entry["until"] <= now else "in_force"
