"""Responses while DynamoDB throttles every call: a 503 with Retry-After in time, and no accepted verdict."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zlib import crc32

import pytest
from life import approved, issued
from office import APPROVER, MemoryOffice

from app import app
from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.composition import container
from local import server
from local.engine import CREDENTIALS, REGION

PATIENCE = 0.5  # seconds, instead of eight


class Throttled(BaseHTTPRequestHandler):
    """DynamoDB over its limit (Developer Guide, "Error handling")."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow"}'
        self.send_response(400)
        for name, value in (("Content-Length", len(body)), ("x-amz-crc32", crc32(body))):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryOffice]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    made = MemoryOffice()
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


@pytest.fixture
def throttled() -> Iterator[DynamoRegister]:
    dynamodb = ThreadingHTTPServer(("127.0.0.1", 0), Throttled)
    threading.Thread(target=dynamodb.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{dynamodb.server_address[1]}"
    yield DynamoRegister("throttled", region=REGION, endpoint=endpoint, patience=PATIENCE)
    dynamodb.shutdown()


def test_throttled_register_returns_503_and_never_accepts(office: MemoryOffice, throttled: DynamoRegister) -> None:
    permit, waiting = issued(office), approved(office)
    office.trust()
    office.people["approver"] = APPROVER
    office.register = throttled  # type: ignore[assignment]
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(running.effective_port), timeout=90)
        for method, path in (("GET", f"/v1/permits/{permit.id}"), ("POST", f"/v1/permits/{waiting.id}/issue")):
            began = time.monotonic()
            connection.request(method, path, headers={"Authorization": "Bearer approver"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
            assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert told["type"].endswith("/unavailable")
            assert time.monotonic() - began < 60
        connection.request("POST", "/v1/verify", json.dumps({"qr": permit.tokens[0]}))
        verdict = json.loads(connection.getresponse().read())
        assert verdict["outcome"] not in {"accept", "accept_offline"}
    finally:
        running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
