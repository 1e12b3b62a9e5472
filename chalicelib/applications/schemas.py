"""What an approver sends to let a hard stop pass, and which year's overrides somebody asks for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, WithJsonSchema, model_validator

from chalicelib.http.requests import (
    ANSWER_ONLY,
    Appendix,
    Code,
    Day,
    Digest,
    Kind,
    Model,
    Purpose,
    Reason,
    Source,
    Term,
    Text,
    Unit,
    Words,
)
from chalicelib.kernel import errors
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.permits.model.overrides import NamedStop
from chalicelib.record.permit import LINES_AT_MOST, Application, from_record


class Party(Model):
    """Block 3 or 4."""

    name: Words | None = None
    address: Words | None = None
    country: Words | None = None
    name_local: Words | None = None
    address_local: Words | None = None


class Origin(Model):
    """Block 12."""

    country: Words | None = None
    permit: Words | None = None
    date: Words | None = None


class LastReexport(Model):
    """Block 12a."""

    country: Words | None = None
    certificate: Words | None = None
    date: Words | None = None


class Line(Model):
    """One row of the form, blocks 7 to 12b."""

    scientific_name: Words | None = None
    common_name: Words | None = None
    description: Words | None = None
    marks: Words | None = None
    appendix: Appendix = None
    kingdom: Words | None = None
    source: Source = None
    term: Term = None
    quantity: Words | None = None
    unit: Unit = None
    origin: Origin | None = None
    last_reexport: LastReexport | None = None
    operation_or_acquisition: Words | None = None
    quota_year: Words | None = None


class ImportPermit(Model):
    """The import permit that the country of destination has given."""

    number: Words | None = None
    country: Words | None = None
    date: Words | None = None


class Retrospective(Model):
    """Why it is issued after the goods have moved."""

    reason: Words | None = None


class ApplicationBody(Model):
    """An application; what is missing may come later, what is malformed may not."""

    @model_validator(mode="before")
    @classmethod
    def _without_answers(cls, data: Any) -> Any:
        if not isinstance(data, dict):  # a member of another body may be anything; the model refuses it
            return data
        return {name: value for name, value in data.items() if name not in ANSWER_ONLY}

    document_type: Kind = None
    valid_until: Day = None
    exporter: Party | None = None
    importer: Party | None = None
    special_conditions: Words | None = None
    purpose: Purpose = None
    stamp_number: Words | None = None
    form: Literal["paper", "electronic"] | None = None
    lines: Annotated[list[Line], Field(max_length=LINES_AT_MOST)] | None = None
    transport_document: Words | None = None
    import_permit: ImportPermit | None = None
    retrospective: Retrospective | None = None

    def application(self) -> Application:
        """The core's application: absent fields left out. Retrospective without a reason stays so, to be refused."""
        record = present(self.model_dump())
        if self.retrospective is not None:
            record["retrospective"] = {"reason": self.retrospective.reason or ""}
        return from_record(record)


class Finding(Model):
    """`digest`: of the application that was read; without it the finding is of whatever is submitted by now."""

    kind: Annotated[Code, WithJsonSchema({"enum": list(FINDING_ROLES)})]
    result: Literal["positive", "negative", "conditional"]
    note: Annotated[str, StringConstraints(max_length=2000)] | None = None
    digest: Digest | None = None


class Approve(Model):
    """`digest`: of the application that the approver has read."""

    digest: Digest


class CheckQuery(Model):
    permit: Code | None = None


class AttachmentQuery(Model):
    name: Text


def present(value: Any) -> Any:
    """Without `null`s, empty texts and groups of nothing else: what was entered and taken out again was not said."""
    if isinstance(value, dict):
        return {name: kept for name, item in value.items() if (kept := present(item)) not in (None, "", {})}
    if isinstance(value, list):
        return [present(item) for item in value]
    return value


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
