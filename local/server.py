"""The local gateway: the Chalice application behind a WSGI server, on 127.0.0.1 only.

It uses Chalice's own `LocalGateway` (routes, the function authorizer, the Lambda event and response, base64 bodies), so
the same code runs here as on AWS. The pages' files (local/site.py) come first, as on AWS, where CloudFront takes them
from buckets. Responses that API Gateway makes itself are problems here, as GatewayResponses make them there: unknown
path 404, unknown method 405, no or a wrong token 401, a body over 10 MB 413.

At most WAITING requests wait for a thread. The next one gets 503 and Retry-After at once instead of a time-out. On AWS
it would get 429.
"""

from __future__ import annotations

import base64
import json
import socket
import threading
import uuid
from collections.abc import Callable, Iterable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import waitress
from chalice.app import Chalice
from chalice.config import Config
from chalice.local import (
    ForbiddenError,
    LambdaEventConverter,
    LocalChalice,
    LocalGateway,
    NotAuthorizedError,
    RouteMatcher,
)
from waitress.task import ThreadedTaskDispatcher

from chalicelib.composition import container
from chalicelib.http import problems
from chalicelib.http.blueprint import SECURITY_HEADERS
from chalicelib.kernel.errors import NoMatch, TamgaError, TooLarge, Unauthenticated, Unavailable
from chalicelib.platform import log
from local import site
from local.sign_in import SignIn

HOST = "127.0.0.1"
HEALTH = "/v1/health"
BODY_AT_MOST = 10 * 1024 * 1024  # bytes; API Gateway's limit
THREADS = 8
WAITING = 32  # requests that wait for a thread: some tenths of a second of work
CLIENT_CERTIFICATE = "tamga.client_certificate"  # PEM, in the WSGI environ: no header maps to this name
CONNECTIONS = 1000  # open at a time; far more than WAITING, so that the requests above it get their 503

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
type Beside = Callable[[str, str], site.Answer | None]  # method, path -> response; None: not an address of its own


class Gateway:
    """A WSGI application around a Chalice application.

    `sign_in`: the page in place of the pool's, if any. `beside`: lists of the practice register, if any
    (local/other_registers.py). `ready`: true once the example data exist. Until then /v1/health reports `starting`.
    """

    def __init__(
        self,
        app: Chalice,
        sign_in: SignIn | None = None,
        beside: Beside | None = None,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._sign_in = sign_in
        self._beside = beside
        self._ready = ready
        self._making = threading.Lock()
        self._made: site.Site | None = None
        app.__class__ = LocalChalice  # keeps `current_request` per thread
        self._routes = app.routes
        self._gateway = LocalGateway(app, Config.create(chalice_stage="local", lambda_timeout=60))
        self._gateway.event_converter = _Converter(RouteMatcher(list(app.routes)), app.api.binary_types)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        correlation_id = str(uuid.uuid4())
        _thread.certificate = environ.get(CLIENT_CERTIFICATE, "")
        try:
            status, headers, body = self._answer(environ)
        except TamgaError as error:
            status, headers, body = _problem(error, correlation_id)
        except Exception as error:
            log.fault(error, "gateway", correlation_id)
            status, headers, body = _problem(TamgaError("The service failed."), correlation_id)
        headers.append(("Content-Length", str(len(body))))
        headers.append(("Date", formatdate(container.deps().now, usegmt=True)))  # devices check their clocks against it
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: Environ) -> tuple[int, list[tuple[str, str]], bytes]:
        method = environ["REQUEST_METHOD"]
        if getattr(_thread, "refuses", False):
            raise Unavailable("Too many are asking at the moment; try again shortly.")
        path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
        headers = _headers(environ)
        if (page := site.answer(self._site, method, path, headers)) is not None:
            return page
        if self._beside and (published := self._beside(method, path)):
            return published
        query = environ.get("QUERY_STRING", "")
        if self._sign_in and (step := self._sign_in.answer(method, path, query, lambda: _body(environ), self._style)):
            return step
        self._know(method, path)
        answer = self._ask(method, f"{path}?{query}" if query else path, headers, _body(environ))
        body = answer["body"] or b""
        if answer.get("isBase64Encoded"):
            body = base64.b64decode(body)
        sent = [(name, str(value)) for name, value in answer["headers"].items()]
        sent += [(name, str(item)) for name, items in answer["multiValueHeaders"].items() for item in items]
        body = body.encode() if isinstance(body, str) else body
        if path == HEALTH and answer["statusCode"] == HTTPStatus.OK and not self._ready():
            starting = json.dumps({**json.loads(body), "status": "starting"}).encode()
            return HTTPStatus.SERVICE_UNAVAILABLE, [*sent, ("Retry-After", "2")], starting
        return answer["statusCode"], sent, body

    @property
    def _site(self) -> site.Site:
        """The site, made at the first request, under a lock, because its facts need the composition root."""
        with self._making:
            if self._made is None:
                self._made = site.Site(site.stage_facts(container.deps()))
            return self._made

    @property
    def _style(self) -> str:
        return f"/w/{self._site.version}/design.css"

    def _know(self, method: str, path: str) -> None:
        try:
            route = self._gateway.event_converter._route_matcher.match_route(path).route
        except ValueError:
            raise NoMatch("There is nothing at this address.") from None
        if method not in self._routes[route]:
            allowed = ", ".join(sorted(self._routes[route]))
            raise problems.MethodNotAllowed(f"This address knows {allowed}.", allow=allowed)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        try:
            return self._gateway.handle_request(method=method, path=path, headers=headers, body=body)
        except (ForbiddenError, NotAuthorizedError):
            raise Unauthenticated from None


class _Converter(LambdaEventConverter):
    """Adds the client certificate of mutual TLS to the event, as API Gateway does at the exchange host.

    local/mutual_tls.py verifies the certificate.
    """

    def create_lambda_event(self, *args: Any, **options: Any) -> dict[str, Any]:
        event: dict[str, Any] = super().create_lambda_event(*args, **options)
        if certificate := getattr(_thread, "certificate", ""):
            event["requestContext"]["domainName"] = container.deps().config.exchange_host
            event["requestContext"]["identity"]["clientCert"] = {"clientCertPem": certificate}
        return event


_thread = threading.local()


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Waitress's threads with a queue of at most WAITING requests. One more thread refuses the others."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.queue_logger.disabled = True  # a waiting request is expected, no warning is needed
        self._refusing = ThreadedTaskDispatcher()
        self._refusing.set_thread_count(1)
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        if len(self.queue) < WAITING:
            super().add_task(task)
        else:
            self._refusing.add_task(_Refused(task))

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        done: bool = super().shutdown(cancel_pending, timeout)
        self._refusing.shutdown(cancel_pending, timeout)
        return done


class _Refused:
    """A request that the refusing thread handles."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self.cancel = task.cancel

    def service(self) -> None:
        _thread.refuses = True
        self._task.service()


def listen(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1 that several processes may share. Port 0 takes a free one."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(CONNECTIONS)
    except OSError:
        made.close()
        raise
    return made


def create(
    app: Chalice,
    port: int | socket.socket,
    *,
    threads: int = THREADS,
    sign_in: SignIn | None = None,
    beside: Beside | None = None,
    ready: Callable[[], bool] = lambda: True,
) -> Any:
    """A waitress server on 127.0.0.1. `.run()` serves until `.close()`.

    `port`: a number, 0 for a free one, or a socket of `listen`.
    """
    return waitress.create_server(
        Gateway(app, sign_in, beside, ready), sockets=[port if isinstance(port, socket.socket) else listen(port)],
        _dispatcher=Dispatcher(threads),
        ident=None, clear_untrusted_proxy_headers=True,
        connection_limit=CONNECTIONS, backlog=CONNECTIONS, asyncore_use_poll=True,
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
        raise TooLarge("At most 10 MB are taken anywhere.")  # waitress has read the body: no reset for the sender
    data: bytes = environ["wsgi.input"].read(int(length))
    return data


def _problem(error: TamgaError, correlation_id: str) -> tuple[int, list[tuple[str, str]], bytes]:
    response = problems.answer(error, correlation_id)
    headers = {**SECURITY_HEADERS, "X-Correlation-Id": correlation_id, **response.headers}
    if "allow" in error.extra:
        headers["Allow"] = str(error.extra["allow"])
    text = response.to_dict()["body"]
    return error.status, [(name, str(value)) for name, value in headers.items()], text.encode()
