"""Verdict on a QR text: `judge` runs the twelve checks of FORMAT.md 5 and merges their results into one outcome.

1 text: our form, host in some pinned Party's list    2 size, CBOR, COSE shape    3 key known, of purpose `permit`
4 signature    5 claims    6 key against claims    7 time    8 status list    9 register of the issuing Party
10 use, at this place    11 a file: its own seal    12 a file: attached record and printed text

1-6 are in `token_checks.py`, 7-10 in `register_checks.py`, `snapshot_checks.py` and `border_rules.py`, 11 and 12 in
`file_checks.py`. If a check of 1-6 fails, the verdict ends and shows nothing of the token. Check 8 is skipped if the
register answered. The function is pure: the same inputs give the same verdict, in Python and in JavaScript
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
from chalicelib.verdict.offline_limit import offline_hits
from chalicelib.verdict.register_checks import expired_hits, listed_hits, register_hits, time_hits, use_hits
from chalicelib.verdict.snapshot import ISSUED, NOWHERE, Context, NotAsked, Register, Snapshot, Unknown
from chalicelib.verdict.snapshot_checks import arrival_hits, listed_more_hits
from chalicelib.verdict.token_checks import Refused, read_code, read_other_pages


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on one document. `permit` and `register` are None unless checks 1-6 passed.

    So unverified fields never leave this module. A permit of the paper register has no code: its `permit` and
    `register` come from the register (`legacy_register/model.py`).

    `pages`: every verified page, `permit` first. `results`: by check number. `data_as_of`: now if
    the register answered, else the time of the status list, else the newest signed time.
    """

    outcome: Outcome
    hits: tuple[CheckResult, ...]
    results: Mapping[int, CheckStatus] = field(hash=False)
    permit: Permit | None
    pages: tuple[Permit, ...]
    register: Snapshot | None
    uses: tuple[Use, ...]
    checked_at: int
    data_as_of: int
    zone: str = ""  # of the issuing Party; days are shown in it

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(hit.code for hit in self.hits)


def judge(
    text: str,
    *,
    trust: Trust,
    status: Mapping[str, StatusList],
    register: Register,
    now: int,
    context: Context = NOWHERE,
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
        return _ended(CheckResult("T2", "cannot_tell"), now, newest)
    try:
        read = read_code(text, trust, now)
    except Refused as end:
        return _ended(end.hit, now, newest)
    permit = read.permit
    listed = status.get(permit.status_uri)
    if listed is not None and listed.issuer != permit.issuer:
        listed = None
    newest = max(newest, read.trust_list.seq, listed.issued_at if listed else 0)
    if now < newest - SKEW:
        return _ended(CheckResult("T2", "cannot_tell"), now, newest)
    others, hits = read_other_pages(read, context.other_pages, trust, now)
    pages = (permit, *(other.permit for other in others))
    snapshot = register if isinstance(register, Snapshot) else None
    uses, seen = context.as_seen(_merge(snapshot.uses if snapshot else (), own_uses, context.unsent), now)
    hits += time_hits(permit, read.trust_list.zone, seen)  # 7
    value: int | None = None
    answered = isinstance(register, Snapshot | Unknown)
    if not answered:  # 8
        value, found = listed_hits(permit, listed, now)
        hits += found
        hits += offline_hits(pages, context)
    hits += register_hits((read, *others), register)  # 9
    more: int | None = None
    if snapshot is not None and snapshot.state in ISSUED:
        more, found = listed_more_hits(permit, snapshot, listed)
        hits += found
    hits += use_hits(permit, pages, snapshot, more if answered else value, uses, context, seen)  # 10
    if snapshot is not None:
        hits += arrival_hits(permit, snapshot, context, seen)
    if document is not None:
        hits += file_checks.compare_with_signed(document, pages, read.trust_list)  # 11, 12
    hits = expired_hits(hits, permit, uses, value, context, seen)
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
    return concluded(
        hits,
        pages,
        snapshot,
        uses,
        zone=read.trust_list.zone,
        skipped=frozenset(skipped),
        now=now,
        as_of=as_of,
    )


def _merge(*sources: Sequence[Use]) -> tuple[Use, ...]:
    """Return every event id once. The first source wins: the register, then our own uses, then unsent ones."""
    if not any(sources):
        return ()
    merged: dict[str, Use] = {}
    for source in sources:
        for use in source:
            merged.setdefault(use.event_id, use)
    return tuple(merged.values())


def _one_each(hits: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the heaviest result of each code, ordered by check and code."""
    if not hits:
        return ()
    kept: dict[str, CheckResult] = {}
    for hit in sorted(hits, key=lambda h: (h.check, h.code, OUTCOMES.index(h.asks) if h.asks else len(OUTCOMES))):
        kept.setdefault(hit.code, hit)
    return tuple(kept.values())


def _ended(hit: CheckResult, now: int, as_of: int) -> Verdict:
    results: dict[int, CheckStatus] = dict.fromkeys(CHECKS, "skipped")
    if hit.code != "T2":
        results |= {n: "pass" for n in CHECKS if n < hit.check}
    results[hit.check] = "fail"
    return Verdict(Outcome(hit.asks), (hit,), MappingProxyType(results), None, (), None, (), now, as_of)


def concluded(
    hits: list[CheckResult],
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
    with a snapshot, else `accept_offline`.
    """
    cleared = snapshot.cleared if snapshot else frozenset()
    if cleared:
        hits = [
            replace(h, asks="check", cleared=True) if h.events and (h.code, h.events) in cleared else h for h in hits
        ]
    base = Outcome.ACCEPT if snapshot else Outcome.ACCEPT_OFFLINE
    outcome = worst([base, *[h.asks for h in hits if h.asks]]) if hits else base
    failed = frozenset(h.check for h in hits if h.asks in FAILING)
    results = _results(failed, skipped)
    return Verdict(outcome, _one_each(hits), results, pages[0], pages, snapshot, uses, now, as_of, zone)


@lru_cache(maxsize=1024)
def _results(failed: frozenset[int], skipped: frozenset[int]) -> Mapping[int, CheckStatus]:
    results: dict[int, CheckStatus] = dict.fromkeys(CHECKS, "pass")
    results |= {n: "skipped" for n in CHECKS if n in skipped}
    results |= {n: "fail" for n in CHECKS if n in failed}
    return MappingProxyType(results)
