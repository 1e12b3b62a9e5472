"""Fixtures for all tests: AWS credentials without rights, and one local engine per session.

The workers of `make test` take whole files in the order set here. Long files begin first, so that no worker runs alone
at the end.
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

# A busy machine slows examples down; this is no fault of the code.
settings.register_profile("tamga", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tamga")

# The tree of all commands is the same for every call, and building it takes most of a call's time.
typer.testing._get_command = cache(typer.testing._get_command)


def pytest_configure() -> None:
    """Make the fonts of the form and the tables of the pages if they are missing, before workers begin."""
    if not fonts.made():
        fonts.make()
    if not web_tables.made():
        web_tables.make()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order: files with a slow test, then those of the pages, then the others."""
    rank: dict[Path, int] = {}
    for item in items:
        mine = next((n for n, name in enumerate(("slow", "browser")) if item.get_closest_marker(name)), 2)
        rank[item.path] = min(mine, rank.get(item.path, 2))
    items.sort(key=lambda item: rank[item.path])


@pytest.fixture(scope="session")
def aws_credentials() -> Iterator[None]:
    """Set credentials that no account knows, and hide the configuration of this machine from the SDK."""
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
    """A running engine that stores nothing on disk. Mark the test `engine`."""
    with Engine(region=REGION) as running:
        yield running
