"""Exported quantities of a permit as its quotas count them."""

from __future__ import annotations

from decimal import Decimal

from chalicelib.quotas.model import exported
from chalicelib.uses.use import Use, UsedLine


def left(event_id: str, document: str, number: str | None = None) -> Use:
    return Use(event_id, "export", "dostuk", 1, "officer", (UsedLine("A", "2"),), document, number=number)


def test_documents_without_letters_or_digits_are_different_crossings() -> None:
    """The replaced permit names a dash, this permit another one.

    Both consignments left, but only this permit's is counted here.
    """
    assert exported([left("1", "-", "26KG000001/E"), left("2", "/")]) == {"A": Decimal(2)}
    assert exported([left("1", "-"), left("2", "-")]) == {"A": Decimal(4)}


def test_document_on_both_permits_is_counted_with_replaced_permit() -> None:
    assert exported([left("1", "AWB 1", "26KG000001/E"), left("2", "awb-1")]) is None
