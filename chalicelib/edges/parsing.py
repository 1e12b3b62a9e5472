"""How a request's JSON becomes a model, and a model's refusals `Invalid`, without a word of what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from chalicelib.core.errors import FieldError, Invalid, NoMatch
from chalicelib.core.qr_text import edge_strip
from chalicelib.core.text import forbidden_characters

PATH_PARAMETER = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)


class Model(BaseModel):
    """Strict: no coercion, no unknown names. Built when it is first used: a cold start builds its own only."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, str_strip_whitespace=False, defer_build=True
    )  # fmt: skip


class Nothing(Model):
    """A request without members."""


def parse[M: BaseModel](model: type[M], data: Mapping[str, Any]) -> M:
    """The model of this JSON object. Raises `Invalid` with the first 100 faults; no value of the request is quoted."""
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)[:FAULTS_AT_MOST]
        raise Invalid(*(_field_error(fault) for fault in faults)) from None


def refusal(field: str, code: str, detail: str) -> FieldError:
    return FieldError(shown(field), code, detail)


def path_parameter(name: str, text: str) -> str:
    """A part of the address; what cannot be an id of ours names nothing. Raises `NoMatch`."""
    if not PATH_PARAMETER.fullmatch(text):
        raise NoMatch("Nothing has this address.")
    return text


def version_of(header: str | None) -> int | None:
    """`If-Match: "7"` -> 7; without the header, or for `*`, any version. Raises `Invalid`.

    `W/"7"` is 7 too: proxies that compress an answer make its tag weak (RFC 9110 s. 8.8.1), and clients send it back.
    """
    text = (header or "*").strip().removeprefix("W/").strip('"')
    if text == "*":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(FieldError("If-Match", "malformed", 'The version that was read, as "7".'))
    return int(text)


FAULTS_AT_MOST = 100  # a megabyte of unknown names must not become six of refusals


def trimmed_pages(pages: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(edge_strip(page) for page in pages or ())


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
