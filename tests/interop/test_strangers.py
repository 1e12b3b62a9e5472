"""Third-party libraries verify published tokens, annex pages, status lists and trust lists unchanged.

The libraries are python-cwt in Python and @auth0/cose on Node. Each has its own environment without our code.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import proof
import pytest
from kinds import APPLICATIONS
from life import APPLICATION, SAKER, issued
from office import MemoryOffice
from vectors import craft

from chalicelib.token import cbor, cose, qr_text
from chalicelib.trust.services import publish_status_lists

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STRANGERS = {
    "python-cwt": [str(ROOT / ".venv-cwt/bin/python"), str(HERE / "verify_messages_with_cwt.py")],
    "@auth0/cose": [str(ROOT / ".venv-node/node"), str(HERE / "verify.mjs")],
}
NODE = pytest.mark.skipif(
    not (HERE / "node_modules/.ready").exists(), reason="@auth0/cose could not be set up (make setup says why)"
)
Signed = tuple[str, bytes, cose.PublicKey]  # name, message, key


def ask(stranger: str, signed: Sequence[Signed]) -> list[str | None]:
    asked = []
    for _, message, key in signed:
        x, y = cose.coordinates(key)
        asked.append({"message": message.hex(), "kid": cose.key_id(key).hex(), "x": x.hex(), "y": y.hex()})
    done = subprocess.run(
        STRANGERS[stranger], input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers: list[str | None] = json.loads(done.stdout)
    return answers


@pytest.fixture(scope="module")
def published() -> list[Signed]:
    """Everything that one ministry published: permits of each kind, one of many pages, status lists, trust list."""
    office, found = MemoryOffice(), []
    many = replace(APPLICATION, lines=tuple(replace(SAKER, marks=f"ring KG-{n:04d}") for n in range(9)))
    for name, application in (*APPLICATIONS.items(), ("nine lines", many)):
        dossier = issued(office, application)
        for page, text in enumerate(dossier.tokens, 1):
            token = qr_text.decode_qr(text)[1]
            key = office.trust().find_key(cose.decode_sign1(token, cap=2048).kid)
            assert key
            found.append((f"{name}, page {page}", token, office.trust().public_key(key[1])))
    assert sum(name.startswith("nine lines") for name, *_ in found) > 2
    office.publish_due()
    keys = {signer.kid: cose.load_public_key(signer.public_key) for signer in (*office.status_keys, office.root)}
    for uri in publish_status_lists.uris(office.stage, office.now):
        held = office.static.read(publish_status_lists.path_of(uri))
        if held:
            sign1 = cose.decode_sign1(held[0], cap=1 << 20, typ="application/statuslist+cwt")
            found.append((uri, held[0], keys[sign1.kid]))
    bundle = office.static.read("trust-list")
    assert bundle
    for item in cbor.decode(bundle[0], cap=1 << 24, depth=1):
        found.append(("trust list", item, keys[office.root.kid]))
    return found


@pytest.mark.parametrize("stranger", ["python-cwt", pytest.param("@auth0/cose", marks=NODE)])
def test_library_verifies_every_published_message(stranger: str, published: list[Signed]) -> None:
    crafted = [
        ("craft token", craft.token(), craft.private("KG permit").public_key()),
        ("craft status list", craft.status_list({4711: 3}), craft.private("KG status").public_key()),
        ("craft trust list", craft.trust_list(), craft.private("KG root").public_key()),
    ]
    signed = [*published, *crafted]
    for (name, message, _), answer in zip(signed, ask(stranger, signed), strict=True):
        payload = cbor.decode(message[1:], cap=1 << 20, depth=3)[2]
        assert answer == payload.hex(), name
    kinds = {"status lists": "/s/", "trust lists": "trust list", "pages": ", page"}
    counts = {what: sum(word in name for name, *_ in published) for what, word in kinds.items()}
    assert all(counts.values())
    proof.found("interop", **{f"{stranger} {what}": count for what, count in counts.items()})


@pytest.mark.parametrize("stranger", ["python-cwt", pytest.param("@auth0/cose", marks=NODE)])
def test_library_rejects_changed_bytes_and_other_keys(stranger: str, published: list[Signed]) -> None:
    bent = []
    for name, message, key in published:
        for at in (len(message) // 2, len(message) - 1):
            changed = bytearray(message)
            changed[at] ^= 1
            bent.append((name, bytes(changed), key))
    strange = [(name, message, craft.private("stranger").public_key()) for name, message, _ in published]
    assert set(ask(stranger, [*bent, *strange])) == {None}
