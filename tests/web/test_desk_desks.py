"""Addresses of duty desks at the desk: one administrator adds one, two remove one."""

from __future__ import annotations

from at_desk import Open, desk
from browsing import axe
from playwright.sync_api import expect


def test_duty_desk_address_is_added_by_one_admin_and_removed_by_two(open_page: Open, refusals: None) -> None:
    page = desk(open_page, "a-admin", "#/alerts")
    police = page.get_by_role("region", name="Police")
    expect(police).to_contain_text("No address: this desk gets no mail.")
    police.get_by_label("Another address").fill("police@example.kg")
    police.get_by_role("button", name="Add").click()
    expect(police).to_contain_text("police@example.kg · RU")
    police.get_by_role("button", name="Propose to remove police@example.kg").click()
    expect(page.get_by_text("Proposed. Another administrator confirms it.")).to_be_visible()
    expect(police).to_contain_text("Then the addresses are: –")
    expect(police.get_by_role("button", name="Confirm the change")).to_have_count(0)
    assert axe(page) == []
    other = desk(open_page, "a-admin2", "#/alerts")
    theirs = other.get_by_role("region", name="Police")
    theirs.get_by_role("button", name="Confirm the change").click()
    expect(theirs).to_contain_text("No address: this desk gets no mail.")
