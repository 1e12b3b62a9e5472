"""64 permits draw on one quota at the same moment: the quota is kept and the count is exact.

The same without the version check on the quota's row must fail, because a race that cannot fail proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from border import AIZADA, BEKZAT, endorse, held, lines, undo
from crashing import Wrapped
from engine_office import EngineOffice
from life import approved, issue
from office import APPROVER, NOW
from proof import found, size
from quota_play import QUOTA, Quota, check, enter, wild
from quota_play import held as quota_of
from test_changes_race import at_once

from chalicelib.kernel.errors import Invalid, Unavailable
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status
from local.engine import Engine

pytestmark = pytest.mark.engine

AT_ONCE = size(12, 64)
LIMIT = size(6, 40)
ROUNDS = size(1, 6)
TOLD = {Dossier, Invalid, Unavailable}


@pytest.fixture
def office(engine: Engine) -> EngineOffice:
    return opened(engine)


def opened(engine: Engine) -> EngineOffice:
    """A ministry with its own table."""
    made = EngineOffice(engine.endpoint, now=NOW)
    made.trust()
    return made


def prepared(office: EngineOffice, year: int, quantity: str = "1") -> list[Dossier]:
    """Permits approved while the quota suffices, each drawing on the quota of this year."""
    return [approved(office, wild(quantity, quota_year=str(year))) for _ in range(AT_ONCE)]


def test_permits_issued_in_parallel_never_exceed_the_quota(engine: Engine) -> None:
    quota = replace(QUOTA, year=2026, quantity=str(LIMIT))
    for _ in range(ROUNDS):
        drawn_on(opened(engine), quota)
    found("race for a quota", at_once=AT_ONCE, quota=LIMIT, rounds=ROUNDS)


def drawn_on(office: EngineOffice, quota: Quota) -> None:
    enter(office, quota)
    told = at_once([lambda each=each: issue(office, each) for each in prepared(office, quota.year)])  # type: ignore[misc]
    assert {type(each) for each in told} <= TOLD
    permits = [each for each in told if isinstance(each, Dossier)]
    row = quota_of(office, quota)
    assert (row.taken.outstanding, row.left) == (LIMIT, 0)
    assert len(permits) == LIMIT
    assert sorted(Decimal(each.draws[0].total) for each in permits) == [*range(1, LIMIT + 1)]  # block 11a
    mixed(office, permits)
    check(office, quota.year)


def mixed(office: EngineOffice, permits: Sequence[Dossier]) -> None:
    """Endorse, revoke and withdraw in parallel: each returned quantity is returned once."""
    events: Any = [endorse(office, each, lines=lines("1"))["event_id"] for each in permits[: len(permits) // 3]]
    third = len(permits) // 3
    jobs: list[Callable[[], Any]] = [lambda event=event: undo(office, event, BEKZAT) for event in events]  # type: ignore[misc]
    jobs += [lambda each=each: endorse(office, each, AIZADA) for each in permits[third : 2 * third]]  # type: ignore[misc]
    jobs += [
        lambda each=each: change_status.revoke(each.id, "papers", True, APPROVER, office)
        for each in permits[2 * third :]
    ]
    told = at_once(jobs)
    assert not [each for each in told if isinstance(each, Exception)]
    states = Counter((held(office, each).state, held(office, each).use) for each in permits)
    assert states == {
        ("issued", "unused"): third, ("issued", "exported"): third, ("revoked", "unused"): len(permits) - 2 * third,
    }  # fmt: skip


def unguarded(puts: Sequence[Put]) -> list[Put]:
    return [replace(put, expected_version=None) if put.key.partition.startswith("QUOTA") else put for put in puts]


def test_quota_without_version_check_is_miscounted(office: EngineOffice) -> None:
    """Issuing meets the counter of the numbers first. Parallel endorsements meet in the quota alone."""
    enter(office, replace(QUOTA, quantity=str(LIMIT)))
    permits = [issue(office, each) for each in prepared(office, 2026)[:LIMIT]]
    office.register = Wrapped(office.register, change=unguarded)  # type: ignore[assignment]
    told = at_once([lambda each=each: endorse(office, each, AIZADA) for each in permits])  # type: ignore[misc]
    assert not [each for each in told if isinstance(each, Exception)]
    assert quota_of(office, QUOTA).taken.used < len(permits)
