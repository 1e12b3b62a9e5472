"""Whether an administrator uploads a list at the desk, reads each fault of it, and another person puts it in use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import desk
from browsing import Site, axe
from desk import draft, saker
from playwright.sync_api import FilePayload, Page, expect
from species_files import listing, text

Open = Callable[..., Page]
pytestmark = pytest.mark.usefixtures("refusals")

SAKER = listing("8934", "Falco cherrug", "I", Class="Aves")
NAME = "cites_listings_2026-11-20 10-30_comma_separated.csv"


@pytest.fixture
def refusals(watched: object) -> None:
    watched.expected += ["status of 422"]  # type: ignore[attr-defined]


def upload(page: Page, *rows: dict[str, str]) -> None:
    file: FilePayload = {"name": NAME, "mimeType": "text/csv", "buffer": text(rows).encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and compare").click()


def test_a_wild_origin_that_is_no_range_state_is_remarked_on(site: Site, open_page: Open) -> None:
    line = {**saker()["lines"][0], "scientific_name": "Panthera uncia", "source": "W", "origin": {"country": "UA"}}
    page = desk(open_page, "preparer", f"#/permit/{draft('preparer', lines=[line])}")
    known = page.get_by_role("region", name="Species and quota")
    expect(known).to_contain_text("Source W from Ukraine, which is not among its range States.")


def test_a_list_is_uploaded_read_and_put_in_use_by_another(site: Site, open_page: Open) -> None:
    page = desk(open_page, "a-admin", "#/species")
    expect(page.get_by_role("region", name="In use")).to_contain_text("The list that the program came with.")
    upload(page, SAKER | {"Listing": "V"})
    expect(page.get_by_role("alert").last).to_contain_text(f"{NAME} row 2, Listing: no word that is known here")
    upload(page, SAKER)
    waits = page.get_by_role("region", name="Waits for a second person")
    expect(waits).to_contain_text("Falco cherrug II → I")
    expect(waits).to_contain_text("An approver who is another person puts it in use.")
    expect(page.get_by_label("The day that it speaks of")).to_have_value("")
    assert axe(page) == []
    other = desk(open_page, "approver", "#/species")
    other.get_by_role("button", name="Put this list in use").click()
    expect(other.get_by_role("region", name="In use")).to_contain_text("put in use by Bakyt Approver")
    assert axe(other) == []
    assert site.office.listing.find("Falco cherrug").appendix == 1  # type: ignore[union-attr]
