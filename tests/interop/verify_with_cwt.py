"""Verify one token with python-cwt. Run by the interpreter of .venv-cwt, JSON in, JSON out.

Input: {"token", "kid", "x", "y"} as hex. Output: {"verified": bool, "claims"}, map keys and bytes as text.
"""

import json
import sys

import cwt
from cwt import COSEKey


def plain(value):
    """Convert bytes and integer keys, which JSON does not have, to text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


asked = {name: bytes.fromhex(text) for name, text in json.load(sys.stdin).items()}
# COSE_Key, RFC 9053 s. 7.1: kty EC2, kid, alg ES256, crv P-256, x, y
key = COSEKey.new({1: 2, 2: asked["kid"], 3: -7, -1: 1, -2: asked["x"], -3: asked["y"]})
try:
    json.dump({"verified": True, "claims": plain(cwt.decode(asked["token"], key))}, sys.stdout)
except cwt.VerifyError:
    json.dump({"verified": False}, sys.stdout)
