"""The desk with late answers and concurrent changes: each answer and step applies to the screen it belongs to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from at_desk import Open, desk, state, step, take
from border import Phone
from browsing import Site
from desk import approved, draft, found, issued, ok, saker, submitted
from http_client import call, get
from late import Held, go, reading
from playwright.sync_api import expect
from scanning import eventually
from suspecting import looked, same_ring

from chalicelib.alerts.services.alerts import escalate
from chalicelib.kernel.days import to_text
from chalicelib.permits.services import find_permits

pytestmark = pytest.mark.usefixtures("refusals")


def changed(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the application, change it and submit it again."""
    at = f"/v1/permits/{made['id']}"
    ok(call("POST", f"{at}/return", {"reason": "a slip"}, token="preparer"))
    ok(call("PUT", at, {**get(at, token="preparer").json, **changes}, token="preparer"))
    return ok(call("POST", f"{at}/submit", token="preparer"))


def state_of(made: dict[str, Any]) -> str:
    return str(get(f"/v1/permits/{made['id']}", token="approver").json["state"])


def test_late_answer_of_left_permit_does_not_replace_next_permit(open_page: Open) -> None:
    first, second = issued(), issued()
    page = desk(open_page, "approver", f"#/permit/{first['id']}")
    state(page, "Issued")
    held = Held(page, f"**/v1/permits/{first['id']}", reading(first["id"]))
    step(page, "Suspend")
    page.get_by_label("Reason").fill("asked")
    take(page, "Suspend")
    held.wait()
    go(page, f"#/permit/{second['id']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(second["number"])
    held.let()
    expect(page.get_by_role("heading", level=1)).to_contain_text(second["number"])
    expect(page.get_by_text("Done.")).to_have_count(0)
    step(page, "Revoke")
    page.get_by_label("Reason").fill("what the screen names")
    take(page, "Revoke")
    state(page, "Revoked")
    assert (state_of(first), state_of(second)) == ("suspended", "revoked")


def test_submitted_form_applies_to_its_own_permit(open_page: Open) -> None:
    first, second = issued(), issued()
    page = desk(open_page, "approver", f"#/permit/{first['id']}")
    step(page, "Suspend")
    page.get_by_label("Reason").fill("asked")
    page.evaluate("""(place) => {
        location.hash = place;  // and the button before the page has heard of it
        document.querySelector("form h3").closest("form").requestSubmit();
    }""", f"#/permit/{second['id']}")  # fmt: skip
    expect(page.get_by_role("heading", level=1)).to_contain_text(second["number"])
    assert eventually(lambda: page.wait_for_timeout(20) is None and state_of(first) == "suspended")
    expect(page.get_by_role("heading", level=1)).to_contain_text(second["number"])
    state(page, "Issued")


def test_late_preview_is_not_shown_beside_digest_of_another_application(open_page: Open) -> None:
    first, second = found(submitted()), found(submitted(special_conditions="of the second"))
    page = desk(open_page, "approver", f"#/permit/{first['id']}")
    held = Held(page, f"**/v1/permits/{first['id']}/preview")
    step(page, "Approve")
    held.wait()
    go(page, f"#/permit/{second['id']}")
    expect(page.get_by_text("of the second")).to_be_visible()
    held.let()
    expect(page.locator("iframe.preview")).to_have_count(0)
    with page.expect_request(f"**/v1/permits/{second['id']}/preview"):
        step(page, "Approve")
    expect(page.locator("iframe.preview")).to_have_count(1)


def test_late_preview_of_changed_application_is_not_shown(open_page: Open) -> None:
    made = found(submitted())
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    held = Held(page, f"**/v1/permits/{made['id']}/preview")
    step(page, "Approve")
    held.wait()
    other = changed(made, special_conditions="another content")
    page.get_by_label("I have read every block").check()
    page.evaluate("document.querySelector('form h3').closest('form').requestSubmit()")
    expect(page.get_by_role("alert")).to_contain_text("has changed since you read it")
    expect(page.get_by_text("another content")).to_be_visible()
    held.let()
    expect(page.locator("iframe.preview")).to_have_count(0)
    assert other["digest"] != made["digest"]


def test_late_print_of_left_permit_is_not_offered(open_page: Open) -> None:
    first, second = issued(), issued()
    page = desk(open_page, "approver", f"#/permit/{first['id']}")
    held = Held(page, f"**/v1/permits/{first['id']}/pdf*")
    page.get_by_role("button", name="Print the original").click()
    held.wait()
    go(page, f"#/permit/{second['id']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(second["number"])
    held.let()
    expect(page.get_by_role("link", name="Open the PDF")).to_have_count(0)


def test_confirmation_is_cleared_when_application_changes(open_page: Open) -> None:
    made = found(submitted())
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    step(page, "Approve")
    page.get_by_label("I have read every block").check()
    other = found(changed(made, special_conditions="another content"))
    take(page, "Approve")
    expect(page.get_by_role("alert")).to_contain_text("has changed since you read it")
    expect(page.locator("#digest")).to_have_count(0)
    step(page, "Approve")
    expect(page.locator("#digest")).to_have_text(re.sub("(.{8})(?=.)", r"\1 ", other["digest"]))
    expect(page.get_by_label("I have read every block")).not_to_be_checked()
    take(page, "Approve")
    assert state_of(made) == "submitted"


def test_finding_on_changed_application_is_refused(open_page: Open) -> None:
    made = submitted()
    page = desk(open_page, "scientist", f"#/permit/{made['id']}")
    step(page, "Record a finding")
    changed(made, special_conditions="another content")
    take(page, "Record a finding")
    expect(page.get_by_role("alert")).to_contain_text("has changed since you read it")
    expect(page.get_by_text("another content")).to_be_visible()
    expect(page.locator("form h3")).to_have_count(0)
    assert get(f"/v1/permits/{made['id']}", token="approver").json["findings"] == []
    step(page, "Record a finding")
    take(page, "Record a finding")
    expect(page.get_by_text("Done.")).to_be_visible()


@pytest.mark.parametrize("version", [1, 2])  # versions of a draft before and after a save
def test_late_save_does_not_change_the_next_draft(open_page: Open, version: int) -> None:
    first = draft(special_conditions="of the first")
    second = draft(special_conditions="of the second" if version == 1 else "before")
    if version == 2:
        ok(call("PUT", f"/v1/permits/{second}", saker(special_conditions="of the second"), token="preparer"))
    assert get(f"/v1/permits/{second}", token="preparer").json["version"] == version
    page = desk(open_page, "preparer", f"#/prepare/{first}")
    conditions = page.get_by_label("Special conditions")
    expect(conditions).to_have_value("of the first")
    saving = Held(page, f"**/v1/permits/{first}", lambda request: request.method == "PUT")
    reading_second = Held(page, f"**/v1/permits/{second}", reading(second))
    conditions.fill("of the first, 1")
    page.get_by_role("button", name="Save now").click()
    saving.wait()
    conditions.fill("of the first, 2")
    page.wait_for_timeout(1_500)  # until the pause after typing is over and the second save is due
    go(page, f"#/prepare/{second}")
    reading_second.wait()
    saving.let()
    page.wait_for_timeout(1_000)
    reading_second.let()
    expect(conditions).to_have_value("of the second")
    page.wait_for_timeout(1_000)
    assert get(f"/v1/permits/{second}", token="preparer").json["special_conditions"] == "of the second"
    assert get(f"/v1/permits/{first}", token="preparer").json["special_conditions"] == "of the first, 1"
    page.unroute_all()
    go(page, f"#/prepare/{first}")  # the unsent text is still there, based on the saved version
    expect(conditions).to_have_value("of the first, 2")
    page.get_by_role("button", name="Save now").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert get(f"/v1/permits/{first}", token="preparer").json["special_conditions"] == "of the first, 2"


def test_late_creation_of_left_draft_does_not_change_the_next_draft(open_page: Open) -> None:
    second = draft(special_conditions="of the second")
    page = desk(open_page, "preparer", "#/prepare/new")
    making = Held(page, "**/v1/permits", lambda request: request.method == "POST")
    page.get_by_label("Special conditions").fill("of a new one")
    making.wait()
    go(page, f"#/prepare/{second}")
    expect(page.get_by_label("Special conditions")).to_have_value("of the second")
    making.let()
    assert page.url.endswith(second)
    page.get_by_label("Special conditions").fill("of the second, 2")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert get(f"/v1/permits/{second}", token="preparer").json["special_conditions"] == "of the second, 2"
    assert page.evaluate("sessionStorage.getItem('tamga.desk.new')") is None


def test_refusal_after_new_finding_is_stopped_and_reason_is_preserved(open_page: Open) -> None:
    made = found(submitted())
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    step(page, "Refuse")
    page.get_by_label("Reason").fill("Whose farm is it?")
    later = {"kind": "bred_or_propagated", "result": "conditional", "note": "rings first"}
    ok(call("POST", f"/v1/permits/{made['id']}/findings", later, token="scientist"))
    take(page, "Refuse")
    expect(page.get_by_role("alert")).to_contain_text("somebody else has changed it since you opened it")
    expect(page.get_by_role("region", name="Findings")).to_contain_text("rings first")
    expect(page.locator("form h3")).to_have_count(0)
    assert state_of(made) == "submitted"
    page.reload()
    step(page, "Refuse")
    expect(page.get_by_label("Reason")).to_have_value("Whose farm is it?")
    take(page, "Refuse")
    state(page, "Refused")
    assert get(f"/v1/permits/{made['id']}", token="approver").json["reason"] == "Whose farm is it?"
    assert page.evaluate("Object.keys(sessionStorage).filter((each) => each.includes('note'))") == []


def test_issue_of_changed_application_is_stopped(open_page: Open) -> None:
    made = approved()
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    step(page, "Issue")
    again = found(changed(made, special_conditions="another content"))
    ok(call("POST", f"/v1/permits/{made['id']}/approve", {"digest": again["digest"]}, token="approver2"))
    take(page, "Issue")
    expect(page.get_by_role("alert")).to_contain_text("somebody else has changed it since you opened it")
    expect(page.get_by_text("another content")).to_be_visible()
    assert state_of(made) == "approved"
    step(page, "Issue")
    take(page, "Issue")
    state(page, "Issued")


def test_note_to_finding_is_preserved_when_application_changes(open_page: Open) -> None:
    made = submitted()
    page = desk(open_page, "preparer", f"#/permit/{made['id']}")
    step(page, "Record a finding")
    page.get_by_label("Result").select_option("negative")
    page.get_by_label("Note").fill("The register of farms has no such ring")
    changed(made, special_conditions="another content")
    take(page, "Record a finding")
    expect(page.get_by_text("another content")).to_be_visible()
    step(page, "Record a finding")
    expect(page.get_by_label("Result")).to_have_value("negative")
    expect(page.get_by_label("Note")).to_have_value("The register of farms has no such ring")
    page.get_by_role("button", name="Cancel").click()
    step(page, "Record a finding")
    expect(page.get_by_label("Note")).to_have_value("")
    page.get_by_label("Result").select_option("negative")
    page.get_by_label("Note").fill("The register of farms has no such ring")
    take(page, "Record a finding")
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    expect(page.get_by_text("It cannot be approved as it stands. Negative: Legal acquisition")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_late_answer_does_not_move_focus_while_typing(open_page: Open) -> None:
    page = desk(open_page, "preparer", "#/queue")
    stock = Held(page, "**/v1/stamps*")
    go(page, "#/prepare/new")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    stock.wait()
    conditions = page.get_by_label("Special conditions")
    conditions.click()
    page.keyboard.type("for ")
    stock.let()
    page.keyboard.type("one only")
    expect(conditions).to_have_value("for one only")


def test_late_answer_of_older_filter_is_ignored(open_page: Open) -> None:
    same_ring("KG-0940")
    looked()
    page = desk(open_page, "a-enforcement", "#/patterns")
    flags = page.get_by_role("region", name="What was flagged")
    expect(flags).to_contain_text("One ring or chip on two permits")
    answered = Held(page, "**/v1/patterns?*", lambda request: "state=answered" in request.url)
    flags.get_by_label("State").select_option("answered")
    answered.wait()
    flags.get_by_label("State").select_option("")
    expect(flags.get_by_role("table")).to_contain_text("One ring or chip on two permits")
    answered.let()
    expect(flags.get_by_role("table")).to_contain_text("One ring or chip on two permits")
    expect(flags.get_by_label("State")).to_have_value("")


def test_late_device_list_of_older_post_is_ignored(site: Site, open_page: Open) -> None:
    Phone(site.office)
    page = desk(open_page, "a-admin", "#/devices")
    manas = Held(page, "**/v1/devices?*", lambda request: "manas-airport" in request.url)
    page.get_by_label("Post").select_option("manas-airport")
    manas.wait()
    page.get_by_label("Post").select_option("osh-airport")
    expect(page.get_by_text("This post has none.")).to_be_visible()
    manas.let()
    expect(page.get_by_text("This post has none.")).to_be_visible()
    expect(page.get_by_label("Post")).to_have_value("osh-airport")


def test_loss_of_device_is_reported_after_leaving_the_screen(site: Site, open_page: Open) -> None:
    Phone(site.office)
    page = desk(open_page, "a-admin", "#/devices")
    page.get_by_label("Post").select_option("manas-airport")
    page.get_by_role("button", name="Lost: phone").click()
    lost = Held(page, "**/v1/devices/*/revoke")
    page.get_by_role("button", name="Report it lost").click()
    lost.wait()
    go(page, "#/stamps")
    expect(page.get_by_role("heading", level=1)).to_have_text("Security stamps")
    lost.let()  # the page must not fail because its list is gone
    assert get("/v1/devices", token="a-admin", query={"post": "manas-airport"}).json["items"][0]["revoked"]


def test_second_press_on_older_ones_adds_no_duplicate_rows(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_permits, "PAGE", 3)
    made = [draft() for _ in range(5)]
    page = desk(open_page, "preparer", "#/queue/")
    older = Held(page, "**/v1/permits?*", lambda request: "cursor=" in request.url)
    more = page.get_by_role("button", name="Show older ones")
    more.click()
    older.wait()
    more.evaluate("(button) => button.click()")
    page.wait_for_timeout(100)
    for _ in range(len(older.routes)):
        older.let()
    rows = page.locator("table.queue .row a")
    expect(rows).to_have_count(len(made))


def test_late_count_of_alerts_does_not_replace_newer_count(site: Site, open_page: Open) -> None:
    seen = {"event_id": "0b6ec3a9-6f5c-4f0e-9d3a-5f2a4be0a1c8", "post": "manas-airport", "direction": "export",
            "qr": issued()["qr"].replace("practice.", "practise.", 1), "scanned_at": to_text(site.office.now),
            "goods_present": True}  # fmt: skip
    ok(call("POST", "/v1/scans", seen, token="bekzat"))
    for _ in range(3):  # the police are asked last
        site.office.later(3600)
        escalate(site.office)
    page = desk(open_page, "a-enforcement", "#/alerts")
    expect(page.get_by_role("link", name="Alerts (1)")).to_be_visible()
    counting = Held(page, "**/v1/alerts?open=true", answered=True)
    page.reload()
    counting.wait()
    page.get_by_label("What you are doing about it").fill("On our way.")
    page.get_by_role("button", name="Send the answer").click()
    counting.wait(2)
    counting.routes.reverse()
    counting.let()
    expect(page.get_by_role("link", name="Alerts", exact=True)).to_be_visible()
    counting.let()
    expect(page.get_by_role("link", name="Alerts", exact=True)).to_be_visible()
