"""One synchronous call of a function of ours, and what its failures mean."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.adapters.aws import transient_as_unavailable
from chalicelib.core import envelope, errors


class FunctionDied(errors.Unavailable):
    """The function ran and ended without an answer. `kind`, `reason`: Lambda's errorType and errorMessage."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__()
        self.kind = kind
        self.reason = reason


def call(client: Any, function: str, payload: dict[str, Any]) -> Any:
    """The value that the handler returned by `envelope.succeeded`.

    Raises the handler's own error; `FunctionDied` (an `errors.Unavailable`) when it crashed or ran out of time;
    `errors.Unavailable` when Lambda was busy or did not answer in time.
    """
    with transient_as_unavailable():
        answer = client.invoke(
            FunctionName=function, InvocationType="RequestResponse", Payload=json.dumps(payload).encode()
        )
        body = answer["Payload"].read()
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise errors.Unavailable from error
    if answer.get("FunctionError"):
        details = value if isinstance(value, dict) else {}
        raise FunctionDied(str(details.get("errorType", "")), str(details.get("errorMessage", "")))
    return envelope.opened(value)
