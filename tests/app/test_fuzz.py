"""Whether anything that the contract describes, or nearly describes, makes the service fail (schemathesis)."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from desk import draft, issued
from http_client import GATEWAY
from hypothesis import HealthCheck, Phase, given, settings
from office import MemoryOffice
from staff import PEOPLE

from app import app
from chalicelib.adapters.memory import MemoryReader
from chalicelib.reading.read_document import read

EXAMPLES = 12
EVERYBODY = sorted(PEOPLE)
ROUTES = {(method, path) for path, methods in app.routes.items() for method in methods}


@pytest.mark.slow
@pytest.mark.parametrize("mode", schemathesis.GenerationMode, ids=lambda mode: mode.name)
def test_no_call_is_a_5xx_and_every_refusal_a_problem(office: MemoryOffice, mode: schemathesis.GenerationMode) -> None:
    office.reader = MemoryReader(read)
    ids = [draft(), issued()["id"]]
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", GATEWAY)
    seen: Counter[tuple[str, str]] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if mode is schemathesis.GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def calls(case: schemathesis.Case) -> None:
            turn = sum(seen.values())
            if "permit_id" in case.path_parameters:
                case.path_parameters["permit_id"] = ids[turn % 2]
            headers = {"Authorization": f"Bearer {EVERYBODY[turn % len(EVERYBODY)]}"}
            answer = case.call(headers=headers)
            seen[case.method.upper(), case.path] += 1
            assert answer.status_code < 500, (case.body, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == ["application/problem+json"]

        calls()
    if mode is schemathesis.GenerationMode.POSITIVE:
        assert ROUTES - set(seen) == {("GET", "/v1/openapi.json")}  # schemathesis leaves out what it read itself
