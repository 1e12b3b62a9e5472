"""Other Parties' reports that goods arrived (EPIX `ConfirmQuantities`), and which of them count (P3, FORMAT.md 6).

A report is another Party's word: it endorses nothing and changes no use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.core.codes import KINDS
from chalicelib.core.ledger import WEIGHT_TOLERANCE, WEIGHTS, Allowance


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The quantity that another Party found of one line; `unit` as on the line, None for a number."""

    line: str
    quantity: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """The decision of two persons that a report does not count; in force from `confirmed_at`.

    `represented`: whose deputy proposed it.
    """

    by: str
    by_name: str
    at: int
    reason: str
    represented: str = ""
    confirmed_by: str = ""
    confirmed_by_name: str = ""
    confirmed_at: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A report of another Party's inspection: its word, no endorsement of ours.

    `digest`: SHA-256 of what it said, so that the same again is the same. `serial`: of the certificate it came with.
    `with_code`: the Party gave the permit's check code.
    """

    country: str
    at: int
    lines: tuple[Confirmed, ...]
    digest: str
    serial: str
    with_code: bool = False
    set_aside: SetAside | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody set it aside; a proposal to do so changes nothing yet."""
        return self.set_aside is None or not self.set_aside.confirmed_at


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one Party says arrived. `at`: of its first report of more than nothing; `whole`: all that is permitted."""

    country: str
    at: int
    lines: tuple[tuple[str, str], ...]
    whole: bool


def arrival(
    kind: str, destination: str, reports: Sequence[Confirmation], allowed: Mapping[str, Allowance], until: int
) -> Arrival | None:
    """The arrival that other Parties report of a permit for one consignment that leaves; None if none does.

    1 reports up to `until` that stand    2 of the Party of box 3, or one that ever had the check code
    3 of each line a Party's newest figure, so that it can correct itself    4 the first Party with the whole permit,
    else the first with a part of it
    """
    if kind == "I" or KINDS[kind].many_crossings:
        return None
    found: list[Arrival] = []
    for country in dict.fromkeys(report.country for report in reports):
        theirs = [report for report in reports if report.country == country and report.at <= until]
        if country != destination and not any(report.with_code for report in theirs):  # 2
            continue
        standing = [report for report in theirs if report.stands]  # 1
        newest = {line.line: line.quantity for report in standing for line in report.lines}  # 3
        if any(Decimal(quantity) for quantity in newest.values()):
            found.append(Arrival(country, _since(standing), tuple(sorted(newest.items())), _is_whole(newest, allowed)))
    return min(found, key=lambda each: not each.whole, default=None)  # 4


def _since(reports: Sequence[Confirmation]) -> int:
    return min(report.at for report in reports if any(Decimal(line.quantity) for line in report.lines))


def _is_whole(found: Mapping[str, str], allowed: Mapping[str, Allowance]) -> bool:
    """Whether no line is short of what is permitted; 5 % less is not short, for a weight."""
    return all(
        Decimal(found.get(letter, "0")) * (WEIGHT_TOLERANCE if line.unit in WEIGHTS else 1) >= Decimal(line.quantity)
        for letter, line in allowed.items()
    )
