"""Mail addresses of the duty desks: one admin adds, two remove, and the removed address is notified."""

from __future__ import annotations

from typing import Any

import pytest
from desk import ok
from http_client import Answer, call, get
from office import MemoryOffice
from suspecting import looked

from chalicelib.kernel.rows import Key, Put

DESK = "/v1/duty-desks/police"
FIRST = {"email": "police@example.kg", "language": "en"}
SECOND = {"email": "night@example.kg", "language": "ru"}
OTHER = {"email": "mine@example.com", "language": "en"}


def put(*addresses: dict[str, str], token: str = "a-admin") -> Answer:
    return call("PUT", DESK, {"addresses": list(addresses)}, token=token)


def confirm(version: int, token: str = "a-admin2") -> Answer:
    return call("POST", f"{DESK}/confirm", {"version": version}, token=token)


def addresses() -> list[str]:
    items = ok(get("/v1/duty-desks", token="a-auditor"))["items"]
    return [each["email"] for item in items if item["agency"] == "police" for each in item["addresses"]]


def mailed(office: MemoryOffice) -> list[tuple[str, str]]:
    office.mailer.sent.clear()
    office.send_notices()
    office.send_notices()  # copies for further addresses are sent by the next run
    return sorted((mail.to, mail.subject) for mail in office.mailer.sent)


def hold(office: MemoryOffice) -> None:
    at = office.now
    data = {"kind": "alert", "owner": "duty-police", "permit_id": "x", "number": None, "at": at, "due": at, "next": at,
            "tries": 0, "facts": {"alert": "hold", "at": at, "post": "manas-airport", "step": 0}}  # fmt: skip
    office.register.commit(Put(Key("NOTICE#ALERT-x", f"{at}"), data, expected_version=0, index={"state": "notice"}))


@pytest.fixture
def named(office: MemoryOffice) -> MemoryOffice:
    ok(put(FIRST))
    return office


@pytest.mark.parametrize("body", [{"addresses": []}, {"addresses": [OTHER]}, {"notify": None}, {"notify": OTHER}])
def test_removal_of_address_needs_second_admin(named: MemoryOffice, body: dict[str, Any]) -> None:
    proposed = ok(call("PUT", DESK, body, token="a-admin"), 202)
    assert (addresses(), proposed["proposed"]["steps"]) == (["police@example.kg"], [])
    refused = confirm(proposed["version"], "a-admin")
    assert (refused.status, refused.slug, addresses()) == (403, "two-people", ["police@example.kg"])
    done = ok(confirm(proposed["version"]))
    wanted = [OTHER["email"]] if OTHER in (body.get("notify"), *body.get("addresses", ())) else []
    assert (addresses(), done["proposed"]) == (wanted, None)
    assert confirm(done["version"]).slug == "no-match"


def test_address_added_by_one_admin_takes_effect_at_once(named: MemoryOffice) -> None:
    assert ok(put(FIRST, SECOND))["email"] == "police@example.kg"
    assert addresses() == ["police@example.kg", "night@example.kg"]
    assert mailed(named) == [("police@example.kg", "PRACTICE · Tamga · Addresses of this desk changed")]
    hold(named)
    assert [to for to, _ in mailed(named)] == ["night@example.kg", "police@example.kg"]
    assert mailed(named) == []


def test_removed_address_is_notified_of_proposal_and_change(named: MemoryOffice) -> None:
    proposed = ok(put(OTHER), 202)
    assert mailed(named) == [("police@example.kg", "PRACTICE · Tamga · Addresses of this desk: change proposed")]
    ok(confirm(proposed["version"]))
    assert mailed(named) == [("police@example.kg", "PRACTICE · Tamga · Addresses of this desk changed")]
    hold(named)
    assert [to for to, _ in mailed(named)] == ["mine@example.com"]


def test_waiting_mail_is_not_sent_to_removed_address(named: MemoryOffice) -> None:
    ok(put(FIRST, SECOND))
    mailed(named)
    hold(named)
    named.mailer.sent.clear()
    named.send_notices()  # the mail to the second address is queued for the next run
    ok(confirm(ok(put(FIRST), 202)["version"]))
    told = mailed(named)
    (subject,) = {subject for to, subject in told if to == "night@example.kg" and "предложено" not in subject}
    assert subject == "УЧЕБНОЕ · Tamga · Адреса этой дежурной службы изменены"


def test_waiting_mail_uses_newly_chosen_language(named: MemoryOffice) -> None:
    ok(put(FIRST, SECOND))
    mailed(named)
    hold(named)
    named.mailer.sent.clear()
    named.send_notices()  # the mail to the second address is queued for the next run
    ok(put(FIRST, {**SECOND, "language": "en"}))
    mails = [subject for to, subject in mailed(named) if to == "night@example.kg"]
    assert len(mails) == 2, mails
    assert all(subject.startswith("PRACTICE") for subject in mails)


def test_changed_proposal_cannot_be_confirmed_with_old_version(named: MemoryOffice) -> None:
    """A new request with the current addresses cancels the proposal."""
    read = ok(put(OTHER), 202)
    ok(put(SECOND, token="a-admin2"), 202)
    assert confirm(read["version"]).slug == "edited-meanwhile"
    assert ok(put(FIRST))["proposed"] is None
    assert addresses() == ["police@example.kg"]
    assert confirm(read["version"] + 2).slug == "no-match"


def test_history_names_proposer_and_confirmer_of_each_change(named: MemoryOffice) -> None:
    ok(confirm(ok(put(OTHER), 202)["version"]))
    newest, proposal, first = ok(get(f"{DESK}/history", token="a-auditor"))["items"]
    assert [each["action"] for each in (newest, proposal, first)] == ["confirm", "propose", "add"]
    assert (newest["by_name"], newest["proposed_by_name"]) == ("Second Admin", "A admin")
    assert (newest["was"], newest["addresses"]) == ([FIRST], [OTHER])
    assert newest["proposed_at"].endswith("Z")
    assert get(f"{DESK}/history", token="preparer").slug == "forbidden"
    assert get("/v1/duty-desks/nobody/history", token="a-auditor").slug == "no-match"


def test_removed_address_raises_flag_for_auditor_only(named: MemoryOffice) -> None:
    ok(confirm(ok(put(), 202)["version"]))
    looked()
    (flag,) = ok(get("/v1/patterns", token="a-auditor", query={"rule": "desk_changed"}))["items"]
    assert "police" in flag["why"]
    assert ok(get("/v1/patterns", token="a-enforcement"))["items"] == []


def test_desk_row_of_previous_release_is_read(office: MemoryOffice) -> None:
    row = {"at": office.now, "by": "u-a-admin", **FIRST}
    office.register.commit(Put(Key("NOTIFY#duty-police"), row, expected_version=None))
    assert addresses() == ["police@example.kg"]
    hold(office)
    assert [to for to, _ in mailed(office)] == ["police@example.kg"]
    assert put(OTHER).status == 202


@pytest.mark.parametrize("body", [{}, {"addresses": None}, {"addresses": [FIRST], "notify": FIRST},
                                  {"addresses": [{"email": "x", "language": "en"}]}])  # fmt: skip
def test_malformed_addresses_are_refused(office: MemoryOffice, body: dict[str, Any]) -> None:
    assert call("PUT", DESK, body, token="a-admin").slug == "invalid"


def test_more_than_five_addresses_are_refused(office: MemoryOffice) -> None:
    many = [{"email": f"d{n}@example.kg", "language": "ky"} for n in range(6)]
    assert put(*many).json["errors"][0]["code"] == "too_many"
    assert len(ok(put(*many[:5], many[0]))["addresses"]) == 5
