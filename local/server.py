"""The local gateway: the Chalice application behind a real WSGI server, on 127.0.0.1 only.

It is Chalice's own `LocalGateway` (routes, the function authorizer, the Lambda event and answer, base64 bodies), so
what runs here is what runs on AWS. The pages' files (local/site.py) come first, as CloudFront takes them from buckets
there. What API Gateway answers by itself is a problem here, as GatewayResponses make it there: unknown path 404,
unknown method 405, no or a wrong token 401, a body over 10 MB 413. So many requests wait and no more: the next one
hears 503 and Retry-After at once, as it would hear 429 there, instead of a time-out.
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
CLIENT_CERTIFICATE = "tamga.client_certificate"  # PEM, of the WSGI environ: no header can be called that
CONNECTIONS = 1000  # open at a time; far more than may wait, so that those that cannot are told so

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
type Beside = Callable[[str, str], site.Answer | None]  # method, path -> an answer; None: not its address


class Gateway:
    """A WSGI application around a Chalice application. `sign_in`: the page that stands for the pool's, if any;
    `beside`: what the front has of the practice register (local/beside.py), if any; `ready`: whether the example data
    are there, until when /v1/health says `starting`."""

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
        app.__class__ = LocalChalice  # the request of each thread by itself
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
        headers.append(("Date", formatdate(container.deps().now, usegmt=True)))  # devices set theirs against it
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
        """Made at the first request, by one of those who ask at once: what the pages know is the composition root's."""
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
            raise NoMatch("Nothing has this address.") from None
        if method not in self._routes[route]:
            allowed = ", ".join(sorted(self._routes[route]))
            raise problems.MethodNotAllowed(f"This address knows {allowed}.", allow=allowed)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        try:
            return self._gateway.handle_request(method=method, path=path, headers=headers, body=body)
        except (ForbiddenError, NotAuthorizedError):
            raise Unauthenticated from None


class _Converter(LambdaEventConverter):
    """Names the client that mutual TLS let in (local/mutual_tls.py), as API Gateway does at the exchange's host."""

    def create_lambda_event(self, *args: Any, **options: Any) -> dict[str, Any]:
        event: dict[str, Any] = super().create_lambda_event(*args, **options)
        if certificate := getattr(_thread, "certificate", ""):
            event["requestContext"]["domainName"] = container.deps().config.exchange_host
            event["requestContext"]["identity"]["clientCert"] = {"clientCertPem": certificate}
        return event


_thread = threading.local()


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Waitress's threads, behind which WAITING requests wait at most; one more thread refuses the others."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.queue_logger.disabled = True  # that some wait is no news
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
    """A request that is answered by the refusing thread."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self.cancel = task.cancel

    def service(self) -> None:
        _thread.refuses = True
        self._task.service()


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 that several processes may serve; port 0 takes a free one."""
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
    """A waitress server on 127.0.0.1: `.run()` serves until `.close()`. `port`: 0 takes a free one; or `listen`'s."""
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
        raise TooLarge("At most 10 MB are taken anywhere.")  # read to its end first: who still sends would see a reset
    data: bytes = environ["wsgi.input"].read(int(length))
    return data


def _problem(error: TamgaError, correlation_id: str) -> tuple[int, list[tuple[str, str]], bytes]:
    response = problems.answer(error, correlation_id)
    headers = {**SECURITY_HEADERS, "X-Correlation-Id": correlation_id, **response.headers}
    if "allow" in error.extra:
        headers["Allow"] = str(error.extra["allow"])
    text = response.to_dict()["body"]
    return error.status, [(name, str(value)) for name, value in headers.items()], text.encode()
