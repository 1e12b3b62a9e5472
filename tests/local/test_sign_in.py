"""Local sign-in page: the code flow with PKCE, and each challenge of a user pool."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from local import people
from local.sign_in import CHALLENGES, CODE_SECONDS, SignIn, page_of
from local.sign_in_words import ENGLISH, LANGUAGES, WORDS

BACK = "http://127.0.0.1:8000/desk/"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REQUEST = {
    "response_type": "code", "client_id": "c1", "redirect_uri": BACK, "state": "s1", "scope": "openid",
    "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip
TOKENS = {"AuthenticationResult": {"AccessToken": "a1", "RefreshToken": "r1", "ExpiresIn": 1800}}


class Pool:
    """A user pool, where `ainura` gets tokens, and `new` chooses a password and sets up a second factor."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        self.asked.append((action, body))
        match action, body:
            case "InitiateAuth", {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": "r1"}}:
                return {"AuthenticationResult": {"AccessToken": "a2", "ExpiresIn": 1800}}
            case "InitiateAuth", {"AuthParameters": {"USERNAME": "ainura", "PASSWORD": "right"}}:
                return TOKENS
            case "InitiateAuth", {"AuthParameters": {"USERNAME": "new"}}:
                return {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "one"}
            case "RespondToAuthChallenge", {
                "Session": "one", "ChallengeResponses": {"USERNAME": "new", "NEW_PASSWORD": "long enough"},
            }:  # fmt: skip
                return {"ChallengeName": "MFA_SETUP", "Session": "two"}
            case "AssociateSoftwareToken", {"Session": "two"}:
                return {"SecretCode": "KEY<32>", "Session": "three"}
            case "VerifySoftwareToken", {"Session": "three", "UserCode": "123456"}:
                return {"Status": "SUCCESS", "Session": "four"}
            case "RespondToAuthChallenge", {"Session": "four", "ChallengeName": "MFA_SETUP"}:
                return {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "five"}
            case "RespondToAuthChallenge", {
                "Session": "five",
                "ChallengeResponses": {"SOFTWARE_TOKEN_MFA_CODE": "654321"},
            }:
                return TOKENS
        return None


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def page(clock: Clock) -> SignIn:
    return SignIn("c1", Pool(), {"ainura": ("Ainura", "approves permits")}, lambda name: "right", clock)


def get(page: SignIn, path: str, **query: str) -> tuple[int, dict[str, str], str]:
    return _read(page.answer("GET", path, urlencode(query), bytes, "/w/1/design.css"))


def post(page: SignIn, path: str, **form: str) -> tuple[int, dict[str, str], str]:
    return _read(page.answer("POST", path, "", lambda: urlencode(form).encode(), "/w/1/design.css"))


def _read(answer: Any) -> tuple[int, dict[str, str], str]:
    status, headers, body = answer
    return status, dict(headers), body.decode()


def hidden(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)}


def code_in(headers: dict[str, str]) -> str:
    address = urlsplit(headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == BACK
    query = parse_qs(address.query)
    assert query["state"] == ["s1"]
    return query["code"][0]


def swap(page: SignIn, held: str, **changes: str) -> tuple[int, Any]:
    form = {"grant_type": "authorization_code", "client_id": "c1", "redirect_uri": BACK, "code": held,
            "code_verifier": VERIFIER, **changes}  # fmt: skip
    status, _, body = post(page, "/oauth2/token", **form)
    return status, json.loads(body)


def test_one_tap_signs_in_and_code_works_once(page: SignIn) -> None:
    status, headers, body = get(page, "/oauth2/authorize", **REQUEST)
    assert (status, hidden(body)) == (200, REQUEST)
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    status, headers, _ = post(page, "/oauth2/authorize", **REQUEST, known="ainura")
    assert status == 302
    code = code_in(headers)
    assert swap(page, code) == (
        200, {"access_token": "a1", "refresh_token": "r1", "expires_in": 1800, "token_type": "Bearer"},
    )  # fmt: skip
    assert swap(page, code) == (400, {"error": "invalid_grant"})


def test_sign_in_page_lists_example_people_with_roles() -> None:
    """Each button has name, role and sign-in name, because README and tour use the sign-in name."""
    page = page_of(people.Pool("p1", "c1", "http://127.0.0.1:9", "eu-central-1", "secret"), "table", lambda: True)
    _, _, body = get(page, "/oauth2/authorize", **REQUEST)
    assert "practice ministry" in body
    assert "practice" not in get(replace(page, practice=False), "/oauth2/authorize", **REQUEST)[2]
    buttons = re.findall(r'name="known" value="(\w+)">(.*?)</button>', body)
    assert {name for name, _ in buttons} == {*people.DEFAULT_NAMES.values(), people.NEWCOMER, "bekzat"}
    for role, name in people.DEFAULT_NAMES.items():
        words = unescape(dict(buttons)[name])
        assert words == f"<span>{name}<br><small>{people.full_name(name)}: {people.ROLE_WORDS[role]}</small></span>"


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != ENGLISH])
def test_sign_in_page_is_in_the_language_of_the_calling_page(page: SignIn, language: str) -> None:
    """Every sentence is translated, and people appear by name."""
    _, _, body = get(page, "/oauth2/authorize", **REQUEST, lang=language)
    assert f'<html lang="{language}">' in body
    assert hidden(body)["lang"] == language
    for sent in ({"name": "new", "password": "wrong"}, {"name": "ainura", "password": "wrong"}):
        body += post(page, "/oauth2/authorize", **REQUEST, lang=language, **sent)[2]
    kept = {**REQUEST, "lang": language, "challenge": "NEW_PASSWORD_REQUIRED", "session": "one", "name": "new"}
    body += post(page, "/oauth2/authorize", **kept, answer="long enough")[2]
    left = [each for each in WORDS if re.search(rf">[^<]*\b{re.escape(each)}\b", body)]
    assert left == []
    assert {*people.ROLE_WORDS.values()} | {label for label, _ in CHALLENGES.values()} <= {*WORDS}
    assert all({*said} == {*LANGUAGES} - {ENGLISH} for said in WORDS.values())


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "w" * 43}, {"redirect_uri": "http://127.0.0.1:8000/scan/"}, {"code": "other"}],
)
def test_code_with_other_verifier_or_address_is_refused(page: SignIn, changes: dict[str, str]) -> None:
    _, headers, _ = post(page, "/oauth2/authorize", **REQUEST, known="ainura")
    assert swap(page, code_in(headers), **changes) == (400, {"error": "invalid_grant"})


def test_code_expires_after_a_minute(page: SignIn, clock: Clock) -> None:
    _, headers, _ = post(page, "/oauth2/authorize", **REQUEST, known="ainura")
    clock.now = CODE_SECONDS
    assert swap(page, code_in(headers))[0] == 400


def test_wrong_password_shows_alert_and_returns_no_code(page: SignIn) -> None:
    status, headers, body = post(page, "/oauth2/authorize", **REQUEST, name="ainura", password="wrong")
    assert (status, "Location" in headers) == (200, False)
    assert 'role="alert">Wrong' in body
    assert post(page, "/oauth2/authorize", **REQUEST, name="Ainura ", password="right")[0] == 302


def test_sign_in_page_shows_that_example_data_are_loading(page: SignIn) -> None:
    said = "Example data are still coming in"
    assert said not in post(page, "/oauth2/authorize", **REQUEST, name="ainura", password="wrong")[2]
    page = replace(page, seeded=lambda: False)
    assert said in post(page, "/oauth2/authorize", **REQUEST, name="ainura", password="wrong")[2]


def test_unlisted_name_cannot_use_a_button(page: SignIn) -> None:
    assert post(page, "/oauth2/authorize", **REQUEST, known="stranger")[0] == 200


def test_first_sign_in_sets_password_and_second_factor(page: SignIn) -> None:
    _, _, body = post(page, "/oauth2/authorize", **REQUEST, name="new", password="sent by paper")
    assert "Choose your own" in body
    assert 'type="password" id="answer"' in body
    _, _, body = post(page, "/oauth2/authorize", **hidden(body), answer="long enough")
    assert "KEY&lt;32&gt;" in body
    _, _, body = post(page, "/oauth2/authorize", **hidden(body), answer="123456")
    assert "Six digits of your authenticator" in body
    status, headers, _ = post(page, "/oauth2/authorize", **hidden(body), answer="654321")
    assert status == 302
    assert swap(page, code_in(headers))[0] == 200


def test_wrong_second_factor_restarts_sign_in(page: SignIn) -> None:
    _, _, body = post(page, "/oauth2/authorize", **REQUEST, name="new", password="sent by paper")
    _, _, body = post(page, "/oauth2/authorize", **hidden(body), answer="long enough")
    status, _, body = post(page, "/oauth2/authorize", **hidden(body), answer="000000")
    assert (status, 'role="alert">Wrong' in body) == (200, True)


def test_refresh_token_returns_new_access_token(page: SignIn) -> None:
    form = {"grant_type": "refresh_token", "client_id": "c1"}
    status, _, body = post(page, "/oauth2/token", **form, refresh_token="r1")
    assert (status, json.loads(body)["access_token"]) == (200, "a2")
    assert post(page, "/oauth2/token", **form, refresh_token="r2")[0] == 400
    assert post(page, "/oauth2/token", **form | {"client_id": "c2"}, refresh_token="r1")[0] == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/desk/"},
        {"redirect_uri": "http://127.0.0.1.evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"state": ""},
        {"response_type": "token"},
        {"client_id": "c2"},
    ],
)
def test_invalid_authorization_request_is_refused(page: SignIn, changes: dict[str, str]) -> None:
    assert get(page, "/oauth2/authorize", **REQUEST | changes)[0] == 400
    assert post(page, "/oauth2/authorize", **REQUEST | changes, known="ainura")[0] == 400


def test_sign_out_redirects_to_own_pages_only(page: SignIn) -> None:
    assert get(page, "/logout", logout_uri=BACK)[1]["Location"] == BACK
    assert get(page, "/logout", logout_uri="https://evil.example/")[0] == 400


def test_request_parameters_are_escaped_in_page(page: SignIn) -> None:
    _, _, body = get(page, "/oauth2/authorize", **REQUEST | {"state": '"><script>'})
    assert "<script>" not in body


def test_body_of_other_path_is_not_read(page: SignIn) -> None:
    """A body can be read once, so the service would not get it any more."""

    def body() -> bytes:
        raise AssertionError("read")

    assert page.answer("POST", "/v1/permits", "", body, "/design.css") is None


def test_other_paths_are_left_to_the_service(page: SignIn) -> None:
    assert page.answer("GET", "/v1/permits", "", bytes, "") is None
    assert page.answer("GET", "/oauth2/token", "", bytes, "") is None
