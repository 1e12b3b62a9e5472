"""Deterministic CBOR (token/cbor.py): one encoding for each value; hostile bytes cost little time and memory."""

from __future__ import annotations

import time
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import errors
from chalicelib.token import cbor

CAP, DEPTH = 2048, 6


def read(hexadecimal: str, depth: int = DEPTH) -> Any:
    return cbor.decode(bytes.fromhex(hexadecimal), cap=CAP, depth=depth)


@pytest.mark.parametrize(
    ("value", "hexadecimal"),
    [  # RFC 8949 appendix A
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (18446744073709551615, "1bffffffffffffffff"),
        (-18446744073709551616, "3bffffffffffffffff"),
        (-1, "20"),
        (False, "f4"),
        (True, "f5"),
        (b"", "40"),
        (bytes.fromhex("01020304"), "4401020304"),
        ("", "60"),
        ("ü", "62c3bc"),
        ("水", "63e6b0b4"),
        ([], "80"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({}, "a0"),
        ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    ],
)
def test_examples_of_rfc_8949(value: Any, hexadecimal: str) -> None:
    assert cbor.encode(value).hex() == hexadecimal
    assert read(hexadecimal) == value
    assert type(read(hexadecimal)) is type(value)


def test_keys_sort_as_in_rfc_8949() -> None:
    """The list is the example of RFC 8949 s. 4.2.1. The older length-first order would put -1 before 100."""
    keys = ["aa", "z", -1, 100, 10]
    assert list(read(cbor.encode(dict.fromkeys(keys, 0)).hex())) == [10, 100, -1, "z", "aa"]


@pytest.mark.parametrize(
    ("why", "hexadecimal"),
    [
        ("nothing", ""),
        ("trailing byte", "0000"),
        ("cut short", "8201"),
        ("string cut short", "6261"),
        ("integer in two bytes", "1817"),
        ("integer in three bytes", "190017"),
        ("integer in nine bytes", "1b0000000000000001"),
        ("negative integer in two bytes", "3800"),
        ("length in two bytes", "580100"),
        ("text length in two bytes", "780161"),
        ("array length in two bytes", "980100"),
        ("map length in two bytes", "b8010000"),
        ("indefinite bytes", "5f41004100ff"),
        ("indefinite text", "7f6161ff"),
        ("indefinite array", "9fff"),
        ("indefinite map", "bfff"),
        ("break alone", "ff"),
        ("same key twice", "a201020102"),
        ("same key twice, true and 1", "a20102f502"),
        ("keys out of order", "a202020102"),
        ("text keys out of order", "a2616200616100"),
        ("negative before positive key", "a220000000"),
        ("bytes as a key", "a1410000"),
        ("true as a key", "a1f500"),
        ("array as a key", "a18000"),
        ("null as a key", "a1f600"),
        ("half float", "f93c00"),
        ("single float", "fa3fc00000"),
        ("double float", "fb3ff8000000000000"),
        ("not a number", "f97e00"),
        ("null", "f6"),
        ("undefined", "f7"),
        ("simple value 16", "f0"),
        ("simple value 255", "f8ff"),
        ("true in two bytes", "f815"),
        ("null inside", "8101f6"),
        ("reserved head", "1c"),
        ("tag: time", "c100"),
        ("tag: bignum", "c249010000000000000000"),
        ("tag: bigfloat", "c5821b7fffffffffffffff01"),
        ("tag: shared value", "d81c8100"),
        ("tag: itself", "d81c81d81d00"),
        ("tag: self-described CBOR", "d9d9f700"),
        ("tag: unknown", "d8639f"),
        ("tag in an array", "8101c100"),
        ("text is not UTF-8", "61ff"),
        ("text is overlong UTF-8", "62c080"),
        ("text is half a surrogate pair", "63eda080"),
        ("array of 2^63 - 1", "9b7fffffffffffffff"),
        ("bytes of 2^63 - 1", "5b7fffffffffffffff"),
        ("map of 2^64 - 1", "bbffffffffffffffff"),
    ],
)
def test_other_encoding_or_type_is_refused(why: str, hexadecimal: str) -> None:
    with pytest.raises(errors.CborError):
        read(hexadecimal)


def test_cap_is_checked_before_decoding() -> None:
    assert cbor.decode(b"\x43abc", cap=4, depth=1) == b"abc"
    with pytest.raises(errors.CborError, match="at most 3"):
        cbor.decode(b"\x43abc", cap=3, depth=1)


def test_nesting_deeper_than_limit_is_refused() -> None:
    assert read("81" * 6 + "00") == [[[[[[0]]]]]]
    for start in ("81" * 7, "a100" * 7, "81" * 2000, "c1" * 2000):
        with pytest.raises(errors.CborError):
            read(start + "00")


def test_tag_is_refused_before_it_is_interpreted() -> None:
    """Four layers of shared arrays in 400 bytes expand to 10^8 items. A walk through them would take a minute."""
    layers = b"".join(b"\xd8\x1c\x98\x32" + (b"\xd8\x1d" + bytes([layer])) * 50 for layer in range(4))
    start = time.process_time()
    with pytest.raises(errors.CborError):
        cbor.decode(b"\x85\xd8\x1c\x82\x00\x00" + layers, cap=CAP, depth=DEPTH)
    assert time.process_time() - start < 0.5


class _Foreign(Exception):
    pass


def _raise(*_: Any) -> Any:
    raise _Foreign


def test_our_table_has_every_tag_that_cbor2_interprets() -> None:
    def meaningless(tag: int) -> bool:
        """Return True if the library passes the tag to the hook, whatever its content."""
        try:
            cbor2.loads(cbor2.dumps(cbor2.CBORTag(tag, 0)), tag_hook=_raise)
        except Exception as error:
            return isinstance(error, _Foreign) or isinstance(error.__cause__, _Foreign)
        return False

    known = {tag for tag in [*range(70000), 2**32 - 1, 2**64 - 1] if not meaningless(tag)}
    assert known == set(cbor.TAGS)


@pytest.mark.parametrize(
    "value", [None, 1.5, {1.5: 0}, {None: 0}, {b"a": 0}, 2**64, -(2**64) - 1, "\ud800", {1, 2}, object(), [None]]
)
def test_value_without_encoding_is_refused(value: Any) -> None:
    with pytest.raises(errors.CborError):
        cbor.encode(value)


def test_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(errors.CborError):
        cbor.encode(loop)


SCALARS = st.one_of(
    st.integers(-(2**64), 2**64 - 1),
    st.booleans(),
    st.binary(max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
KEYS = st.one_of(st.integers(-(2**64), 2**64 - 1), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@given(VALUES)
def test_any_value_roundtrip(value: Any) -> None:
    data = cbor.encode(value)
    assert cbor.decode(data, cap=len(data), depth=64) == value


@given(st.dictionaries(KEYS, st.just(0), max_size=6))
def test_keys_ascend_as_bytes(value: dict[Any, int]) -> None:
    encoded = [cbor.encode(key) for key in cbor.decode(cbor.encode(value), cap=CAP, depth=1)]
    assert encoded == sorted(encoded)


@given(VALUES, st.binary(max_size=3))
def test_only_shortest_heads_are_decoded(value: Any, tail: bytes) -> None:
    """Each head is tried in every length that fits its argument.

    Only the shortest, as `encode` writes it, is accepted.
    """
    for spelled in _spellings(value):
        if spelled + tail == cbor.encode(value):
            assert cbor.decode(spelled, cap=CAP * 8, depth=64) == value
        else:
            with pytest.raises(errors.CborError):
                cbor.decode(spelled + tail, cap=CAP * 8, depth=64)


def _spellings(value: Any) -> list[bytes]:
    """The shortest encoding, and one for each wider way to write all heads."""
    return [_spelled(value, width) for width in (0, 1, 2, 4, 8)]


def _spelled(value: Any, width: int) -> bytes:
    """Encode by hand from RFC 8949 s. 3. Heads have at least `width` bytes of argument, and keys keep their order."""

    def head(major: int, argument: int) -> bytes:
        short = (
            0 if argument < 24 else 1 if argument < 2**8 else 2 if argument < 2**16 else 4 if argument < 2**32 else 8
        )
        size = max(width, short)
        start = argument if size == 0 else {1: 24, 2: 25, 4: 26, 8: 27}[size]
        return bytes([major << 5 | start]) + (argument.to_bytes(size) if size else b"")

    match value:
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(_spelled(item, width) for item in value)
        case _:
            pairs = (_spelled(key, width) + _spelled(item, width) for key, item in value.items())
            return head(5, len(value)) + b"".join(pairs)


@given(st.binary(max_size=80))
def test_garbage_is_refused_or_encodes_to_the_same_bytes(data: bytes) -> None:
    try:
        value = cbor.decode(data, cap=64, depth=DEPTH)
    except errors.CborError:
        return
    assert cbor.encode(value) == data


@given(VALUES, st.data())
def test_altered_encoding_is_refused_or_encodes_to_the_same_bytes(value: Any, data: st.DataObject) -> None:
    good = bytearray(cbor.encode(value))
    good[data.draw(st.integers(0, len(good) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        again = cbor.decode(bytes(good), cap=CAP, depth=DEPTH)
    except errors.CborError:
        return
    assert cbor.encode(again) == bytes(good)
