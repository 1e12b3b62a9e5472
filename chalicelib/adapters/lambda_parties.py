"""Other Parties' services behind the function that alone has our client certificate. IAM: `lambda:InvokeFunction`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.lambda_call import call
from chalicelib.core.errors import Unavailable
from chalicelib.core.exchanged import ExchangedPermit
from chalicelib.ports import PartyAnswer

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
        payload = {"country": country, "operation": operation, "number": number, "token": token,
                   "lines": [list(line) for line in lines]}  # fmt: skip
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
