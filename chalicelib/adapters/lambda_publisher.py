"""The status function behind Lambda: it alone may use the `status` keys. IAM: `lambda:InvokeFunction` on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib import log
from chalicelib.adapters.lambda_call import call


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
