"""Signing keys in a file and in KMS: the same signatures for every verifier."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
from asn1crypto import keys, pem
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from faulty_wire import Fault, FaultyWire, dynamo_error

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.kms_signer import KmsSigner
from chalicelib.adapters.in_process.signer import FileSigner, NeedsPassPhrase
from chalicelib.kernel import errors
from chalicelib.trust.services.ports import Signer
from local import resources
from local.engine import REGION, Engine


@pytest.fixture(scope="session")
def kms_alias(engine: Engine) -> str:
    resources.ensure_keys(make_client("kms", region=REGION, endpoint=engine.endpoint), ("alias/tamga-contract",))
    return "alias/tamga-contract"


@pytest.fixture(params=["file", pytest.param("kms", marks=pytest.mark.engine)])
def signer(request: pytest.FixtureRequest) -> Signer:
    if request.param == "file":
        return FileSigner.generate()
    engine: Engine = request.getfixturevalue("engine")
    client = make_client("kms", region=REGION, endpoint=engine.endpoint, attempts=1)
    return KmsSigner(client, request.getfixturevalue("kms_alias"))


def verify(signer: Signer, signature: bytes, digest: bytes) -> None:
    key = serialization.load_der_public_key(signer.public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signature, digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_signature_verifies_over_digest_and_message(signer: Signer) -> None:
    """The digest is hashed once: ordinary verifiers check the signature over the whole message."""
    message = b"x" * 5000
    digest = hashlib.sha256(message).digest()
    signature = signer.sign_digest(digest)
    verify(signer, signature, digest)
    key = serialization.load_der_public_key(signer.public_key)
    key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        verify(signer, signature, hashlib.sha256(b"other").digest())


def test_kid_is_rfc_7638_thumbprint(signer: Signer) -> None:
    numbers = serialization.load_der_public_key(signer.public_key).public_numbers()
    x, y = (base64.urlsafe_b64encode(n.to_bytes(32)).decode().rstrip("=") for n in (numbers.x, numbers.y))
    jwk = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"))
    assert signer.kid == hashlib.sha256(jwk.encode()).digest()[:8]


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_input_other_than_a_32_byte_digest_is_refused(signer: Signer, size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        signer.sign_digest(bytes(size))


def test_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    made = FileSigner.generate(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    digest = hashlib.sha256(b"list").digest()
    again = FileSigner(path)
    assert (again.public_key, again.kid) == (made.public_key, made.kid)
    verify(made, again.sign_digest(digest), digest)
    with pytest.raises(FileExistsError):
        FileSigner.generate(path)
    assert FileSigner(str(path)).kid == made.kid


def test_pass_phrase_uses_600000_iterations_and_standard_pkcs8(tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    made = FileSigner.generate(path, "correct horse battery staple")
    _, _, der = pem.unarmor(path.read_bytes())
    scheme = keys.EncryptedPrivateKeyInfo.load(der)["encryption_algorithm"]
    derivation = scheme["parameters"]["key_derivation_func"]
    assert (scheme.encryption_cipher, scheme.encryption_mode, scheme.key_length) == ("aes", "cbc", 32)
    assert derivation["parameters"]["prf"]["algorithm"].native == "sha256"
    assert derivation["parameters"]["iteration_count"].native >= 600_000
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert FileSigner(path, "correct horse battery staple").kid == made.kid
    with pytest.raises(NeedsPassPhrase):
        FileSigner(path)
    with pytest.raises(ValueError, match=r"(?i)password"):
        FileSigner(path, "correct horse battery stapler")


def test_key_other_than_p256_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="P-256"):
        FileSigner(ec.generate_private_key(ec.SECP384R1()))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "ed.pem").write_bytes(ed25519.Ed25519PrivateKey.generate().private_bytes(*form))
    with pytest.raises(ValueError, match="elliptic"):
        FileSigner(tmp_path / "ed.pem")


@pytest.mark.engine
def test_public_key_is_requested_once(engine: Engine, kms_alias: str) -> None:
    with FaultyWire(engine.port) as wire:
        signer = KmsSigner(make_client("kms", region=REGION, endpoint=wire.endpoint, attempts=1), kms_alias)
        for n in range(3):
            digest = hashlib.sha256(bytes([n])).digest()
            verify(signer, signer.sign_digest(digest), digest)
            assert len(signer.kid) == 8
        assert [name for name, _ in wire.calls].count("GetPublicKey") == 1
        assert {body["MessageType"] for body in wire.bodies("Sign")} == {"DIGEST"}


@pytest.mark.engine
@pytest.mark.parametrize(
    "fault",
    [Fault("lose-answer"), Fault("cut-answer"), dynamo_error("ThrottlingException"),
     dynamo_error("KMSInternalException", status=500)],
    ids=lambda fault: fault.body.decode()[:60] or fault.kind,
)  # fmt: skip
def test_signature_is_requested_once_despite_fault(engine: Engine, kms_alias: str, fault: Fault) -> None:
    with FaultyWire(engine.port) as wire:
        signer = KmsSigner(make_client("kms", region=REGION, endpoint=wire.endpoint, attempts=1), kms_alias)
        wire.next("Sign", fault)
        with pytest.raises(errors.Unavailable):
            signer.sign_digest(bytes(32))
        assert len(wire.bodies("Sign")) == 1


@pytest.mark.engine
def test_missing_key_raises_client_error(engine: Engine) -> None:
    signer = KmsSigner(make_client("kms", region=REGION, endpoint=engine.endpoint, attempts=1), "alias/nobody")
    with pytest.raises(ClientError):
        signer.sign_digest(bytes(32))


@pytest.mark.engine
def test_rsa_key_is_refused(engine: Engine) -> None:
    client = make_client("kms", region=REGION, endpoint=engine.endpoint, attempts=1)
    made = client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(ValueError, match="P-256"):
        KmsSigner(client, made).kid
