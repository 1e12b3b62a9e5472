"""Counters of Tamga's own numbers: no number of the old paper register moves them."""

from __future__ import annotations

import pytest
from life import issued
from office import ADMIN, NOW
from papers import imported, opened, paper
from restoring import MemoryRestorable

from chalicelib.platform.restore_lock import counters
from chalicelib.restore.services import missing_data, replay


@pytest.mark.parametrize(
    ("number", "issued_on"),
    [("2611999999", "2026-11-02"), ("25KG999999/E", "2025-11-02"), ("26 11 999999 E", "2026-11-02")],
)
def test_number_of_paper_permit_moves_no_counter(number: str, issued_on: str) -> None:
    office = MemoryRestorable(now=NOW)
    opened(office)
    office.gated(office.register.inner)
    imported(office, paper(number, issued_on, valid_until=f"{int(issued_on[:4]) + 1}-04-30"))
    assert issued(office).number == "26KG000001/E"
    office.minute()
    backup = office.backup()
    office.minute()
    office.restore(backup)
    replay.numbers(ADMIN, office.restorer)
    assert counters(office.restorer.table, "KG") == {"26": 1 + missing_data.SKIP}
    assert not [words for words in missing_data.find_missing(office.restorer).missing if "numbers" in words]
