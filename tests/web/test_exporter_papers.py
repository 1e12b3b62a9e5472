"""An application is sent together with the supporting papers chosen for it."""

from __future__ import annotations

import pytest
from at_desk import Open
from browsing import Watched, axe
from desk import draft, ok
from http_client import get
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.usefixtures("refusals")
PDF = {"name": "ring list.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + bytes(100_000)}


def chosen(open_page: Open, permit: str) -> Page:
    """Open the summary of a draft with a paper that was chosen and not sent."""
    page = open_page(f"/exporter/#{permit}/papers", token="applicant")
    page.get_by_label("Choose files").set_input_files(PDF)  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Send (0.1 MB)")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    page.goto(f"{page.url.partition('#')[0]}#{permit}")
    return page


def held(permit: str) -> tuple[str, list[str]]:
    there = ok(get(f"/v1/permits/{permit}", token="applicant"))
    return there["state"], [each["name"] for each in there["attachments"]]


def test_chosen_paper_is_sent_with_the_application(open_page: Open) -> None:
    permit = draft("applicant")
    page = chosen(open_page, permit)
    waits = page.get_by_role("region", name="Not sent yet")
    expect(waits).to_contain_text("ring list.pdf")
    expect(waits).to_contain_text("Sent with the application")
    assert axe(page) == []
    page.get_by_role("button", name="Send to the ministry").click()
    expect(page.get_by_role("heading", name="Sent to the ministry")).to_be_visible()
    expect(page.get_by_role("button", name="ring list.pdf")).to_be_visible()
    assert held(permit) == ("submitted", ["ring list.pdf"])


def test_refused_paper_stops_sending_until_removed(open_page: Open, watched: Watched) -> None:
    watched.expected.append("status of 422")
    permit = draft("applicant")
    page = chosen(open_page, permit)
    refusal = {"status": 422, "content_type": "application/problem+json", "body": '{"type": "unreadable"}'}
    page.route("**/attachments?*", lambda route: route.fulfill(**refusal))
    page.get_by_role("button", name="Send to the ministry").click()
    expect(page.get_by_text("Not taken: it must be a PDF, PNG or JPEG.")).to_be_visible()
    assert held(permit) == ("draft", [])
    page.get_by_role("button", name="Leave it out ring list.pdf").click()
    page.get_by_role("button", name="Send to the ministry").click()
    expect(page.get_by_role("heading", name="Sent to the ministry")).to_be_visible()
    assert held(permit) == ("submitted", [])
