"""Ministry of `office.py` with its register on the local engine, for races and connection faults."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from office import MemoryOffice

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.composition import container
from chalicelib.platform.deps import PermitRegister
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import open_bundle
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH
from chalicelib.verification.services.verify import Checker
from local import resources
from local.engine import REGION


class EngineOffice(MemoryOffice):
    """The ministry with `register` on its own table. Keys, files and the clock stay in memory.

    `table` and `endpoint` serve other connections.
    """

    def __init__(self, endpoint: str, *, now: int) -> None:
        super().__init__(now=now)
        self.endpoint, self.table = endpoint, f"tamga-{uuid.uuid4().hex[:12]}"
        client = make_client("dynamodb", region=REGION, endpoint=endpoint)
        resources.ensure_table(client, self.table)
        client.update_time_to_live(  # the engine deletes by the real clock, and this office has another one
            TableName=self.table, TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires"}
        )
        self.register = self.connect()  # type: ignore[assignment]

    def connect(self, endpoint: str | None = None, **options: Any) -> PermitRegister:
        return DynamoRegister(self.table, region=REGION, endpoint=endpoint or self.endpoint, **options)

    @property
    def handle(self) -> tuple[str, str, bytes, Any, int]:
        """The data that another process needs for the same register: see `opened`."""
        held = self.static.read(BUNDLE_PATH)
        assert held is not None
        return self.endpoint, self.table, held[0], tuple(self.pins), self.now


def opened(handle: tuple[str, str, bytes, Any, int]) -> tuple[PermitRegister, Checker, int]:
    """In another process, the register with new connections, and a verifier with the same pinned root."""
    from chalicelib.kernel.stage import Stage
    from chalicelib.people import services as people

    container.provide()
    endpoint, table, bundle, pins, now = handle
    lists = open_bundle(bundle, pins)
    trust = Trust(lists, pins, {each.issuer: now for each in lists}, max(each.seq for each in lists))
    return DynamoRegister(table, region=REGION, endpoint=endpoint), Checker(Stage(), trust, people.posts("KG")), now


def scan_rows(register: Any) -> Iterable[Any]:
    """Every row of the table as (partition, sort, JSON text)."""
    return ((model.pk, model.sk, model.data) for model in register._model.scan())
