"""What one deployment stands for: whose permits, under which host, in which zone, practice or real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.kernel.days import calendar_day


@dataclass(frozen=True, slots=True)
class Stage:
    """`host` is printed and signed into permits; it is the stage's, not the port's that a local run happens to use."""

    issuer: str = "KG"
    host: str = "practice.tamga.kg"
    status_host: str = ""  # of the status lists' addresses, which never move; empty: the same
    zone: str = "Asia/Bishkek"
    practice: bool = True
    first_serial: int = 1  # of a year: the ministry may begin above what it issued on paper
    paper_until: str = ""  # the last day, YYYY-MM-DD, on which permits were issued on paper; empty: none is imported
    duty_number: str = ""

    @property
    def lists_at(self) -> str:
        return self.status_host or self.host

    def today(self, now: int) -> date:
        """The calendar day in the Party's zone."""
        return calendar_day(now, self.zone)
