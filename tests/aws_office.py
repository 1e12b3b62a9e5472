"""Ministry of `office.py` entirely on the local engine: rows, files, lists and keys over AWS's protocols."""

from __future__ import annotations

from typing import Any

import pytest
from engine_office import EngineOffice
from office import NOW

from chalicelib.adapters.aws import client
from chalicelib.adapters.aws.kms_signer import KmsSigner
from chalicelib.adapters.aws.s3 import S3Blobs, S3Static
from local import resources
from local.engine import REGION


class AwsOffice(EngineOffice):
    """The ministry on AWS stores. `clients`: every boto3 client by service.

    `switch_to` moves all of them to another endpoint.
    """

    clients: dict[str, Any]

    def __init__(self, endpoint: str, *, now: int = NOW) -> None:
        self._kms_made = client.make_client("kms", region=REGION, endpoint=endpoint)
        self.key_ids: dict[bytes, str] = {}
        super().__init__(endpoint, now=now)
        made = self.static
        s3 = client.make_client("s3", region=REGION, endpoint=endpoint)
        for bucket in ("blobs", "static"):
            resources.ensure_bucket(s3, f"{self.table}-{bucket}")
        self.switch_to(endpoint)
        for path in ("trust-list", "trust-list.json"):
            held = made.read(path)
            assert held is not None
            self.static.write(path, held[0], content_type="application/cbor", etag=None)

    def make_key(self) -> Any:
        made = self._kms_made.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        signer = KmsSigner(self._kms_made, made)
        self.key_ids[signer.kid] = made
        return signer

    def switch_to(self, endpoint: str) -> None:
        """Switch to this endpoint with new connections."""
        self.use(self.wire(endpoint))

    def wire(
        self, endpoint: str, *, patience: float = 8.0, read_seconds: float = client.READ_SECONDS
    ) -> dict[str, Any]:
        """Connections through an endpoint, for `use`."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(client, "READ_SECONDS", read_seconds)
            register = self.connect(endpoint, patience=patience)
        s3 = client.make_client("s3", region=REGION, endpoint=endpoint, read_seconds=read_seconds)
        kms = client.make_client("kms", region=REGION, endpoint=endpoint, attempts=1, read_seconds=read_seconds)
        return {
            "register": register,
            "blobs": S3Blobs(s3, f"{self.table}-blobs"),
            "static": S3Static(s3, f"{self.table}-static"),
            "_signers": {kid: KmsSigner(kms, key) for kid, key in self.key_ids.items()},
            "clients": {"dynamodb": register._connection().client, "s3": s3, "kms": kms},  # type: ignore[attr-defined]
        }

    def use(self, wire: dict[str, Any]) -> None:
        self.__dict__.update(wire)
        self.forget()
