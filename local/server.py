"""The local gateway: the Chalice application behind a real WSGI server, on 127.0.0.1 only.

It is Chalice's own `LocalGateway` (routes, the function authorizer, the Lambda event and answer, base64 bodies), so
what runs here is what runs on AWS. What API Gateway answers by itself is a problem here, as GatewayResponses make it
there: unknown path 404, unknown method 405, no or a wrong token 401, a body over 10 MB 413.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import waitress
from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ForbiddenError, LocalChalice, LocalGateway, NotAuthorizedError

from chalicelib import log
from chalicelib.core.errors import NoMatch, TamgaError, TooLarge, Unauthenticated
from chalicelib.edges import problems
from chalicelib.edges.blueprint import SECURITY_HEADERS

HOST = "127.0.0.1"
BODY_AT_MOST = 10 * 1024 * 1024  # bytes; API Gateway's limit
THREADS = 8

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Gateway:
    """A WSGI application around a Chalice application."""

    def __init__(self, app: Chalice) -> None:
        app.__class__ = LocalChalice  # the request of each thread by itself
        self._routes = app.routes
        self._gateway = LocalGateway(app, Config.create(chalice_stage="local", lambda_timeout=29))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        correlation_id = str(uuid.uuid4())
        try:
            status, headers, body = self._answer(environ)
        except TamgaError as error:
            status, headers, body = _problem(error, correlation_id)
        except Exception as error:
            log.fault(error, "gateway", correlation_id)
            status, headers, body = _problem(TamgaError("The service failed."), correlation_id)
        headers.append(("Content-Length", str(len(body))))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def _answer(self, environ: Environ) -> tuple[int, list[tuple[str, str]], bytes]:
        method = environ["REQUEST_METHOD"]
        path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
        query = environ.get("QUERY_STRING", "")
        self._know(method, path)
        answer = self._ask(method, f"{path}?{query}" if query else path, _headers(environ), _body(environ))
        body = answer["body"] or b""
        if answer.get("isBase64Encoded"):
            body = base64.b64decode(body)
        headers = [(name, str(value)) for name, value in answer["headers"].items()]
        headers += [(name, str(item)) for name, items in answer["multiValueHeaders"].items() for item in items]
        return answer["statusCode"], headers, body.encode() if isinstance(body, str) else body

    def _know(self, method: str, path: str) -> None:
        try:
            route = self._gateway.event_converter._route_matcher.match_route(path).route
        except ValueError:
            raise NoMatch("Nothing has this address.") from None
        if method not in self._routes[route]:
            allowed = ", ".join(sorted(self._routes[route]))
            raise problems.MethodNotAllowed(f"This address knows {allowed}.", allow=allowed)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        try:
            return self._gateway.handle_request(method=method, path=path, headers=headers, body=body)
        except (ForbiddenError, NotAuthorizedError):
            raise Unauthenticated from None


def create(app: Chalice, port: int) -> Any:
    """A waitress server on 127.0.0.1: `.run()` serves until `.close()`; port 0 takes a free one."""
    return waitress.create_server(
        Gateway(app), host=HOST, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True,
        max_request_body_size=4 * BODY_AT_MOST,
    )  # fmt: skip


def _headers(environ: Environ) -> dict[str, str]:
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    headers.setdefault("accept", "*/*")
    return headers


def _body(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit() or int(length) > BODY_AT_MOST:
        raise TooLarge("At most 10 MB are taken anywhere.")
    data: bytes = environ["wsgi.input"].read(int(length))
    return data


def _problem(error: TamgaError, correlation_id: str) -> tuple[int, list[tuple[str, str]], bytes]:
    response = problems.answer(error, correlation_id)
    headers = {**SECURITY_HEADERS, "X-Correlation-Id": correlation_id, **response.headers}
    if "allow" in error.extra:
        headers["Allow"] = str(error.extra["allow"])
    text = response.to_dict()["body"]
    return error.status, [(name, str(value)) for name, value in headers.items()], text.encode()
