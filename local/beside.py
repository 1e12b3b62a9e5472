"""What a real register has of the practice register beside it: its root, and its published lists at /practice/*.

In AWS the staff's front leads those addresses to the practice host (infra/stage/front.yaml, ADR 0021); here to the
`make run` of the same folder, whichever port it has. Nothing else of it can be asked for, and nothing is sent there.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request

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
