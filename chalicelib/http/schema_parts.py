"""Building blocks of the JSON Schemas of answers in the OpenAPI document; request models have their own schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_EVENT = "0b6ec3a9-6f5c-4f0e-9d3a-5f2a4be0a1c7"

_QR = "https://practice.tamga.kg/1#2101840126..."

_LINE = {
    "scientific_name": "Falco cherrug",
    "common_name": "Saker falcon",
    "description": "live bird, female",
    "marks": "ring KG-0117",
    "source": "C",
    "term": "LIV",
    "quantity": "1",
    "origin": {"country": "KG"},
    "operation_or_acquisition": "A-KG-001",
}

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}

NUMBER: Schema = {"type": "integer"}

FLAG: Schema = {"type": "boolean"}

TIME: Schema = {"type": "string", "format": "date-time"}

DAY: Schema = {"type": "string", "format": "date"}

BINARY: Schema = {"type": "string", "format": "binary"}  # bytes that are no text; client generators make a file of them

ANYTHING: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def members(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, words: str = "") -> Schema:
    made: Schema = {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}
    return {**made, "description": words} if words else made


REFUSALS = listed(members({"field": TEXT, "code": TEXT, "detail": TEXT}, {"overridable": FLAG}))


def one_of(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(values)}
