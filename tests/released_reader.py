"""Reader of the previous release, run as its own program: its code comes from this repository's history."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tarfile
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMIT = "c70afb0"
NEEDED = ("chalicelib", "pdf_templates")
JUDGE = """
import base64, json, sys
from chalicelib.core.claims import decode_claims
from chalicelib.core.cose import decode_sign1
from chalicelib.core.qr_text import token_of
from chalicelib.core.trust import Trust, open_bundle
from chalicelib.core.trust_list import Pin
from chalicelib.core.verdict import Context, Snapshot, judge
from chalicelib.reading.read_document import read

for line in sys.stdin:
    asked = json.loads(line)
    data, bundle = (base64.b64decode(asked[name]) for name in ("data", "bundle"))
    now, texts = asked["now"], asked["codes"]
    pin = Pin(asked["country"], (bytes.fromhex(asked["pin"]),), asked["practice"], asked["practice_host"])
    lists = open_bundle(bundle, (pin,), newest_seq={}, now=now)
    trust = Trust(lists, (pin,), {asked["country"]: now}, 0)
    payloads = [decode_sign1(token_of(text), cap=2048).payload for text in texts]
    kind = decode_claims(payloads[0]).claims.kind
    register = Snapshot("issued", kind, dict(enumerate(payloads, 1)), {}, ())
    found = read(data, "application/pdf")
    verdict = judge(
        texts[0], trust=trust, status={}, register=register, now=now, context=Context(other_pages=tuple(texts[1:])),
        document=found,
    )
    said = {hit.code: {**hit.facts} for hit in verdict.hits}
    print(json.dumps({"outcome": verdict.outcome, "hits": said, "trouble": found.trouble}, default=str), flush=True)
"""


@cache
def _code() -> TemporaryDirectory[str] | None:
    made = subprocess.run(["git", "archive", COMMIT, *NEEDED], cwd=ROOT, capture_output=True, check=False)
    if made.returncode:
        return None
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="tamga-released-")
    with tarfile.open(fileobj=BytesIO(made.stdout)) as archive:
        archive.extractall(folder.name, filter="data")
    return folder


def judged_by_the_released_reader(files: list[bytes], codes: list[list[str]], **trust: Any) -> list[dict[str, Any]]:
    """Outcome and hits of each file. The register has its codes.

    `trust`: bundle, pin, country, practice, practice_host, now.

    Skips the test if the history is missing (a shallow clone, an archive).
    """
    folder = _code()
    if folder is None:
        pytest.skip(f"commit {COMMIT} is not in this repository: a shallow clone?")
    trust["bundle"] = base64.b64encode(trust["bundle"]).decode()
    lines = [
        json.dumps({**trust, "codes": texts, "data": base64.b64encode(data).decode()})
        for data, texts in zip(files, codes, strict=True)
    ]
    ended = subprocess.run(
        [sys.executable, "-c", JUDGE], input="\n".join(lines), cwd=folder.name, capture_output=True, text=True,
        check=False, timeout=300, env={"PYTHONPATH": folder.name, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]
