"""The contract as OpenAPI 3.1, made from the routes as they are: nothing in it can be forgotten or out of date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib import __version__
from chalicelib.core.errors import DecodeError, EditedMeanwhile, TamgaError
from chalicelib.core.roles import OPERATIONS
from chalicelib.edges.blueprint import JSON, KB, Operation
from chalicelib.edges.border_schemas import BORDER_ANSWERS
from chalicelib.edges.desk_schemas import DESK_ANSWERS
from chalicelib.edges.enforcement_schemas import ENFORCEMENT_ANSWERS
from chalicelib.edges.examples import BODIES
from chalicelib.edges.identification_models import IDENTIFICATION
from chalicelib.edges.pattern_models import PATTERNS
from chalicelib.edges.problems import EDGE_PROBLEMS, MEDIA_TYPE, TYPE
from chalicelib.edges.report_models import REPORTS
from chalicelib.edges.requirement_models import REQUIREMENTS
from chalicelib.edges.schema_parts import BINARY, NUMBER, REFUSALS, TEXT, listed, members, ref

ANSWERS = {
    **BORDER_ANSWERS, **DESK_ANSWERS, **ENFORCEMENT_ANSWERS, **IDENTIFICATION, **PATTERNS, **REPORTS, **REQUIREMENTS,
}  # fmt: skip
REFS = "#/components/schemas/{model}"
DESCRIPTION = (
    "CITES permits: apply, issue, verify, endorse. Times are RFC 3339 in UTC, days are the "
    "Party's calendar days, quantities are strings. Errors are RFC 9457 problems; HEAD is answered wherever GET is "
    "public; 429 and 503 say when to ask again (Retry-After). JSON is read strictly: no name "
    "twice, no unknown name; in an application null and an empty text are the same as leaving a field out."
)
# What the gateway answers by itself becomes the same problems through GatewayResponses: MISSING_AUTHENTICATION_TOKEN
# (its word for an unknown path or method) 404, ACCESS_DENIED and UNAUTHORIZED 401, REQUEST_TOO_LARGE 413,
# UNSUPPORTED_MEDIA_TYPE 415, THROTTLED and QUOTA_EXCEEDED 429, AUTHORIZER_FAILURE and INTEGRATION_TIMEOUT 503,
# BAD_REQUEST_BODY and BAD_REQUEST_PARAMETERS 422, DEFAULT_4XX `invalid`, DEFAULT_5XX `fault`.


def document(routes: Mapping[str, Mapping[str, Any]], *, host: str) -> dict[str, Any]:
    """The OpenAPI document of these Chalice routes."""
    operations = operations_of(routes)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tamga", "version": __version__, "description": DESCRIPTION},
        "servers": [{"url": "/"}, {"url": f"https://{host}"}],
        "paths": paths,
        "components": {
            "schemas": {
                **_request_schemas(operations),
                **{name: {"title": name, **schema} for name, schema in ANSWERS.items()},
                "Problem": {"title": "Problem", **problem_schema()},
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def operations_of(routes: Mapping[str, Mapping[str, Any]]) -> list[Operation]:
    """Every route's description, by path and method. Raises AttributeError for a route made without our blueprint."""
    return [
        entry.view_function.operation
        for _, methods in sorted(routes.items())
        for method, entry in sorted(methods.items())
        if method == entry.view_function.operation.method  # HEAD is its GET
    ]


def problem_schema() -> dict[str, Any]:
    """RFC 9457; every type that can come is listed with its status."""
    kinds: set[type[TamgaError]] = {TamgaError, *TamgaError.__subclasses__(), EditedMeanwhile, *EDGE_PROBLEMS}
    table = sorted({(kind.status, kind.slug, kind.title) for kind in kinds - {DecodeError}})
    schema = members(
        {
            "type": {"enum": [TYPE + slug for _, slug, _ in table]}, "title": TEXT, "status": NUMBER, "detail": TEXT,
            "correlation_id": TEXT,
        },
        {
            "errors": REFUSALS,
            "codes": listed(TEXT),
            "first_use": {"type": "object"},
            "receipt": {"type": "object"},
            "undo": TEXT,
            "digest": TEXT,
            "retry_after": NUMBER,
        },
    )  # fmt: skip
    return {**schema, "x-problems": [{"status": s, "slug": slug, "title": title} for s, slug, title in table]}


def _request_schemas(operations: list[Operation]) -> dict[str, Any]:
    models = {operation.body for operation in operations if operation.body is not None}
    named = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema([(model, "validation") for model in named], ref_template=REFS)
    found: dict[str, Any] = definitions["$defs"]
    return found


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _id(operation),
        "summary": operation.summary,
        "security": [{}, {"bearer": []}] if operation.public else [{"bearer": []}],
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.query)],
        "responses": {
            str(operation.status): _answer(operation),
            **({"202": _answer(replace(operation, returns=operation.proposes))} if operation.proposes else {}),
            **_refusals(operation),
        },
    }
    words = [operation.description] if operation.description else []
    if operation.may:
        described["x-roles"] = sorted(OPERATIONS[operation.may])
        words.append(f"For: {', '.join(described['x-roles'])}.")
    if words:
        described["description"] = " ".join(words)
    if operation.body is not None:
        empty, name = not operation.body.model_fields, operation.body.__name__
        example = {"example": BODIES[name]} if name in BODIES else {}
        described["requestBody"] = {
            "required": not empty,
            "description": f"At most {operation.cap // KB} kB.",
            "content": {JSON: {"schema": ref(name), **example}},
        }
    if operation.raw:
        described["requestBody"] = {
            "required": True,
            "description": f"The file itself, at most {operation.cap // KB} kB.",
            "content": {kind: {"schema": BINARY} for kind in operation.raw},
        }
    return described


def _refusals(operation: Operation) -> dict[str, Any]:
    """Problems; a fault of SOAP 1.1 (s. 6.2: always 500) where the callers read those."""
    problem = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
    fault = {"500": {"description": "A fault", "content": {kind: {"schema": BINARY} for kind in operation.produces}}}
    return {**(fault if operation.refused else {}), "default": problem}


def _answer(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for kind in operation.produces:
        schema = TEXT if kind.startswith("text/") else BINARY
        if kind == JSON:
            schema = ref(operation.returns) if operation.returns in ANSWERS else {"type": "object"}
        content[kind] = {"schema": schema}
    return {"description": operation.summary or "The answer", "content": content}


def _id(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace(".", "-").strip("/").replace("/", "-")
    return f"{operation.method.lower()}-{words or 'front'}"


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=REFS)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(part)}
        for name, part in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query has no null."""
    kept = [part for part in schema.get("anyOf", []) if part != {"type": "null"}]
    left_out = {"default", "title"}
    return kept[0] if len(kept) == 1 else {name: part for name, part in schema.items() if name not in left_out}
