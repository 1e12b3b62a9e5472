"""Local gateway over real HTTP on 127.0.0.1: threads, binary bodies both ways, and its own refusals."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import Any

import pytest
from chalice.deploy.swagger import TemplatedSwaggerGenerator
from desk import issued
from http_client import get
from office import MemoryOffice

from app import app
from chalicelib.kernel.rows import Key, Row
from local import server, site


@pytest.fixture
def port(office: MemoryOffice) -> Iterator[int]:
    running = server.create(app, 0)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    assert running.effective_host == "127.0.0.1"
    yield int(running.effective_port)
    running.task_dispatcher.shutdown(
        cancel_pending=True, timeout=5
    )  # closing the server inside its own loop would break the loop


def ask(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, answer.headers, data


def test_binary_response_is_sent_as_bytes(port: int, office: MemoryOffice) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/cbor"}):
        status, sent, data = ask(port, "GET", "/trust-list", headers=headers)
        assert (status, sent["Content-Type"]) == (200, "application/cbor")
        assert data == office.static.read("trust-list")[0]


def test_binary_request_body_arrives_as_bytes(port: int, office: MemoryOffice) -> None:
    got: list[bytes] = []

    class Reader:
        def read(self, data: bytes, content_type: str) -> object:
            from chalicelib.verdict.file_findings import FileFindings

            got.append(data)
            return FileFindings("pdf", trouble="broken")

    office.reader = Reader()
    data = b"%PDF-" + bytes(range(256)) * 40
    status, _, _ = ask(port, "POST", "/v1/verify/document", data, {"Content-Type": "application/pdf"})
    assert (status, got) == (422, [data])


def test_concurrent_requests_do_not_mix(port: int, office: MemoryOffice) -> None:
    codes = [issued() for _ in range(4)]

    def verify(n: int) -> tuple[str, str]:
        permit = codes[n % 4]
        body = json.dumps({"qr": permit["qr"]}).encode()
        _, _, data = ask(port, "POST", "/v1/verify", body, {"Content-Type": "application/json"})
        return permit["number"], json.loads(data)["permit"]["number"]

    with ThreadPoolExecutor(8) as pool:
        assert all(mine == theirs for mine, theirs in pool.map(verify, range(64)))


@pytest.mark.parametrize("path", ["/", "/1", "/v1/health", "/v1/openapi.json", "/trust-list", "/s/99q9", "/v1/species"])
def test_head_equals_get_without_body(port: int, path: str) -> None:
    volatile = {"date", "x-correlation-id"}
    got, head = ask(port, "GET", path), ask(port, "HEAD", path)
    assert head[2] == b""
    assert head[0] == got[0]
    assert [(n, v) for n, v in head[1].items() if n.lower() not in volatile] == [
        (n, v) for n, v in got[1].items() if n.lower() not in volatile
    ]


def test_head_on_route_with_authorizer_returns_405(port: int) -> None:
    status, headers, data = ask(port, "HEAD", "/v1/permits")
    assert (status, headers["Allow"], data) == (405, "GET, POST", b"")


def test_requests_over_queue_limit_get_503_at_once(port: int, office: MemoryOffice) -> None:
    """Requests within the limit are answered in turn. The others do not wait."""
    crowd = server.THREADS + server.WAITING + 20
    gate, held = threading.Event(), office.register.get

    def slow(key: Key) -> Row | None:
        gate.wait(90)
        return held(key)

    office.register.get = slow  # type: ignore[method-assign]
    with ThreadPoolExecutor(crowd) as pool:
        asked = [pool.submit(ask, port, "GET", "/v1/health") for _ in range(crowd)]
        refused = [each.result() for _, each in zip(range(20), as_completed(asked, timeout=90), strict=False)]
        assert not gate.is_set()
        gate.set()
        statuses = Counter(each.result()[0] for each in asked)
    assert statuses == {200: crowd - 20, 503: 20}
    for status, headers, data in refused:
        assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, "application/problem+json", "2")
        assert json.loads(data)["type"].endswith("/unavailable")
    assert ask(port, "GET", "/v1/health")[0] == 200


def test_several_servers_share_one_socket(office: MemoryOffice) -> None:
    """Each of two servers answers on the socket: one with 200, the other with 503 (`starting`)."""
    shared = server.listen(0)
    running = [server.create(app, shared.dup(), ready=partial(bool, each)) for each in (True, False)]
    for each in running:
        threading.Thread(target=each.run, daemon=True).start()
    statuses: set[int] = set()
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(100):  # the kernel chooses the server of each connection
                asked = pool.map(lambda _: ask(shared.getsockname()[1], "GET", "/v1/health")[0], range(8))
                statuses.update(asked)
                if len(statuses) > 1:
                    break
        assert statuses == {200, 503}
    finally:
        for each in running:
            each.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


def test_pages_are_built_once_on_concurrent_first_requests(
    port: int, office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    class Slow(site.Site):
        def __init__(self, facts: Mapping[str, Any]) -> None:
            made.append(str(facts["host"]))
            time.sleep(0.2)
            super().__init__(facts)

    monkeypatch.setattr(site, "Site", Slow)
    with ThreadPoolExecutor(server.THREADS) as pool:
        statuses = list(pool.map(lambda _: ask(port, "GET", "/v1/health")[0], range(server.THREADS)))
    assert (statuses, len(made)) == ([200] * server.THREADS, 1)


def test_current_request_is_local_to_its_thread(office: MemoryOffice) -> None:
    assert get("/v1/health").status == 200
    assert app.current_request.path == "/v1/health"
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(hasattr, app, "current_request").result() is False


@pytest.mark.parametrize(("path", "status"), [
    ("/v1/permits", 401), ("/v1/nothing", 404), ("/v1/verify", 405), ("/v1/permits/%2e%2e", 401), ("/%ff", 404),
    ("/v1/verify/number?number=%ff&code=%00", 404), ("/v1/verify/number?" + "a=b&" * 500, 422),
])  # fmt: skip
def test_refusals_are_problem_documents(port: int, path: str, status: int) -> None:
    answered, headers, data = ask(port, "GET", path)
    assert (answered, headers["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(data)["status"] == status


def test_oversized_body_returns_413_problem(port: int) -> None:
    body = bytes(server.BODY_AT_MOST * 5)
    answered, headers, data = ask(port, "POST", "/v1/verify", body, {"Content-Type": "application/json"})
    assert (answered, headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(data)["type"].endswith("too-large")


def test_swagger_for_api_gateway_contains_every_route() -> None:
    """Chalice generates the deployment's Swagger from the same routes. Each has our authorizer or is public."""
    swagger = TemplatedSwaggerGenerator().generate_swagger(app)
    assert set(swagger["paths"]) == set(app.routes)
    assert "application/pdf" in swagger["x-amazon-apigateway-binary-media-types"]
    assert list(swagger["securityDefinitions"]) == ["access"]


def test_health_is_starting_until_example_data_are_loaded(office: MemoryOffice) -> None:
    there = [False]
    made = server.create(app, 0, ready=lambda: there[0])
    threading.Thread(target=made.run, daemon=True).start()
    try:
        port = int(made.effective_port)
        status, headers, body = ask(port, "GET", "/v1/health")
        assert (status, json.loads(body)["status"], headers["Retry-After"]) == (503, "starting", "2")
        there[0] = True
        status, _, body = ask(port, "GET", "/v1/health")
        assert (status, json.loads(body)["status"]) == (200, "ok")
    finally:
        made.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
