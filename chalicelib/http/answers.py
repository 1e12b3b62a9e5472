"""Types of JSON answers, from which the OpenAPI document is made.

An answer is a `TypedDict` in its room's `schemas.py`. mypy compares each view with it. Nothing is built or checked at
run time, so a cold start pays nothing for it. `NotRequired` members are left out when there is nothing to say. Members
that may be null have `| None`. The docstring is the schema's description.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import TypeAdapter, WithJsonSchema

Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]  # RFC 3339, UTC

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]  # of the Party's calendar

OPEN = WithJsonSchema({"type": "object"})  # an object of whose members the contract promises none

Anything = Annotated[Mapping[str, Any], OPEN]  # not RowData: a named alias becomes a schema of its own


def one_of(words: Iterable[str]) -> WithJsonSchema:
    """Annotation of a text that is one of these words, where a table gives them."""
    return WithJsonSchema({"type": "string", "enum": list(words)})


REFS = "#/components/schemas/{model}"


class Refusal(TypedDict):
    """A refused field (RFC 9457 s. 3.2). `overridable`: an approver may let it pass."""

    field: str
    code: str
    detail: str
    overridable: NotRequired[bool]


class Download(TypedDict):
    """A short-lived address."""

    url: str


def schemas_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """JSON Schemas of these types by name, with those of the types that they name."""
    adapters = [(name, "serialization", TypeAdapter(each)) for name, each in answers.items()]
    found, definitions = TypeAdapter.json_schemas(adapters, ref_template=REFS)  # type: ignore[arg-type]
    parts: dict[str, Any] = definitions.get("$defs", {})
    for (name, _), schema in found.items():
        referred = str(schema.get("$ref", "")).rpartition("/")[2]
        parts[name] = {**parts.get(referred, schema), "title": name}
    return parts
