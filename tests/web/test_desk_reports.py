"""Annual reports at the desk: an auditor reads them, sees errors and remarks, and downloads the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from at_desk import desk
from border import endorse, lines
from browsing import PHONE, Site, Watched, axe
from desk import ok
from enforcing import found
from http_client import post
from life import APPLICATION, SAKER, issued
from playwright.sync_api import Page, expect

from chalicelib.record.permit import Party

Open = Callable[..., Page]
pytestmark = pytest.mark.usefixtures("refusals")


@pytest.fixture
def refusals(watched: Watched) -> None:
    watched.expected += [f"status of {status}" for status in (403, 404, 422)]


def taken(page: Page, name: str, to: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("button", name=name).click()
    file = to / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def test_auditor_reads_and_downloads_the_reports_of_a_year(site: Site, open_page: Open, tmp_path: Path) -> None:
    office = site.office
    tortoises = replace(SAKER, scientific_name="Testudo horsfieldii", term="MEA", quantity="120", unit="MLT")
    wrong = issued(office, replace(APPLICATION, lines=(SAKER, tortoises)))
    endorse(office, wrong, lines=lines("1", "60"))
    issued(office, replace(APPLICATION, importer=Party("Zoo", "Almaty", "KZ")))
    ok(post("/v1/cases", found(), token="aizada"), 201)
    page = desk(open_page, "a-auditor", "#/reports")
    annual = page.get_by_role("region", name="Annual trade report", exact=True)
    expect(annual).to_contain_text("Rows: 2. Errors: 0. To review: 1.")
    expect(annual).to_contain_text("The year is not over")
    expect(annual.get_by_role("row").filter(has_text="UnitCode")).to_contain_text("Not a usual unit")
    expect(annual.get_by_role("row").filter(has_text="Testudo horsfieldii").last).to_contain_text("60")
    expect(annual.get_by_role("row").filter(has_text="Manas")).to_have_count(2)
    assert axe(page) == []
    file = taken(page, "Download the draft (CSV)", tmp_path)
    assert file.name == "KG-2026-export-actual-DRAFT.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text(), newline="")))
    assert [(row["SpeciesName"], row["Quantity"]) for row in rows] == [
        ("Falco cherrug", "1"), ("Testudo horsfieldii", "60"),
    ]  # fmt: skip
    against = page.get_by_role("region", name="Permits of 2026 against exports")
    expect(against).to_contain_text("Endorsed at the border: 1")
    against.get_by_text("Within the Eurasian Economic Union").click()
    expect(against).to_contain_text("Kazakhstan")
    book = taken(page, "Download (XLSX)", tmp_path)
    assert book.name == "KG-2026-illegal-trade.xlsx"
    assert openpyxl.load_workbook(book)["Illegal trade"]["C2"].value == "Falco cherrug"
    annual.get_by_label("Based on").select_option("issued")
    annual.get_by_role("button", name="Show").click()
    expect(annual).to_contain_text("Rows: 3.")
    annual.get_by_label("File").select_option("import")
    annual.get_by_role("button", name="Show").click()
    expect(annual).to_contain_text("No line in this year.")
    page.go_back()
    expect(annual).to_contain_text("Rows: 3.")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
