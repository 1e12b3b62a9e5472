"""Responses that API Gateway makes itself, as the problems that the application would return."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.http import problems
from chalicelib.http.blueprint import SECURITY_HEADERS
from chalicelib.kernel import errors

# Every type in the API Gateway Developer Guide, "Gateway response types". DEFAULT_4XX and DEFAULT_5XX cover types that
# AWS may add later.
PROBLEMS: Mapping[str, type[errors.TamgaError]] = {
    "ACCESS_DENIED": errors.Unauthenticated,  # our authorizer's only Deny (http/authorizer.py)
    "API_CONFIGURATION_ERROR": errors.TamgaError,
    "AUTHORIZER_CONFIGURATION_ERROR": errors.TamgaError,
    "AUTHORIZER_FAILURE": errors.Unavailable,
    "BAD_REQUEST_BODY": errors.Invalid,
    "BAD_REQUEST_PARAMETERS": errors.Invalid,
    "DEFAULT_4XX": errors.Invalid,
    "DEFAULT_5XX": errors.TamgaError,
    "EXPIRED_TOKEN": errors.Unauthenticated,
    "INTEGRATION_FAILURE": errors.Unavailable,
    "INTEGRATION_TIMEOUT": errors.Unavailable,
    "INVALID_API_KEY": errors.Unauthenticated,
    "INVALID_SIGNATURE": errors.Unauthenticated,
    "MISSING_AUTHENTICATION_TOKEN": errors.NoMatch,  # the gateway's name for an unknown path or method
    "QUOTA_EXCEEDED": errors.TooMany,
    "REQUEST_TOO_LARGE": errors.TooLarge,
    "RESOURCE_NOT_FOUND": errors.NoMatch,
    "THROTTLED": errors.TooMany,
    "UNAUTHORIZED": errors.Unauthenticated,
    "UNSUPPORTED_MEDIA_TYPE": problems.UnsupportedMediaType,
    "WAF_FILTERED": errors.NoMatch,  # a request that bypasses the front gets 404
}
RETRY_AFTER: Mapping[str, int] = {"THROTTLED": 1}  # seconds: after one the token bucket has tokens again


def gateway_responses() -> dict[str, Any]:
    """The value of `x-amazon-apigateway-gateway-responses`, by type."""
    return {kind: _response(kind, problem) for kind, problem in PROBLEMS.items()}


def _response(kind: str, problem: type[errors.TamgaError]) -> dict[str, Any]:
    answer = problems.answer(problem(), "$context.requestId")
    headers = {**SECURITY_HEADERS, **answer.headers}
    if kind in RETRY_AFTER:
        headers["Retry-After"] = str(RETRY_AFTER[kind])
    parameters = {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items() if "'" not in value}
    parameters["gatewayresponse.header.X-Correlation-Id"] = "context.requestId"
    return {
        "statusCode": str(answer.status_code),
        "responseParameters": parameters,
        "responseTemplates": {"application/json": json.dumps(answer.body)},
    }
