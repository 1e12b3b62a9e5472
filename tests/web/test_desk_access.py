"""Accessibility of the desk: keyboard, narrow screen, each language, any address."""

from __future__ import annotations

import pytest
from at_desk import Open, desk, state
from border import Phone
from browsing import NARROW, ZOOMED, Site, axe, beyond, moved, tab_to
from desk import draft, found, issued, ok, saker, submitted
from enforcing import a_case, an_entry, paper_asked, question_asked
from http_client import call
from office import MemoryOffice
from party_certificates import emirates
from party_services import Answering
from playwright.sync_api import expect
from suspecting import flagged, overridden

from chalicelib.exchange.epix.soap import OPERATIONS
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.text import foreign_letters
from local import web_catalogues

pytestmark = pytest.mark.usefixtures("refusals")


def test_unrequested_sign_in_answer_is_ignored(open_page: Open) -> None:
    page = open_page("/desk/?code=abc&state=def")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("/desk/")
    assert axe(page) == []


@pytest.mark.parametrize("answer", ["?error=access_denied", "?code=abc&state=def"])
def test_failed_sign_in_answer_ends_the_session(open_page: Open, answer: str) -> None:
    page = desk(open_page, "preparer")
    page.evaluate("sessionStorage.setItem('tamga.refresh', 'preparer')")
    page.goto(page.url.partition("#")[0].partition("?")[0] + answer)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Sign in")
    page.reload()
    expect(heading).to_have_text("Sign in")
    assert page.evaluate("Object.keys(sessionStorage).filter((each) => /token|refresh/.test(each))") == []


@pytest.mark.parametrize("hash_", ["#/permit/%", "#/search/%E0%A4%A"])
def test_malformed_address_shows_the_queue(open_page: Open, hash_: str) -> None:
    page = desk(open_page, "preparer", hash_)
    expect(page.get_by_role("heading", level=1)).to_have_text("Permits and applications")


def test_queue_shows_longest_waiting_first_and_searches(site: Site, open_page: Open) -> None:
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


def test_finding_and_issue_work_by_keyboard_alone(open_page: Open) -> None:
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
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("link", name="Разрешения").first).to_be_visible()
    expect(page.get_by_text("Done.")).to_have_count(0)  # the message was in the earlier language
    page.get_by_role("button", name="English").click()

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


def test_proposed_names_follow_passport_transliteration(open_page: Open) -> None:
    """ICAO Doc 9303-3, section 6.A. The service accepts the proposals as Latin script."""
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


def everything_there_is(office: MemoryOffice) -> list[str]:
    """Create an item for each screen of the desk; return the addresses."""
    paper, case, flag, entry = paper_asked(""), a_case(), flagged(), an_entry()
    ok(call("POST", "/v1/stamps", {"prefix": "KG-A ", "first": "000001", "last": "000003"}, token="a-admin"), 201)
    figure = {"year": 2026, "scientific_name": "Ovis ammon", "quantity": "5", "terms": ["TRO"], "as_of": "2026-01-15"}
    quota = ok(call("POST", "/v1/quotas", {**figure, "source": "Order 12"}, token="a-admin"), 201)
    question = question_asked("")
    overridden()
    Phone(office)
    office.parties = Answering()
    listed = {"certificates": [emirates().thumbprint], "may": list(OPERATIONS), "active": True, "note": "letter 7"}
    ok(call("PUT", "/v1/exchange/parties/AE", listed, token="a-admin"))
    stopped = draft(purpose="T", lines=[{**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W"}])
    run = ok(call("GET", "/v1/stamps", token="preparer"))["items"][0]["id"]
    made, done = submitted(), issued()
    return [
        "#/queue/submitted", "#/queue/issued", "#/queue/", "#/search/cherrug", f"#/permit/{made['id']}",
        f"#/permit/{done['id']}", f"#/permit/{stopped}", f"#/prepare/{draft()}", "#/prepare/new", "#/quotas",
        f"#/quotas/{quota['id']}", "#/stamps", f"#/stamps/{run}", "#/deputies", "#/experts",
        f"#/experts/{question['id']}", "#/reports", "#/foreign", f"#/foreign/{paper['id']}", "#/cases",
        f"#/cases/{case['id']}", "#/cases/new", "#/alerts", "#/watch", f"#/watch/{entry['id']}", "#/patterns",
        f"#/patterns/{flag['id']}", "#/operations", "#/devices", "#/duty", "#/enquiry", "#/species",
        "#/exchange", "#/exchange/AE", f"#/foreign/{paper['id']}/correct", f"#/cases/{case['id']}/edit",
    ]  # fmt: skip


# Find three consecutive words of Latin letters outside of data: names, marks, sources (in brackets), titles, letters.
ENGLISH = """() => [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility())
  .flatMap((each) => [...each.childNodes].filter((node) => node.nodeType === 3)).filter((node) =>
    !node.parentElement.closest(
      "[translate=no], textarea, .mono, .languages, small[lang=en], q[lang=en], cite[lang=en]"))
  .map((node) => node.data.replace(/\\([^()]*\\)/g, "").trim())
  .filter((text) => /[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}/.test(text))"""


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_every_screen_fits_passes_axe_and_is_translated(site: Site, open_page: Open, language: str) -> None:
    roles = {"preparer", "scientist", "approver", "auditor", "admin", "enforcement", "customs"}
    site.office.people["all"] = Actor("u-aizada", "All", frozenset(roles), frozenset({"*"}))
    places = everything_there_is(site.office)
    page = desk(open_page, "all", places[0], language=language, size=NARROW)
    known = [*web_catalogues.extract("desk", language), *web_catalogues.extract("shared", language)]
    english = {str(message.id) for message in known if message.id and len(str(message.id)) > 3} - web_catalogues.SAME
    wrong = []
    for place in places:
        page.evaluate("(place) => { scrollTo(0, 0); location.hash = place; }", place)
        page.wait_for_load_state("networkidle")
        jumped = moved(page)
        for folded in page.locator("details:not([open]) > summary").all():
            folded.click()
        lines = page.locator("body").inner_text().splitlines()
        left = [*{line.strip() for line in lines} & english, *page.evaluate(ENGLISH)]
        wide = beyond(page)
        if language == "ru":  # only in Russian, which has the longest words
            page.set_viewport_size(ZOOMED)
            wide += [f"200 %: {each}" for each in (*beyond(page), *axe(page))]
            page.set_viewport_size(NARROW)
            moved(page)
        wrong += [f"{place}: {each}" for each in (*wide, *left, *jumped)]
    assert not wrong, "\n".join(wrong)
