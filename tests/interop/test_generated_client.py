"""openapi-python-client generates a complete client from our contract; this client verifies a print and endorses."""

from __future__ import annotations

import json
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import issued, ok
from http_client import call
from office import MemoryOffice
from staff import staffed

from app import app
from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.composition import container
from chalicelib.kernel.days import to_text
from chalicelib.reading.read_document import read
from local import server

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".venv-cwt/bin"
# The tool knows JSON, forms and octet streams, so all other types that we accept count as octet streams. Where several
# types are accepted (pictures, PDFs), the tool would send the last it knows: users name theirs (docs/EXCHANGE.md).
SENT = ("application/pdf", "text/csv", "text/xml", "application/xml", "application/soap+xml", "application/gzip",
        "application/cbor", "application/statuslist+cwt",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")  # fmt: skip


@pytest.fixture(scope="module")
def office() -> Iterator[MemoryOffice]:
    made = staffed()
    made.reader = MemoryReader(read)
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


@pytest.fixture(scope="module")
def address(office: MemoryOffice) -> Iterator[str]:
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    yield f"http://127.0.0.1:{running.effective_port}"
    running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


def generate(folder: Path, *sent: str) -> str:
    """Generate the client in `folder` and return the tool's output."""
    (folder / "openapi.json").write_bytes(call("GET", "/v1/openapi.json").body)
    overrides = dict.fromkeys((*SENT, *sent), "application/octet-stream")
    (folder / "config.json").write_text(json.dumps({"content_type_overrides": overrides, "post_hooks": []}))
    done = subprocess.run(
        [TOOLS / "openapi-python-client", "generate", "--path", folder / "openapi.json", "--config",
         folder / "config.json", "--output-path", folder / "client"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_generator_covers_every_operation_without_warning(office: MemoryOffice, tmp_path: Path) -> None:
    said = generate(tmp_path, "image/png", "image/jpeg")
    assert "WARNING" not in said, said
    assert "Unable" not in said, said
    contract = json.loads((tmp_path / "openapi.json").read_text())
    operations = sum(len(methods) for methods in contract["paths"].values())
    assert len([*(tmp_path / "client/tamga_client/api/default").glob("[gp]*.py")]) == operations


def test_generated_client_verifies_a_print_and_endorses(office: MemoryOffice, address: str, tmp_path: Path) -> None:
    permit = issued()
    query = {"original": "true"}
    pdf = call("GET", f"/v1/permits/{permit['id']}/pdf", token="preparer", query=query, ACCEPT="application/pdf")
    (tmp_path / "permit.pdf").write_bytes(pdf.body)
    endorsement = {
        "event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": "manas-airport", "direction": "export",
        "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 176-1",
    }  # fmt: skip
    asked = {"at": str(tmp_path / "client"), "address": address, "pdf": str(tmp_path / "permit.pdf"),
             "token": "aizada", "endorsement": endorsement}  # fmt: skip
    generate(tmp_path)
    done = subprocess.run(
        [TOOLS / "python", HERE / "call_generated.py"], input=json.dumps(asked), capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"outcome": "accept", "number": permit["number"], "use": "exported"}


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for each in schema.values():
            yield from parts(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from parts(each)


def test_contract_types_every_array_enum_and_body(office: MemoryOffice) -> None:
    contract = ok(call("GET", "/v1/openapi.json"))
    for part in parts(contract):
        if part.get("type") == "array":
            assert "items" in part or "prefixItems" in part
        if isinstance(values := part.get("enum"), list):
            assert len({type(value) for value in values if value is not None}) == 1, values
        for content in part.get("content", {}).values() if isinstance(part.get("content"), dict) else ():
            assert not isinstance(content, dict) or "schema" in content or "type" in content
