"""The problems of the OpenAPI document."""

from __future__ import annotations

from chalicelib.composition import openapi
from chalicelib.http.problems import EDGE_PROBLEMS
from chalicelib.kernel import errors

INTERNAL = (errors.DecodeError, errors.CborError, errors.KeyFormatError)  # faults of ours share slugs with refusals


def test_problem_schema_lists_each_refusal_once() -> None:
    refusals = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.TamgaError)
    ]
    expected = {(each.status, each.slug, each.title) for each in {*refusals, *EDGE_PROBLEMS} - {*INTERNAL}}
    schema = openapi.problem_schema()
    listed = [(each["status"], each["slug"], each["title"]) for each in schema["x-problems"]]
    assert sorted(listed) == sorted(expected)
    types = schema["properties"]["type"]["enum"]
    assert [
        types.count(openapi.TYPE + slug) for slug in ("restored", "edited-meanwhile", "invalid", "not-genuine")
    ] == [
        1,
        1,
        1,
        1,
    ]
    assert len(types) == len(set(types))
