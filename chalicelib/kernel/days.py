"""Days and times: whole seconds since 1970 inside, RFC 3339 in UTC over HTTP (`2026-11-25T10:00:00Z`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOUR = 3600

DAY = 24 * HOUR

DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # YYYY-MM-DD, as in FORMAT.md and every answer

CALENDAR_ENDS = 253_402_214_400  # 9999-12-31; a foreign token may name a later second


def calendar_day(at: int, zone: str) -> date:
    """Return the day of a time in an IANA zone, or in UTC if this machine does not know another Party's zone."""
    return datetime.fromtimestamp(min(at, CALENDAR_ENDS), UTC).astimezone(zone_named(zone)).date()


def zone_named(name: str) -> tzinfo:
    """Return the IANA zone of this name, or UTC if this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


TIME_MAX = 9_007_199_254_740_991  # 2**53 - 1: the largest whole number that is exact in JavaScript


def day(text: str | None) -> date | None:
    """Parse `YYYY-MM-DD`, or return None if it is absent, malformed, or not a day of the calendar."""
    if text is None or len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


SKEW = 600  # seconds: accepted error of a clock

EVENT_BACK_AT_MOST = 14 * DAY  # seconds; a device that sends an event later than this after it happened is late (L2)

# RFC 3339 s. 5.6 in UTC; a fraction (JavaScript's toISOString has one) is cut off
_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|\+00:00)", re.ASCII)

_NAMES = frozenset({"at", "scanned_at", "endorsed_at", "received_at", "synced_at", "heard_at", "data_as_of",
                    "checked_at", "resend_since", "uses_since", "recorded_at", "occurred_at", "until", "registered_at",
                    "revoked_at", "set_at", "found_at", "due_at", "moves_at", "looked_at", "entered_at",
                    "decided_at", "proposed_at", "confirmed_at", "listed_at"})  # fmt: skip


def to_text(at: int) -> str:
    return datetime.fromtimestamp(min(at, CALENDAR_ENDS), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> int:
    """Parse an RFC 3339 time in UTC. Raises ValueError if it is malformed, does not exist or is before 1970."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("a time in UTC like 2026-11-25T10:00:00Z")
    at = int(datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp())
    if at < 0:
        raise ValueError("a time after 1970")
    return at


def local_day(at: int, zone: str) -> str:
    """Return the calendar day in an IANA zone as `YYYY-MM-DD`."""
    return calendar_day(at, zone).isoformat()


def with_times(value: Any) -> Any:
    """Copy JSON and write its times as text. A time is an int under one of the names in `_NAMES`."""
    if isinstance(value, Mapping):
        return {
            str(name): to_text(item) if name in _NAMES and type(item) is int else with_times(item)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [with_times(item) for item in value]
    return value
