"""In-memory ministry behind the real HTTP gateway, with its staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office import MemoryOffice
from staff import staffed

from chalicelib.composition import container


@pytest.fixture
def office() -> Iterator[MemoryOffice]:
    """Composition root of this test. Access tokens are the names in `staff.PEOPLE`."""
    made = staffed()
    container.replace_deps(made)
    yield made
    container.replace_deps(None)
