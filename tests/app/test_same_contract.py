"""The contract and its responses match the fixed copy, tests/fixtures/contract.json.gz.

After an intended change, recorded in CHANGELOG.md, write a new copy: `PYTHONPATH=.:tests:tests/app .venv/bin/python
tests/contract_copy.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from contract_copy import differences, load, of_today, simplified
from jsonschema import Draft202012Validator


@pytest.fixture(scope="module")
def today() -> Any:
    return of_today()


@pytest.fixture(scope="module")
def fixed() -> Any:
    return load()


def test_contract_is_equivalent_to_fixed_copy(fixed: Any, today: Any) -> None:
    found = list(differences(simplified(fixed["contract"]), simplified(today["contract"])))
    assert not found, "\n".join([f"{len(found)} differences, the first:", *found[:20]])


def test_recorded_answers_are_valid_by_current_contract(fixed: Any, today: Any) -> None:
    assert invalid(today["contract"], fixed["answers"]) == []


def test_current_answers_are_valid_by_fixed_contract(fixed: Any, today: Any) -> None:
    assert invalid(fixed["contract"], today["answers"]) == []


def test_current_answers_have_recorded_members(fixed: Any, today: Any) -> None:
    for before, after in zip(fixed["answers"], today["answers"], strict=True):
        assert (after["method"], after["path"], after["status"]) == (before["method"], before["path"], before["status"])
        assert set(members(after["body"])) == set(members(before["body"])), (before["method"], before["path"])


def invalid(contract: Any, answers: list[Any]) -> list[str]:
    """Return each response that its operation's schema refuses, with the first reason."""
    found = []
    for each in answers:
        operation = contract["paths"][template_of(each["path"], contract["paths"])][each["method"].lower()]
        schema = operation["responses"][str(each["status"])]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": contract["components"]})
        for error in list(validator.iter_errors(each["body"]))[:1]:
            found.append(f"{each['method']} {each['path']} {error.json_path}: {error.message}")
    return found


def template_of(path: str, templates: Any) -> str:
    """Return the contract's path template for this path (or the matrix's spelling), with the fewest parameters."""
    fits = [each for each in templates if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(each)), path)]
    return min(fits, key=lambda each: each.count("{"))


def members(value: Any, path: str = "") -> Iterator[str]:
    """Yield path and JSON type of each value. The items of a list share one path."""
    if isinstance(value, dict):
        yield f"{path}: object"
        for name, each in value.items():
            yield from members(each, f"{path}.{name}")
    elif isinstance(value, list):
        yield f"{path}: array"
        for each in value:
            yield from members(each, f"{path}[]")
    else:
        yield f"{path}: {type(value).__name__}"


def document(schema: Any, **parts: Any) -> Any:
    """Return a contract with one response."""
    answer = {"description": "prose", "content": {"application/json": {"schema": schema}}}
    get = {"summary": "prose", "parameters": [], "responses": {"200": answer}}
    return {"paths": {"/a": {"get": get}}, "components": {"schemas": parts, "securitySchemes": {}}}


NAME = {"title": "N", "type": "object", "properties": {"title": {"type": "string"}, "b": {"enum": ["x", "y"]}}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (document({"$ref": "#/components/schemas/A"}, A=NAME), document({"$ref": "#/components/schemas/B"}, B=NAME)),
        (document({"$ref": "#/components/schemas/A"}, A=NAME), document(dict(reversed(NAME.items())))),
        (
            document({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, A=NAME),
            document({**NAME, "nullable": True}),
        ),
        (
            document({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}),
            document({"type": ["null", "string"], "description": "prose"}),
        ),
        (document({"const": "x", "type": "string"}), document({"enum": ["x"]})),
        (document({"enum": ["x", None]}), document({"anyOf": [{"type": "null"}, {"type": "string", "enum": ["x"]}]})),
        (document({**NAME, "required": ["b", "title"]}), document({**NAME, "required": ["title", "b"]})),
        (
            document({"$ref": "#/components/schemas/A"}, A={"items": {"$ref": "#/components/schemas/A"}}),
            document({"$ref": "#/components/schemas/B"}, B={"items": {"$ref": "#/components/schemas/B"}}),
        ),
    ],
)
def test_other_spellings_of_contract_are_equivalent(one: Any, other: Any) -> None:
    assert list(differences(simplified(one), simplified(other))) == []


def test_changed_member_is_reported_by_its_path() -> None:
    changed = deepcopy(NAME)
    changed["properties"]["title"] = {"type": "integer"}  # type: ignore[index]
    changed["properties"]["b"] = {"enum": ["x", "y", "z"]}  # type: ignore[index]
    before, after = document({"type": "array", "items": NAME}), document({"type": "array", "items": changed})
    at = "paths./a.get.responses.200.content.application/json.schema.items.properties"
    assert list(differences(simplified(before), simplified(after))) == [
        f'{at}.b.enum: gone [], new ["z"]',
        f'{at}.title.type: was "string", is "integer"',
    ]
