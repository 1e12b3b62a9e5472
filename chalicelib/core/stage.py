"""What one deployment stands for: whose permits, under which host, in which zone, practice or real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from chalicelib.core.printed_form import CALENDAR_ENDS


@dataclass(frozen=True, slots=True)
class Stage:
    """`host` is printed and signed into permits; it is the stage's, not the port's that a local run happens to use."""

    issuer: str = "KG"
    host: str = "practice.tamga.kg"
    status_host: str = ""  # of the status lists' addresses, which never move; empty: the same
    zone: str = "Asia/Bishkek"
    practice: bool = True
    first_serial: int = 1  # of a year: the ministry may begin above what it issued on paper
    duty_number: str = ""

    @property
    def lists_at(self) -> str:
        return self.status_host or self.host

    def today(self, now: int) -> date:
        """The calendar day in the Party's zone."""
        return datetime.fromtimestamp(min(now, CALENDAR_ENDS), UTC).astimezone(ZoneInfo(self.zone)).date()
