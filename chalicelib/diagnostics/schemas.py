"""Answer about the health of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import WithJsonSchema

Check = Literal["ok", "failed"]


class Health(TypedDict):
    """State of the parts that a verdict needs: `register`, `trust_list`, and `restore` while the register is locked."""

    status: Literal["ok", "degraded", "starting"]
    version: str
    checks: Annotated[dict[str, Check], WithJsonSchema({"type": "object"})]


ANSWERS: Mapping[str, Any] = {"Health": Health}
