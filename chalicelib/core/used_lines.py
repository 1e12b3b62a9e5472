"""Whether the lines of one endorsement are in order, before it is asked whether there may be one more (ledger.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from chalicelib.core.errors import FieldError, Invalid, QuantityExceeded
from chalicelib.core.ledger import QUANTITY, Allowance, UsedLine


def check_lines(lines: Sequence[UsedLine], allowed: Mapping[str, Allowance], direction: str) -> None:
    """Every line of every page named once, in the wire's spelling of quantities, no more than permitted at export.

    Raises `Invalid` (field `lines[i]...`) or `QuantityExceeded`. At import more may be recorded (U2 says so).
    """
    errors: list[FieldError] = []
    seen: set[str] = set()
    for i, line in enumerate(lines):
        where = f"lines[{i}]"
        if line.line not in allowed:
            errors.append(FieldError(f"{where}.line", "unknown_line", "The permit has no such line."))
            continue
        if line.line in seen:
            errors.append(FieldError(f"{where}.line", "twice", "Each line is named once."))
        seen.add(line.line)
        whole = not allowed[line.line].unit
        for name, text in (("quantity", line.quantity), ("dead_on_arrival", line.dead_on_arrival)):
            if text is not None and (not QUANTITY.fullmatch(text) or (whole and "." in text)):
                detail = "A whole number of specimens, like 2." if whole else "A number like 12 or 0.5."
                errors.append(FieldError(f"{where}.{name}", "quantity", f"Block 14: {detail}"))
    missing = [letter for letter in allowed if letter not in seen]
    if missing:
        errors.append(
            FieldError("lines", "missing_lines", f"Block 14 names every line; missing: {', '.join(missing)}.")
        )
    if errors:
        raise Invalid(*errors)
    if all(Decimal(line.quantity) == 0 for line in lines):
        raise Invalid(FieldError("lines", "nothing_moved", "Block 14: at least one line has a quantity above 0."))
    for i, line in enumerate(lines):
        if line.dead_on_arrival and Decimal(line.dead_on_arrival) > Decimal(line.quantity):
            raise Invalid(FieldError(f"lines[{i}].dead_on_arrival", "quantity", "No more dead than arrived."))
    if direction == "import":
        return
    over = [line.line for line in lines if Decimal(line.quantity) > Decimal(allowed[line.line].quantity)]
    if over:
        raise QuantityExceeded(
            f"More than the permit allows in line {', '.join(over)}.",
            lines=[{"line": letter, "permitted": allowed[letter].quantity} for letter in over],
        )
