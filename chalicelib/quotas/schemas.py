"""Requests and answers about quotas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.http.answers import OPEN, Anything, Day, Time
from chalicelib.http.requests import Code, Model, Text
from chalicelib.quotas import model as quotas_model
from chalicelib.quotas.model import YEARS

Year = Annotated[int, Field(ge=YEARS.start, lt=YEARS.stop)]

Codes = Annotated[list[Code], Field(max_length=100)]

Note = Annotated[str, StringConstraints(max_length=300)]


class YearQuery(Model):
    """`year` is the calendar year, or without it the present year in the Party's zone.

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

    def quota(self) -> quotas_model.Quota:
        return quotas_model.Quota(
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


class FigureOfQuota(TypedDict):
    """A quota's figure and its scope. With `unit` null it counts specimens."""

    id: str
    year: int
    scientific_name: str
    terms: list[str]
    sources: list[str]
    quantity: str
    unit: str | None
    before: str
    source: str
    as_of: Day
    note: str


class Quota(FigureOfQuota):
    """A quota. `granted` counts against the figure: used and outstanding. `total` also includes `before`."""

    granted: str
    used: str
    outstanding: str
    lapsed: str
    total: str
    left: str
    set_at: Time
    set_by_name: str


class QuotaProposal(FigureOfQuota):
    """A higher figure that waits for another admin. `was` is the figure that it raises."""

    was: str
    reason: str
    at: Time
    by_name: str
    version: int
    steps: list[str]


class Quotas(TypedDict):
    year: int
    items: list[Quota]
    proposals: list[QuotaProposal]
    cursor: str | None


class ChangeOfPermit(TypedDict):
    """The change of one permit's share of the quota, and the action that caused it."""

    id: str
    number: str | None
    action: str
    used: str
    outstanding: str
    lapsed: str


class ChangeOfQuota(TypedDict):
    """A change of a quota: by permits, or by a figure that was `set` in place of what `was` there.

    `taken`: what is taken of it since.
    """

    at: Time
    by: str
    by_name: str
    quantity: str
    taken: Annotated[Mapping[str, str], OPEN]
    permits: list[ChangeOfPermit]
    reason: NotRequired[str]
    set: NotRequired[Anything]
    was: NotRequired[Anything | None]
    proposed_by: NotRequired[str]
    proposed_by_name: NotRequired[str]
    proposed_at: NotRequired[Time]


class QuotaHistory(TypedDict):
    items: list[ChangeOfQuota]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {
    "Quota": Quota,
    "QuotaProposal": QuotaProposal,
    "Quotas": Quotas,
    "QuotaHistory": QuotaHistory,
}
