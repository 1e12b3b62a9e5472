"""What a request about a new species list may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.http.requests import DayText, Model, Reason, Text
from chalicelib.http.schema_parts import ANYTHING, DAY, NUMBER, TEXT, TIME, maybe, one_of

_SPECIES_LIST = {
    "digest": TEXT,
    "state": one_of(("proposed", "published", "rejected")),
    "taxa": NUMBER,
    "as_of": DAY,
    "based_on": TEXT,
    "counts": ANYTHING,
    "file": TEXT,
    "by": TEXT,
    "by_name": TEXT,
    "at": TIME,
    "decided_by_name": TEXT,
    "decided_at": maybe(TIME),
    "reason": TEXT,
}


class SpeciesQuery(Model):
    q: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class UploadQuery(Model):
    """`name`: of the file; `as_of`: the day that a download of Species+ speaks of; `whole`: what it lacks has left the
    Appendices, and goes.
    """

    name: Text
    as_of: DayText | None = None
    whole: Literal["true", "false"] | None = None


class SpeciesListDecision(Model):
    """`reason`: of a rejection."""

    reason: Reason
