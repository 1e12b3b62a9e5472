"""Ports that call our own Lambda functions, each the only one with its right. One synchronous call each.

| class | function | its right |
|---|---|---|
| `LambdaIssuer` | `issue_permit` | the permit keys |
| `LambdaParties` | `ask_party` | our client certificate for other Parties' services |
| `LambdaPrinter` | `print_permit` | the `pdf` key |
| `LambdaPublisher` | `publish_status` | the `status` keys |
| `LambdaReader` | `read_document` | none: it parses hostile files and has no right in the account |

The caller needs `lambda:InvokeFunction` on each function that it calls.
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


class FunctionCrashed(errors.Unavailable):
    """Error of a function that crashed or timed out. `kind`, `reason`: Lambda's errorType and errorMessage."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__()
        self.kind = kind
        self.reason = reason


def call(client: Any, function: str, payload: dict[str, Any]) -> Any:
    """Call a function and return the value that its handler passed to `envelope.success`.

    Raises the handler's own error. Raises `FunctionCrashed` (an `errors.Unavailable`) if it crashed or ran out of
    time, and `errors.Unavailable` if Lambda was busy or did not answer in time.
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
        raise FunctionCrashed(str(details.get("errorType", "")), str(details.get("errorMessage", "")))
    return envelope.unwrap(value)


READ_SECONDS = 25.0  # above the time a function takes at most (ask_party: 23 s, the others 24), below API Gateway's 29


class LambdaIssuer:
    """`PermitIssuer` that calls the issuing function `function`. IAM: `lambda:InvokeFunction` on it alone.

    `client`: `make_client("lambda", read_seconds=READ_SECONDS, attempts=1)`. The handler takes `{"permit_id": id}` and
    returns an envelope. Raises the service's errors. Raises `errors.Unavailable` if no answer came. The intent in the
    register then shows how far the signing went.
    """

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def issue(self, permit_id: str) -> None:
        call(self._client, self._function, {"permit_id": permit_id})


FAULT_AT_MOST = 200  # characters


@dataclass(frozen=True, slots=True)
class LambdaParties:
    """`PartyServices` that calls the function `ask_party`.

    That function parses other Parties' data, so the shape of its answer is checked again here.
    """

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
    """Read an answer that `to_json` wrote. `fault` is cut to 200 characters. Raises `Unavailable`: another shape."""
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
    """`PermitPrinter` that calls the printing function with `{"permit_id", "original"}` and raises its errors.

    IAM: `lambda:InvokeFunction` on it.
    """

    client: Any
    function: str

    def make(self, permit_id: str, *, original: bool = False) -> None:
        call(self.client, self.function, {"permit_id": permit_id, "original": original})


@dataclass(frozen=True, slots=True)
class LambdaPublisher:
    """`StatusPublisher` that calls the status function with `{"uri"}`. IAM: `lambda:InvokeFunction` on it.

    A failure is logged and not raised, because the scheduled run publishes the list later.
    """

    client: Any
    function: str

    def publish(self, uri: str) -> None:
        try:
            call(self.client, self.function, {"uri": uri})
        except Exception as error:  # a missing right or function too: the change of status is stored already
            log.fault(error, "publish")


DEADLY_REASONS = ("Task timed out", "Worker process died")  # message of Lambda; of the local engine after an exit

DEADLY = ("Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "Function.Timedout")


class LambdaReader:
    """`DocumentReader` that calls the reading function `function`. IAM: `lambda:InvokeFunction` on it alone.

    `client`: `make_client("lambda", read_seconds=READ_SECONDS, attempts=1)`. The handler takes
    `{"data": base64, "content_type": type}` and returns an envelope with `findings_to_json`. A hostile file may control
    the function, so its findings are checked as untrusted input. All its errors become `errors.Unavailable`.
    A file that kills the function (time, memory) gives `trouble="broken"`. Any other crash is our own fault and raises
    `errors.Unavailable`.
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
        except FunctionCrashed as death:
            if death.kind in DEADLY or any(words in death.reason for words in DEADLY_REASONS):
                return FileFindings(kind=kind, trouble="broken")
            raise
        except errors.TamgaError as error:  # also an error in its envelope: no text of the function is passed on
            raise errors.Unavailable from error
