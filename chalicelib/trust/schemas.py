"""Answers about published trust lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.trust.model.trust import JWKS

ANSWERS: Mapping[str, Any] = {"JWKS": JWKS}
