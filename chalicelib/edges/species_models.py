"""What a request about a new species list may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.edges.models import Reason, Text
from chalicelib.edges.parsing import Model


class UploadQuery(Model):
    """`name`: of the file; `as_of`: the day that a download of Species+ speaks of; `whole`: what it lacks has left the
    Appendices, and goes.
    """

    name: Text
    as_of: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    whole: Literal["true", "false"] | None = None


class SpeciesListDecision(Model):
    """`reason`: of a rejection."""

    reason: Reason
