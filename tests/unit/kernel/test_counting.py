"""Count of things with singular or plural."""

from __future__ import annotations

import pytest

from chalicelib.kernel.text import count_of


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 minutes"), (1, "1 minute"), (2, "2 minutes"), (11, "11 minutes"), (21, "21 minutes")]
)
def test_only_one_is_singular(number: int, words: str) -> None:
    assert count_of(number, "minute") == words


def test_irregular_plural_with_its_verb() -> None:
    assert count_of(1, "row resembles", "rows resemble") == "1 row resembles"
    assert count_of(2, "row resembles", "rows resemble") == "2 rows resemble"
