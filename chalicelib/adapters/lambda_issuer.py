"""Asks the one function that reaches the permit keys to issue a permit, and waits."""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.lambda_call import call

READ_SECONDS = 25.0  # the function's own time-out is shorter, API Gateway's 29 s longer


class LambdaIssuer:
    """`PermitIssuer` behind the function `function`. IAM: `lambda:InvokeFunction` on it alone.

    `client`: `aws.make_client("lambda", read_seconds=READ_SECONDS, attempts=1)`. The handler takes `{"permit_id": id}`
    and answers an envelope (`core.envelope`). Raises the service's errors, and `errors.Unavailable` when there was no
    answer: the intent in the register then tells what was done.
    """

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def issue(self, permit_id: str) -> None:
        call(self._client, self._function, {"permit_id": permit_id})
