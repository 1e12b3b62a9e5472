"""Fuzz test of every operation of the contract, with valid and nearly valid requests (schemathesis).

Each operation is called with the token of every person in turn, and without one. Half of the calls name existing
things: permits in every state, their codes, their events.

1. No 5xx.

2. Every refusal is a problem document.

3. Every response has a status, content type and shape that the contract allows.

4. Without a token 401, in a wrong role 403, for any content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from desk import draft, issued, submitted
from http_client import GATEWAY, PROBLEM
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from office import MemoryOffice
from proof import FULL, SEED, found, size
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from staff import PEOPLE
from test_matrix import endorsed, registered, scanned, suspended, with_paper

from app import app
from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.http.requests import PATH_PARAMETER
from chalicelib.reading.read_document import read

EXAMPLES = size(4, 500)  # per operation and mode
schemathesis.serializer.alias("application/gzip", "application/octet-stream")
EVERYBODY = ["", *sorted(PEOPLE)]
ROUTES = {(method, path) for path, methods in app.routes.items() for method in methods if method != "HEAD"}


@pytest.mark.slow
@pytest.mark.timeout(size(1200, 3000))
@pytest.mark.parametrize("mode", schemathesis.GenerationMode, ids=lambda mode: mode.name)
def test_no_call_fails_or_bypasses_authorization(office: MemoryOffice, mode: schemathesis.GenerationMode) -> None:
    office.reader = MemoryReader(read)
    known = things()
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", GATEWAY)
    seen: Counter[tuple[str, str]] = Counter()
    statuses: Counter[int] = Counter()

    def call(case: schemathesis.Case) -> None:
        turn = seen.total()
        who = EVERYBODY[turn // 2 % len(EVERYBODY)]
        if turn % 2:
            name_real_things(case, known, turn)
        answer = case.call(headers={"Authorization": f"Bearer {who}"} if who else {})
        seen[case.method.upper(), case.path] += 1
        statuses[answer.status_code] += 1
        # The header may be left out, or drawn: Hypothesis tries words of this source, and a name is a token here.
        sent = answer.request.headers.get("Authorization", "").removeprefix("Bearer ")
        check(case, answer, sent if sent in PEOPLE else "")

    for result in schema.get_all_operations():
        operation = result.ok()
        wrongable = operation.query or any("json" in b.media_type for b in operation.body)
        if mode is schemathesis.GenerationMode.POSITIVE or wrongable:
            enough = seen.total() + EXAMPLES
            drawn = fuzz(operation.as_strategy(generation_mode=mode), call)
            while seen.total() < enough:  # if few cases can be generated, repeat them with other tokens
                call(drawn[seen.total() % len(drawn)])
    if mode is schemathesis.GenerationMode.POSITIVE:
        assert ROUTES - set(seen) == {("GET", "/v1/openapi.json")}  # schemathesis leaves out the contract itself
    assert not FULL or min(seen.values()) >= EXAMPLES
    found("api", **{f"{mode.name.lower()}_calls": sum(seen.values()), f"{mode.name.lower()}_done": statuses[200]})


def fuzz(
    cases: SearchStrategy[schemathesis.Case], call: Callable[[schemathesis.Case], None]
) -> list[schemathesis.Case]:
    """Call each generated case and return all of them."""
    drawn = []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(case=cases)
    def calls(case: schemathesis.Case) -> None:
        drawn.append(case)
        call(case)

    calls()
    return drawn


def things() -> dict[str, list[str]]:
    """Return ids and codes of existing things, by parameter name."""
    permits = [{"id": draft()}, submitted(), issued(), suspended("preparer"), endorsed("preparer")]
    scan, paper = scanned("preparer"), with_paper("preparer")
    codes = [permit["qr"] for permit in permits if permit.get("qr")]
    return {
        "permit_id": [permit["id"] for permit in (*permits, paper)],
        "event_id": [permits[-1]["event_id"], scan["event_id"]],
        "attachment_id": [paper["attachment_id"]],
        "device_id": [registered("")["device_id"]],
        "species_id": ["falco-cherrug"],
        "part": ["species"],
        "qr": codes,
        "post": ["manas-airport"],
    }


def name_real_things(case: schemathesis.Case, known: dict[str, list[str]], turn: int) -> None:
    body = case.body if isinstance(case.body, dict) else {}
    for where, names in ((case.path_parameters, known), (body, ("qr", "post"))):
        for name in set(where or {}) & set(names):
            where[name] = known[name][turn % len(known[name])]


def leads_there(case: schemathesis.Case) -> bool:
    """Return True if the address reaches this operation.

    An id may be empty, contain a slash, or be a word such as `check`.
    """
    parts = [str(part) for part in (case.path_parameters or {}).values()]
    if not all(PATH_PARAMETER.fullmatch(part) for part in parts):
        return False
    return case.path == case.formatted_path or case.formatted_path not in app.routes


def check(case: schemathesis.Case, answer: Any, who: str) -> None:
    described = case.operation.definition.raw
    status = answer.status_code
    if "500" in described["responses"]:  # SOAP: each refusal is a fault with status 500
        assert "The service failed" not in answer.text, case.body
        assert answer.headers["content-type"][0].startswith("text/xml")
        return
    assert status < 500, (case.body, answer.text)  # 1
    if status >= 400:
        assert answer.headers["content-type"] == [PROBLEM]  # 2
    if not leads_there(case):
        return
    if status < 400:
        assert str(status) in described["responses"], status  # 3
    conforms: list[Callable[..., Any]] = [content_type_conformance, response_schema_conformance]
    case.validate_response(answer, checks=conforms)
    if "x-roles" in described:  # 4
        if not who:
            assert status == 401, (case.method, case.formatted_path, answer.text)
        elif PEOPLE[who].roles.isdisjoint(described["x-roles"]):
            assert status == 403, (case.method, case.formatted_path, who, answer.text)
