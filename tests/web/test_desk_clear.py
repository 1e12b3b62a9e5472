"""Layout of the desk: figures in one line, buttons beside their fields, no early requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from at_desk import Open, desk
from border import with_kazakhstan
from browsing import Site
from desk import saker, submitted
from foreign_play import Presented
from playwright.sync_api import Request, expect
from quota_play import QUOTA, enter

from chalicelib.composition import container

SIZES = ({"width": 1280, "height": 900}, {"width": 1024, "height": 768})
BIRDS = ("Falco cherrug", "Falco tinnunculus", "Falco subbuteo", "Aquila chrysaetos", "Buteo buteo", "Bubo bubo")
LINES = "(each) => each.getClientRects().length"


@pytest.mark.parametrize("size", SIZES, ids=("1280", "1024"))
def test_figures_and_states_fit_one_line(site: Site, open_page: Open, size: dict[str, int]) -> None:
    paper = "Order 12 of the Ministry of Natural Resources, Ecology and Technical Supervision"
    caviar = replace(QUOTA, taxon="Acipenser baerii", quantity="180.5", terms=("CAV",), unit="KGM", source=paper)
    enter(site.office, caviar)
    page = desk(open_page, "a-admin", "#/quotas/2026", size=size)
    left = page.get_by_role("row", name="Acipenser baerii").locator("td[data-label='Still left'] b")
    expect(left).to_have_text("180.5")
    assert left.evaluate(LINES) == 1
    lines = [{**saker()["lines"][0], "scientific_name": name, "marks": f"ring {name}"} for name in BIRDS]
    importer = {**saker()["importer"], "name": "Al Ain Falcon Hospital and Breeding Centre for Birds of Prey"}
    submitted(lines=lines, importer=importer)
    page = desk(open_page, "preparer", "#/queue/submitted", size=size)
    row = page.locator("tr.row")
    expect(row.get_by_role("link")).to_have_text("Application of 25 November 2026")
    expect(row.locator("td.goods .taxon")).to_have_count(len(BIRDS))
    expect(row.get_by_role("rowheader")).to_contain_text("Export permit")
    word = row.locator(".state")
    assert word.evaluate("(each) => each.offsetHeight < 2 * parseFloat(getComputedStyle(each).lineHeight)")


def test_report_button_is_level_with_its_fields(open_page: Open) -> None:
    for size in SIZES:
        page = desk(open_page, "a-auditor", "#/reports", size=size)
        show, basis = page.get_by_role("button", name="Show", exact=True), page.get_by_label("Based on")
        expect(page.get_by_text("Rows: 0.")).to_be_visible()
        low = [each.bounding_box() for each in (show, basis)]
        assert low[0]
        assert low[1]
        assert abs(low[0]["y"] + low[0]["height"] - low[1]["y"] - low[1]["height"]) < 4


def test_icon_of_flagged_paper_is_small(site: Site, open_page: Open) -> None:
    office: Any = container.deps()
    permit = Presented(office.register, office, with_kazakhstan(office))
    permit.by_code("dostuk")
    permit.as_paper("torugart", used=False)
    page = desk(open_page, "preparer", "#/foreign")
    icon = page.locator("tr.row svg").first
    expect(icon).to_be_visible()
    box = icon.bounding_box()
    assert box
    assert box["width"] < 40


def test_new_form_sends_no_request_before_input(open_page: Open) -> None:
    """A partial name must not be refused either, because a refusal would appear in the browser's console and fail the
    test.
    """
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            asked.append(request.url)

    page = desk(open_page, "preparer")
    page.on("request", note)
    page.get_by_role("link", name="New application").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()
    expect(page.get_by_role("button", name="Save now")).to_be_enabled()
    assert asked == []
    page.get_by_label("Description").fill("live bird")
    expect(page.get_by_text("Still open:")).to_be_visible()
    assert asked
    page.get_by_label("Scientific name").fill("Falco ch")
    expect(page.get_by_role("region", name="Species and quota")).to_contain_text("The list does not have this name.")
    page.get_by_label("Scientific name").fill("falco cherrug")
    expect(page.get_by_role("region", name="Species and quota")).to_contain_text("Appendix")


def test_case_resolves_synonyms_and_accepts_unlisted_name(open_page: Open, refusals: None) -> None:
    page = desk(open_page, "a-enforcement", "#/cases/new")
    name = page.get_by_label("Scientific name, if you know it")
    name.fill("uncia uncia")
    expect(page.get_by_text("Accepted name: Panthera uncia")).to_be_visible()
    name.fill("itegli")  # the Kyrgyz name in Latin letters, with two letters different
    page.get_by_role("button", name="Falco cherrug").click()
    expect(name).to_have_value("Falco cherrug")
    name.fill("Larus incognitus")
    expect(page.get_by_text("The list does not have this name.")).to_be_visible()
    page.get_by_label("Why", exact=True).select_option("undeclared")
    page.get_by_label("Agency").select_option("police")
    page.get_by_label("Kind of specimen").select_option("LIV")
    page.get_by_label("Quantity found").fill("2")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("region", name="Goods").locator(".taxon")).to_have_text("Larus incognitus")
