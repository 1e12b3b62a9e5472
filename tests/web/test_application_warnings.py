"""Warnings about an application refuse nothing: the desk, the page of the permit and the exporter's page show them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import desk
from browsing import Site, axe
from desk import draft, ok, saker, submitted
from http_client import call
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
ARGALI = {
    "scientific_name": "Ovis ammon",
    "description": "horns and skull",
    "marks": "tag KG-H-1",
    "source": "W",
    "term": "TRO",
    "quantity": "1",
}


def trophy(**changes: object) -> dict[str, object]:
    return {"purpose": "H", "lines": [{**ARGALI, **changes}]}


def name_of(permit: str, token: str) -> str:
    return str(ok(call("GET", f"/v1/permits/{permit}", token=token))["lines"][0]["scientific_name"])


@pytest.mark.parametrize(
    ("language", "button", "where", "saved"),
    [
        ("en", "Take “Ovis polii”", "Pamir-Alay", "Saved."),
        ("ru", "Взять «Ovis polii»", "Памиро-Алай", "Сохранено."),
        ("ky", "«Ovis polii» алуу", "Памир-Алай", "Сакталды."),
    ],
)
def test_desk_form_offers_both_argali_and_takes_one(
    site: Site, open_page: Open, language: str, button: str, where: str, saved: str
) -> None:
    permit = draft("preparer", **trophy())
    page = desk(open_page, "preparer", f"#/prepare/{permit}", language=language)
    warnings = page.locator("section[aria-labelledby=warnings]")
    expect(warnings.get_by_role("button")).to_have_count(2)
    expect(warnings).to_contain_text(where)
    assert axe(page) == []
    warnings.get_by_role("button", name=button).click()
    expect(warnings.get_by_role("button")).to_have_count(0)  # what is left: the Scientific Authority confirms the taxon
    expect(page.locator("#f-lines-0-scientific_name")).to_have_value("Ovis polii")
    expect(page.get_by_role("status").filter(has_text=saved)).to_be_visible()
    assert name_of(permit, "preparer") == "Ovis polii"


def test_exporter_takes_the_taxon_of_the_place_before_sending(site: Site, open_page: Open) -> None:
    permit = draft("applicant", **trophy())
    page = open_page(f"/exporter/#{permit}", token="applicant")
    warnings = page.locator("section[aria-labelledby=warnings]")
    expect(warnings).to_contain_text("This name is split by country.")
    expect(warnings).to_contain_text("Line A: Name")
    assert axe(page) == []
    warnings.get_by_role("button", name="Take “Ovis karelini”").click()
    expect(warnings).to_contain_text("The Scientific Authority confirms with its finding")
    expect(page.get_by_role("button", name="Send to the ministry")).to_be_enabled()
    assert name_of(permit, "applicant") == "Ovis karelini"


def test_scientist_reads_the_warnings_of_a_submitted_application(site: Site, open_page: Open) -> None:
    made = submitted("preparer", **trophy(scientific_name="Ovis polii"))
    page = desk(open_page, "scientist", f"#/permit/{made['id']}")
    warnings = page.get_by_role("region", name="Look at this too: 1")
    expect(warnings).to_contain_text("The Scientific Authority confirms with its finding")
    expect(warnings.get_by_role("button")).to_have_count(0)


def test_wild_goods_from_outside_the_range_states_get_a_warning(site: Site, open_page: Open) -> None:
    line = {**saker()["lines"][0], "scientific_name": "Panthera uncia", "source": "W", "origin": {"country": "UA"}}
    page = desk(open_page, "preparer", f"#/permit/{draft('preparer', lines=[line])}")
    expect(page.get_by_role("region", name="Look at this too: 1")).to_contain_text("outside the native range")


def test_form_says_that_this_country_is_filled_in_as_origin(site: Site, open_page: Open) -> None:
    line = {key: value for key, value in saker()["lines"][0].items() if key != "origin"}
    permit = draft("preparer", lines=[line])
    page = desk(open_page, "preparer", f"#/prepare/{permit}")
    expect(page.locator("#f-lines-0-origin-country-hint")).to_have_text("Empty: Kyrgyzstan is filled in.")
    expect(page.get_by_role("region", name="The form, block by block")).to_contain_text("Kyrgyzstan (filled in)")


def test_sample_collection_asks_for_its_carnet(site: Site, open_page: Open) -> None:
    feathers = {**saker()["lines"][0], "term": "FEA", "quantity": "30"}
    permit = draft("preparer", document_type="OS", lines=[feathers])
    page = desk(open_page, "preparer", f"#/prepare/{permit}")
    carnet = page.get_by_label("Number of the ATA carnet")
    carnet.fill("KG/2026/0017")
    expect(page.get_by_role("region", name="The form, block by block")).to_contain_text("KG/2026/0017")
    page.get_by_label("Document").first.select_option("E")
    expect(carnet).to_have_count(0)


def test_question_about_the_name_shows_the_warning_of_that_field_only(site: Site, open_page: Open) -> None:
    permit = draft("applicant", **trophy())
    page = open_page(f"/exporter/#{permit}", token="applicant")
    expect(page.locator("section[aria-labelledby=warnings]")).to_be_visible()
    page.evaluate(f"location.hash = '#{permit}/goods/0/species'")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which animal or plant?")
    page.get_by_role("button", name="Take “Ovis polii”").click()
    expect(page.get_by_role("button", name="Take “Ovis polii”")).to_have_count(0)
    assert name_of(permit, "applicant") == "Ovis polii"
    page.evaluate(f"location.hash = '#{permit}/goods/0/marks'")
    expect(page.get_by_role("heading", level=1)).to_have_text("How are they marked?")
    expect(page.locator("section[aria-labelledby=warnings]")).to_have_count(0)
