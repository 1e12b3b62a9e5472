"""Register on DynamoDB: one table, each write a guarded transaction that is executed at most once.

Results of a `commit` (FORMAT.md "Exactly once"). One call has one client request token, so DynamoDB recognizes each
retry as the same transaction (for 10 minutes; retries end after seconds):

1. done                                                      -> return
2. cancelled, a reason is ConditionalCheckFailed             -> `Conflict`, raised in this case only
3. cancelled for TransactionConflict or throttling, in progress, throttled, 5xx, no answer -> retry after a
   random pause; past `patience` seconds                     -> `errors.Unavailable`
4. IdempotentParameterMismatch (another call used the token) -> `errors.Unavailable`: the caller reads by its own ids
5. any other error (no right, no table, a malformed request) -> raised unchanged: a fault

No decision depends on a GSI. Only `search` reads one, and then reads the rows that it found consistently.

The table: keys, attributes and three search indexes.

| attribute | type | content |
|---|---|---|
| pk, sk    | S | partition and sort of the row's key |
| version   | N | number of writes to the row, from 1; every guard compares it |
| data      | S | JSON text; absent on a counter, which counts in `version` |
| born      | S | first write, nanoseconds since 1970 in 20 digits: range key of the indexes |
| idx_*     | S | hash keys of the sparse indexes by-state, by-owner, by-shelf |
| expires   | N | time to live, seconds since 1970 |

The indexes contain keys only, because `search` reads the rows consistently anyway, and DynamoDB does not write a row of
390 kB four times.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from botocore.parsers import ResponseParserError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.adapters.aws import client, rows
from chalicelib.adapters.aws.pynamodb_private import connection_of
from chalicelib.kernel import errors
from chalicelib.kernel.rows import Conflict, Key, Put, Row


class RowModel(Model):
    """Attributes of a row. `row_model` adds table and indexes."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute(null=True)
    data = UnicodeAttribute(null=True)
    born = UnicodeAttribute(null=True)
    idx_state = UnicodeAttribute(null=True)
    idx_owner = UnicodeAttribute(null=True)
    idx_shelf = UnicodeAttribute(null=True)
    expires = NumberAttribute(null=True)


def row_model(table: str, region: str, endpoint: str | None) -> type[RowModel]:
    """Make a model class for one table, since PynamoDB keeps table, region and client on the class.

    The retries of the SDK are off, because `DynamoRegister` retries with the same token, depending on the error.
    """
    meta = type(
        "Meta",
        (),
        {
            "table_name": table,
            "region": region,
            "host": endpoint,
            "connect_timeout_seconds": client.CONNECT_SECONDS,
            "read_timeout_seconds": client.READ_SECONDS,
            "max_retry_attempts": 0,
            "max_pool_connections": 50,
        },
    )
    members: dict[str, Any] = {"Meta": meta, "__module__": __name__}
    for name in rows.INDEXES:
        members[f"by_{name}"] = _index(name)()
    return type("TableRow", (RowModel,), members)


def definition(table: str) -> dict[str, Any]:
    """Arguments of CreateTable. The infrastructure templates must define the same table."""
    indexed = [("pk", "HASH"), ("sk", "RANGE")]
    return {
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", "born", *(f"idx_{name}" for name in rows.INDEXES))
        ],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in indexed],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": f"by-{name}",
                "KeySchema": [
                    {"AttributeName": f"idx_{name}", "KeyType": "HASH"},
                    {"AttributeName": "born", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for name in rows.INDEXES
        ],
    }


def _index(name: str) -> type[GlobalSecondaryIndex[Any]]:
    meta = type("Meta", (), {"index_name": f"by-{name}", "projection": KeysOnlyProjection()})
    members = {
        "Meta": meta,
        "__module__": __name__,
        f"idx_{name}": UnicodeAttribute(hash_key=True),
        "born": UnicodeAttribute(range_key=True),
    }
    return type(f"By{name.title()}", (GlobalSecondaryIndex,), members)


PATIENCE_SECONDS = 8.0  # at worst three reads of 3 s end within 11 s; API Gateway waits 29 s

PAUSE_SECONDS = 0.02  # longest first pause; doubles with each retry (full jitter)

PAUSE_SECONDS_AT_MOST = 1.0

BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class _Retry(Exception):
    """Signal to retry, because the transaction was neither executed nor refused by a guard."""


class DynamoRegister:
    """`PermitRegister` on the table `table`. IAM: DescribeTable, GetItem, Query, BatchGetItem, UpdateItem."""

    def __init__(
        self, table: str, *, region: str, endpoint: str | None = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._model = row_model(table, region, endpoint)
        self._patience = patience
        self._checked: object = None

    def identity(self) -> str:
        """TableId of the table. AWS always restores or imports into a new table (DynamoDB, RestoreTableToPointInTime).

        For an emulator without TableId: the time at which the table was created.
        """
        name = self._model.Meta.table_name
        found = self._retry(lambda: self._connection().describe_table(name))
        return str(found.get("TableId") or found["CreationDateTime"])

    def get(self, key: Key) -> Row | None:
        rows.check_key(key)
        found = self._retry(lambda: self._load([key]))
        return _row(found[key]) if key in found else None

    def get_all(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        asked = tuple(dict.fromkeys(keys))
        for key in asked:
            rows.check_key(key)
        found = self._retry(lambda: self._load(asked))
        return {key: _row(model) for key, model in found.items()}

    def query(
        self,
        partition: str,
        *,
        start: str = "",
        stop: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Sequence[Row]:
        if stop is not None and stop <= start:
            return ()  # DynamoDB refuses an empty range

        def attempt() -> Sequence[Row]:
            found = self._model.query(
                partition,
                self._range(start, stop),
                consistent_read=True,
                scan_index_forward=not newest_first,
                page_size=None if limit is None else limit + 1,  # one more: BETWEEN includes `stop`
            )
            kept: list[Row] = []
            for model in found if limit != 0 else ():
                if model.sk != stop:
                    kept.append(_row(model))
                if len(kept) == limit:
                    break
            return tuple(kept)

        return self._retry(attempt)

    def commit(self, *puts: Put) -> None:
        texts = rows.encode_puts(puts)
        if not puts:
            return  # DynamoDB refuses an empty transaction
        now = time.time_ns()
        items = [self._update(put, text, _born(now + i)) for i, (put, text) in enumerate(zip(puts, texts, strict=True))]
        token = str(uuid.uuid4())

        def attempt() -> None:
            try:
                self._connection().transact_write_items([], [], [], items, client_request_token=token)
            except TransactWriteError as error:
                if client.code_of(error.cause) == "IdempotentParameterMismatchException":  # 4
                    raise errors.Unavailable from error
                codes = [reason.code if reason else None for reason in error.cancellation_reasons]
                lost = [put.key for put, code in zip(puts, codes, strict=False) if code == "ConditionalCheckFailed"]
                if lost:  # 2
                    raise Conflict(lost) from None
                if codes and set(codes) <= BUSY | {None}:  # 3
                    raise _Retry from error
                raise  # 3, 5

        self._retry(attempt)

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        """Add 1 to a counter with UpdateItem and return the count.

        Retry only if AWS refused the call, so a lost answer counts at most once. Raises `errors.Unavailable`: the
        answer was lost, or AWS refuses for too long.
        """
        rows.check_key(key)
        table = self._model
        actions: list[Action] = [table.version.add(1), table.born.set(table.born | _born(time.time_ns()))]
        if expires is not None:
            actions.append(table.expires.set(expires))

        def attempt() -> int:
            row = table(key.partition, key.sort)
            row.update(actions=actions)
            return int(row.version)

        return self._retry(attempt, lost_may_repeat=False)

    def search(
        self, index: str, value: str, *, cursor: str | None = None, limit: int = 50, oldest_first: bool = False
    ) -> tuple[Sequence[Row], str | None]:
        """Find rows by an index and read them consistently. Rows no longer in the index are left out, so a page may be
        short."""
        rows.check_search(index, value, limit)
        before = None
        if cursor is not None:
            born, key = rows.decode_cursor(cursor)
            names = {"pk": key.partition, "sk": key.sort, f"idx_{index}": value, "born": born}
            before = {name: {"S": text} for name, text in names.items()}

        def attempt() -> tuple[Sequence[Row], str | None]:
            hits = list(
                self._model.query(
                    value,
                    index_name=f"by-{index}",
                    scan_index_forward=oldest_first,
                    limit=limit + 1,
                    last_evaluated_key=before,
                )
            )
            page = hits[:limit]
            current = self._load([Key(hit.pk, hit.sk) for hit in page])
            found = (current.get(Key(hit.pk, hit.sk)) for hit in page)
            more = rows.encode_cursor(page[-1].born, Key(page[-1].pk, page[-1].sk)) if len(hits) > limit else None
            return tuple(_row(m) for m in found if m is not None and getattr(m, f"idx_{index}") == value), more

        return self._retry(attempt)

    def _load(self, keys: Sequence[Key]) -> dict[Key, RowModel]:
        if len(keys) == 1:
            try:
                return {keys[0]: self._model.get(keys[0].partition, keys[0].sort, consistent_read=True)}
            except self._model.DoesNotExist:
                return {}
        found = self._model.batch_get([(key.partition, key.sort) for key in keys], consistent_read=True)
        return {Key(model.pk, model.sk): model for model in found}

    def _range(self, start: str, stop: str | None) -> Condition | None:
        sk = self._model.sk
        if start and stop is not None:
            return sk.between(start, stop)
        if start:
            return sk >= start
        return sk < stop if stop is not None else None

    def _update(self, put: Put, text: str, born: str) -> dict[str, object]:
        """Update that replaces the whole row and adds 1 to its version, with a guard if the put has `expect`."""
        table = self._model
        actions: list[Action] = [
            table.data.set(text),
            table.version.add(1),
            table.born.set(table.born | born),
            table.expires.remove() if put.expires is None else table.expires.set(put.expires),
        ]
        for name in rows.INDEXES:
            attribute = getattr(table, f"idx_{name}")
            actions.append(attribute.set(put.index[name]) if name in put.index else attribute.remove())
        guard: Condition | None = None
        if put.expected_version is not None:
            guard = table.version == put.expected_version if put.expected_version else table.pk.does_not_exist()
        return table(put.key.partition, put.key.sort).get_update_kwargs_from_instance(actions, condition=guard)

    def _connection(self) -> Connection:
        """Connection of the model, with a check for truncated answers on its client."""
        connection = connection_of(self._model)
        if connection.client is not self._checked:  # made at the first call, and again after missing credentials
            client.refuse_cut_answers(connection.client)
            self._checked = connection.client
        return connection

    def _retry[T](self, attempt: Callable[[], T], *, lost_may_repeat: bool = True) -> T:
        """Run `attempt` and retry transient errors for at most `patience` seconds.

        `lost_may_repeat=False`: no retry if the answer was lost. Raises `errors.Unavailable`, and faults unchanged.
        """
        self._connection()
        end = time.monotonic() + self._patience
        pause = PAUSE_SECONDS
        while True:
            try:
                return attempt()
            except _Retry as error:
                last: BaseException | None = error.__cause__
            except (PynamoDBException, ResponseParserError) as error:
                last = _origin(error)
                if not client.is_transient(last):
                    raise
                if isinstance(last, client.LOST) and not lost_may_repeat:
                    raise errors.Unavailable from error
            rest = random.uniform(0, pause)  # noqa: S311  # jitter, no secret
            if time.monotonic() + rest > end:
                raise errors.Unavailable from last
            time.sleep(rest)
            pause = min(2 * pause, PAUSE_SECONDS_AT_MOST)


def _origin(error: Exception) -> BaseException | None:
    """Return botocore's error. PynamoDB wraps it twice and drops the HTTP status."""
    if not isinstance(error, PynamoDBException):
        return error
    return error.cause.__cause__ if isinstance(error.cause, VerboseClientError) else error.cause


def _row(model: RowModel) -> Row:
    key = Key(model.pk, model.sk)
    return Row(key, rows.decode_data(model.data) if model.data is not None else {}, int(model.version))


def _born(now: int) -> str:
    """Time of a row's first write as sortable text. `now`: nanoseconds since 1970."""
    return f"{now:020d}"
