"""verification/public_view.py: another Party's days are read in that Party's zone."""

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
def test_the_last_valid_day_is_the_issuers(zone: str, day: str) -> None:
    permit = read_own(issued(MemoryOffice()).tokens[0])
    end = int(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp())
    assert public_view.permit(replace(permit, expires_at=end), [permit], zone)["valid_until"] == day
