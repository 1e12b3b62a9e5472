"""Records connected with a permit at the desk: stamps, deputies, concurrent edits, facts about the species."""

from __future__ import annotations

import pytest
from at_desk import Open, desk, state, step, take
from browsing import Site, axe
from desk import draft, found, issued, ok, saker, submitted
from http_client import call, get
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("refusals")


def test_stamps_are_tracked_from_series_to_form(site: Site, open_page: Open) -> None:
    site.office.people["admin"] = site.office.people["a-admin"]
    page = desk(open_page, "admin", "#/stamps")
    expect(page.get_by_text("No series of stamps has been entered")).to_be_visible()
    page.get_by_label("Before the digits").fill("KG-A ")
    page.get_by_label("First: digits as printed").fill("000003")
    page.get_by_label("Last: digits as printed").fill("000001")
    page.get_by_role("button", name="Enter the series").click()
    expect(page.locator("#last-wrong")).to_have_text("not before the first")
    page.get_by_label("Last: digits as printed").fill("000009")
    page.get_by_role("button", name="Enter the series").click()
    expect(page.get_by_text("7 of 7")).to_be_visible()
    page.get_by_label("Number of the stamp").fill("KG-A 000003")
    page.get_by_label("Reason").fill("torn off its sheet")
    page.get_by_role("button", name="Write it off").click()
    expect(page.get_by_text("6 of 7")).to_be_visible()
    page.get_by_role("link", name="KG-A 000003").click()
    expect(page.get_by_role("region", name="Who has which")).to_contain_text("torn off its sheet")
    assert axe(page) == []

    page = desk(open_page, "preparer", f"#/permit/{issued()['id']}")
    step(page, "Record the stamp put on by hand")
    page.get_by_label("Number of the stamp").fill("KG-A 000003")
    take(page, "Record the stamp put on by hand")
    expect(page.get_by_role("region", name="Still open: 1")).to_contain_text("this stamp was written off")
    page.get_by_label("Number of the stamp").fill("kga 000009")
    take(page, "Record the stamp put on by hand")
    expect(page.get_by_text("KG-A 000009, put on by hand")).to_be_visible()
    expect(page.get_by_role("region", name="Still open")).to_have_count(0)
    assert axe(page) == []

    page = desk(open_page, "preparer", f"#/prepare/{draft()}")
    page.get_by_role("button", name="Take the next free one: KG-A 000004").click()
    expect(page.get_by_label("Number of the security stamp")).to_have_value("KG-A 000004")
    page.get_by_label("Number of the security stamp").fill("KG-A 000003")
    expect(page.locator("#f-stamp_number-wrong")).to_have_text("this stamp was written off")
    page.get_by_label("Number of the security stamp").fill("KG-A 000004")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    state(page, "Submitted")
    page.goto(page.url.partition("#")[0] + "#/stamps/KGA000003")
    expect(page.get_by_role("region", name="Who has which")).to_contain_text("KG-A 000004 Application Submitted")


def test_concurrent_edit_of_another_preparer_is_shown_before_saving(site: Site, open_page: Open) -> None:
    made = draft()
    page = desk(open_page, "preparer", f"#/prepare/{made}")
    page.get_by_label("Special conditions").wait_for()
    seen = get(f"/v1/permits/{made}", token="a-preparer").json
    ok(call("PUT", f"/v1/permits/{made}", {**seen, "special_conditions": "of the other"}, token="a-preparer"))
    page.get_by_label("Special conditions").fill("mine")
    page.get_by_role("button", name="Save now").click()
    met = page.get_by_role("region", name="A preparer has changed this application meanwhile")
    expect(met).to_be_visible()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("somebody else has changed it")
    page.get_by_role("button", name="Save now").click()  # sends no request and leaves the message
    expect(said).to_contain_text("somebody else has changed it")
    assert axe(page) == []
    page.get_by_label("Special conditions").fill("mine, more")
    page.reload()  # the local text survives, still based on the older version
    expect(page.get_by_label("Special conditions")).to_have_value("mine, more")
    page.get_by_role("button", name="Save now").click()
    expect(met).to_be_visible()
    assert get(f"/v1/permits/{made}", token="preparer").json["special_conditions"] == "of the other"
    met.get_by_role("button", name="Save mine over theirs").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert get(f"/v1/permits/{made}", token="preparer").json["special_conditions"] == "mine, more"

    ok(call("PUT", f"/v1/permits/{made}", {**seen, "special_conditions": "theirs again"}, token="a-preparer"))
    page.get_by_label("Special conditions").fill("mine again")
    expect(met).to_be_visible()
    met.get_by_role("button", name="Keep theirs").click()
    expect(page.get_by_label("Special conditions")).to_have_value("theirs again")
    expect(met).to_have_count(0)


def test_deputy_is_confirmed_approves_and_is_ended(site: Site, open_page: Open) -> None:
    page = desk(open_page, "approver", "#/deputies")
    page.get_by_label("Deputy", exact=True).select_option(label="A preparer")
    page.get_by_label("For the approver").select_option(label="Bakyt Approver")
    page.get_by_label("First day").fill("2026-11-24")
    page.get_by_label("Last day").fill("2026-11-30")
    page.get_by_label("Reason").fill("annual leave")
    page.get_by_role("button", name="Name the deputy").click()
    expect(page.locator("#first-wrong")).to_have_text("this day is over")
    page.get_by_label("First day").fill("2026-11-25")
    page.get_by_role("button", name="Name the deputy").click()
    named = page.get_by_role("region", name="Who stands in for whom")
    expect(named).to_contain_text("waits for a second person")
    expect(named.get_by_role("button", name="Confirm as the second person")).to_have_count(0)
    assert axe(page) == []
    page = desk(open_page, "approver2", "#/deputies")
    page.get_by_role("button", name="Confirm as the second person").click()
    named = page.get_by_role("region", name="Who stands in for whom")
    expect(named).to_contain_text("running")

    made = submitted()
    found(made)
    other = desk(open_page, "a-preparer", f"#/permit/{made['id']}")
    step(other, "Approve")
    other.get_by_label("I have read every block").check()
    take(other, "Approve")
    state(other, "Approved")
    expect(other.get_by_role("region", name="Who did what")).to_contain_text("A preparer for Bakyt Approver")
    page.get_by_role("button", name="End this now").click()
    expect(named).to_contain_text("ended by Second Approver")


def test_species_facts_are_shown_beside_the_form(open_page: Open) -> None:
    line = {**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W"}
    made = draft(
        lines=[line, {**saker()["lines"][0], "scientific_name": "Falco cherrug"}, {"scientific_name": "Nomen nudum"}]
    )
    page = desk(open_page, "preparer", f"#/permit/{made}")
    known = page.get_by_role("region", name="Species and quota")
    items = known.get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.nth(0)).to_contain_text("Suspension or zero quota since 26 November 2019")
    expect(items.nth(0)).to_contain_text("Export permit, Import permit")
    expect(items.nth(1)).to_contain_text("No suspension and no zero quota is on record.")
    expect(items.nth(1)).to_contain_text("No quota of 2026 is on record.")
    expect(items.nth(2)).to_contain_text("The list does not have this name.")
    page.goto(page.url.partition("#")[0] + f"#/prepare/{made}")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(known).to_contain_text("Suspension or zero quota")
    name = page.locator("species-field input").nth(2)
    name.fill("uncia uncia")
    expect(page.get_by_text("Printed under its accepted name, Panthera uncia.").first).to_be_visible()
    name.fill("itegli")  # the Kyrgyz name in Latin letters, with two letters different
    page.get_by_role("button", name="Falco cherrug").click()
    expect(name).to_have_value("Falco cherrug")
    assert axe(page) == []
    page.goto(page.url.partition("#")[0] + "#/reports")
    expect(page.get_by_role("region", name="Annual trade report")).to_contain_text("No line in this year.")
    assert axe(page) == []
    page.get_by_role("link", name="Permits: Revoked").click()
    expect(page.get_by_text("There is nothing here.")).to_be_visible()
