"""The status function behind Lambda: it alone may use the `status` keys. IAM: `lambda:InvokeFunction` on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.lambda_call import call
from chalicelib.core.errors import TamgaError


@dataclass(frozen=True, slots=True)
class LambdaPublisher:
    """`StatusPublisher`: sends `{"uri"}`. What fails is made good by the schedule, so nothing is raised."""

    client: Any
    function: str

    def publish(self, uri: str) -> None:
        try:
            call(self.client, self.function, {"uri": uri})
        except TamgaError:
            return
