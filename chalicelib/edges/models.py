"""What requests may say: one strict model a body, and how a model's refusals become `Invalid`.

Nothing is coerced (a quantity is a string) and an unknown name is refused. In an application `null` and an empty text
are the same as leaving a field out (a form sends them), and the members that only an answer has are ignored, so that
what GET gave can be changed and PUT back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from chalicelib.core.crossing import Place
from chalicelib.core.errors import FieldError, Invalid, NoMatch
from chalicelib.core.ledger import UsedLine
from chalicelib.core.permit import APPENDIX_NAMES, APPENDIX_NUMBERS, LINES_AT_MOST, Application, from_record
from chalicelib.core.text import forbidden_characters
from chalicelib.edges import times
from chalicelib.services.endorse_permit import Endorsement
from chalicelib.services.scan_permit import Scan
from chalicelib.services.verify_permit import OTHER_PAGES_AT_MOST

QR_TEXT_AT_MOST = 5038  # FORMAT.md 2; longer texts get a verdict, only absurd ones a refusal
PATH_PARAMETER = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)


def _moment(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("a time in UTC like 2026-11-25T10:00:00Z")
    return times.from_text(value)


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
Moment = Annotated[
    int, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time", "pattern": "(Z|\\+00:00)$"})
]
Appendix = Annotated[
    str | None, BeforeValidator(_appendix), WithJsonSchema({"enum": ["I", "II", "III", "0", 1, 2, 3, 0, None]})
]
Direction = Literal["export", "import", "transit", "return", "none"]
Resolution = Literal["cleared", "confirmed"]


class Model(BaseModel):
    """Strict: no coercion, no unknown names."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, str_strip_whitespace=False)


class Nothing(Model):
    """A request without members."""


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
    source: Words | None = None
    term: Words | None = None
    quantity: Words | None = None
    unit: Words | None = None
    origin: Origin | None = None
    last_reexport: LastReexport | None = None
    operation_or_acquisition: Words | None = None


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

    document_type: Words | None = None
    valid_until: Words | None = None
    exporter: Party | None = None
    importer: Party | None = None
    special_conditions: Words | None = None
    purpose: Words | None = None
    stamp_number: Words | None = None
    form: Literal["paper", "electronic"] | None = None
    lines: Annotated[list[Line], Field(max_length=LINES_AT_MOST)] | None = None
    transport_document: Words | None = None
    import_permit: ImportPermit | None = None
    retrospective: Retrospective | None = None

    def application(self) -> Application:
        """The core's application: absent fields left out. Retrospective without a reason stays so, to be refused."""
        record = _present(self.model_dump())
        if "retrospective" in record:
            record["retrospective"] = {"reason": "", **record["retrospective"]}
        return from_record(record)


# Members of a permit's answer that a request may send back unread.
ANSWER_ONLY = frozenset(
    {
        "id", "state", "use", "expired", "version", "digest", "created_at",
        "submitted_at", "issued_at", "expires_at", "number", "check_code", "qr", "qr_pages",
        "pdf_url", "findings", "findings_needed", "approvals", "attachments", "uses", "reason",
        "missing", "for_cause", "replaces", "replaces_reason", "replaced_by", "voided_numbers", "creator",
    }
)  # fmt: skip


class ReasonBody(Model):
    reason: Reason


class Finding(Model):
    kind: Code
    result: Literal["positive", "negative", "conditional"]
    note: Annotated[str, StringConstraints(max_length=2000)] | None = None


class Approve(Model):
    """`digest`: of the application that the approver has read."""

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Revoke(Model):
    reason: Reason
    for_cause: bool


class Lost(Model):
    reason: Reason
    how: Literal["lost", "stolen"]


class Verify(Model):
    qr: QrText
    other_pages: Pages | None = None
    direction: Direction | None = None

    def place(self) -> Place:
        return Place(self.direction or "none")


class DirectionQuery(Model):
    direction: Direction | None = None


class NumberQuery(Model):
    number: Text
    code: Code
    direction: Direction | None = None


class PermitsQuery(Model):
    state: Code | None = None
    q: Annotated[str, StringConstraints(max_length=400)] | None = None
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class AttachmentQuery(Model):
    name: Text


class PdfQuery(Model):
    """`original=true`: the print that gets stamp and ink, for the ministry."""

    original: Literal["true", "false"] | None = None


class SpeciesQuery(Model):
    q: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ScanBody(Model):
    event_id: Code
    qr: QrText
    other_pages: Pages | None = None
    post: Code
    scanned_at: Moment
    direction: Direction
    goods_present: bool
    same_goods: bool | None = None

    def scan(self) -> Scan:
        return Scan(
            self.event_id, trimmed(self.qr), self.post, self.scanned_at, self.direction, self.goods_present,
            trimmed_pages(self.other_pages), self.same_goods,
        )  # fmt: skip


class Resolve(Model):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]$")]
    result: Resolution
    reason: Annotated[str, StringConstraints(max_length=2000)] | None = None


class EndorsedLine(Model):
    line: Code
    quantity: Code
    dead_on_arrival: Code | None = None


class EndorsementBody(Model):
    """`qr`, or `number` and `code` when the page is at the other end of the telephone."""

    event_id: Code
    qr: QrText | None = None
    other_pages: Pages | None = None
    number: Code | None = None
    code: Code | None = None
    post: Code
    direction: Literal["export", "import", "transit", "return"]
    endorsed_at: Moment
    lines: Annotated[list[EndorsedLine], Field(min_length=1, max_length=LINES_AT_MOST)]
    transport_document: Annotated[str, StringConstraints(max_length=200)]
    customs_document: Text | None = None
    on_behalf_of: Text | None = None
    recorded: Literal["live", "paper"] | None = None

    def endorsement(self) -> Endorsement:
        return Endorsement(
            event_id=self.event_id,
            post=self.post,
            direction=self.direction,
            endorsed_at=self.endorsed_at,
            lines=tuple(UsedLine(line.line, line.quantity, line.dead_on_arrival) for line in self.lines),
            qr=trimmed(self.qr or ""),
            number=self.number or "",
            code=self.code or "",
            other_pages=trimmed_pages(self.other_pages),
            transport_document=self.transport_document,
            customs_document=self.customs_document,
            on_behalf_of=self.on_behalf_of,
            recorded=self.recorded or "live",
        )


class UndoBody(Model):
    event_id: Code
    reason: Reason


class DeviceBody(Model):
    """`public_key`: SubjectPublicKeyInfo of a P-256 key (DER) in base64."""

    public_key: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    post: Code
    name: Annotated[str, StringConstraints(max_length=200)] | None = None


class SyncBody(Model):
    """`events`: bodies of scans, endorsements and undos, each with its `kind`; `signature` is over exactly these."""

    device_id: Code
    events: Annotated[list[dict[str, Any]], Field(max_length=500)]
    signature: Code | Text


class SyncedScan(ScanBody):
    kind: Literal["scan"]
    officer: Code | None = None


class SyncedEndorsement(EndorsementBody):
    kind: Literal["endorsement"]
    officer: Code | None = None


class SyncedUndo(UndoBody):
    """`endorsement`: the event id of what is withdrawn."""

    kind: Literal["undo"]
    endorsement: Code
    officer: Code | None = None


SYNCED: Mapping[str, type[SyncedScan | SyncedEndorsement | SyncedUndo]] = {
    "scan": SyncedScan,
    "endorsement": SyncedEndorsement,
    "undo": SyncedUndo,
}


def synced(event: Mapping[str, Any]) -> tuple[Endorsement | Scan | tuple[str, str, str], str | None]:
    """One event of a batch, and the officer that it names. Raises `Invalid`."""
    kind = event.get("kind")
    if not isinstance(kind, str) or kind not in SYNCED:
        raise Invalid(refusal("kind", "unknown", f"One of: {', '.join(SYNCED)}."))
    body = parse(SYNCED[kind], event)
    match body:
        case SyncedScan():
            return body.scan(), body.officer
        case SyncedEndorsement():
            return body.endorsement(), body.officer
        case SyncedUndo():
            return (body.endorsement, body.event_id, body.reason), body.officer
    raise AssertionError(kind)


def parse[M: BaseModel](model: type[M], data: Mapping[str, Any]) -> M:
    """The model of this JSON object. Raises `Invalid` with every fault; no value of the request is quoted."""
    given = dict(data)
    if model is ApplicationBody:
        given = {name: value for name, value in given.items() if name not in ANSWER_ONLY}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Invalid(
            *(_field_error(fault) for fault in error.errors(include_input=False, include_url=False))
        ) from None


def refusal(field: str, code: str, detail: str) -> FieldError:
    return FieldError(shown(field), code, detail)


def path_parameter(name: str, text: str) -> str:
    """A part of the address; what cannot be an id of ours names nothing. Raises `NoMatch`."""
    if not PATH_PARAMETER.fullmatch(text):
        raise NoMatch("Nothing has this address.")
    return text


def trimmed(text: str) -> str:
    """Without the one CR, LF or space that a wedge scanner adds (FORMAT.md 2: edges strip, the core does not)."""
    return text[:-1] if text.endswith(("\r", "\n", " ")) else text


def trimmed_pages(pages: list[str] | None) -> tuple[str, ...]:
    return tuple(trimmed(page) for page in pages or ())


def shown(field: str) -> str:
    """A field's path as an answer may repeat it: a name that the client made up is cut and cleaned."""
    return field[:80] if field.isprintable() and not forbidden_characters(field) else "(unprintable)"


_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("required", "This field is required."),
    "extra_forbidden": ("unknown_field", "There is no such field."),
    "string_type": ("type", "A text in quotation marks."),
    "bool_type": ("type", "true or false."),
    "int_type": ("type", "A whole number."),
    "list_type": ("type", "A list."),
    "dict_type": ("type", "An object."),
    "model_type": ("type", "An object."),
    "model_attributes_type": ("type", "An object."),
    "string_too_short": ("empty", "Empty: leave the field out instead."),
    "string_pattern_mismatch": ("malformed", "Not in the form that this field has."),
}


def _field_error(fault: ErrorDetails) -> FieldError:
    code, words = _WORDS.get(fault["type"], ("", ""))
    context = fault.get("ctx", {})
    match fault["type"]:
        case "string_too_long":
            code, words = "too_long", f"At most {context['max_length']} characters."
        case "too_long":
            code, words = "too_many", f"At most {context['max_length']}."
        case "too_short":
            code, words = "required", f"At least {context['min_length']}."
        case "literal_error":
            code, words = "unknown", f"One of: {context['expected']}."
        case "value_error":
            code, words = "malformed", f"Expected {context['error']}."
    return FieldError(_path(fault["loc"]), code or "malformed", words or "Malformed.")


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{shown(part)}" if path else shown(part)
    return path or "body"


def _present(value: Any) -> Any:
    """Without `null`s and empty texts."""
    if isinstance(value, dict):
        return {name: kept for name, item in value.items() if (kept := _present(item)) not in (None, "")}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return value
