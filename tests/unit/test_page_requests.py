"""Requests of the pages: each has a time limit and is made by one of few modules."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
DOORS = ("check", "desk", "exporter", "scan", "shared", "training", "which")
ASKING = {
    "scan/lists.js": "the bundle: 304 and its ETag",
    "shared/api.js": "the service",
    "shared/i18n.js": "the pages' own files",
    "shared/sign-in.js": "the user pool",
}
UPLOADING = {"exporter/service.js"}  # by XMLHttpRequest, which reports progress
_FETCH = re.compile(r"(?<![.#\w])fetch\((?P<asked>.*?)\n? *\}?\);", re.DOTALL)


def sources() -> dict[str, str]:
    return {
        f"{door}/{path.name}": path.read_text("utf-8") for door in DOORS for path in sorted((WEB / door).glob("*.js"))
    }


def test_only_these_modules_make_requests() -> None:
    found = sources()
    assert {name for name, text in found.items() if re.search(r"(?<![.#\w])fetch\(", text)} == set(ASKING)
    assert {name for name, text in found.items() if "XMLHttpRequest()" in text} == UPLOADING


def test_every_request_has_a_time_limit() -> None:
    found = sources()
    for name in ASKING:
        asked = [each["asked"] for each in _FETCH.finditer(found[name])]
        assert asked
        assert all("signal: AbortSignal.timeout(" in each for each in asked), name
    assert all("request.timeout = " in found[name] for name in UPLOADING)
