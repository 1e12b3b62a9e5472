"""Requests and answers about registered operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.breeding.model import Operation
from chalicelib.http.answers import Day, Time
from chalicelib.http.requests import Code, Model, Text


class OperationBody(Model):
    """An operation.

    `number`: as in block 12b. `a_year`: its yield in a calendar year, in `unit` or specimens. `source`: the document
    that gives the figure. `reason`: for a change of a registered operation.
    """

    number: Code
    holder: Text
    scientific_name: Text
    sources: Annotated[list[Code], Field(max_length=4)]
    a_year: Code
    unit: Code | None = None
    since: Code
    until: Code | None = None
    source: Text
    reason: Annotated[str, StringConstraints(max_length=2000)] | None = None

    def operation(self) -> Operation:
        return Operation(
            self.number,
            self.holder,
            self.scientific_name,
            tuple(self.sources),
            self.a_year,
            self.unit or "",
            self.since,
            self.until or "",
            self.source,
        )


class BreedingOperation(TypedDict):
    """A registered operation and one species of it.

    `a_year` is its yield in a calendar year. With `unit` null it counts specimens.
    """

    number: str
    holder: str
    scientific_name: str
    sources: list[str]
    a_year: str
    unit: str | None
    since: Day
    until: Day | None
    source: str
    set_at: Time
    set_by_name: str


class BreedingOperations(TypedDict):
    items: list[BreedingOperation]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {"BreedingOperation": BreedingOperation, "BreedingOperations": BreedingOperations}
