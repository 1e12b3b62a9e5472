"""The desk shows the exchange with other Parties about a permit, and offers its XML for download."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from at_desk import Open, desk
from browsing import DESKTOP, NARROW, PHONE, Site, axe, beyond
from desk import issued, ok
from http_client import call
from party_certificates import emirates
from playwright.sync_api import expect

from chalicelib.exchange.epix.permit_xml import decode_permit
from chalicelib.exchange.epix.soap import CONFIRM, NON_FINAL, OPERATIONS, Position, Question, write_question
from chalicelib.exchange.epix.xml import parse
from chalicelib.kernel.days import to_text

pytestmark = pytest.mark.usefixtures("refusals")


def asked(operation: str, number: str, *found: Position) -> None:
    data = write_question(Question(operation, number=number, country="KG", positions=found))
    answer = call("POST", "/v1/epix", data=data, content_type="text/xml", certificate=emirates().certificate)
    assert answer.status == 200, answer.body


def test_permit_shows_queries_and_reports_of_arrival(site: Site, open_page: Open, tmp_path: Path) -> None:
    listed = {"certificates": [emirates().thumbprint], "may": list(OPERATIONS), "active": True}
    ok(call("PUT", "/v1/exchange/parties/AE", listed, token="a-admin"))
    permit = issued()
    at = f"#/permit/{permit['id']}"
    page = desk(open_page, "preparer", at)
    section = page.get_by_role("region", name="Exchange with other Parties")
    expect(section.get_by_text("No other Party has asked for it.")).to_be_visible()
    asked(NON_FINAL, permit["number"])
    left = {
        "event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": "manas-airport", "direction": "export",
        "endorsed_at": to_text(site.office.clock()), "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 235-1234",
    }  # fmt: skip
    ok(call("POST", "/v1/endorsements", left, token="aizada"), 201)
    asked(CONFIRM, permit["number"], Position("A", "2"))
    asked(CONFIRM, permit["number"], Position("A", "3"))
    page.reload()
    expect(section.get_by_text("The same as endorsed here.")).to_be_visible()
    expect(section.get_by_text("Line A: they found 3, here it is 2.")).to_be_visible()
    expect(section.get_by_text("Line A: they reported 2 before, now 3.")).to_be_visible()
    expect(section.get_by_text("asked for the permit: given out")).to_be_visible()
    expect(page.get_by_role("region", name="Who did what").get_by_text("Management Authority: ").first).to_be_visible()
    assert axe(page) == []
    with page.expect_download() as fetched:
        section.get_by_role("button", name="Download as CITES e-permit (XML)").click()
    assert fetched.value.suggested_filename == "26KG000001-E.xml"
    fetched.value.save_as(tmp_path / "permit.xml")
    read = decode_permit(parse((tmp_path / "permit.xml").read_bytes()))
    assert (read.number, read.lines[0].examined[0].quantity) == (permit["number"], "2")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_people_set_aside_reports_of_arrival(open_page: Open) -> None:
    listed = {"certificates": [emirates().thumbprint], "may": list(OPERATIONS), "active": True}
    ok(call("PUT", "/v1/exchange/parties/AE", listed, token="a-admin"))
    permit = issued()
    asked(CONFIRM, permit["number"], Position("A", "2"))
    page = desk(open_page, "preparer", f"#/permit/{permit['id']}")
    section = page.get_by_role("region", name="Exchange with other Parties")
    section.get_by_text("Set the reports of this Party aside").click()
    section.get_by_label("Reason").fill("Abu Dhabi wrote: another permit was meant.")
    assert axe(page) == []
    section.get_by_role("button", name="Propose to set them aside").click()
    expect(page.get_by_text("Proposed. The reports count until another person confirms.")).to_be_visible()
    expect(section).to_contain_text(
        "Ainura Preparer proposes to set it aside. It counts until another person confirms."
    )
    expect(section.get_by_label("Reason")).to_be_hidden()  # closed and empty after it was sent
    section.get_by_text("Propose it again, with another reason").click()
    expect(section.get_by_label("Reason")).to_have_value("")
    for size in (NARROW, DESKTOP):
        page.set_viewport_size(size)
        assert beyond(page) == []
        assert axe(page) == []
    page = desk(open_page, "approver", f"#/permit/{permit['id']}")
    section = page.get_by_role("region", name="Exchange with other Parties")
    section.get_by_role("button", name="Confirm: the reports no longer count").click()
    expect(page.get_by_text("Set aside: the reports no longer count.")).to_be_visible()
    expect(section).to_contain_text("Set aside by Ainura Preparer and Bakyt Approver.")
    expect(section.get_by_text("Set the reports of this Party aside")).to_have_count(0)
    assert axe(page) == []
