"""Made-up Management Authorities, with an authority of their own."""

from __future__ import annotations

from functools import cache

from office import NOW

from local import parties
from local.parties import Made

__all__ = ["Authority", "Made", "emirates"]


class Authority(parties.Authority):
    """`days` before and after NOW; TLS looks at the wall clock, so that it wants many."""

    def __init__(self, name: str = "Made-up authority", days: int = 10) -> None:
        super().__init__(name, NOW, days)


@cache
def emirates() -> Made:
    """The importing Party of these tests."""
    return Authority().client("AE")
