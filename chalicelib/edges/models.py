"""What a request about a permit may say: one strict model a body.

Nothing is coerced (a quantity is a string) and an unknown name is refused. In an application `null` and an empty text
are the same as leaving a field out (a form sends them), and the members that only an answer has are ignored, so that
what GET gave can be changed and PUT back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from chalicelib.core import codes
from chalicelib.core.address import EMAIL_AT_MOST
from chalicelib.core.crossing import Place
from chalicelib.core.permit import APPENDIX_NAMES, APPENDIX_NUMBERS, LINES_AT_MOST, Application, from_record
from chalicelib.core.roles import FINDING_ROLES
from chalicelib.edges.parsing import Model
from chalicelib.services.verify_permit import OTHER_PAGES_AT_MOST

QR_TEXT_AT_MOST = 5038  # FORMAT.md 2; longer texts get a verdict, only absurd ones a refusal


def _appendix(value: object) -> str | None:
    """`I`, `II`, `III`, `0` or 1, 2, 3, 0 -> the record's spelling."""
    if value is None or (isinstance(value, str) and value in APPENDIX_NUMBERS):
        return value
    if type(value) is int and value in APPENDIX_NAMES:
        return APPENDIX_NAMES[value]
    raise ValueError("one of I, II, III, 0")


Words = Annotated[str, StringConstraints(max_length=2000)]  # of an application: core.shape knows each field's length
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
QrText = Annotated[str, StringConstraints(min_length=1, max_length=4 * QR_TEXT_AT_MOST)]
Pages = Annotated[list[QrText], Field(max_length=OTHER_PAGES_AT_MOST)]
_APPENDIX = {
    "anyOf": [
        {"type": "string", "enum": list(APPENDIX_NUMBERS)}, {"type": "integer", "enum": list(APPENDIX_NAMES)},
        {"type": "null"},
    ]
}  # fmt: skip
Appendix = Annotated[str | None, BeforeValidator(_appendix), WithJsonSchema(_APPENDIX)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Direction = Literal["export", "import", "transit", "return", "none"]

# Members of a permit's answer that a request may send back unread.
ANSWER_ONLY = frozenset(
    {
        "id", "state", "use", "expired", "version", "digest", "created_at",
        "submitted_at", "species_list", "issued_at", "expires_at", "number", "check_code", "qr", "qr_pages",
        "pdf_url", "overrides", "findings", "findings_needed", "approvals", "attachments", "uses", "reason",
        "missing", "uncounted", "stamp_by_hand", "for_cause", "steps", "replaces", "replaces_reason", "replaced_by",
        "voided_numbers", "creator", "quotas", "block_5", "difference",
    }
)  # fmt: skip


def _one_of(names: Iterable[str]) -> WithJsonSchema:
    """The contract names the codes that the core will take."""
    return WithJsonSchema({"enum": [*names, None]})


Kind = Annotated[Words | None, _one_of(codes.KINDS)]
Purpose = Annotated[Words | None, _one_of(codes.PURPOSES)]
Source = Annotated[Words | None, _one_of(codes.SOURCES)]
Term = Annotated[Words | None, _one_of(codes.TERMS)]
Unit = Annotated[Words | None, _one_of(codes.UNITS)]
Day = Annotated[Words | None, WithJsonSchema({"type": ["string", "null"], "format": "date"})]


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
    def _without_answers(cls, data: dict[str, Any]) -> dict[str, Any]:
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
        record = _present(self.model_dump())
        if self.retrospective is not None:
            record["retrospective"] = {"reason": self.retrospective.reason or ""}
        return from_record(record)


class ReasonBody(Model):
    reason: Reason


class Why(Model):
    """`reason`: needed of the ministry's people."""

    reason: Reason | None = None


class Finding(Model):
    """`digest`: of the application that was read; without it the finding is of whatever is submitted by now."""

    kind: Annotated[Code, WithJsonSchema({"enum": list(FINDING_ROLES)})]
    result: Literal["positive", "negative", "conditional"]
    note: Annotated[str, StringConstraints(max_length=2000)] | None = None
    digest: Digest | None = None


class Approve(Model):
    """`digest`: of the application that the approver has read."""

    digest: Digest


class Revoke(Model):
    reason: Reason
    for_cause: bool


class SettleDifference(Model):
    """`choice`: `restore` what the list says, or record that it was taken back (`withdraw`)."""

    choice: Literal["restore", "withdraw"]
    reason: Reason


class Lost(Model):
    reason: Reason
    how: Literal["lost", "stolen"]


class Verify(Model):
    """`same_goods`: the answer, where U5 or U1 asked whether these are the goods that were endorsed then."""

    qr: QrText
    other_pages: Pages | None = None
    direction: Direction | None = None
    same_goods: bool | None = None

    def place(self) -> Place:
        return Place(self.direction or "none", same_goods=self.same_goods)


class PlaceQuery(Model):
    """The same in a query."""

    direction: Direction | None = None
    same_goods: Literal["true", "false"] | None = None

    def place(self) -> Place:
        return Place(
            self.direction or "none", same_goods=None if self.same_goods is None else self.same_goods == "true"
        )


class NumberQuery(PlaceQuery):
    """`code`: printed beside the number. A permit on paper from before Tamga has none: everybody but an official sends
    `valid_until`, the day in its box 2."""

    number: Text
    code: Code | None = None
    valid_until: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None


class PermitsQuery(Model):
    state: Code | None = None
    order: Literal["newest", "waiting"] | None = None
    q: Annotated[str, StringConstraints(max_length=400)] | None = None
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class CheckQuery(Model):
    permit: Code | None = None


class Confirm(Model):
    """`version`: of the proposal that was read."""

    version: Annotated[int, Field(ge=1)]


class CursorQuery(Model):
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class Deputise(Model):
    """`deputy`, `represented`: their ids; `first`, `last`: days in the Party's zone, both included."""

    deputy: Code
    represented: Code
    first: Code
    last: Code
    reason: Reason


class AttachmentQuery(Model):
    name: Text


class PdfQuery(Model):
    """`original=true`: the print that gets stamp and ink, for the ministry."""

    original: Literal["true", "false"] | None = None


class SpeciesQuery(Model):
    q: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Notify(Model):
    """Where notices go; `core.address` knows which addresses a header can hold."""

    email: Annotated[str, StringConstraints(max_length=EMAIL_AT_MOST)]
    language: Literal["ky", "ru", "en"]


class Me(Model):
    """`notify` null: no mail."""

    notify: Notify | None


def _present(value: Any) -> Any:
    """Without `null`s, empty texts and groups of nothing else: what was entered and taken out again was not said."""
    if isinstance(value, dict):
        return {name: kept for name, item in value.items() if (kept := _present(item)) not in (None, "", {})}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return value
