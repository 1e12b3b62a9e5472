"""What an applicant is told by e-mail of a change to their permit.

Nothing of a decision depends on it, and nothing is said that the applicant's own page does not say: no token, no check
code, no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.arrival_reports import Arrival
from chalicelib.core.confirmations import not_left
from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import DAY, HOUR, Use

ENDING_BEFORE = 30 * DAY  # of the expiry: time enough to travel, or to give the permit back
TOLD: Mapping[str, str] = {  # action of a change -> kind of notice
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
NOT_LEFT_AFTER = 72 * HOUR  # of a reported arrival without an export: devices and stamps come in late
USING = frozenset({"endorse", "sync", "confirm", "undo"})  # actions that may change which uses count


@dataclass(frozen=True, slots=True)
class Notice:
    """`facts`: what the words of this kind need beside id and number, as JSON."""

    kind: str
    facts: Mapping[str, Any] = field(hash=False)


def told(old: Dossier, new: Dossier, action: str) -> Notice | None:
    """What the applicant is told of this change; None for what is the ministry's own business, and its own permits."""
    if not new.owner:
        return None
    if action in USING:
        return _used(old, new)
    kind = TOLD.get(action)
    if kind == "taken_back" and (old.state == "draft" or new.last_actions["withdraw"] != new.owner):
        return None  # nobody else had it yet, or it was the ministry's
    if kind is None or (kind == "received" and new.submitter != new.owner):  # a replacement, which the ministry submits
        return None
    return Notice(kind, _facts(kind, new))


def ending_at(dossier: Dossier) -> int | None:
    """When to remind of the end: of a permit that is in force and that nobody used. None: not at all."""
    if not dossier.owner or dossier.state != "issued" or dossier.expires_at is None:
        return None
    return None if any(use.counts for use in dossier.uses) else dossier.expires_at - ENDING_BEFORE


def not_left_at(dossier: Dossier) -> tuple[int, Arrival] | None:
    """When the ministry is notified of a reported arrival without an export, and that arrival; None without one."""
    arrived = not_left(dossier)
    return (arrived.at + NOT_LEFT_AFTER, arrived) if arrived else None


def _facts(kind: str, new: Dossier) -> dict[str, Any]:
    match kind:
        case "returned" | "refused":
            return {"reason": new.reason}
        case "issued" | "reinstated":
            return {"valid_until": new.record.get("valid_until"), "form": new.record.get("form")}
        case "replaced":
            return {"replaced_by": new.replaced_by_number}
    return {}


def _used(old: Dossier, new: Dossier) -> Notice | None:
    """The newest use of this very permit that counts since; or that one counts no longer."""
    before, now = _counting(old), _counting(new)
    if added := [use for event_id, use in now.items() if event_id not in before]:
        use = max(added, key=lambda use: (use.at, use.event_id))
        return Notice("used", {"direction": use.kind, "at": use.at, "post": use.post})
    return Notice("withdrawn", {}) if before.keys() - now.keys() else None


def _counting(dossier: Dossier) -> dict[str, Use]:
    """Without those that a replacement began with, told of the permit that it replaced, and what two officers saw."""
    return {
        use.event_id: use
        for use in dossier.uses
        if use.counts and use.result != "duplicate" and use.number in {None, dossier.number}
    }
