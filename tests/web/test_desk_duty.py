"""The duty desk answers telephone calls and letters: endorsements for a post, enquiries from abroad."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from at_desk import Open, desk
from browsing import Site, axe
from browsing import endorse as used
from desk import issued, of_two_pages, ok, saker
from http_client import call, get
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.usefixtures("refusals")


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 80), "#c9b070").save(made, "PNG")
    return made.getvalue()


def look_up(page: Page, permit: Mapping[str, Any]) -> None:
    page.get_by_label("Number of the permit").fill(permit["number"])
    page.get_by_label("Check code").fill(permit["check_code"])
    page.get_by_role("button", name="Ask the register").click()


def test_endorsement_by_telephone_for_a_post(open_page: Open) -> None:
    made = issued()
    page = desk(open_page, "aizada", "#/duty")
    look_up(page, made)
    assert axe(page) == []
    expect(page.get_by_label("Post", exact=True)).to_have_value("")  # neither has a default
    expect(page.get_by_label("Direction")).to_have_value("")
    choices = page.get_by_label("Direction").locator("option")
    assert choices.evaluate_all("(all) => all.map((each) => each.value)") == [
        "", "export", "import", "transit", "return",
    ]  # fmt: skip
    page.get_by_label("Post", exact=True).select_option("torugart")
    page.get_by_label("Direction").select_option("export")
    page.get_by_label("Officer at the post").fill("Inspector Osmonov")
    page.get_by_label("Transport document").fill("CMR 778")
    page.get_by_label("Customs document, if there is one").fill("41700/271126/0001")
    expect(page.get_by_label("Day and hour of the stamp")).to_be_hidden()  # the time of the endorsement is now
    page.get_by_label("real quantity").fill("9")
    page.get_by_role("button", name="Endorse", exact=True).click()
    # the message is far from the button
    expect(page.get_by_role("alert").get_by_text("More than is permitted")).to_be_in_viewport()
    page.get_by_label("real quantity").fill("2")
    page.get_by_role("button", name="Endorse", exact=True).click()
    expect(page.get_by_text("Endorsed.", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("region", name="Read out to the post, for block 14")).to_contain_text("Torugart")
    # so that nobody endorses twice by habit
    expect(page.get_by_role("button", name="Endorse", exact=True)).to_have_count(0)
    assert axe(page) == []
    (use,) = get(f"/v1/permits/{made['id']}", token="approver").json["uses"]
    assert (use["post"], use["kind"], use.get("result", "accepted"), use["customs_document"]) == (
        "torugart", "export", "accepted", "41700/271126/0001",
    )  # fmt: skip
    expect(page.get_by_role("region", name="Endorsements that stand")).to_contain_text(
        "CMR 778 · Customs document: 41700/271126/0001"
    )


def take_back(page: Page, reason: str) -> None:
    button = page.get_by_role("button", name="Take it back")
    if not button.is_visible():
        page.get_by_text("Take this endorsement back").click()
    page.get_by_label("Why it is taken back").fill(reason)
    button.click()
    expect(page.get_by_text("Taken back.", exact=True)).to_have_count(0)  # the first press only asks for confirmation
    page.get_by_label("I have made sure").check()
    assert axe(page) == []
    button.click()


def test_only_another_officer_takes_back_an_endorsement(site: Site, open_page: Open) -> None:
    made = issued()
    used(made, site.office)  # endorsed by Aizada
    page = desk(open_page, "aizada", "#/duty")
    look_up(page, made)
    take_back(page, "Goods still here.")
    expect(page.get_by_role("alert")).to_contain_text("whoever endorsed it, or sent it in for somebody")
    page = desk(open_page, "bekzat", "#/duty")
    look_up(page, made)
    expect(page.get_by_role("region", name="Endorsements that stand")).to_contain_text("AWB 176-1")
    take_back(page, "Goods still here.")
    expect(page.get_by_text("Taken back.", exact=True)).to_be_visible()
    expect(page.get_by_text("Withdrawn later")).to_be_visible()
    expect(page.get_by_text("Take this endorsement back")).to_have_count(0)
    assert axe(page) == []
    answer = get(f"/v1/permits/{made['id']}", token="approver").json
    assert (answer["use"], [use["withdrawn"] for use in answer["uses"]]) == ("unused", [True])


def test_confirmation_for_one_endorsement_does_not_move_to_another(site: Site, open_page: Open) -> None:
    made = issued()
    used(made, site.office)
    used(made, site.office, "return")
    page = desk(open_page, "bekzat", "#/duty")
    look_up(page, made)
    region = page.get_by_role("region", name="Endorsements that stand")
    forms = region.locator("details")
    expect(forms).to_have_count(2)
    forms.first.locator("summary").click()
    forms.first.get_by_label("Why it is taken back").fill("Goods still here.")
    forms.first.get_by_label("I have made sure").check()
    forms.first.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back.", exact=True)).to_be_visible()
    expect(forms).to_have_count(1)
    expect(region.get_by_role("button", name="Take it back")).to_be_hidden()
    forms.locator("summary").click()
    expect(region.get_by_label("Why it is taken back")).to_have_value("")
    expect(region.get_by_label("I have made sure")).not_to_be_checked()


def test_forbidden_photographs_do_not_hide_the_verdict(site: Site, open_page: Open) -> None:
    made = issued()
    used(made, site.office, recorded="paper")
    page = desk(open_page, "bekzat", "#/duty")
    said = {"status": 403, "content_type": "application/problem+json", "body": '{"type": "/problems/forbidden"}'}
    page.route(re.compile(r"/v1/endorsements/[^/]+/photos$"), lambda route: route.fulfill(**said))
    look_up(page, made)
    expect(page.get_by_role("region", name="Waits for a second person")).to_be_visible()
    expect(page.get_by_role("button", name="Photographs of block 14")).to_be_visible()


def test_approver_takes_back_an_endorsement_on_permit_page(site: Site, open_page: Open) -> None:
    made = issued()
    used(made, site.office)
    page = desk(open_page, "preparer", f"#/permit/{made['id']}")
    expect(page.get_by_role("region", name="At the border")).to_be_visible()
    expect(page.get_by_text("Take this endorsement back")).to_have_count(0)
    site.office.now += 2 * 86400
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    take_back(page, "The carrier shows that the flight never left.")
    expect(page.get_by_text("Taken back.", exact=True)).to_be_visible()
    border = page.get_by_role("region", name="At the border")
    expect(border).to_contain_text("Withdrawn later")
    expect(border.get_by_text("Take this endorsement back")).to_have_count(0)
    expect(page.get_by_role("region", name="Who did what")).to_contain_text("the flight never left")


def test_endorsement_taken_back_meanwhile_shows_a_message(site: Site, open_page: Open) -> None:
    made = issued()
    used(made, site.office)
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    page.get_by_text("Take this endorsement back").wait_for()
    event = get(f"/v1/permits/{made['id']}", token="approver").json["uses"][0]["event_id"]
    body = {"event_id": "0b5d3a54-5f0b-4d2c-9b1a-000000000001", "reason": "The flight never left."}
    ok(call("POST", f"/v1/endorsements/{event}/undo", body, token="approver"))
    take_back(page, "The flight never left, they say.")  # another officer was quicker
    expect(page.get_by_role("alert")).to_contain_text("taken back already, or the goods have arrived")


def test_hand_stamped_endorsement_waits_for_second_person(open_page: Open) -> None:
    made = issued("applicant")
    page = desk(open_page, "aizada", "#/duty")
    look_up(page, made)
    page.get_by_label("How", exact=True).select_option("paper")
    page.get_by_label("Post", exact=True).select_option("dostuk")
    page.get_by_label("Direction").select_option("export")
    page.get_by_label("Officer at the post").fill("Bekzat")
    page.get_by_label("Transport document").fill("CMR 779")
    page.get_by_label("real quantity").fill("1")
    page.get_by_label("Day and hour of the stamp").fill("2032-01-01T10:00")
    page.get_by_role("button", name="Endorse", exact=True).click()
    expect(page.get_by_text("a stamp of the last 30 days")).to_be_visible()
    page.get_by_label("Day and hour of the stamp").fill("")
    page.get_by_role("button", name="Endorse", exact=True).click()
    expect(page.get_by_text("a second person has confirmed it")).to_be_visible()
    expect(page.get_by_text("No photograph of block 14 was sent.")).to_be_visible()
    page.get_by_label("Add a photograph of block 14").set_input_files(
        {"name": "block14.png", "mimeType": "image/png", "buffer": picture()}
    )
    expect(page.get_by_alt_text("Photograph 1 of block 14")).to_have_js_property("naturalWidth", 60)
    assert axe(page) == []
    page.get_by_role("button", name="Confirm this endorsement").click()
    expect(page.get_by_role("alert")).to_contain_text("another person does")
    waits = "A stamp from the border waits for confirmation"
    approvers = desk(open_page, "approver", f"#/permit/{made['id']}")
    expect(approvers.get_by_text(waits)).to_be_visible()
    approvers.get_by_role("button", name="Photographs of block 14").click()
    expect(approvers.get_by_alt_text("Photograph 1 of block 14")).to_be_visible()
    assert axe(approvers) == []
    owners = open_page(f"/exporter/#{made['id']}", token="applicant")
    expect(owners.get_by_role("heading", name=waits)).to_be_visible()
    # so that a forged stamp cannot keep the permit valid
    expect(owners.get_by_role("link", name="Give it back unused")).to_be_visible()
    owners.get_by_role("link", name="My applications and permits").click()
    expect(owners.get_by_role("article").filter(has_text=made["number"])).to_contain_text(waits)
    page = desk(open_page, "bekzat", "#/duty")
    look_up(page, made)
    expect(page.get_by_role("region", name="Waits for a second person")).to_contain_text("Bekzat, entered by Aizada")
    expect(page.get_by_text(waits).first).to_be_visible()
    expect(page.get_by_alt_text("Photograph 1 of block 14")).to_be_visible()  # he compares with the photograph
    page.get_by_role("button", name="Confirm this endorsement").click()
    expect(page.get_by_text("Confirmed.")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm this endorsement")).to_have_count(0)


def test_answer_abroad_contains_number_of_crossings(site: Site, open_page: Open) -> None:
    made = issued(
        document_type="OT", valid_until="2029-10-01", purpose="Q", lines=[{**saker()["lines"][0], "quantity": "1"}]
    )
    used(made, site.office, quantity="1")
    page = desk(open_page, "preparer", "#/enquiry")
    look_up(page, made)
    answer = page.get_by_label("English, ready to send")
    expect(answer).to_have_value(re.compile("State in our register today: issued; crossings so far: 1[.]"))


def test_answer_abroad_is_ready_to_send_and_copy(open_page: Open) -> None:
    made = issued()
    page = desk(open_page, "preparer", "#/enquiry")
    look_up(page, made)
    answer = page.get_by_label("English, ready to send")
    expect(answer).to_have_value(re.compile(f"Re: CITES document {made['number']}"))
    said = answer.input_value()
    assert "State in our register today: issued; use: unused." in said
    assert "Falco cherrug, Appendix II, source C, LIV, quantity 2, marks ring KG-0117" in said
    letter = unquote(page.get_by_role("link", name="Write an e-mail").get_attribute("href") or "")
    assert letter == f"mailto:?subject={said.partition(chr(10))[0]}&body={said}"
    assert "Toktogul" not in said  # an answer never contains an address
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == said
    page.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error('shut')))")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("alert")).to_contain_text("mark the text and copy it")
    assert axe(page) == []


def test_permit_of_two_pages_is_endorsed_by_telephone(open_page: Open) -> None:
    """The caller reads out one number, because the duty desk cannot scan the pages."""
    made = issued(**of_two_pages())
    page = desk(open_page, "aizada", "#/duty")
    look_up(page, made)
    expect(page.get_by_text("scan the code of each page")).to_have_count(0)
    page.get_by_label("Post", exact=True).select_option("torugart")
    page.get_by_label("Direction").select_option("export")
    page.get_by_label("Officer at the post").fill("Inspector Osmonov")
    page.get_by_label("Transport document").fill("CMR 780")
    for each in page.get_by_label("real quantity").all():
        each.fill("1")
    expect(page.get_by_label("real quantity")).to_have_count(5)
    page.get_by_role("button", name="Endorse", exact=True).click()
    expect(page.get_by_text("Endorsed.", exact=True)).to_be_visible()
    (use,) = get(f"/v1/permits/{made['id']}", token="approver").json["uses"]
    assert [line["line"] for line in use["lines"]] == list("ABCDE")
