"""Checks 7 to 10 of FORMAT.md 5 on a genuine permit: time, status list, register, use.

Each returns a list of results. `verdict.judge` and `judge_legacy` of `legacy_register/model.py` run them and combine
the results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.days import HOUR, SKEW
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import Direction, State
from chalicelib.record.permit import Permit
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import ENTRIES, StatusList
from chalicelib.uses.single_use import first_use
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict import border_rules
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import CheckResult
from chalicelib.verdict.snapshot import ISSUED, Context, Failed, Register, Snapshot, Unknown
from chalicelib.verdict.token_checks import ReadToken, all_seen, page_number, token_allowance

STATUS_FRESH = 6 * HOUR

OWN_SCAN = 30 * 60

STATUS_RESULTS: Mapping[int, tuple[str, str]] = {
    status_list.REVOKED: ("S2", "not_valid"),
    status_list.SUSPENDED: ("S3", "hold"),
    status_list.REPLACED: ("S4", "not_valid"),
    status_list.LOST: ("S6", "hold"),
    status_list.FOR_CAUSE: ("S7", "hold"),
}

USE_VALUES = frozenset({status_list.VALID, status_list.USED, status_list.IMPORTED})


def time_results(permit: Permit, zone: str, now: int) -> list[CheckResult]:
    """Run check 7: not yet valid (S5), expired (S1)."""
    results = []
    if permit.issued_at > now + SKEW:
        results.append(CheckResult("S5", "not_valid", {"at": permit.issued_at}))
    if now >= permit.expires_at:
        results.append(CheckResult("S1", "not_valid", {"at": permit.expires_at, "zone": zone}))
    return results


def status_list_results(permit: Permit, listed: StatusList | None, now: int) -> tuple[int | None, list[CheckResult]]:
    """Run check 8. Return the value of the permit's entry and the results.

    The value is None if the list is missing, is of another `uri`, or has no such entry.
    """
    if listed is None or listed.uri != permit.status_uri:
        return None, [CheckResult("T1", "check", at=8)]
    if permit.status_idx >= ENTRIES:
        return None, [CheckResult("T6", "cannot_tell", at=8)]
    value, results = listed.value(permit.status_idx), []
    if now >= listed.expires_at:
        results.append(CheckResult("T1", "check", {"at": listed.issued_at}, at=8))
    elif now - listed.issued_at > STATUS_FRESH:
        results.append(CheckResult("T1", "accept_offline", {"at": listed.issued_at}, at=8))
    if value in STATUS_RESULTS:
        code, asks = STATUS_RESULTS[value]
        results.append(CheckResult(code, asks, at=8))
    elif value not in USE_VALUES:
        results.append(CheckResult("T6", "cannot_tell", at=8))
    return value, results


def register_results(reads: tuple[ReadToken, ...], register: Register) -> list[CheckResult]:
    """Run check 9. After a compromise of the key, only the register can confirm the token (F2)."""
    compromised = any(read.key.compromised for read in reads)
    if not isinstance(register, Snapshot):
        if isinstance(register, Unknown):
            return [CheckResult("F3", "hold")]
        results = [CheckResult("F2", "cannot_tell", at=9)] if compromised else []
        return [*results, CheckResult("T5", "cannot_tell")] if isinstance(register, Failed) else results
    if register.state not in ISSUED:
        return [CheckResult("F3", "hold")]
    results = []
    for read in reads:
        page = page_number(read.permit)
        if register.payloads.get(page) != read.payload:
            results.append(CheckResult("F4", "hold", {"page": page}))
    if compromised and not results:
        results.append(CheckResult("F2", "check", at=9))
    return results + state_results(register)


def state_results(register: Snapshot) -> list[CheckResult]:
    """Return the codes of an issued permit's state in its Party's register: S2-S4, S6, S7, P2, D4."""
    results = []
    if register.state == State.SUSPENDED:
        results.append(CheckResult("S3", "hold"))
    if register.state == State.REVOKED:
        results.append(CheckResult("S7", "hold") if register.for_cause else CheckResult("S2", "not_valid"))
    if register.state == State.REPLACED:
        results.append(CheckResult("S4", "not_valid", {"number": register.replaced_by}))
    if register.state == State.LOST or register.missing:
        results.append(CheckResult("S6", "hold"))
    if register.quota_passed:
        results.append(CheckResult("P2", "check"))
    if register.legacy:
        results.append(CheckResult("D4", "check"))
    return results


def use_results(  # noqa: PLR0913 - each input of check 10 is named
    pages: tuple[Permit, ...],
    snapshot: Snapshot | None,
    value: int | None,
    uses: Sequence[Use],
    context: Context,
    now: int,
) -> list[CheckResult]:
    """Run check 10, without P3. `pages`: the one that was shown is first. `value`: of the status list, or None.

    With a snapshot, `value` is given for T8 only and counts beside the register's uses.
    """
    permit = pages[0]
    results, place = check_place(permit, context.place)
    allowed: Mapping[str, PermittedAmount] = {}
    if snapshot:
        allowed = snapshot.allowed
    elif uses:
        allowed = token_allowance(pages)
    retrospective = bool(snapshot and snapshot.retrospective)
    found = list(
        border_rules.codes_of_uses(permit.kind, place, uses, allowed, context.posts, now, retrospective=retrospective)
    )
    if snapshot is None and not all_seen(pages):
        found = [result for result in found if result.code != "U2"]  # a page that was not seen may permit that line
    if snapshot is None:
        found = [result for result in found if result.code != "U6"]  # only register or list know that it never left
        told = border_rules.codes_of_status(permit.kind, place, value) if value is not None else ()
        found += [result for result in told if result.code != "U6" or not first_use(uses, "export", "import")]
    elif value is not None:  # T8: the value of the register's own list counts as well
        found += border_rules.codes_of_status(permit.kind, place, value)
    results += found
    late = tuple(sorted(use.event_id for use in uses if use.late and use.counts))
    if late:
        results.append(CheckResult("L2", "check", events=late))
    recent = [at for at in context.own_scans if 0 <= now - at <= OWN_SCAN]
    if recent:
        results.append(CheckResult("U0", "", {"at": max(recent)}))
    return results


def check_place(permit: Permit, place: Place) -> tuple[list[CheckResult], Place]:
    """Return P1 if the document may not be presented at this place, and the place to judge by.

    An import into the country of block 4 becomes a return (P4) if that country issued the document. A return anywhere
    else gives P1. Both rules leave out import permits. Without a country, and for documents for many crossings, there
    is no P1 and the place stays as it is.
    """
    if KINDS[permit.kind].many_crossings or place.country is None:
        return [], place
    home, destination = permit.exporter.country, permit.importer.country
    if (
        permit.kind != DocumentKind.IMPORT
        and place.direction == Direction.IMPORT
        and place.country == home == permit.issuer
    ):
        return [], replace(place, direction="return")
    wrong = {
        "export": permit.kind != DocumentKind.IMPORT and place.country != home,
        "import": place.country != destination,
        "transit": place.country in {home, destination},
        "return": permit.kind != DocumentKind.IMPORT and not place.country == home == permit.issuer,
    }
    return ([CheckResult("P1", "not_valid")] if wrong.get(place.direction) else []), place


def expired_results(  # noqa: PLR0913 - each fact that lowers S1 is named
    results: list[CheckResult], permit: Permit, uses: Sequence[Use], value: int | None, context: Context, now: int
) -> list[CheckResult]:
    """Lower S1 to `check` for an export document that left in time.

    The importing country's law decides how long it may be presented after its last day. It left in time if the first
    export is before `exp`, or without a known export, if the status value is 3 or 12. At export, the known export also
    has to be one that the same goods may be shown for again (`may_be_same_goods`).
    """
    if KINDS[permit.kind].many_crossings or permit.kind == DocumentKind.IMPORT or now < permit.expires_at:
        return results
    left = first_use(uses, "export")
    in_time = left.at < permit.expires_at if left else value in {status_list.USED, status_list.IMPORTED}
    if (
        left and context.place.direction == Direction.EXPORT
    ):  # a status value has no post and time: U5 asks to telephone
        in_time = in_time and border_rules.may_be_same_goods(context.place, uses, context.posts, now)
    if not in_time:
        return results
    return [
        replace(result, outcome="check", facts={**result.facts, "left": True}) if result.code == "S1" else result
        for result in results
    ]
