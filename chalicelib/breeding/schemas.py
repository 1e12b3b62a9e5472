"""Requests and answers about registered operations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.breeding.model import Operation
from chalicelib.http.requests import Code, Model, Text
from chalicelib.http.schema_parts import DAY, TEXT, TIME, listed, maybe, members


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


_OPERATION = members(
    {
        "number": TEXT,
        "holder": TEXT,
        "scientific_name": TEXT,
        "sources": listed(TEXT),
        "a_year": TEXT,
        "unit": maybe(TEXT),
        "since": DAY,
        "until": maybe(DAY),
        "source": TEXT,
        "set_at": TIME,
        "set_by_name": TEXT,
    }
)
