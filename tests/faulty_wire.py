"""Faulty connection on demand: an HTTP proxy before the local engine that loses or replaces responses.

The faults happen between two sockets, as in reality: client, SDK and adapter are the real ones.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Fault:
    """A fault of one call, by `kind`:

    * lose-answer: done, then no response
    * cut-answer: done, half a response
    * short-answer: done, half a response that appears whole (no length, no checksum)
    * lose-request: never done
    * answer: never done, `status` and `body` instead
    """

    kind: str
    status: int = 400
    body: bytes = b""


def dynamo_error(code: str, *, status: int = 400, **more: Any) -> Fault:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, "Message": code, **more}
    return Fault("answer", status, json.dumps(body).encode())


def cancelled(*reasons: str) -> Fault:
    return dynamo_error(
        "TransactionCanceledException", CancellationReasons=[{"Code": code, "Message": code} for code in reasons]
    )


class FaultyWire:
    """The proxy: `with FaultyWire(port) as wire:` listens on `wire.endpoint`.

    `wire.next("TransactWriteItems", fault, ...)` orders faults.
    """

    def __init__(self, port: int) -> None:
        self.target_port = port
        self.faults: dict[str, deque[Fault]] = {}
        self.calls: list[tuple[str, bytes]] = []  # operation and request body, in order
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # header and body are two writes: otherwise 40 ms each time

            def do_POST(self) -> None:
                wire.relay(self)

            do_GET = do_PUT = do_HEAD = do_POST

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next(self, operation: str, *faults: Fault) -> None:
        """Give the next calls of `operation` these faults, in order."""
        self.faults.setdefault(operation, deque()).extend(faults)

    def bodies(self, operation: str) -> list[Any]:
        return [json.loads(body) for name, body in self.calls if name == operation]

    def relay(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        operation = handler.headers.get("X-Amz-Target", handler.command).rpartition(".")[2]
        self.calls.append((operation, body))
        waiting = self.faults.get(operation)
        fault = waiting.popleft() if waiting else None
        if fault and fault.kind == "lose-request":
            handler.close_connection = True
            return
        if fault and fault.kind == "answer":
            _answer(handler, fault.status, {"Content-Type": "application/x-amz-json-1.0"}, fault.body)
            return
        status, headers, answer = self._forward(handler, body)
        if fault and fault.kind == "lose-answer":
            handler.close_connection = True
            return
        if fault and fault.kind == "cut-answer":
            handler.send_response(status)
            handler.send_header("Content-Type", "application/x-amz-json-1.0")
            handler.send_header("Content-Length", str(len(answer)))
            handler.end_headers()
            handler.wfile.write(answer[: len(answer) // 2])
            handler.close_connection = True
            return
        if fault and fault.kind == "short-answer":
            handler.send_response_only(status)
            handler.send_header("Content-Type", "application/x-amz-json-1.0")
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(answer[: len(answer) // 2])
            handler.close_connection = True
            return
        _answer(handler, status, headers, answer)

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        onward = http.client.HTTPConnection("127.0.0.1", self.target_port, timeout=30)
        try:
            onward.request(handler.command, handler.path, body, dict(handler.headers.items()))
            answer = onward.getresponse()
            return answer.status, dict(answer.headers.items()), answer.read()
        finally:
            onward.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _answer(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response_only(status)
    for name, value in headers.items():
        if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)
