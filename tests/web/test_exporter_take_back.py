"""An exporter withdraws an undecided application with a second press. A replacement is read-only."""

from __future__ import annotations

import pytest
from at_desk import Open
from browsing import axe
from desk import draft, issued, ok, submitted
from http_client import call, get, post
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.usefixtures("refusals")


def exporters(open_page: Open, at: str = "") -> Page:
    return open_page(f"/exporter/{at}", token="applicant")


@pytest.mark.parametrize("before", ["draft", "submitted"])
def test_application_is_withdrawn_after_second_press(open_page: Open, before: str) -> None:
    permit = draft("applicant") if before == "draft" else submitted("applicant")["id"]
    page = exporters(open_page, f"#{permit}")
    page.get_by_role("link", name="Withdraw the application").click()
    expect(page.get_by_text("That cannot be undone")).to_be_visible()
    assert page.get_by_text("The ministry stops examining it.").is_visible() == (before == "submitted")
    assert axe(page) == []
    assert ok(get(f"/v1/permits/{permit}", token="applicant"))["state"] == before
    page.get_by_role("button", name="Withdraw it for good").click()
    expect(page.locator(".standing h2")).to_have_text("Withdrawn")
    expect(page.locator(".history li").last).to_contain_text("Withdrawn")
    assert ok(get(f"/v1/permits/{permit}", token="applicant"))["state"] == "void"
    assert axe(page) == []
    page.get_by_role("link", name="My applications and permits").click()
    closed = page.get_by_role("region", name="Closed")
    expect(closed.locator("article", has=page.locator(f'a[href="#{permit}"]'))).to_contain_text("Withdrawn")


def test_own_paper_is_removed_after_second_press(open_page: Open) -> None:
    permit = draft("applicant")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64)
    for token, name in (("applicant", "cage.png"), ("preparer", "theirs.png")):
        path = f"/v1/permits/{permit}/attachments"
        data = picture + name.encode()
        ok(call("POST", path, data=data, content_type="image/png", token=token, query={"name": name}), 201)
    page = exporters(open_page, f"#{permit}/papers")
    expect(page.get_by_role("button", name="Remove", exact=False)).to_have_count(1)
    page.get_by_role("button", name="Remove cage.png").click()
    page.get_by_role("button", name="Keep it cage.png").click()
    page.get_by_role("button", name="Remove cage.png").click()
    assert axe(page) == []
    page.get_by_role("button", name="Remove it now cage.png").click()
    expect(page.get_by_text("cage.png")).to_have_count(0)
    expect(page.get_by_text("theirs.png")).to_be_visible()
    names = [each["name"] for each in ok(get(f"/v1/permits/{permit}", token="applicant"))["attachments"]]
    assert names == ["theirs.png"]


def test_replacement_is_read_only_until_returned(open_page: Open) -> None:
    old = issued("applicant")
    made = ok(post(f"/v1/permits/{old['id']}/replace", {"reason": "torn"}, token="preparer"), 201)["id"]
    page = exporters(open_page)
    words = f"The ministry is preparing a replacement of {old['number']}"
    theirs = page.get_by_role("region", name="The ministry’s turn")
    expect(theirs.locator("article", has=page.locator(f'a[href="#{made}"]'))).to_contain_text(words)
    page.evaluate("(hash) => { location.hash = hash }", f"#{made}")
    expect(page.locator(".standing h2")).to_have_text(words)
    expect(page.locator(".history li")).to_contain_text(["The ministry began it"])
    for name in ("Send to the ministry", "Apply for the same again"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for name in ("Change", "Add papers", "Withdraw the application"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    assert axe(page) == []
    ok(post(f"/v1/permits/{made}/submit", token="preparer"))
    ok(post(f"/v1/permits/{made}/return", {"reason": "marks, please"}, token="preparer"))
    page = exporters(open_page, f"#{made}")
    expect(page.get_by_role("button", name="Send to the ministry")).to_be_enabled()
