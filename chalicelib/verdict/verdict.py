"""Verdict on a QR text: `judge` runs the twelve checks of FORMAT.md 5 and merges their results into one outcome.

1 text: our form, host in some pinned Party's list    2 size, CBOR, COSE shape    3 key known, of purpose `permit`
4 signature    5 claims    6 key against claims    7 time    8 status list    9 register of the issuing Party
10 use, at this place    11 a file: its own seal    12 a file: attached record and printed text

1-6 are in `token_checks.py`, 7-10 in `register_checks.py`, `snapshot_checks.py` and `border_rules.py`, 11 and 12 in
`file_checks.py`. If a check of 1-6 fails, the verdict ends and shows nothing of the token. Check 8 is skipped if the
register answered. The function is pure, so the same inputs give the same verdict, in Python and in JavaScript
(tests/vectors/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from chalicelib.kernel.days import SKEW
from chalicelib.kernel.enums import Outcome
from chalicelib.record.permit import Permit
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.uses.use import Use
from chalicelib.verdict import file_checks
from chalicelib.verdict.check_results import CHECKS, FAILING, OUTCOMES, CheckResult, CheckStatus, worst
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.offline_limit import offline_results
from chalicelib.verdict.register_checks import (
    expired_results,
    register_results,
    status_list_results,
    time_results,
    use_results,
)
from chalicelib.verdict.snapshot import ISSUED, NO_CONTEXT, Context, NotAsked, Register, Snapshot, Unknown
from chalicelib.verdict.snapshot_checks import arrival_results, unexplained_value_results
from chalicelib.verdict.token_checks import CheckFailed, read_code, read_other_pages


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on one document. `permit` and `register` are None unless checks 1-6 passed.

    So unverified fields never leave this module. A permit of the paper register has no code, so its `permit` and
    `register` come from the register (`legacy_register/model.py`).

    `pages`: every verified page, `permit` first. `checks`: by check number. `data_as_of`: now if
    the register answered, else the time of the status list, else the newest signed time.
    """

    outcome: Outcome
    check_results: tuple[CheckResult, ...]
    checks: Mapping[int, CheckStatus] = field(hash=False)
    permit: Permit | None
    pages: tuple[Permit, ...]
    register: Snapshot | None
    uses: tuple[Use, ...]
    checked_at: int
    data_as_of: int
    zone: str = ""  # of the issuing Party; days are shown in it

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(result.code for result in self.check_results)


def judge(  # noqa: PLR0913 - each input of the twelve checks is named
    text: str,
    *,
    trust: Trust,
    status: Mapping[str, StatusList],
    register: Register,
    now: int,
    context: Context = NO_CONTEXT,
    own_uses: Sequence[Use] = (),
    document: FileFindings | None = None,
) -> Verdict:
    """Judge a QR text. Shapes: FORMAT.md 5. `now`: whole seconds. Raises nothing, whatever the text.

    `status`: uri -> verified list, all of one Party. With a snapshot, T8 compares it with the register. `own_uses`: our
    own endorsements of this (issuer, number), also of other Parties' permits. `document`: findings about its file.
    """
    own = trust.pins[0].country if trust.pins else None
    newest = max((trust.newest_signed, *(s.issued_at for s in status.values() if s.issuer == own)))
    if now < newest - SKEW:
        return _conclude_early(CheckResult("T2", "cannot_tell"), now, newest)
    try:
        read = read_code(text, trust, now)
    except CheckFailed as end:
        return _conclude_early(end.result, now, newest)
    permit = read.permit
    listed = status.get(permit.status_uri)
    if listed is not None and listed.issuer != permit.issuer:
        listed = None
    newest = max(newest, read.trust_list.seq, listed.issued_at if listed else 0)
    if now < newest - SKEW:
        return _conclude_early(CheckResult("T2", "cannot_tell"), now, newest)
    others, results = read_other_pages(read, context.other_pages, trust, now)
    pages = (permit, *(other.permit for other in others))
    snapshot = register if isinstance(register, Snapshot) else None
    uses, seen = context.at_scan_time(_merge(snapshot.uses if snapshot else (), own_uses, context.unsent), now)
    results += time_results(permit, read.trust_list.zone, seen)  # 7
    value: int | None = None
    answered = isinstance(register, Snapshot | Unknown)
    if not answered:  # 8
        value, found = status_list_results(permit, listed, now)
        results += found
        results += offline_results(pages, context)
    results += register_results((read, *others), register)  # 9
    more: int | None = None
    if snapshot is not None and snapshot.state in ISSUED:
        more, found = unexplained_value_results(permit, snapshot, listed)
        results += found
    results += use_results(pages, snapshot, more if answered else value, uses, context, seen)  # 10
    if snapshot is not None:
        results += arrival_results(permit, snapshot, context, seen)
    if document is not None:
        results += file_checks.compare_with_signed(document, pages, read.trust_list)  # 11, 12
    results = expired_results(results, permit, uses, value, context, seen)
    skipped = set()
    if answered:
        skipped.add(8)
    if isinstance(register, NotAsked):
        skipped.add(9)
    if not document:
        skipped |= {11, 12}
    as_of = newest
    if answered:
        as_of = now
    elif listed and value is not None:
        as_of = listed.issued_at
    return conclude(
        results,
        pages,
        snapshot,
        uses,
        zone=read.trust_list.zone,
        skipped=frozenset(skipped),
        now=now,
        as_of=as_of,
    )


def _merge(*sources: Sequence[Use]) -> tuple[Use, ...]:
    """Return every event id once. The first source wins, in the order register, our own uses, unsent ones."""
    if not any(sources):
        return ()
    merged: dict[str, Use] = {}
    for source in sources:
        for use in source:
            merged.setdefault(use.event_id, use)
    return tuple(merged.values())


def _one_each(results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the heaviest result of each code, ordered by check and code.

    Of equally heavy ones, a result that is not cleared comes first.
    """
    if not results:
        return ()
    kept: dict[str, CheckResult] = {}
    for result in sorted(results, key=lambda h: (h.check, h.code, _weight(h), h.cleared)):
        kept.setdefault(result.code, result)
    return tuple(kept.values())


def _weight(result: CheckResult) -> int:
    return OUTCOMES.index(result.outcome) if result.outcome else len(OUTCOMES)


def _conclude_early(result: CheckResult, now: int, as_of: int) -> Verdict:
    checks: dict[int, CheckStatus] = dict.fromkeys(CHECKS, "skipped")
    if result.code != "T2":
        checks |= {n: "pass" for n in CHECKS if n < result.check}
    checks[result.check] = "fail"
    return Verdict(Outcome(result.outcome), (result,), MappingProxyType(checks), None, (), None, (), now, as_of)


def conclude(  # noqa: PLR0913 - each part of the verdict is named
    results: list[CheckResult],
    pages: tuple[Permit, ...],
    snapshot: Snapshot | None,
    uses: tuple[Use, ...],
    *,
    zone: str,
    skipped: frozenset[int],
    now: int,
    as_of: int,
) -> Verdict:
    """Merge results into the verdict on `pages` (the one that was shown is first).

    Cleared codes ask for `check`. The outcome is the gravest that a code asks for. If none asks for one, it is `accept`
    with a snapshot, else `accept_offline`. `as_of`: the `data_as_of` of the verdict.
    """
    cleared = snapshot.cleared if snapshot else frozenset()
    if cleared:
        results = [
            replace(h, outcome="check", cleared=True) if h.events and (h.code, h.events) in cleared else h
            for h in results
        ]
    base = Outcome.ACCEPT if snapshot else Outcome.ACCEPT_OFFLINE
    outcome = worst([base, *[h.outcome for h in results if h.outcome]]) if results else base
    failed = frozenset(h.check for h in results if h.outcome in FAILING)
    checks = _checks(failed, skipped)
    return Verdict(outcome, _one_each(results), checks, pages[0], pages, snapshot, uses, now, as_of, zone)


@lru_cache(maxsize=1024)
def _checks(failed: frozenset[int], skipped: frozenset[int]) -> Mapping[int, CheckStatus]:
    checks: dict[int, CheckStatus] = dict.fromkeys(CHECKS, "pass")
    checks |= {n: "skipped" for n in CHECKS if n in skipped}
    checks |= {n: "fail" for n in CHECKS if n in failed}
    return MappingProxyType(checks)
