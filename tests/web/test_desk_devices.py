"""Devices at the desk: list by post, report of a loss, quarantined events."""

from __future__ import annotations

from collections.abc import Callable

from at_desk import desk
from border import Phone, new_uuid
from browsing import NARROW, Site, axe, beyond
from desk import issued
from office import AIZADA
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
POST = "manas-airport"


def test_admin_reports_device_lost_and_auditor_reads_its_events(site: Site, open_page: Open) -> None:
    permit, phone = issued(), Phone(site.office)
    page = desk(open_page, "a-admin", "#/devices", size=NARROW)
    page.get_by_label("Post").select_option(POST)
    device = page.locator(".plainlist > li")
    expect(device).to_contain_text("Not heard of since it was set up.")
    assert axe(page) == []
    device.get_by_role("button", name="Lost: phone").click()
    page.wait_for_function("document.activeElement.id === 'report-lost'")
    assert (axe(page), beyond(page)) == ([], [])
    page.keyboard.press("Enter")
    expect(device).to_contain_text("Reported lost 25 November 2026, 15:46 (UTC+6), A admin")
    assert device.get_by_role("button").count() == 0
    phone.sync({"kind": "scan", "event_id": new_uuid(), "qr": permit["qr"], "post": POST, "scanned_at": site.office.now,
                "direction": "export", "goods_present": True}, actor=AIZADA)  # fmt: skip
    page = desk(open_page, "a-auditor", "#/devices", language="ru")
    page.locator("#post").select_option(POST)
    device = page.locator(".plainlist > li")
    device.get_by_role("button", name="Что прислало с тех пор").click()
    expect(device).to_contain_text(permit["number"])
    expect(device).to_contain_text("передано: Aizada")
    assert axe(page) == []
