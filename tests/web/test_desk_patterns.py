"""Suspicious patterns at the desk are read and answered; patterns about staff by the auditor alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import desk, refusals  # noqa: F401  # a fixture
from browsing import Site, axe, shifts
from desk import ok
from http_client import call
from playwright.sync_api import Page, expect
from process import but
from suspecting import OPERATION, looked, same_ring

from chalicelib.composition import container
from chalicelib.kernel.days import DAY, to_text
from chalicelib.suspicions.services import flags as suspicions_flags

Open = Callable[..., Page]
pytestmark = pytest.mark.usefixtures("refusals")


def endorsed(permit: dict[str, object]) -> None:
    body = {
        "event_id": "0b6ec3a9-6f5c-4f0e-9d3a-5f2a4be0a1c7", "number": permit["number"], "code": permit["check_code"],
        "post": "manas-airport", "direction": "export", "endorsed_at": to_text(container.deps().clock()),
        "lines": [{"line": "A", "quantity": "2"}], "transport_document": "AWB 176-7",
    }  # fmt: skip
    ok(call("POST", "/v1/endorsements", body, token="aizada"), 201)


def test_flag_is_read_acknowledged_and_answered(site: Site, open_page: Open) -> None:
    one, other = same_ring("KG-0940")
    endorsed(one)
    looked()
    page = desk(open_page, "a-enforcement", "#/patterns")
    flags = page.get_by_role("region", name="What was flagged")
    expect(flags).to_contain_text("One ring or chip on two permits")
    expect(flags).to_contain_text("The mark KG0940 is on")
    expect(page.get_by_role("img", name="Map of the posts")).to_contain_text("Manas Airport: 1")
    expect(page.get_by_role("region", name="By post")).to_contain_text("Torugart")
    rules = page.get_by_role("region", name="The rules")
    expect(rules).not_to_contain_text("One exporter, one pair of officers")
    expect(rules).to_contain_text("not in use: no breeding operation is registered")
    assert axe(page) == []
    assert shifts(page) == []
    flags.get_by_label("State").select_option("overdue")
    expect(flags).to_contain_text("Nothing of this kind.")
    flags.get_by_label("State").select_option("open")
    flags.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One ring or chip on two permits")
    expect(page.get_by_role("main")).to_contain_text(str(other["number"]))
    page.get_by_role("button", name="I look into it").click()
    expect(page.get_by_role("region", name="What was said to it")).to_contain_text("Seen by A enforcement")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("main")).to_contain_text("Метка KG0940")
    page.get_by_role("button", name="English").click()
    page.get_by_label("What it was").select_option("confirmed")
    page.get_by_label("Reason").fill("Case 12: the ring was copied.")
    assert axe(page) == []
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("region", name="What was said to it")).to_contain_text("Case 12: the ring was copied.")
    page = desk(open_page, "a-auditor", "#/patterns")
    expect(page.get_by_role("region", name="The rules")).to_contain_text("One exporter, one pair of officers")
    page = desk(open_page, "a-admin", "#/operations")
    for name, text in {**OPERATION, "sources": "C, F"}.items():
        page.locator(f"#op-{name}").fill(str(text))
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("table")).to_contain_text("A-KG-001")
    assert axe(page) == []


def test_unanswered_flag_shows_to_whom_it_was_escalated(site: Site, open_page: Open) -> None:
    same_ring("KG-0941")
    looked()
    office = container.deps()
    suspicions_flags.escalate(but(office, now=office.clock() + 4 * DAY))
    page = desk(open_page, "a-auditor", "#/patterns")
    flags = page.get_by_role("region", name="What was flagged")
    expect(flags).to_contain_text("Went on to: auditor, until")
    flags.get_by_role("link").click()
    expect(page.get_by_role("button", name="I look into it")).to_be_visible()
    suspicions_flags.escalate(but(office, now=office.clock() + 9 * DAY))
    page = desk(open_page, "a-enforcement", "#/patterns")
    expect(page.get_by_role("region", name="What was flagged")).to_contain_text("Nobody who was asked has answered.")
    assert axe(page) == []
