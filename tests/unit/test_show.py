"""edges/show.py: another Party's days are read in that Party's zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from life import issued
from office import MemoryOffice

from chalicelib.core.token import read_own
from chalicelib.edges import show


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Berlin", "2026-06-30"), ("Asia/Bishkek", "2026-07-01"), ("Mars/Olympus", "2026-06-30")]
)
def test_the_last_valid_day_is_the_issuers(zone: str, day: str) -> None:
    permit = read_own(issued(MemoryOffice()).tokens[0])
    end = int(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp())
    assert show.permit(replace(permit, expires_at=end), [permit], zone)["valid_until"] == day
