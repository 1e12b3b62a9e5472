"""The exporter's page with late answers of the service: each application keeps its own answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import Watched
from desk import draft, ok
from http_client import get
from late import Held, go, reading, writing
from playwright.sync_api import Page, expect
from scanning import eventually

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def refusals(watched: Watched) -> None:
    """Expect the browser's console message about answers still missing (422)."""
    watched.expected.append("status of 422")


def asked(open_page: Open, at: str) -> Page:
    return open_page(f"/exporter/{at}", token="applicant")


def stored(permit: str) -> dict[str, Any]:
    found: dict[str, Any] = ok(get(f"/v1/permits/{permit}", token="applicant"))
    return found


def forward(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def of(name: str) -> dict[str, Any]:
    return {"name": name, "address": "1 Corniche, Abu Dhabi", "country": "AE"}


def test_late_save_keeps_answers_of_each_draft(open_page: Open) -> None:
    first, second = draft("applicant", importer=of("The First")), draft("applicant", importer=of("The Second"))
    page = asked(open_page, f"#{first}/importer")
    name = page.get_by_label("Name, in Latin letters")
    expect(name).to_have_value("The First")
    saving = Held(page, f"**/v1/permits/{first}", writing)
    name.fill("The First, 1")
    forward(page)
    saving.wait()
    go(page, f"#{second}/importer")
    expect(name).to_have_value("The Second")
    name.fill("The Second, 1")
    saving.let()
    heading(page, "Who receives the goods?")
    assert page.url.endswith(f"#{second}/importer")
    expect(name).to_have_value("The Second, 1")
    forward(page)
    heading(page, "What are the goods for?")
    assert page.url.endswith(f"#{second}/purpose")
    assert stored(first)["importer"]["name"] == "The First, 1"
    assert stored(second)["importer"]["name"] == "The Second, 1"


def test_late_read_of_left_draft_does_not_replace_current_one(open_page: Open) -> None:
    first, second = draft("applicant", importer=of("The First")), draft("applicant", importer=of("The Second"))
    page = asked(open_page, "")
    heading(page, "My applications and permits")
    late = Held(page, f"**/v1/permits/{first}", reading(first))
    go(page, f"#{first}/importer")
    late.wait()
    go(page, f"#{second}/importer")
    name = page.get_by_label("Name, in Latin letters")
    name.fill("The Second, 1")
    late.let()
    expect(name).to_have_value("The Second, 1")
    forward(page)
    heading(page, "What are the goods for?")
    assert stored(first)["importer"]["name"] == "The First"
    assert stored(second)["importer"]["name"] == "The Second, 1"


def test_late_submit_sends_only_its_own_application(open_page: Open) -> None:
    first, second = draft("applicant"), draft("applicant")
    page = asked(open_page, f"#{first}")
    saving = Held(page, f"**/v1/permits/{first}", writing)
    page.get_by_role("button", name="Send to the ministry").click()
    saving.wait()
    go(page, f"#{second}")
    expect(page.get_by_text("Everything is answered.")).to_be_visible()
    saving.let()
    assert eventually(lambda: page.wait_for_timeout(20) is None and stored(first)["state"] == "submitted")
    heading(page, "Your application")
    assert page.url.endswith(f"#{second}")
    assert stored(second)["state"] == "draft"


def test_text_typed_during_save_is_preserved(open_page: Open) -> None:
    permit = draft("applicant", importer=of("The First"))
    page = asked(open_page, f"#{permit}/importer")
    saving = Held(page, f"**/v1/permits/{permit}", writing)
    name = page.get_by_label("Name, in Latin letters")
    name.fill("The First, 1")
    forward(page)
    saving.wait()
    name.fill("The First, 2")
    saving.let()
    heading(page, "What are the goods for?")
    page.reload()  # the text is in the tab's storage, not only in the page
    page.get_by_role("link", name="Back").click()
    expect(name).to_have_value("The First, 2")
    page.unroute_all()
    forward(page)
    heading(page, "What are the goods for?")
    assert stored(permit)["importer"]["name"] == "The First, 2"


def test_late_mail_settings_do_not_overwrite_typed_address(open_page: Open) -> None:
    page = asked(open_page, "")
    heading(page, "My applications and permits")
    late = Held(page, "**/v1/me", reading("/me"))
    page.reload()
    late.wait()
    go(page, "#notices")
    late.wait(2)
    late.let()
    email = page.get_by_label("E-mail address")
    email.fill("aigul@example.kg")
    email.blur()
    late.let()
    expect(email).to_have_value("aigul@example.kg")
    forward(page)
    heading(page, "My applications and permits")
    assert ok(get("/v1/me", token="applicant"))["notify"]["email"] == "aigul@example.kg"


def test_late_answer_does_not_move_focus_while_typing(open_page: Open) -> None:
    permit = draft("applicant")
    page = asked(open_page, f"#{permit}/goods")
    heading(page, "Which goods?")
    known = Held(page, "**/v1/species?*")
    page.reload()
    known.wait()
    go(page, f"#{permit}/goods/0/quantity")
    known.wait(2)
    quantity = page.get_by_label("Quantity")
    quantity.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    known.let()
    known.let()
    page.keyboard.type("2")
    expect(quantity).to_have_value("12")
