"""Fixtures: each port in memory, on moto and on the local engine.

moto is quick but checks neither races nor signatures.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from moto import mock_aws
from stores import TABLE, Stores, on_aws

from chalicelib.adapters.in_process.memory import MemoryBlobs, MemoryRegister, MemoryStatic
from chalicelib.platform.deps import BlobStore, PermitRegister, StaticStore
from local.engine import Engine


@pytest.fixture(scope="session", params=["memory", "moto", pytest.param("engine", marks=pytest.mark.engine)])
def stores(request: pytest.FixtureRequest, aws_credentials: None) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores("memory", MemoryRegister(), MemoryBlobs(), MemoryStatic())
    elif request.param == "moto":
        with mock_aws():
            yield on_aws("moto", None)
    else:
        running: Engine = request.getfixturevalue("engine")
        yield on_aws("engine", running.endpoint)


@pytest.fixture
def register(stores: Stores) -> PermitRegister:
    return stores.register


@pytest.fixture
def blobs(stores: Stores) -> BlobStore:
    return stores.blobs


@pytest.fixture
def static(stores: Stores) -> StaticStore:
    return stores.static


@pytest.fixture
def fresh() -> str:
    """A name that no other test uses, because stores live for the whole session."""
    return uuid.uuid4().hex


@pytest.fixture(scope="session")
def table_on_engine(engine: Engine) -> str:
    """The register's table on the engine, for tests with their own connection to it."""
    on_aws("engine", engine.endpoint)
    return TABLE


@pytest.fixture(scope="session")
def engine_stores(engine: Engine) -> Stores:
    """The engine alone, for checks that only it can make.

    Mark the test `engine`.
    """
    return on_aws("engine", engine.endpoint)
