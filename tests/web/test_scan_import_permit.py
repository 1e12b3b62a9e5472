"""Scanner and a foreign code of Appendix I: the importer in the code beside that of the import permit of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from browsing import Site, Watched, axe
from kinds import APPLICATIONS
from life import SAKER, issued
from office import MemoryOffice
from playwright.sync_api import Page, expect
from scanning import begin, scanned
from two_countries import THEIR_APPLICATION, befriended, kyrgyzstan, their_permit, uzbekistan

from chalicelib.record.permit import ImportPermit, Party

BOTH = ["Smuggler LLC", "Honest Zoo"]  # importer in the foreign code, importer of the import permit
LEOPARD = replace(SAKER, scientific_name="Panthera uncia", common_name="Snow leopard", source="W", marks="chip 7",
                  description="Live animal", quantity="1")  # fmt: skip


@pytest.fixture
def ministry() -> MemoryOffice:
    """A real ministry, because a practice register pins no other country."""
    return kyrgyzstan()


def test_scanner_shows_importer_of_code_and_of_import_permit(
    site: Site, open_page: Callable[..., Page], watched: Watched
) -> None:
    watched.expected += ["404 (Not Found)"]
    ours, theirs = site.office, uzbekistan()
    befriended(ours, theirs)
    honest = replace(APPLICATIONS["I"], importer=Party("Honest Zoo", "1 Chuy, Bishkek", "KG"))
    permit = issued(ours, replace(honest, purpose="Z", lines=(LEOPARD,)))
    named = ImportPermit(str(permit.number), "KG", "2026-10-01")
    smuggler = replace(THEIR_APPLICATION, importer=Party("Smuggler LLC", "1 Chuy, Bishkek", "KG"), purpose="Z")
    code = their_permit(theirs, replace(smuggler, import_permit=named, lines=(LEOPARD,))).tokens[0]
    page = open_page("/scan/")
    begin(page)
    page.locator(".directions").get_by_role("button", name="They arrive").click()
    scanned(page, code)
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#import-permit").fill(str(permit.number))
    page.locator("#transport").fill("CMR 1187")
    expect(page.get_by_role("group", name="Import permit").get_by_role("definition")).to_have_text(BOTH)
    assert axe(page) == []
    page.locator("button[type=submit]").click()
    shown = page.get_by_role("status").filter(has_text="is for another importer: compare both names")
    expect(shown.get_by_role("definition")).to_have_text(BOTH)
