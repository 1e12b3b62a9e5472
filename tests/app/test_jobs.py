"""Lambda functions beside the API: each is loaded alone, without app.py, and returns envelopes."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from desk import approved, issued, ok
from http_client import get, post
from office import MemoryOffice

from app import app
from chalicelib.adapters.aws import envelope
from chalicelib.adapters.in_process.memory import MemoryIssuer
from chalicelib.composition import container, functions, jobs
from chalicelib.issuing.services.sign import SIGNING_TIMEOUT
from chalicelib.kernel import errors
from chalicelib.kernel.errors import KeyFormatError
from chalicelib.trust.services.party_lists import FetchCounts
from chalicelib.verdict.file_findings import findings_from_json

ALONE = """
import sys
from chalicelib.composition import container, functions
from chalicelib.kernel.errors import NoMatch
from chalicelib.composition import jobs; from chalicelib.http import authorizer as auth

def issue(permit_id, deps):
    raise NoMatch("No such permit.")

functions.issue = issue
container.replace_deps(object())
print(jobs.issue_permit({"permit_id": "x"}, None))
print(jobs.issue_permit({}, None)["error"]["slug"])
assert "app" not in sys.modules
"""

# Load one function alone and print, where its work begins, the quota participants.
COUNTS = """
import json, sys
from chalicelib.composition import functions
from chalicelib.composition import jobs
from chalicelib.permits.services import participants

def work(*asked):
    print(participants.take_part([], None, None))
    raise SystemExit

setattr(functions, sys.argv[2], work)
getattr(jobs, sys.argv[1])(json.loads(sys.argv[3]), None)
"""
WRITES_PERMITS = {
    "issue_permit": "issue",
    "print_permit": "print_permit",
    "sweep": "sweep",
}  # functions that write permits, besides the API


LINES = """
import logging
logging.getLogger().addHandler(logging.StreamHandler())  # as Lambda's runtime has one
from chalicelib.composition import container, functions
from chalicelib.composition import jobs

def issue(permit_id, deps):
    raise KeyError

functions.issue = issue
container.replace_deps(object())
jobs.issue_permit({"permit_id": "x"}, None)
jobs.scheduled(type("sweep", (), {"__name__": "sweep", "__call__": lambda self: {"voided": 3}})())(None)
"""


ACCESS = """
import sys
from importlib import import_module
module, _, name = sys.argv[1].rpartition(".")
access = getattr(import_module(module), name)
assert "app" not in sys.modules

from chalicelib.composition import container
from chalicelib.kernel.roles import Actor

class Office:
    def authenticate(self, token):
        return Actor(token, "Aizada", frozenset({"customs"}))

container.replace_deps(Office())
arn = "arn:aws:execute-api:eu-central-1:000000000000:api/api/GET/v1/permits"
print(access({"type": "TOKEN", "authorizationToken": "Bearer u-1", "methodArn": arn}, None)["principalId"])
"""


class Context:
    aws_request_id = "r-1"


def invoke(job: Any, event: Any) -> Any:
    return envelope.unwrap(job(event, Context()))


def test_function_loaded_alone_returns_envelope() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, check=True, env={"PYTHONPATH": "."}
    )
    assert done.stdout.splitlines() == [
        "{'error': {'slug': 'no-match', 'detail': 'No such permit.'}}", "invalid",
    ]  # fmt: skip


@pytest.mark.parametrize("function", WRITES_PERMITS)
def test_function_loaded_alone_counts_quotas(function: str) -> None:
    command = [
        sys.executable,
        "-c",
        COUNTS,
        function,
        WRITES_PERMITS[function],
        json.dumps({**schedule(), "permit_id": "x"}),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": "."})
    assert (done.stdout.strip(), done.stderr) == ("([], [])", "")


def test_authorizer_loaded_alone_finds_its_container() -> None:
    [handler] = app.builtin_auth_handlers
    done = subprocess.run(
        [sys.executable, "-c", ACCESS, handler.handler_string],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": "."},
    )  # fmt: skip
    assert done.stdout == "u-1\n", done.stderr


def test_api_imports_no_slow_package() -> None:
    """Verification must not wait for the packages of printing, and no import may need an AWS region."""
    slow = ("reportlab", "qrcode", "boto3", "pynamodb", "pyhanko", "PIL", "pypdfium2", "zxingcpp", "lxml")
    code = f"import app, sys; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == "[]"


def test_issue_function_gets_permit_id_only(office: MemoryOffice) -> None:
    signed = approved()
    asked: list[str] = []
    office.issuer = MemoryIssuer(asked.append)
    answer = post(f"/v1/permits/{signed['id']}/issue", token="approver")
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert answer.headers["retry-after"]
    assert asked == [signed["id"]]
    assert invoke(jobs.issue_permit, {"permit_id": signed["id"], "number": "26KG999999/E"}) is True
    assert ok(post(f"/v1/permits/{signed['id']}/issue", token="approver"))["number"] == "26KG000001/E"


def test_service_error_passes_through_envelope(office: MemoryOffice) -> None:
    with pytest.raises(errors.NoMatch):
        invoke(jobs.issue_permit, {"permit_id": "none"})
    with pytest.raises(errors.Invalid):
        invoke(jobs.issue_permit, {"permit_id": 7})


def test_bug_in_function_becomes_unavailable_without_data(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(permit_id: str, deps: object) -> None:
        raise KeyError("Falco")

    monkeypatch.setattr(functions, "issue", explode)
    answer = jobs.issue_permit({"permit_id": "x"}, Context())
    assert "Falco" not in str(answer)
    with pytest.raises(errors.Unavailable):
        envelope.unwrap(answer)


def test_print_function_stores_pdf_that_is_served(office: MemoryOffice) -> None:
    permit = issued()
    assert invoke(jobs.print_permit, {"permit_id": permit["id"], "original": True}) is True
    before = dict(office.blobs._blobs)
    answer = get(
        f"/v1/permits/{permit['id']}/pdf", token="preparer", query={"original": "true"}, ACCEPT="application/pdf"
    )
    assert answer.body in before.values()


def test_print_function_makes_certificate_of_own_key_only(office: MemoryOffice) -> None:
    kid = office.pdf_key.kid
    made = x509.load_der_x509_certificate(base64.b64decode(invoke(jobs.print_permit, {"certificate_of": kid.hex()})))
    encoding = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert made.public_key().public_bytes(*encoding) == office.pdf_key.public_key
    made.verify_directly_issued_by(made)
    assert made.serial_number > 0
    for wrong in (kid.hex().upper(), "alias/x", 7, ""):
        with pytest.raises(errors.Invalid):
            invoke(jobs.print_permit, {"certificate_of": wrong})


def test_publish_function_accepts_own_status_lists_only(office: MemoryOffice) -> None:
    issued()
    assert invoke(jobs.publish_status, {"uri": f"https://{office.stage.host}/s/27q1"}) is True
    assert get("/s/27q1").status == 200
    for uri in ("https://evil.example/s/27q1", "s/27q1", f"https://{office.stage.host}/s/99q1"):
        with pytest.raises(errors.Invalid):
            invoke(jobs.publish_status, {"uri": uri})


def test_read_function_reports_damaged_file_and_refuses_bad_event(office: MemoryOffice) -> None:
    data = base64.b64encode(b"%PDF-garbage").decode()
    found = findings_from_json(invoke(jobs.read_document, {"data": data, "content_type": "application/pdf"}))
    assert found.trouble == "broken"
    for event in ({"data": "!!", "content_type": "image/png"}, {"data": 1, "content_type": "image/png"}, {"data": ""}):
        with pytest.raises(errors.Invalid):
            invoke(jobs.read_document, event)


def test_sweep_gives_up_stuck_signing_and_publish_job_runs(office: MemoryOffice) -> None:
    permit = approved()
    office.issuer = MemoryIssuer(lambda permit_id: None)
    assert post(f"/v1/permits/{permit['id']}/issue", token="approver").status == 503
    assert jobs.sweep(schedule(), Context())["voided"] == 0
    office.later(SIGNING_TIMEOUT + 1)
    assert jobs.sweep(schedule(), Context())["voided"] == 1
    after = ok(get(f"/v1/permits/{permit['id']}", token="preparer"))
    assert (after["state"], after["voided_numbers"]) == ("approved", ["26KG000001/E"])
    assert jobs.publish_due(schedule(), Context())["published"] > 0


def test_publish_job_returns_age_of_lists(office: MemoryOffice) -> None:
    issued()
    made = jobs.publish_due(schedule(), Context())
    assert made == {"published": 6, "trust_list_days": 59, "oldest_list": 0, "late_changes": 0}
    office.later(2 * 3600)
    assert jobs.publish_due(schedule(), Context()) == {
        "published": 0,
        "trust_list_days": 58,
        "oldest_list": 7200,
        "late_changes": 0,
    }
    office.later(3600)
    assert jobs.publish_due(schedule(), Context())["oldest_list"] == 0


def test_fetch_job_returns_counts_of_party_lists(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"kept": 0, "parties_failed": 0, "oldest_party_list": 0}
    assert jobs.fetch_lists(schedule(), Context()) == nothing
    done = FetchCounts(kept=1, failed=2, oldest=3)
    monkeypatch.setattr(functions, "fetch_lists", lambda deps: done)
    assert jobs.fetch_lists(schedule(), Context()) == {"kept": 1, "parties_failed": 2, "oldest_party_list": 3}


def test_function_loaded_alone_writes_json_log_lines() -> None:
    """Lambda's own handler would put a prefix before the JSON and drop lines below WARNING.

    Alarms could not read them.
    """
    done = subprocess.run(
        [sys.executable, "-c", LINES], capture_output=True, text=True, check=True, env={"PYTHONPATH": "."}
    )
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["event"], first["where"]) == ("fault", "issue_permit")
    assert (second["event"], second["job"], second["voided"]) == ("job", "sweep", 3)


def schedule() -> dict[str, Any]:
    return {
        "version": "0", "account": "123456789012", "region": "eu-central-1", "detail": {}, "detail-type": "Scheduled",
        "source": "aws.events", "time": "2026-11-25T00:00:00Z", "id": "1", "resources": [],
    }  # fmt: skip


def test_every_function_is_configured_in_every_stage() -> None:
    """The permissions of each function are tested in tests/infra/test_stage_roles.py."""
    config = json.loads(Path(".chalice/config.json").read_text())
    names = {f.name for f in app.pure_lambda_functions} | {e.name for e in app.event_sources} | {"access"}
    assert set(config["stages"]) == {"practice", "production"}
    assert config["manage_iam_role"] is False
    for stage in config["stages"].values():
        assert set(stage["lambda_functions"]) == names


@pytest.mark.parametrize(
    "error", [errors.DecodeError("T4", 2, "stored bytes"), KeyFormatError("stored bytes")], ids=type
)
def test_corrupt_stored_bytes_become_unavailable_in_function(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(permit_id: str, deps: object) -> None:
        raise error

    monkeypatch.setattr(functions, "issue", broken)
    monkeypatch.setattr(container, "_replaced", MemoryOffice())
    with pytest.raises(errors.Unavailable) as refused:
        invoke(jobs.issue_permit, {"permit_id": "01J"})
    assert refused.value.detail == errors.Unavailable.title
