"""Handlers imported and called from the package alone, under Lambda's own runtime client.

The package here is the working tree over the locked wheels (`local/package/standin.py`). They are fetched and unpacked
when the lock changes. `whole.py` tests the real package, built by chalice from a commit, in `make soak` and `make
package`.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from life import issued
from office import MemoryOffice

from local.engine import ROOT
from local.package import check, sbom, times
from local.package.lock import hashes
from local.package.runtime_api import Function, FunctionError
from local.package.standin import standin
from local.package.trim import WITHOUT

HANDLERS = (
    "app.app",
    "chalicelib.composition.access.access",
    *(
        f"chalicelib.composition.jobs.{name}"
        for name in (
            "issue_permit",
            "print_permit",
            "publish_status",
            "publish_due",
            "read_document",
            "send_notices",
            "sweep",
            "ask_party",
            "fetch_lists",
        )
    ),
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return standin(tmp_path_factory.mktemp("package") / "content")


def test_every_handler_imports_from_the_package_alone(package: Path) -> None:
    assert check.import_faults(package, None, HANDLERS) == []


def test_http_function_responds_without_configuration(package: Path) -> None:
    """Without a configuration there is no trust list, so the response is a problem, not an error of the function."""
    with Function(package, "app.app") as http:
        answer, _ = http.invoke(times.http_event("GET", "/v1/openapi.json"))
        assert (answer["statusCode"], json.loads(answer["body"])["openapi"][:3]) == (200, "3.1")
        answer, _ = http.invoke(
            times.http_event("POST", "/v1/verify", b'{"qr":"1"}', {"content-type": "application/json"})
        )
        assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (503, "application/problem+json")
        problem = json.loads(answer["body"])
        assert (problem["status"], problem["type"]) == (503, "https://tamga.kg/problems/unavailable")
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"


def test_authorizer_denies_invalid_token(package: Path) -> None:
    event = {"type": "TOKEN", "authorizationToken": "Bearer a.b.c", "methodArn": times.ARN}
    with Function(package, "chalicelib.composition.access.access") as access:
        answer, _ = access.invoke(event)
    assert answer["policyDocument"]["Statement"] == [
        {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [times.ARN]}
    ]


def test_reader_function_reads_a_print(package: Path) -> None:
    """The packaged libraries suffice to read a print of ours, its seal and its code."""
    office = MemoryOffice()
    permit = issued(office)
    office.printer.make(permit.id)
    pdf = next(data for data in _stored(office) if data.startswith(b"%PDF"))
    with Function(package, "chalicelib.composition.jobs.read_document") as reader:
        answer, _ = reader.invoke({"data": base64.b64encode(pdf).decode(), "content_type": "application/pdf"})
        broken, _ = reader.invoke({"data": "%%%", "content_type": "application/pdf"})
    found = answer["ok"]
    assert found["codes"] == [permit.tokens[0]]
    assert [(seal["intact"], seal["whole_file"]) for seal in found["seals"]] == [(True, True)]
    assert broken["error"]["slug"] == "invalid"


def _stored(office: MemoryOffice) -> list[bytes]:
    held: list[Any] = [
        value for kept in vars(office.blobs).values() if isinstance(kept, dict) for value in kept.values()
    ]
    return [value if isinstance(value, bytes) else value[0] for value in held if isinstance(value, bytes | tuple)]


def test_handler_that_does_not_load_raises_function_error(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import nowhere_at_all\n")
    with pytest.raises(FunctionError, match="nowhere_at_all"), Function(tmp_path, "app.app"):
        pass


def test_exception_in_handler_raises_function_error(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def app(event, context):\n    return {'n': 1 / event['by']}\n")
    with Function(tmp_path, "app.app") as function:
        assert function.invoke({"by": 2})[0] == {"n": 0.5}
        with pytest.raises(FunctionError, match="ZeroDivisionError"):
            function.invoke({"by": 0})
        assert function.invoke({"by": 4})[0] == {"n": 0.25}


def test_bill_of_materials_names_every_package_with_hash(package: Path) -> None:
    from local.package import build
    from local.package.wheels import wheelhouse

    wheels = wheelhouse(ROOT / build.LOCK, build.WHEELS)
    made = json.loads(sbom.bill(package, package, wheels, ROOT))
    by_name = {each["name"].lower().replace("_", "-").replace(".", "-"): each for each in made["components"]}
    locked = {name: each for name, each in hashes(ROOT / build.LOCK).items() if name not in WITHOUT | {"colorama": ""}}
    assert by_name.keys() == locked.keys() | {"chalice", "cites species data"}
    for name, taken in locked.items():
        assert by_name[name]["hashes"][0]["content"] in taken
    assert "serialNumber" not in made
    assert made["metadata"]["component"]["name"] == "tamga"
    said = {name: sbom.licences(each) for name, each in by_name.items()}
    assert set(said.values()) >= {"MIT", "Apache-2.0", sbom.SPECIES_TERMS}
    assert [name for name, licence in said.items() if licence == "not declared"] == []
