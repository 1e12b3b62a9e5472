"""Ports of this room, and `TrustDeps`: trust lists, status lists and keys as other rooms are handed them."""

from __future__ import annotations

from typing import Protocol

from chalicelib.platform.deps import Deps
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Pin


class Signer(Protocol):
    """One private key that can sign and cannot be read. IAM: `kms:Sign`, `kms:GetPublicKey` on that key alone."""

    @property
    def kid(self) -> bytes:
        """First 8 bytes of the JWK thumbprint (RFC 7638)."""

    @property
    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""

    def sign_digest(self, digest: bytes) -> bytes:
        """ECDSA over this SHA-256 digest (32 bytes), DER-encoded. Never retried by itself."""


class StatusPublisher(Protocol):
    """Signs status lists where the `status` key may be used."""

    def publish(self, uri: str) -> None:
        """Publish this list now; a failure is made good by the schedule and raises nothing."""


class StatusLists(Protocol):
    """Our own status lists as this process last read them (`caches.StatusListCache`)."""

    def at(self, uri: str, now: int) -> StatusList | None: ...


class TrustDeps(Deps, Protocol):
    """With the trust lists, our own status lists, and the keys."""

    @property
    def pins(self) -> tuple[Pin, ...]: ...
    @property
    def own_lists(self) -> StatusLists: ...
    @property
    def publisher(self) -> StatusPublisher: ...

    def trust(self) -> Trust: ...

    def signer(self, kid: bytes) -> Signer: ...

    def key_named(self, key_id: str) -> Signer: ...

    def ask_certificate(self, kid: bytes) -> bytes: ...
