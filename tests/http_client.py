"""Client of the application in this process, through the WSGI gateway that serves the local run."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app import app
from local.server import CLIENT_CERTIFICATE, Gateway

GATEWAY = Gateway(app)
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def slug(self) -> str:
        """The last segment of the problem's type. Fails for a response that is no problem."""
        assert self.headers["content-type"] == PROBLEM, (self.status, self.body[:300])
        assert self.json["status"] == self.status
        assert self.json["type"].startswith("https://tamga.kg/problems/")
        assert self.json["correlation_id"] == self.headers["x-correlation-id"]
        return str(self.json["type"].rpartition("/")[2])


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = None,
    data: bytes | None = None,
    content_type: str | None = "application/json",
    query: dict[str, str] | None = None,
    certificate: str = "",
    **headers: str,
) -> Answer:
    """Call the application. `body` is sent as JSON, `data` unchanged. `certificate`: PEM of the mutual TLS client."""
    sent = data if data is not None else b"" if body is None else json.dumps(body).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": urlencode(query or {}),
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": io.BytesIO(sent),
    }
    if certificate:
        environ[CLIENT_CERTIFICATE] = certificate
    if content_type and sent:
        environ["CONTENT_TYPE"] = content_type
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    for name, value in headers.items():
        environ[f"HTTP_{name.upper()}"] = value
    started: list[Any] = []
    chunks = GATEWAY(environ, lambda status, sent_headers: started.extend((status, sent_headers)))
    answer = b"".join(chunks)
    return Answer(int(started[0].split()[0]), {name.lower(): value for name, value in started[1]}, answer)


def post(path: str, body: Any = None, **options: Any) -> Answer:
    return call("POST", path, body, **options)


def get(path: str, **options: Any) -> Answer:
    return call("GET", path, **options)
