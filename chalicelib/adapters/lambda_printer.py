"""The printing function behind Lambda: it alone may use the `pdf` key. IAM: `lambda:InvokeFunction` on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.lambda_call import call


@dataclass(frozen=True, slots=True)
class LambdaPrinter:
    """`PermitPrinter`: sends `{"permit_id", "original"}`, waits, and raises the error that comes back."""

    client: Any
    function: str

    def make(self, permit_id: str, *, original: bool = False) -> None:
        call(self.client, self.function, {"permit_id": permit_id, "original": original})
