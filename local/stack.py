"""A stack deployed on the local engine: its addresses, clients and user pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws.client import make_client
from local import people
from local.engine import Engine

READ_SECONDS = 120.0  # enough for a cold start of a function on a busy machine


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack. `template`: its address. `outputs`: its outputs. `parameters`: its parameters."""

    engine: Engine
    template: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]

    def client(self, service: str) -> Any:
        return make_client(service, region=self.engine.region, endpoint=self.engine.endpoint, read_seconds=READ_SECONDS)

    @property
    def address(self) -> str:
        """Address of the API on the engine, without a host name of its own."""
        return f"{self.engine.endpoint}/restapis/{self.outputs['RestAPIId']}/api/_user_request_"

    def pool(self, password: str) -> people.Pool:
        """The stack's user pool, with this password for everybody."""
        pool, client = self.outputs["PeoplePool"], self.outputs["PeopleClientId"]
        return people.Pool(pool, client, self.engine.endpoint, self.engine.region, password)
