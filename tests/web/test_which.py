"""The question of required documents: on the public page, as start of an application, and offline at a post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import quota_play
from at_desk import desk
from browsing import DESKTOP, NARROW, PHONE, Site, Watched, axe, beyond, cut, tab_to
from desk import draft, issued, saker
from late import Held
from playwright.sync_api import Page, Route, expect
from scanning import begin, scanned

Open = Callable[..., Page]
SAIGA = {**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W", "term": "HOR", "quantity": "2"}


def say(page: Page, words: str) -> None:
    page.locator("tamga-which").get_by_role("button", name=words).first.click()


def heading(page: Page, words: str) -> None:
    expect(page.locator("tamga-which h1")).to_contain_text(words)


def choose(page: Page, typed: str, taxon: str) -> None:
    page.locator("#which-species").fill(typed)
    page.locator("tamga-which .answer", has_text=taxon).first.click()


def ibex_trophy(page: Page) -> None:
    """Answer all questions for an ibex trophy, with both countries."""
    choose(page, "ibex", "Capra sibirica")
    heading(page, "What happens to the goods?")
    say(page, "They leave the country")
    say(page, "Trophy")
    heading(page, "Is it one of these?")
    say(page, "None of these")
    say(page, "Taken from the wild")
    say(page, "Hunting trophy")
    heading(page, "Which country do they come from first?")
    expect(page.locator("#which-said")).to_have_value("KG")
    say(page, "Continue")
    page.locator("#which-said").select_option("DE")
    say(page, "Continue")
    heading(page, "Documents that are needed: 1")


def test_required_document_is_found_in_two_languages(open_page: Open) -> None:
    page = open_page("/which/", size=NARROW)
    heading(page, "Which permit do I need?")
    assert axe(page) == []
    expect(page.get_by_role("link", name="Films and practice")).to_have_attribute("href", "/training/")
    ibex_trophy(page)
    result = page.locator(".which")
    expect(result).to_contain_text("Certificate of origin")
    expect(result).to_contain_text("Given by: the ministry here")
    expect(result).to_contain_text("Art. V(3)")
    abroad = page.locator(".importer")
    expect(abroad).to_contain_text("The importing country also asks (Germany):")
    expect(abroad).to_contain_text("An import notification at the border of the country of destination")
    expect(abroad).to_contain_text("Regulation (EC) No 338/97, Art. 4(3). Commonly known, 29 November 2026.")
    expect(page.locator("tamga-which")).to_contain_text("Veterinary certificate: not checked by Tamga")
    assert axe(page) == []
    assert beyond(page) == []
    page.get_by_role("button", name="Français").click()
    heading(page, "Documents nécessaires : 1")
    expect(result).to_contain_text("un certificat dit d’où viennent les marchandises")
    expect(result).to_contain_text("Certificat d’origine")
    expect(abroad).to_contain_text("Le pays d’importation demande aussi")
    expect(abroad.locator("li")).to_have_attribute("lang", "en")
    expect(page.locator("tamga-which")).to_contain_text("Certificat vétérinaire\u00a0: non vérifié par Tamga")
    page.locator("#identify").click()
    expect(page.locator("main .note")).to_have_text(
        "L’aide à l’identification existe en anglais, en russe et en kirghiz."
    )
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("main .note")).to_have_count(0)


def test_answer_says_what_comes_and_why_a_kind_is_not_listed(open_page: Open) -> None:
    page = open_page("/which/", size=NARROW, language="ru")
    choose(page, "Pelophylax ridibundus", "Pelophylax ridibundus")
    say(page, "Товар уходит из страны")
    notes = page.get_by_role("region", name="Что говорит о нём список")
    expect(notes).to_contain_text("Приложение II с 1 июня 2027")
    page.get_by_role("button", name="Спросить о другом").click()
    choose(page, "собака", "Canis familiaris")
    say(page, "Товар уходит из страны")
    say(page, "Рождён в неволе")  # a wild one may be a wolf
    expect(notes).to_contain_text("Домашняя форма")
    assert axe(page) == []


def test_late_answer_and_late_language_are_ignored(open_page: Open) -> None:
    page = open_page("/which/", size=NARROW)
    ibex_trophy(page)
    late: list[Route] = []
    page.route("**/v1/requirements?*destination=US*", lambda route: late.append(route))  # noqa: PLW0108
    page.locator(".said div").last.get_by_role("button").click()
    page.locator("#which-said").select_option("US")
    say(page, "Continue")
    say(page, "Back")
    page.locator("#which-said").select_option("DE")
    say(page, "Continue")
    heading(page, "Documents that are needed: 1")
    late[0].fulfill(json=late[0].fetch().json() | {"decision": "prohibited"})
    page.wait_for_timeout(300)
    heading(page, "Documents that are needed: 1")
    russian = Held(page, "**/i18n/which.ru.json")
    page.get_by_role("button", name="Русский").click()
    russian.wait()
    page.get_by_role("button", name="Français").click()
    heading(page, "Documents nécessaires : 1")
    russian.let()
    heading(page, "Documents nécessaires : 1")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_personal_effects_show_the_allowance(open_page: Open) -> None:
    page = open_page("/which/", size=PHONE)
    choose(page, "Acipenser baerii", "Acipenser baerii")
    say(page, "They leave the country")
    say(page, "Caviar")
    say(page, "Personal or household things")
    say(page, "Animal bred in captivity")
    say(page, "In another country")
    page.locator("#which-said").fill("100")
    say(page, "Continue")
    say(page, "Continue")
    say(page, "Continue")
    heading(page, "No CITES document is needed")
    expect(page.locator(".which .note")).to_contain_text("125 g a person")
    page.locator(".said div", has_text="How much is it?").get_by_role("button").click()
    page.locator("#which-said").fill("2000")
    for _ in range(3):
        say(page, "Continue")
    expect(page.locator("tamga-which .said")).to_contain_text("2000 g")


def test_figures_are_translated_and_foreign_remark_names_its_source(open_page: Open) -> None:
    page = open_page("/which/", size=NARROW, language="ru")
    page.route("**/v1/species?*", foreign_remark)
    choose(page, "Acipenser baerii", "Acipenser baerii")
    for words in ("Товар уходит из страны", "икра"):
        say(page, words)
    page.locator("tamga-which summary").click()
    said = page.locator("tamga-which .answer", has_text="All parts except").locator("small")
    expect(said.first).to_have_text("На английском, слова источника: Species+, 2026-10-01. All parts except dried ones")
    expect(said.locator("q [lang=en]")).to_have_text("All parts except dried ones")
    assert axe(page) == []
    for words in ("Личные или домашние вещи", "разведённое в неволе", "В другой стране"):
        say(page, words)
    page.locator("#which-said").fill("100,5")
    for _ in range(3):
        say(page, "Дальше")
    expect(page.locator(".which .note")).to_contain_text("125 г на человека")
    expect(page.locator("tamga-which .said")).to_contain_text("100,5 г")


def foreign_remark(route: Route) -> None:
    """Add a remark in English to the species, as a list put in use by the ministry may have."""
    body = route.fetch().json()
    for each in body["items"]:
        each |= {"annotation": "All parts except dried ones", "source": "Species+, 2026-10-01"}
    route.fulfill(json=body)


def test_answers_are_taken_over_into_the_application(open_page: Open, watched: Watched) -> None:
    watched.expected.append("status of 422")
    page = open_page("/exporter/#which", size=PHONE)
    ibex_trophy(page)  # nobody has signed in
    page.evaluate("sessionStorage.setItem('tamga.token', 'applicant')")
    page.reload()
    ibex_trophy(page)
    assert axe(page) == []
    page.get_by_role("button", name="Кыргызча").click()
    expect(page.locator("tamga-which")).to_contain_text("V(3)-берене")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Begin the application with these answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which document do you need?")
    expect(page.get_by_label("Certificate of origin")).to_be_checked()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who sends the goods?")
    at = page.url.partition("#")[2].partition("/")[0]
    page.goto(page.url.partition("#")[0] + f"#{at}")
    for words in ("Capra sibirica", "Hunting trophy"):
        expect(page.locator("main")).to_contain_text(words)


def test_required_document_is_found_offline_by_officer(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    quota_play.enter(site.office, replace(quota_play.QUOTA, terms=(), sources=("C",)))
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#which").click()
    heading(page, "Which document should I see?")
    assert axe(page) == []
    choose(page, "балобан", "Falco cherrug")
    say(page, "They come into the country")
    small = page.locator(".answer").evaluate_all(
        "(all) => all.filter((e) => e.getBoundingClientRect().height < 56).length"
    )
    assert small == 0
    say(page, "Live")
    say(page, "None of these")
    say(page, "Taken from the wild")
    say(page, "Commercial")
    page.locator("#which-said").select_option("RU")
    say(page, "Continue")
    page.locator("#which-said").select_option("KZ")
    say(page, "Continue")
    heading(page, "Documents that are needed: 1")
    expect(page.locator(".which")).to_contain_text("Re-export certificate")
    expect(page.locator(".which")).to_contain_text("Given by: Kazakhstan")
    expect(page.locator("tamga-which")).to_contain_text("Veterinary certificate: not checked by Tamga")
    assert page.locator(".quota").count() == 0  # no quota of ours applies to an import
    assert axe(page) == []
    assert beyond(page) == []
    page.get_by_role("button", name="Ask about something else").click()
    choose(page, "argali", "Ovis ammon")
    for words in ("They leave the country", "Trophy", "None of these", "Taken from the wild", "Hunting trophy"):
        say(page, words)
    say(page, "Continue")
    page.locator("#which-said").select_option("DE")
    say(page, "Continue")
    expect(page.locator(".which")).to_contain_text("Regulation (EC) No 338/97, Art. 4(2)")
    page.get_by_role("button", name="Leave the questions").click()
    scanned(page, permit["qr"])
    page.locator(".ask-which").click()  # the signed permit answers all questions
    heading(page, "Documents that are needed: 1")
    expect(page.locator(".which")).to_contain_text("Certificate of captive breeding")
    expect(page.locator(".which")).to_contain_text("Instead of it serves: Export permit")
    expect(page.locator(".quota")).to_contain_text("2026: 5 specimens")
    page.get_by_role("button", name="Back to the verdict").click()
    page.locator(".verdict").wait_for()


def test_reason_of_hard_stop_offline_is_in_russian(open_page: Open, watched: Watched) -> None:
    page = open_page("/scan/", size=NARROW, token="bekzat", language="ru")
    begin(page)
    cut(page, watched)
    page.locator("#which").click()
    choose(page, "сайгак", "Saiga tatarica")
    for words in ("Товар уходит из страны", "рог", "Ничего из этого", "Изъят из дикой природы", "Коммерция"):
        say(page, words)
    for country in ("KG", "KZ"):  # of origin, of destination
        page.locator("#which-said").select_option(country)
        say(page, "Дальше")
    expect(page.locator(".which")).to_contain_text("Нулевая квота на изъятых из природы животных")


@pytest.mark.usefixtures("refusals")
def test_exception_to_hard_stop_needs_second_person_and_is_counted(open_page: Open) -> None:
    mine = open_page("/exporter/", size=PHONE)
    mine.evaluate("sessionStorage.setItem('tamga.token', 'applicant')")
    mine.goto(mine.url + f"#{draft('applicant', purpose='T', lines=[SAIGA])}")
    mine.reload()
    expect(mine.locator("main")).to_contain_text("Only the ministry can grant an exception")
    permit = draft(purpose="T", lines=[SAIGA])
    page = desk(open_page, "preparer", f"#/prepare/{permit}")
    expect(page.get_by_role("region", name="Still open: 1")).to_contain_text("an approver may grant an exception")
    page = desk(open_page, "preparer", f"#/permit/{permit}")
    expect(page.get_by_role("region", name="Stopped: 1")).to_contain_text("Zero quota")
    expect(page.get_by_role("region", name="Stopped: 1")).to_contain_text("Only an approver who took no part in this")
    asked = page.locator("section[aria-labelledby=needed]")
    expect(asked).to_contain_text("not allowed")
    expect(asked).to_contain_text("Stopped since")
    page.get_by_role("button", name="Русский").click()  # the page fetches the service's sentences again
    expect(asked).to_contain_text("Остановлено с 26 ноября 2019")
    page = desk(open_page, "approver", f"#/permit/{permit}", size=DESKTOP)
    stopped = page.get_by_role("region", name="Stopped: 1")
    stopped.get_by_label("Why an exception is justified").fill("The Secretariat confirmed it in writing.")
    stopped.get_by_role("button", name="Grant the exception").click()
    passed = page.get_by_role("region", name="Exceptions granted")
    expect(passed).to_contain_text("Exception granted by Bakyt Approver")
    expect(passed).to_contain_text("The Secretariat confirmed it in writing.")
    expect(page.get_by_role("region", name="Who did what")).to_contain_text("Exception granted")
    assert axe(page) == []
    page = desk(open_page, "preparer", f"#/prepare/{permit}")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("h1 .state")).to_have_text("Submitted")
    page = desk(open_page, "a-auditor", "#/reports")
    expect(page.get_by_role("region", name="Exceptions granted this year")).to_contain_text("Bakyt Approver: 1")
    assert axe(page) == []


def test_unknown_species_is_found_in_identification_aid(open_page: Open) -> None:
    page = open_page("/which/", size=NARROW)
    tab_to(page, "#identify")
    page.keyboard.press("Enter")
    for selector in ('[data-answer="horn"]', '[data-answer="0"]', '.hand [data-candidate="argali-horn"]'):
        page.locator(selector).wait_for()
        assert page.evaluate("document.activeElement.tagName") == "H1"
        assert (axe(page), beyond(page)) == ([], [])
        tab_to(page, selector)
        page.keyboard.press("Enter")
    expect(page.locator("main h1").first).to_have_text("Argali (Marco Polo sheep)")
    assert (axe(page), beyond(page)) == ([], [])
    expect(page.locator("main > tamga-which")).to_be_hidden()
    page.locator("#ident-which").click()
    heading(page, "What happens to the goods?")  # the species is known and not asked again
    say(page, "They leave the country")
    expect(page.locator("tamga-which .answer[aria-pressed=true]")).to_have_text("Horn")  # known from the aid
    page.locator("tamga-which").get_by_role("button", name="Back").click()
    page.go_back()
    expect(page.locator("main h1").first).to_have_text("Argali (Marco Polo sheep)")
    page.locator("#leave-aid").click()
    expect(page.locator("main > tamga-which")).to_be_visible()
    expect(page.locator("#identify")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "name", "spoken"), [("fr", "Argali (Marco Polo sheep)", "en"), ("ky", "Аркар (памир кулжасы)", "ky")]
)
def test_identification_aid_falls_back_to_english_in_french(
    open_page: Open, language: str, name: str, spoken: str
) -> None:
    page = open_page("/which/#/identify/argali-horn", language=language)
    expect(page.locator("main h1").first).to_have_text(name)
    assert (
        page.locator("main h1").first.evaluate("(it) => (it.querySelector('[lang]') ?? it).closest('[lang]').lang")
        == spoken
    )
    assert axe(page) == []


def test_failed_aid_is_loaded_again_and_unlisted_species_has_no_question(open_page: Open, watched: Watched) -> None:
    watched.expected += ["Failed to load resource"]
    page = open_page("/which/")
    page.route("**/v1/identification", lambda route: route.abort())
    page.locator("#identify").click()
    expect(page.locator("main h1").first).to_have_text("No answer at the moment")
    assert axe(page) == []
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("main h1").first).to_have_text("What is in the hand?")
    page.goto(page.url.partition("#")[0] + "#/identify/ram-horn")
    expect(page.locator("main h1").first).to_have_text("Domestic ram")
    expect(page.locator("#ident-which")).to_have_count(0)
