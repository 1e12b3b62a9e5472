"""Suspicious uses: twice, too much, too fast, above a quota (verdict codes U4, U2, U3, P2, found without a scan)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import Direction
from chalicelib.patterns.window import Facts, Flag, PermitData, Window, permit_ids
from chalicelib.uses.use import Use
from chalicelib.verdict.border_rules import Place, codes_of_uses
from chalicelib.verdict.check_results import CheckResult

NOT_LEFT_DAYS = 31  # devices send within 14 days, hand stamps are entered within 30


def used_twice(window: Window) -> Iterator[Flag]:
    """Two different uses in one direction (U4) that no officer has cleared."""
    for permit, result in _results(window, "U4"):
        uses = _uses(permit, result)
        facts: Facts = {
            "number": permit.number,
            "post": uses[0].post,
            "when": uses[0].at,
            "other_post": uses[-1].post,
            "other_when": uses[-1].at,
        }
        yield _flag("used_twice", permit, uses, facts)


def too_fast(window: Window) -> Iterator[Flag]:
    """Used at two posts too far apart for an aircraft in that time (U3; `border_rules.AIRCRAFT_KMH`)."""
    for permit, result in _results(window, "U3"):
        one, other = _uses(permit, result)[:2]
        minutes = (other.at - one.at) // 60
        facts: Facts = {
            "number": permit.number,
            "post": one.post,
            "when": one.at,
            "other_post": other.post,
            "other_when": other.at,
            "minutes": minutes,
        }
        yield _flag("too_fast", permit, (one, other), facts)


def too_much(window: Window) -> Iterator[Flag]:
    """More left than was permitted, or more arrived than left (U2; weights with 5 %)."""
    arrived = {permit.id for permit, _ in _results(window, "U2")}
    for permit in window.permits:
        for use in permit.uses:
            if not use.counts or use.at < window.since or use.kind not in {Direction.EXPORT, Direction.IMPORT}:
                continue
            for line in use.lines:
                most = permit.allowed[line.line].quantity if line.line in permit.allowed else "0"
                over = Decimal(line.quantity) > Decimal(most)
                if over and (use.kind == Direction.EXPORT or permit.id in arrived):
                    facts: Facts = {
                        "number": permit.number,
                        "post": use.post,
                        "when": use.at,
                        "line": line.line,
                        "quantity": line.quantity,
                        "permitted": most,
                    }
                    yield _flag("too_much", permit, (use,), facts)
                    break


def not_left(window: Window) -> Iterator[Flag]:
    """Another Party reported an arrival 31 days ago, and no export before it is recorded (P3).

    By then every device has sent its events and every hand stamp is entered.
    """
    for permit in window.permits:
        arrived = permit.not_left
        if arrived and window.since <= arrived.at <= window.now - NOT_LEFT_DAYS * DAY:
            facts: Facts = {"number": permit.number, "country": arrived.country, "when": arrived.at}
            yield Flag("not_left", f"{permit.id} {arrived.country}", arrived.at, permit_ids(permit), facts)


def quota_passed(window: Window) -> Iterator[Flag]:
    """A correction took the permit above its quota (P2)."""
    for permit in window.permits:
        if permit.quota_passed:
            taxon = ", ".join(permit.taxa)
            facts: Facts = {"number": permit.number, "taxon": taxon}
            yield Flag("quota_passed", permit.id, permit.issued_at, permit_ids(permit), facts)


def _results(window: Window, code: str) -> Iterator[tuple[PermitData, CheckResult]]:
    for permit in window.permits:
        if not any(use.at >= window.since for use in permit.uses):
            continue
        for result in codes_of_uses(permit.kind, Place(), permit.uses, permit.allowed, window.posts, window.now):
            if result.code == code and (code, result.events) not in permit.cleared:
                yield permit, result


def _uses(permit: PermitData, result: CheckResult) -> tuple[Use, ...]:
    found = (use for use in permit.uses if use.event_id in result.events)
    return tuple(sorted(found, key=lambda use: (use.at, use.event_id)))


def _flag(rule: str, permit: PermitData, uses: tuple[Use, ...], facts: Facts) -> Flag:
    subject = " ".join([permit.id, *sorted(use.event_id for use in uses)])
    posts = tuple(dict.fromkeys(use.post for use in uses))
    return Flag(rule, subject, max(use.at for use in uses), permit_ids(permit), facts, posts)
