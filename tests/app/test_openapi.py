"""OpenAPI contract: valid by OpenAPI's own schema, complete, and in agreement with the service."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desk import issued, ok, saker
from http_client import get, post
from jsonschema import Draft202012Validator
from office import MemoryOffice
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic.json_schema import models_json_schema

from app import app
from chalicelib.composition.openapi import ANSWERS, BODIES, operations_of
from chalicelib.http.answers import REFS
from chalicelib.http.problems import TYPE
from chalicelib.http.requests import parse
from chalicelib.offline.schemas import SyncBody


@pytest.fixture
def contract(office: MemoryOffice) -> Any:
    return ok(get("/v1/openapi.json"))


def test_contract_is_valid_openapi(contract: Any) -> None:
    assert list(OpenAPIV31SpecValidator(contract).iter_errors()) == []


def test_contract_contains_every_route(contract: Any) -> None:
    described = {(method.upper(), path) for path, item in contract["paths"].items() for method in item}
    served = {(method, path) for path, methods in app.routes.items() for method in methods}
    assert described == {(method, path) for method, path in served if method != "HEAD"}
    assert {path for method, path in served if method == "HEAD"} == {
        path for path, item in contract["paths"].items() if "get" in item and {} in item["get"]["security"]
    }


def test_repeated_request_has_200_beside_201(contract: Any) -> None:
    repeated = {
        path
        for path, item in contract["paths"].items()
        for operation in item.values()
        if {"200", "201"} <= operation["responses"].keys()
    }
    assert repeated == {
        "/v1/cases", "/v1/endorsements", "/v1/expert-questions", "/v1/foreign-permits", "/v1/operations",
    }  # fmt: skip
    question = contract["paths"]["/v1/expert-questions"]["post"]["responses"]
    assert question["200"]["content"] == question["201"]["content"]


def test_every_operation_has_summary_problem_and_path_parameters(contract: Any) -> None:
    ids = []
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            ids.append(operation["operationId"])
            assert operation["summary"].endswith("."), (method, path)
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            names = {part["name"] for part in operation["parameters"] if part["in"] == "path"}
            assert names == {piece[1:-1] for piece in path.split("/") if piece.startswith("{")}
    assert len(ids) == len(set(ids))


def test_every_schema_reference_is_defined(contract: Any) -> None:
    text = json.dumps(contract)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(contract["components"]["schemas"])


def test_each_schema_name_means_one_type(contract: Any) -> None:
    """An answer's type with the name of a request's model, or of another answer's type, would replace its schema."""
    models = {operation.body for operation in operations_of(app.routes) if operation.body is not None}
    _, requests = models_json_schema([(model, "validation") for model in models], ref_template=REFS)
    twice = {name for name, schema in requests["$defs"].items() if ANSWERS.get(name, schema) != schema}
    assert not twice
    assert [name for name in contract["components"]["schemas"] if "__" in name] == []  # pydantic's name for a second


def test_every_json_response_has_schema(contract: Any) -> None:
    """A misspelt name in `returns=` would leave the response without a schema."""
    bare = {
        path
        for path, item in contract["paths"].items()
        for operation in item.values()
        for answer in operation["responses"].values()
        if answer.get("content", {}).get("application/json", {}).get("schema") == {"type": "object"}
    }
    assert bare == {"/v1/openapi.json"}


def test_problem_schema_lists_problem_types(contract: Any) -> None:
    listed = contract["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    for slug in ("invalid", "already-used", "too-large", "unauthenticated", "unsupported-media-type", "fault"):
        assert TYPE + slug in listed


def conforms(contract: Any, name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []


def test_responses_conform_to_their_schemas(contract: Any, office: MemoryOffice) -> None:
    permit = issued()
    conforms(contract, "Permit", permit)
    conforms(contract, "Verdict", ok(post("/v1/verify", {"qr": permit["qr"]})))
    conforms(contract, "Verdict", ok(post("/v1/verify", {"qr": "nonsense"})))
    conforms(contract, "Permits", ok(get("/v1/permits", token="preparer")))
    conforms(contract, "History", ok(get(f"/v1/permits/{permit['id']}/history", token="preparer")))
    conforms(contract, "Problem", get("/v1/permits/none", token="preparer").json)
    conforms(contract, "Problem", post("/v1/permits", {"nonsense": 1}, token="preparer").json)
    conforms(contract, "ApplicationBody", saker())
    conforms(contract, "SpeciesList", ok(get("/v1/species", query={"q": "falco"})))
    conforms(contract, "Species", ok(get("/v1/species/falco-cherrug")))
    conforms(contract, "Identification", ok(get("/v1/identification")))
    conforms(contract, "Candidate", ok(get("/v1/identification/argali-horn")))
    conforms(contract, "Bundle", ok(get("/v1/bundle", token="aizada")))
    conforms(contract, "Person", ok(get("/v1/me", token="aizada")))
    conforms(contract, "Health", ok(get("/v1/health")))


def test_docs_page_has_no_script_and_lists_every_route(office: MemoryOffice) -> None:
    answer = get("/v1/docs")
    page = answer.body.decode()
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script" not in page
    assert "http" not in page.split("<main>")[0].replace("http-equiv", "")
    for path in app.routes:
        assert f" {path}</code>" in page
    assert "Altyn Falcon LLC" in page
    assert "For: approver." in page


def test_every_body_has_valid_example(contract: Any) -> None:
    bodies = {each.body for each in operations_of(app.routes) if each.body is not None and each.body.model_fields}
    assert {body.__name__ for body in bodies} == {*BODIES, "SyncBody"}  # signed events: described in FORMAT.md
    for body in bodies - {SyncBody}:
        parse(body, BODIES[body.__name__])
    post = contract["paths"]["/v1/verify"]["post"]["requestBody"]["content"]["application/json"]
    assert post["example"] == BODIES["Verify"]
