"""Caviar of sturgeons and paddlefish (Acipenseriformes): label, weight, and re-export within 18 months (Conf. 12.7).

Number 5b of the rules. The form of a label is a warning, because the resolution leaves room for each country's plants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from chalicelib.applications.rules.validity import months_later
from chalicelib.kernel.codes import UNITS, Purpose
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.errors import FieldError
from chalicelib.record.permit import Application, Line
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import resolve_name

ORDER = "Acipenseriformes"

CAVIAR, EGGS = "CAV", "EGG"

# Kinds of document whose caviar bears labels.
LABELLED = frozenset({DocumentKind.EXPORT, DocumentKind.REEXPORT, DocumentKind.CAPTIVE_BREEDING})

MONTHS = 18  # of a re-export, from the date of the export permit of the country of origin (Conf. 12.7)

WEIGHT = "KGM"  # base unit of weights

# Conf. 12.7 Annex 1: species (or both parents of a hybrid, or MIX), source, country of origin, year, plant, lot.
LABEL = re.compile(r"[A-Z]{3}( ?[x×] ?[A-Z]{3})?/[A-Z]/[A-Z]{2}/[0-9]{4}/[^/\s]+/[^/\s,;]+", re.ASCII)


def is_caviar(app: Application, line: Line, listing: Listing) -> bool:
    """True for caviar, and for eggs of these fish in trade. A sample of eggs for science is no caviar."""
    eggs = line.term == EGGS and app.purpose == Purpose.COMMERCIAL
    return (line.term == CAVIAR or eggs) and any(
        taxon.order == ORDER for taxon in resolve_name(line.scientific_name or "", listing).taxa
    )


def caviar_refusals(app: Application, at: str, line: Line, listing: Listing, today: date) -> Iterator[FieldError]:  # 5b
    if not is_caviar(app, line, listing):
        return
    if app.document_type in LABELLED and not line.marks:
        words = "Block 9: give the numbers of the labels; each container of caviar bears one"
        yield FieldError(f"{at}.marks", "required", f"{words} (Conf. 12.7).")
    unit = UNITS.get(line.unit or "")
    if line.term == CAVIAR and line.quantity and (unit is None or unit.base != WEIGHT):
        words = "Block 11: give caviar by weight, in kilograms or grams"
        yield FieldError(f"{at}.unit", "weight", f"{words} (Conf. 12.7, Conf. 12.3 Annex 2).")
    exported = day(line.origin.date) if line.origin else None
    if app.document_type == DocumentKind.REEXPORT and exported and months_later(exported, MONTHS) < today:
        last = months_later(exported, MONTHS)
        words = f"Block 12: caviar may be re-exported within {MONTHS} months of the export permit, here until {last}"
        yield FieldError(f"{at}.origin.date", "caviar_18_months", f"{words} (Conf. 12.7).")


def has_label(line: Line) -> bool:
    """True if the marks have at least one number in the form of the universal labels."""
    return LABEL.search(line.marks or "") is not None
