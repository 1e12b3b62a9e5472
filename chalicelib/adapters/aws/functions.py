"""Calls of our own functions: what each port asks the function that alone may do it.

Has a hostile file parsed by the function that has no right at all in the account.

Other Parties' services behind the function that alone has our client certificate. IAM: `lambda:InvokeFunction`.

One synchronous call of a function of ours, and what its failures mean.

Asks the one function that reaches the permit keys to issue a permit, and waits.

The status function behind Lambda: it alone may use the `status` keys. IAM: `lambda:InvokeFunction` on it.

The printing function behind Lambda: it alone may use the `pdf` key. IAM: `lambda:InvokeFunction` on it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.aws import envelope
from chalicelib.adapters.aws.client import transient_as_unavailable
from chalicelib.exchange.model.exchanged_permit import ExchangedPermit
from chalicelib.exchange.services.ask_party import PartyAnswer
from chalicelib.kernel import errors
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.files import FILE_CAP
from chalicelib.platform import log
from chalicelib.verdict.file_findings import FileFindings, findings_from_json


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


FAULT_AT_MOST = 200  # characters


@dataclass(frozen=True, slots=True)
class LambdaParties:
    """`PartyServices`: what comes back passed through a stranger's hands, so its shape is checked again."""

    client: Any
    function: str
    countries: frozenset[str]

    def send(
        self, country: str, operation: str, number: str, *, token: str = "", lines: Sequence[tuple[str, str]] = ()
    ) -> PartyAnswer:
        payload = {
            "country": country,
            "operation": operation,
            "number": number,
            "token": token,
            "lines": [list(line) for line in lines],
        }
        return from_json(call(self.client, self.function, payload))


def to_json(answer: PartyAnswer) -> dict[str, Any]:
    permit = TypeAdapter(ExchangedPermit).dump_python(answer.permit, mode="json") if answer.permit else None
    return {"data": base64.b64encode(answer.data).decode(), "fault": answer.fault, "permit": permit}


def from_json(value: Any) -> PartyAnswer:
    """The mirror of `to_json`. Raises `Unavailable` for anything else."""
    try:
        permit = value["permit"]
        return PartyAnswer(
            base64.b64decode(value["data"], validate=True),
            TypeAdapter(ExchangedPermit).validate_python(permit) if permit is not None else None,
            str(value["fault"])[:FAULT_AT_MOST],
        )
    except (ValidationError, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Unavailable from error


@dataclass(frozen=True, slots=True)
class LambdaPrinter:
    """`PermitPrinter`: sends `{"permit_id", "original"}`, waits, and raises the error that comes back."""

    client: Any
    function: str

    def make(self, permit_id: str, *, original: bool = False) -> None:
        call(self.client, self.function, {"permit_id": permit_id, "original": original})


@dataclass(frozen=True, slots=True)
class LambdaPublisher:
    """`StatusPublisher`: sends `{"uri"}`. A failure goes to the log and no further: the schedule makes it good."""

    client: Any
    function: str

    def publish(self, uri: str) -> None:
        try:
            call(self.client, self.function, {"uri": uri})
        except Exception as error:  # a missing right or function too: the change it tells of is made
            log.fault(error, "publish")


DEADLY_REASONS = ("Task timed out", "Worker process died")  # Lambda's words; the local engine's for an exit

DEADLY = ("Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "Function.Timedout")


class LambdaReader:
    """`DocumentReader` behind the function `function`. IAM: `lambda:InvokeFunction` on it alone.

    `client`: `aws.make_client("lambda", read_seconds=READ_SECONDS, attempts=1)`. The handler takes
    `{"data": base64, "content_type": type}` and answers an envelope with `findings_to_json`. The file may have taken
    the function over, so what it found is checked like a stranger's word, and its errors are passed on as
    `errors.Unavailable` alone. A file that kills the function (time, memory) is `trouble="broken"`; any other crash is
    ours: `errors.Unavailable`.
    """

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def read(self, data: bytes, content_type: str) -> FileFindings:
        kind = "pdf" if content_type == "application/pdf" else "image"
        if len(data) > FILE_CAP:
            return FileFindings(kind=kind, trouble="too-large")
        payload = {"data": base64.b64encode(data).decode(), "content_type": content_type}
        try:
            return findings_from_json(call(self._client, self._function, payload))
        except FunctionDied as death:
            if death.kind in DEADLY or any(words in death.reason for words in DEADLY_REASONS):
                return FileFindings(kind=kind, trouble="broken")
            raise
        except errors.TamgaError as error:  # also one that it names itself: no word of its own is passed on
            raise errors.Unavailable from error
