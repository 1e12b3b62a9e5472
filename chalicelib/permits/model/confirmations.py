"""Comparison of other Parties' reports of arrival with our own endorsements, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.enums import Direction, State
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.permits.model.dossier import Dossier
from chalicelib.uses.single_use import WEIGHT_TOLERANCE, WEIGHTS, first_use, moved_amounts
from chalicelib.uses.use import Use
from chalicelib.verdict.snapshot import Arrival, ArrivalReport, ReportedQuantity

KEPT_AT_MOST = 12  # reports on one permit, from all Parties together

OF_ONE_AT_MOST = 6  # of these from one Party (parts, corrections), so that one Party cannot use up all


CLOCK_SLACK = DAY  # an officer's clock may be ahead: an export at most this late counts as before the arrival


RemarkCode = Literal["not_left", "more", "less", "differs"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a report of arrival.

    - `code`: `not_left` (something arrived, and no export before it is known), `more` or `less` than left, or `differs`
      (from an earlier report of that Party).
    - `line`: empty for `not_left`.
    - `ours`: the quantity that the report is compared with.
    """

    code: RemarkCode
    line: str = ""
    theirs: str = ""
    ours: str = ""


def check(dossier: Dossier, lines: Sequence[ReportedQuantity], where: str) -> None:
    """Check that a report names lines of this permit, each once, with quantities.

    Raises `Invalid`: the paths begin with `where` and the number of the position.
    """
    errors: list[FieldError] = []
    seen: set[str] = set()
    if not lines:
        errors.append(FieldError(where, "required", "Give at least one position."))
    for n, line in enumerate(lines, start=1):
        at = f"{where}[{n}]"
        if line.line not in dossier.allowed:
            errors.append(FieldError(f"{at}/ID", "unknown_line", "The permit has no such line."))
        elif line.line in seen:
            errors.append(FieldError(f"{at}/ID", "twice", "This line is given twice. Give each line once."))
        seen.add(line.line)
        if not QUANTITY.fullmatch(line.quantity):
            errors.append(FieldError(f"{at}/InspectedUnitQuantity", "quantity", "Must be a number such as 12 or 0.5."))
    if errors:
        raise Invalid(*errors)


def remarks(dossier: Dossier, report: ArrivalReport) -> tuple[Remark, ...]:
    """Compare a report with the uses that are known now.

    An endorsement that comes in later removes the remark.
    """
    found: list[Remark] = []
    left = first_use(dossier.uses, "export")
    arrived = any(Decimal(line.quantity) for line in report.lines)
    if arrived and dossier.kind != DocumentKind.IMPORT and not (left and _before(left, report.at)):
        found.append(Remark("not_left"))
    sent = moved_amounts([left]) if left else {letter: Decimal(a.quantity) for letter, a in dossier.allowed.items()}
    for line in report.lines:
        ours, theirs = sent.get(line.line, Decimal(0)), Decimal(line.quantity)
        unit = dossier.allowed[line.line].unit if line.line in dossier.allowed else None
        if theirs > ours * (WEIGHT_TOLERANCE if unit in WEIGHTS else 1):
            found.append(Remark("more", line.line, line.quantity, str(ours)))
        elif theirs < ours / (WEIGHT_TOLERANCE if unit in WEIGHTS else 1):
            found.append(Remark("less", line.line, line.quantity, str(ours)))
    before: dict[str, str] = {}
    for earlier in dossier.confirmations:
        if earlier == report:
            break
        if earlier.country == report.country:
            before |= {line.line: line.quantity for line in earlier.lines}
    for line in report.lines:
        if before.get(line.line, line.quantity) != line.quantity:
            found.append(Remark("differs", line.line, line.quantity, before[line.line]))
    return tuple(found)


def not_left(dossier: Dossier) -> Arrival | None:
    """The reported arrival if no export before it is recorded, else None.

    A hand-stamped export that waits for confirmation counts as recorded. An export after the arrival does not explain
    it, because the goods were already abroad. None for a replaced permit, because its replacement took over its
    reports.
    """
    arrived = None if dossier.state == State.REPLACED else dossier.arrived
    if arrived is None:
        return None
    exports = (use for use in dossier.uses if use.kind == Direction.EXPORT and use.withdrawn is None)
    return None if any(_before(use, arrived.at) for use in exports) else arrived


def _before(export: Use, arrived: int) -> bool:
    return export.at <= arrived + CLOCK_SLACK
