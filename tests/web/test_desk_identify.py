"""The identification aid at the desk, for users without a scanner. Each step has an address."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from at_desk import desk
from browsing import NARROW, Site, Watched, axe, beyond, shifts, tab_to
from playwright.sync_api import LocatorAssertions, Page, Route, expect

from chalicelib.identification import services as identification

Open = Callable[..., Page]
ARGALI = "#/identify/horn/0/argali-horn"
STEPS = ("What is in the hand?", "What is the horn like?", "It may be one of these", "Argali (Marco Polo sheep)")


def heading(page: Page) -> LocatorAssertions:
    return expect(page.locator("main h1"))


def test_candidate_is_reached_and_left_by_keyboard_on_narrow_screen(open_page: Open) -> None:
    page = desk(open_page, "bekzat", size=NARROW)  # a border officer without a scanner
    page.get_by_role("link", name="Identification aid").focus()
    page.keyboard.press("Enter")
    pressed = ('[data-answer="horn"]', '[data-answer="0"]', '.hand [data-candidate="argali-horn"]')
    for words, selector in zip(STEPS, pressed, strict=False):
        heading(page).to_have_text(words)
        assert page.evaluate("document.activeElement.tagName") == "H1"
        assert (axe(page), shifts(page), beyond(page)) == ([], [], [])
        tab_to(page, selector)
        page.keyboard.press("Enter")
    heading(page).to_have_text(STEPS[-1])
    assert page.url.endswith(ARGALI)
    assert page.evaluate("scrollY") == 0
    painted = page.locator("svg.drawing").first.evaluate("(it) => it.getBBox().width")  # an empty drawing has width 0
    assert painted > 100
    page.locator("#sources summary").click()
    expect(page.locator("#sources li").first).to_contain_text("Schaller")
    assert (axe(page), beyond(page)) == ([], [])

    page.locator('.alike [data-candidate="ram-horn"]').click()
    heading(page).to_have_text("Domestic ram")
    expect(page.locator("main")).to_contain_text("not listed by CITES")
    for words in reversed(STEPS):
        page.locator("#ident-back").click()
        heading(page).to_have_text(words)
    expect(page.locator("#ident-back")).to_have_count(0)
    page.go_back()
    heading(page).to_have_text(STEPS[1])


def test_unknown_answer_shows_all_candidates_and_advice(open_page: Open) -> None:
    page = desk(open_page, "scientist", "#/identify/horn")
    page.get_by_role("button", name="I cannot tell").click()
    heading(page).to_have_text("It may be one of these")
    assert page.url.endswith("#/identify/horn/all")
    shown = page.locator(".hand .card").evaluate_all("(all) => all.map((each) => each.dataset.candidate)")
    assert {"argali-horn", "ibex-horn", "saiga-horn"} <= set(shown)
    expect(page.locator("main")).to_contain_text("An officer asks the Scientific Authority")


@pytest.mark.parametrize(
    ("language", "name", "aid", "look"),
    [("ky", "Аркар (памир кулжасы)", "Аныктагыч", "Мына муну караңыз"),
     ("ru", "Архар (памирский баран)", "Определитель", "Смотрите на это")],
)  # fmt: skip
def test_identification_aid_is_translated(open_page: Open, language: str, name: str, aid: str, look: str) -> None:
    page = desk(open_page, "preparer", ARGALI, language=language)
    heading(page).to_have_text(name)
    expect(page.get_by_role("link", name=aid)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("heading", name=look)).to_be_visible()
    assert axe(page) == []


def test_appendix_comes_from_the_species_list_in_use(open_page: Open) -> None:
    """The list of the service may be newer than the files of the aid."""

    def newer(route: Route) -> None:
        told = route.fetch().json()
        for each in told["candidates"]:
            if each["id"] in {"argali-horn", "ibex-horn", "ram-horn"}:
                each.update(appendix={"argali-horn": "I", "ibex-horn": "0", "ram-horn": "II"}[each["id"]], in_list=True)
            if each["id"] == unlisted:
                each.update(in_list=False)
        told["candidates"].append(
            {**told["candidates"][0], "id": "horn-of-later", "in_list": False}
        )  # from a newer release
        route.fulfill(content_type="application/json", body=json.dumps(told))

    unlisted = next(name for name, made in identification.identification()["candidates"].items() if made.get("listing"))
    page = desk(open_page, "approver")
    page.route("**/v1/identification", newer)
    page.goto(page.url.partition("#")[0] + ARGALI)
    expect(page.locator("main p", has_text="Ovis ammon")).to_contain_text("Appendix I")
    expect(page.locator('.alike [data-candidate="ram-horn"]')).to_contain_text("Appendix II")
    expect(page.locator('.alike [data-candidate="ibex-horn"]')).to_contain_text("not listed by CITES")
    page.goto(page.url.partition("#")[0] + f"#/identify/{unlisted}")
    expect(page.locator("main")).to_contain_text("not in the ministry’s list of species")


@pytest.mark.parametrize(
    ("address", "words"),
    [("constructor", STEPS[0]), ("horn/99", STEPS[1]), ("dragon-horn", STEPS[0]),
     ("horn/toString", "Permits and applications"), ("horn/0/argali-horn/-", STEPS[3]),
     ("saker", "Saker"), ("horn/0" + 25 * "/argali-horn/ram-horn", "Domestic ram")],
)  # fmt: skip
def test_invalid_address_shows_last_valid_step(open_page: Open, address: str, words: str) -> None:
    page = desk(open_page, "preparer", f"#/identify/{address}")
    heading(page).to_contain_text(words)


def test_failed_load_shows_a_message_and_is_repeated(open_page: Open, watched: Watched) -> None:
    watched.expected += ["Failed to load resource"]
    page = desk(open_page, "preparer")
    page.route("**/data/identification/horns.json", lambda route: route.abort())
    page.get_by_role("link", name="Identification aid").click()
    expect(page.get_by_role("alert").first).to_contain_text("does not answer")
    page.unroute_all()
    page.get_by_role("link", name="Permits", exact=True).click()
    page.get_by_role("link", name="Identification aid").click()
    heading(page).to_have_text(STEPS[0])


def test_applicant_sees_no_identification_aid(open_page: Open, site: Site) -> None:
    page = open_page("/desk/#/identify", token="applicant")
    heading(page).to_have_text("CITES desk of the ministry")
    expect(page.get_by_role("link", name="Identification aid")).to_have_count(0)


def test_case_and_permits_open_from_the_result(open_page: Open) -> None:
    page = desk(open_page, "bekzat", "#/identify/mammal/1/snow-leopard-cub", size=NARROW)
    heading(page).to_have_text("Snow leopard cub")
    expect(page.locator("#ident-permits")).to_have_count(0)  # an officer does not see the queue
    assert axe(page) == []
    page.locator("#ident-case").click()
    expect(page.locator("#f-goods-0-scientific_name")).to_have_value("Panthera uncia")
    expect(page.locator("#f-goods-0-term")).to_have_value("LIV")
    expect(page.locator("#f-goods-0-description")).to_have_value("Identification aid: Live mammal or its young › Cat")
    page = desk(open_page, "preparer", "#/identify/horn/0/argali-horn")
    page.locator("#ident-permits").click()
    assert page.url.endswith("#/search/Ovis%20ammon")


def test_question_says_whom_to_ask_when_unclear(open_page: Open) -> None:
    page = desk(open_page, "bekzat", "#/identify/meat")
    page.locator("#unclear summary").click()
    expect(page.locator("#unclear")).to_contain_text("Scientific Authority")
    assert axe(page) == []
