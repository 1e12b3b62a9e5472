"""Verification of access tokens: RS256 JWTs of one Cognito user pool, with its published keys.

1 shape and size    2 header: RS256 and a known `kid`    3 signature    4 issuer, `token_use`, client    5 times
6 subject and groups
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from chalicelib.adapters.outside import http_client
from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.errors import TooLarge, Unauthenticated, Unavailable
from chalicelib.kernel.roles import ROLES, TOKEN_AT_MOST, Actor

REFETCH = 60  # seconds between two fetches at least, also for an unknown `kid`

KEYS_FRESH = HOUR  # seconds until the keys are fetched again, so that a withdrawn key ends

KEYS_KEPT = DAY  # seconds that the last keys stay in use while the pool does not answer

KEYS_AT_MOST = 256 * 1024  # bytes

PATIENCE = 3.0  # seconds for the connection, and for each part of the answer

SKEW = 30  # seconds between Cognito's clock and ours, for `nbf`


class AccessTokens:
    """Verifier of the tokens that one pool issues to our clients.

    `fetch`: returns the bytes of the pool's JWKS, or raises `Unavailable` or `TooLarge`.
    """

    def __init__(
        self, *, issuer: str, client_ids: Collection[str], fetch: Callable[[], bytes], clock: Callable[[], int]
    ) -> None:
        self._issuer = issuer
        self._client_ids = frozenset(client_ids)
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, RSAKey] = {}
        self._asked_at: int | None = None
        self._read_at = 0
        self._lock = Lock()

    def __call__(self, token: str) -> Actor:
        """Return the person, without posts. Raises `Unauthenticated`, and `Unavailable` if the keys cannot be read."""
        if len(token) > TOKEN_AT_MOST or token.count(".") != 2:  # 1
            raise Unauthenticated("The access token is malformed. Sign in again.")
        try:
            signed = jws.extract_compact(token.encode())
            header = signed.headers()
            if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):  # 2
                raise Unauthenticated("The access token must be signed with RS256.")
            key = self._key(header["kid"])
            if not jws.validate_compact(signed, key, algorithms=["RS256"]):  # 3
                raise Unauthenticated("The signature of the access token is wrong. Sign in again.")
            claims = json.loads(signed.payload)
        except (JoseError, ValueError, RecursionError):
            raise Unauthenticated("The access token is malformed. Sign in again.") from None
        if not isinstance(claims, dict):
            raise Unauthenticated("The access token is malformed. Sign in again.")
        return self._person(claims)

    def _person(self, claims: Mapping[str, Any]) -> Actor:
        now = self._clock()
        if claims.get("iss") != self._issuer or claims.get("token_use") != "access":  # 4
            raise Unauthenticated("The token is not an access token of this service. Sign in again.")
        if claims.get("client_id") not in self._client_ids:
            raise Unauthenticated("The access token was made for another client. Sign in again.")
        expires, not_before = claims.get("exp"), claims.get("nbf", 0)
        if type(expires) is not int or type(not_before) is not int:
            raise Unauthenticated("The access token has no valid times (exp, nbf). Sign in again.")
        if now >= expires or now < not_before - SKEW:  # 5
            raise Unauthenticated("The access token has expired or is not valid yet. Sign in again.")
        subject, groups = claims.get("sub"), claims.get("cognito:groups", [])
        if not isinstance(subject, str) or not 0 < len(subject) <= 128 or not isinstance(groups, list):  # 6
            raise Unauthenticated("The access token has no valid person or groups. Sign in again.")
        roles = frozenset(group for group in groups if isinstance(group, str)) & frozenset(ROLES)
        name = claims.get("username")
        return Actor(subject, name if isinstance(name, str) else "", roles)

    def _key(self, kid: str) -> RSAKey:
        if kid not in self._keys or self._age() >= KEYS_FRESH:
            self._refresh()
        key = self._keys.get(kid)
        if key is None:
            raise Unauthenticated("The key of the access token is unknown. Sign in again.")
        return key

    def _age(self) -> int:
        return self._clock() - self._read_at

    def _refresh(self) -> None:
        with self._lock:
            now = self._clock()
            if self._asked_at is not None and now - self._asked_at < REFETCH:
                return
            self._asked_at = now
            try:
                self._keys, self._read_at = _keys(json.loads(self._fetch())), now
            except (Unavailable, TooLarge, ValueError, RecursionError):
                if not self._keys or self._age() >= KEYS_KEPT:
                    self._keys, self._asked_at = {}, None  # nobody can sign in: fetch again at the next call
                    raise Unavailable("Signing in is not possible at the moment. Try again in a minute.") from None


def _keys(jwks: Any) -> dict[str, RSAKey]:
    """Usable keys by `kid`, without keys of another type or use and broken ones.

    Raises ValueError without a usable key.
    """
    found = {}
    for jwk in jwks["keys"] if isinstance(jwks, dict) and isinstance(jwks.get("keys"), list) else []:
        if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or not isinstance(jwk.get("kid"), str):
            continue
        if jwk.get("use", "sig") == "sig" and jwk.get("alg", "RS256") == "RS256":
            with suppress(JoseError, KeyError, TypeError, ValueError):
                found[jwk["kid"]] = _rsa_key(jwk)
    if not found:
        raise ValueError("no key set, or one without a usable key")
    return found


def _rsa_key(jwk: Mapping[str, Any]) -> RSAKey:
    key = RSAKey.import_key({name: jwk[name] for name in ("kty", "n", "e")})
    key.get_op_key("verify")  # joserfc checks the numbers only here
    return key


def fetch_from(url: str) -> Callable[[], bytes]:
    """Make the function that fetches a JWKS from an address of the configuration, never one from a token.

    It follows no redirect. It raises `Unavailable` or `TooLarge`.
    """
    connections = http_client.pool(connect=PATIENCE, read=PATIENCE)

    def fetch() -> bytes:
        answer = http_client.ask(connections, url, headers={"User-Agent": "Tamga"}, cap=KEYS_AT_MOST)
        if answer.status != 200:
            raise Unavailable(f"The user pool answered with status {answer.status}.")
        return answer.data

    return fetch
