"""Fictitious Management Authorities, with their own certificate authority."""

from __future__ import annotations

from functools import cache

from office import NOW

from local import parties
from local.parties import Made

__all__ = ["Authority", "Made", "emirates"]


class Authority(parties.Authority):
    """The certificate authority. `days` before and after NOW. TLS checks the real clock, which needs many."""

    def __init__(self, name: str = "Made-up authority", days: int = 10) -> None:
        super().__init__(name, NOW, days)


@cache
def emirates() -> Made:
    """The importing Party of these tests."""
    return Authority().client("AE")
