"""Has a hostile file parsed by the function that has no right at all in the account."""

from __future__ import annotations

import base64
from typing import Any

from chalicelib.adapters.lambda_call import FunctionDied, call
from chalicelib.core import errors
from chalicelib.core.document import DocumentFindings, findings_from_json

READ_SECONDS = 25.0  # as LambdaIssuer
FILE_BYTES_AT_MOST = 4 * 1024 * 1024  # base64 of it fits Lambda's 6 MB request
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

    def read(self, data: bytes, content_type: str) -> DocumentFindings:
        kind = "pdf" if content_type == "application/pdf" else "image"
        if len(data) > FILE_BYTES_AT_MOST:
            return DocumentFindings(kind=kind, trouble="too-large")
        payload = {"data": base64.b64encode(data).decode(), "content_type": content_type}
        try:
            return findings_from_json(call(self._client, self._function, payload))
        except FunctionDied as death:
            if death.kind in DEADLY or any(words in death.reason for words in DEADLY_REASONS):
                return DocumentFindings(kind=kind, trouble="broken")
            raise
        except errors.TamgaError as error:  # also one that it names itself: no word of its own is passed on
            raise errors.Unavailable from error
