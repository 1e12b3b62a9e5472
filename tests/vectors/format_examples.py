"""The worked examples of FORMAT.md: name -> value, made by `craft` alone."""

from __future__ import annotations

import json
from typing import Any

from vectors import craft as c

EVENT = {
    "kind": "scan", "event_id": "00000000-0000-4000-8000-000000000001", "qr": "https://tamga.kg/1#007",
    "post": "manas-airport", "scanned_at": "2027-01-15T08:00:00Z", "direction": "export", "goods_present": True,
}  # fmt: skip
SNIPPET = """
import sys
from cwt import COSE, COSEKey

text, x, y, kid = sys.argv[1:]
digits = text.split("#")[1]
sizes = {17: 7, 15: 6, 13: 5, 10: 4, 8: 3, 5: 2, 3: 1}
groups = [digits[i : i + 17] for i in range(0, len(digits), 17)]
token = b"".join(int(group).to_bytes(sizes[len(group)], "big") for group in groups)
key = {1: 2, 2: bytes.fromhex(kid), 3: -7, -1: 1, -2: bytes.fromhex(x), -3: bytes.fromhex(y)}
print(COSE.new().decode(token, COSEKey.new(key)).hex())  # raises VerifyError
"""


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def examples() -> dict[str, dict[str, str]]:
    """Return block -> name -> value; bytes in hex."""
    keys = {}
    for name in ("KG root", "KG permit", "KG status", "KG pdf", "KG device"):
        x, y = c.point(name)
        keys |= {
            f"{name} private": f"{c.private(name).private_numbers().private_value:064x}",
            f"{name} x": x.hex(), f"{name} y": y.hex(), f"{name} thumbprint": c.thumbprint(name).hex(),
        }  # fmt: skip
    protected = c.cbor({1: -7, 4: c.kid("KG permit")})
    bits = int.from_bytes(c.sha256(b"tamga-check-v1" + bytes(range(16))).digest()[:5])
    letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> 35 - 5 * i & 31] for i in range(8))
    token = {
        "record": canonical(c.RECORD), "digest": c.record_digest(c.RECORD).hex(), "payload": c.payload().hex(),
        "protected": protected.hex(),
        "signed": c.cbor(["Signature1", protected, b"", c.payload()]).hex(),
        "token": c.token().hex(), "text": c.text(), "check code": f"{letters[:4]}-{letters[4:]}",
    }  # fmt: skip
    message = canonical({"device_id": "d-1", "events": [EVENT]})
    return {
        "KEYS": keys,
        "TOKEN": token,
        "TRUST": {"pin": "KG " + c.thumbprint("KG root").hex(), "trust list": c.trust_list().hex()},
        "STATUS": {"status list": c.status_list({4711: 3}).hex()},
        "DEVICE": {
            "signed by device": message,
            "signature": c.base64url(c.signature("KG device", message.encode())),
        },
    }
