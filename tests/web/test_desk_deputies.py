"""The desk shows the state of a deputation after each step, and refuses a deputy after its end."""

from __future__ import annotations

import pytest
from at_desk import Open, desk, state, step, take
from browsing import Site, axe
from desk import submitted
from playwright.sync_api import Page, expect
from test_desk_beside import found

pytestmark = pytest.mark.usefixtures("refusals")


def name(page: Page, last: str = "2026-11-26") -> None:
    page.get_by_label("Deputy", exact=True).select_option(label="A preparer")
    page.get_by_label("For the approver").select_option(label="Bakyt Approver")
    page.get_by_label("First day").fill("2026-11-25")
    page.get_by_label("Last day").fill(last)
    page.get_by_label("Reason").fill("annual leave")
    page.get_by_role("button", name="Name the deputy").click()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm as the second person").click()


def about_to_approve(open_page: Open, permit: str) -> Page:
    page = desk(open_page, "a-preparer", f"#/permit/{permit}")
    step(page, "Approve")
    page.get_by_label("I have read every block").check()
    return page


def refused(page: Page) -> None:
    """Expect a refusal, because the deputation ended while the form was open."""
    take(page, "Approve")
    expect(page.get_by_role("alert")).to_contain_text("you no longer stand in for Bakyt Approver")
    steps = page.get_by_role("region", name="What you can do")
    expect(steps.get_by_role("button", name="Record a finding")).to_be_visible()
    expect(steps.get_by_role("button", name="Approve")).to_have_count(0)
    expect(page.get_by_text("approves in place of")).to_have_count(0)
    state(page, "Submitted")


def test_each_step_of_a_deputation_shows_its_result(open_page: Open) -> None:
    page = desk(open_page, "approver", "#/deputies")
    name(page, "2027-02-28")
    expect(page.locator("#last-wrong")).to_have_text("at most 92 days: after that a deputy is named anew")
    name(page)
    expect(page.get_by_role("status")).to_contain_text("It takes effect when a second person has confirmed it.")
    second, late = (desk(open_page, who, "#/deputies") for who in ("approver2", "a-admin"))
    confirm(second)
    expect(second.get_by_role("status")).to_contain_text("Confirmed.")
    confirm(late)
    expect(late.get_by_role("status")).to_contain_text("Nothing was done: others had changed it.")
    expect(late.get_by_role("region", name="Who stands in for whom")).to_contain_text("running")
    assert axe(late) == []
    late.get_by_role("button", name="End this now").click()
    expect(late.get_by_role("status")).to_contain_text("It has ended.")


def test_ended_or_expired_deputy_is_refused_at_next_step(site: Site, open_page: Open) -> None:
    permit = submitted()
    found(permit)
    page, second = (desk(open_page, who, "#/deputies") for who in ("a-admin", "approver2"))
    name(page)
    expect(page.get_by_role("status")).to_contain_text("Named.")
    deputy = about_to_approve(open_page, permit["id"])
    page.get_by_role("button", name="End this now").click()
    refused(deputy)
    assert axe(deputy) == []
    name(page)
    expect(page.get_by_role("status")).to_contain_text("Named.")
    deputy = about_to_approve(open_page, permit["id"])
    second.reload()
    expect(second.get_by_role("button", name="End this now")).to_be_visible()
    site.office.now += 2 * 86400
    refused(deputy)
    second.get_by_role("button", name="End this now").click()  # on a page opened before the deputation expired
    ended = second.get_by_role("region", name="Who stands in for whom").get_by_role("listitem").first
    expect(ended).to_contain_text("over")
    expect(ended).not_to_contain_text("ended by")
