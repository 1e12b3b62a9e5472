"""What the register's table looks like: keys, attributes and the three search indexes, once.

| attribute | type | what |
|---|---|---|
| pk, sk    | S | partition and sort of the row's key |
| version   | N | counts the row's writes from 1; every guard is on it |
| data      | S | JSON text; absent on a counter, whose count is its version |
| born      | S | first write, nanoseconds since 1970 in 20 digits: range key of the indexes |
| idx_*     | S | hash keys of the sparse indexes by-state, by-owner, by-shelf (keys only) |
| expires   | N | time to live, seconds since 1970 |

Indexes carry keys only: the rows are read consistently anyway, and a 390 kB row is not written four times.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.adapters import aws, rows


class RowModel(Model):
    """The attributes; `row_model` adds table and indexes."""

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
    """A model of its own for one table: PynamoDB keeps table, region and client on the class.

    The SDK's own retries are off, because `DynamoRegister` repeats with the same token and knows why.
    """
    meta = type(
        "Meta",
        (),
        {
            "table_name": table,
            "region": region,
            "host": endpoint,
            "connect_timeout_seconds": aws.CONNECT_SECONDS,
            "read_timeout_seconds": aws.READ_SECONDS,
            "max_retry_attempts": 0,
            "max_pool_connections": 50,
        },
    )
    members: dict[str, Any] = {"Meta": meta, "__module__": __name__}
    for name in rows.INDEXES:
        members[f"by_{name}"] = _index(name)()
    return type("TableRow", (RowModel,), members)


def definition(table: str) -> dict[str, Any]:
    """The arguments of CreateTable; infrastructure must say the same."""
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
