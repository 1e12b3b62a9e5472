"""Time of python-cwt to verify an HCERT. Run by the interpreter of .venv-cwt, JSON in, JSON out.

Input: {"text", "kid", "x", "y", "rounds", "count"}. Output: microseconds of each round, for two tasks: a bare P-256
verification of the same signature in this process, and base45, zlib, COSE and claims by python-cwt.
"""

import json
import sys
import time
import zlib

import cbor2
import cwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cwt import COSEKey

VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}


def unbase45(text):
    """Decode base45, RFC 9285 s. 4."""
    out = bytearray()
    for at in range(0, len(text), 3):
        part = [VALUES[character] for character in text[at : at + 3]]
        number = sum(value * 45**place for place, value in enumerate(part))
        out += number.to_bytes(len(part) - 1, "big")
    return bytes(out)


def main():
    asked = json.load(sys.stdin)
    x, y, kid = (bytes.fromhex(asked[name]) for name in ("x", "y", "kid"))
    key = COSEKey.new({1: 2, 2: kid, 3: -7, -1: 1, -2: x, -3: y})  # COSE_Key, RFC 9053 s. 7.1
    bare = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    ).public_key()
    text = asked["text"]
    protected, _, payload, signature = cbor2.loads(zlib.decompress(unbase45(text[4:]))).value
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    message, how = cbor2.dumps(["Signature1", protected, b"", payload]), ec.ECDSA(hashes.SHA256())

    def whole():
        return cwt.decode(zlib.decompress(unbase45(text[4:])), key)

    assert whole()[1] == "KG"
    tasks = {"bare": lambda: bare.verify(der, message, how), "whole": whole}
    times = {name: [] for name in tasks}
    for _ in range(asked["rounds"]):
        for name, task in tasks.items():
            start = time.process_time_ns()
            for _ in range(asked["count"]):
                task()
            times[name].append((time.process_time_ns() - start) / asked["count"] / 1000)
    json.dump(times, sys.stdout)


if __name__ == "__main__":
    main()
