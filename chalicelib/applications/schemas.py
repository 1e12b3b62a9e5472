"""Requests and answers about applications: drafts, findings, approval, hard stops, overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints, WithJsonSchema, model_validator

from chalicelib.http.answers import Download, Refusal, Time
from chalicelib.http.requests import (
    ANSWER_ONLY,
    AS_WORD,
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
from chalicelib.kernel.enums import FindingResult, State
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.permits.model.overrides import NamedStop
from chalicelib.permits.schemas import HardStop
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
    """One line of the form, blocks 7 to 12b."""

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
    """The import permit of the country of destination."""

    number: Words | None = None
    country: Words | None = None
    date: Words | None = None


class Retrospective(Model):
    """The reason for a permit issued after the goods have moved."""

    reason: Words | None = None


class ApplicationBody(Model):
    """An application. Missing fields are accepted until submission. Malformed fields are refused."""

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
    ata_carnet: Words | None = None

    def application(self) -> Application:
        """The application without absent fields.

        `retrospective` without a reason is kept, so that the rules refuse it.
        """
        record = present(self.model_dump())
        if self.retrospective is not None:
            record["retrospective"] = {"reason": self.retrospective.reason or ""}
        return from_record(record)


class Finding(Model):
    """`digest`: of the application that was read. Without it the finding is on the application submitted now."""

    kind: Annotated[Code, WithJsonSchema({"enum": list(FINDING_ROLES)})]
    result: Annotated[FindingResult, AS_WORD]
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
    """Remove `null`s, empty texts and groups that contain nothing else. A cleared field counts as not given."""
    if isinstance(value, dict):
        return {name: kept for name, item in value.items() if (kept := present(item)) not in (None, "", {})}
    if isinstance(value, list):
        return [present(item) for item in value]
    return value


class StopIdentity(Model):
    """Distinguishes hard stops of the same field and code, as given by `GET .../stops`."""

    line: Annotated[int, Field(ge=0, lt=LINES_AT_MOST)] | None = None
    limited_by: Annotated[str, StringConstraints(max_length=1024)] = ""
    limit: Annotated[str, StringConstraints(max_length=64)] = ""
    excess: Annotated[str, StringConstraints(pattern=r"^([0-9]{1,20}(\.[0-9]{1,20})?)?$")] = ""


class Stop(Model):
    """A refusal marked `overridable`.

    Without `identity` it must be the only stop of its field and code, or be repeated once for each.
    """

    field: Code
    code: Code
    identity: StopIdentity | None = None

    @property
    def named(self) -> NamedStop:
        return NamedStop(self.field, self.code, errors.Stop(**dict(self.identity)) if self.identity else None)


class OverrideBody(Model):
    """`digest`: of the application that was read, as given by `GET .../stops`."""

    stops: Annotated[list[Stop], Field(min_length=1, max_length=2 * LINES_AT_MOST)]
    reason: Reason
    digest: Digest


class YearQuery(Model):
    """`year`: the current year if left out."""

    year: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")] | None = None


class OptionOfWarning(TypedDict):
    """A value that the field may have instead, and words about it."""

    value: str
    words: str


class WarningOfField(TypedDict):
    """A remark on a field that refuses nothing."""

    field: str
    code: str
    words: str
    options: list[OptionOfWarning]


class Checked(TypedDict):
    """What submitting would refuse. Once that is nothing, the findings that it will ask for.

    `warnings`: what the author should look at; submission refuses none of it.
    """

    errors: list[Refusal]
    findings_needed: list[str]
    warnings: list[WarningOfField]


class PermitOfStop(TypedDict):
    id: str
    number: str | None
    state: State


class StopLetPass(TypedDict):
    """The override that lets a hard stop pass."""

    by: str
    by_name: str
    at: Time
    reason: str


class StopOfApplication(TypedDict):
    """A hard stop. `asked_again`: an override names its field and code, but covers another stop or a smaller excess."""

    field: str
    code: str
    detail: str
    identity: HardStop
    asked_again: bool
    override: StopLetPass | None


class Stops(TypedDict):
    """`digest`: of what was read. `same_import_permit`: other exports that name the same import permit.

    `warnings`: remarks on the application that refuse nothing.
    """

    digest: str
    same_import_permit: list[PermitOfStop]
    items: list[StopOfApplication]
    warnings: list[WarningOfField]


class OverrideOfYear(TypedDict):
    permit_id: str
    stops: list[list[str]]
    rules: list[str]
    reason: str
    by: str
    by_name: str
    at: Time
    identities: NotRequired[list[HardStop]]


class OverridesOfPerson(TypedDict):
    by: str
    by_name: str
    count: int


class Overrides(TypedDict):
    """The overrides of a year, the newest first. `people`: the number by each person, most first."""

    year: int
    items: list[OverrideOfYear]
    people: list[OverridesOfPerson]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {"Checked": Checked, "Stops": Stops, "Overrides": Overrides, "Download": Download}
