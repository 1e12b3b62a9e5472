"""Number of files of chalicelib/ used by a verdict, an issue and an endorsement: `make measure`.

Over HTTP with the ports in memory: the files with a called function, counted at the second call in the process.
"""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk import approved, issued, ok
from http_client import post
from office import MemoryOffice
from staff import staffed

import chalicelib
from chalicelib.composition import container

FOLDER = str(Path(chalicelib.__file__).parent)


def files_of(walk: Callable[[], Any]) -> set[str]:
    """The files of chalicelib/ in which a function is called."""
    found: set[str] = set()

    def note(frame: Any, event: str, argument: object) -> None:
        if event == "call":
            found.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        walk()
    finally:
        sys.setprofile(None)
    return {name for name in found if name.startswith(FOLDER)}


def endorsement(office: MemoryOffice, qr: str) -> dict[str, Any]:
    at = datetime.fromtimestamp(office.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "event_id": str(uuid.uuid4()),
        "qr": qr,
        "post": "manas-airport",
        "direction": "export",
        "endorsed_at": at,
        "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 176-1",
    }


def walks(office: MemoryOffice) -> dict[str, Callable[[], Any]]:
    """Name -> one call, on permits created for it."""
    code, border, ready = issued()["qr"], endorsement(office, issued()["qr"]), approved()["id"]
    return {
        "a verdict": lambda: ok(post("/v1/verify", {"qr": code, "direction": "export"})),
        "an issue": lambda: ok(post(f"/v1/permits/{ready}/issue", token="approver")),
        "an endorsement": lambda: ok(post("/v1/endorsements", border, token="aizada"), 201),
    }


def main() -> None:
    logging.getLogger("tamga").setLevel(logging.ERROR)
    office = staffed()
    container.replace_deps(office)
    for walk in walks(office).values():
        walk()
    for name, walk in walks(office).items():
        print(f"{len(files_of(walk)):6}  files that run for {name}")


if __name__ == "__main__":
    main()
