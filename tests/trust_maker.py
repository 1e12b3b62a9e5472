"""Keys and trust lists for tests: `private(n)` is always the same key, and `sign` makes a COSE_Sign1 with it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.token import cose
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Host, Pin, TrustKey, TrustList, thumbprint

DAY = 86_400
NOW = 1_800_000_000  # 2027-01-15
ROOT, PERMIT, SPARE_1, SPARE_2, STATUS, STATUS_SPARE, PDF, NEXT, OTHER_ROOT = range(1, 10)


@cache
def private(n: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(n, ec.SECP256R1())


def public(n: int) -> bytes:
    return cose.public_bytes(private(n).public_key())


def kid(n: int) -> bytes:
    return cose.key_id(private(n).public_key())


def sign(n: int, protected: bytes, payload: bytes) -> bytes:
    der = private(n).sign(cose.to_be_signed(protected, payload), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return cose.encode_sign1(protected, payload, cose.raw_signature(der))


def key(
    n: int, purpose: KeyPurpose = KeyPurpose.PERMIT, not_before: int = NOW, kinds: tuple[str, ...] | None = None
) -> TrustKey:
    every = tuple(sorted(KINDS)) if kinds is None else kinds
    print_of = bytes([n]) * 32 if purpose == "pdf" else None
    return TrustKey(kid(n), public(n), purpose, every if purpose == "permit" else (), not_before, fingerprint=print_of)


def trust_list(issuer: str = "KG", host: str = "tamga.kg", now: int = NOW, root: int = ROOT) -> TrustList:
    """A signing key, two spares, status keys and a pdf key, valid for 60 days."""
    keys = (
        key(PERMIT, not_before=now), key(SPARE_1, not_before=now), key(SPARE_2, not_before=now),
        key(STATUS, "status", now), key(STATUS_SPARE, "status", now), key(PDF, "pdf", now),
    )  # fmt: skip
    hosts, prefix = (Host(host, now),), f"https://{host}/s/"
    return TrustList(issuer, now, now, now + 60 * DAY, "Asia/Bishkek", hosts, prefix, keys, public(root))


def renewed(held: TrustList, now: int) -> TrustList:
    """The Party's next trust list: the same keys and hosts, a later time."""
    return replace(held, seq=now, not_before=now, expires_at=now + 60 * DAY)


def pin(country: str = "KG", *roots: int, practice: bool = False) -> Pin:
    prints = tuple(thumbprint(public(n)) for n in roots or (ROOT,))
    return Pin(country, prints, practice, f"practice.tamga.{country.lower()}")


def trust(*lists: TrustList, **known: object) -> Trust:
    believed = lists or (trust_list(),)
    pins = tuple(replace(pin(each.issuer), thumbprints=(thumbprint(each.root),)) for each in believed)
    return Trust(believed, pins, {each.issuer: NOW for each in believed}, max(each.seq for each in believed), **known)
