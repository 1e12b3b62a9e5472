"""Breeding and propagating operations that the ministry registered, with the yield of each in a year.

Appendix I animals bred for commerce need an operation that the Secretariat lists too (Conf. 12.10). For all others the
register is the ministry's own (Conf. 10.16: a controlled environment, a breeding stock lawfully acquired).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.kernel.codes import UNITS, applies_to_source
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.kernel.text import forbidden_characters
from chalicelib.record.permit import Line
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_search import fold

BRED = frozenset("CDFA")

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,34}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation and one species.

    `since` and `until` are days, and `until` is empty while it runs. With `unit` "" the figures count specimens.
    """

    number: str
    holder: str
    taxon: str
    sources: tuple[str, ...]
    a_year: str
    unit: str
    since: str
    until: str
    source: str  # the document that gives the figure

    @property
    def id(self) -> str:
        return f"{self.number}|{self.taxon}"

    def covers(self, line: Line, exporter: str, day: str) -> bool:
        """True if an exporter's line is from this operation.

        The line has its number in block 12b, or `exporter` (folded) is its holder's name.
        """
        if line.scientific_name != self.taxon or not applies_to_source(line.source, self.sources):
            return False
        if day < self.since or (self.until and day > self.until):
            return False
        return self.named_by(line) or fold(self.holder) == exporter.partition("|")[0]

    def named_by(self, line: Line) -> bool:
        """True if block 12b of the line has its number."""
        return _plain(self.number) == _plain(line.operation_or_acquisition or "")


def _plain(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def checked(wanted: Operation, listing: Listing) -> Operation:
    """The well-formed operation under the accepted name of its taxon.

    Raises `Invalid` naming every field that is wrong.
    """
    faults = []

    def fault(field: str, code: str, detail: str) -> None:
        faults.append(FieldError(field, code, detail))

    if not _NUMBER.fullmatch(wanted.number):
        fault("number", "number", "Must be capital letters, digits and . / - only, at most 35 characters.")
    for field in ("holder", "source"):
        text = getattr(wanted, field)
        if not text.strip() or forbidden_characters(text):
            fault(field, "required", "Must be one line of text.")
    taxon = listing.find(wanted.taxon)
    if taxon is None:
        fault("scientific_name", "unknown", "Must be the name of a taxon of the species list.")
    if not wanted.sources or not set(wanted.sources) <= BRED:
        fault("sources", "unknown", "Must be one or more of: C, D, F, A.")
    if (
        not QUANTITY.fullmatch(wanted.a_year)
        or Decimal(wanted.a_year) <= 0
        or (not wanted.unit and "." in wanted.a_year)
    ):
        fault("a_year", "quantity", "Must be a number above 0, such as 40 or 12.5; whole for a number of specimens.")
    if wanted.unit and wanted.unit not in UNITS:
        fault("unit", "unknown", "Must be a CITES unit, or empty for a number of specimens.")
    since, until = day(wanted.since), day(wanted.until or "9999-12-31")
    if since is None:
        fault("since", "day", "Must be a date as YYYY-MM-DD.")
    if until is None or (since is not None and until < since):
        fault("until", "day", "Must be a date as YYYY-MM-DD, not before `since`.")
    if faults or taxon is None:
        raise Invalid(*faults)
    return Operation(
        wanted.number,
        wanted.holder.strip(),
        taxon.scientific_name,
        tuple(sorted(set(wanted.sources))),
        wanted.a_year,
        wanted.unit,
        wanted.since,
        wanted.until,
        wanted.source.strip(),
    )
