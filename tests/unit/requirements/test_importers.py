"""The rules of importing countries (`importers.csv`): their form, and what is shown for goods from here."""

from __future__ import annotations

import re
from datetime import date

import pytest

from chalicelib.kernel.codes import KINGDOMS, TERMS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.requirements import services
from chalicelib.requirements.model.importers import EU, Confidence, ImporterRule, Need
from chalicelib.requirements.model.requirements import Question
from chalicelib.requirements.services import find_requirements
from chalicelib.species.services import list_in_use

TODAY = date(2026, 11, 30)
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
NAME = re.compile(r"[A-Z][a-z]+( [a-z]+)?")
ARGALI = ("Ovis ammon", "Ovis polii", "Ovis karelini")


def rules(name: str, destination: str, term: str = "LIV", direction: str = "export") -> tuple[ImporterRule, ...]:
    asked = Question(None, direction, term, "W", "H", destination=destination)
    return find_requirements(name, asked, listing=list_in_use.listing(), today=TODAY, issuer="KG").importers


def needs(name: str, destination: str, term: str = "LIV") -> list[tuple[str, str]]:
    return [(each.needs.value, each.annex) for each in rules(name, destination, term)]


@pytest.mark.parametrize("country", ["DE", "PL", "GB"])
def test_eu_and_britain_ask_by_annex(country: str) -> None:
    assert needs("Falco peregrinus", country) == [("import_permit", "A")]
    assert needs("Falco cherrug", country) == [("import_permit", "A")]
    assert needs("Testudo horsfieldii", country) == [("import_permit", "B")]
    assert needs("Capra sibirica", country, "TRO") == [("import_notification", "C")]
    assert needs("Mustela altaica", country, "SKI") == [("import_notification", "D")]


@pytest.mark.parametrize("name", ARGALI)
def test_argali_trophy_is_asked_for_in_eu_and_united_states(name: str) -> None:
    assert needs(name, "DE", "TRO") == [("import_permit", "B"), ("import_permit", "B")]
    assert needs(name, "DE", "SKI") == [("import_permit", "B")]
    assert needs(name, "US", "TRO") == [("esa_permit", ""), ("declaration", "")]


@pytest.mark.parametrize(
    ("name", "country", "term", "expected"),
    [
        ("Testudo horsfieldii", "CH", "LIV", ["import_permit"]),
        ("Panthera uncia", "US", "SKI", ["import_permit"]),
        ("Testudo horsfieldii", "CA", "LIV", ["document_before"]),
        ("Falco cherrug", "AE", "LIV", ["passport", "import_permit"]),
        ("Falco cherrug", "AE", "FEA", ["import_permit"]),
        ("Testudo horsfieldii", "CN", "LIV", ["import_permit", "approval"]),
        ("Panthera uncia", "RU", "SKI", ["import_permit"]),
        ("Testudo horsfieldii", "RU", "LIV", ["import_permit"]),
        ("Capra sibirica", "KZ", "TRO", ["import_permit"]),
        ("Dactylorhiza umbrosa", "KZ", "LIV", []),
        ("Testudo horsfieldii", "TR", "LIV", ["import_permit"]),
        ("Panthera uncia", "JP", "SKI", ["approval"]),
        ("Testudo horsfieldii", "JP", "LIV", ["approval"]),
        ("Testudo horsfieldii", "JP", "CAP", []),
        ("Testudo horsfieldii", "AU", "LIV", []),
        ("Ovis aries", "DE", "TRO", []),
    ],
)
def test_other_countries_ask_for(name: str, country: str, term: str, expected: list[str]) -> None:
    assert [each.needs.value for each in rules(name, country, term)] == expected


@pytest.mark.parametrize("direction", ["import", "transit", "return", "sea"])
def test_nothing_is_shown_unless_goods_leave(direction: str) -> None:
    assert rules("Falco cherrug", "DE", direction=direction) == ()


def test_each_rule_has_source_day_and_three_languages() -> None:
    every = services.importers()
    assert {country for each in every for country in each.countries} >= EU | {"GB", "CH", "US", "AE", "CN", "RU", "KZ",
                                                                              "TR", "JP"}  # fmt: skip
    for each in every:
        assert each.countries <= set(COUNTRIES)
        assert each.terms <= set(TERMS)
        assert each.kingdoms <= set(KINGDOMS)
        assert each.source
        assert date.fromisoformat(each.as_of) <= TODAY
        assert not CYRILLIC.search(each.texts["en"])
        assert CYRILLIC.search(each.texts["ru"])
        assert CYRILLIC.search(each.texts["ky"])
        assert all(NAME.fullmatch(taxon) for taxon in each.taxa | each.except_taxa)
        assert each.appendices
    assert {each.needs for each in every} == set(Need)
    assert {each.confidence for each in every} == set(Confidence)


def test_taxa_of_one_annex_are_left_out_of_the_other() -> None:
    """Otherwise one species would be shown in two annexes."""
    every = [each for each in services.importers() if "DE" in each.countries or "GB" in each.countries]
    for special, general in (("A", "B"), ("D", "C")):
        named = {(each.countries, each.taxa) for each in every if each.annex == special and each.taxa}
        left = {(each.countries, each.except_taxa) for each in every if each.annex == general and each.except_taxa}
        assert named == left


def test_text_is_in_readers_language_or_the_next_one() -> None:
    rule = services.importers()[0]
    said = {language: services.importer_text(rule, language) for language in ("en", "ru", "ky", "uz", "fr")}
    assert said == {**rule.texts, "uz": rule.texts["ru"], "fr": rule.texts["en"]}


def test_old_pages_still_get_import_permits_for_single_taxa() -> None:
    part = services.for_devices(services.importers())
    old = {(each["taxon"], country) for each in part["stricter"] for country in each["countries"]}
    assert {("Ovis ammon", "DE"), ("Ovis ammon", "US"), ("Falco cherrug", "DE")} <= old
    assert {frozenset(each) for each in part["stricter"]} == {
        frozenset({"taxon", "countries", "terms", "needs", "source"})
    }
    assert len(part["importers"]) == len(services.importers())
