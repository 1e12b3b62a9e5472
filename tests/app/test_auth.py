"""Access tokens, signing keys of the user pool, and the authorizer on every non-public route."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from http_client import call, get, post
from joserfc import jwt
from joserfc.jwk import RSAKey
from office import NOW, MemoryOffice

from app import app
from chalicelib.adapters.outside.access_tokens import KEYS_FRESH, KEYS_KEPT, AccessTokens, fetch_from
from chalicelib.http.authorizer import access
from chalicelib.kernel.errors import TooLarge, Unauthenticated, Unavailable
from chalicelib.kernel.roles import OPERATIONS

ISSUER = "https://cognito-idp.example/pool"
KEY = RSAKey.generate_key(2048, parameters={"kid": "k1", "use": "sig", "alg": "RS256"})
PSS = RSAKey.import_key(KEY.as_dict(private=True) | {"alg": "PS256"})
OTHER = RSAKey.generate_key(2048, parameters={"kid": "k2", "use": "sig", "alg": "RS256"})
CLAIMS = {
    "iss": ISSUER, "sub": "u-1", "token_use": "access", "client_id": "desk", "exp": NOW + 3600, "iat": NOW,
    "username": "aizada", "cognito:groups": ["customs", "no-such-role"],
}  # fmt: skip

PUBLIC = {  # "Public" in the contract, and the species list
    ("POST", "/v1/verify"), ("POST", "/v1/verify/document"), ("GET", "/v1/verify/number"),
    ("GET", "/trust-list"), ("GET", "/trust-list.json"), ("GET", "/v1/trust-list.json"),
    ("GET", "/s/{name}"), ("GET", "/s/{name}/{quarter}"),
    ("GET", "/v1/health"), ("GET", "/v1/openapi.json"), ("GET", "/v1/docs"), ("GET", "/"),
    ("GET", "/v1/species"), ("GET", "/v1/species/{species_id}"), ("GET", "/v1/requirements"),
    ("GET", "/v1/identification"), ("GET", "/v1/identification/{candidate}"),
    ("POST", "/v1/epix"),  # authenticated by the Party's client certificate, at the exchange's own host
}  # fmt: skip


def jwks(*keys: RSAKey) -> bytes:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


def token(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    made = header or {"alg": "RS256", "kid": key.kid}
    return jwt.encode(made, said, key, algorithms=[made["alg"]])


def verifier(fetch: Callable[[], bytes] = lambda: jwks(KEY), now: list[int] | None = None) -> AccessTokens:
    clock = now if now is not None else [NOW]
    return AccessTokens(issuer=ISSUER, client_ids=["desk"], fetch=fetch, clock=lambda: clock[0])


def test_valid_token_gives_person_with_known_roles() -> None:
    person = verifier()(token())
    assert (person.id, person.name, person.roles, person.posts) == ("u-1", "aizada", {"customs"}, frozenset())


def part(data: Any) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned() -> str:
    return f"{part({'alg': 'none', 'kid': 'k1'})}.{part(CLAIMS)}."


def confused() -> str:
    """Return a token with HS256 and the public key as the secret (our libraries refuse to make one)."""
    message = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(CLAIMS)}"
    return f"{message}.{part(hmac.digest(KEY.as_pem(private=False), message.encode(), 'sha256'))}"


WRONG = {
    "another key under a known kid": lambda: token(OTHER, {"alg": "RS256", "kid": "k1"}),
    "an unknown kid": lambda: token(OTHER),
    "no kid": lambda: token(KEY, {"alg": "RS256"}),
    "PS256": lambda: token(PSS, {"alg": "PS256", "kid": "k1"}),
    "alg none": unsigned,
    "HS256 with the public key": confused,
    "an id token": lambda: token(token_use="id"),
    "another pool": lambda: token(iss="https://cognito-idp.example/other"),
    "another client": lambda: token(client_id="somebody"),
    "run out": lambda: token(exp=NOW),
    "no exp": lambda: token(exp=None),
    "exp as text": lambda: token(exp=str(NOW + 10)),
    "not yet": lambda: token(nbf=NOW + 120),
    "nobody": lambda: token(sub=None),
    "groups that are no list": lambda: token(**{"cognito:groups": "approver"}),
    "garbage": lambda: "abc",
    "three parts of garbage": lambda: "a.b.c",
    "a changed claim": lambda: changed(token()),
    "too long": lambda: token(padding="x" * 9000),
}  # fmt: skip


def changed(text: str) -> str:
    head, body, signature = text.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["cognito:groups"] = ["approver"]
    return f"{head}.{part(claims)}.{signature}"


@pytest.mark.parametrize("why", WRONG)
def test_wrong_token_raises_unauthenticated(why: str) -> None:
    with pytest.raises(Unauthenticated):
        verifier()(WRONG[why]())


def test_unknown_kid_fetches_keys_at_most_once_a_minute() -> None:
    asked: list[int] = []
    now = [NOW]
    published = [jwks(KEY)]
    verify = verifier(lambda: asked.append(now[0]) or published[0], now)
    verify(token())
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            verify(token(OTHER))
    assert asked == [NOW]
    published[0] = jwks(KEY, OTHER)
    now[0] += 61
    assert verify(token(OTHER)).id == "u-1"
    assert asked == [NOW, NOW + 61]


def test_token_check_without_key_set_raises_unavailable() -> None:
    def fails() -> bytes:
        raise Unavailable

    with pytest.raises(Unavailable):
        verifier(fails)(token())


def test_keys_are_fetched_from_configured_address_without_redirects() -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            away = self.path != "/keys"
            self.send_response(302 if away else 200)
            self.send_header("Location", "/keys")
            self.end_headers()
            self.wfile.write(b"" if away else jwks(KEY))

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert verifier(fetch_from(f"{address}/keys"))(token()).id == "u-1"
        with pytest.raises(Unavailable):
            verifier(fetch_from(f"{address}/moved"))(token())
        server.shutdown()


def test_malformed_keys_in_key_set_are_skipped() -> None:
    broken = [
        {"kty": "RSA", "kid": "k3"}, {"kty": "RSA", "kid": "k4", "n": 1, "e": "AQAB"}, "key",
        {"kty": "EC", "kid": "k1"},
        {"kty": "RSA", "kid": "k5", "n": "AQAB", "e": ""}, {"kty": "RSA", "kid": ["k6"], "n": "AQAB", "e": "AQAB"},
    ]  # fmt: skip
    published = json.dumps({"keys": [*broken, KEY.as_dict(private=False)]}).encode()
    assert verifier(lambda: published)(token()).id == "u-1"


@pytest.mark.parametrize("broken", [Unavailable(), TooLarge()], ids=repr)
def test_failed_fetch_of_keys_raises_unavailable(broken: Exception) -> None:
    def fails() -> bytes:
        raise broken

    with pytest.raises(Unavailable):
        verifier(fails)(token())


@pytest.mark.parametrize("answer", [b"", b"{}", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "RSA"}]}', b"[" * 99_999])
def test_key_set_without_usable_key_raises_unavailable(answer: bytes) -> None:
    with pytest.raises(Unavailable):
        verifier(lambda: answer)(token())


def test_withdrawn_key_is_refused_after_one_hour() -> None:
    now, published = [NOW], [jwks(KEY, OTHER)]
    verify = verifier(lambda: published[0], now)
    verify(token(OTHER))
    published[0] = jwks(KEY)
    now[0] += KEYS_FRESH - 1
    assert verify(token(OTHER)).id == "u-1"
    now[0] += 1
    with pytest.raises(Unauthenticated):
        verify(token(OTHER, exp=now[0] + 60))


def test_cached_keys_serve_one_day_while_pool_is_unavailable() -> None:
    now, asked = [NOW], []

    def once() -> bytes:
        asked.append(now[0])
        if len(asked) > 1:
            raise Unavailable
        return jwks(KEY)

    verify, lasting = verifier(once, now), token(exp=NOW + 9 * KEYS_KEPT)
    verify(lasting)
    now[0] += KEYS_KEPT - 1
    for _ in range(3):
        verify(lasting)
    assert asked == [NOW, now[0]]  # one attempt a minute, not one a call
    now[0] += 60
    for _ in range(2):
        with pytest.raises(Unavailable):
            verify(lasting)


def test_authorizer_denies_unknown_token_and_allows_known_one(office: MemoryOffice) -> None:
    arn = "arn:aws:execute-api:eu-central-1:123456789012:abc/api/GET/v1/permits"
    event = {"type": "TOKEN", "authorizationToken": "Bearer nobody", "methodArn": arn}
    answer = access(event, {})
    assert answer["policyDocument"]["Statement"] == [
        {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [arn]}
    ]
    allowed = access({**event, "authorizationToken": "Bearer aizada"}, {})
    assert allowed["principalId"] == "u-aizada"
    assert allowed["context"]["roles"] == "customs"
    assert all(isinstance(value, str) for value in allowed["context"].values())


def test_every_route_that_is_not_public_has_the_authorizer() -> None:
    found = {
        (method, path): entry.authorizer for path, methods in app.routes.items() for method, entry in methods.items()
    }
    heads = {("HEAD", path) for method, path in PUBLIC if method == "GET"}
    assert {route for route, authorizer in found.items() if authorizer is None} == PUBLIC | heads
    assert {route for route, authorizer in found.items() if authorizer is access} == set(found) - PUBLIC - heads


@pytest.mark.parametrize(("method", "path"), sorted(
    (method, path) for path, methods in app.routes.items() for method, entry in methods.items() if entry.authorizer
))  # fmt: skip
def test_missing_or_wrong_token_returns_401(office: MemoryOffice, method: str, path: str) -> None:
    address = path.replace("{", "").replace("}", "")
    for credentials in ({}, {"token": "nobody"}, {"AUTHORIZATION": "Basic YTpi"}):
        answer = call(method, address, {}, **credentials)
        assert (answer.status, answer.slug) == (401, "unauthenticated")


def test_public_route_needs_no_token_and_refuses_wrong_one(office: MemoryOffice) -> None:
    body = {"qr": "hello"}
    assert post("/v1/verify", body).status == 200
    assert post("/v1/verify", body, token="aizada").status == 200
    answer = post("/v1/verify", body, token="nobody")
    assert (answer.status, answer.slug) == (401, "unauthenticated")
    assert get("/v1/health", token="nobody").status == 401


def test_401_has_www_authenticate_header(office: MemoryOffice) -> None:
    answer = get("/v1/permits")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_me_returns_roles_posts_and_permitted_steps(office: MemoryOffice) -> None:
    told = get("/v1/me", token="elsewhere").json
    assert told.pop("steps") == sorted(name for name, roles in OPERATIONS.items() if "customs" in roles)
    assert told == {"id": "u-elsewhere", "name": "Elsewhere", "roles": ["customs"], "posts": ["torugart"]}
