"""Quantities as the format spells them, and units they convert to."""

from __future__ import annotations

import re
from decimal import Decimal

QUANTITY = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{0,5}[1-9])?", re.ASCII)


def spelled(amount: Decimal) -> str:
    """In the wire's spelling: no exponent, no trailing noughts."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
