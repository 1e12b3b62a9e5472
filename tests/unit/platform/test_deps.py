"""Functions that the composition root provides to a module."""

from __future__ import annotations

import pytest

from chalicelib.platform.deps import Provided


def test_provided_function_is_called_with_its_arguments() -> None:
    length: Provided[[str], int] = Provided()
    length.set(len)
    assert length("abc") == 3


def test_function_that_is_not_provided_raises() -> None:
    length: Provided[[str], int] = Provided()
    with pytest.raises(RuntimeError, match="composition root"):
        length("abc")
