"""What an approver sends to let a hard stop pass, and which year's overrides somebody asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.core import errors
from chalicelib.core.overrides import NamedStop
from chalicelib.core.permit import LINES_AT_MOST
from chalicelib.edges.models import Code, Digest, Reason
from chalicelib.edges.parsing import Model


class StopIdentity(Model):
    """Which stop of that field and code it is, as `GET .../stops` gives it."""

    line: Annotated[int, Field(ge=0, lt=LINES_AT_MOST)] | None = None
    limited_by: Annotated[str, StringConstraints(max_length=1024)] = ""
    limit: Annotated[str, StringConstraints(max_length=64)] = ""
    excess: Annotated[str, StringConstraints(pattern=r"^([0-9]{1,20}(\.[0-9]{1,20})?)?$")] = ""


class Stop(Model):
    """A refusal that says of itself that it is `overridable`. Without `identity` it is the only one of its field and
    code, or named once for each."""

    field: Code
    code: Code
    identity: StopIdentity | None = None

    @property
    def named(self) -> NamedStop:
        return NamedStop(self.field, self.code, errors.Stop(**dict(self.identity)) if self.identity else None)


class OverrideBody(Model):
    """`digest`: of the application that was read, as `GET .../stops` gives it."""

    stops: Annotated[list[Stop], Field(min_length=1, max_length=2 * LINES_AT_MOST)]
    reason: Reason
    digest: Digest


class YearQuery(Model):
    """`year`: the current one if left out."""

    year: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")] | None = None
