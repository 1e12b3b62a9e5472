"""Longest period of validity of each kind of document, and the second at which a document ends."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chalicelib.kernel.document_kinds import DocumentKind


@dataclass(frozen=True, slots=True)
class Validity:
    """At most `months` calendar months from the day of issue. `source`: the rule that says so."""

    months: int
    source: str


_SIX = Validity(6, "Conf. 12.3, when it stands in for an export permit")

_TWELVE = Validity(12, "Conf. 12.3")

_THREE_YEARS = Validity(36, "Conf. 12.3; 50 CFR 23.54")

VALIDITY: Mapping[str, Validity] = MappingProxyType(
    {
        DocumentKind.EXPORT: Validity(6, "Art. VI(2) of the Convention"),
        DocumentKind.REEXPORT: Validity(6, "Art. VI(2) of the Convention; Conf. 12.3"),
        DocumentKind.IMPORT: _TWELVE,
        DocumentKind.ORIGIN: _TWELVE,
        DocumentKind.INTRODUCTION_FROM_THE_SEA: _TWELVE,
        DocumentKind.PRE_CONVENTION: _SIX,
        DocumentKind.CAPTIVE_BREEDING: _SIX,
        DocumentKind.ARTIFICIAL_PROPAGATION: _SIX,
        DocumentKind.SAMPLE_COLLECTION: _SIX,
        DocumentKind.PHYTOSANITARY: _SIX,
        DocumentKind.TRAVELLING_EXHIBITION: _THREE_YEARS,
        DocumentKind.OWNERSHIP: _THREE_YEARS,
        DocumentKind.MUSICAL_INSTRUMENT: _THREE_YEARS,
    }
)


def latest(kind: str, today: date) -> date:
    """The last possible day of validity of a document of this kind issued `today`: the same day `months` later."""
    return months_later(today, VALIDITY[kind].months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later.

    A month without that day gives its last day (31 August + 6 months = 28 or 29 February).
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def expires_at(valid_until: str, zone: str) -> int:
    """00:00:00 of the day after the last valid day in the Party's zone, in seconds since 1970 UTC (FORMAT.md 1, `exp`).

    `valid_until` is a day that `malformed` accepts. Raises ValueError otherwise.
    """
    after = date.fromisoformat(valid_until) + timedelta(days=1)
    return int(datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone)).timestamp())
