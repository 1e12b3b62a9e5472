"""Requests about quotas."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.http.requests import Code, Model, Text
from chalicelib.quotas.model import YEARS, Quota

Year = Annotated[int, Field(ge=YEARS.start, lt=YEARS.stop)]

Codes = Annotated[list[Code], Field(max_length=100)]

Note = Annotated[str, StringConstraints(max_length=300)]


class YearQuery(Model):
    """`year`: the calendar year; without it the present year in the Party's zone.

    `scientific_name`: only the quotas that bound this taxon.
    """

    year: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    scientific_name: Text | None = None


class QuotaFigure(Model):
    """A quota's figure.

    `terms`, `sources`: codes, none for any. `unit`: none for specimens. `before`: exported or granted of this year
    outside this count. `source`: the authority that set the figure, and its document. `as_of`: the day of that
    document.
    `below_taken`: confirms that the figure may be below what is granted already.
    """

    quantity: Code
    source: Note
    as_of: Code
    before: Code | None = None
    note: Note | None = None
    reason: Annotated[str, StringConstraints(max_length=2000)] | None = None
    below_taken: bool = False


class NewQuota(QuotaFigure):
    """A quota's figure and its scope."""

    year: Year
    scientific_name: Text
    terms: Codes | None = None
    sources: Codes | None = None
    unit: Code | None = None

    def quota(self) -> Quota:
        return Quota(
            self.year,
            self.scientific_name,
            tuple(self.terms or ()),
            tuple(self.sources or ()),
            self.quantity,
            self.unit or None,
            self.source,
            self.as_of,
            self.before or "0",
            self.note or "",
        )
