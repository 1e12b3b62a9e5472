"""JSON client of the running service, for the seed and the samples. It calls the public HTTP interface."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

JSON = "application/json"


class Refused(RuntimeError):
    """Raised when the service responds with a problem. `status` is the HTTP status, `problem` its JSON, or text."""

    def __init__(self, call: str, status: int, problem: Any) -> None:
        super().__init__(f"{call}: {status} {problem}")
        self.status = status
        self.problem = problem


class Client:
    """Client that names the caller in each call. `token`: a function (person's name, role) -> access token."""

    def __init__(self, address: str, token: Callable[[str, str], str]) -> None:
        self.address = address
        self._token = token
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def post(self, who: tuple[str, str], path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON and return the JSON of the response. `who`: (name, role). Raises `Refused`."""
        data = json.dumps(body or {}, ensure_ascii=False).encode()
        return json.loads(self._send(who, "POST", path, data, {"Content-Type": JSON, **headers}))

    def put(self, who: tuple[str, str], path: str, body: Any) -> Any:
        data = json.dumps(body, ensure_ascii=False).encode()
        return json.loads(self._send(who, "PUT", path, data, {"Content-Type": JSON}))

    def upload(self, who: tuple[str, str], path: str, data: bytes, content_type: str) -> Any:
        return json.loads(self._send(who, "POST", path, data, {"Content-Type": content_type}))

    def get(self, who: tuple[str, str], path: str) -> Any:
        return json.loads(self._send(who, "GET", path, None, {}))

    def pdf(self, who: tuple[str, str], path: str) -> bytes:
        return self._send(who, "GET", path, None, {"Accept": "application/pdf"})

    def page(self, path: str) -> bytes:
        """GET a page without an access token."""
        return self._send(None, "GET", path, None, {})

    def _send(
        self, who: tuple[str, str] | None, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> bytes:
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        if who:
            request.add_header("Authorization", f"Bearer {self._token(*who)}")
        try:
            with self._opener.open(request, timeout=60) as answer:
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = text[:200]
            raise Refused(f"{method} {path}", error.code, problem) from None
