"""How Tamga talks to AWS: one place for time-outs, retries and which failures mean "try again".

Time-outs add up to less than API Gateway's 29 s, so that the caller always hears from us first.
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
)  # no answer, or half of one: it may have been done

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
    """A boto3 client. `attempts=1` where a repetition is not ours to make (signing, issuing)."""
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
    """botocore takes half an answer for a whole, empty one: "no such row" where the wire broke. Not so here."""
    client.meta.events.register("before-parse", _check_whole, unique_id="tamga-whole-answers")


def _check_whole(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """Length, and the checksum that DynamoDB sends (botocore looks at it only where it may retry by itself).

    Where an answer in JSON has neither, it has to be JSON: botocore takes what is none for an empty one.
    """
    body, headers = response_dict["body"], response_dict["headers"]
    if not isinstance(body, bytes) or operation_model.http.get("method") == "HEAD":
        return  # a stream checks its own length
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
    """Whether the same call may succeed later: the store is busy, broken for a moment, or did not answer."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or code_of(error) in TRANSIENT
    return isinstance(error, LOST)


@contextmanager
def transient_as_unavailable() -> Iterator[None]:
    """Turns what may pass into `errors.Unavailable`; a missing right or table stays the fault that it is."""
    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        if is_transient(error):
            raise errors.Unavailable from error
        raise
