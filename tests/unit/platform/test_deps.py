"""Whether a module gets what the composition root provides, and says so where nothing was provided."""

from __future__ import annotations

import pytest

from chalicelib.platform.deps import Provided


def test_a_provided_function_when_set_is_called_with_its_arguments() -> None:
    length: Provided[[str], int] = Provided()
    length.set(len)
    assert length("abc") == 3


def test_a_provided_function_when_not_set_raises() -> None:
    length: Provided[[str], int] = Provided()
    with pytest.raises(RuntimeError, match="composition root"):
        length("abc")
