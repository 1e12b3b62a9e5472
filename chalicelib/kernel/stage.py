"""Stage: one installation, with its issuing Party, hosts and time zone, for practice or production."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.kernel.days import calendar_day


@dataclass(frozen=True, slots=True)
class Stage:
    """Identity of one installation.

    `host` is printed and signed into permits. A local run keeps the stage's host, whatever its own address and port.
    """

    issuer: str = "KG"
    host: str = "practice.tamga.kg"
    status_host: str = ""  # host in the addresses of status lists, which never change; empty: the same as `host`
    zone: str = "Asia/Bishkek"
    practice: bool = True
    first_serial: int = 1  # first serial of a year; the ministry may start above its paper numbers
    paper_until: str = ""  # the last day, YYYY-MM-DD, on which permits were issued on paper; empty: none is imported
    duty_number: str = ""

    @property
    def lists_at(self) -> str:
        return self.status_host or self.host

    def today(self, now: int) -> date:
        """Return the calendar day in the Party's zone."""
        return calendar_day(now, self.zone)
