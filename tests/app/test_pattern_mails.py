"""Mails about suspicious patterns: one to the responsible desk, and one to the next desk without a timely answer."""

from __future__ import annotations

from typing import Any

import pytest
from desk import ok
from http_client import call
from office import APPROVER, DAY, MemoryOffice
from suspecting import OPERATION, looked, overridden, same_ring

from chalicelib.kernel.roles import Actor
from chalicelib.mail.services import Mail
from chalicelib.suspicions.services import flags

DESKS = ("police", "auditor", "customs", "border", "ministry")
REASON = "The same falcon: the first permit was never used and came back."


@pytest.fixture(autouse=True)
def desks(office: MemoryOffice) -> None:
    for desk in DESKS:
        notify = {"email": f"{desk}@example.kg", "language": "en"}
        ok(call("PUT", f"/v1/duty-desks/{desk}", {"notify": notify}, token="a-admin"))


def mails(office: MemoryOffice) -> list[Mail]:
    """Return the mails that the desks received since the last call."""
    office.mailer.sent.clear()
    office.send_notices()
    return [mail for mail in office.mailer.sent if mail.to.partition("@")[0] in DESKS]


def addressed(office: MemoryOffice) -> list[str]:
    return [mail.to.partition("@")[0] for mail in mails(office)]


def escalated(office: MemoryOffice) -> int:
    return flags.escalate(office)


def flagged(token: str = "a-enforcement", **query: str) -> list[dict[str, Any]]:
    return list(ok(call("GET", "/v1/patterns", token=token, query=query))["items"])


def answer(flag: dict[str, Any], token: str) -> Any:
    body = {"result": "explained", "reason": REASON}
    return call("POST", f"/v1/patterns/{flag['id']}/answer", body, token=token)


def test_new_flag_is_mailed_once_without_content(office: MemoryOffice) -> None:
    one, _ = same_ring("KG-0950")
    looked()
    (mail,) = mails(office)
    assert (mail.to, mail.subject) == ("police@example.kg", "PRACTICE · Tamga · Suspicious pattern")
    (flag,) = flagged()
    assert mail.body.count(f"/desk/#/patterns/{flag['id']}") == 1
    assert not [told for told in ("KG-0950", "KG0950", one["number"], "ring", "Altyn") if told in mail.body]
    looked()
    assert escalated(office) == 0
    assert mails(office) == []


def test_unanswered_flag_escalates_to_auditor_and_stays_open(office: MemoryOffice) -> None:
    same_ring("KG-0951")
    looked()
    mails(office)
    (flag,) = flagged()
    assert (flag["charge"], flag["escalated"], flag["unheard"]) == ("enforcement", False, False)
    assert flag["moves_at"] == flag["due_at"]
    assert answer(flag, "a-auditor").slug == "forbidden"
    office.later(3 * DAY)
    assert escalated(office) == 0  # on the last second it is still in time
    office.later(1)
    assert escalated(office) == 1
    assert escalated(office) == 0
    (mail,) = mails(office)
    assert mail.to == "auditor@example.kg"
    assert "not answered" in mail.subject
    (flag,) = flagged("a-auditor", state="overdue")
    assert (flag["charge"], flag["escalated"], flag["steps"]) == ("auditor", True, ["acknowledge", "answer"])
    office.later(3 * DAY + 1)
    assert escalated(office) == 1
    assert mails(office) == []
    (flag,) = flagged()
    assert (flag["unheard"], flag["moves_at"]) == (True, None)
    office.later(9 * DAY)
    assert escalated(office) == 0
    assert ok(answer(flag, "a-auditor"))["unheard"] is False


def test_answered_flag_that_grows_returns_to_first_desk(office: MemoryOffice) -> None:
    ok(call("POST", "/v1/operations", {**OPERATION, "a_year": "3"}, token="a-admin"), 201)
    same_ring("KG-0952")
    looked()
    for flag in flagged(rule="bred_too_many"):
        office.later(6 * DAY)
        escalated(office)
        ok(answer(flag, "a-auditor"))
    mails(office)
    office.later(30 * DAY)
    escalated(office)
    same_ring("KG-0953")
    looked()
    (flag,) = flagged(rule="bred_too_many")
    assert (flag["state"], flag["charge"], flag["escalated"]) == ("open", "enforcement", False)
    assert addressed(office).count("police") == 2  # one mail for the new ring, one for this flag


def test_flag_about_staff_goes_to_auditor_and_never_to_person_concerned(office: MemoryOffice) -> None:
    office.people["both"] = Actor(APPROVER.id, APPROVER.name, frozenset({"approver", "auditor", "enforcement"}))
    overridden()
    looked()
    (mail,) = mails(office)
    assert mail.to == "auditor@example.kg"
    assert mail.subject == "PRACTICE · Tamga · Suspicious pattern"  # the same subject as for other flags
    assert APPROVER.name not in mail.body
    assert flagged() == flagged("both") == []
    (flag,) = flagged("a-auditor")
    office.later(5 * DAY + 1)
    assert escalated(office) == 1
    assert addressed(office) == ["police"]
    assert [each["id"] for each in flagged()] == [flag["id"]]
    assert flagged("both") == []
    assert call("GET", f"/v1/patterns/{flag['id']}", token="both").slug == "no-match"
    assert answer(flag, "both").slug == "no-match"
    assert ok(answer(flag, "a-enforcement"))["state"] == "answered"


def test_sweep_escalates_overdue_flag(office: MemoryOffice) -> None:
    from chalicelib.composition import jobs

    same_ring("KG-0954")
    looked()
    office.later(3 * DAY + 1)
    event = {"version": "0", "account": "1", "region": "eu-central-1", "detail": {}, "detail-type": "Scheduled",
             "source": "aws.events", "time": "2026-11-25T00:00:00Z", "id": "1", "resources": []}  # fmt: skip
    assert jobs.sweep(event, None)["flags_escalated"] == 1


def test_mail_is_written_in_transaction_of_its_flag(office: MemoryOffice) -> None:
    """A crash in between leaves neither."""
    same_ring("KG-0955")
    looked()
    (flag,) = flagged()
    held = flags.read_row(office.register.get(flags.flag_key(flag["id"])))  # type: ignore[arg-type]
    rows = office.register.query(f"NOTICE#PATTERN-{flag['id']}")
    assert [row.data["owner"] for row in rows] == ["duty-police"]
    assert rows[0].data["facts"] == {"step": 0, "at": held.due_at}
