"""Ministry whose table is restored to an earlier moment, in memory or on the local engine."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from engine_office import EngineOffice
from office import ADMIN, ADMIN2, MemoryOffice

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.in_process.memory import MemoryReader, MemoryRegister
from chalicelib.platform.restore_lock import LockedRegister, without_lock
from chalicelib.reading.read_document import read
from chalicelib.restore.services.missing_data import Restorer
from local import resources
from local.engine import REGION


class _Restorable:
    """Common part: a register behind its restore lock, and new processes after a restore."""

    def gated(self: Any, table: Any) -> None:
        self.__dict__.pop("restore_lock", None)
        self.forget()
        self.register = LockedRegister(table, self.restore_lock)
        self.reader = MemoryReader(read)

    def hired(self: Any) -> None:
        for admin in (ADMIN, ADMIN2):
            self.register_person(admin)

    @property
    def restorer(self: Any) -> Restorer:
        return Restorer(self)

    def minute(self: Any) -> list[str]:
        """One run of the schedule, a minute later."""
        self.later(61)
        return list(self.publish_due())


class MemoryRestorable(_Restorable, MemoryOffice):
    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.hired()
        self.gated(self.register)

    def backup(self) -> Any:
        return rows_of(without_lock(self.register))

    def restore(self, rows: Any) -> None:
        table = MemoryRegister()
        vars(table).update(deepcopy(rows))
        self.gated(table)


def rows_of(table: Any) -> Any:
    """The content of a register in memory, without its identity."""
    return deepcopy({name: value for name, value in vars(table).items() if name not in {"_lock", "_identity"}})


class EngineRestorable(_Restorable, EngineOffice):
    """A backup is a copy of the table's items, restored into a table of another name, as AWS does it."""

    def __init__(self, endpoint: str, *, now: int) -> None:
        super().__init__(endpoint, now=now)
        self.hired()
        self.gated(self.register)

    @property
    def _client(self) -> Any:
        return make_client("dynamodb", region=REGION, endpoint=self.endpoint)

    def backup(self) -> Any:
        pages = self._client.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def restore(self, rows: Any) -> None:
        self.table += "-restored"
        client = self._client
        resources.ensure_table(client, self.table)
        for start in range(0, len(rows), 25):  # BatchWriteItem: at most 25
            puts = [{"PutRequest": {"Item": item}} for item in rows[start : start + 25]]
            assert not client.batch_write_item(RequestItems={self.table: puts}).get("UnprocessedItems")
        self.gated(self.connect())
