"""Decimal text of quantities, as in FORMAT.md."""

from __future__ import annotations

import re
from decimal import Decimal

QUANTITY = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{0,5}[1-9])?", re.ASCII)


def spelled(amount: Decimal) -> str:
    """Return the amount as text: no exponent, no trailing zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
