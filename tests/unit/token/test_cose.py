"""COSE_Sign1 (token/cose.py): one message shape, one algorithm, verification with the signing key only."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from token_maker import permit, token
from trust_maker import PERMIT, SPARE_1, kid, private, sign

from chalicelib.kernel.errors import DecodeError, TamgaError
from chalicelib.record.permit import TokenLine
from chalicelib.token import cbor, cose
from chalicelib.token.claims import decode_claims

CAP = 2048
KEY = private(PERMIT).public_key()
HEADER = {1: -7, 4: kid(PERMIT)}
TOKEN = token(permit())


def message(
    header: Any = HEADER, unprotected: Any = None, payload: Any = b"payload", signature: Any = bytes(64), *more: Any
) -> bytes:
    protected = header if isinstance(header, bytes) else cbor.encode(header)
    return b"\xd2" + cbor.encode([protected, {} if unprotected is None else unprotected, payload, signature, *more])


def verified(data: bytes) -> bool:
    """Return True if a verifier that pins our key would read claims from these bytes."""
    try:
        sign1 = cose.decode_sign1(data, cap=CAP)
    except DecodeError as error:
        return error.code != "T3"
    return sign1.kid == kid(PERMIT) and cose.verify(sign1, KEY)


def test_sign1_roundtrip() -> None:
    protected = cose.encode_protected(kid(PERMIT))
    sign1 = cose.decode_sign1(cose.encode_sign1(protected, b"payload", bytes(range(64))), cap=CAP)
    assert sign1 == cose.Sign1(protected, kid(PERMIT), b"payload", bytes(range(64)))
    assert cose.encode_sign1(sign1.protected, sign1.payload, sign1.signature) == message(signature=bytes(range(64)))


def test_bytes_of_header_and_to_be_signed() -> None:
    """The expected bytes are written by hand from RFC 9052 s. 3 and 4.4."""
    protected = cose.encode_protected(b"\x01\x02\x03\x04\x05\x06\x07\x08")
    assert protected.hex() == "a2" + "0126" + "0448" + "0102030405060708"
    signed = cose.to_be_signed(protected, b"\xa0")
    assert signed.hex() == "84" + "6a" + b"Signature1".hex() + "4d" + protected.hex() + "40" + "41a0"


def test_typ_label_is_accepted_only_where_expected() -> None:
    status = message({**HEADER, 16: "application/statuslist+cwt"})
    assert cose.decode_sign1(status, cap=CAP, typ="application/statuslist+cwt").kid == kid(PERMIT)
    assert cose.encode_protected(kid(PERMIT), typ="a") == cbor.encode({**HEADER, 16: "a"})
    for data, typ in ((status, None), (status, "application/other"), (message(), "application/statuslist+cwt")):
        with pytest.raises(DecodeError):
            cose.decode_sign1(data, cap=CAP, typ=typ)


@pytest.mark.parametrize(
    ("why", "data"),
    [
        ("nothing", b""),
        ("no tag", message()[1:]),
        ("tag in two bytes", b"\xd8\x12" + message()[1:]),
        ("tag of COSE_Sign", b"\xd8\x62" + message()[1:]),
        ("tag of COSE_Mac0", b"\xd1" + message()[1:]),
        ("tag of a CWT around it", b"\xd8\x3d" + message()),
        ("tag twice", b"\xd2" + message()),
        ("trailing byte", message() + b"\x00"),
        ("cut short", message()[:-1]),
        ("tag alone", b"\xd2"),
        ("three elements", b"\xd2" + cbor.encode([cbor.encode(HEADER), {}, b""])),
        ("five elements", message(HEADER, None, b"", bytes(64), 0)),
        ("a map", b"\xd2\xa0"),
        ("indefinite array", b"\xd2\x9f" + message()[2:] + b"\xff"),
        ("header is a map, not bytes", b"\xd2" + cbor.encode([HEADER, {}, b"", bytes(64)])),
        ("header is empty", message(b"")),
        ("header is an empty map", message({})),
        ("header is an array", message([1, -7])),
        ("header not in the one spelling", message(bytes.fromhex("a2") + b"\x04\x48" + kid(PERMIT) + b"\x01\x26")),
        ("header with a byte after it", message(cbor.encode(HEADER) + b"\x00")),
        ("no alg", message({4: kid(PERMIT)})),
        ("no kid", message({1: -7})),
        ("alg EdDSA", message({**HEADER, 1: -8})),
        ("alg ES384", message({**HEADER, 1: -35})),
        ("alg HS256", message({**HEADER, 1: 5})),
        ("alg none", message({**HEADER, 1: 0})),
        ("alg as text", message({**HEADER, 1: "ES256"})),
        ("alg true", message({**HEADER, 1: True})),
        ("alg ES256 of RFC 9864", message({**HEADER, 1: -9})),
        ("kid of 7 bytes", message({**HEADER, 4: bytes(7)})),
        ("kid of 9 bytes", message({**HEADER, 4: bytes(9)})),
        ("kid as text", message({**HEADER, 4: "12345678"})),
        ("crit", message({**HEADER, 2: [4]})),
        ("content type", message({**HEADER, 3: 60})),
        ("key in the header", message({**HEADER, -1: {}})),
        ("x5chain", message({**HEADER, 33: b""})),
        ("text label", message({**HEADER, "kid": kid(PERMIT)})),
        ("kid unprotected", message({1: -7}, {4: kid(PERMIT)})),
        ("alg and kid unprotected", message({}, HEADER)),
        ("something unprotected", message(HEADER, {9: 0})),
        ("unprotected is bytes", message(HEADER, b"")),
        ("unprotected is an array", message(HEADER, [])),
        ("unprotected is false", message(HEADER, False)),
        ("payload detached", b"\xd2\x84" + cbor.encode(cbor.encode(HEADER)) + b"\xa0\xf6\x58\x40" + bytes(64)),
        ("payload is text", message(payload="text")),
        ("payload is a map", message(payload={})),
        ("signature of 63 bytes", message(signature=bytes(63))),
        ("signature of 65 bytes", message(signature=bytes(65))),
        ("signature as DER", message(signature=encode_dss_signature(1, 1))),
        ("signature is text", message(signature="s" * 64)),
        ("too long", message(payload=bytes(CAP))),
        ("a health certificate's first bytes", bytes.fromhex("d28443a10126a10448d919375fc1e7b6b2")),
    ],
)
def test_malformed_sign1_is_refused_before_key_look_up(why: str, data: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        cose.decode_sign1(data, cap=CAP)
    assert (caught.value.code, caught.value.check) == ("T3", 2)


def test_message_of_cap_size_passes_and_one_byte_less_refuses() -> None:
    assert cose.decode_sign1(TOKEN, cap=len(TOKEN)).kid == kid(PERMIT)
    with pytest.raises(DecodeError):
        cose.decode_sign1(TOKEN, cap=len(TOKEN) - 1)


def test_only_signing_key_and_unchanged_bytes_verify() -> None:
    sign1 = cose.decode_sign1(TOKEN, cap=CAP)
    assert cose.verify(sign1, KEY)
    assert not cose.verify(sign1, private(SPARE_1).public_key())
    for part in ("protected", "payload"):
        bent = {"protected": sign1.protected, "payload": sign1.payload}
        bent[part] += b"\x00"
        assert not cose.verify(cose.Sign1(bent["protected"], sign1.kid, bent["payload"], sign1.signature), KEY)


def test_every_flipped_bit_is_refused() -> None:
    tokens = (
        TOKEN,
        token(permit(*[TokenLine("Testudo horsfieldii", 2, "W", "LIV", "40", unit=None)] * 4, page=(2, 3))),
        token(permit(stamp="KG 0012345", kind="R", number="26KG000124/R")),
    )
    for good in tokens:
        assert verified(good)
        for bit in range(8 * len(good)):
            bent = bytearray(good)
            bent[bit // 8] ^= 1 << bit % 8
            assert not verified(bytes(bent)), bit


@given(st.binary(max_size=120), st.booleans())
def test_garbage_does_not_verify(data: bytes, tagged: bool) -> None:
    assert not verified(b"\xd2\x84" + data if tagged else data)


@settings(max_examples=200)
@given(st.data())
def test_spliced_tokens_do_not_verify(data: st.DataObject) -> None:
    other = token(permit(number="26KG000999/E", cti=bytes(16)))
    at = data.draw(st.integers(1, min(len(TOKEN), len(other)) - 1))
    spliced = TOKEN[:at] + other[at:]
    assert spliced in {TOKEN, other} or not verified(spliced)


@given(st.integers(1, cose.ORDER - 1), st.integers(1, cose.ORDER - 1))
def test_der_signature_is_converted_to_r_and_s(r: int, s: int) -> None:
    raw = r.to_bytes(32) + s.to_bytes(32)
    assert cose.raw_signature(encode_dss_signature(r, s)) == raw


@pytest.mark.parametrize(
    ("r", "s"), [(0, 1), (1, 0), (cose.ORDER, 1), (1, cose.ORDER), (2**256 - 1, 1), (1, 2**256 - 1)]
)
def test_r_or_s_out_of_range_is_refused(r: int, s: int) -> None:
    raw = r.to_bytes(32) + s.to_bytes(32)
    with pytest.raises(TamgaError):
        cose.raw_signature(encode_dss_signature(r, s))
    assert not cose.verify(cose.decode_sign1(message(signature=raw), cap=CAP), KEY)


@pytest.mark.parametrize(
    "der",
    [
        "",
        "3006020101020101" + "00",
        "30060201010201",
        "308106020101020101",
        "300702020001020101",
        "3006020101020180",
        "3003020101",
        "04" * 64,
    ],
)
def test_non_canonical_der_is_refused(der: str) -> None:
    with pytest.raises(TamgaError):
        cose.raw_signature(bytes.fromhex(der))


@given(st.binary(max_size=80))
def test_der_garbage_raises_tamga_error_only(data: bytes) -> None:
    try:
        raw = cose.raw_signature(data)
    except TamgaError:
        return
    assert encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])) == data


def _spki(key: Any) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_public_key_roundtrip() -> None:
    again = cose.load_public_key(cose.public_bytes(KEY))
    assert cose.public_bytes(again) == cose.public_bytes(KEY) == _spki(KEY)
    assert cose.public_bytes(cose.public_key_xy(*cose.coordinates(KEY))) == _spki(KEY)


COMPRESSED = (
    private(PERMIT).public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
)
UNCOMPRESSED = (
    private(PERMIT).public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
)


@pytest.mark.parametrize(
    ("why", "spki"),
    [
        ("nothing", b""),
        ("P-384", _spki(ec.generate_private_key(ec.SECP384R1()).public_key())),
        ("secp256k1", _spki(ec.generate_private_key(ec.SECP256K1()).public_key())),
        ("Ed25519", _spki(ed25519.Ed25519PrivateKey.generate().public_key())),
        ("RSA", _spki(rsa.generate_private_key(65537, 2048).public_key())),
        ("a byte after it", _spki(KEY) + b"\x00"),
        ("cut short", _spki(KEY)[:-1]),
        ("off the curve", _spki(KEY)[:-1] + bytes([_spki(KEY)[-1] ^ 1])),
        ("compressed point", bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + COMPRESSED),
        ("point alone", UNCOMPRESSED),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_public_key_is_refused(why: str, spki: bytes) -> None:
    with pytest.raises(TamgaError):
        cose.load_public_key(spki)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (bytes(32), bytes(32)),
        (b"\xff" * 32, b"\xff" * 32),
        (b"", b""),
        (b"\x00" + cose.coordinates(KEY)[0], cose.coordinates(KEY)[1]),  # the same numbers with a leading zero byte
        (cose.coordinates(KEY)[0], b"\x00" + cose.coordinates(KEY)[1]),
    ],
)
def test_invalid_coordinates_are_refused(x: bytes, y: bytes) -> None:
    with pytest.raises(TamgaError):
        cose.public_key_xy(x, y)


def test_key_id_is_the_jwk_thumbprint() -> None:
    """RFC 7638 s. 3, written by hand: members in order, no white space."""
    x, y = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in cose.coordinates(KEY))
    digest = sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest()
    assert cose.thumbprint(KEY) == digest
    assert cose.key_id(KEY) == digest[:8]


def test_malleable_signature_has_the_same_claims() -> None:
    """(r, n - s) verifies too. So identity never depends on the signature (FORMAT.md 1)."""
    sign1 = cose.decode_sign1(TOKEN, cap=CAP)
    s = cose.ORDER - int.from_bytes(sign1.signature[32:])
    twin = cose.Sign1(sign1.protected, sign1.kid, sign1.payload, sign1.signature[:32] + s.to_bytes(32))
    assert cose.verify(twin, KEY)
    assert decode_claims(twin.payload) == decode_claims(sign1.payload)


def test_signature_over_other_context_does_not_verify() -> None:
    """The context is Signature1, without external data. So no other signature by the key is a token."""
    protected, payload = cose.encode_protected(kid(PERMIT)), b"payload"
    assert verified(sign(PERMIT, protected, payload))
    for context, aad in (("Signature", b""), ("MAC0", b""), ("Signature1", b"x")):
        der = private(PERMIT).sign(cbor.encode([context, protected, aad, payload]), cose._ECDSA)
        assert not verified(cose.encode_sign1(protected, payload, cose.raw_signature(der)))
