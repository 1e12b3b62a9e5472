"""Rate of honest traders who are made to wait: simulated traffic through the real services (journeys.py).

At full size a million scans. Mistakes of honest officers (a wrong button) are counted separately. The output lists the
paths that end in `hold`. A code that no honest trader should ever get fails at once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from math import sqrt

import journeys
import pytest
import simulate
from border_world import POSTS, World
from office import DAY, NOW
from proof import FULL, SEED, found, size

from chalicelib.people.model import Posts
from chalicelib.uses import single_use
from chalicelib.uses.use import Use
from chalicelib.verdict import border_rules

pytestmark = pytest.mark.slow
SCANS = size(1_500, 1_000_000)
AT_MOST = 0.0005  # the greatest share of false `hold` in all scans; the same for flags of pattern rules
# U1: a time window of the tables was missed. U4: a permit was endorsed twice while the first device was offline. No
# other code: honest goods never get a code for forgery, state or an impossible journey.
EXPLAINED = {"U1", "U4", "U1+U4"}


def test_honest_traffic_is_rarely_held() -> None:
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


def test_simulator_detects_a_rule_that_accuses_honest_traders(monkeypatch: pytest.MonkeyPatch) -> None:
    """The former rule for parts accused honest traders, and the simulator finds them."""
    monkeypatch.setattr(simulate, "SHARES", ((1, journeys.in_parts),))
    right = simulate.batch("parts", 40)

    def one_part(uses: Sequence[Use], posts: Posts) -> tuple[Use, ...]:
        return single_use.distinct_uses(uses, "import", posts)[:1]

    monkeypatch.setattr(border_rules, "consignment_parts", one_part)
    monkeypatch.setattr(border_rules, "_clashing_imports", lambda uses, posts: ())
    wrong = simulate.batch("parts", 40)
    assert right.outcomes["hold"] == 0
    assert wrong.outcomes["hold"] > 3
    assert all("second officer after part" in path for path in wrong.holds)


def test_trust_lists_are_renewed_during_a_long_journey() -> None:
    """A journey of three months outlives a trust list, and honest Parties publish the next one in time."""
    world = World(random.Random("three months"), 14)
    for day in range(5, 120, 5):
        world.at(NOW + day * DAY)
        assert all(world.now < each.expires_at for each in world.checker().trust.lists)


def test_simulated_country_has_50_posts_and_wrong_clocks() -> None:
    world = World(random.Random("a country"), 10)
    assert len(POSTS) == len(world.phones) == 50
    phones = [phone for post in world.phones.values() for phone in post]
    assert max(end - begin for phone in phones for begin, end in phone.spells) <= 72 * 3600
    assert sum(abs(phone.skew) > 60 for phone in phones) >= 5
