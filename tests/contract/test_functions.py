"""Calls of our functions over Lambda: the same results and errors as in the process."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from faulty_wire import Fault, FaultyWire, dynamo_error

import chalicelib
from chalicelib.adapters.aws import envelope
from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.functions import LambdaIssuer, LambdaReader
from chalicelib.adapters.in_process.memory import MemoryIssuer, MemoryReader
from chalicelib.issuing.services.ports import PermitIssuer
from chalicelib.kernel import errors
from chalicelib.kernel.files import FILE_CAP
from chalicelib.reading.read_document import DocumentReader
from chalicelib.verdict.file_findings import FileFindings, Seal, findings_to_json
from local.engine import REGION, Engine

FOUND = FileFindings(
    kind="pdf",
    codes=("https://practice.tamga.kg/1#123",),
    seals=(Seal(True, True, "ab", "cd", True),),
    revisions=1,
    blocks={"1": ("26KG000123/E",), "7-8A": ()},
)

# The handlers below are the whole function. The real envelope module is packed with them.
HANDLERS = """
import base64, json, os, time
from chalicelib.adapters.aws import envelope; from chalicelib.kernel import errors

def issue(event, context):
    wish = event["permit_id"]
    if wish == "hang":
        time.sleep(30)
    if wish == "crash":
        raise KeyError("a bug")
    if wish == "nonsense":
        return "ok"
    try:
        if wish == "wrong":
            raise errors.WrongState("Only an approved application is issued", state="draft")
        if wish == "invalid":
            raise errors.Invalid(errors.FieldError("lines[0].quantity", "missing", "block 11: say how many"))
    except errors.TamgaError as error:
        return envelope.failure(error)
    return envelope.success()

def read(event, context):
    data = base64.b64decode(event["data"])
    if data == b"hang":
        time.sleep(30)
    if data == b"die":
        os._exit(9)
    if data == b"crash":
        raise KeyError("a bug")
    if data == b"lie":
        return envelope.success({"kind": "pdf", "codes": "https://practice.tamga.kg/1#123"})
    return envelope.success(FOUND) if event["content_type"] == "application/pdf" else "?"
"""


def package() -> bytes:
    root = Path(chalicelib.__file__).parent
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("handlers.py", HANDLERS + f"\nFOUND = {findings_to_json(FOUND)!r}\n")
        for name in (
            "__init__.py",
            "kernel/__init__.py",
            "kernel/errors.py",
            "adapters/__init__.py",
            "adapters/aws/__init__.py",
            "adapters/aws/envelope.py",
        ):
            archive.write(root / name, f"chalicelib/{name}")
    return made.getvalue()


@pytest.fixture(scope="session")
def functions(engine: Engine) -> str:
    client = make_client("lambda", region=REGION, endpoint=engine.endpoint)
    for name in ("issue", "read"):
        client.create_function(
            FunctionName=f"contract-{name}",
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/none",
            Handler=f"handlers.{name}",
            Code={"ZipFile": package()},
            Timeout=2,
        )
    return engine.endpoint


@pytest.fixture
def over_lambda(functions: str) -> Iterator[object]:
    return make_client("lambda", region=REGION, endpoint=functions, read_seconds=10, attempts=1)


def service(permit_id: str) -> None:
    if permit_id == "wrong":
        raise errors.WrongState("Only an approved application is issued", state="draft")
    if permit_id == "invalid":
        raise errors.Invalid(errors.FieldError("lines[0].quantity", "missing", "block 11: say how many"))


@pytest.fixture(params=["memory", pytest.param("engine", marks=pytest.mark.engine)])
def issuer(request: pytest.FixtureRequest) -> PermitIssuer:
    if request.param == "memory":
        return MemoryIssuer(service)
    return LambdaIssuer(request.getfixturevalue("over_lambda"), "contract-issue")


@pytest.fixture(params=["memory", pytest.param("engine", marks=pytest.mark.engine)])
def reader(request: pytest.FixtureRequest) -> DocumentReader:
    if request.param == "memory":
        return MemoryReader(lambda data, content_type: FOUND)
    return LambdaReader(request.getfixturevalue("over_lambda"), "contract-read")


def test_issue_returns_when_done(issuer: PermitIssuer) -> None:
    assert issuer.issue("01J") is None


def test_error_of_service_is_raised_at_caller(issuer: PermitIssuer) -> None:
    with pytest.raises(errors.WrongState) as refused:
        issuer.issue("wrong")
    assert refused.value.detail == "Only an approved application is issued"
    assert refused.value.extra == {"state": "draft"}
    with pytest.raises(errors.Invalid) as faults:
        issuer.issue("invalid")
    assert faults.value.errors == (errors.FieldError("lines[0].quantity", "missing", "block 11: say how many"),)


def test_findings_arrive_unchanged(reader: DocumentReader) -> None:
    assert reader.read(b"%PDF", "application/pdf") == FOUND


@pytest.mark.engine
@pytest.mark.parametrize("wish", ["hang", "crash", "nonsense"])
def test_timeout_crash_or_malformed_response_raises_unavailable(over_lambda: object, wish: str) -> None:
    with pytest.raises(errors.Unavailable):
        LambdaIssuer(over_lambda, "contract-issue").issue(wish)


@pytest.mark.engine
@pytest.mark.parametrize("data", [b"hang", b"die"])
def test_file_that_kills_its_reader_is_broken(over_lambda: object, data: bytes) -> None:
    found = LambdaReader(over_lambda, "contract-read").read(data, "application/pdf")
    assert found == FileFindings(kind="pdf", trouble="broken")


@pytest.mark.engine
@pytest.mark.parametrize(
    ("data", "kind"), [(b"crash", "application/pdf"), (b"lie", "application/pdf"), (b"", "image/png")]
)
def test_reader_with_fault_or_malformed_response_raises_unavailable(
    over_lambda: object, data: bytes, kind: str
) -> None:
    with pytest.raises(errors.Unavailable):
        LambdaReader(over_lambda, "contract-read").read(data, kind)


class Answering:
    """A Lambda client with responses as AWS documents them, where the local engine's wording differs."""

    def __init__(self, answer: dict[str, str]) -> None:
        self.body = json.dumps(answer).encode()

    def invoke(self, **_: object) -> dict[str, object]:
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": io.BytesIO(self.body)}


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        (
            {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: 1 Error: Task timed out after 20.00 seconds"},
            True,
        ),
        ({"errorMessage": "2026-01-01T00:00:00Z 1 Task timed out after 20.00 seconds"}, True),
        (
            {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: 1 Error: Runtime exited: signal: killed"},
            True,
        ),
        ({"errorType": "Runtime.OutOfMemory", "errorMessage": "Error: out of memory"}, True),
        ({"errorType": "Runtime.ImportModuleError", "errorMessage": "Unable to import module 'app'"}, False),
        ({"errorType": "KeyError", "errorMessage": "'a bug'"}, False),
    ],
)
def test_death_by_file_is_broken_and_own_fault_is_unavailable(answer: dict[str, str], broken: bool) -> None:
    reader = LambdaReader(Answering(answer), "read")
    if broken:
        assert reader.read(b"x", "image/png") == FileFindings(kind="image", trouble="broken")
    else:
        with pytest.raises(errors.Unavailable):
            reader.read(b"x", "image/png")


@pytest.mark.engine
def test_missing_function_raises_client_error(over_lambda: object) -> None:
    with pytest.raises(ClientError):
        LambdaIssuer(over_lambda, "contract-nobody").issue("01J")


@pytest.mark.engine
@pytest.mark.parametrize(
    "fault", [Fault("lose-answer"), Fault("cut-answer"), dynamo_error("TooManyRequestsException", status=429)],
    ids=lambda fault: fault.kind,
)  # fmt: skip
def test_issue_is_requested_once_despite_lost_response(engine: Engine, functions: str, fault: Fault) -> None:
    with FaultyWire(engine.port) as wire:
        wire.next("POST", fault)
        client = make_client("lambda", region=REGION, endpoint=wire.endpoint, attempts=1)
        with pytest.raises(errors.Unavailable):
            LambdaIssuer(client, "contract-issue").issue("01J")
        assert len(wire.calls) == 1


def test_file_too_large_for_a_call_is_not_sent() -> None:
    found = LambdaReader(None, "nobody").read(bytes(4 * 1024 * 1024 + 1), "image/png")
    assert found == FileFindings(kind="image", trouble="too-large")


def test_largest_file_fits_a_lambda_call() -> None:
    """Lambda accepts 6 MB in a synchronous request (6,291,556 bytes)."""
    sent = []

    class Client:
        def invoke(self, **call: Any) -> Any:
            sent.append(call["Payload"])
            raise errors.Unavailable

    with pytest.raises(errors.Unavailable):
        LambdaReader(Client(), "reader").read(bytes(FILE_CAP), "application/pdf")
    assert FILE_CAP < len(sent[0]) < 6_291_556


def test_every_error_passes_through_the_envelope() -> None:
    kinds = set(errors.TamgaError.__subclasses__()) - {*errors.INTERNAL_FAULTS, errors.Invalid}
    for kind in {kind for kind in kinds if kind.__module__ == errors.__name__}:
        with pytest.raises(kind) as arrived:
            envelope.unwrap(envelope.failure(kind("why", at="10:12")))
        assert (arrived.value.detail, arrived.value.extra) == ("why", {"at": "10:12"})
    with pytest.raises(errors.NotGenuine):
        envelope.unwrap(envelope.failure(errors.DecodeError("T4", 2, "broken")))


@pytest.mark.parametrize(
    "answer", [None, True, [], {}, {"ok": 1, "error": 2}, {"error": "x"}, {"error": {"slug": 1, "detail": "x"}}]
)
def test_response_without_envelope_raises_unavailable(answer: object) -> None:
    with pytest.raises(errors.Unavailable):
        envelope.unwrap(answer)


MALFORMED = [
    {"slug": "wrong-state", "detail": "x", "more": 1}, {"slug": "wrong-state", "detail": "x", "extra": []},
    {"slug": "wrong-state", "detail": "x", "extra": {"detail": "y"}},
    {"slug": "wrong-state", "detail": "x", "extra": {"self": 1}},
    {"slug": "wrong-state", "detail": "x", "extra": None}, {"slug": "invalid", "detail": "x", "errors": {}},
    {"slug": "invalid", "detail": "x", "errors": [1]}, {"slug": "invalid", "detail": "x", "errors": [{"field": "a"}]},
    {"slug": "invalid", "detail": "x", "errors": [{"field": "a", "code": "b", "detail": 1}]},
    {"slug": "invalid", "detail": "x", "errors": [{"field": "a", "code": "b", "detail": "c", "d": "e"}]},
    {"slug": "invalid", "detail": "x", "errors": None}, {"slug": [], "detail": "x"},
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=str)
def test_malformed_error_raises_unavailable(body: object) -> None:
    with pytest.raises(errors.Unavailable):
        envelope.unwrap({"error": body})


class Taken:
    """A function taken over by a hostile file: its response is arbitrary."""

    def __init__(self, answer: object) -> None:
        self.body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def invoke(self, **_: object) -> dict[str, object]:
        return {"StatusCode": 200, "Payload": io.BytesIO(self.body)}


@pytest.mark.parametrize(
    "answer",
    [
        *(envelope.failure(kind("GENUINE: let it pass", url="https://evil.example")) for kind in (
            errors.AlreadyUsed, errors.NotGenuine, errors.Unauthenticated, errors.TooMany)),
        envelope.failure(errors.Invalid(errors.FieldError("body", "evil", "GENUINE"))),
        envelope.success({"kind": "pdf"}),
        b"[" * 200_000,
    ],
    ids=lambda answer: str(answer)[:60],
)  # fmt: skip
def test_compromised_reader_cannot_choose_error_or_text(answer: object) -> None:
    with pytest.raises(errors.Unavailable) as refused:
        LambdaReader(Taken(answer), "read").read(b"x", "image/png")
    assert (refused.value.detail, refused.value.extra) == (errors.Unavailable.title, {})
