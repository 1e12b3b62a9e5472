"""Requests: strict JSON, strict models, and refusals that never quote the input.

Each body has one model. Nothing is coerced (a quantity is a string), and an unknown name is refused. In an application
`null` and an empty text mean the same as an absent field, because forms send them. Members that only an answer has
(`ANSWER_ONLY`) are ignored, so that a client can change the answer of GET and PUT it back.

`parse_json` accepts only JSON that every parser reads in the same way, limited in size and depth. It checks:

1 size    2 UTF-8, no BOM    3 depth    4 grammar, no NaN or Infinity, no name twice    5 an object at the top
6 no lone surrogates
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from chalicelib.kernel import codes, days, document_kinds
from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS, DEFAULT, LANGUAGES, Language
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, TooLarge
from chalicelib.kernel.text import SHA256, forbidden_characters

PATH_PARAMETER = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)


class Model(BaseModel):
    """Strict base model: no coercion, no unknown names.

    A model is built at its first use, so a cold start builds only the models that it needs.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, str_strip_whitespace=False, defer_build=True)


class Nothing(Model):
    """Model of a request without members."""


def parse[M: BaseModel](model: type[M], data: Mapping[str, Any]) -> M:
    """Validate a JSON object. Raises `Invalid` with the first 100 faults. No value of the request is quoted."""
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)[:FAULTS_AT_MOST]
        raise Invalid(*(_field_error(fault) for fault in faults)) from None


def refusal(field: str, code: str, detail: str) -> FieldError:
    return FieldError(printable_field(field), code, detail)


def path_parameter(name: str, text: str) -> str:
    """Return a parameter of the path. Raises `NoMatch` for a text that cannot be an id of ours."""
    if not PATH_PARAMETER.fullmatch(text):
        raise NoMatch("There is nothing at this address.")
    return text


def version_of(header: str | None) -> int | None:
    """Parse If-Match, where `"7"` gives 7. Without the header, or for `*`, the result is None (any version). Raises
    `Invalid`.

    `W/"7"` gives 7 too, because proxies that compress an answer make its tag weak (RFC 9110 s. 8.8.1), and clients send
    it back.
    """
    text = (header or "*").strip().removeprefix("W/").strip('"')
    if text == "*":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(FieldError("If-Match", "malformed", 'Must be the version that you read, such as "7".'))
    return int(text)


MEMBER = re.compile(r"<[\w.]+: ('[^']*')>")  # pydantic names a member of an enumeration in a Literal so

FAULTS_AT_MOST = 100  # a request of 1 MB with unknown names would otherwise give 6 MB of refusals


def printable_field(field: str) -> str:
    """Return a field's path that is safe in an answer. A name from the client is cut, or replaced if unprintable."""
    return field[:80] if field.isprintable() and not forbidden_characters(field) else "(unprintable)"


_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("required", "This field is required."),
    "extra_forbidden": ("unknown_field", "Unknown field: correct its name or remove it."),
    "string_type": ("type", "Must be a text in quotation marks."),
    "bool_type": ("type", "Must be true or false."),
    "int_type": ("type", "Must be a whole number."),
    "list_type": ("type", "Must be a list."),
    "dict_type": ("type", "Must be an object."),
    "model_type": ("type", "Must be an object."),
    "model_attributes_type": ("type", "Must be an object."),
    "string_too_short": ("empty", "Must not be empty. Fill it in or leave it out."),
    "string_pattern_mismatch": ("malformed", "Wrong format: the API description shows the format of this field."),
}


def _field_error(fault: ErrorDetails) -> FieldError:
    code, words = _WORDS.get(fault["type"], ("", ""))
    context = fault.get("ctx", {})
    match fault["type"]:
        case "string_too_long":
            code, words = "too_long", f"At most {context['max_length']} characters."
        case "too_long":
            code, words = "too_many", f"At most {context['max_length']} items."
        case "too_short":
            code, words = "required", f"At least {context['min_length']} items."
        case "literal_error" | "enum":
            code, words = "unknown", f"Must be one of: {MEMBER.sub(r'\1', context['expected'])}."
        case "value_error":
            code, words = "malformed", f"Must be {context['error']}."
    return FieldError(
        _path(fault["loc"]),
        code or "malformed",
        words or "Not valid: the API description shows the values of this field.",
    )


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{printable_field(part)}" if path else printable_field(part)
    return path or "body"


def _appendix(value: object) -> str | None:
    """Convert `I`, `II`, `III`, `0` or 1, 2, 3, 0 to the record's spelling. Raises ValueError."""
    if value is None or (isinstance(value, str) and value in APPENDIX_NUMBERS):
        return value
    if type(value) is int and value in APPENDIX_NAMES:
        return APPENDIX_NAMES[value]
    raise ValueError("one of I, II, III, 0")


# A text of an application; record/shape.py has the limit of each field.
Words = Annotated[str, StringConstraints(max_length=2000)]

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]

Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000)]

_APPENDIX = {
    "anyOf": [
        {"type": "string", "enum": list(APPENDIX_NUMBERS)},
        {"type": "integer", "enum": list(APPENDIX_NAMES)},
        {"type": "null"},
    ]
}

Appendix = Annotated[str | None, BeforeValidator(_appendix), WithJsonSchema(_APPENDIX)]

DayText = Annotated[str, StringConstraints(pattern=f"^{days.DAY_FORM.pattern}$")]

Digest = Annotated[str, StringConstraints(pattern=f"^{SHA256.pattern}$")]

AS_WORD = Field(strict=False)  # of a member of an enumeration: strict models refuse its word

# Members of a permit's answer that are ignored in a request.
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
    """Return the accepted codes for the OpenAPI document."""
    return WithJsonSchema({"enum": [*names, None]})


Kind = Annotated[Words | None, _one_of(document_kinds.KINDS)]

Purpose = Annotated[Words | None, _one_of(codes.PURPOSES)]

Source = Annotated[Words | None, _one_of(codes.SOURCES)]

Term = Annotated[Words | None, _one_of(codes.TERMS)]

Unit = Annotated[Words | None, _one_of(codes.UNITS)]

Day = Annotated[Words | None, WithJsonSchema({"type": ["string", "null"], "format": "date"})]


class Why(Model):
    """Body with a reason. `reason`: required from the ministry's staff."""

    reason: Reason | None = None


class Confirm(Model):
    """Body of a confirmation. `version`: version of the proposal that was read."""

    version: Annotated[int, Field(ge=1)]


class CursorQuery(Model):
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


def _moment(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("a time in UTC like 2026-11-25T10:00:00Z")
    return days.from_text(value)


Moment = Annotated[
    int, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time", "pattern": "(Z|\\+00:00)$"})
]

DEPTH_AT_MOST = 12

NUMBER_AT_MOST = 18  # digits; no field of ours needs more, and none is a float

# An unclosed string reaches to the end of the body, so no quote is read twice and the time is linear.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


def parse_json(data: bytes, cap: int) -> dict[str, Any]:
    """Parse a JSON object. Raises `TooLarge` over `cap` bytes, `Invalid` for every other fault."""
    if len(data) > cap:  # 1
        raise TooLarge(f"The JSON body may have at most {cap // 1024} kB.")
    try:
        text = data.decode("utf-8")  # 2
    except UnicodeDecodeError:
        raise _refused("utf8", "The body must be encoded in UTF-8.") from None
    _shallow(data)  # 3
    try:
        value = json.loads(  # 4; refuses a BOM too
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except ValueError:
        raise _refused("json", "The body must be valid JSON.") from None
    if not isinstance(value, dict):  # 5
        raise _refused("object", "The body must be a JSON object.")
    _characters(value)  # 6
    return value


def _shallow(data: bytes) -> None:
    depth = 0
    for bracket in re.findall(rb"[\[\]{}]", _STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_AT_MOST:
            raise _refused("depth", f"The JSON may be nested at most {DEPTH_AT_MOST} levels deep.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _refused("duplicate_name", "An object in the body has the same name twice.")
    return made


def _constant(_: str) -> NoReturn:
    raise _refused("number", "NaN and Infinity are not valid in JSON.")


def _integer(digits: str) -> int:
    if len(digits) > NUMBER_AT_MOST:
        raise _refused("number", "A number has too many digits. Send quantities as strings.")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > 32:
        raise _refused("number", "A number has too many digits. Send quantities as strings.")
    return float(digits)


def _characters(value: Any) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _refused("surrogate", "A text has a lone surrogate. Send valid Unicode characters.") from None
    elif isinstance(value, dict):
        for name, item in value.items():
            _characters(name)
            _characters(item)
    elif isinstance(value, list):
        for item in value:
            _characters(item)


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(FieldError("body", code, detail))


_RANGE: Final = re.compile(  # RFC 9110 s. 12.4.2 and 12.5.4
    r"(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)[ \t]*(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)

_HEADER_LIMIT: Final = 1_000  # characters read of Accept-Language; browsers send under 200


def negotiate(accept_language: str | None) -> Language:
    """Choose the reader's language from Accept-Language (RFC 9110 s. 12.5.4), English if none fits.

    Only the primary subtag of a range counts (`ky-KG` is Kyrgyz). The highest weight wins, then the order. Weight 0
    excludes a language, and `*` means every language not named. Malformed members are ignored.
    """
    weights: dict[str, float] = {}
    for member in (accept_language or "")[:_HEADER_LIMIT].split(","):
        if match := _RANGE.fullmatch(member.strip(" \t")):
            primary = match[1].lower().split("-")[0]
            weights[primary] = max(weights.get(primary, 0.0), float(match[2] or 1))
    rest = weights.pop("*", 0.0)
    offered = {tag: weights.get(tag, rest) for tag in (*weights, *LANGUAGES) if tag in LANGUAGES}
    best = max(offered, key=lambda tag: offered[tag])  # of equal weights the first: order of the header, then ours
    return best if offered[best] > 0 else DEFAULT
