"""Mail address of an applicant for notices: set over HTTP and visible to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from desk import issued, ok, submitted
from http_client import call, get, post
from office import MemoryOffice

from chalicelib.composition import jobs

WANTED = {"email": "aigul@example.kg", "language": "ky"}


def put(body: Any, token: str = "applicant") -> Any:
    return call("PUT", "/v1/me", body, token=token)


def test_mail_address_is_set_changed_and_deleted(office: MemoryOffice) -> None:
    assert ok(get("/v1/me", token="applicant"))["notify"] is None
    told = ok(put({"notify": WANTED}))
    assert (told["id"], told["notify"]) == ("u-exporter", WANTED)
    assert ok(get("/v1/me", token="applicant"))["notify"] == WANTED
    assert ok(put({"notify": {**WANTED, "language": "ru"}}))["notify"]["language"] == "ru"
    assert ok(put({"notify": None}))["notify"] is None
    assert ok(get("/v1/me", token="applicant"))["notify"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "notify"),
        ({"notify": {**WANTED, "email": "a@example.kg\r\nBcc: b@example.kg"}}, "notify.email"),
        ({"notify": {**WANTED, "email": "a" * 300}}, "notify.email"),
        ({"notify": {**WANTED, "email": None}}, "notify.email"),
        ({"notify": {**WANTED, "language": "fr"}}, "notify.language"),
        ({"notify": {**WANTED, "name": "x"}}, "notify.name"),
        ({"notify": WANTED, "roles": ["admin"]}, "roles"),
    ],
)
def test_invalid_mail_address_is_refused_with_field(office: MemoryOffice, body: Any, field: str) -> None:
    answer = put(body)
    assert (answer.status, answer.slug) == (422, "invalid")
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert "Bcc" not in answer.body.decode()


def test_mail_address_is_visible_to_its_owner_only(office: MemoryOffice) -> None:
    ok(put({"notify": WANTED}))
    permit = issued("applicant")
    assert "notify" not in ok(get("/v1/me", token="aizada"))
    assert ok(get("/v1/me", token="other"))["notify"] is None
    seen = [get(f"/v1/permits/{permit['id']}{path}", token=token)
            for path in ("", "/history") for token in ("applicant", "preparer", "a-auditor", "a-admin")]  # fmt: skip
    seen += [get("/v1/permits", token="approver"), get("/v1/bundle", token="aizada")]
    seen += [post("/v1/verify", {"qr": permit["qr"]}, token=token) for token in ("aizada", None)]
    assert all(answer.status == 200 and b"aigul" not in answer.body for answer in seen)


def test_notice_job_mails_once_and_logs_no_address(office: MemoryOffice, capsys: pytest.CaptureFixture[str]) -> None:
    ok(put({"notify": WANTED}))
    permit = submitted("applicant")
    event = {"version": "0", "account": "1", "region": "x", "detail": {}, "detail-type": "Scheduled", "source": "x",
             "time": "2026-11-25T00:00:00Z", "id": "1", "resources": []}  # fmt: skip
    assert jobs.send_notices(event, None) == {"sent": 1, "left": 0, "oldest_notice": 0}
    (mail,) = office.mailer.sent
    assert (mail.to, mail.subject) == ("aigul@example.kg", "МАШЫГУУ · Tamga · Арыз алынды")
    assert f"https://staff.practice.tamga.kg/exporter/#{permit['id']}" in mail.body
    assert "aigul" not in capsys.readouterr().out
    assert jobs.send_notices(event, None) == {"sent": 0, "left": 0, "oldest_notice": 0}


def test_notices_without_sender_address_are_not_sent(office: MemoryOffice) -> None:
    from dataclasses import replace

    ok(put({"notify": WANTED}))
    office.config = replace(office.config, notices_from="")
    submitted("applicant")
    assert office.send_notices().sent == 0
    assert office.mailer.sent == []
