"""Quotas at the desk: entry, figures and history; the quota's balance beside the application form."""

from __future__ import annotations

from dataclasses import replace

from at_desk import Open, desk, state, step, take
from border import endorse, lines
from browsing import NARROW, Site, axe, shifts
from desk import approved, draft, saker
from office import MemoryOffice
from playwright.sync_api import expect
from quota_play import QUOTA, enter, issued_wild


def test_quota_shows_granted_used_and_left_quantities(open_page: Open, site: Site, refusals: None) -> None:
    office: MemoryOffice = site.office
    page = desk(open_page, "a-admin", "#/quotas/2026")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quotas of 2026")
    expect(page.get_by_text("No quota of this year is on record")).to_be_visible()
    page.get_by_label("Scientific name, or a family").fill("Draco magnus")
    page.get_by_label("Kind of specimen").select_option("LIV")
    page.get_by_label("Source", exact=True).select_option("W")
    page.get_by_label("Quota", exact=True).fill("5")
    page.get_by_label("Who set it").fill("Order 12 of the Ministry")
    page.get_by_label("Day of that paper").fill("2026-01-15")
    page.get_by_role("button", name="Enter the quota").click()
    expect(page.locator("#quota-scientific_name-wrong")).to_have_text("not in the list")
    page.get_by_label("Scientific name, or a family").fill("Falco cherrug")
    page.get_by_role("button", name="Enter the quota").click()
    row = page.get_by_role("row", name="Falco cherrug")
    expect(row.get_by_role("cell")).to_have_text(
        ["5 specimens", "0", "0", "0", "5", "Order 12 of the Ministry15 January 2026 · A admin"]
    )
    permit = issued_wild(office)
    endorse(office, permit, lines=lines("1"))
    row.get_by_role("link").click()
    past = page.get_by_role("region", name="History")
    expect(past.get_by_role("listitem")).to_have_count(3)
    expect(past.get_by_role("listitem").first).to_contain_text(
        f"{permit.number} Endorsed at the border: outstanding −2, used +1, lapsed +1"
    )
    expect(past.get_by_role("listitem").last).to_contain_text("Figure set: 5 specimens")
    expect(row.get_by_role("cell")).to_have_text(
        ["5 specimens", "1", "1", "1", "4", "Order 12 of the Ministry15 January 2026 · A admin"]
    )
    page.get_by_label("Quota", exact=True).fill("0")
    page.get_by_label("Reason").fill("drought")
    page.get_by_role("button", name="Change the figure").click()
    expect(page.locator("#quota-quantity-wrong")).to_have_text("more is granted already")
    page.get_by_label("I know that this may be less").check()
    page.get_by_role("button", name="Change the figure").click()
    expect(past.get_by_role("listitem").first).to_contain_text("Figure changed: 5 → 0")
    assert axe(page) == []
    assert shifts(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form = desk(open_page, "preparer", "#/permit/" + permit.id)
    expect(form.get_by_role("link", name="2 / 5 (2026)")).to_be_visible()
    known = form.get_by_role("region", name="Species and quota")
    expect(known).to_contain_text("Zero quota of 2026")
    expect(known).not_to_contain_text("no zero quota")
    expect(known.get_by_role("link", name="Live · source W")).to_be_visible()
    reader = desk(open_page, "a-auditor", "#/quotas/2026")
    expect(reader.get_by_role("row", name="Falco cherrug")).to_contain_text("-1")
    expect(reader.get_by_role("form")).to_have_count(0)


def test_issue_reduces_the_quota_shown_beside_the_permit(open_page: Open, site: Site, refusals: None) -> None:
    enter(site.office)
    line = {**saker()["lines"][0], "source": "W", "quantity": "2", "marks": "KG-R 1, KG-R 2"}
    made = approved(lines=[line])
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    known = page.get_by_role("region", name="Species and quota")
    expect(known).to_contain_text("Quota of 2026: 5 of 5 left")
    step(page, "Issue")
    take(page, "Issue")
    state(page, "Issued")
    expect(known).to_contain_text("Quota of 2026: 3 of 5 left")


def test_draft_without_findings_has_no_findings_section(open_page: Open, site: Site) -> None:
    page = desk(open_page, "preparer", f"#/permit/{draft()}")
    expect(page.get_by_role("region", name="Species and quota")).to_be_visible()
    expect(page.get_by_role("region", name="Findings")).to_have_count(0)


def test_higher_quota_is_proposed_by_one_admin_and_confirmed_by_another(
    open_page: Open, site: Site, refusals: None
) -> None:
    enter(site.office)
    page = desk(open_page, "a-admin", "#/quotas/2026-falco-cherrug-liv-w")
    page.get_by_label("Quota", exact=True).fill("50")
    page.get_by_label("Reason").fill("Count of spring")
    page.get_by_role("button", name="Change the figure").click()
    expect(page.get_by_text("Proposed. Another administrator confirms it.")).to_be_visible()
    waiting = page.get_by_role("region", name="Higher figures that wait")
    expect(waiting).to_contain_text("5 → 50 specimens")
    expect(waiting.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("row", name="Falco cherrug").get_by_role("cell").first).to_have_text("5 specimens")
    assert axe(page) == []
    other = desk(open_page, "a-admin2", "#/quotas/2026")
    other.get_by_role("button", name="Confirm 50 specimens").click()
    expect(other.get_by_role("row", name="Falco cherrug").get_by_role("cell").first).to_have_text("50 specimens")
    expect(other.get_by_role("region", name="Higher figures that wait")).to_have_count(0)


def test_higher_quota_of_a_new_year_needs_a_reason(open_page: Open, site: Site, refusals: None) -> None:
    enter(site.office, replace(QUOTA, year=2025))
    page = desk(open_page, "a-admin", "#/quotas/2026")
    page.get_by_label("Scientific name, or a family").fill("Falco cherrug")
    page.get_by_label("Kind of specimen").select_option("LIV")
    page.get_by_label("Source", exact=True).select_option("W")
    page.get_by_label("Quota", exact=True).fill("9")
    page.get_by_label("Who set it").fill("Order 12 of the Ministry")
    page.get_by_label("Day of that paper").fill("2026-01-15")
    page.get_by_role("button", name="Enter the quota").click()
    expect(page.locator("#quota-reason-wrong")).not_to_be_empty()
    page.get_by_label("Reason").fill("Count of spring")
    page.get_by_role("button", name="Enter the quota").click()
    expect(page.get_by_text("Proposed. Another administrator confirms it.")).to_be_visible()
