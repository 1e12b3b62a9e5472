"""Refusals of claims: the message names the refused field and never quotes its content."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_claims import FULL, LINE, Change, body, claim, extra, raw, row
from token_maker import FALCON, permit

from chalicelib.kernel.errors import DecodeError
from chalicelib.token import cbor
from chalicelib.token.claims import decode_claims, encode_claims

EVIL = "\u202eevil"
NAMED: list[tuple[str, Change]] = [
    ("map keys", lambda c: c.pop(7)),
    ("map keys", claim(8, 0)),
    ("map keys", claim(65535, {})),
    ("map keys", claim(65535, {"status_list": {"idx": 1}})),
    ("map keys", body(9, 0)),
    ("map keys", extra(5, "a")),
    ("iss", claim(1, "kg")),
    ("number", body(1, "26KG000123")),
    ("unsigned integer", claim(4, -1)),
    ("unsigned integer", claim(6, "0")),
    ("unsigned integer", row(1, 4)),
    ("unsigned integer", lambda c: c[65535]["status_list"].__setitem__("idx", 2**53)),
    ("16-byte string", claim(7, bytes(15))),
    ("16-byte string", body(7, bytes(17))),
    ("uri", lambda c: c[65535]["status_list"].__setitem__("uri", EVIL)),
    ("kind", body(0, "X")),
    ("kind", body(0, 1)),
    ("party", body(2, ["A"])),
    ("party", body(3, "A")),
    ("name", body(2, [EVIL, "KG"])),
    ("country", body(3, ["A", "ae"])),
    ("purpose", body(4, EVIL)),
    ("purpose", body(4, "TT")),
    ("lines", body(5, [])),
    ("lines", body(5, {})),
    ("line", body(5, [LINE, LINE[:4]])),
    ("line", body(5, ["line"])),
    ("stamp", body(6, EVIL)),
    ("page", body(8, [1])),
    ("page", body(8, [1, 1])),
    ("taxon", row(0, EVIL)),
    ("source", row(2, EVIL)),
    ("term", row(3, EVIL)),
    ("term", row(3, "LIVE")),
    ("quantity", row(4, "1.0")),
    ("quantity", row(4, "0")),
    ("extras", body(5, [[*LINE, {}]])),
    ("unit", extra(0, "kgm")),
    ("unit", extra(0, "NAR")),
    ("marks", extra(1, EVIL)),
    ("marks", extra(1, [1])),
    ("unsigned integer", extra(1, [-1, bytes(16)])),
    ("16-byte string", extra(1, [1, bytes(15)])),
    ("source document", extra(2, [])),
    ("source document", extra(3, "KG")),
    ("country", extra(2, ["kg"])),
    ("document", extra(3, ["KG", EVIL])),
    ("date", extra(2, ["KG", "a", "2026"])),
    ("date", extra(3, ["KG", "a", "2026-02-29"])),
    ("operation", extra(4, EVIL)),
]


def said(name: str) -> str:
    return f"The signed claims do not match the schema of this version: {name}."


@pytest.mark.parametrize(("name", "change"), NAMED, ids=[f"{n}-{name}" for n, (name, _) in enumerate(NAMED)])
def test_refusal_names_the_field(name: str, change: Change) -> None:
    claims = raw(permit())
    change(claims)
    with pytest.raises(DecodeError) as caught:
        decode_claims(cbor.encode(claims))
    assert (caught.value.code, caught.value.check, caught.value.detail) == ("T6", 5, said(name))


@pytest.mark.parametrize(
    ("payload", "detail"),
    [
        (b"", "CBOR not well-formed (CBORDecodeEOF)"),
        (bytes(2049), "CBOR of 2049 bytes, at most 2048"),
        (encode_claims(FULL) + b"\x00", "CBOR not in the deterministic encoding (RFC 8949 s. 4.2)"),
    ],
)
def test_refusal_of_bytes_that_are_no_claims_names_the_cause(payload: bytes, detail: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_claims(payload)
    assert caught.value.detail == said(detail)


def test_text_without_utf_8_encoding_is_refused() -> None:
    with pytest.raises(DecodeError) as caught:
        encode_claims(permit(replace(FALCON, marks="\ud800")))
    assert caught.value.detail == said("no CBOR encoding of the value (UnicodeEncodeError)")
