"""Cost of a verdict, compared with its one signature verification and with other verifiers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import rivals
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc import jwk, jwt
from life import APPLICATION, SAKER, issued
from measure import ROUNDS, Figure, Section, Spread, Task, ratios, spreads
from office import MemoryOffice, published_lists

from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier
from chalicelib.token import cose, qr_text
from chalicelib.verdict import verdict
from chalicelib.verdict.snapshot import NotAsked
from chalicelib.verdict.token_checks import read_own

COUNT = 200
BARE = "a bare P-256 verification"
ROOT = Path(__file__).parents[2]
NAMES = ("Falco cherrug", "Falco tinnunculus", "Aquila chrysaetos", "Buteo buteo")


def permit_of(lines: int, office: MemoryOffice) -> Dossier:
    """Return a permit with this number of lines, all live birds."""
    made = (replace(SAKER, scientific_name=name, marks=f"ring KG-011{n}", quantity="1") for n, name in enumerate(NAMES))
    return issued(office, replace(APPLICATION, lines=tuple(made)[:lines]))


def answer() -> Section:
    office = MemoryOffice(Stage(host="tamga.kg", practice=False))
    tasks: dict[str, Task] = {}
    for lines in (1, 2, 4):
        permit = permit_of(lines, office)
        office.publish_due()
        judged, parts = _tasks(office, permit)
        if lines == 1:
            tasks |= parts
            tasks["  of these: digits to bytes"] = tasks.pop("digits")
            tasks["  of these: CBOR and COSE"] = tasks.pop("cose")
        tasks[f"the whole verdict, {lines} line{'s' * (lines > 1)}"] = (judged, COUNT)
    key = ec.generate_private_key(ec.SECP256R1())
    permit = read_own(permit_of(1, office).tokens[0])
    credential = rivals.jwt_vc(permit, "UTC", key, b"12345678")
    tasks["a JWT-VC of the same permit by joserfc, 1 line"] = (_joserfc(credential, key, office.now), COUNT)
    found = spreads({BARE: tasks.pop(BARE), **tasks})
    rows = ratios(found, BARE)
    theirs = _python_cwt(rivals.hcert(permit, "UTC", key, b"12345678")[0], key)
    rows.append(
        [
            "an HCERT of the same permit by python-cwt, 1 line (its own process, its own bare verification)",
            f"{theirs['whole'].median / theirs['bare'].median:.2f}", theirs["whole"].text(digits=1),
        ]
    )  # fmt: skip
    ours = found["the whole verdict, 1 line"].median / found[BARE].median
    return Section(
        "A verdict beside a bare P-256 verification",
        "Ratios to verifying the same signature with `cryptography` and nothing else, in the same process. The verdict "
        "is checks 1-10 offline: digits, CBOR, COSE, claims, key and signature, trust list, status list, validity; "
        "both lists held in memory. joserfc verifies the signature and `exp`; python-cwt base45, zlib, COSE and `exp`.",
        ("what", "ratio", "µs of processor time: median (quartiles)"),
        rows,
        figures=[
            Figure(
                "a verdict, in bare P-256 verifications", "<= python-cwt's", f"{ours:.2f}",
                ours <= theirs["whole"].median / theirs["bare"].median,
            )
        ],
    )  # fmt: skip


def _tasks(office: MemoryOffice, dossier: Dossier) -> tuple[Callable[[], object], Mapping[str, Task]]:
    text, trust = dossier.tokens[0], office.trust()
    uri = dossier.status_uri or ""
    status = {uri: published_lists(office)[uri]}
    token = qr_text.decode_qr(text)[1]
    sign1 = cose.decode_sign1(token, cap=2048)
    found = trust.find_key(sign1.kid, "KG")
    assert found is not None
    r, s = (int.from_bytes(half) for half in (sign1.signature[:32], sign1.signature[32:]))
    key, der = trust.public_key(found[1]), encode_dss_signature(r, s)
    message, how = cose.to_be_signed(sign1.protected, sign1.payload), ec.ECDSA(hashes.SHA256())

    def judged() -> verdict.Verdict:
        return verdict.judge(text, trust=trust, status=status, register=NotAsked(), now=office.now)

    assert judged().outcome == "accept_offline"
    return judged, {
        BARE: (lambda: key.verify(der, message, how), COUNT),
        "digits": (lambda: qr_text.decode_qr(text), COUNT),
        "cose": (lambda: cose.decode_sign1(token, cap=2048), COUNT),
    }


def _joserfc(token: str, key: ec.EllipticCurvePrivateKey, now: int) -> Callable[[], object]:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = jwk.ECKey.import_key(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    claims = jwt.JWTClaimsRegistry(iss={"essential": True, "value": "https://kg"}, now=now)

    def verified() -> object:
        decoded = jwt.decode(token, public, algorithms=["ES256"])
        claims.validate(decoded.claims)
        return decoded

    verified()
    return verified


def _python_cwt(text: str, key: ec.EllipticCurvePrivateKey) -> dict[str, Spread]:
    numbers = key.public_key().public_numbers()
    asked = {
        "text": text, "kid": b"12345678".hex(), "x": numbers.x.to_bytes(32).hex(), "y": numbers.y.to_bytes(32).hex(),
        "rounds": ROUNDS, "count": COUNT,
    }  # fmt: skip
    command = [ROOT / ".venv-cwt/bin/python", ROOT / "tests/bench/hcert_with_cwt.py"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=300)
    return {name: Spread.of(times) for name, times in json.loads(done.stdout).items()}
