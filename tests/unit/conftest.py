"""Fixtures of the unit tests: a register in memory, a permit and a device.

A file may define others with these names.
"""

from __future__ import annotations

import pytest
from border import Phone
from life import issued
from office import MemoryOffice

from chalicelib.permits.model.dossier import Dossier


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    return issued(office)


@pytest.fixture
def phone(office: MemoryOffice) -> Phone:
    return Phone(office)
