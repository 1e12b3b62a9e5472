"""What an approver sends to let a hard stop pass, and which year's overrides somebody asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.core.permit import LINES_AT_MOST
from chalicelib.edges.models import Code, Digest, Reason
from chalicelib.edges.parsing import Model


class Stop(Model):
    """A refusal that says of itself that it is `overridable`, by its field and code."""

    field: Code
    code: Code


class OverrideBody(Model):
    """`digest`: of the application that was read, as `GET .../stops` gives it."""

    stops: Annotated[list[Stop], Field(min_length=1, max_length=2 * LINES_AT_MOST)]
    reason: Reason
    digest: Digest


class YearQuery(Model):
    """`year`: the current one if left out."""

    year: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")] | None = None
