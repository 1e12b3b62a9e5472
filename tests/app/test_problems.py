"""Refusals and faults: problem documents by RFC 9457, and nothing confidential in response or log."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from http_client import get, post
from office import MemoryOffice

from chalicelib.http import problems
from chalicelib.http.authorizer import access
from chalicelib.kernel import errors
from chalicelib.kernel.errors import CborError, KeyFormatError
from chalicelib.platform import log

EVERY = {
    "invalid": 422,
    "wrong-state": 409,
    "digest-mismatch": 409,
    "two-people": 403,
    "not-genuine": 422,
    "not-usable": 409,
    "already-used": 409,
    "kept-as-conflict": 409,
    "quantity-exceeded": 422,
    "event-id-reused": 422,
    "no-match": 404,
    "too-large": 413,
    "too-many": 429,
    "too-many-drafts": 409,
    "forbidden": 403,
    "lost-device": 403,
    "exchange-refused": 403,
    "unauthenticated": 401,
    "unavailable": 503,
}  # fmt: skip  as in the contract


def test_problem_types_and_statuses_match_contract() -> None:
    kinds = [k for k in errors.TamgaError.__subclasses__() if k.__module__ == errors.__name__]
    found = {k.slug: k.status for k in kinds}
    assert found == EVERY


def test_problem_has_members_and_extra_fields() -> None:
    error = errors.AlreadyUsed("Used.", first_use={"at": 1_795_600_000, "post": "osh-airport", "lines": []}, status=1)
    body = problems.body_of(error, "c-1")
    assert body == {
        "type": "https://tamga.kg/problems/already-used",
        "title": "The permit has been used",
        "status": 409,
        "detail": "Used.",
        "correlation_id": "c-1",
        "first_use": {"at": "2026-11-25T09:46:40Z", "post": "osh-airport", "lines": []},
    }


def test_problem_lists_faults_of_fields() -> None:
    error = errors.Invalid(errors.FieldError("lines[0].quantity", "quantity", "Block 11."))
    assert problems.body_of(error, "c")["errors"] == [
        {"field": "lines[0].quantity", "code": "quantity", "detail": "Block 11."}
    ]


@pytest.mark.parametrize(("error", "seconds"), [(errors.Unavailable(), "2"), (errors.TooMany("", retry_after=7), "7")])
def test_unavailable_and_too_many_have_retry_after(error: errors.TamgaError, seconds: str) -> None:
    assert problems.answer(error, "c").headers["Retry-After"] == seconds


class Capture(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def lines() -> Any:
    handler = Capture()
    logging.getLogger("tamga").addHandler(handler)
    yield handler.lines
    logging.getLogger("tamga").removeHandler(handler)


def test_bug_returns_fault_with_correlation_id_and_no_data(
    office: MemoryOffice, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Falcon-of-nobody"

    def explode(token: str) -> None:
        raise KeyError(f"{secret} {token}")

    monkeypatch.setattr(office, "authenticate", explode)
    answer = post("/v1/verify", {"qr": secret}, token="tttoken", query={})
    assert (answer.status, answer.slug) == (500, "fault")
    assert secret not in answer.body.decode()
    faults = [json.loads(line) for line in lines if '"fault"' in line]
    assert [f["error"] for f in faults] == ["KeyError"]
    assert faults[0]["correlation_id"] == answer.json["correlation_id"]
    assert not any(secret in line or "tttoken" in line for line in lines)


def test_request_is_logged_in_one_line_without_its_content(office: MemoryOffice, lines: list[str]) -> None:
    get("/v1/verify/number", query={"number": "26KG000123/E", "code": "ABCD-EFGH"})
    assert len(lines) == 1
    said = json.loads(lines[0])
    assert set(said) == {"level", "event", "route", "method", "status", "ms", "correlation_id"}
    assert said["route"] == "/v1/verify/number"
    assert "26KG000123" not in lines[0]


def test_refusal_is_logged_with_person_id_and_no_content(office: MemoryOffice, lines: list[str]) -> None:
    post("/v1/permits", {"secret": "Falcon-of-nobody"}, token="aizada")
    get("/v1/permits/01ARZ3NDEKTSV4RRFFQ69G5FAV", token="applicant")
    for _ in range(101):
        get("/v1/verify/number", query={"number": "26KG000123/E", "code": "ABCD-EFGH"}, token="aizada")
    post("/v1/verify", {"qr": "x"}, token="nobody")
    said = [json.loads(line) for line in lines if '"refused"' in line]
    assert [(one["slug"], one["where"], one["who"]) for one in said] == [
        ("forbidden", "POST /v1/permits", "u-aizada"),
        ("no-match", "GET /v1/permits/{permit_id}", "u-exporter"),
        *[("no-match", "GET /v1/verify/number", "u-aizada")] * 100,
        ("too-many", "GET /v1/verify/number", "u-aizada"),
        ("unauthenticated", "POST /v1/verify", ""),
    ]
    assert all(one["level"] == "WARNING" and one["correlation_id"] and not one["why"] for one in said)
    assert not any(word in line for line in lines for word in ("Falcon", "26KG000123", "ABCD"))


def test_refused_token_is_logged_with_reason_and_without_token(office: MemoryOffice, lines: list[str]) -> None:
    arn = "arn:aws:execute-api:x:1:a/api/GET/v1/permits/p-1"
    access({"type": "TOKEN", "authorizationToken": "Bearer tttoken", "methodArn": arn}, {})
    assert [json.loads(line) for line in lines] == [
        {"level": "WARNING", "event": "refused", "slug": "unauthenticated", "where": "access", "who": "",
         "why": "Sign in first", "correlation_id": ""}
    ]  # fmt: skip


def test_security_headers_are_on_every_response(office: MemoryOffice) -> None:
    for answer in (
        get("/v1/health"), get("/v1/openapi.json"), get("/nothing"), get("/v1/permits"), get("/"),
        post("/v1/verify", {"qr": "x"}), post("/v1/verify", data=b"{"),
    ):  # fmt: skip
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "max-age" in answer.headers["strict-transport-security"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "script" not in answer.headers["content-security-policy"]
        assert answer.headers["x-correlation-id"]
    assert post("/v1/verify", {"qr": "x"}).headers["cache-control"] == "no-store"


def test_the_log_writes_place_of_fault_and_not_its_message(lines: list[str]) -> None:
    try:
        int("Falco cherrug")
    except ValueError as error:
        log.fault(error, "here", "c")
    assert "Falco" not in lines[0]
    assert "test_the_log_writes" in lines[0]


@pytest.mark.parametrize(
    "error",
    [errors.DecodeError("T1", 3, "stored bytes"), CborError("stored bytes"), KeyFormatError("stored bytes")],
    ids=type,
)
def test_corrupt_stored_bytes_return_fault_500(
    office: MemoryOffice, lines: list[str], monkeypatch: pytest.MonkeyPatch, error: errors.TamgaError
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(office, "checker", broken)
    answer = post("/v1/verify", {"qr": "x"})
    assert (answer.status, answer.slug) == (500, "fault")
    assert "stored" not in answer.body.decode()
    assert [json.loads(line)["error"] for line in lines if '"fault"' in line] == [type(error).__qualname__]


def test_unreadable_own_trust_list_returns_unavailable_and_is_logged(office: MemoryOffice, lines: list[str]) -> None:
    held = office.static.read("trust-list")
    office.static.write("trust-list", b"<html>", content_type="", etag=held[1])
    office.later(0)  # as another process
    answer = post("/v1/verify", {"qr": "x"})
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert next(json.loads(line)["where"] for line in lines if '"fault"' in line) == "trust"
