"""Public view of a permit: the days of another Party's permit are in that Party's time zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from life import issued
from office import MemoryOffice

from chalicelib.verdict.token_checks import read_own
from chalicelib.verification import public_view


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Berlin", "2026-06-30"), ("Asia/Bishkek", "2026-07-01"), ("Mars/Olympus", "2026-06-30")]
)
def test_last_valid_day_is_in_issuers_zone(zone: str, day: str) -> None:
    permit = read_own(issued(MemoryOffice()).tokens[0])
    end = int(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp())
    assert public_view.permit(replace(permit, expires_at=end), [permit], zone)["valid_until"] == day
