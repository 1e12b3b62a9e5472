"""Checks that need the register's snapshot of an issued permit: T8 of check 9 and P3 of check 10.

T8 (FORMAT.md 5): the register does not confirm its own published status list. The dossier confirms a value if it
records the same or more. An imported permit was used, and one revoked for cause is revoked. A value that it does not
confirm needs an explanation, which is a withdrawal, reinstatement or correction, recorded since the list was signed.

P3 (FORMAT.md 6): another Party reported that goods arrived (EPIX `ConfirmQuantities`). A report is that Party's claim.
It endorses nothing and changes no use.

Pages load web/core/snapshot_checks.js only with a snapshot. The public check on a phone judges without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import Direction, State, UseState
from chalicelib.record.permit import Permit
from chalicelib.trust.model.status_list import (
    BEFORE_LIST,
    ENTRIES,
    FOR_CAUSE,
    IMPORTED,
    LOST,
    REPLACED,
    REVOKED,
    SUSPENDED,
    USED,
    VALID,
    StatusList,
)
from chalicelib.uses.single_use import WEIGHT_TOLERANCE, WEIGHTS, use_state
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict.check_results import CheckResult
from chalicelib.verdict.register_checks import STATUS_RESULTS, check_place
from chalicelib.verdict.snapshot import Arrival, ArrivalReport, Context, Snapshot


def arrival(
    kind: str, destination: str, reports: Sequence[ArrivalReport], allowed: Mapping[str, PermittedAmount], until: int
) -> Arrival | None:
    """Return the arrival that other Parties report of an export document, or None if no report counts.

    1 reports up to `until` that are not set aside    2 of the Party of box 3, or of one that ever gave the check code
    3 of each line a Party's newest figure, so that it can correct itself    4 the first Party with the whole permit,
    else the first with a part of it

    There is no arrival of import permits and documents for many crossings.
    """
    if kind == DocumentKind.IMPORT or KINDS[kind].many_crossings:
        return None
    found: list[Arrival] = []
    for country in dict.fromkeys(report.country for report in reports):
        theirs = [report for report in reports if report.country == country and report.at <= until]
        if country != destination and not any(report.with_code for report in theirs):  # 2
            continue
        standing = [report for report in theirs if report.counts]  # 1
        newest = {line.line: line.quantity for report in standing for line in report.lines}  # 3
        if any(Decimal(quantity) for quantity in newest.values()):
            found.append(Arrival(country, _since(standing), tuple(sorted(newest.items())), _is_whole(newest, allowed)))
    return min(found, key=lambda each: not each.whole, default=None)  # 4


def _since(reports: Sequence[ArrivalReport]) -> int:
    return min(report.at for report in reports if any(Decimal(line.quantity) for line in report.lines))


def _is_whole(found: Mapping[str, str], allowed: Mapping[str, PermittedAmount]) -> bool:
    """Return True if every line has at least the permitted quantity. For weights, 5 % is added to what arrived."""
    return all(
        Decimal(found.get(letter, "0")) * (WEIGHT_TOLERANCE if line.unit in WEIGHTS else 1) >= Decimal(line.quantity)
        for letter, line in allowed.items()
    )


def confirmed_values(state: str, kind: str, uses: Iterable[Use], *, for_cause: bool, missing: bool) -> frozenset[int]:
    """Return the values of a status list that this state and these uses confirm."""
    use = use_state(kind, uses) if kind in KINDS else UseState.UNUSED
    return frozenset(
        value
        for value, holds in {
            VALID: True,
            USED: use != UseState.UNUSED,
            IMPORTED: use == UseState.IMPORTED and kind != DocumentKind.IMPORT,
            SUSPENDED: state == State.SUSPENDED,
            REVOKED: state == State.REVOKED,
            FOR_CAUSE: state == State.REVOKED and for_cause,
            REPLACED: state == State.REPLACED,
            LOST: missing or state == State.LOST,
        }.items()
        if holds
    )


def unexplained(value: int, confirmed: frozenset[int], lowered_at: int | None, issued_at: int) -> bool:
    """Return True if the register neither confirms nor explains this value of a list signed at `issued_at`.

    `lowered_at`: when the dossier last recorded a withdrawal, reinstatement or correction. It explains the value from
    600 s before `issued_at` on, because a list may lack changes of those seconds.
    """
    return value not in confirmed and (lowered_at is None or lowered_at < issued_at - BEFORE_LIST)


def unexplained_value_results(
    permit: Permit, register: Snapshot, listed: StatusList | None
) -> tuple[int | None, list[CheckResult]]:
    """Run T8 of check 9. Return the list's value if the register neither confirms nor explains it, and the results.

    That value then counts as well, with its S code here, and in check 10.
    """
    if listed is None or listed.uri != permit.status_uri or permit.status_idx >= ENTRIES:
        return None, []
    value = listed.value(permit.status_idx)
    confirmed = confirmed_values(
        register.state, register.kind, register.uses, for_cause=register.for_cause, missing=register.missing
    )
    if not unexplained(value, confirmed, register.lowered_at, listed.issued_at):
        return None, []
    results = [CheckResult("T8", "check", {"at": listed.issued_at})]
    if value in STATUS_RESULTS:
        results.append(CheckResult(*STATUS_RESULTS[value]))
    return value, results


def arrival_results(permit: Permit, snapshot: Snapshot, context: Context, now: int) -> list[CheckResult]:
    """Run P3 of check 10, for an arrival that another Party reported."""
    _, place = check_place(permit, context.place)
    if place.direction not in {Direction.EXPORT, Direction.IMPORT}:
        return []
    arrived = arrival(permit.kind, permit.importer.country, snapshot.reports, snapshot.allowed, now)
    return [CheckResult("P3", "check", asdict(arrived))] if arrived else []
