"""What left on a permit, as its quotas count it."""

from __future__ import annotations

from decimal import Decimal

from chalicelib.quotas.model import exported
from chalicelib.uses.use import Use, UsedLine


def left(event_id: str, document: str, number: str | None = None) -> Use:
    return Use(event_id, "export", "dostuk", 1, "officer", (UsedLine("A", "2"),), document, number=number)


def test_waybills_without_letters_or_digits_are_not_one_crossing() -> None:
    """A dash on the replaced permit, another one on this: both left, and only this one's is counted here."""
    assert exported([left("1", "-", "26KG000001/E"), left("2", "/")]) == {"A": Decimal(2)}
    assert exported([left("1", "-"), left("2", "-")]) == {"A": Decimal(4)}


def test_one_waybill_on_both_permits_is_counted_with_the_replaced() -> None:
    assert exported([left("1", "AWB 1", "26KG000001/E"), left("2", "awb-1")]) is None
