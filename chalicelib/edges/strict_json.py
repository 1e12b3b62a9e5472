"""JSON as a request may bring it: one reading only, small and shallow; everything else is `Invalid`.

1 size    2 UTF-8, no BOM    3 depth    4 grammar, no NaN or Infinity, no name twice    5 an object at the top
6 no lone surrogates
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from chalicelib.core.errors import FieldError, Invalid, TooLarge

DEPTH_AT_MOST = 12
NUMBER_AT_MOST = 18  # digits: no field of ours needs more, and none is a float
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # an open one reaches to the end: no quote is read twice


def loads(data: bytes, cap: int) -> dict[str, Any]:
    """The object that these bytes spell. Raises `TooLarge` over `cap` bytes, else `Invalid`."""
    if len(data) > cap:  # 1
        raise TooLarge(f"At most {cap // 1024} kB of JSON are taken here.")
    try:
        text = data.decode("utf-8")  # 2
    except UnicodeDecodeError:
        raise _refused("utf8", "The body is not UTF-8.") from None
    _shallow(data)  # 3
    try:
        value = json.loads(  # 4; a BOM is no JSON
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except ValueError:
        raise _refused("json", "The body is not JSON.") from None
    if not isinstance(value, dict):  # 5
        raise _refused("object", "The body is a JSON object.")
    _characters(value)  # 6
    return value


def _shallow(data: bytes) -> None:
    depth = 0
    for bracket in re.findall(rb"[\[\]{}]", _STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_AT_MOST:
            raise _refused("depth", f"JSON nested deeper than {DEPTH_AT_MOST} levels.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _refused("duplicate_name", "A name stands twice in one object.")
    return made


def _constant(_: str) -> NoReturn:
    raise _refused("number", "NaN and Infinity are no JSON.")


def _integer(digits: str) -> int:
    if len(digits) > NUMBER_AT_MOST:
        raise _refused("number", "A number with too many digits; quantities are strings.")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > 32:
        raise _refused("number", "A number with too many digits; quantities are strings.")
    return float(digits)


def _characters(value: Any) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _refused("surrogate", "A lone surrogate is no character.") from None
    elif isinstance(value, dict):
        for name, item in value.items():
            _characters(name)
            _characters(item)
    elif isinstance(value, list):
        for item in value:
            _characters(item)


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(FieldError("body", code, detail))
