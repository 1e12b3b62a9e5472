"""What a register has of the others of its folder: roots to pin, and published lists, at whichever port they are.

A real one has of the practice register beside it its root, and its lists at /practice/*: in AWS the staff's front
leads those addresses to the practice host (infra/stage/front.yaml, ADR 0021). Practice registers of two countries pin
each other's roots, and each fetches the other's status lists. Nothing else of any can be asked for, and nothing is sent
there.
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
    """There is no practice register in this folder yet."""


def roots(practice: Place) -> tuple[str, ...]:
    """The thumbprints (hex) of its roots. Raises `NoPractice`."""
    try:
        return tuple(line.split()[1] for line in practice.roots.read_text().splitlines())
    except FileNotFoundError:
        raise NoPractice("There is no practice register here yet, for a real one to stand beside: make run") from None


def pinned(folder: Place, country: str) -> dict[str, tuple[str, ...]]:
    """Whom the practice register of `country` believes besides itself: country -> thumbprints (hex) of its roots."""
    found = {each: place for each, place in folder.countries.items() if each != country and place.roots.exists()}
    return {each: roots(place) for each, place in found.items()}


@dataclass(frozen=True, slots=True)
class Published:
    """`PublishedLists` of the practice registers in a folder: their hosts are nobody's, their ports are here."""

    folder: Place

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        where = urlsplit(url)
        running = (read_json(place.running) for place in self.folder.countries.values())
        ports = [each["port"] for each in running if each and each["env"]["TAMGA_HOST"] == where.hostname]
        if not ports:
            raise Unavailable("It does not run.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}{where.path}", timeout=SECONDS) as said:
                data: bytes = said.read(cap + 1)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise Unavailable(f"It answered {error.code}.") from None
            return None
        except urllib.error.URLError:
            raise Unavailable("It does not answer.") from None
        if len(data) > cap:
            raise TooLarge
        return data


def answer(practice: Place, method: str, path: str) -> Answer | None:
    """One of its lists, as it is published now; None for any other address."""
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
