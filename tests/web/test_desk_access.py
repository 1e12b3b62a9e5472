"""Whether everybody gets about at the desk: by keyboard, on a narrow screen, in each language, from any address."""

from __future__ import annotations

import pytest
from at_desk import Open, desk, state
from browsing import NARROW, PHONE, Site, axe, tab_to
from desk import draft, found, ok, submitted
from http_client import call
from playwright.sync_api import expect

from chalicelib.core.text import foreign_letters
from local import web_catalogues

pytestmark = pytest.mark.usefixtures("refusals")


def test_an_answer_that_this_tab_did_not_ask_for_signs_nobody_in(open_page: Open) -> None:
    page = open_page("/desk/?code=abc&state=def")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("/desk/")
    assert axe(page) == []


@pytest.mark.parametrize("answer", ["?error=access_denied", "?code=abc&state=def"])
def test_who_is_shown_the_sign_in_page_is_signed_in_no_longer(open_page: Open, answer: str) -> None:
    page = desk(open_page, "preparer")
    page.evaluate("sessionStorage.setItem('tamga.refresh', 'preparer')")
    page.goto(page.url.partition("#")[0].partition("?")[0] + answer)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Sign in")
    page.reload()
    expect(heading).to_have_text("Sign in")
    assert page.evaluate("Object.keys(sessionStorage).filter((each) => /token|refresh/.test(each))") == []


@pytest.mark.parametrize("hash_", ["#/permit/%", "#/search/%E0%A4%A"])
def test_an_address_that_is_none_leads_to_the_queue(open_page: Open, hash_: str) -> None:
    page = desk(open_page, "preparer", hash_)
    expect(page.get_by_role("heading", level=1)).to_have_text("Permits and applications")


def test_the_queue_shows_who_waits_longest_first_and_finds(site: Site, open_page: Open) -> None:
    first = submitted(special_conditions="the older one")
    site.office.later(3 * 86400)
    submitted()
    page = desk(open_page, "preparer")
    rows = page.locator("tr.row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("3 days")
    expect(page.get_by_role("navigation", name="State").get_by_role("link", name="Submitted")).to_have_attribute(
        "aria-current", "page"
    )
    expect(rows.first.get_by_role("link")).to_have_attribute("href", f"#/permit/{first['id']}")
    assert axe(page) == []
    page.get_by_label("Number, name or species").fill("cherrug")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: cherrug")
    expect(rows).to_have_count(2)


@pytest.mark.parametrize("at", ["#/queue/submitted", "permit", "prepare", "#/duty", "#/enquiry"])
def test_a_narrow_screen_scrolls_in_one_direction(site: Site, open_page: Open, at: str) -> None:
    site.office.people["all"] = site.office.people["aizada"].__class__(
        "u-aizada", "All", frozenset({"preparer", "customs"}), frozenset({"*"})
    )
    place = at if at.startswith("#") else f"#/{at}/{(submitted() if at == 'permit' else {'id': draft()})['id']}"
    page = desk(open_page, "all", place, size=NARROW)
    page.locator("h1").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_keyboard_alone_finds_judges_and_issues(open_page: Open) -> None:
    made = submitted()
    page = desk(open_page, "preparer")
    tab_to(page, "#q")
    page.keyboard.type("cherrug")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: cherrug")
    tab_to(page, "tr.row a")
    page.keyboard.press("Enter")
    state(page, "Submitted")
    tab_to(page, "button:has-text('Record a finding')")
    page.keyboard.press("Enter")
    expect(page.locator("form h3")).to_be_focused()
    tab_to(page, "form.step textarea")
    page.keyboard.type("seen")
    tab_to(page, "form.step button.main")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    found(made)
    ok(call("POST", f"/v1/permits/{made['id']}/approve", {"digest": made["digest"]}, token="approver"))
    page.reload()
    state(page, "Approved")
    tab_to(page, "button:has-text('Issue')")
    page.keyboard.press("Enter")
    tab_to(page, "form.step button.main")
    page.keyboard.press("Enter")
    state(page, "Issued")


PROPOSED = {
    "«Алтын шумкар» ЖЧК": "«Altyn shumkar» ZHCHK",
    "Бекова Мээрим Өмүрбековна": "Bekova Meerim Omurbekovna",
    "Щербакова Юлия": "Shcherbakova Iuliia",
    "ОсОО «Тянь-Шань Охота»": "OsOO «Tian-Shan Okhota»",
    "Чүй, №12, Ыңгайлуу көч.": "Chui, No. 12, Yngailuu koch.",
    "Already Latin, ʻ": "Already Latin, ʻ",
}


def test_names_are_proposed_by_the_table_of_passports(open_page: Open) -> None:
    """ICAO Doc 9303-3, section 6.A; and what is proposed is Latin script for the service."""
    page = open_page("/desk/")
    made = page.evaluate(
        """async (names) => {
          const start = document.querySelector('script[type=module]').src;
          const { transliterated } = await import(new URL('../shared/transliterate.js', start));
          return names.map(transliterated); }""",
        list(PROPOSED),
    )
    assert made == list(PROPOSED.values())
    assert [foreign_letters(name) for name in made] == [""] * len(made)


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_no_english_is_left(open_page: Open, language: str) -> None:
    made = submitted()
    page = desk(open_page, "preparer", f"#/permit/{made['id']}", language=language, size=PHONE)
    page.locator("#decide").wait_for()
    text = page.locator("body").inner_text()
    for place in ("#/queue/submitted", f"#/prepare/{draft()}", "#/enquiry", "#/stamps", "#/deputies", "#/reports"):
        page.goto(page.url.partition("#")[0] + place)
        page.wait_for_load_state("networkidle")
        text += page.locator("body").inner_text()
    known = [*web_catalogues.extract("desk", language), *web_catalogues.extract("shared", language)]
    english = {str(message.id) for message in known if message.id and len(str(message.id)) > 3}
    assert [line for line in text.splitlines() if line.strip() in english - web_catalogues.SAME] == []
