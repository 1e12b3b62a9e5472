"""Signer with a P-256 key in KMS. The private key never leaves KMS."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from chalicelib.adapters.aws.client import transient_as_unavailable
from chalicelib.token.cose import DIGEST_BYTES, key_id, load_public_key

SPEC = "ECC_NIST_P256"

ALGORITHM = "ECDSA_SHA_256"


class KmsSigner:
    """`Signer` on one KMS key (id, ARN or alias).

    `client` must not retry (`make_client("kms", attempts=1)`). A signature is made once, and after a lost answer the
    intent in the register decides how to go on. Raises `errors.Unavailable`, and ValueError if the key is no P-256
    signing key or a digest does not have 32 bytes.
    """

    def __init__(self, client: Any, key: str) -> None:
        self._client = client
        self._key = key

    @cached_property
    def kid(self) -> bytes:
        return key_id(load_public_key(self.public_key))

    @cached_property
    def public_key(self) -> bytes:
        with transient_as_unavailable():
            found = self._client.get_public_key(KeyId=self._key)
        if found["KeySpec"] != SPEC or found["KeyUsage"] != "SIGN_VERIFY":
            raise ValueError(f"{self._key} is no P-256 signing key")
        return bytes(found["PublicKey"])

    def sign_digest(self, digest: bytes) -> bytes:
        if len(digest) != DIGEST_BYTES:
            raise ValueError("a SHA-256 digest has 32 bytes")
        with transient_as_unavailable():
            # always DIGEST: RAW accepts at most 4,096 bytes (KMS Sign, Message)
            answer = self._client.sign(
                KeyId=self._key, Message=digest, MessageType="DIGEST", SigningAlgorithm=ALGORITHM
            )
        return bytes(answer["Signature"])
