"""Verdicts, days and hours have the same wording in the browser and in the service, in every language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import Site, axe, outcome
from desk import issued
from playwright.sync_api import Page, expect

from chalicelib.i18n import words
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.verdict import sentences
from chalicelib.verification import public_view
from local.door import WEB
from local.web_catalogues import content, said_by_public, texts_of

Open = Callable[..., Page]
LANGUAGES = ("ky", "ru", "en", "fr")
FACTS = {
    "when": "25 Nov", "post": "Manas", "quantity": "A 2", "waybill": "AWB 1", "number": "26KG000001/E", "duty": "+996",
    "replaced_by": "26KG000002/E", "arrived": "3", "other_post": "Osh", "other_when": "26 Nov", "other_number": "X",
    "blocks": "9", "country": "Kenya", "pages": "2", "missing": "2", "reason": "why",
}  # fmt: skip
MODULES = """
const root = document.querySelector("script[type=module]").src.replace("check/main.js", "");
const [words, i18n] = await Promise.all([import(root + "shared/words.js"), import(root + "shared/i18n.js")]);
"""


def keys() -> list[tuple[str, list[str]]]:
    """Return every verdict code with each case that has a text in the public check."""
    said = [name for name in sentences.CODES if said_by_public(name)]
    return [(name.partition(" ")[0], [case] if (case := name.partition(" ")[2]) else []) for name in said]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_equal_those_of_the_service(open_page: Open, language: str) -> None:
    page = open_page("/1", language=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    few = {"when": "25 Nov"}
    asked = [[code, cases, facts] for code, cases in keys() for facts in ({}, few, FACTS)]
    told = page.evaluate(f"async (asked) => {{ {MODULES} return asked.map((each) => words.text(...each)); }}", asked)
    assert told == [public_view.text(code, language, *cases, **facts) for code, cases, facts in asked]
    settled = page.evaluate(f"async (f) => {{ {MODULES} return words.text('U5', [], f, true); }}", FACTS)
    assert settled == public_view.text("U5", language, cleared=True, **FACTS)
    headlines = [[name.partition(" ")[0], [name.partition(" ")[2]], FACTS] for name in sentences.OUTCOMES]
    told = page.evaluate(
        f"async (asked) => {{ {MODULES} return asked.map((each) => words.outcome(...each)); }}", headlines
    )
    assert told == [public_view.outcome(name, language, *cases, **facts) for name, cases, facts in headlines]
    for name, _, case in (key.partition(" ") for key in sentences.STEPS):
        for facts in ({}, FACTS):
            found = page.evaluate(
                f"async ([name, at, facts]) => {{ {MODULES} return words.steps(name, [at], facts); }}",
                [name, case, facts],
            )
            assert tuple(found) == public_view.next_steps(name, language, case, officer=False, **facts)
    checks = page.evaluate(
        f"async () => {{ {MODULES} return [...Array(12).keys()].map((n) => words.checkName(n + 1)); }}"
    )
    assert checks == [public_view.check_name(number, language) for number in range(1, 13)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_and_hours_equal_those_of_the_service(open_page: Open, language: str) -> None:
    page = open_page("/1", language=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    days = [f"2026-{month:02}-{number:02}" for month in range(1, 13) for number in (1, 2, 28)]
    told = page.evaluate(f"async (days) => {{ {MODULES} return days.map((each) => i18n.day(each)); }}", days)
    assert told == [words.day(each, language) for each in days]
    times = [
        [epoch, zone, hours]
        for epoch in (1_795_600_000, 1_777_593_540, 1_800_000_000, 1_798_761_600)
        for zone in ("Asia/Bishkek", "Asia/Kolkata", "America/New_York", "Europe/Paris", "UTC", "No/Where")
        for hours in (True, False)
    ]
    told = page.evaluate(f"async (times) => {{ {MODULES} return times.map((each) => i18n.moment(...each)); }}", times)
    assert told == [words.moment(epoch, zone, language, hours=hours) for epoch, zone, hours in times]


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_check_is_translated_throughout(site: Site, open_page: Open, language: str) -> None:
    """No English sentence of the code, no key and no brace of a fact on any screen of another language."""
    permit = issued()
    page = open_page("/1", language=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    shown = _text(page)
    page.goto(site.link(permit["qr"]))
    assert outcome(page) == "accept"
    for each in page.locator("summary").all():
        each.click()
    shown += _text(page)
    page.emulate_media(media="print")
    shown += _text(page)
    assert "{" not in shown
    assert "undefined" not in shown
    if language != "en":
        english = {
            text for path in (*WEB.glob("shared/*.js"), *WEB.glob("check/*.js")) for text in texts_of(path.read_text())
        }
        english -= set(content("check", language)["texts"].values())
        left = {text for text in english if len(text) > 3 and any(line == text for line in shown.splitlines())}
        assert left == set()
        assert content("check", language)["countries"]["AE"] in shown
        assert COUNTRIES["AE"] not in shown


def test_language_changes_at_once_and_is_remembered(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page(site.link(permit["qr"]), language="de-CH")
    assert outcome(page) == "accept"
    expect(page.locator(".word")).to_have_text("In order")
    page.get_by_role("button", name="Кыргызча").click()
    expect(page.locator("html")).to_have_attribute("lang", "ky")
    assert outcome(page) == "accept"
    expect(page.locator(".word")).to_have_text("Баары жайында")
    expect(page.locator(".headline")).to_contain_text(public_view.outcome("accept", "ky", "before"))
    expect(page).to_have_title("Tamga: СИТЕС уруксатын текшерүү")
    assert axe(page) == []
    page.goto("about:blank")
    page.goto(f"{site.address}/1")
    expect(page.get_by_role("button", name="Кыргызча")).to_have_attribute("aria-pressed", "true")


def _text(page: Page) -> str:
    found: Any = page.evaluate(
        """() => { document.querySelectorAll("[translate=no], .languages, .mono, textarea").forEach((each) => {
             each.dataset.left = "out"; }); return document.body.innerText; }"""
    )
    return str(found)


def test_language_of_another_country_is_not_offered(open_page: Open) -> None:
    page = open_page("/1", language="uz")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".languages")).to_have_text("Кыргызча Русский English Français", use_inner_text=True)


def test_quantity_has_decimal_comma_in_russian(open_page: Open) -> None:
    page = open_page("/1", language="ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    script = f"""async () => {{ {MODULES} const {{ amount }} = await import(root + "shared/permit-view.js");
      return [amount("12.5", "KGM"), amount("2")]; }}"""
    assert page.evaluate(script) == ["12,5 кг", "2"]
