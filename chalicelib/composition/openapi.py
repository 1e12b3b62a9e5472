"""OpenAPI 3.1 document, made from the registered routes, so that no route is missing and no description is out of date.

`BODIES` has an example body for each request model. A test validates each against its model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib import __version__
from chalicelib.alerts import schemas as alerts_schemas
from chalicelib.applications import schemas as applications_schemas
from chalicelib.breeding import schemas as breeding_schemas
from chalicelib.cases import schemas as cases_schemas
from chalicelib.diagnostics import schemas as diagnostics_schemas
from chalicelib.endorsement import schemas as endorsement_schemas
from chalicelib.exchange import schemas as exchange_schemas
from chalicelib.expert_questions import schemas as expert_questions_schemas
from chalicelib.foreign_permits import schemas as foreign_permits_schemas
from chalicelib.http.answers import REFS, schemas_of
from chalicelib.http.blueprint import JSON, KB, Operation
from chalicelib.http.problems import EDGE_PROBLEMS, MEDIA_TYPE, TYPE, Problem
from chalicelib.identification import schemas as identification_schemas
from chalicelib.kernel import errors
from chalicelib.kernel.roles import OPERATIONS
from chalicelib.offline import schemas as offline_schemas
from chalicelib.people import schemas as people_schemas
from chalicelib.permits import schemas as permits_schemas
from chalicelib.quotas import schemas as quotas_schemas
from chalicelib.reports import schemas as reports_schemas
from chalicelib.requirements import schemas as requirements_schemas
from chalicelib.species import schemas as species_schemas
from chalicelib.stamps import schemas as stamps_schemas
from chalicelib.suspicions import schemas as suspicions_schemas
from chalicelib.trust import schemas as trust_schemas
from chalicelib.verification import schemas as verification_schemas

type Schema = dict[str, Any]  # a JSON Schema, or another part of the OpenAPI document

TEXT: Schema = {"type": "string"}

BINARY: Schema = {"type": "string", "format": "binary"}  # bytes that are no text; client generators make a file of them

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

BODIES: Mapping[str, Mapping[str, Any]] = {
    "Verify": {"qr": _QR, "direction": "export"},
    "ApplicationBody": {
        "document_type": "E",
        "valid_until": "2027-03-31",
        "purpose": "B",
        "form": "paper",
        "exporter": {"name": "Altyn Falcon LLC", "address": "12 Toktogul St, Bishkek", "country": "KG"},
        "importer": {"name": "Al Dhafra Falcons", "address": "P.O. Box 45, Abu Dhabi", "country": "AE"},
        "lines": [_LINE],
    },
    "ReasonBody": {"reason": "The rings could not be read."},
    "SetAsideBody": {"country": "AE", "reason": "Abu Dhabi wrote that the report was for another permit."},
    "ConfirmSetAsideBody": {"country": "AE"},
    "Why": {"reason": "Made twice."},
    "Finding": {"kind": "legal_acquisition", "result": "positive", "note": "Breeding record seen."},
    "Approve": {"digest": "3f0c6d2b9a41e87750c2d1f6b8a93e4477aa01c5d9e2f3b4a6978812cd34ef56"},
    "OverrideBody": {
        "stops": [{"field": "lines[0].quantity", "code": "suspended"}],
        "reason": "The Secretariat confirmed in writing that this consignment is excepted.",
        "digest": "3f0c6d2b9a41e87750c2d1f6b8a93e4477aa01c5d9e2f3b4a6978812cd34ef56",
    },
    "Revoke": {"reason": "Issued on a false declaration.", "for_cause": True},
    "SettleDifference": {"choice": "restore", "reason": "The officer's book has this export."},
    "Lost": {"reason": "The bag was stolen at the station.", "how": "stolen"},
    "ScanBody": {
        "event_id": _EVENT,
        "qr": _QR,
        "post": "manas-airport",
        "direction": "export",
        "scanned_at": "2026-11-25T09:30:00Z",
        "goods_present": True,
    },
    "Resolve": {"code": "U5", "result": "cleared", "reason": "The same birds, shown again."},
    "EndorsementBody": {
        "event_id": _EVENT,
        "qr": _QR,
        "post": "manas-airport",
        "direction": "export",
        "endorsed_at": "2026-11-25T09:31:00Z",
        "lines": [{"line": "A", "quantity": "1"}],
        "transport_document": "AWB 176-12345675",
    },
    "UndoBody": {"event_id": _EVENT, "reason": "The flight was cancelled; the birds are here."},
    "Deputise": {
        "deputy": "6f5c4f0e-9d3a-4f2a-8be0-a1c70b6ec3a9",
        "represented": "0b6ec3a9-6f5c-4f0e-9d3a-5f2a4be0a1c7",
        "first": "2026-12-01",
        "last": "2026-12-14",
        "reason": "Annual leave.",
    },
    "NewQuota": {
        "year": 2026,
        "scientific_name": "Falco cherrug",
        "terms": ["LIV"],
        "sources": ["W"],
        "quantity": "10",
        "source": "Order 12 of the Ministry",
        "as_of": "2026-01-15",
    },
    "QuotaFigure": {
        "quantity": "12",
        "source": "Order 31 of the Ministry",
        "as_of": "2026-06-01",
        "reason": "Count of spring.",
    },
    "StampRun": {"prefix": "KG-A ", "first": "000001", "last": "000500"},
    "SpeciesListDecision": {"reason": "The file is of last year."},
    "StampPutOn": {"number": "KG-A 000018"},
    "SpoiledStamp": {"number": "KG-A 000017", "reason": "Torn when it was taken off its sheet."},
    "Me": {"notify": {"email": "aigul@example.kg", "language": "ky"}},
    "ForeignCorrection": {
        "version": 1,
        "reason": "The number was typed from the wrong box.",
        "direction": "import",
        "issuer": "KZ",
        "number": "KZ-0458/2026",
        "permit": {"document_type": "E", "lines": [_LINE]},
    },
    "ForeignPermitBody": {
        "event_id": _EVENT,
        "post": "manas-airport",
        "recorded_at": "2026-11-25T09:30:00Z",
        "direction": "import",
        "issuer": "KZ",
        "number": "KZ-0457/2026",
        "issued_on": "2026-10-02",
        "permit": {
            "document_type": "E",
            "valid_until": "2027-03-31",
            "purpose": "Z",
            "lines": [_LINE],
            "exporter": {"name": "Almaty Zoo", "country": "KZ"},
            "importer": {"name": "Bishkek Zoo", "country": "KG"},
        },
        "endorsed": {
            "lines": [{"line": "A", "quantity": "1"}],
            "transport_document": "CMR 1187",
            "retained": True,
        },
    },
    "ExpertQuestionBody": {
        "event_id": _EVENT,
        "post": "manas-airport",
        "recorded_at": "2026-11-25T09:30:00Z",
        "term": "HOR",
        "taxon": "Ovis ammon",
        "question": "Young argali or urial? Girth at the base is 28 cm, edges half sharp.",
    },
    "ExpertAnswer": {
        "certain": "certain",
        "taxon": "Ovis ammon",
        "text": "Rounded edges, rings all round: a young argali.",
    },
    "ForeignUse": {
        "lines": [{"line": "A", "quantity": "1"}],
        "transport_document": "CMR 1187",
        "retained": True,
    },
    "ForeignAnswer": {
        "result": "confirmed",
        "text": "We issued this permit on 2 October 2026.",
        "received_on": "2026-11-27",
    },
    "AskBody": {"country": "UZ", "number": "26UZ000123/E"},
    "ArrivedBody": {"country": "UZ", "number": "26UZ000123/E"},
    "PartyBody": {
        "certificates": ["9b1f0c6d2b9a41e87750c2d1f6b8a93e4477aa01c5d9e2f3b4a6978812cd34ef"],
        "may": ["GetNonFinalCitesCertificate", "ServiceState"],
        "active": True,
        "note": "Letter of 3 November 2026.",
    },
    "CaseBody": {
        "event_id": _EVENT,
        "post": "manas-airport",
        "recorded_at": "2026-11-25T09:40:00Z",
        "kind": "seizure",
        "direction": "export",
        "agency": "customs",
        "reason": "no_document",
        "detection": "xray",
        "goods": [{"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "4"}],
        "route": {"origin": "KG", "destination": "AE", "transport": "air", "document": "flight XY 123"},
        "concealment": "In tubes inside a suitcase.",
        "people": [{"role": "carrier", "name": "N. N.", "nationality": "KG"}],
    },
    "CaseAmend": {
        "version": 1,
        "kind": "seizure",
        "agency": "customs",
        "reason": "no_document",
        "goods": [{"scientific_name": "Falco cherrug", "term": "LIV", "quantity": "4"}],
        "law": "Code of Misdemeanours",
        "sanction": "Fine of 20 000 som.",
        "disposal": "rescue_centre",
    },
    "Custody": {"what": "4 live birds, boxes 1-2", "giver": "Customs, Manas", "taker": "Rescue centre", "seal": "0017"},
    "FollowUp": {"kind": "charged", "text": "Proceedings were opened.", "on": "2026-11-27"},
    "PatternAnswer": {"result": "explained", "reason": "The same falcon: it came back in March."},
    "OperationBody": {
        "number": "A-KG-001",
        "holder": "Altyn Falcon LLC",
        "scientific_name": "Falco cherrug",
        "sources": ["C", "F"],
        "a_year": "40",
        "since": "2024-03-01",
        "source": "Order 18 of the Ministry",
    },
    "Acknowledge": {"note": "On my way to the post."},
    "WatchEntryBody": {
        "kind": "mark",
        "value": "KG-0117",
        "reason": "Reported stolen.",
        "until": "2027-11-25T00:00:00Z",
    },
    "DutyDeskBody": {"addresses": [{"email": "duty@example.kg", "language": "ru"}]},
    "Confirm": {"version": 2},
    "DeviceBody": {"public_key": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE...", "post": "manas-airport", "name": "scan 3"},
}

ANSWERS = schemas_of(
    {
        "Problem": Problem,
        **alerts_schemas.ANSWERS,
        **applications_schemas.ANSWERS,
        **breeding_schemas.ANSWERS,
        **cases_schemas.ANSWERS,
        **diagnostics_schemas.ANSWERS,
        **endorsement_schemas.ANSWERS,
        **exchange_schemas.ANSWERS,
        **expert_questions_schemas.ANSWERS,
        **foreign_permits_schemas.ANSWERS,
        **identification_schemas.ANSWERS,
        **offline_schemas.ANSWERS,
        **people_schemas.ANSWERS,
        **permits_schemas.ANSWERS,
        **quotas_schemas.ANSWERS,
        **reports_schemas.ANSWERS,
        **requirements_schemas.ANSWERS,
        **species_schemas.ANSWERS,
        **stamps_schemas.ANSWERS,
        **suspicions_schemas.ANSWERS,
        **trust_schemas.ANSWERS,
        **verification_schemas.ANSWERS,
    }
)

DESCRIPTION = (
    "CITES permits: apply, issue, verify, endorse. Times are RFC 3339 in UTC, days are the "
    "Party's calendar days, quantities are strings. Errors are RFC 9457 problems; HEAD is answered wherever GET is "
    "public; 429 and 503 say when to ask again (Retry-After). JSON is read strictly: no name "
    "twice, no unknown name; in an application null and an empty text are the same as leaving a field out."
)

# The gateway's own answers become the same problems through GatewayResponses: MISSING_AUTHENTICATION_TOKEN
# (the gateway's name for an unknown path or method) 404, ACCESS_DENIED and UNAUTHORIZED 401, REQUEST_TOO_LARGE 413,
# UNSUPPORTED_MEDIA_TYPE 415, THROTTLED and QUOTA_EXCEEDED 429, AUTHORIZER_FAILURE and INTEGRATION_TIMEOUT 503,
# BAD_REQUEST_BODY and BAD_REQUEST_PARAMETERS 422, DEFAULT_4XX `invalid`, DEFAULT_5XX `fault`.


def document(routes: Mapping[str, Mapping[str, Any]], *, host: str) -> Schema:
    """Return the OpenAPI document of these Chalice routes."""
    operations = operations_of(routes)
    paths: dict[str, Schema] = {}
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
                "Problem": problem_schema(),
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def operations_of(routes: Mapping[str, Mapping[str, Any]]) -> list[Operation]:
    """Return the operations of all routes, sorted by path and method.

    Raises AttributeError for a route that was not made with our blueprint.
    """
    return [
        entry.view_function.operation
        for _, methods in sorted(routes.items())
        for method, entry in sorted(methods.items())
        if method == entry.view_function.operation.method  # leaves out HEAD, which is the GET operation
    ]


def problem_schema() -> Schema:
    """Return the schema of problems (RFC 9457), with the types and their statuses. Each refusal is there once.

    Internal faults and `UnreadableRow` share a slug with a refusal, so they are left out.
    """
    refusals: set[type[errors.TamgaError]] = {*EDGE_PROBLEMS}
    refusals |= {
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.TamgaError)
    }
    refusals -= {*errors.INTERNAL_FAULTS, errors.UnreadableRow}
    table = sorted((each.status, each.slug, each.title) for each in refusals)
    schema = ANSWERS["Problem"]
    return {
        **schema,
        "properties": {**schema["properties"], "type": {"enum": [TYPE + slug for _, slug, _ in table]}},
        "x-problems": [{"status": s, "slug": slug, "title": title} for s, slug, title in table],
    }


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _request_schemas(operations: list[Operation]) -> Schema:
    models = {operation.body for operation in operations if operation.body is not None}
    named = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema([(model, "validation") for model in named], ref_template=REFS)
    found: Schema = definitions["$defs"]
    return found


def _operation(operation: Operation) -> Schema:
    described: Schema = {
        "operationId": _id(operation),
        "summary": operation.summary,
        "security": [{}, {"bearer": []}] if operation.public else [{"bearer": []}],
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.query)],
        "responses": {
            **({"200": _answer(operation)} if operation.repeats else {}),
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


def _refusals(operation: Operation) -> Schema:
    """Return the error responses: problems, and for callers of SOAP 1.1 also a fault (s. 6.2: always 500)."""
    problem = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
    fault = {"500": {"description": "A fault", "content": {kind: {"schema": BINARY} for kind in operation.produces}}}
    return {**(fault if operation.refused else {}), "default": problem}


def _answer(operation: Operation) -> Schema:
    content: Schema = {}
    for kind in operation.produces:
        schema = TEXT if kind.startswith("text/") else BINARY
        if kind == JSON:
            schema = ref(operation.returns) if operation.returns in ANSWERS else {"type": "object"}
        content[kind] = {"schema": schema}
    return {"description": operation.summary or "The answer", "content": content}


def _id(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace(".", "-").strip("/").replace("/", "-")
    return f"{operation.method.lower()}-{words or 'front'}"


def _path_parameters(path: str) -> list[Schema]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]


def _query_parameters(model: type[BaseModel] | None) -> list[Schema]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=REFS)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(part)}
        for name, part in schema["properties"].items()
    ]


def _without_null(schema: Schema) -> Schema:
    """Return the schema without null, which a query cannot have, and without default and title."""
    kept = [part for part in schema.get("anyOf", []) if part != {"type": "null"}]
    left_out = {"default", "title"}
    return kept[0] if len(kept) == 1 else {name: part for name, part in schema.items() if name not in left_out}
