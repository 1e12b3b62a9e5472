"""Request models and response schemas of the species list."""

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
    """Query of an upload.

    `name` is the file's name, and `as_of` the day of the Species+ download. With `whole` true, taxa that the file lacks
    have left the Appendices and are removed.
    """

    name: Text
    as_of: DayText | None = None
    whole: Literal["true", "false"] | None = None


class SpeciesListDecision(Model):
    """Body of a rejection, with its `reason`."""

    reason: Reason
