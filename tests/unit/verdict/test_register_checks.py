"""Whether a verdict on what somebody saw earlier counts the uses that there were then, and today's all of them."""

from __future__ import annotations

import pytest
from unit.uses.test_single_use import NOW, use

from chalicelib.verdict.snapshot import Context


@pytest.mark.parametrize("seen_at", [None, NOW, NOW + 60])
def test_who_looks_now_sees_all_even_of_a_clock_that_runs_ahead(seen_at: int | None) -> None:
    uses = (use("before", at=NOW - 1), use("ahead", at=NOW + 30))
    assert Context(seen_at=seen_at).as_seen(uses, NOW) == (uses, NOW)


def test_who_looked_earlier_saw_what_there_was() -> None:
    then, later = use("then", at=NOW - 100), use("later", at=NOW - 99)
    assert Context(seen_at=NOW - 100).as_seen((then, later), NOW) == ((then,), NOW - 100)
