"""What every suite may use: credentials that open nothing, and one local engine for all tests of a session.

And what begins first: the workers of `make test` take whole files in this order, so that none is left alone at the end
with a long one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.testing
from hypothesis import HealthCheck, settings

from local import fonts, web_tables
from local.engine import CREDENTIALS, REGION, Engine

# A busy machine makes an example slow; that is nothing that a property says of the code.
settings.register_profile("tamga", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tamga")

# The tree of all commands is the same for every call, and takes most of the time of one.
typer.testing._get_command = cache(typer.testing._get_command)


def pytest_configure() -> None:
    """Fonts of the form and tables of the pages are there, also without `make`; before workers begin."""
    if not fonts.made():
        fonts.make()
    if not web_tables.made():
        web_tables.make()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test, then those of the pages, then the others."""
    rank: dict[Path, int] = {}
    for item in items:
        mine = next((n for n, name in enumerate(("slow", "browser")) if item.get_closest_marker(name)), 2)
        rank[item.path] = min(mine, rank.get(item.path, 2))
    items.sort(key=lambda item: rank[item.path])


@pytest.fixture(scope="session")
def aws_credentials() -> Iterator[None]:
    """The SDK finds a pair that no account knows, and no configuration of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_REGION"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_CONFIG_FILE", "/dev/null")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        yield


@pytest.fixture(scope="session")
def engine(aws_credentials: None) -> Iterator[Engine]:
    """A running engine that keeps nothing. Mark the test `engine`."""
    with Engine(region=REGION) as running:
        yield running
