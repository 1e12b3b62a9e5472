"""boto3 clients for AWS: time-outs, retries and the list of transient errors.

The time-outs add up to less than API Gateway's 29 s, so the caller gets our answer and not the gateway's time-out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from zlib import crc32

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectionError,  # noqa: A004
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError

from chalicelib.kernel import errors

CONNECT_SECONDS = 1.0

READ_SECONDS = 3.0

LOST = (
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ResponseParserError,
)  # no answer, or part of one: AWS may have executed the call

TRANSIENT = frozenset(
    {
        "InternalServerError", "ServiceUnavailable", "InternalError", "SlowDown", "RequestTimeout",
        "ThrottlingException", "Throttling", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "LimitExceededException", "DependencyTimeoutException",
        "KMSInternalException", "KeyUnavailableException", "ServiceException", "ResourceConflictException",
        "TransactionConflictException", "TransactionInProgressException", "ConditionalRequestConflict",
    }
)  # fmt: skip


def make_client(
    service: str,
    *,
    region: str,
    endpoint: str | None = None,
    read_seconds: float = READ_SECONDS,
    attempts: int = 3,
) -> Any:
    """Make a boto3 client. `attempts=1` for calls that must not be repeated here (signing, issuing)."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        signature_version="s3v4" if service == "s3" else None,
    )
    client = boto3.client(service, region_name=region, endpoint_url=endpoint, config=config)
    refuse_cut_answers(client)
    return client


def refuse_cut_answers(client: Any) -> None:
    """Make the client raise `ConnectionClosedError` for a truncated answer.

    botocore parses a truncated answer as an empty one, so a broken connection would look like "no such row".
    """
    client.meta.events.register("before-parse", _check_whole, unique_id="tamga-whole-answers")


def _check_whole(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """Check the length of an answer, and DynamoDB's checksum, which botocore checks only if it may retry by itself.

    A JSON answer with neither of the two has to parse, since botocore reads malformed JSON as an empty answer.
    Raises `ConnectionClosedError`.
    """
    body, headers = response_dict["body"], response_dict["headers"]
    if not isinstance(body, bytes) or operation_model.http.get("method") == "HEAD":
        return  # a streamed body checks its own length
    length, checksum = headers.get("content-length"), headers.get("x-amz-crc32")
    if (length is not None and len(body) != int(length)) or (checksum is not None and crc32(body) != int(checksum)):
        raise ConnectionClosedError(endpoint_url=operation_model.name)
    if length is None and checksum is None and operation_model.service_model.protocol == "json":
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            raise ConnectionClosedError(endpoint_url=operation_model.name) from None


def code_of(error: BaseException | None) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def is_transient(error: BaseException | None) -> bool:
    """True if the same call may succeed later, because the service is busy, fails for a moment, or did not answer."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or code_of(error) in TRANSIENT
    return isinstance(error, LOST)


@contextmanager
def transient_as_unavailable() -> Iterator[None]:
    """Turn transient errors into `errors.Unavailable`. Others, such as a missing right or table, stay as they are."""
    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        if is_transient(error):
            raise errors.Unavailable from error
        raise
