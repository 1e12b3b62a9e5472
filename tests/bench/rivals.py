"""The same permit in other formats: EU digital covid certificate (HCERT), SMART Health Card, JWT-VC.

| form | bytes | text | specification |
|---|---|---|---|
| HCERT | CWT in COSE_Sign1, ES256 | `HC1:` + base45 of zlib | EU eHealth Network, HCERT 1.0.5; RFC 9285 |
| SMART Health Card | JWS of a deflated JSON, ES256 | `shc:/` + two digits a character | SMART Health Cards 1.4 |
| JWT-VC | JWS of a W3C credential, ES256 | the compact JWS | VC Data Model 1.1 s. 6.3.1 |

Each has the fields of our token under readable names, as is usual in those formats, and its status entry.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from chalicelib.record.permit import Permit
from chalicelib.verification import public_view

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
HCERT = -260  # the claim of CWT


def fields(permit: Permit, zone: str) -> dict[str, Any]:
    """Return every signed field under the names of a request, and the digest of the record."""
    shown = public_view.permit(permit, (permit,), zone)
    for name in ("issued_at", "issuer"):
        del shown[name]  # these have claims of their own
    return {**shown, "digest": permit.record_digest.hex()}


def hcert(permit: Permit, zone: str, key: ec.EllipticCurvePrivateKey, kid: bytes) -> tuple[str, bytes]:
    """Return the text of the code, and the signed bytes before compression."""
    protected = cbor2.dumps({1: -7, 4: kid})
    claims = {
        1: permit.issuer, 4: permit.expires_at, 6: permit.issued_at,
        HCERT: {1: {**fields(permit, zone), "status": [permit.status_uri, permit.status_idx], "ci": permit.cti.hex()}},
    }  # fmt: skip
    payload = cbor2.dumps(claims)
    signature = raw_signature(key, cbor2.dumps(["Signature1", protected, b"", payload]))
    token = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    return "HC1:" + base45(zlib.compress(token, 9)), token


def smart_health_card(permit: Permit, zone: str, key: ec.EllipticCurvePrivateKey, kid: bytes) -> tuple[str, str]:
    """Return the text of the code, and its digits after `shc:/`."""
    header = {"zip": "DEF", "alg": "ES256", "kid": base64url(kid)}
    claims = {
        "iss": f"https://{permit.issuer.lower()}", "nbf": permit.issued_at, "exp": permit.expires_at,
        "vc": {"type": ["CitesPermit"], "credentialSubject": fields(permit, zone), "status": status(permit),
               "rid": permit.cti.hex()},
    }  # fmt: skip
    deflated = zlib.compress(compact(claims), 9, wbits=-15)
    digits = "".join(f"{ord(each) - 45:02d}" for each in jws(header, deflated, key))
    return f"shc:/{digits}", digits


def jwt_vc(permit: Permit, zone: str, key: ec.EllipticCurvePrivateKey, kid: bytes) -> str:
    header = {"alg": "ES256", "typ": "JWT", "kid": base64url(kid)}
    claims = {
        "iss": f"https://{permit.issuer.lower()}", "nbf": permit.issued_at, "exp": permit.expires_at,
        "jti": f"urn:uuid:{permit.cti.hex()}",
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential", "CitesPermit"],
            "credentialSubject": fields(permit, zone),
            "credentialStatus": {"type": "StatusList2021Entry", "statusListCredential": permit.status_uri,
                                 "statusListIndex": str(permit.status_idx)},
        },
    }  # fmt: skip
    return jws(header, compact(claims), key)


def status(permit: Permit) -> list[Any]:
    return [permit.status_uri, permit.status_idx]


def jws(header: dict[str, str], payload: bytes, key: ec.EllipticCurvePrivateKey) -> str:
    signed = f"{base64url(compact(header))}.{base64url(payload)}"
    return f"{signed}.{base64url(raw_signature(key, signed.encode()))}"


def raw_signature(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def base45(data: bytes) -> str:
    """Encode base45, RFC 9285 s. 4. Two bytes become three characters, the least significant first."""
    text = []
    for at in range(0, len(data) - 1, 2):
        high, rest = divmod(int.from_bytes(data[at : at + 2]), 45 * 45)
        text += [BASE45[rest % 45], BASE45[rest // 45], BASE45[high]]
    if len(data) % 2:
        text += [BASE45[data[-1] % 45], BASE45[data[-1] // 45]]
    return "".join(text)
