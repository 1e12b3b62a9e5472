"""Information that saves an applicant a question to the ministry.

Covers valid values of fields, uses of a permit at the border, and missing answers.
"""

from __future__ import annotations

import uuid

import pytest
from at_desk import Open, desk
from browsing import Site, axe, endorse, moved
from desk import draft, issued, ok, saker
from http_client import call
from playwright.sync_api import Page, expect

VALUES = "(all) => all.map((each) => each.value)"
NOWHERE = {"XX", "XV", "ZZ"}
pytestmark = pytest.mark.usefixtures("refusals")


def exporters(open_page: Open, at: str = "") -> Page:
    return open_page(f"/exporter/{at}", token="applicant")


def values(page: Page, label: str) -> set[str]:
    page.get_by_label(label, exact=True).wait_for()
    return set(page.get_by_label(label, exact=True).locator("option").evaluate_all(VALUES))


def test_only_origin_offers_codes_without_a_country(open_page: Open) -> None:
    made = draft("applicant")
    page = exporters(open_page, f"#{made}/exporter")
    for place, label, nowhere in (
        ("exporter", "Country", set()),
        ("importer", "Country", set()),
        ("import-permit", "Country that gave it (may stay empty)", set()),
        ("goods/0/origin", "Country of origin (may stay empty)", NOWHERE),
    ):
        page.evaluate("(hash) => { location.hash = hash }", f"#{made}/{place}")
        offered = values(page, label)
        assert "AE" in offered
        assert offered & NOWHERE == nowhere, place
    beside = desk(open_page, "preparer", f"#/prepare/{draft()}")
    beside.locator("#f-exporter-country").wait_for()
    for field, nowhere in (("f-exporter-country", set()), ("f-lines-0-origin-country", NOWHERE)):
        codes = beside.locator(f"#{field} option").evaluate_all(VALUES)
        assert "AE" in codes
        assert set(codes) & NOWHERE == nowhere, field


def test_cyrillic_description_is_refused_with_allowed_languages(open_page: Open) -> None:
    page = exporters(open_page, f"#{draft('applicant')}/goods/0/specimen")
    page.get_by_label("Description").fill("живая птица")
    page.get_by_role("button", name="Save and continue").click()
    words = "Line A: Description: Latin letters only here: in English, French or Spanish."
    expect(page.get_by_role("alert").get_by_role("button")).to_have_text(words)


def test_validity_question_explains_limits_at_once(open_page: Open) -> None:
    page = exporters(open_page, f"#{draft('applicant', valid_until=None)}/valid-until")
    words = "If it were issued today: 25 May 2027 at the latest. Until 9 January 2027 there is little time"
    expect(page.locator("#valid_until-hint")).to_contain_text(words)
    page.get_by_label("Day").fill("6")
    page.get_by_label("Month").select_option("December")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("Day").focus()
    assert moved(page) == []
    assert axe(page) == []
    page.get_by_label("Day").fill("30")
    page.get_by_label("Month").select_option("June")
    page.get_by_label("Year").fill("2026")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert").get_by_role("button")).to_have_text("Last day of validity: This day is over.")


def test_number_of_questions_is_shown_after_choice_of_document(open_page: Open) -> None:
    page = exporters(open_page, "#apply")
    expect(page.get_by_text("Question 1", exact=True)).to_be_visible()
    page.get_by_label("Export permit").check()
    expect(page.get_by_text("Question 1 of 12")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Question 2 of 12")).to_be_visible()


def test_summary_marks_missing_answers(open_page: Open) -> None:
    bare = {name: value for name, value in saker().items() if name not in {"transport_document", "valid_until"}}
    page = exporters(open_page, f"#{draft('applicant', **dict.fromkeys(saker(), None) | bare)}")
    for title, told in (
        ("How will the goods travel?", "Not given"),
        ("Is there anything to add?", "Not given"),
        ("Until when do you need it?", "Last day of validity: This is needed."),
    ):
        section = page.locator("section.answered", has=page.get_by_role("heading", name=title))
        expect(section).to_contain_text(told)
        assert ("Not given" in told) == ("Not given" in section.inner_text())
    assert axe(page) == []


def test_use_shows_day_post_and_quantities_without_officer(open_page: Open, site: Site) -> None:
    made = issued("applicant")
    endorse(made, site.office)
    page = exporters(open_page, f"#{made['id']}")
    used = page.locator("section", has=page.get_by_role("heading", name="Endorsed at the border"))
    expect(used).to_contain_text("Left · 25 November 2026 · Manas")
    expect(used.get_by_role("row").nth(1)).to_have_text("A Falco cherrug 2 2")
    expect(page.locator("main")).not_to_contain_text("Aizada")
    assert axe(page) == []


def test_withdrawn_use_shows_the_same_document_remains_valid(open_page: Open, site: Site) -> None:
    made = issued("applicant", form="paper")
    event = str(uuid.uuid4())
    endorse(made, site.office, event_id=event)
    ok(
        call(
            "POST",
            f"/v1/endorsements/{event}/undo",
            {"event_id": str(uuid.uuid4()), "reason": "Goods still here."},
            token="bekzat",
        )
    )
    page = exporters(open_page, f"#{made['id']}")
    expect(page.locator(".standing")).to_contain_text("It counts as not used; the same document goes with the goods.")
    expect(page.locator("#main")).not_to_contain_text("Fetch the stamped original")
