"""COSE_Sign1 with ES256: encode, decode, verify (RFC 9052 s. 4.2, 4.4; RFC 9053 s. 2.1).

    18([ protected: bstr .cbor {1: -7, 4: kid, ...}, {}, payload: bstr, signature: bstr .size 64 ])

`alg` and `kid` are in the protected header only. The unprotected header is empty. Signatures are converted between
DER and r||s only in this module.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from chalicelib.kernel import errors
from chalicelib.kernel.errors import DecodeError, KeyFormatError
from chalicelib.token import cbor

ES256 = -7  # RFC 9053 s. 2.1

ALG, KID, TYP = 1, 4, 16  # RFC 9052 s. 3.1, RFC 9596

TAG_AND_ARRAY = b"\xd2\x84"  # tag 18, array of 4

KID_BYTES = 8

PLAIN_HEADER = b"\xa2\x01\x26\x04"  # {1: -7, 4: ...

KID_AT = len(PLAIN_HEADER) + 1

DIGEST_BYTES = 32  # SHA-256

SIGNATURE_BYTES = 64

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-4 D.1.2.3

_ECDSA = ec.ECDSA(hashes.SHA256())

PublicKey = ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Sign1:
    """A decoded COSE_Sign1, not verified yet."""

    protected: bytes
    kid: bytes
    payload: bytes
    signature: bytes


def encode_protected(kid: bytes, typ: str | None = None) -> bytes:
    """Encode the protected header: `alg`, `kid` and, if given, `typ`."""
    if typ is None:
        return PLAIN_HEADER + _bstr(kid)
    return cbor.encode({ALG: ES256, KID: kid, TYP: typ})


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Encode the bytes that are signed: Sig_structure (RFC 9052 s. 4.4) without external data."""
    return b"\x84\x6aSignature1" + _bstr(protected) + b"\x40" + _bstr(payload)


def encode_sign1(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Encode the message. `signature`: r||s."""
    return TAG_AND_ARRAY + _bstr(protected) + b"\xa0" + _bstr(payload) + _bstr(signature)


def decode_sign1(data: bytes, *, cap: int, typ: str | None = None) -> Sign1:
    """Decode a message and check its form. `cap`: most bytes. `typ` is that of the protected header, or None if it has
    none.

    1 size   2 tag 18 and four parts   3 strict CBOR   4 protected header {1: -7, 4: kid} and `typ`, no more
    5 empty unprotected header   6 signature of 64 bytes

    Raises `DecodeError` (T3, check 2).
    """
    if len(data) > cap:  # 1
        raise _broken("COSE_Sign1 too long")
    if not data.startswith(TAG_AND_ARRAY):  # 2
        raise _broken("not a COSE_Sign1 message")
    try:
        protected, unprotected, payload, signature = cbor.decode(data[1:], cap=cap, depth=3)  # 3
        if type(protected) is not bytes or type(payload) is not bytes or type(signature) is not bytes:
            raise _broken("COSE_Sign1 members of the wrong type")
    except errors.CborError as error:
        raise _broken(error.detail) from None
    kid = protected[KID_AT : KID_AT + KID_BYTES]
    if len(kid) != KID_BYTES or protected != encode_protected(
        kid, typ
    ):  # 4: compared as bytes, so only one spelling passes
        raise _broken("COSE_Sign1 protected header is not {1: -7, 4: kid} and `typ`")
    if unprotected != {} or type(unprotected) is not dict:  # 5
        raise _broken("COSE_Sign1 unprotected header is not empty")
    if len(signature) != SIGNATURE_BYTES:  # 6
        raise _broken("COSE_Sign1 signature is not 64 bytes long")
    return Sign1(protected, kid, payload, signature)


def verify(sign1: Sign1, public_key: PublicKey) -> bool:
    """Return True if this key signed this header and payload."""
    return verify_raw(to_be_signed(sign1.protected, sign1.payload), sign1.signature, public_key)


def verify_raw(message: bytes, signature: bytes, public_key: PublicKey) -> bool:
    """Return True if the ECDSA signature (P-256, SHA-256) of `message` verifies. `signature`: r||s of 64 bytes."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        public_key.verify(_der(signature), message, _ECDSA)
    except InvalidSignature:
        return False
    return True


def raw_signature(der: bytes) -> bytes:
    """Convert a DER ECDSA-Sig-Value to r||s.

    Raises `KeyFormatError` for other DER, for another spelling, or if r or s is not in 1..n-1.
    """
    try:
        r, s = decode_dss_signature(der)
    except ValueError:
        raise KeyFormatError("signature is not a DER ECDSA-Sig-Value") from None
    _in_range(r, s)
    if encode_dss_signature(r, s) != der:
        raise KeyFormatError("ECDSA-Sig-Value is not in its only DER encoding")
    return r.to_bytes(32) + s.to_bytes(32)


def load_public_key(spki: bytes) -> PublicKey:
    """Load a P-256 key from SubjectPublicKeyInfo (DER).

    Raises `KeyFormatError` if it is not a public key, is on another curve, or is in another spelling.
    """
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFormatError("not a SubjectPublicKeyInfo in DER") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyFormatError("not a P-256 key")
    if public_bytes(key) != spki:
        raise KeyFormatError("SubjectPublicKeyInfo is not in its only DER encoding")
    return key


def public_bytes(public_key: PublicKey) -> bytes:
    """Encode a key as SubjectPublicKeyInfo, DER."""
    return public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def coordinates(public_key: PublicKey) -> tuple[bytes, bytes]:
    """Return the coordinates x and y, 32 bytes each."""
    numbers = public_key.public_numbers()
    return numbers.x.to_bytes(32), numbers.y.to_bytes(32)


def public_key_xy(x: bytes, y: bytes) -> PublicKey:
    """Make a P-256 key from its coordinates. Raises `KeyFormatError` for another length, or a point off the curve."""
    if len(x) != 32 or len(y) != 32:
        raise KeyFormatError("coordinates x and y are not 32 bytes each")
    try:
        return ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1()).public_key()
    except ValueError:
        raise KeyFormatError("x and y are not a point of P-256") from None


def jwk(public_key: PublicKey) -> dict[str, str]:
    """Return a key as a JWK with the members and order that a thumbprint needs (RFC 7638 s. 3.2, 3.3)."""
    x, y = coordinates(public_key)
    return {"crv": "P-256", "kty": "EC", "x": _base64url(x), "y": _base64url(y)}


def thumbprint(public_key: PublicKey) -> bytes:
    """Return a key's JWK thumbprint: SHA-256 (RFC 7638), 32 bytes."""
    text = json.dumps(jwk(public_key), separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def key_id(public_key: PublicKey) -> bytes:
    """Return a key's `kid`: the first 8 bytes of its JWK thumbprint."""
    return thumbprint(public_key)[:KID_BYTES]


def _bstr(data: bytes) -> bytes:
    """Encode a byte string with its shortest head (RFC 8949 s. 3).

    It is written out for speed, because every verdict calls it.
    """
    size = len(data)
    if size < 24:
        return bytes((0x40 | size,)) + data
    if size < 0x100:
        return bytes((0x58, size)) + data
    return b"\x59" + size.to_bytes(2) + data if size < 0x10000 else cbor.encode(data)


def _in_range(r: int, s: int) -> None:
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise KeyFormatError("signature value r or s is not in 1..n-1")


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _broken(detail: str) -> DecodeError:
    return DecodeError("T3", 2, f"The code is damaged: {detail}.")
