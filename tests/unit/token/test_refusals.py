"""Messages of refused tokens, keys and texts: one sentence for each reason, so that a log names the cause."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from test_cose import CAP, HEADER, KEY, message

from chalicelib.kernel.errors import DecodeError, TamgaError
from chalicelib.token import cbor, cose, qr_text

DAMAGED = "The code is damaged: {}."
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)  # fmt: skip


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (bytes(CAP + 1), "COSE_Sign1 too long"),
        (b"\xd2\x83", "not a COSE_Sign1 message"),
        (message(payload="text"), "COSE_Sign1 members of the wrong type"),
        (message() + b"\x00", "CBOR not in the deterministic encoding (RFC 8949 s. 4.2)"),
        (message({1: -8, 4: bytes(8)}), "COSE_Sign1 protected header is not {1: -7, 4: kid} and `typ`"),
        (message(HEADER, {9: 0}), "COSE_Sign1 unprotected header is not empty"),
        (message(signature=bytes(63)), "COSE_Sign1 signature is not 64 bytes long"),
    ],
)
def test_refused_message_names_the_cause(data: bytes, detail: str) -> None:
    with pytest.raises(DecodeError) as caught:
        cose.decode_sign1(data, cap=CAP)
    assert (caught.value.code, caught.value.check, caught.value.detail) == ("T3", 2, DAMAGED.format(detail))


@pytest.mark.parametrize(
    ("work", "detail"),
    [
        (lambda: cose.raw_signature(b"\x30"), "signature is not a DER ECDSA-Sig-Value"),
        (lambda: cose.raw_signature(bytes.fromhex("300702020001020101")), "signature is not a DER ECDSA-Sig-Value"),
        (lambda: cose.raw_signature(bytes.fromhex("3006020100020100")), "signature value r or s is not in 1..n-1"),
        (lambda: cose.load_public_key(b"\x30\x00"), "not a SubjectPublicKeyInfo in DER"),
        (lambda: cose.load_public_key(OTHER_CURVE), "not a P-256 key"),
        (lambda: cose.public_key_xy(bytes(31), bytes(32)), "coordinates x and y are not 32 bytes each"),
        (lambda: cose.public_key_xy(bytes(32), bytes(31)), "coordinates x and y are not 32 bytes each"),
        (lambda: cose.public_key_xy(b"\x01" * 32, b"\x02" * 32), "x and y are not a point of P-256"),
    ],
)
def test_refused_key_or_signature_names_the_cause(work: Callable[[], object], detail: str) -> None:
    with pytest.raises(TamgaError) as caught:
        work()
    assert caught.value.detail == detail


def test_non_canonical_der_is_refused_by_our_own_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """cryptography refuses other DER encodings itself. A laxer version of it would change nothing."""
    monkeypatch.setattr(cose, "decode_dss_signature", lambda der: (1, 1))
    with pytest.raises(TamgaError) as caught:
        cose.raw_signature(bytes.fromhex("30070202000102010100"))
    assert caught.value.detail == "ECDSA-Sig-Value is not in its only DER encoding"


def test_compressed_public_key_is_refused() -> None:
    compressed = KEY.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    with pytest.raises(TamgaError) as caught:
        cose.load_public_key(head + compressed)
    assert caught.value.detail == "SubjectPublicKeyInfo is not in its only DER encoding"


@pytest.mark.parametrize(
    ("text", "code", "check", "detail"),
    [
        ("https://practice.tamga.kg/1#" + "1" * qr_text.TEXT_AT_MOST, "T3", 1, "The code is too long."),
        ("x" * (qr_text.TEXT_AT_MOST + 1), "T4", 1, "The code is too long."),
        (f"https://{'a' * 289}/1#".ljust(qr_text.TEXT_AT_MOST + 1, "1"), "T3", 1, "The code is too long."),
        (f"https://{'a' * 290}/1#".ljust(qr_text.TEXT_AT_MOST + 1, "1"), "T4", 1, "The code is too long."),
        ("https://practice.tamga.kg/2#1", "T4", 1, "The text is not a code of a Tamga permit."),
        (
            "https://practice.tamga.kg/1#" + "1" * 16,
            "T3",
            2,
            DAMAGED.format("the number of digits after # is not possible"),
        ),
        (
            "https://practice.tamga.kg/1#" + "9" * 17,
            "T3",
            2,
            DAMAGED.format("a group of digits is above its highest value"),
        ),
    ],
)
def test_refused_text_names_code_check_and_cause(text: str, code: str, check: int, detail: str) -> None:
    with pytest.raises(DecodeError) as caught:
        qr_text.decode_qr(text)
    assert (caught.value.code, caught.value.check, caught.value.detail) == (code, check, detail)


@pytest.mark.parametrize("number", ["", "12a", "１２３"])
def test_text_without_digits_is_refused(number: str) -> None:
    with pytest.raises(DecodeError) as caught:
        qr_text.token_of(f"https://practice.tamga.kg/1#{number}")
    assert caught.value.detail == DAMAGED.format("the part after # has other characters than digits")


def test_signature_of_other_size_does_not_verify() -> None:
    assert cose.verify_raw(b"message", bytes(63), KEY) is False
    assert cose.verify_raw(b"message", bytes(65), KEY) is False


def test_nesting_deeper_than_a_cose_message_is_refused() -> None:
    with pytest.raises(DecodeError) as caught:
        cose.decode_sign1(b"\xd2\x84" + cbor.encode(b"") + b"\xa1\x01\x81\x81\x00\x40\x40", cap=CAP)
    assert caught.value.detail == DAMAGED.format("CBOR not well-formed (CBORDecodeError)")


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65535, 65536])
def test_byte_string_has_shortest_head(size: int) -> None:
    assert cose._bstr(bytes(size)) == cbor.encode(bytes(size))
