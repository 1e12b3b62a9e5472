"""Hits that need the register's snapshot of an issued permit: T8 of check 9 and P3 of check 10.

web/core/snapshot_hits.js is loaded beside a snapshot only: the public check judges without one on a phone.
"""

from __future__ import annotations

from dataclasses import asdict

from chalicelib.core.arrival_reports import arrival
from chalicelib.core.hit import Hit
from chalicelib.core.list_check import confirmed_values, unexplained
from chalicelib.core.permit import Permit
from chalicelib.core.status_list import ENTRIES, StatusList
from chalicelib.core.verdict_hits import STATUS_HITS, Context, Snapshot, placed


def listed_more_hits(
    permit: Permit, register: Snapshot, listed: StatusList | None
) -> tuple[int | None, list[Hit]]:  # fmt: skip
    """T8 of check 9: the register's own list says more than the register; its value, which then counts as well."""
    if listed is None or listed.uri != permit.status_uri or permit.status_idx >= ENTRIES:
        return None, []
    value = listed.value(permit.status_idx)
    confirmed = confirmed_values(
        register.state, register.kind, register.uses, for_cause=register.for_cause, missing=register.missing
    )
    if not unexplained(value, confirmed, register.lowered_at, listed.issued_at):
        return None, []
    hits = [Hit("T8", "check", {"at": listed.issued_at})]
    if value in STATUS_HITS:
        hits.append(Hit(*STATUS_HITS[value]))
    return value, hits


def arrival_hits(permit: Permit, snapshot: Snapshot, context: Context, now: int) -> list[Hit]:
    """P3 of check 10: another Party reported what arrived."""
    _, place = placed(permit, context.place)
    if place.direction not in {"export", "import"}:
        return []
    arrived = arrival(permit.kind, permit.importer.country, snapshot.reports, snapshot.allowed, now)
    return [Hit("P3", "check", asdict(arrived))] if arrived else []
