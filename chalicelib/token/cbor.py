"""Deterministic CBOR (RFC 8949 s. 4.2.1). `decode` accepts only the bytes that `encode` writes.

Values: int (-2^64 .. 2^64-1), bytes, str, bool, list, dict with int or str keys. Refused: float, null, tag, indefinite
length, duplicate or unsorted key, an integer longer than needed, trailing byte.
"""

from __future__ import annotations

from typing import Any, NoReturn

import cbor2

from chalicelib.kernel.errors import CborError

INT_LIMIT = 1 << 64

# Every tag that cbor2 6.2 interprets. They are refused before cbor2 acts on them. Tags 28 and 29 let one value refer to
# another many times, so 2 kB could take hours to walk. A test tries all tags and so finds a new one in a later cbor2.
TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)


def encode(value: Any) -> bytes:
    """Encode a value with the shortest heads, and keys in the order of their encoded bytes.

    Raises `CborError` for a type or an integer outside of the values above, a lone surrogate, or too deep nesting.
    """
    try:
        return cbor2.dumps(_ordered(value))
    except (cbor2.CBORError, UnicodeError, RecursionError) as error:
        raise CborError(f"no CBOR encoding of the value ({type(error).__name__})") from None


def decode(data: bytes, *, cap: int, depth: int) -> Any:
    """Decode bytes that are one value in the deterministic encoding.

    `cap`: most bytes, checked first. `depth`: most arrays and maps inside one another.

    1 size   2 well-formed, definite, no tag, no key twice, not too deep   3 only our types, keys in order
    4 as long as `encode` of the value. After 2 and 3 only longer heads and a trailing byte can differ. So equal size
    means equal bytes (a test compares them). Encoding again would take twice the time, and every verdict decodes.

    Raises `CborError` and nothing else.
    """
    if len(data) > cap:  # 1
        raise CborError(f"CBOR of {len(data)} bytes, at most {cap}")
    try:
        value = cbor2.loads(  # 2
            data,
            max_depth=depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_REFUSED,
            tag_hook=_refuse,
        )
    except Exception as error:
        # cbor2 promises CBORDecodeError, but the functions that it calls raise other errors.
        raise CborError(f"CBOR not well-formed ({type(error).__name__})") from None
    if _size(value) != len(data):  # 3, 4
        raise CborError("CBOR not in the deterministic encoding (RFC 8949 s. 4.2)")
    return value


def _refuse(*_: Any) -> NoReturn:
    raise CborError("CBOR tag not allowed")


_FIRST = (-1, 0, "")  # sorts before every key

_REFUSED = dict.fromkeys(TAGS, _refuse)


def _size(value: Any) -> int:
    """Return the size of a value's encoding in bytes.

    Raises `CborError` for a type that is not ours, or for a map with keys out of order.
    """
    kind = type(value)
    if kind is str:
        size = len(value) if value.isascii() else len(value.encode())
        return size + 1 if size < 24 else size + _head(size)
    if kind is int:
        return _head(value if value >= 0 else ~value)
    if kind is bytes:
        return len(value) + _head(len(value))
    if kind is list:
        return _head(len(value)) + sum(map(_size, value))
    if kind is dict:
        size, last = _head(len(value)), _FIRST
        for key, item in value.items():
            rank = _rank(key)
            if rank <= last:
                raise CborError("CBOR map keys not in deterministic order (RFC 8949 s. 4.2.1)")
            last = rank
            size += _size(key) + _size(item)
        return size
    if kind is bool:
        return 1
    raise CborError(f"CBOR value of type {kind.__name__} not allowed")


def _head(argument: int) -> int:
    """Return the size in bytes of the shortest head with this argument (RFC 8949 s. 3)."""
    if argument < 24:
        return 1
    if argument < 0x100:
        return 2
    if argument < 0x10000:
        return 3
    if argument < 0x1_0000_0000:
        return 5
    if argument < INT_LIMIT:
        return 9
    raise CborError("CBOR integer outside of 64 bits")


def _ordered(value: Any) -> Any:
    """Return the value with its maps sorted. Raises `CborError` for a type or an integer that is not ours."""
    kind = type(value)
    if kind is str or kind is bytes or kind is bool:
        return value
    if kind is int:
        if not -INT_LIMIT <= value < INT_LIMIT:
            raise CborError("CBOR integer outside of 64 bits")
        return value
    if kind is list or kind is tuple:
        return [_ordered(item) for item in value]
    if kind is dict:
        return {key: _ordered(value[key]) for key in sorted(value, key=_rank)}
    raise CborError(f"CBOR value of type {kind.__name__} not allowed")


def _rank(key: Any) -> tuple[int, int, str]:
    """Return a sort key with the order of the encoded bytes: 0, 1, ... then -1, -2, ... then text, shorter first."""
    kind = type(key)
    if kind is int:
        return (0, key, "") if key >= 0 else (1, -key, "")
    if kind is str:
        return 2, len(key.encode("utf-8", "surrogatepass")), key
    raise CborError("CBOR map key is neither an integer nor a text string")
