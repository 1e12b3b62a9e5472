"""Whether the handlers import and answer from the package alone, under Lambda's own runtime client.

The package here is the working tree over the locked wheels (`local/package/standin.py`): they are fetched and
unpacked when the lock changes. The real one, made by chalice of a commit, is `whole.py`, in `make soak` and
`make package`.
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


def test_every_handler_imports_from_it_alone(package: Path) -> None:
    assert check.import_faults(package, None, HANDLERS) == []


def test_the_http_function_answers_by_itself(package: Path) -> None:
    """Without a configuration there is no list to judge by: a problem, and no error of the function."""
    with Function(package, "app.app") as http:
        answer, _ = http.invoke(times.http_event("GET", "/v1/openapi.json"))
        assert (answer["statusCode"], json.loads(answer["body"])["openapi"][:3]) == (200, "3.1")
        answer, _ = http.invoke(
            times.http_event("POST", "/v1/verify", b'{"qr":"1"}', {"content-type": "application/json"})
        )
        assert answer["statusCode"] in {200, 503}
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"


def test_the_authorizer_denies(package: Path) -> None:
    event = {"type": "TOKEN", "authorizationToken": "Bearer a.b.c", "methodArn": times.ARN}
    with Function(package, "chalicelib.composition.access.access") as access:
        answer, _ = access.invoke(event)
    assert answer["policyDocument"]["Statement"] == [
        {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [times.ARN]}
    ]


def test_a_strangers_file_is_read(package: Path) -> None:
    """With the libraries that are left in: a print of ours, its seal and its code."""
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


def test_a_handler_that_does_not_load_says_why(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import nowhere_at_all\n")
    with pytest.raises(FunctionError, match="nowhere_at_all"), Function(tmp_path, "app.app"):
        pass


def test_a_handler_that_raises_is_told_from_one_that_answers(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def app(event, context):\n    return {'n': 1 / event['by']}\n")
    with Function(tmp_path, "app.app") as function:
        assert function.invoke({"by": 2})[0] == {"n": 0.5}
        with pytest.raises(FunctionError, match="ZeroDivisionError"):
            function.invoke({"by": 0})
        assert function.invoke({"by": 4})[0] == {"n": 0.25}


def test_the_bill_names_everything_with_its_hash(package: Path) -> None:
    from local.package import build
    from local.package.wheels import wheelhouse

    wheels = wheelhouse(ROOT / build.LOCK, build.WHEELS)
    made = json.loads(sbom.bill(package, package, wheels, ROOT))
    by_name = {each["name"].lower().replace("_", "-").replace(".", "-"): each for each in made["components"]}
    locked = {name: each for name, each in hashes(ROOT / build.LOCK).items() if name not in WITHOUT | {"colorama": ""}}
    assert by_name.keys() == locked.keys() | {"chalice"}
    for name, taken in locked.items():
        assert by_name[name]["hashes"][0]["content"] in taken
    assert "serialNumber" not in made
    assert made["metadata"]["component"]["name"] == "tamga"
    said = {name: sbom.licences(each) for name, each in by_name.items()}
    assert set(said.values()) >= {"MIT", "Apache-2.0"}
    assert [name for name, licence in said.items() if licence == "not declared"] == []
