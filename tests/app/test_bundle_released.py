"""Today's bundle in the scanner of release c70afb0: members unknown to that scanner must not count as uses."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from desk import issued, ok
from http_client import get, post
from office import MemoryOffice
from released import FIXTURES
from test_matrix import endorsement_body
from web_core.asking import NODE, needs_node

pytestmark = needs_node
SCRIPT = Path(__file__).with_name("bundle_judge.mjs")
TODAY = Path(__file__).parents[2] / "web"
DIRECTIONS = ("export", "import", "none")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Code of the scanner of release c70afb0."""
    folder = tmp_path_factory.mktemp("released")
    with tarfile.open(FIXTURES / "c70afb0" / "scanner-code.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    (folder / "package.json").write_text('{"type": "module"}')
    return folder / "web"


def judged(web: Path, office: MemoryOffice, bundle: Any, permit: Any) -> dict[str, dict[str, Any]]:
    pins = [
        {"country": pin.country, "thumbprints": [each.hex() for each in pin.thumbprints], "practice": pin.practice,
         "practice_host": pin.practice_host}
        for pin in office.trust().pins
    ]  # fmt: skip
    asked = {"bundle": bundle, "pins": pins, "text": permit["qr"], "post": "manas-airport", "now": office.now,
             "directions": DIRECTIONS}  # fmt: skip
    run = subprocess.run(
        [NODE, SCRIPT, web], input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return found


def test_waiting_stamp_gives_u9_today_and_no_use_in_old_scanner(office: MemoryOffice, released: Path) -> None:
    permit = issued()
    body = endorsement_body(permit, recorded="paper", post="osh-airport")
    ok(post("/v1/endorsements", body, token="aizada"), 201)
    bundle = ok(get("/v1/bundle", token="bekzat"))
    (told,) = bundle["uses"]
    assert told[2]["result"] == "pending"
    before = judged(released, office, bundle, permit)
    assert before == judged(released, office, {**bundle, "uses": []}, permit)
    assert [before[direction]["counting"] for direction in DIRECTIONS] == [0, 0, 0]
    today = judged(TODAY, office, bundle, permit)
    added = {each: set(today[each]["codes"]) - set(before[each]["codes"]) for each in DIRECTIONS}
    assert added == {
        "export": {"U9"},
        "import": set(),
        "none": {"U9"},
    }  # an import here is the return of goods exported from here
    assert today["export"]["outcome"] == "check"


def test_confirmed_stamp_gives_u1_in_both_scanners(office: MemoryOffice, released: Path) -> None:
    permit = issued()
    body = endorsement_body(permit, recorded="paper", post="osh-airport")
    ok(post("/v1/endorsements", body, token="aizada"), 201)
    ok(post(f"/v1/endorsements/{body['event_id']}/confirm", token="bekzat"))
    office.later(120)
    bundle = ok(get("/v1/bundle", token="bekzat"))
    for web in (released, TODAY):
        assert "U1" in judged(web, office, bundle, permit)["export"]["codes"]


def test_own_endorsement_pending_in_register_is_pending_in_scanner() -> None:
    """An endorsement sent by another officer's device waits for a second person.

    The scanner must not count it as a use.
    """
    event = {"kind": "endorsement", "event_id": "e1", "post": "manas-airport", "direction": "export",
             "endorsed_at": "2026-11-24T10:00:00Z", "lines": [{"line": "A", "quantity": "2"}],
             "transport_document": "AWB 1"}  # fmt: skip
    receipts: list[dict[str, Any]] = [{}, {"result": "accepted"}, {"result": "conflict"}, {"result": "pending"}]
    done = [{"event": event, "state": "stored", "answer": {"receipt": receipt}} for receipt in receipts]
    script = f"""
        globalThis.sessionStorage = globalThis.localStorage = {{ getItem: () => null }};
        const {{ usesOf }} = await import({json.dumps((TODAY / "scan" / "judge.js").as_uri())});
        console.log(JSON.stringify(usesOf({json.dumps(done)}).map((use) => use.result)));
    """
    run = subprocess.run(
        [NODE, "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(run.stdout) == ["accepted", "accepted", "accepted", "pending"]
