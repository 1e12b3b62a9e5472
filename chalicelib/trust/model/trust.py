"""A verifier's trust: verified trust lists, pins, the keys that count at a time, the key that signs now.

Wire format and roots of the lists are in `trust_list.py`. Changes of keys are in `key_rotation.py`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypedDict

from chalicelib.kernel.days import DAY
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import Unavailable
from chalicelib.token import cose
from chalicelib.trust.model.trust_list import Pin, TrustKey, TrustList, load_key

LONGEST_PERMIT = 3 * 366 * DAY  # OT, OW, OM: 3 years (Res. Conf. 10.20, 12.3)


@dataclass(frozen=True, slots=True)
class Trust:
    """Trust lists that a verifier has verified, with their pins. `fetched_at`: country -> last successful fetch.

    `pins`: the verifier's own Party first. `newest_signed`: the newest signed time seen of that Party. It sets the
    clock test (T2) of every verdict. Another Party's signed times count for its own permits only. If two Parties claim
    the same host, key or prefix, each still speaks for its own permits only.
    """

    lists: tuple[TrustList, ...] = ()
    pins: tuple[Pin, ...] = ()
    fetched_at: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    newest_signed: int = 0
    _by_country: Mapping[str, TrustList] = field(init=False, repr=False, compare=False)
    _by_host: Mapping[str, tuple[TrustList, ...]] = field(init=False, repr=False, compare=False)
    _by_key: Mapping[tuple[str | None, bytes], tuple[TrustList, TrustKey]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        countries: dict[str, TrustList] = {}
        hosts: dict[str, tuple[TrustList, ...]] = {}
        keys: dict[tuple[str | None, bytes], tuple[TrustList, TrustKey]] = {}
        for each in self.lists:
            countries.setdefault(each.issuer, each)
            for host in each.hosts:
                hosts[host.name] = (*hosts.get(host.name, ()), each)
            for key in each.keys:
                keys.setdefault((each.issuer, key.kid), (each, key))
                keys.setdefault((None, key.kid), (each, key))
        object.__setattr__(self, "_by_country", countries)
        object.__setattr__(self, "_by_host", hosts)
        object.__setattr__(self, "_by_key", keys)

    def list_for(self, country: str) -> TrustList | None:
        return self._by_country.get(country)

    def lists_for_host(self, host: str) -> tuple[TrustList, ...]:
        """Return the lists that name this host, whatever its dates, mostly one. Check 6 compares the dates."""
        return self._by_host.get(host, ())

    def find_key(self, kid: bytes, issuer: str | None = None) -> tuple[TrustList, TrustKey] | None:
        """Return a key and its list, or None.

        Pass `issuer` if it is known, because another Party may list the same key.
        """
        return self._by_key.get((issuer, kid))

    def public_key(self, key: TrustKey) -> cose.PublicKey:
        """Return the key, loaded once and then cached."""
        return load_key(key.public_key)


def usable(key: TrustKey, at: int) -> bool:
    """Return True if a signature of the key at this time counts (nbf <= at < retired_at, and not compromised)."""
    return not key.compromised and key.not_before <= at and (key.retired_at is None or at < key.retired_at)


def active_key(trust_list: TrustList, purpose: KeyPurpose, now: int, *, kind: str | None = None) -> TrustKey:
    """Return the key that signs now. Of the usable keys it is the one with the earliest `not_before`, then the first
    listed.

    Raises `Unavailable` if no key of that purpose (and, for a permit, of that kind) is usable.
    """
    able = [key for key in trust_list.keys if key.purpose == purpose and usable(key, now)]
    able = [key for key in able if kind is None or kind in key.kinds]
    if not able:
        raise Unavailable(f"The trust list has no usable {purpose} key" + (f" for {kind}." if kind else "."))
    return min(able, key=lambda key: key.not_before)


class JWKS(TypedDict):
    """A JWK set (RFC 7517)."""

    keys: list[dict[str, object]]


def jwks(lists: Sequence[TrustList], now: int) -> JWKS:
    """Return the permit keys as a JWK set (RFC 7517) for other libraries. It has no protection against rollback.

    Leaves out expired lists, and keys that are compromised, not begun, or retired for so long that none of their
    permits can be valid. Each key also has `iss`, `nbf` and `exp`. `exp` is `retired_at` (compare it with `iat`), else
    the end of the list. `kid`: base64url of the token's 8 bytes.
    """
    found: list[dict[str, object]] = []
    for each in lists:
        for key in each.keys if now < each.expires_at else ():
            begun = key.not_before <= now and (key.retired_at is None or key.not_before < key.retired_at)
            over = key.retired_at is not None and key.retired_at + LONGEST_PERMIT <= now
            if key.purpose == KeyPurpose.PERMIT and begun and not over and not key.compromised:
                ends = each.expires_at if key.retired_at is None else key.retired_at
                found.append(
                    {
                        **cose.jwk(load_key(key.public_key)),
                        "alg": "ES256",
                        "use": "sig",
                        "kid": urlsafe_b64encode(key.kid).decode().rstrip("="),
                        "iss": each.issuer,
                        "nbf": key.not_before,
                        "exp": ends,
                    }
                )
    return {"keys": found}
