"""CBOR in one spelling: what `encode` would write, and nothing else, is what `decode` reads (RFC 8949 s. 4.2.1).

Values: int (-2^64 .. 2^64-1), bytes, str, bool, list, dict with int or str keys. No float, null, tag, indefinite
length, duplicate key, longer-than-needed integer or trailing byte.
"""

from __future__ import annotations

from typing import Any, NoReturn

import cbor2

from chalicelib.core.errors import TamgaError

INT_LIMIT = 1 << 64
# Every tag to which cbor2 6.2 gives a meaning: refused before it acts, because 28 and 29 share one value many times
# over, so that 2 kB would take hours to walk. A test tries them all, and so notices a cbor2 that has learnt one more.
TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)


class CborError(TamgaError):
    """The bytes are not CBOR in the one spelling."""

    status = 422
    slug = "not-genuine"
    title = "Not strict CBOR"


def encode(value: Any) -> bytes:
    """Deterministic encoding: shortest integers, sorted keys (length first, which for our keys is the same)."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, *, cap: int, depth: int) -> Any:
    """The value of exactly these bytes. `cap`: bytes at most, checked first; `depth`: containers inside one another.

    Raises `CborError` and nothing else.
    """
    if len(data) > cap:
        raise CborError(f"{len(data)} bytes, at most {cap}")
    try:
        value = cbor2.loads(
            data,
            max_depth=depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_REFUSED,
            tag_hook=_refuse,
        )
        _plain(value)
        again = cbor2.dumps(value, canonical=True)
    except CborError:
        raise
    except Exception as error:
        # cbor2 promises CBORDecodeError, but what it calls raises at will.
        raise CborError(f"not CBOR ({type(error).__name__})") from None
    if again != data:
        raise CborError("not in the one spelling")
    return value


def _refuse(*_: Any) -> NoReturn:
    raise CborError("a tag")


_REFUSED = dict.fromkeys(TAGS, _refuse)


def _plain(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bytes or kind is bool:
        return
    if kind is int:
        if not -INT_LIMIT <= value < INT_LIMIT:
            raise CborError("an integer beyond 64 bits")
    elif kind is list:
        for item in value:
            _plain(item)
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not int and type(key) is not str:
                raise CborError("a key that is neither integer nor text")
            _plain(item)
    else:
        raise CborError(f"a value of type {kind.__name__}")
