"""How often an honest trader is told to wait: simulated traffic through the real services (journeys.py).

At full size a million scans. Mistakes of honest officers (a wrong button) are counted apart. Which paths end in `hold`
is told with the figures; a code that nobody honest should ever meet fails at once.
"""

from __future__ import annotations

import random
from collections import Counter
from math import sqrt

import journeys
import pytest
import simulate
from border_world import POSTS, World
from office import DAY, NOW
from proof import FULL, SEED, found, size

from chalicelib.uses import single_use
from chalicelib.verdict import border_rules

pytestmark = pytest.mark.slow
SCANS = size(1_500, 1_000_000)
AT_MOST = 0.0005  # of all scans may be a false `hold`; and so many flags of pattern rules for each scan
# A window of the tables missed (U1), or a permit endorsed twice while the first phone was away (U4). Nothing else:
# no forgery, no state, no impossible journey is ever said of honest goods.
EXPLAINED = {"U1", "U4", "U1+U4"}


def test_honest_traffic_is_not_accused() -> None:
    met = simulate.run(f"{SEED} honest traffic", SCANS, size(1, 2))
    held = met.outcomes["hold"]
    assert met.scans >= SCANS
    assert 0.18 < met.offline / met.scans < 0.25
    assert {path.partition(" | ")[0] for path in met.holds} <= EXPLAINED
    expected = AT_MOST * met.scans
    assert held <= expected if FULL else held <= expected + 3 * sqrt(expected)
    assert sum(met.refused.values()) <= AT_MOST * sum(met.endorsed.values()) + 1
    flagged = sum(met.flags.values())
    assert flagged <= expected if FULL else flagged <= expected + 3 * sqrt(expected)
    by_code = Counter[str]()
    for path, n in met.holds.items():
        by_code[path.partition(" | ")[0]] += n
    print(f"false holds: {held} of {met.scans} scans; flags of patterns: {flagged}, {flagged / met.scans:.4%}")
    for title, counter in (
        ("hold", met.holds), ("mistake", met.mistaken), ("refused", met.refused), ("endorsed", met.endorsed),
        ("told by sync", met.later), ("outcome", met.outcomes), ("flag", met.flags),
        ("flag of a mistake", met.flags_of_mistakes),
    ):  # fmt: skip
        for path, n in counter.most_common():
            print(f"  {title}: {n} {path}")
    found(
        "honest traffic", journeys=met.journeys, scans=met.scans, offline=f"{met.offline / met.scans:.1%}",
        false_holds=held, rate=f"{held / met.scans:.4%}", **{f"by_{code}": n for code, n in by_code.items()},
        flags=flagged, flags_by_scan=f"{flagged / met.scans:.4%}",
        holds_after_a_mistake=f"{sum(met.mistaken.values())} of {met.mistakes}",
    )  # fmt: skip


def test_the_traffic_notices_a_judge_that_accuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rule for parts as it once was, the simulator finds the traders that it accused."""
    monkeypatch.setattr(simulate, "SHARES", ((1, journeys.in_parts),))
    right = simulate.batch("parts", 40)
    monkeypatch.setattr(border_rules, "parts", lambda uses, posts: single_use.distinct_uses(uses, "import", posts)[:1])
    monkeypatch.setattr(border_rules, "_clashing_imports", lambda uses, posts: ())
    wrong = simulate.batch("parts", 40)
    assert right.outcomes["hold"] == 0
    assert wrong.outcomes["hold"] > 3
    assert all("second officer after part" in path for path in wrong.holds)


def test_no_list_runs_out_while_a_journey_lasts() -> None:
    """A journey of three months outlives a trust list: honest Parties publish the next one in time."""
    world = World(random.Random("three months"), 14)
    for day in range(5, 120, 5):
        world.at(NOW + day * DAY)
        assert all(world.now < each.expires_at for each in world.checker().trust.lists)


def test_the_country_is_as_it_says() -> None:
    world = World(random.Random("a country"), 10)
    assert len(POSTS) == len(world.phones) == 50
    phones = [phone for post in world.phones.values() for phone in post]
    assert max(end - begin for phone in phones for begin, end in phone.spells) <= 72 * 3600
    assert sum(abs(phone.skew) > 60 for phone in phones) >= 5
