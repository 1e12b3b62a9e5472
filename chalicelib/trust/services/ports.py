"""Ports of this room, and `TrustDeps`, through which other rooms get trust lists, status lists and keys."""

from __future__ import annotations

from typing import Protocol

from chalicelib.platform.deps import Deps
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Pin


class Signer(Protocol):
    """A private key that signs and cannot be read. IAM: `kms:Sign`, `kms:GetPublicKey` on that key alone."""

    @property
    def kid(self) -> bytes:
        """First 8 bytes of the JWK thumbprint (RFC 7638)."""

    @property
    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest (32 bytes) with ECDSA, and return DER. Implementations never retry."""


class StatusPublisher(Protocol):
    """Publisher of status lists, which starts publication in the function that may use the `status` key."""

    def publish(self, uri: str) -> None:
        """Publish this list now. A failure raises nothing, because the schedule publishes the list later."""


class StatusLists(Protocol):
    """Cache of our own status lists in this process (`caches.StatusListCache`)."""

    def at(self, uri: str, now: int) -> StatusList | None: ...


class TrustDeps(Deps, Protocol):
    """`Deps` with the trust lists, our own status lists, and the keys."""

    @property
    def pins(self) -> tuple[Pin, ...]: ...
    @property
    def own_lists(self) -> StatusLists: ...
    @property
    def publisher(self) -> StatusPublisher: ...

    def trust(self) -> Trust: ...

    def signer(self, kid: bytes) -> Signer: ...

    def signer_by_alias(self, key_id: str) -> Signer: ...

    def make_certificate(self, kid: bytes) -> bytes: ...
