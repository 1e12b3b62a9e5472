"""The scanner where only the duty desk may endorse (409 `not-usable`, T8 or P3): it gives reason and number."""

from __future__ import annotations

from typing import Any

import pytest
from at_desk import Open
from browsing import NARROW, Site, axe, beyond
from browsing import endorse as used
from desk import issued, ok
from http_client import call
from party_certificates import emirates
from playwright.sync_api import Page, expect
from scanning import begin, kept, scanned
from test_desk_difference import rewrite, shown
from test_desk_exchange import asked

from chalicelib.exchange.epix.soap import CONFIRM, OPERATIONS, Position

CALL = {
    "en": "Only the ministry’s duty desk can endorse it: call it.",
    "ru": "Отметку ставит только дежурная служба министерства: позвоните ей.",
    "ky": "Белгини министрликтин кезметчи кызматы гана коёт: ага чалыңыз.",
}
DIFFERS = {
    "en": "The register and the signed status list differ on this permit.",
    "ru": "Реестр и подписанный список статусов расходятся по этому разрешению.",
    "ky": "Бул уруксат боюнча реестр менен кол коюлган абалдардын тизмеси дал келбейт.",
}
ARRIVED = {
    "en": "Another country reported that all goods of this permit have arrived there.",
    "ru": "Другая страна сообщила, что весь груз по этому разрешению уже прибыл туда.",
    "ky": "Башка өлкө бул уруксат боюнча бүт жүк ал жакка келгенин билдирген.",
}

pytestmark = pytest.mark.usefixtures("refusals")


def fill(page: Page) -> None:
    """Fill in the form of an endorsement, in any language."""
    page.locator("#endorse").click()
    page.locator("#quantity-0").fill("2")
    page.locator("#transport").fill("AWB 065-7719")


def refused(page: Page) -> Any:
    page.locator("button[type=submit]").click()
    return page.locator(".verdict .headline")


def arrived_in_full(permit: Any) -> None:
    listed = {"certificates": [emirates().thumbprint], "may": list(OPERATIONS), "active": True}
    ok(call("PUT", "/v1/exchange/parties/AE", listed, token="a-admin"))
    asked(CONFIRM, permit["number"], Position("A", "2"))


@pytest.mark.parametrize("language", CALL)
def test_export_after_complete_arrival_refers_to_duty_desk(open_page: Open, language: str) -> None:
    permit = issued()
    arrived_in_full(permit)
    page = open_page("/scan/", language=language, token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    page.locator(".verdict[data-outcome=check]").wait_for()
    fill(page)
    expect(refused(page)).to_contain_text(f"{ARRIVED[language]} {CALL[language]}")
    page.set_viewport_size(NARROW)
    assert beyond(page) == []
    assert axe(page) == []


@pytest.mark.parametrize("language", CALL)
def test_endorsement_with_list_difference_refers_to_duty_desk(site: Site, open_page: Open, language: str) -> None:
    """The scan comes first.

    Then the permit is used, and the use is deleted in the table. The status list still shows it.
    """
    permit = issued()
    page = open_page("/scan/", language=language, token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    fill(page)
    used(permit, site.office)
    rewrite(site.office, permit, uses=[])
    expect(refused(page)).to_contain_text(f"{DIFFERS[language]} {CALL[language]}")
    assert shown(permit, "approver")["uses"] == []
    (made,) = (each for each in kept(page) if each["event"]["kind"] == "endorsement")
    assert made["answer"]["codes"] == ["T8"]


def test_list_of_events_refers_to_duty_desk(open_page: Open) -> None:
    permit = issued()
    arrived_in_full(permit)
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    fill(page)
    expect(refused(page)).to_contain_text(CALL["en"])
    page.get_by_role("button", name="Done here").click()
    expect(page.locator("li[data-state=rejected]")).to_contain_text(f"{ARRIVED['en']} {CALL['en']}")
