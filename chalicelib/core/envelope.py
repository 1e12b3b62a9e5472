"""What one function of ours answers another: `{"ok": value}` or `{"error": {...}}`, and back.

    {"ok": true}
    {"error": {"slug": "wrong-state", "detail": "...", "extra": {...}, "errors": [{"field", "code", "detail"}]}}

A handler ends with `succeeded` or `failed`; its caller opens the answer with `opened`, which raises the very error that
was meant. `extra` and `errors` may be absent. A handler that crashes answers no envelope at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import errors


def succeeded(value: Any = True) -> dict[str, Any]:
    """`value` is JSON."""
    return {"ok": value}


def failed(error: errors.TamgaError) -> dict[str, Any]:
    body: dict[str, Any] = {"slug": error.slug, "detail": error.detail}
    if error.extra:
        body["extra"] = dict(error.extra)
    if isinstance(error, errors.Invalid):
        body["errors"] = [{"field": e.field, "code": e.code, "detail": e.detail} for e in error.errors]
    return {"error": body}


def opened(answer: Any) -> Any:
    """The value of a success. Raises the error of a failure; `errors.Unavailable` for what is no envelope."""
    if isinstance(answer, Mapping) and len(answer) == 1:
        if "ok" in answer:
            return answer["ok"]
        body = answer.get("error")
        if isinstance(body, Mapping) and isinstance(body.get("slug"), str) and isinstance(body.get("detail"), str):
            raise _error(body)
    raise errors.Unavailable


def _error(body: Mapping[str, Any]) -> errors.TamgaError:
    slug, detail = body["slug"], body["detail"]
    if slug == errors.Invalid.slug:
        return errors.Invalid(*(errors.FieldError(**e) for e in body.get("errors", ())), detail=detail)
    kind = _KINDS.get(slug, errors.TamgaError)
    return kind(detail, **body.get("extra", {}))


_KINDS: Mapping[str, type[errors.TamgaError]] = {
    kind.slug: kind
    for kind in errors.TamgaError.__subclasses__()
    if kind.__module__ == errors.__name__  # other modules' subclasses share a slug with one of these
    and kind not in {errors.DecodeError, errors.Invalid}  # their constructors differ; DecodeError travels as NotGenuine
}
