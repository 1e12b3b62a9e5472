"""Catalogues of the pages: complete in every language of each page, with the server's words for a verdict."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.kernel import codes, document_kinds
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.verdict import sentences
from chalicelib.verification import public_view
from chalicelib.verification.model import foreign_permit
from local import site, web_catalogues
from local.door import WEB, doors
from local.web_catalogues import NotLiteral, content, texts_of, translated

EACH = [(door.name, language) for door in doors() for language in door.languages]


def test_every_sentence_is_translated_with_its_placeholders() -> None:
    assert list(web_catalogues.faults()) == []


def test_missing_translation_and_missing_placeholder_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (WEB / "locale").glob("*.po"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(web_catalogues, "LOCALE", tmp_path)
    po = tmp_path / "check.ky.po"
    text = po.read_text("utf-8")
    po.write_text(text.replace('msgstr "Реестр: жооп жок."', 'msgstr ""').replace("Текшерилген: {when}", "Текшерилген"))
    told = list(web_catalogues.faults())
    assert [each.split(":")[0] + each.split(":")[1] for each in told] == [
        "check ky other facts than in 'Checked", "check ky not translated",
    ]  # fmt: skip


def test_two_translations_of_one_sentence_on_a_page_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (WEB / "locale").glob("*.po"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(web_catalogues, "LOCALE", tmp_path)
    po = tmp_path / "desk.ru.po"
    text = po.read_text("utf-8")
    po.write_text(text.replace('msgid "Quantity"\nmsgstr "Количество"', 'msgid "Quantity"\nmsgstr "Сколько"'))
    assert list(web_catalogues.faults()) == ["desk ru: otherwise than in shared: 'Quantity': 'Сколько', 'Количество'"]


def test_sentences_are_found_in_code() -> None:
    code = """
    // t("not this")
    /** t("nor this") */
    const a = html`<p>${t('One')} ${b ? html`<i>${t("Two {x}", { x })}</i>` : ""} ${t("Three's")}</p>`;
    t("Four " + "five"); not("six"); format("seven"); held.t("eight");
    export function t(message) {}
    """
    assert list(texts_of(code)) == ["One", "Two {x}", "Three's", "Four five"]
    for bad in ("t(message)", "t(`template`)", "t(a ? 'b' : 'c')"):
        with pytest.raises(NotLiteral):
            list(texts_of(bad))


@pytest.mark.parametrize(("door", "language"), EACH)
def test_catalogue_has_the_servers_words_and_every_code(door: str, language: str) -> None:
    made = content(door, language)
    assert made["language"] == language
    never = {name for name in sentences.CODES if door == "check" and not web_catalogues.said_by_public(name)}
    assert set(made["verdict"]["codes"]) == set(sentences.CODES) - never
    assert made["verdict"]["codes"]["S1"][-1] == public_view.text("S1", language)
    assert made["verdict"]["steps"]["hold"][0][0] == public_view.next_steps("hold", language)[0]
    assert made["verdict"]["checks"]["4"] == public_view.check_name(4, language)
    assert len(made["dates"]["months"]) == 12
    assert COUNTRIES.keys() <= made["countries"].keys()
    assert set(made["codes"]) == {"kinds", "purposes", "sources", "terms", "units"}
    for name, table in (("kinds", document_kinds.KINDS), ("terms", codes.TERMS), ("sources", codes.SOURCES)):
        assert made["codes"][name].keys() == table.keys()


@pytest.mark.parametrize("language", ["fr", "ky", "ru", "uz"])
def test_each_remark_on_foreign_papers_has_words_in_each_language(language: str) -> None:
    source = (WEB / "shared" / "foreign.js").read_text("utf-8")
    table = source[source.index("remarkWord(") : source.index("answerWord(")]
    words = dict(re.findall(r'^    (\w+): t\("([^"]+)"\),$', table, re.MULTILINE))
    assert words.keys() == set(foreign_permit.REMARKS)
    assert all(translated("shared", language)[text] not in {"", text} for text in words.values())


def test_remarks_of_species_tables_are_on_pages_that_show_them() -> None:
    texts = set(web_catalogues.catalogues.sentences(web_catalogues.extract("remarks", "ky")))
    assert "Listed by Pakistan. What Kyrgyzstan exports goes with a certificate of origin (Art. V(3))" in texts
    for door in ("desk", "exporter", "scan", "which"):
        assert content(door, "ky")["remarks"].keys() == content(door, "ru")["remarks"].keys() == texts
    assert content("check", "ky")["remarks"] == content("scan", "en")["remarks"] == {}  # other pages do not load them


def test_no_page_shows_english_text_of_the_service() -> None:
    """English are letters that go abroad and remarks of foreign lists.

    The service's text about a fault is for programs.
    """
    own = [path for door in doors() for path in (WEB / door.name).rglob("*.js")] + list((WEB / "shared").glob("*.js"))
    lines = [(path.name, line) for path in own for line in path.read_text("utf-8").splitlines()]
    quoted = [(name, line) for name, line in lines if ' lang="en"' in line and "<textarea" not in line]
    assert {name for name, _ in quoted} == {"remark.js"}
    said = [
        (name, line)
        for name, line in lines
        if re.search(r"[$][{](fault|problem|error|each)[.](detail|message)[}]", line)
    ]
    assert [name for name, line in said if 'language() === "en"' not in line] == []


def test_page_gets_only_the_shared_sentences_it_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "check/main.js": 'import { a } from "../shared/a.js"; t("own"); await import("../shared/later.js");',
        "shared/a.js": 'import { b } from "./b.js";\nt("a")',
        "shared/b.js": 't("b")',
        "shared/c.js": 't("c")',
        "shared/later.js": 't("later")',
    }
    for name, code in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(code)
    monkeypatch.setattr(web_catalogues, "WEB", tmp_path)
    monkeypatch.setattr(site, "WEB", tmp_path)
    assert sorted(text for _, code in web_catalogues.shared_modules("check") for text in texts_of(code)) == [
        "a",
        "b",
        "later",
    ]


@pytest.mark.parametrize(("door", "language"), [each for each in EACH if each[1] in {"ru", "ky"}])
def test_no_english_is_left_in_cyrillic_letters(door: str, language: str) -> None:
    """Latin words allowed in Cyrillic text: names without another spelling, and quotations from the paper."""
    may_stay = {"Tamga", "Falco", "cherrug", "Chrome", "iPhone", "Species"}
    made = content(door, language)
    texts = [*made["texts"].values(), *made["countries"].values()]
    texts += [text for table in made["codes"].values() for text in table.values()]
    found = {word for text in texts for word in re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}|“[^”]*”", "", text))}
    assert {word for word in found if not re.fullmatch("[A-Z]{1,4}", word)} <= may_stay  # PDF, KG: codes, no words


@pytest.mark.parametrize("door", [door for door, language in EACH if language == "fr"])
def test_french_punctuation_follows_a_no_break_space(door: str) -> None:
    """A colon must not begin a line."""
    assert [text for text in content(door, "fr")["texts"].values() if re.search(" [:;!?»]|« ", text)] == []


KYRGYZ = {r"exporters?": "экспорттоочу", r"importers?": "импорттоочу", r"alerts?": "чукул кабар"}  # one thing, one word


@pytest.mark.parametrize(("english", "kyrgyz"), KYRGYZ.items())
def test_one_term_has_one_kyrgyz_word(english: str, kyrgyz: str) -> None:
    """Where the form names the thing, the word is the form's."""
    said = {english: own for domain in web_catalogues.domains() for english, own in translated(domain, "ky").items()}
    told = {text: own for text, own in said.items() if re.search(rf"\b{english}\b", text, re.IGNORECASE)}
    assert [own for own in told.values() if kyrgyz not in own.lower()] == []
    assert told


@pytest.mark.parametrize(("door", "language"), [each for each in EACH if each[1] in {"uz", "fr"}])
def test_no_english_is_left_in_latin_letters(door: str, language: str) -> None:
    """Small words that are in every English sentence show it. And no name of a code is the code itself."""
    made = content(door, language)
    english = re.compile(r"\b(?:the|and|is|are|was|with|this|that|which|by|from|has|you|your)\b", re.IGNORECASE)
    texts = [*made["texts"].values(), *made["countries"].values()]
    texts += [text for table in made["codes"].values() for text in table.values()]
    assert [text for text in texts if english.search(re.sub(r"\{\w+\}|“[^”]*”", "", text))] == []
    named = [made["countries"], *(made["codes"][name] for name in ("kinds", "purposes", "sources", "terms"))]
    assert [code for table in named for code, name in table.items() if name == code] == []


@pytest.mark.parametrize("door", [door for door, language in EACH if language == "uz"])
def test_uzbek_pages_have_uzbek_latin_letters(door: str) -> None:
    made = content(door, "uz")
    texts = [*made["texts"].values(), *made["countries"].values()]
    texts += [text for table in made["codes"].values() for text in table.values()]
    assert [text for text in texts if re.search(r"[\u0400-\u04ff]|\w['\u2018\u2019`]\w", text)] == []


def test_written_files_are_those_of_the_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_catalogues, "I18N", tmp_path / "i18n")
    assert web_catalogues.write_all() == len(EACH)
    assert {path.name for path in (tmp_path / "i18n").iterdir()} == {f"{door}.{lang}.json" for door, lang in EACH}
