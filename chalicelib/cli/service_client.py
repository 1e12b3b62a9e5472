"""HTTP client of a running service. It uses a person's access token and needs no rights in the AWS account."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from chalicelib.cli.output import SIGN_IN, usage

TRIES = 5

WAIT_AT_MOST = 30  # seconds; a longer Retry-After is cut to this

CONNECT, READ = 10, 60  # seconds; issuing waits for a signature

RETRY_STATUSES = frozenset({429, 502, 503, 504})

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class NoAnswer(Exception):
    """No answer of the service, or not one of its own. It is not known whether the service did the work."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise NoAnswer(f"the service answered status {self.status} without JSON; check --server") from None

    @property
    def good(self) -> bool:
        return self.status < 300

    def faults(self) -> list[tuple[str, str, str]]:
        """Return field, code and detail of each refusal. A problem other than `invalid` is one with an empty field."""
        problem = self.json
        slug = str(problem.get("type", "")).rpartition("/")[2] or str(self.status)
        errors = problem.get("errors") or [{"field": "", "code": slug, "detail": str(problem.get("detail", ""))}]
        return refusals_of(errors)


def refusals_of(errors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Return field, code and detail of each refusal."""
    return [(str(e["field"]), str(e["code"]), str(e["detail"])) for e in errors]


class ServiceClient:
    """Client of one service. `server`: an https address, or http on this machine.

    It waits and retries if the service is busy or does not answer. All its requests are safe to repeat.
    """

    def __init__(
        self, server: str, token: str, *, sleep: Callable[[float], None] = time.sleep, tries: int = TRIES
    ) -> None:
        """Check address and token. Exit 2 for an address to which no token may be sent, and without a token."""
        import urllib3

        parts = urlsplit(server)
        plain = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
            raise usage("--server: give the service's address without a path, such as https://permits.example.kg")
        if parts.scheme != "https" and not plain:
            raise usage("--server: give an address that begins with https://; the token must not be sent unencrypted")
        if not token or not token.isascii() or not token.isprintable():
            raise usage(SIGN_IN)
        self.server = f"{parts.scheme}://{parts.netloc}"
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        self._sleep = sleep
        self._tries = tries
        self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=CONNECT, read=READ))

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._call("POST", path, {} if body is None else body, headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self._call("PUT", path, body, headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self._call("GET", path, None, headers)

    def _call(self, method: str, path: str, body: Any, extra: Mapping[str, str]) -> Answer:
        """Send a request, with retries. Raises `NoAnswer`. Exit 2 if the service refuses the token."""
        import urllib3

        headers = {**self._headers, **{name.replace("_", "-"): value for name, value in extra.items()}}
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        why = "no answer"
        for turn in range(self._tries):
            wait = float(2**turn)
            try:
                got = self._pool.request(method, self.server + path, body=data, headers=headers, redirect=False)
            except urllib3.exceptions.HTTPError as error:
                why = type(error).__name__
            else:
                if got.status == 401:
                    raise usage(
                        "--token: the service refuses the token. Sign in again for a new one, then repeat this command."
                    )
                if got.status not in RETRY_STATUSES and not 300 <= got.status < 400 and got.status < 500:
                    return Answer(got.status, got.data)
                why = f"status {got.status}"
                if got.status not in RETRY_STATUSES:
                    break
                after = got.headers.get("Retry-After", "")
                wait = float(after) if after.isdecimal() else wait
            if turn + 1 < self._tries:
                self._sleep(min(wait, WAIT_AT_MOST))
        raise NoAnswer(f"{self.server}: {why}")


Server = Annotated[
    str, typer.Option(envvar="TAMGA_SERVER", help="Address of the service, such as https://permits.example.kg.")
]
