"""What one function of ours answers another: `{"ok": value}` or `{"error": {...}}`, and back.

    {"ok": true}
    {"error": {"slug": "wrong-state", "detail": "...", "extra": {...}, "errors": [{"field", "code", "detail"}]}}

A handler ends with `succeeded` or `failed`; its caller opens the answer with `opened`, which raises the very error that
was meant. `extra` and `errors` may be absent. A handler that crashes answers no envelope at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel import errors


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
        raise _error(answer.get("error"))
    raise errors.Unavailable


def _error(body: Any) -> errors.TamgaError:
    """1 exactly the members   2 each of its type   3 `extra` names nothing that the error has already."""
    if not isinstance(body, Mapping) or not {"slug", "detail"} <= body.keys() <= {
        "slug",
        "detail",
        "extra",
        "errors",
    }:  # 1
        return errors.Unavailable()
    slug, detail, extra, fields = body["slug"], body["detail"], body.get("extra", {}), body.get("errors", [])
    if not isinstance(slug, str) or not isinstance(detail, str):  # 2
        return errors.Unavailable()
    if not isinstance(fields, list) or not all(_is_field(item) for item in fields):
        return errors.Unavailable()
    if not isinstance(extra, Mapping) or not all(isinstance(name, str) for name in extra) or extra.keys() & _TAKEN:  # 3
        return errors.Unavailable()
    if slug == errors.Invalid.slug:
        return errors.Invalid(*(errors.FieldError(**item) for item in fields), detail=detail)
    return _KINDS.get(slug, errors.TamgaError)(detail, **extra)


def _is_field(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and item.keys() == {"field", "code", "detail"}
        and all(isinstance(text, str) for text in item.values())
    )


_TAKEN = frozenset({"self", "detail"})  # of an error's constructor
_KINDS: Mapping[str, type[errors.TamgaError]] = {
    kind.slug: kind
    for kind in vars(errors).values()  # of this module only: other modules' subclasses share a slug with one of these
    if isinstance(kind, type)
    and issubclass(kind, errors.TamgaError)
    and kind not in {*errors.OURS, errors.Invalid}  # OURS share slugs: DecodeError travels as NotGenuine
}
