"""How many of what, in English: `1 minute`, `2 minutes`."""

from __future__ import annotations


def count_of(number: int, one: str, many: str = "") -> str:
    """`many`: the plural, where it is not `one` with an s; a verb may stand in both."""
    return f"{number} {one if number == 1 else many or one + 's'}"
