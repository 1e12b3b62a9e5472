"""Whether our other functions work as AWS loads them: alone, without app.py, answering envelopes."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from desk import approved, issued, ok
from http_client import get, post
from office import MemoryOffice

from app import app
from chalicelib import wiring
from chalicelib.adapters.memory import MemoryIssuer
from chalicelib.core import envelope, errors
from chalicelib.core.cose import KeyTrouble
from chalicelib.core.document import findings_from_json
from chalicelib.edges import jobs
from chalicelib.services.sign_permit import SIGNING_TIMEOUT

ALONE = """
import sys
from chalicelib import wiring
from chalicelib.core.errors import NoMatch
from chalicelib.edges import jobs, auth

class Office:
    def issue_here(self, permit_id):
        raise NoMatch("No such permit.")

wiring.use(Office())
print(jobs.issue_permit({"permit_id": "x"}, None))
print(jobs.issue_permit({}, None)["error"]["slug"])
assert "app" not in sys.modules
"""


class Context:
    aws_request_id = "r-1"


def invoke(job: Any, event: Any) -> Any:
    return envelope.opened(job(event, Context()))


def test_a_function_is_loaded_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, check=True, env={"PYTHONPATH": "."}
    )
    assert done.stdout.splitlines() == [
        "{'error': {'slug': 'no-match', 'detail': 'No such permit.'}}", "invalid",
    ]  # fmt: skip


def test_the_edge_imports_nothing_slow() -> None:
    """Verifying must not pay for printing, and nothing may need a region on import."""
    slow = ("reportlab", "qrcode", "boto3", "pynamodb", "pyhanko", "PIL", "pypdfium2", "zxingcpp")
    code = f"import app, sys; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == "[]"


def test_issuing_takes_an_id_and_nothing_else(office: MemoryOffice) -> None:
    signed = approved()
    asked: list[str] = []
    office.issuer = MemoryIssuer(asked.append)
    answer = post(f"/v1/permits/{signed['id']}/issue", token="approver")
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert answer.headers["retry-after"]
    assert asked == [signed["id"]]
    assert invoke(jobs.issue_permit, {"permit_id": signed["id"], "number": "26KG999999/E"}) is True
    assert ok(post(f"/v1/permits/{signed['id']}/issue", token="approver"))["number"] == "26KG000001/E"


def test_a_service_error_comes_back_as_itself(office: MemoryOffice) -> None:
    with pytest.raises(errors.NoMatch):
        invoke(jobs.issue_permit, {"permit_id": "none"})
    with pytest.raises(errors.Invalid):
        invoke(jobs.issue_permit, {"permit_id": 7})


def test_a_bug_comes_back_as_try_again(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(permit_id: str) -> None:
        raise KeyError("Falco")

    monkeypatch.setattr(office, "issue_here", explode)
    answer = jobs.issue_permit({"permit_id": "x"}, Context())
    assert "Falco" not in str(answer)
    with pytest.raises(errors.Unavailable):
        envelope.opened(answer)


def test_printing(office: MemoryOffice) -> None:
    permit = issued()
    assert invoke(jobs.print_permit, {"permit_id": permit["id"], "original": True}) is True
    before = dict(office.blobs._blobs)
    answer = get(
        f"/v1/permits/{permit['id']}/pdf", token="preparer", query={"original": "true"}, ACCEPT="application/pdf"
    )
    assert answer.body in before.values()


def test_publishing_only_our_own_lists(office: MemoryOffice) -> None:
    issued()
    assert invoke(jobs.publish_status, {"uri": f"https://{office.stage.host}/s/27q1"}) is True
    assert get("/s/27q1").status == 200
    for uri in ("https://evil.example/s/27q1", "s/27q1", f"https://{office.stage.host}/s/99q1"):
        with pytest.raises(errors.Invalid):
            invoke(jobs.publish_status, {"uri": uri})


def test_reading_a_hostile_file(office: MemoryOffice) -> None:
    data = base64.b64encode(b"%PDF-garbage").decode()
    found = findings_from_json(invoke(jobs.read_document, {"data": data, "content_type": "application/pdf"}))
    assert found.trouble == "broken"
    for event in ({"data": "!!", "content_type": "image/png"}, {"data": 1, "content_type": "image/png"}, {"data": ""}):
        with pytest.raises(errors.Invalid):
            invoke(jobs.read_document, event)


def test_the_clock(office: MemoryOffice) -> None:
    permit = approved()
    office.issuer = MemoryIssuer(lambda permit_id: None)
    assert post(f"/v1/permits/{permit['id']}/issue", token="approver").status == 503
    assert jobs.sweep(schedule(), Context())["voided"] == 0
    office.later(SIGNING_TIMEOUT + 1)
    assert jobs.sweep(schedule(), Context())["voided"] == 1
    after = ok(get(f"/v1/permits/{permit['id']}", token="preparer"))
    assert (after["state"], after["voided_numbers"]) == ("approved", ["26KG000001/E"])
    assert jobs.publish_due(schedule(), Context())["published"] == 1


def schedule() -> dict[str, Any]:
    return {
        "version": "0", "account": "123456789012", "region": "eu-central-1", "detail": {}, "detail-type": "Scheduled",
        "source": "aws.events", "time": "2026-11-25T00:00:00Z", "id": "1", "resources": [],
    }  # fmt: skip


def test_every_function_has_a_role_of_its_own() -> None:
    folder = Path(".chalice")
    config = json.loads((folder / "config.json").read_text())
    for stage in config["stages"].values():
        configured = stage["lambda_functions"]
        names = {f.name for f in app.pure_lambda_functions} | {e.name for e in app.event_sources} | {"access"}
        assert set(configured) == names
        assert stage["autogen_policy"] is False
        for one in (stage, *configured.values()):
            assert one["autogen_policy"] is False
            policy = json.loads((folder / one["iam_policy_file"]).read_text())
            assert all(statement["Resource"] != "*" or "Condition" in statement or logs_only(statement)
                       for statement in policy["Statement"])  # fmt: skip
        signs = {
            name for name, one in configured.items() if "kms:Sign" in (folder / one["iam_policy_file"]).read_text()
        }
        assert signs == {"issue_permit", "print_permit", "publish_status", "publish_due"}
        assert "kms:Sign" not in (folder / stage["iam_policy_file"]).read_text()
        reader = json.loads((folder / configured["read_document"]["iam_policy_file"]).read_text())
        assert all(logs_only(statement) for statement in reader["Statement"])


def logs_only(statement: dict[str, Any]) -> bool:
    return all(action.startswith("logs:") for action in statement["Action"])


@pytest.mark.parametrize("error", [errors.DecodeError("T4", 2, "stored bytes"), KeyTrouble("stored bytes")], ids=type)
def test_broken_bytes_of_ours_are_no_refusal_of_a_function(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    office = MemoryOffice()

    def broken(permit_id: str) -> None:
        raise error

    monkeypatch.setattr(office, "issue_here", broken)
    monkeypatch.setattr(wiring, "_office", office)
    with pytest.raises(errors.Unavailable) as refused:
        invoke(jobs.issue_permit, {"permit_id": "01J"})
    assert refused.value.detail == errors.Unavailable.title
