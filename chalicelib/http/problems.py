"""Refusals over HTTP: RFC 9457 `application/problem+json`, one shape for every error.

    {"type": "https://tamga.kg/problems/<slug>", "title", "status", "detail", "correlation_id",
     "errors"?: [{"field", "code", "detail", "overridable"?}],
     ...members of the error's `extra` (first_use, codes, digest ...)}

For a fault of ours the client gets only the correlation id. The log has the fault's place under that id, never its
data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NotRequired, TypedDict

from chalice.app import Response

from chalicelib.http.answers import Anything, Refusal
from chalicelib.kernel import errors
from chalicelib.kernel.days import HOUR, with_times

TYPE = "https://tamga.kg/problems/"

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER: Mapping[int, int] = {429: HOUR, 503: 2}  # seconds

RESERVED = frozenset({"type", "title", "status", "detail", "correlation_id", "errors"})


class UnsupportedMediaType(errors.TamgaError):
    status: ClassVar[int] = 415
    slug: ClassVar[str] = "unsupported-media-type"
    title: ClassVar[str] = "This content type is not accepted here"


class NotAcceptable(errors.TamgaError):
    status: ClassVar[int] = 406
    slug: ClassVar[str] = "not-acceptable"
    title: ClassVar[str] = "The Accept header excludes the answer's content type"


class MethodNotAllowed(errors.TamgaError):
    status: ClassVar[int] = 405
    slug: ClassVar[str] = "method-not-allowed"
    title: ClassVar[str] = "This address does not support that method"


EDGE_PROBLEMS = (UnsupportedMediaType, NotAcceptable, MethodNotAllowed)


class Problem(TypedDict):
    """A problem (RFC 9457). An error may have further members, as `version` of `edited-meanwhile`.

    `first_use`: the accepted use that the request contradicts. `receipt`, `undo`: of an endorsement that a device's
    batch brought first, and the address that withdraws it. `retry_after`: in seconds.
    """

    type: str
    title: str
    status: int
    detail: str
    correlation_id: str
    errors: NotRequired[list[Refusal]]
    codes: NotRequired[list[str]]
    first_use: NotRequired[Anything]
    receipt: NotRequired[Anything]
    undo: NotRequired[str]
    digest: NotRequired[str]
    retry_after: NotRequired[int]


def body_of(error: errors.TamgaError, correlation_id: str) -> Mapping[str, object]:
    """Return a `Problem` with the error's further members.

    `detail` and `extra` of our errors never have an unverified field.
    """
    body: Problem = {
        "type": TYPE + error.slug,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "correlation_id": correlation_id,
    }
    if isinstance(error, errors.Invalid):
        body["errors"] = [refusal(each) for each in error.errors]
    return {**body, **{name: with_times(value) for name, value in error.extra.items() if name not in RESERVED}}


def refusal(each: errors.FieldError) -> Refusal:
    """Return one refusal of an input as JSON, for problems and for the check of a draft."""
    shown: Refusal = {"field": each.field, "code": each.code, "detail": each.detail}
    if each.overridable:
        shown["overridable"] = True
    return shown


def answer(error: errors.TamgaError, correlation_id: str) -> Response:
    """Return the problem as a response, with Retry-After if a retry can help."""
    headers: dict[str, Any] = {"Content-Type": MEDIA_TYPE}
    if error.status in RETRY_AFTER and not isinstance(error, errors.Restored | errors.UnreadableRow):
        headers["Retry-After"] = str(int(error.extra.get("retry_after", RETRY_AFTER[error.status])))
    if error.status == errors.Unauthenticated.status:
        headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 s. 11.6.1
    return Response(body_of(error, correlation_id), headers=headers, status_code=error.status)


def fault(correlation_id: str) -> Response:
    """Return the response to a bug or an outage of ours."""
    return answer(errors.TamgaError("The service failed. Give the correlation id when you report it."), correlation_id)
