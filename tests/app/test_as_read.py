"""Version check of changes: `If-Match` with the version that the client read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk import approved, draft, found, ok, saker, submitted
from http_client import Answer, call, get
from office import MemoryOffice


def put(permit: str, version: str | None, token: str = "preparer", **changes: Any) -> Answer:
    headers = {} if version is None else {"IF_MATCH": version}
    return call("PUT", f"/v1/permits/{permit}", saker(**changes), token=token, **headers)


def test_draft_save_with_older_version_returns_409(office: MemoryOffice) -> None:
    permit = draft()
    version = str(get(f"/v1/permits/{permit}", token="preparer").json["version"])
    ok(put(permit, f'"{version}"', "a-preparer", special_conditions="of the first"))
    answer = put(permit, version, special_conditions="of the second")
    assert (answer.status, answer.slug, answer.json["version"]) == (409, "edited-meanwhile", int(version) + 1)
    seen = get(f"/v1/permits/{permit}", token="preparer").json
    assert seen["special_conditions"] == "of the first"
    ok(put(permit, str(seen["version"]), special_conditions="of both"))


def test_repeated_save_with_same_version_succeeds(office: MemoryOffice) -> None:
    """The client repeats a save if the response was lost."""
    permit = draft()
    version = str(get(f"/v1/permits/{permit}", token="preparer").json["version"])
    one, two = (ok(put(permit, version, special_conditions="the same")) for _ in range(2))
    assert one["version"] == two["version"]


def test_save_without_if_match_skips_version_check(office: MemoryOffice) -> None:
    permit = draft()
    for header in (None, "*"):
        ok(put(permit, header, special_conditions=f"{header}"))


def test_invalid_if_match_is_refused_with_field(office: MemoryOffice) -> None:
    for header in ('"abc"', "-1", "1.5", "9" * 40):
        answer = put(draft(), header)
        assert answer.slug == "invalid"
        assert answer.json["errors"][0]["field"] == "If-Match"


STEPS: dict[str, tuple[Callable[[], Any], str, dict[str, str]]] = {
    "submit": (lambda: see(draft()), "preparer", {}),
    "return": (submitted, "preparer", {"reason": "Whose farm?"}),
    "refuse": (submitted, "approver", {"reason": "No such farm"}),
    "approve": (lambda: found(submitted()), "approver", {}),
    "issue": (approved, "approver", {}),
}


def see(permit: str) -> Any:
    return ok(get(f"/v1/permits/{permit}", token="preparer"))


def take(made: Any, step: str, version: int | None) -> Answer:
    _, token, body = STEPS[step]
    headers = {} if version is None else {"IF_MATCH": f'"{version}"'}
    said = {"digest": made["digest"]} if step == "approve" else body
    return call("POST", f"/v1/permits/{made['id']}/{step}", said, token=token, **headers)


@pytest.mark.parametrize("step", STEPS)
def test_step_with_older_version_returns_409_and_changes_nothing(office: MemoryOffice, step: str) -> None:
    made = STEPS[step][0]()
    state, version = made["state"], see(made["id"])["version"]
    answer = take(made, step, version - 1)
    assert (answer.status, answer.slug, answer.json["version"]) == (409, "edited-meanwhile", version)
    assert see(made["id"])["state"] == state
    first, again = (ok(take(made, step, version)) for _ in range(2))  # repeated, as after a lost response
    assert first["state"] == again["state"] != state


@pytest.mark.parametrize("step", STEPS)
def test_step_without_if_match_skips_version_check(office: MemoryOffice, step: str) -> None:
    made = STEPS[step][0]()
    assert ok(take(made, step, None))["state"] != made["state"]


def test_approval_after_new_attachment_returns_edited_meanwhile(office: MemoryOffice) -> None:
    made = found(submitted())
    papers = f"/v1/permits/{made['id']}/attachments"
    ok(
        call(
            "POST",
            papers,
            data=b"%PDF-1.7 other",
            token="preparer",
            content_type="application/pdf",
            query={"name": "late.pdf"},
        ),
        201,
    )
    assert take(made, "approve", made["version"]).slug == "edited-meanwhile"
    ok(take(made, "approve", made["version"] + 1))


def test_if_match_weakened_by_proxy_is_accepted(office: MemoryOffice) -> None:
    permit = draft()
    version = get(f"/v1/permits/{permit}", token="preparer").json["version"]
    ok(put(permit, f'W/"{version}"', special_conditions="of the first"))
    assert put(permit, f'W/"{version}"', special_conditions="of the second").slug == "edited-meanwhile"
    assert put(permit, 'W/"W/1"').slug == "invalid"
