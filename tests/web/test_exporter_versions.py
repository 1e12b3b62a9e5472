"""Two tabs of an exporter never overwrite each other's answers without showing them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from at_desk import Open
from browsing import Watched, axe
from desk import draft, ok
from http_client import call, get
from playwright.sync_api import Locator, Page, expect
from test_exporter_late import forward, of, stored

PDF = b"%PDF-1.7" + bytes(2_000)
CHANGED = "This application was changed meanwhile, in another tab or by somebody else"


@pytest.fixture(autouse=True)
def refusals(watched: Watched) -> None:
    watched.expected += ["status of 409", "status of 422"]


def opened(open_page: Open, permit: str) -> tuple[Page, Locator]:
    page = open_page(f"/exporter/#{permit}/importer", token="applicant")
    name = page.get_by_label("Name, in Latin letters")
    expect(name).to_have_value("The First")
    return page, name


def other_tab(permit: str, **changes: Any) -> None:
    ok(call("PUT", f"/v1/permits/{permit}", {**stored(permit), **changes}, token="applicant"))


def importer(permit: str) -> str:
    return str(stored(permit)["importer"]["name"])


def test_answers_of_another_tab_are_shown_before_overwriting(open_page: Open) -> None:
    permit = draft("applicant", importer=of("The First"))
    page, name = opened(open_page, permit)
    other_tab(permit, importer=of("The Other Tab"))
    name.fill("Mine")
    forward(page)
    met = page.get_by_role("region", name=CHANGED)
    expect(met).to_be_visible()
    assert axe(page) == []
    assert importer(permit) == "The Other Tab"
    page.reload()  # the local answer is still based on the older version
    expect(name).to_have_value("Mine")
    forward(page)
    expect(met).to_be_visible()
    met.get_by_role("button", name="Save mine over theirs").click()
    expect(met).to_have_count(0)
    expect(name).to_have_value("Mine")
    assert importer(permit) == "Mine"
    other_tab(permit, importer=of("The Other Tab, again"))
    name.fill("Mine, again")
    forward(page)
    met.get_by_role("button", name="Keep theirs, discard mine").click()
    expect(met).to_have_count(0)
    expect(name).to_have_value("The Other Tab, again")
    assert importer(permit) == "The Other Tab, again"
    forward(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Who receives the goods?")


def test_paper_added_meanwhile_causes_no_conflict(open_page: Open) -> None:
    permit = draft("applicant", importer=of("The First"))
    page, name = opened(open_page, permit)
    name.fill("Mine")
    name.blur()
    path = f"/v1/permits/{permit}/attachments"
    ok(call("POST", path, data=PDF, content_type="application/pdf", query={"name": "a.pdf"}, token="applicant"), 201)
    page.reload()
    expect(name).to_have_value("Mine")
    forward(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Who receives the goods?")
    assert importer(permit) == "Mine"


def test_answers_of_another_tab_are_shown_before_sending(open_page: Open) -> None:
    permit = draft("applicant", importer=of("The First"))
    page = open_page(f"/exporter/#{permit}", token="applicant")
    send = page.get_by_role("button", name="Send to the ministry")
    expect(send).to_be_enabled()
    other_tab(permit, importer=of("The Other Tab"))
    send.click()
    expect(page.get_by_role("region", name=CHANGED)).to_be_visible()
    assert stored(permit)["state"] == "draft"
    page.get_by_role("button", name="Keep theirs").click()
    expect(page.get_by_role("main")).to_contain_text("The Other Tab")
    send.click()
    expect(page.get_by_text("Sent. You can follow its progress here.")).to_be_visible()
    assert (stored(permit)["state"], importer(permit)) == ("submitted", "The Other Tab")


def test_draft_stored_by_previous_release_is_saved(open_page: Open) -> None:
    """It has no version. The page saves it over the service's version at the time of opening, as that release did."""
    permit = draft("applicant", importer=of("The First"))
    kept = {**get(f"/v1/permits/{permit}", token="applicant").json, "importer": of("Kept")}
    fields = ("document_type", "exporter", "importer", "purpose", "form", "lines", "valid_until")
    page, name = opened(open_page, permit)
    page.evaluate(
        "([name, text]) => sessionStorage.setItem(name, text)",
        [f"tamga.application.{permit}", json.dumps({each: kept[each] for each in fields if each in kept})],
    )
    page.reload()
    expect(name).to_have_value("Kept")
    forward(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Who receives the goods?")
    assert importer(permit) == "Kept"
