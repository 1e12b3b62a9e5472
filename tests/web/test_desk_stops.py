"""Exceptions at the desk: one hard stop at a time, and exceptions that no longer cover the current stop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from at_desk import Open, desk
from browsing import axe
from desk import draft, ok, saker
from http_client import call
from office import MemoryOffice
from playwright.sync_api import expect
from quota_play import QUOTA, enter

EAGLE = {**saker()["lines"][0], "scientific_name": "Aquila heliaca", "source": "W", "quantity": "1"}
ASKED_AGAIN = {
    "en": "It does not cover this one: decide again.",
    "ru": "На этот случай оно не распространяется",
    "ky": "кайра чечим кабыл алыңыз",
}


@pytest.mark.usefixtures("refusals")
def test_exception_for_one_line_leaves_stop_of_other_line(open_page: Open) -> None:
    lines = [{**EAGLE, "marks": f"ring KG-{n}"} for n in range(2)]
    permit = draft(purpose="T", lines=lines, import_permit={"number": "AE-1", "country": "AE"})
    page = desk(open_page, "approver", f"#/permit/{permit}")
    stopped = page.locator("section[aria-labelledby=stops]")
    expect(stopped.locator("h2")).to_have_text("Stopped: 2")
    stopped.get_by_label("B: 5a").check()
    stopped.locator("textarea").fill("The Secretariat excepted this bird.")
    stopped.locator("button[type=submit]").click()
    expect(stopped.locator("h2")).to_have_text("Stopped: 1")
    expect(stopped.locator("li").filter(has_text="B: 5a")).to_contain_text("Exception granted by")
    expect(stopped.locator("li").filter(has_text="A: 5a")).not_to_contain_text("Exception granted by")
    assert axe(page) == []


@pytest.mark.usefixtures("refusals")
@pytest.mark.parametrize("language", ASKED_AGAIN)
def test_exceeded_exception_needs_new_decision_in_each_language(
    open_page: Open, office: MemoryOffice, language: str
) -> None:
    enter(office, QUOTA)
    falcons = {**EAGLE, "scientific_name": "Falco cherrug", "quantity": "6"}
    permit = draft(lines=[falcons])
    digest = ok(call("GET", f"/v1/permits/{permit}/stops", token="approver"))["digest"]
    stop = {"field": "lines[0].quantity", "code": "quota_passed"}
    body = {"stops": [stop], "reason": "Excepted.", "digest": digest}
    ok(call("POST", f"/v1/permits/{permit}/override", body, token="approver"))
    enter(office, replace(QUOTA, quantity="2"), "cut")
    page = desk(open_page, "approver", f"#/permit/{permit}", language=language)
    stopped = page.locator("section[aria-labelledby=stops]")
    expect(stopped).to_contain_text(ASKED_AGAIN[language])
    expect(stopped).to_contain_text(QUOTA.id)


@pytest.mark.usefixtures("refusals")
def test_other_export_with_same_import_permit_is_shown_to_approver(open_page: Open) -> None:
    asked = {"purpose": "S", "import_permit": {"number": "AE-1", "country": "AE"}}
    first, second = (draft(lines=[{**EAGLE, "marks": f"ring KG-{n}"}], **asked) for n in range(2))
    ok(call("POST", f"/v1/permits/{first}/submit", token="preparer"))
    page = desk(open_page, "approver", f"#/permit/{second}")
    note = page.locator("section[aria-labelledby=same-import-permit]")
    expect(note.locator("h2")).to_have_text("Import permit AE-1 is named by other exports too: 1")
    expect(note.get_by_role("link")).to_have_attribute("href", f"#/permit/{first}")
    assert axe(page) == []
