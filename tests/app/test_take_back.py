"""Withdrawal of applications and removal of attachments by applicants; replacements belong to the ministry."""

from __future__ import annotations

from typing import Any

import pytest
from desk import approved, draft, found, issued, ok, saker, submitted
from http_client import Answer, call, get, post
from office import MemoryOffice
from test_overrides import override, stopped, stops

pytestmark = pytest.mark.usefixtures("office")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def state(permit: str, token: str = "applicant") -> str:
    return str(ok(get(f"/v1/permits/{permit}", token=token))["state"])


def withdrawn(permit: str, **headers: str) -> Answer:
    return call("POST", f"/v1/permits/{permit}/withdraw", {}, token="applicant", **headers)


def attach(permit: str, token: str = "applicant") -> Answer:
    path = f"/v1/permits/{permit}/attachments"
    return call(
        "POST", path, data=PNG + token.encode(), content_type="image/png", token=token, query={"name": "cage.png"}
    )


def returned(permit: str) -> None:
    ok(post(f"/v1/permits/{permit}/return", {"reason": "marks"}, token="preparer"))


def history(permit: str, token: str = "preparer") -> list[Any]:
    return list(ok(get(f"/v1/permits/{permit}/history", token=token))["items"])


@pytest.mark.parametrize("before", ["draft", "submitted", "returned"])
def test_application_can_be_withdrawn_before_approval(before: str) -> None:
    permit = draft("applicant") if before == "draft" else submitted("applicant")["id"]
    if before == "returned":
        returned(permit)
    assert "withdraw" in ok(get(f"/v1/permits/{permit}", token="applicant"))["steps"]
    ended = ok(withdrawn(permit))
    assert (ended["state"], ended["steps"]) == ("void", [])
    assert ok(withdrawn(permit))["version"] == ended["version"]
    assert history(permit)[-1]["action"] == "withdraw"
    assert state(permit, "preparer") == "void"
    for path, body in (("submit", {}), ("return", {"reason": "no"}), ("refuse", {"reason": "no"})):
        token = {"submit": "applicant", "return": "preparer", "refuse": "approver"}[path]
        assert post(f"/v1/permits/{permit}/{path}", body, token=token).slug == "wrong-state"


def test_approved_or_issued_application_cannot_be_withdrawn() -> None:
    for made in (approved("applicant"), issued("applicant")):
        assert withdrawn(made["id"]).slug == "wrong-state"


def test_withdrawal_with_older_version_returns_edited_meanwhile() -> None:
    made = submitted("applicant")
    found(made)
    assert withdrawn(made["id"], IF_MATCH=f'"{made["version"]}"').slug == "edited-meanwhile"
    assert state(made["id"]) == "submitted"


def test_attachment_removed_from_draft_stays_in_history() -> None:
    permit = draft("applicant")
    paper = ok(attach(permit), 201)
    path = f"/v1/permits/{permit}/attachments/{paper['id']}"
    assert ok(post(f"{path}/remove", {}, token="applicant"))["attachments"] == []
    assert get(path, token="applicant").slug == "no-match"
    assert post(f"{path}/remove", {}, token="applicant").slug == "no-match"
    last = history(permit)[-1]
    assert (last["action"], last["detail"]) == ("detach", {"name": "cage.png", "sha256": paper["sha256"]})
    again = ok(attach(permit), 201)
    ok(post(f"/v1/permits/{permit}/submit", token="applicant"))
    late = f"/v1/permits/{permit}/attachments/{again['id']}/remove"
    assert post(late, {}, token="applicant").slug == "wrong-state"


def test_applicant_cannot_remove_attachment_of_ministry() -> None:
    permit = draft("applicant")
    paper = ok(attach(permit, "preparer"), 201)
    answer = post(f"/v1/permits/{permit}/attachments/{paper['id']}/remove", {}, token="applicant")
    assert (answer.status, answer.slug) == (403, "forbidden")


def test_replacement_is_edited_by_ministry_only_until_returned(office: MemoryOffice) -> None:
    old = issued("applicant")
    made = ok(post(f"/v1/permits/{old['id']}/replace", {"reason": "torn"}, token="preparer"), 201)["id"]
    seen = ok(get(f"/v1/permits/{made}", token="applicant"))
    assert (seen["state"], seen["steps"], seen["replaces"]["number"]) == ("draft", [], old["number"])
    assert history(made, "applicant")[0]["by"] == ""
    tries = [
        call("PUT", f"/v1/permits/{made}", saker(), token="applicant"),
        post(f"/v1/permits/{made}/submit", token="applicant"),
        attach(made),
        withdrawn(made),
    ]
    assert {(each.status, each.slug) for each in tries} == {(403, "forbidden")}
    ok(post(f"/v1/permits/{made}/submit", token="preparer"))
    assert {(each.status, each.slug) for each in (attach(made), withdrawn(made))} == {(403, "forbidden")}
    returned(made)
    ok(call("PUT", f"/v1/permits/{made}", saker(purpose="Z"), token="applicant"))
    ok(attach(made), 201)
    sent = ok(post(f"/v1/permits/{made}/submit", token="applicant"))
    assert ok(post(f"/v1/permits/{made}/submit", token="applicant"))["version"] == sent["version"]


def test_finding_made_with_attachment_ends_with_its_removal() -> None:
    """Attack: a false paper supports a finding.

    The applicant removes it from the returned application, and nobody sees it again.
    """
    permit = draft("applicant")
    paper = ok(attach(permit), 201)
    made = found(ok(post(f"/v1/permits/{permit}/submit", token="applicant")))
    returned(permit)
    ok(post(f"/v1/permits/{permit}/attachments/{paper['id']}/remove", {}, token="applicant"))
    again = ok(post(f"/v1/permits/{permit}/submit", token="applicant"))
    assert again["digest"] == made["digest"]
    answer = post(f"/v1/permits/{permit}/approve", {"digest": again["digest"]}, token="approver")
    assert answer.slug == "wrong-state"
    assert {each["current"] for each in ok(get(f"/v1/permits/{permit}", token="preparer"))["findings"]} == {False}
    found(again)
    ok(post(f"/v1/permits/{permit}/approve", {"digest": again["digest"]}, token="approver"))


def test_finding_made_before_attachment_survives_its_removal(office: MemoryOffice) -> None:
    permit = draft("applicant")
    made = found(ok(post(f"/v1/permits/{permit}/submit", token="applicant")))
    office.later(1)
    paper = ok(attach(permit), 201)
    returned(permit)
    ok(post(f"/v1/permits/{permit}/attachments/{paper['id']}/remove", {}, token="applicant"))
    again = ok(post(f"/v1/permits/{permit}/submit", token="applicant"))
    ok(post(f"/v1/permits/{permit}/approve", {"digest": again["digest"]}, token="approver"))
    assert made["digest"] == again["digest"]


def test_ministry_removes_own_attachment_with_reason() -> None:
    permit = draft("applicant")
    theirs, own = ok(attach(permit), 201), ok(attach(permit, "preparer"), 201)
    path = f"/v1/permits/{permit}/attachments"
    assert post(f"{path}/{theirs['id']}/remove", {"reason": "not theirs"}, token="preparer").slug == "forbidden"
    (fault,) = post(f"{path}/{own['id']}/remove", {}, token="preparer").json["errors"]
    assert (fault["field"], fault["code"]) == ("reason", "required")
    left = ok(post(f"{path}/{own['id']}/remove", {"reason": "another cage"}, token="preparer"))["attachments"]
    assert [each["id"] for each in left] == [theirs["id"]]
    last = history(permit)[-1]
    assert (last["action"], last["detail"]["reason"]) == ("detach", "another cage")
    assert history(permit, "applicant")[-1]["detail"] == {}


def test_ministry_voids_own_draft_and_not_applicants_draft() -> None:
    own, theirs = draft("preparer"), draft("applicant")
    (fault,) = post(f"/v1/permits/{own}/withdraw", {}, token="preparer").json["errors"]
    assert (fault["field"], fault["code"]) == ("reason", "required")
    ended = ok(post(f"/v1/permits/{own}/withdraw", {"reason": "made twice"}, token="preparer"))
    assert (ended["state"], ended["steps"], history(own)[-1]["detail"]) == ("void", [], {"reason": "made twice"})
    answer = post(f"/v1/permits/{theirs}/withdraw", {"reason": "made twice"}, token="preparer")
    assert (answer.status, answer.slug) == (403, "forbidden")


@pytest.mark.parametrize("sent", [False, True])
def test_ministry_voids_unwanted_replacement(sent: bool) -> None:
    """The old permit stays as it is and can still be replaced."""
    old = issued("applicant")
    replace = f"/v1/permits/{old['id']}/replace"
    made = ok(post(replace, {"reason": "torn"}, token="preparer"), 201)["id"]
    if sent:
        ok(post(f"/v1/permits/{made}/submit", token="preparer"))
    assert ok(post(f"/v1/permits/{made}/withdraw", {"reason": "found whole"}, token="preparer"))["state"] == "void"
    assert state(old["id"]) == "issued"
    again = ok(post(replace, {"reason": "torn"}, token="preparer"), 201)["id"]
    assert again != made
    ok(post(f"/v1/permits/{again}/submit", token="preparer"))
    returned(again)
    assert post(f"/v1/permits/{again}/withdraw", {"reason": "theirs now"}, token="preparer").slug == "forbidden"
    assert ok(withdrawn(again))["state"] == "void"


def test_negative_finding_survives_removal_of_attachment(office: MemoryOffice) -> None:
    """Attack: the exporter removes an own paper to drop the negative finding made with it.

    An older positive finding would count again.
    """
    permit = draft("applicant")
    found(ok(post(f"/v1/permits/{permit}/submit", token="applicant")))
    returned(permit)
    office.later(1)
    paper = ok(attach(permit), 201)
    made = ok(post(f"/v1/permits/{permit}/submit", token="applicant"))
    no = {"kind": "non_detriment", "result": "negative", "note": "The paper says that they are of the wild."}
    ok(post(f"/v1/permits/{permit}/findings", no, token="scientist"))
    returned(permit)
    ok(post(f"/v1/permits/{permit}/attachments/{paper['id']}/remove", {}, token="applicant"))
    again = ok(post(f"/v1/permits/{permit}/submit", token="applicant"))
    assert again["digest"] == made["digest"]
    answer = post(f"/v1/permits/{permit}/approve", {"digest": again["digest"]}, token="approver")
    assert (answer.slug, answer.json["negative"]) == ("wrong-state", ["non_detriment"])


def test_override_granted_with_attachment_ends_with_its_removal() -> None:
    permit = stopped("applicant")
    paper = ok(attach(permit), 201)
    ok(override(permit))
    ok(post(f"/v1/permits/{permit}/attachments/{paper['id']}/remove", {}, token="applicant"))
    assert [each["override"] for each in stops(permit)["items"]] == [None]
    assert [each["current"] for each in ok(get(f"/v1/permits/{permit}", token="preparer"))["overrides"]] == [False]
    assert post(f"/v1/permits/{permit}/submit", token="applicant").slug == "invalid"
