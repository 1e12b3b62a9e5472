"""What an officer should do with this code: `judge` runs the numbered checks of FORMAT.md 5 over it.

1 text: our form, host in some pinned Party's list    2 size, CBOR, COSE shape    3 key known, of purpose `permit`
4 signature    5 claims    6 key against claims    7 time    8 status list    9 register of the issuing Party
10 use, at this place (crossing.py)    11 a file: its own seal    12 a file: attached record and printed text

A failure among 1-6 ends the judging and shows nothing of the token. 8 is skipped where 9 answered. The function is
pure: the same inputs give the same verdict, in Python and in JavaScript (tests/vectors/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from chalicelib.core import crossing, printed, status_list
from chalicelib.core.codes import KINDS
from chalicelib.core.crossing import Place
from chalicelib.core.document import DocumentFindings
from chalicelib.core.hit import CHECKS, OUTCOMES, Hit, worst
from chalicelib.core.ledger import Allowance, Posts, Use, first
from chalicelib.core.permit import Permit
from chalicelib.core.status_list import ENTRIES, StatusList
from chalicelib.core.token import ReadToken, Refused, page_number, read_others, read_token, token_allowance
from chalicelib.core.trust import Trust

SKEW = 600  # seconds a clock may be wrong
STATUS_FRESH = 6 * 3600
OWN_SCAN = 30 * 60

STATUS_HITS: Mapping[int, tuple[str, str]] = {
    status_list.REVOKED: ("S2", "not_valid"),
    status_list.SUSPENDED: ("S3", "hold"),
    status_list.REPLACED: ("S4", "not_valid"),
    status_list.LOST: ("S6", "hold"),
    status_list.FOR_CAUSE: ("S7", "hold"),
}
USE_VALUES = frozenset({status_list.VALID, status_list.USED, status_list.IMPORTED})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the issuing Party's register holds about one permit. `payloads`: page -> the signed bytes."""

    state: str
    kind: str
    payloads: Mapping[int, bytes]
    allowed: Mapping[str, Allowance]
    uses: tuple[Use, ...] = ()
    for_cause: bool = False
    missing: bool = False  # reported lost or stolen, also after it was replaced
    replaced_by: str | None = None
    retrospective: bool = False
    quota_passed: bool = False
    legacy: bool = False
    cleared: frozenset[tuple[str, tuple[str, ...]]] = frozenset()


Register = Snapshot | Literal["unknown", "not_asked", "failed"]


@dataclass(frozen=True, slots=True)
class Context:
    """Who looks, where, and what they know besides. `own_scans`: times of this officer's own scans of this permit.

    `offline_limits`: unit ("" for specimens) -> the quantity above which offline is never enough (L1).
    """

    place: Place = field(default_factory=Place)
    posts: Posts = field(default_factory=dict)
    other_pages: tuple[str, ...] = ()
    own_scans: tuple[int, ...] = ()
    unsent: tuple[Use, ...] = ()
    offline_limits: Mapping[str, str] = field(default_factory=dict)


NOWHERE = Context()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`permit` and `register` are None unless checks 1-6 passed: an unverified field leaves this module by no way.

    `pages`: every verified page of the permit, `permit` first. `results`: check number -> pass | fail | skipped.
    """

    outcome: str
    hits: tuple[Hit, ...]
    results: Mapping[int, str]
    permit: Permit | None
    pages: tuple[Permit, ...]
    register: Snapshot | None
    uses: tuple[Use, ...]
    checked_at: int
    data_as_of: int
    zone: str = ""  # the issuing Party's: its days are read in it

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
    document: DocumentFindings | None = None,
) -> Verdict:
    """The verdict on a QR text. Shapes: FORMAT.md 5; `now` in whole seconds. Raises nothing on any input.

    `status`: uri -> verified list. `own_uses`: our own endorsements of this (issuer, number), whoever issued it.
    """
    newest = max((trust.newest_signed, *(s.issued_at for s in status.values())), default=0)
    if now < newest - SKEW:
        return _ended(Hit("T2", "cannot_tell"), now, newest)
    try:
        read = read_token(text, trust, now)
    except Refused as end:
        return _ended(end.hit, now, newest)
    permit = read.permit
    others, hits = read_others(read, context.other_pages, trust, now)
    pages = (permit, *(other.permit for other in others))
    hits += _time(permit, read.trust_list.zone, now)  # 7
    snapshot = register if isinstance(register, Snapshot) else None
    listed = status.get(permit.status_uri)
    value: int | None = None
    answered = register not in ("not_asked", "failed")
    if not answered:  # 8
        value, found = _status(permit, listed, now)
        hits += found
        hits += _offline(pages, context)
    hits += _register((read, *others), register)  # 9
    uses = _merge(snapshot.uses if snapshot else (), own_uses, context.unsent)
    hits += _use(permit, pages, snapshot, value, uses, context, now)  # 10
    if document is not None:
        hits += printed.judge_document(document, pages, read.trust_list)  # 11, 12
    hits = _expiry(hits, permit, uses, value, context, now)
    return _verdict(
        hits,
        read,
        pages,
        snapshot,
        uses,
        skipped=frozenset((8 if answered else 0, 9 if register == "not_asked" else 0, *(() if document else (11, 12)))),
        now=now,
        as_of=now if answered else (listed.issued_at if listed and value is not None else newest),
    )


def _time(permit: Permit, zone: str, now: int) -> list[Hit]:
    hits = []
    if permit.issued_at > now + SKEW:
        hits.append(Hit("S5", "not_valid", {"at": permit.issued_at}))
    if now >= permit.expires_at:
        hits.append(Hit("S1", "not_valid", {"at": permit.expires_at, "zone": zone}))
    return hits


def _status(permit: Permit, listed: StatusList | None, now: int) -> tuple[int | None, list[Hit]]:
    if listed is None or listed.issuer != permit.issuer or listed.uri != permit.status_uri:
        return None, [Hit("T1", "check", at=8)]
    if permit.status_idx >= ENTRIES:
        return None, [Hit("T6", "cannot_tell", at=8)]
    value, hits = listed.value(permit.status_idx), []
    if now >= listed.expires_at:
        hits.append(Hit("T1", "check", {"at": listed.issued_at}, at=8))
    elif now - listed.issued_at > STATUS_FRESH:
        hits.append(Hit("T1", "accept_offline", {"at": listed.issued_at}, at=8))
    if value in STATUS_HITS:
        code, asks = STATUS_HITS[value]
        hits.append(Hit(code, asks, at=8))
    elif value not in USE_VALUES:
        hits.append(Hit("T6", "cannot_tell", at=8))
    return value, hits


def _offline(pages: tuple[Permit, ...], context: Context) -> list[Hit]:
    """L1: without the register, Appendix I and large quantities are never settled offline."""
    for page in pages:
        for line in page.lines:
            limit = context.offline_limits.get(line.unit or "")
            if line.appendix == 1 or (limit is not None and Decimal(line.quantity) > Decimal(limit)):
                return [Hit("L1", "check")]
    return []


def _register(reads: tuple[ReadToken, ...], register: Register) -> list[Hit]:
    """Check 9, and what a compromised key leaves of it: only the register can still vouch for the token."""
    compromised = any(read.key.compromised for read in reads)
    if not isinstance(register, Snapshot):
        if register == "unknown":
            return [Hit("F3", "hold")]
        hits = [Hit("F2", "cannot_tell", at=9)] if compromised else []
        return [*hits, Hit("T5", "cannot_tell")] if register == "failed" else hits
    if register.state not in {"issued", "suspended", "revoked", "replaced", "lost"}:
        return [Hit("F3", "hold")]
    hits = []
    for read in reads:
        page = page_number(read.permit)
        if register.payloads.get(page) != read.payload:
            hits.append(Hit("F4", "hold", {"page": page}))
    if compromised and not hits:
        hits.append(Hit("F2", "check", at=9))
    if register.state == "suspended":
        hits.append(Hit("S3", "hold"))
    if register.state == "revoked":
        hits.append(Hit("S7", "hold") if register.for_cause else Hit("S2", "not_valid"))
    if register.state == "replaced":
        hits.append(Hit("S4", "not_valid", {"number": register.replaced_by}))
    if register.state == "lost" or register.missing:
        hits.append(Hit("S6", "hold"))
    if register.quota_passed:
        hits.append(Hit("P2", "check"))
    if register.legacy:
        hits.append(Hit("D4", "check"))
    return hits


def _use(
    permit: Permit,
    pages: tuple[Permit, ...],
    snapshot: Snapshot | None,
    value: int | None,
    uses: Sequence[Use],
    context: Context,
    now: int,
) -> list[Hit]:
    """Check 10."""
    hits, place = _place(permit, context.place)
    allowed = snapshot.allowed if snapshot else token_allowance(pages) if uses else {}
    retrospective = bool(snapshot and snapshot.retrospective)
    found = list(crossing.use_codes(permit.kind, place, uses, allowed, context.posts, now, retrospective=retrospective))
    if snapshot is None:
        found = [hit for hit in found if hit.code != "U6"]  # that it never left, only the register or the list can say
        told = crossing.status_codes(permit.kind, place, value) if value is not None else ()
        found += [hit for hit in told if hit.code != "U6" or not first(uses, "export", "import")]
    hits += found
    late = tuple(sorted(use.event_id for use in uses if use.late and use.counts))
    if late:
        hits.append(Hit("L2", "check", events=late))
    recent = [at for at in context.own_scans if 0 <= now - at <= OWN_SCAN]
    if recent:
        hits.append(Hit("U0", "", {"at": max(recent)}))
    return hits


def _place(permit: Permit, place: Place) -> tuple[list[Hit], Place]:
    """P1 and P4: where a document may be presented at all; our own goods at our own import are coming back."""
    if KINDS[permit.kind].many_crossings or place.country is None or place.direction == "none":
        return [], place
    home, destination = permit.exporter.country, permit.importer.country
    if permit.kind != "I" and place.direction in {"import", "return"} and place.country == home:
        return [], replace(place, direction="return")
    wrong = {
        "export": permit.kind != "I" and place.country != home,
        "import": place.country != destination,
        "transit": place.country in {home, destination},
    }.get(place.direction, False)
    return ([Hit("P1", "not_valid")] if wrong else []), place


def _expiry(
    hits: list[Hit], permit: Permit, uses: Sequence[Use], value: int | None, context: Context, now: int
) -> list[Hit]:
    """S1 of an export document that left in time: how long it may be presented is the importing country's law."""
    if KINDS[permit.kind].many_crossings or permit.kind == "I" or now < permit.expires_at:
        return hits
    left = first(uses, "export")
    in_time = left.at < permit.expires_at if left else value in {status_list.USED, status_list.IMPORTED}
    if left and context.place.direction == "export":  # a status value knows no post and time: U5 says to telephone
        in_time = in_time and crossing.within_same_goods(context.place, uses, context.posts, now)
    if not in_time:
        return hits
    return [replace(hit, asks="check", facts={**hit.facts, "left": True}) if hit.code == "S1" else hit for hit in hits]


def _merge(*sources: Sequence[Use]) -> tuple[Use, ...]:
    """Every use once; what the register says of an event stands before what a device remembers of it."""
    if not any(sources):
        return ()
    merged: dict[str, Use] = {}
    for source in sources:
        for use in source:
            merged.setdefault(use.event_id, use)
    return tuple(merged.values())


def _one_each(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The heaviest hit of each code, by check and code."""
    if not hits:
        return ()
    kept: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda h: (h.check, h.code, OUTCOMES.index(h.asks) if h.asks else len(OUTCOMES))):
        kept.setdefault(hit.code, hit)
    return tuple(kept.values())


def _ended(hit: Hit, now: int, as_of: int) -> Verdict:
    results = {n: "pass" if n < hit.check else "fail" if n == hit.check else "skipped" for n in CHECKS}
    if hit.code == "T2":
        results = {n: "fail" if n == hit.check else "skipped" for n in CHECKS}
    return Verdict(hit.asks, (hit,), MappingProxyType(results), None, (), None, (), now, as_of)


def _verdict(
    hits: list[Hit],
    read: ReadToken,
    pages: tuple[Permit, ...],
    snapshot: Snapshot | None,
    uses: tuple[Use, ...],
    *,
    skipped: frozenset[int],
    now: int,
    as_of: int,
) -> Verdict:
    cleared = snapshot.cleared if snapshot else frozenset()
    if cleared:
        hits = [
            replace(h, asks="check", cleared=True) if h.events and (h.code, h.events) in cleared else h for h in hits
        ]
    base = "accept" if snapshot else "accept_offline"
    outcome = worst([base, *[h.asks for h in hits if h.asks]]) if hits else base
    failed = frozenset(h.check for h in hits if h.asks in {"hold", "not_valid", "cannot_tell"})
    results, zone = _results(failed, skipped), read.trust_list.zone
    return Verdict(outcome, _one_each(hits), results, read.permit, pages, snapshot, uses, now, as_of, zone)


@lru_cache(maxsize=1024)
def _results(failed: frozenset[int], skipped: frozenset[int]) -> Mapping[int, str]:
    results = {n: "fail" if n in failed else "skipped" if n in skipped else "pass" for n in CHECKS}
    return MappingProxyType(results)
