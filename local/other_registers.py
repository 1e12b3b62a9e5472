"""Trust and published lists of the other registers in one local folder.

A real register pins the root of its practice register and serves that register's lists at /practice/*. On AWS the
staff's front forwards those addresses to the practice host (infra/stage/front.yaml, ADR 0021). Practice registers of
two countries pin each other's roots, and each fetches the other's status lists, at any local port. No other address of
another register can be read from here, and nothing is sent to it.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from chalicelib.kernel.errors import TooLarge, Unavailable
from local.place import Place, read_json
from local.site import Answer

PUBLISHED = re.compile(r"/practice(/trust-list|/s/[0-9]{2}q[1-4])", re.ASCII)
SECONDS = 10


class NoPractice(RuntimeError):
    """Raised when this folder has no practice register yet."""


def roots(practice: Place) -> tuple[str, ...]:
    """Return the thumbprints (hex) of the practice register's roots. Raises `NoPractice`."""
    try:
        return tuple(line.split()[1] for line in practice.roots.read_text().splitlines())
    except FileNotFoundError:
        raise NoPractice(
            "A real register needs the practice register of this folder. First make that one: make run"
        ) from None


def pinned_roots(folder: Place, country: str) -> dict[str, tuple[str, ...]]:
    """Return the roots that the practice register of `country` pins besides its own: country -> thumbprints (hex)."""
    found = {each: place for each, place in folder.countries.items() if each != country and place.roots.exists()}
    return {each: roots(place) for each, place in found.items()}


@dataclass(frozen=True, slots=True)
class Published:
    """`PublishedLists` of the practice registers in a folder.

    Their host names resolve nowhere. Lists are fetched from the local port of the register with that host.
    """

    folder: Place

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        where = urlsplit(url)
        running = (read_json(place.running) for place in self.folder.countries.values())
        ports = [each["port"] for each in running if each and each["env"]["TAMGA_HOST"] == where.hostname]
        if not ports:
            raise Unavailable(f"{where.hostname}: that register does not run on this machine.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}{where.path}", timeout=SECONDS) as said:
                data: bytes = said.read(cap + 1)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise Unavailable(f"{where.hostname}: the register answered status {error.code}.") from None
            return None
        except urllib.error.URLError:
            raise Unavailable(f"{where.hostname}: the register does not answer.") from None
        if len(data) > cap:
            raise TooLarge
        return data


def respond(practice: Place, method: str, path: str) -> Answer | None:
    """Respond to a request below /practice with the list as it is published now. None for any other address."""
    found = PUBLISHED.fullmatch(path)
    if method != "GET" or not found:
        return None
    port = (read_json(practice.running) or {}).get("port")
    try:
        if port is None:
            return 502, [], b""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{found[1]}", timeout=SECONDS) as said:
            return 200, [("Content-Type", said.headers["Content-Type"]), ("Cache-Control", "no-cache")], said.read()
    except urllib.error.HTTPError as error:
        return error.code, [], b""
    except urllib.error.URLError:
        return 502, [], b""
