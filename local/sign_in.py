"""The sign-in page of the local run. It replaces the user pool's managed login and uses the pool's own calls.

The web pages use one flow locally and on AWS, the authorization code with PKCE (RFC 6749 4.1, RFC 7636), at the same
addresses: /oauth2/authorize (page and form), /oauth2/token, /logout. The pool decides each step: tokens, a first
password to choose, a second factor to enter or set up. Known people sign in with one button.

Codes are kept in this process for a minute. A run with several processes (`--workers`, for measuring) has no sign-in
page.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local import people, token
from local.sign_in_words import ENGLISH, LANGUAGES, say
from local.site import PAGE_HEADERS, Answer

type Ask = Callable[[str, Mapping[str, Any]], dict[str, Any] | None]  # action of the pool, body -> response or None

AUTHORIZE, TOKEN, LOGOUT = "/oauth2/authorize", "/oauth2/token", "/logout"
REQUEST = ("response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method")
HERE = frozenset({"127.0.0.1", "localhost"})
CODE_SECONDS = 60
CHALLENGES = {  # challenge of the pool -> label of the field, its name in the pool's call
    "NEW_PASSWORD_REQUIRED": ("Your first password was for one use. Choose your own", "NEW_PASSWORD"),
    "SOFTWARE_TOKEN_MFA": ("Six digits of your authenticator", "SOFTWARE_TOKEN_MFA_CODE"),
    "MFA_SETUP": ("Six digits that it shows for this key", ""),
}


class Refused(Exception):
    """Raised for a request that no page of ours makes."""


@dataclass(frozen=True)
class SignIn:
    """The page. `answer()` handles its requests.

    `ask`: an action of the pool. It returns None if the pool refuses. `offered_people`: name -> parts of the button's
    text (full name, then activity), each translated. `ready(name)`: add the person to the pool and return their
    password.
    `seeded`: true once all example data exist.
    """

    client_id: str
    ask: Ask
    offered_people: Mapping[str, tuple[str, ...]]
    ready: Callable[[str], str]
    clock: Callable[[], float] = time.monotonic
    practice: bool = True
    seeded: Callable[[], bool] = lambda: True
    _codes: dict[str, tuple[float, str, str, dict[str, Any]]] = field(default_factory=dict)

    def answer(self, method: str, path: str, query: str, body: Callable[[], bytes], style: str) -> Answer | None:
        """Handle a request. Return status, headers and body, or None for an address that is not ours.

        `style`: address of the style sheet.
        """
        if path not in {AUTHORIZE, TOKEN, LOGOUT}:
            return None  # without reading the body, which can be read only once
        text = body().decode("utf-8", "replace") if method == "POST" else query
        sent = dict(parse_qsl(text, keep_blank_values=True))
        try:
            match (method, path):
                case ("GET", "/oauth2/authorize"):
                    request = _request(sent, self.client_id)
                    return _html(self._first(request), style, request)
                case ("POST", "/oauth2/authorize"):
                    return self._step(_request(sent, self.client_id), sent, style)
                case ("POST", "/oauth2/token"):
                    return self._token(sent)
                case ("GET", "/logout"):
                    return _redirect(_require_local_address(sent.get("logout_uri", "")))
        except Refused as error:
            return _html(f"<h1>Not a request of ours</h1><p>{escape(str(error))}</p>", style, {}, 400)
        return None

    def _step(self, request: Mapping[str, str], sent: Mapping[str, str], style: str) -> Answer:
        name = sent.get("known") or sent.get("name", "").strip().lower()
        given = self._pool_response(sent, name)
        if given is None:
            why = say("Wrong, or out of time. Begin again.", _language(request))
            return _html(f'<p class="wrong" role="alert">{why}</p>{self._first(request)}', style, request)
        if "AuthenticationResult" not in given:
            return _html(self._next(request, name, given), style, request)
        code = secrets.token_urlsafe(24)
        ends = self.clock() + CODE_SECONDS
        self._codes[code] = (ends, request["code_challenge"], request["redirect_uri"], given["AuthenticationResult"])
        return _redirect(f"{request['redirect_uri']}?{urlencode({'code': code, 'state': request['state']})}")

    def _pool_response(self, sent: Mapping[str, str], name: str) -> dict[str, Any] | None:
        """Send this step to the pool and return its response, or None if it refuses."""
        challenge, session, said = (sent.get(each, "") for each in ("challenge", "session", "answer"))
        if challenge == "MFA_SETUP":
            checked = self.ask("VerifySoftwareToken", {"Session": session, "UserCode": said})
            if not checked or checked.get("Status") != "SUCCESS":
                return None
            session = checked.get("Session", session)
        if challenge in CHALLENGES:
            answers = {"USERNAME": name, CHALLENGES[challenge][1]: said}
            return self.ask(
                "RespondToAuthChallenge",
                {
                    "ClientId": self.client_id,
                    "ChallengeName": challenge,
                    "Session": session,
                    "ChallengeResponses": {key: text for key, text in answers.items() if key},
                },
            )
        password = self.ready(name) if sent.get("known") in self.offered_people else sent.get("password", "")
        return self._begun("USER_PASSWORD_AUTH", {"USERNAME": name, "PASSWORD": password})

    def _begun(self, flow: str, parameters: Mapping[str, str]) -> dict[str, Any] | None:
        return self.ask(
            "InitiateAuth", {"AuthFlow": flow, "ClientId": self.client_id, "AuthParameters": dict(parameters)}
        )

    def _first(self, request: Mapping[str, str]) -> str:
        language = _language(request)
        buttons = "".join(
            f'<button name="known" value="{escape(name)}">'
            f"<span>{escape(name)}<br><small>{escape(_button(parts, language))}</small></span></button>"
            for name, parts in self.offered_people.items()
        )
        kept = _hidden(request)
        title = "Sign in to the practice ministry" if self.practice else "Sign in to the made-up real register"
        lacks = "Example data are still coming in: the terminal says when it is ready."
        strip = "" if self.seeded() else f'<p class="sheet" role="status"><b>{say(lacks, language)}</b></p>\n'
        return f"""<h1>{say(title, language)}</h1>
{strip}<p>{say("This page stands in a local run for the user pool's own. Everybody here is invented.", language)}</p>
<form class="sheet rows" method="post"><h2>{say("One tap: sign-in name, who it is, what they do", language)}</h2>
{kept}<div class="choices">{buttons}</div></form>
<form class="sheet rows" method="post"><h2>{say("By name and password", language)}</h2>{kept}
<div><label for="name">{say("Name", language)}</label>
<input type="text" id="name" name="name" required autocomplete="username"></div>
<div><label for="password">{say("Password", language)}</label>
<input type="password" id="password" name="password" required autocomplete="current-password"></div>
<div><button>{say("Sign in", language)}</button></div></form>"""

    def _next(self, request: Mapping[str, str], name: str, given: Mapping[str, Any]) -> str:
        challenge, session = str(given["ChallengeName"]), str(given.get("Session", ""))
        language = _language(request)
        if challenge not in CHALLENGES:
            raise Refused(f"The pool asks for {challenge}.")
        key = ""
        if challenge == "MFA_SETUP":
            made = self.ask("AssociateSoftwareToken", {"Session": session}) or {}
            session = made.get("Session", session)
            label = say("Key for your authenticator", language)
            key = f'<p>{label}: <b class="mono">{escape(made.get("SecretCode", ""))}</b></p>'
        kind = "password" if challenge == "NEW_PASSWORD_REQUIRED" else "text"
        kept = _hidden({**request, "challenge": challenge, "session": session, "name": name})
        return f"""<h1>{say("One more step", language)}</h1><form class="sheet rows" method="post">{kept}{key}
<div><label for="answer">{say(CHALLENGES[challenge][0], language)}</label>
<input type="{kind}" id="answer" name="answer" required autocomplete="off"></div>
<div><button class="main">{say("Go on", language)}</button></div></form>"""

    def _token(self, sent: Mapping[str, str]) -> Answer:
        """Exchange a code or a refresh token for tokens (RFC 6749 4.1.3 and 6). A code works once."""
        result: dict[str, Any] | None = None
        if sent.get("client_id") != self.client_id:
            return _json(400, {"error": "invalid_client"})
        if sent.get("grant_type") == "authorization_code":
            ends, challenge, back, held = self._codes.pop(sent.get("code", ""), (0.0, "", "", {}))
            proof = base64.urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=")
            good = hmac.compare_digest(proof, challenge.encode()) and back == sent.get("redirect_uri")
            result = held if good and self.clock() < ends else None
        elif sent.get("grant_type") == "refresh_token":
            begun = self._begun("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": sent.get("refresh_token", "")})
            result = (begun or {}).get("AuthenticationResult")
        if not result:
            return _json(400, {"error": "invalid_grant"})
        names = {"access_token": "AccessToken", "refresh_token": "RefreshToken", "expires_in": "ExpiresIn"}
        told = {name: result[theirs] for name, theirs in names.items() if theirs in result}
        return _json(200, {**told, "token_type": "Bearer"})


def _request(sent: Mapping[str, str], client_id: str) -> dict[str, str]:
    """Validate an authorization request and return its parts. Raises `Refused`."""
    request = {name: sent.get(name, "") for name in REQUEST}
    if sent.get("lang") in LANGUAGES:
        request["lang"] = sent["lang"]
    if request["response_type"] != "code" or request["client_id"] != client_id:
        raise Refused("It needs response_type=code and the client of this stage.")
    if request["code_challenge_method"] != "S256" or not request["code_challenge"] or not request["state"]:
        raise Refused("It needs PKCE (S256) and a state.")
    _require_local_address(request["redirect_uri"])
    return request


def _require_local_address(address: str) -> str:
    """Return an address of this machine. Raises `Refused` for any other."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in HERE or parts.query or parts.fragment:
        raise Refused("It leads away from this machine.")
    return address


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(f'<input type="hidden" name="{name}" value="{escape(text)}">' for name, text in fields.items())


def _language(request: Mapping[str, str]) -> str:
    return request.get("lang", ENGLISH)


def _button(parts: tuple[str, ...], language: str) -> str:
    who, *does = (say(part, language) for part in parts)
    return f"{who}: {', '.join(does)}"


def _html(content: str, style: str, request: Mapping[str, str], status: int = 200) -> Answer:
    icon, language = style.replace("design.css", "shared/mark.svg"), _language(request)
    page = f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{say("Sign in: Tamga", language)}</title>
<link rel="icon" href="{icon}" type="image/svg+xml"><link rel="stylesheet" href="{style}"></head>
<body><main class="page">{content}</main></body></html>"""
    return status, _headers("text/html; charset=utf-8"), page.encode()


def _json(status: int, value: Any) -> Answer:
    return status, _headers("application/json"), json.dumps(value).encode()


def _redirect(address: str) -> Answer:
    return 302, [*_headers("text/plain"), ("Location", address)], b""


def _headers(content_type: str) -> list[tuple[str, str]]:
    return [*PAGE_HEADERS.items(), ("Content-Type", content_type), ("Cache-Control", "no-store")]


def page_of(pool: people.Pool, table: str, whole: Callable[[], bool], *, practice: bool = True) -> SignIn:
    """The sign-in page for this pool's people. Each of them, the newcomer included, signs in with one tap."""
    roles = people.staff_of(pool.country).roles

    def ready(name: str) -> str:
        token.ensure_registered(pool, table, name, [roles[name]])
        return pool.password

    said: dict[str, tuple[str, ...]] = {
        name: (people.full_name(name, pool.country), people.ROLE_WORDS[role],
               *(["first day"] if name == people.NEWCOMER else []))
        for name, role in roles.items()
    }  # fmt: skip
    return SignIn(pool.client_id, partial(people.call_pool, pool), said, ready, practice=practice, seeded=whole)
