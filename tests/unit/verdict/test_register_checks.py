"""Uses that a verdict counts: for an earlier scan those recorded until then, for a scan now all."""

from __future__ import annotations

import pytest
from unit.uses.test_single_use import NOW, use

from chalicelib.verdict.snapshot import Context


@pytest.mark.parametrize("seen_at", [None, NOW, NOW + 60])
def test_scan_now_counts_all_uses_even_from_a_fast_clock(seen_at: int | None) -> None:
    uses = (use("before", at=NOW - 1), use("ahead", at=NOW + 30))
    assert Context(seen_at=seen_at).at_scan_time(uses, NOW) == (uses, NOW)


def test_earlier_scan_counts_uses_until_then() -> None:
    then, later = use("then", at=NOW - 100), use("later", at=NOW - 99)
    assert Context(seen_at=NOW - 100).at_scan_time((then, later), NOW) == ((then,), NOW - 100)
