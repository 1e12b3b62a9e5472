"""Second implementation of FORMAT.md for the vectors: keys, CBOR, COSE, codes, lists, without our code.

It is independent on purpose, so where this file and our code disagree, a vector fails. Every key is derived from a
phrase and every signature is deterministic (RFC 6979), so that anybody can make the same bytes.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HOUR, DAY = 3600, 86400
T = 1_800_000_000  # 2027-01-15 08:00 UTC: "now" of every vector that does not set another time
ISSUED = T - 10 * DAY
EXPIRES = T + 170 * DAY + 10 * HOUR  # 00:00 of 2027-07-05 in Bishkek
HOST, URI = "tamga.kg", "https://tamga.kg/s/27q3"
NUMBER = "27KG000123/E"
KINDS = ["E", "I", "OA", "OC", "OI", "OM", "OO", "OP", "OS", "OT", "OW", "OY", "R"]
WIDTHS = (0, 3, 5, 8, 10, 13, 15, 17)
RECORD = {
    "document_type": "E",
    "valid_until": "2027-07-04",
    "exporter": {"name": "Sunkar Falcon Centre LLC", "address": "Bishkek", "country": "KG"},
    "importer": {"name": "Al Dhafra Falconry Club", "address": "Abu Dhabi", "country": "AE"},
    "purpose": "B",
    "form": "paper",
    "lines": [
        {
            "scientific_name": "Falco cherrug", "common_name": "Saker falcon", "description": "live, one male",
            "marks": "ring KG-0117", "appendix": "II", "kingdom": "Animalia", "source": "C", "term": "LIV",
            "quantity": "1", "origin": {"country": "KG"},
        }
    ],
}  # fmt: skip


class Raw(bytes):
    """Bytes inserted unchanged into the encoding, for inputs that the format forbids."""


def cbor(value: Any) -> bytes:
    """Encode deterministic CBOR (RFC 8949 s. 4.2.1), for the types of the format."""
    match value:
        case Raw():
            return bytes(value)
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list() | tuple():
            return head(4, len(value)) + b"".join(cbor(item) for item in value)
        case dict():
            pairs = sorted((cbor(key), cbor(item)) for key, item in value.items())
            return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    raise TypeError(value)


def head(major: int, n: int) -> bytes:
    if n < 24:
        return bytes([major << 5 | n])
    size = next(i for i in range(4) if n < 1 << (8 << i))
    return bytes([major << 5 | 24 + size]) + n.to_bytes(1 << size)


@cache
def private(name: str) -> ec.EllipticCurvePrivateKey:
    """Return the test key of this name. TEST ONLY.

    The scalar is SHA-256("tamga test key: " + name) mod (n - 1) + 1.
    """
    number = int.from_bytes(sha256(f"tamga test key: {name}".encode()).digest()) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def point(name: str) -> tuple[bytes, bytes]:
    numbers = private(name).public_key().public_numbers()
    return numbers.x.to_bytes(32), numbers.y.to_bytes(32)


def spki(name: str) -> bytes:
    return private(name).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def thumbprint(name: str) -> bytes:
    x, y = (base64url(part) for part in point(name))
    return sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest()


def kid(name: str) -> bytes:
    return thumbprint(name)[:8]


def signature(name: str, message: bytes) -> bytes:
    der = private(name).sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return r.to_bytes(32) + s.to_bytes(32)


def sign1(name: str, payload: bytes, *, typ: str | None = None, header: dict[Any, Any] | None = None) -> bytes:
    """Sign a COSE_Sign1 message. `header` replaces the protected header."""
    fields = {1: -7, 4: kid(name)} | ({16: typ} if typ else {}) if header is None else header
    protected = cbor(fields)
    signed = signature(name, cbor(["Signature1", protected, b"", payload]))
    return b"\xd2" + cbor([protected, {}, payload, signed])


def claims(**changes: Any) -> dict[Any, Any]:
    """Return the claims of the falcon permit.

    Names: iss, exp, iat, cti, idx and uri for the outer claims, `p0` .. `p8` for the permit's keys.
    """
    permit: dict[Any, Any] = {
        0: "E",
        1: NUMBER,
        2: ["Sunkar Falcon Centre LLC", "KG"],
        3: ["Al Dhafra Falconry Club", "AE"],
        4: "B",
        5: [["Falco cherrug", 2, "C", "LIV", "1", {1: "ring KG-0117", 2: ["KG"]}]],
        7: record_digest(RECORD)[:16],
    }
    permit |= {int(name[1:]): value for name, value in changes.items() if name[0] == "p" and name[1:].isdigit()}
    status = {"idx": changes.get("idx", 4711), "uri": changes.get("uri", URI)}
    return {
        1: changes.get("iss", "KG"),
        4: changes.get("exp", EXPIRES),
        6: changes.get("iat", ISSUED),
        7: changes.get("cti", bytes(range(16))),
        65535: {"status_list": status},
        -65537: permit,
    }


def payload(**changes: Any) -> bytes:
    return cbor(claims(**changes))


def token(by: str = "KG permit", **changes: Any) -> bytes:
    return sign1(by, payload(**changes))


def digits(data: bytes) -> str:
    groups = [data[i : i + 7] for i in range(0, len(data), 7)]
    return "".join(str(int.from_bytes(group)).zfill(WIDTHS[len(group)]) for group in groups)


def text(by: str = "KG permit", *, host: str = HOST, **changes: Any) -> str:
    return f"https://{host}/1#{digits(token(by, **changes))}"


def record_digest(record: dict[str, Any]) -> bytes:
    return sha256(json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).digest()


def cose_key(name: str) -> dict[int, Any]:
    x, y = point(name)
    return {1: 2, 2: kid(name), 3: -7, -1: 1, -2: x, -3: y}


def key(name: str, purpose: str = "permit", nbf: int = T - 100 * DAY, **more: Any) -> dict[int, Any]:
    """Return a key of a trust list. `more`: kinds, retired_at, compromised, fingerprint."""
    fields: dict[int, Any] = {0: purpose, 1: cose_key(name), 2: nbf}
    if purpose == "permit":
        fields[3] = more.get("kinds", KINDS)
    if "retired_at" in more:
        fields[4] = more["retired_at"]
    if more.get("compromised"):
        fields[5] = True
    if purpose == "pdf":
        fields[6] = more.get("fingerprint", sha256(name.encode()).digest())
    return fields


def list_claims(party: str = "KG", **changes: Any) -> dict[int, Any]:
    host = changes.get("host", HOST if party == "KG" else f"cites.{party.lower()}.example")
    keys = changes.get("keys") or [
        key(f"{party} permit"), key(f"{party} status", "status"), key(f"{party} pdf", "pdf")
    ]  # fmt: skip
    body = {
        0: changes.get("zone", "Asia/Bishkek"),
        1: changes.get("hosts", [[host, T - 100 * DAY]]),
        2: changes.get("prefix", f"https://{host}/s/"),
        3: keys,
        4: changes.get("root", cose_key(f"{party} root")),
    }
    seq = changes.get("seq", T - DAY)
    return {1: party, 4: changes.get("exp", seq + 60 * DAY), 5: changes.get("nbf", seq), 6: seq, -65538: body}


TRUST_LIST = "application/vnd.tamga.trust-list+cwt"
STATUS_LIST = "application/statuslist+cwt"


def trust_list(party: str = "KG", *, by: str | None = None, **changes: Any) -> bytes:
    return sign1(by or f"{party} root", cbor(list_claims(party, **changes)), typ=TRUST_LIST)


def pin(party: str = "KG", *names: str, practice: bool = False) -> dict[str, Any]:
    prints = [thumbprint(name).hex() for name in names or (f"{party} root",)]
    host = f"practice.tamga.{party.lower()}"
    return {"country": party, "thumbprints": prints, "practice": practice, "practice_host": host}


def status_claims(values: dict[int, int], *, uri: str = URI, iat: int = T - HOUR, **changes: Any) -> dict[int, Any]:
    packed = bytearray(65536)
    for index, value in values.items():
        packed[index // 2] |= value << 4 * (index % 2)
    lst = changes["lst"] if "lst" in changes else deflate(bytes(packed))
    return {2: uri, 4: changes.get("exp", iat + 72 * HOUR), 6: iat, 65533: {"bits": 4, "lst": lst}, 65534: 10800}


def status_list(values: dict[int, int], *, by: str = "KG status", **changes: Any) -> bytes:
    return sign1(by, cbor(status_claims(values, **changes)), typ=STATUS_LIST)


def deflate(data: bytes) -> bytes:
    """Compress to a zlib stream (RFC 1950, 1951) in one fixed-Huffman block.

    The bytes are the same on every machine, which no library's compressor promises.
    """
    bits: list[str] = ["1", "10"]  # final block; fixed codes (bit order within the value: least significant first)

    def literal(byte: int) -> None:
        bits.append(f"{0x30 + byte:08b}" if byte < 144 else f"{0x190 + byte - 144:09b}")

    at = 0
    while at < len(data):
        run = 1
        while at + run < len(data) and data[at + run] == data[at]:
            run += 1
        literal(data[at])
        for _ in range((run - 1) // 258):
            bits.append("11000101" + "00000")  # length 258 (code 285), distance 1
        for _ in range((run - 1) % 258):
            literal(data[at])
        at += run
    bits.append("0000000")
    stream = "".join(bits)
    stream += "0" * (-len(stream) % 8)
    body = bytes(int(stream[i : i + 8][::-1], 2) for i in range(0, len(stream), 8))
    return b"\x78\x01" + body + zlib.adler32(data).to_bytes(4)
