"""Base of all blueprints: `Blueprint.route()` reads the request, calls the view and describes the route for OpenAPI.

1 the caller, from the authorizer's context, and the right of their role; on a public route a token, if sent, must be
  valid    2 size, content type
3 strict JSON and its model    4 query    5 the view, which calls one service    6 refusals as problems, headers for all

A wrapper of the view does this, because Chalice turns an exception of a view into its own 500 before any middleware
sees it.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Generic, TypeVar

from chalice.app import Blueprint as ChaliceBlueprint
from chalice.app import Request, Response
from pydantic import BaseModel

from chalicelib.http import problems, requests
from chalicelib.http.authorizer import access, bearer
from chalicelib.http.requests import negotiate
from chalicelib.kernel import errors
from chalicelib.kernel.enums import UNREADABLE_FILE_REASONS
from chalicelib.kernel.errors import Invalid, NoMatch, TamgaError, TooLarge, Unauthenticated
from chalicelib.kernel.roles import OPERATIONS, ROLES, Actor
from chalicelib.platform import log
from chalicelib.platform.deps import Deps, Provided

KB = 1024

JSON = "application/json"

HEIC = frozenset({"image/heic", "image/heif"})

FILES = ("application/pdf", "image/png", "image/jpeg")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

GZIP = "application/gzip"

BINARY = (*FILES, GZIP, "application/cbor", "application/statuslist+cwt", XLSX)

DEVICE = "tamga-device"  # header: id of the calling scanner

# Operations that check the device of the header. Sync needs no header: the key that signed the events names the device.
FROM_DEVICES = frozenset({"scan", "endorse", "record_foreign", "bundle"})

# Refusals that are logged with the person's id. A signed-in person's 404 is logged too: the object may be another's.
LOGGED_REFUSALS = frozenset({401, 403, 429})

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


RefusalResponse = Callable[
    [TamgaError | None, str], Response
]  # a refusal (None: our own fault), and the correlation id


@dataclass(frozen=True, slots=True)
class Operation:
    """Description of one route, from which the OpenAPI document is made."""

    path: str
    method: str
    summary: str
    description: str
    public: bool
    may: str
    body: type[BaseModel] | None
    raw: tuple[str, ...]
    query: type[BaseModel] | None
    cap: int
    status: int
    returns: str
    produces: tuple[str, ...]
    refused: RefusalResponse | None = None
    proposes: str = ""
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Call[D: Deps = Deps]:
    """A request that was parsed and checked, for its view. `body`: the model, or the bytes of a file."""

    deps: D
    now: int
    correlation_id: str
    language: str
    caller: Actor | None
    body: Any
    query: Any
    content_type: str
    headers: Mapping[str, str] = field(repr=False)
    certificate: str = ""  # PEM of the client's certificate from the gateway's mutual TLS, never from a header

    @property
    def actor(self) -> Actor:
        """The person who calls. Raises `Unauthenticated` on a public route that was called without a token."""
        if self.caller is None:
            raise Unauthenticated
        return self.caller


D_contra = TypeVar("D_contra", bound=Deps, contravariant=True, default=Deps)

type View[D: Deps] = Callable[Concatenate[Call[D], ...], Any]


class Blueprint(ChaliceBlueprint, Generic[D_contra]):
    """A Chalice blueprint of `Operation`s. A view gets a `Call` and returns JSON or a `Response`.

    `D_contra`: type of the dependencies of its views. `composition/routes.py` sets `container`, which returns them.
    """

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.container: Provided[[], D_contra] = Provided()

    def route(  # type: ignore[override]  # narrower on purpose: no route without these rules  # noqa: PLR0913 - one parameter a property of the route
        self,
        path: str,
        *,
        method: str = "GET",
        public: bool = False,
        may: str = "",
        body: type[BaseModel] | None = None,
        raw: Sequence[str] = (),
        query: type[BaseModel] | None = None,
        cap: int = 64 * KB,
        status: int = 200,
        returns: str = "object",
        produces: Sequence[str] = (JSON,),
        refused: RefusalResponse | None = None,
        proposes: str = "",
        repeats: bool = False,
    ) -> Callable[[View[D_contra]], View[D_contra]]:
        """Register a view as a route.

        `may`: the operation of `kernel/roles.py` that the caller's role must have, unless the route is public.
        `body`: model of a JSON body; `raw`: content types of a file body; `cap`: largest body in bytes.
        `returns`: name of the answer's schema in the OpenAPI document. `produces`: the answer's content types.
        `refused`: makes the response of a refusal, for callers that cannot read problems.
        `proposes`: name of the answer's schema if the request waits for a second person (202).
        `repeats`: the same request again is answered with 200 and the same schema.
        Raises ValueError if the route is neither public nor has an operation in `may`, or both.
        """

        if public == (may in OPERATIONS):
            raise ValueError(f"{method} {path}: give `public`, or an operation of kernel.roles")

        def register(view: View[D_contra]) -> View[D_contra]:
            summary, _, more = (view.__doc__ or "").partition("\n")
            operation = Operation(
                path,
                method,
                summary.strip(),
                " ".join(more.split()),
                public,
                may,
                body,
                tuple(raw),
                query,
                cap,
                status,
                returns,
                tuple(produces),
                refused,
                proposes,
                repeats,
            )

            @wraps(view)
            def wrapped(**parameters: str) -> Response:
                return _respond(operation, view, self.container, self.current_request, parameters)

            wrapped.operation = operation  # type: ignore[attr-defined]  # composition/openapi.py reads it from app.routes
            methods = [method, "HEAD"] if public and method == "GET" else [method]  # the gateway drops the body
            # No content_types: Chalice's own 415 is no problem+json.
            decorate = super(Blueprint, self).route(
                path, methods=methods, content_types=[], authorizer=None if public else access
            )
            decorate(wrapped)
            return view

        return register


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text, headers={"Content-Type": JSON, **(headers or {})}, status_code=status)


def matches_etag(call: Call, etag: str) -> bool:
    """True if the caller's If-None-Match has this ETag (weak comparison, RFC 9110 s. 13.1.2)."""
    return etag in {tag.strip().removeprefix("W/") for tag in call.headers.get("if-none-match", "").split(",")}


def _respond[D: Deps](
    operation: Operation, view: View[D], container: Provided[[], D], request: Request, parameters: Mapping[str, str]
) -> Response:
    began = time.monotonic()
    correlation_id = str(request.context.get("requestId") or uuid.uuid4())
    call: Call[D] | None = None
    try:
        call = _read(operation, container(), request, correlation_id)
        made = view(call, **{name: requests.path_parameter(name, text) for name, text in parameters.items()})
        response = made if isinstance(made, Response) else json_response(made, operation.status)
        _acceptable(request, response)
    except Exception as error:  # the client always gets a problem; a fault of ours is logged with its place
        refusal = error if isinstance(error, TamgaError) and not isinstance(error, errors.INTERNAL_FAULTS) else None
        where = f"{operation.method} {operation.path}"
        if refusal is None or refusal.status >= 500:
            log.fault(error, where, correlation_id)
        elif refusal.status in LOGGED_REFUSALS or (refusal.status == NoMatch.status and _subject(request, call)):
            log.refusal(refusal.slug, where, who=_subject(request, call), correlation_id=correlation_id)
        if operation.refused:
            response = operation.refused(refusal, correlation_id)
        else:
            response = problems.answer(refusal, correlation_id) if refusal else problems.fault(correlation_id)
    response.headers = {**SECURITY_HEADERS, "X-Correlation-Id": correlation_id, **response.headers}
    elapsed = int((time.monotonic() - began) * 1000)
    log.request(operation.path, operation.method, response.status_code, elapsed, correlation_id)
    return response


def _subject(request: Request, call: Call | None) -> str:
    """Return the caller's subject, from the gateway or from a token on a public route, or "" without either."""
    if call is not None and call.caller is not None:
        return call.caller.id
    return str((request.context.get("authorizer") or {}).get("principalId") or "")


def _read[D: Deps](operation: Operation, deps: D, request: Request, correlation_id: str) -> Call[D]:
    caller = _caller(operation, request, deps)  # 1
    content_type = _media_type(request)
    return Call(
        deps=deps,
        now=deps.now,
        correlation_id=correlation_id,
        language=negotiate(request.headers.get("accept-language", "")),
        caller=caller,
        body=_body(operation, request, content_type),  # 2, 3
        query=_query(operation, request),  # 4
        content_type=content_type,
        headers=request.headers,
        certificate=_certificate(request, deps.config.exchange_host),
    )


def _certificate(request: Request, host: str) -> str:
    """Return the client's certificate. API Gateway has one only at the exchange's host, which requires it."""
    context = request.context
    if not host or context.get("domainName") != host:
        return ""
    return str(((context.get("identity") or {}).get("clientCert") or {}).get("clientCertPem") or "")


def _caller(operation: Operation, request: Request, deps: Deps) -> Actor | None:
    if operation.public:
        header = request.headers.get("authorization")
        if header is None:
            return None
        return deps.person(bearer(header))
    known = request.context.get("authorizer") or {}
    if not known.get("principalId"):
        raise Unauthenticated
    roles = frozenset(str(known.get("roles", "")).split(",")) & frozenset(ROLES)
    device = request.headers.get(DEVICE, "") if operation.may in FROM_DEVICES else ""
    return deps.caller(
        Actor(str(known["principalId"]), str(known.get("name", "")), roles),
        operation.may,
        device if requests.PATH_PARAMETER.fullmatch(device) else "",
    )


def _media_type(request: Request) -> str:
    return str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _body(operation: Operation, request: Request, content_type: str) -> Any:
    if operation.body is None and not operation.raw:
        return None
    data = request.raw_body
    data = data.encode() if isinstance(data, str) else bytes(data or b"")
    if len(data) > operation.cap:
        raise TooLarge(f"The body may have at most {operation.cap // KB} kB.")
    if operation.raw:
        if content_type not in operation.raw:
            what = (
                UNREADABLE_FILE_REASONS["heic"]
                if content_type in HEIC
                else f"Send one of these content types: {', '.join(operation.raw)}."
            )
            raise problems.UnsupportedMediaType(what)
        return data
    if data and content_type not in {JSON, ""}:
        raise problems.UnsupportedMediaType(f"Send the body as {JSON}.")
    assert operation.body is not None
    return requests.parse(operation.body, requests.parse_json(data or b"{}", operation.cap))


def _query(operation: Operation, request: Request) -> Any:
    given = request.query_params
    names = list(given) if given else []
    values = {name: given.getlist(name) for name in names} if given else {}
    twice = [name for name, texts in values.items() if len(texts) > 1]
    if twice:
        raise Invalid(*(requests.refusal(name, "twice", "Give this parameter only once.") for name in twice))
    return requests.parse(operation.query or requests.Nothing, {name: texts[0] for name, texts in values.items()})


def _acceptable(request: Request, response: Response) -> None:
    """Raise `NotAcceptable` for a binary answer that Accept does not allow, because Chalice's refusal is no
    problem+json.
    """
    media_type = str(response.headers.get("Content-Type", ""))
    if media_type not in BINARY:
        return
    accepted = str(request.headers.get("accept", "")).lower()
    if "*/*" not in accepted and not any(kind in accepted for kind in BINARY):
        raise problems.NotAcceptable(f"The answer is {media_type}. Name this type in the Accept header.")
