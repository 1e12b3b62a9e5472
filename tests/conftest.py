"""What every suite may use: credentials that open nothing, and one local engine for all tests of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.engine import CREDENTIALS, REGION, Engine


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
