"""Fixture: one Node process for all questions of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_core.asking import Node


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running
