"""Envelope of the answers between our own functions: `{"ok": value}` or `{"error": {...}}`.

    {"ok": true}
    {"error": {"slug": "wrong-state", "detail": "...", "extra": {...}, "errors": [{"field", "code", "detail"}]}}

A handler returns `success` or `failure`. Its caller reads the answer with `unwrap`, which raises the handler's error.
`extra` and `errors` may be absent. A handler that crashes returns no envelope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel import errors


def success(value: Any = True) -> dict[str, Any]:
    """Envelope of a success. `value` is JSON."""
    return {"ok": value}


def failure(error: errors.TamgaError) -> dict[str, Any]:
    body: dict[str, Any] = {"slug": error.slug, "detail": error.detail}
    if error.extra:
        body["extra"] = dict(error.extra)
    if isinstance(error, errors.Invalid):
        body["errors"] = [{"field": e.field, "code": e.code, "detail": e.detail} for e in error.errors]
    return {"error": body}


def unwrap(answer: Any) -> Any:
    """Return the value of a success. Raises the error of a failure, or `errors.Unavailable`: it is no envelope."""
    if isinstance(answer, Mapping) and len(answer) == 1:
        if "ok" in answer:
            return answer["ok"]
        raise _error(answer.get("error"))
    raise errors.Unavailable


def _error(body: Any) -> errors.TamgaError:
    """Read an error: 1 known members only   2 each of its type   3 no name in `extra` that the constructor uses.

    Returns `errors.Unavailable` for any other shape.
    """
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


_TAKEN = frozenset({"self", "detail"})  # parameters of an error's constructor
_KINDS: Mapping[str, type[errors.TamgaError]] = {
    kind.slug: kind
    for kind in vars(errors).values()  # this module only: subclasses in other modules share a slug with one of these
    if isinstance(kind, type)
    and issubclass(kind, errors.TamgaError)
    # these share slugs: a DecodeError arrives as NotGenuine, an UnreadableRow as Unavailable
    and kind not in {*errors.INTERNAL_FAULTS, errors.Invalid, errors.UnreadableRow}
}
