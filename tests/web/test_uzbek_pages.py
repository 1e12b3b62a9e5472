"""A deployment of Uzbekistan has Uzbek texts in the public check and the scanner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import NARROW, PHONE, Site, axe, beyond, outcome, shifts
from office import MemoryOffice
from playwright.sync_api import Page, expect
from scanning import begin, wedge
from two_countries import their_permit, uzbekistan

from chalicelib.verification import public_view

Open = Callable[..., Page]
UNSAID = """(main) => [...main.querySelectorAll("*")].flatMap((each) => [...each.childNodes])
  .filter((each) => each.nodeType === 3 && /[а-яё]{3}/i.test(each.data) && !each.parentElement.closest("[lang=ru]"))
  .map((each) => each.data)"""  # Cyrillic text without a mark as Russian
SPOKEN = ["Oʻzbekcha", "Русский", "English"]


@pytest.fixture
def ministry() -> MemoryOffice:
    """The same service, deployed by Uzbekistan."""
    return uzbekistan()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "320 px"])
def test_public_check_is_in_uzbek(site: Site, open_page: Open, size: dict[str, int]) -> None:
    qr = their_permit(site.office).tokens[0]
    page = open_page("/1", language="uz", size=size)
    expect(page.locator(".languages")).to_have_text(" ".join([*SPOKEN, "Français"]), use_inner_text=True)
    expect(page.locator("html")).to_have_attribute("lang", "uz")
    expect(page.locator("footer")).to_contain_text("vazirligi")
    expect(page.locator("#number")).to_have_attribute("placeholder", "26UZ000123/E")
    assert axe(page) == beyond(page) == []
    page.goto("about:blank")
    page.goto(site.link(qr))
    assert outcome(page) == "accept"
    expect(page.locator(".headline")).to_contain_text(public_view.outcome("accept", "uz", "before"))
    assert axe(page) == beyond(page) == shifts(page) == []


def test_verdict_page_in_uzbek_loads_less_than_100_kb(site: Site, open_page: Open) -> None:
    qr = their_permit(site.office).tokens[0]
    page = open_page("about:blank", language="uz")
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    loaded: list[float] = []
    client.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(site.link(qr))
    assert outcome(page) == "accept"
    page.wait_for_load_state("networkidle")
    print(f"\npublic check with its verdict, uz: {sum(loaded)} bytes")
    assert 50_000 < sum(loaded) < 100_000


def test_scanner_is_in_uzbek_and_identification_aid_in_russian(site: Site, open_page: Open) -> None:
    qr = their_permit(site.office).tokens[0]
    page = open_page("/scan/", language="uz", size=NARROW)
    expect(page.locator(".languages")).to_have_text(" ".join(SPOKEN), use_inner_text=True)
    begin(page, post="tashkent-airport")
    expect(page.locator(".status b")).to_have_text("Toshkent aeroporti")
    assert axe(page) == beyond(page) == []
    wedge(page, qr)
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept")
    expect(page.locator(".headline")).to_contain_text(public_view.outcome("accept", "uz"))
    assert axe(page) == beyond(page) == []
    page.locator("nav button").first.click()
    page.locator("#identify").click()
    # so that a screen reader uses a Russian voice
    expect(page.locator("main h1 [lang=ru]")).to_have_text("Что в руках?")
    page.locator('[data-answer="horn"]').click()
    page.locator('[data-answer="0"]').click()
    page.locator('[data-candidate="argali-horn"]').first.click()
    expect(page.locator(".drawings svg").first).to_have_attribute("lang", "ru")
    assert page.locator("main").evaluate(UNSAID) == []
    assert axe(page) == beyond(page) == []
