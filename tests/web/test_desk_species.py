"""Species lists at the desk: an administrator uploads one and reads its faults, another person puts it in use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import desk
from browsing import Site, axe
from playwright.sync_api import FilePayload, Page, Route, expect
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


@pytest.mark.parametrize("wrong", [False, True])
def test_upload_after_gateway_timeout_is_requested_again(
    site: Site, open_page: Open, watched: object, wrong: bool
) -> None:
    """The gateway answers 503 after 29 s, but the function continues; the repeated request gets its result."""
    watched.expected += ["status of 503"]  # type: ignore[attr-defined]
    page = desk(open_page, "a-admin", "#/species")
    expect(page.get_by_role("region", name="In use")).to_be_visible()
    page.clock.install()
    asked: list[Route] = []

    def late(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/v1/species-lists?*", late)
    upload(page, SAKER | ({"Listing": "V"} if wrong else {}))
    while not asked:
        page.wait_for_timeout(50)
    made = asked[0].fetch()  # the function reads the list, but its answer is lost
    assert made.status == (422 if wrong else 201)
    page.clock.fast_forward(29_000)
    asked[0].fulfill(
        status=503, content_type="application/problem+json", body='{"type": "https://tamga.kg/problems/unavailable"}'
    )
    expect(page.get_by_role("status").last).to_contain_text("The page asks again by itself")
    page.clock.fast_forward(31_000)
    if wrong:
        expect(page.get_by_role("alert").last).to_contain_text(f"{NAME} row 2, Listing: no word that is known here")
    else:
        expect(page.get_by_role("region", name="Waits for a second person")).to_contain_text("Falco cherrug II → I")
        expect(page.get_by_role("status").last).to_contain_text("Uploaded.")
    assert len(asked) == 2


def test_unavailable_service_shows_a_message_at_once(site: Site, open_page: Open, watched: object) -> None:
    watched.expected += ["status of 503"]  # type: ignore[attr-defined]
    page = desk(open_page, "a-admin", "#/species")
    away = {
        "status": 503,
        "content_type": "application/problem+json",
        "body": '{"type": "https://tamga.kg/problems/unavailable"}',
    }
    page.route("**/v1/species-lists?*", lambda route: route.fulfill(**away))
    upload(page, SAKER)
    expect(page.get_by_role("alert").last).to_contain_text("The service could not do it.")


def test_uploaded_list_is_put_in_use_by_another_person(site: Site, open_page: Open) -> None:
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
