"""Rules for rows of the register: limits, the JSON of a row and the cursor of a search.

Both registers apply them, so the register in memory refuses the same rows as DynamoDB.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.kernel import errors
from chalicelib.kernel.rows import Key, Put

INDEXES = ("state", "owner", "shelf")  # shelf: every permit

PUTS_AT_MOST = 100  # TransactWriteItems: actions per request

ROW_BYTES_AT_MOST = 390_000  # DynamoDB: 400 KB an item, with attribute names, keys and the other attributes

COMMIT_BYTES_AT_MOST = 3_900_000  # TransactWriteItems: 4 MB over all items

PARTITION_BYTES_AT_MOST = 2048  # DynamoDB: partition key

SORT_BYTES_AT_MOST = 1024  # DynamoDB: sort key

CURSOR_CHARS_AT_MOST = 6000


def encode_data(data: Mapping[str, Any]) -> str:
    """Encode a row's data as JSON text.

    Raises TypeError for anything but JSON, and for a float (quantities are strings).
    """
    _check_plain(data)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def decode_data(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return data


def encode_puts(puts: Sequence[Put]) -> list[str]:
    """Check that the puts fit one transaction, and return the JSON text of each.

    1. at most 100 puts  2. no key twice, none empty or too long  3. known indexes, values not empty
    4. each row at most 390,000 bytes  5. all together at most 3.9 MB.
    Raises `errors.TooLarge` (4, 5), and ValueError or TypeError (1-3, or no JSON) for an error in the caller.
    """
    if len(puts) > PUTS_AT_MOST:  # 1
        raise ValueError(f"{len(puts)} puts in a transaction, at most {PUTS_AT_MOST}")
    if len({put.key for put in puts}) != len(puts):  # 2
        raise ValueError("two puts of one transaction name the same row")
    texts = []
    total = 0
    for put in puts:
        check_key(put.key)
        for name, value in put.index.items():  # 3
            if name not in INDEXES or not 0 < len(value.encode()) <= PARTITION_BYTES_AT_MOST:
                raise ValueError(f"index {name!r}={value!r}: one of {', '.join(INDEXES)}, with a value")
        text = encode_data(put.data)
        size = len(text.encode())
        if size > ROW_BYTES_AT_MOST:  # 4
            raise errors.TooLarge(f"A record of {size} bytes is too large, at most {ROW_BYTES_AT_MOST}")
        total += size
        texts.append(text)
    if total > COMMIT_BYTES_AT_MOST:  # 5
        raise errors.TooLarge(f"{total} bytes in one step are too many, at most {COMMIT_BYTES_AT_MOST}")
    return texts


def check_key(key: Key) -> None:
    if not 0 < len(key.partition.encode()) <= PARTITION_BYTES_AT_MOST:
        raise ValueError("a partition has 1 to 2048 bytes")
    if not 0 < len(key.sort.encode()) <= SORT_BYTES_AT_MOST:
        raise ValueError("a sort name has 1 to 1024 bytes")


def check_search(index: str, value: str, limit: int) -> None:
    if index not in INDEXES or not value or limit < 1:
        raise ValueError(f"search for {index!r}={value!r}, {limit} rows")


def encode_cursor(born: str, key: Key) -> str:
    """Encode the end of a search page as an opaque cursor."""
    text = json.dumps([born, key.partition, key.sort], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[str, Key]:
    """Decode a cursor that `encode_cursor` made. Raises `errors.Invalid`: cursors are untrusted input."""
    try:
        if not 0 < len(cursor) <= CURSOR_CHARS_AT_MOST:
            raise ValueError
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        born, partition, sort = json.loads(raw.decode())
        if not all(isinstance(part, str) and part for part in (born, partition, sort)):
            raise ValueError
        key = Key(partition, sort)
        check_key(key)
        if encode_cursor(born, key) != cursor:
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise errors.Invalid(errors.FieldError("cursor", "cursor", "not a cursor of this list")) from None
    return born, key


def _check_plain(value: Any) -> None:
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a name that is {type(name).__name__}, not text")
            _check_plain(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_plain(item)
    else:
        raise TypeError(f"{type(value).__name__} is not stored")
