"""Completeness of the glossary: every code of the code's tables, in each of its languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import app  # noqa: F401  (imports every class of refusal)
from chalicelib.alerts.model import alert
from chalicelib.kernel import codes, document_kinds, errors, roles
from chalicelib.patterns import table as patterns
from chalicelib.permits.model import lifecycle
from chalicelib.trust.model import status_list
from chalicelib.verdict import check_results
from chalicelib.verification.model import foreign_permit

ROOT = Path(__file__).parents[2]
LANGUAGES = {"en": "GLOSSARY.md", "ru": "GLOSSARY.ru.md", "ky": "GLOSSARY.ky.md"}
each_language = pytest.mark.parametrize("language", LANGUAGES)

type Rows = list[list[str]]


def slugs(kind: type[errors.TamgaError] = errors.TamgaError) -> Iterator[str]:
    yield kind.slug
    for each in kind.__subclasses__():
        yield from slugs(each)


STATUS_VALUES = (
    status_list.VALID,
    status_list.REVOKED,
    status_list.SUSPENDED,
    status_list.USED,
    status_list.IMPORTED,
    status_list.REPLACED,
    status_list.LOST,
    status_list.FOR_CAUSE,
)

TABLES: dict[str, set[str]] = {
    "verdict codes": set(check_results.CHECK_OF),
    "outcomes": set(check_results.OUTCOMES),
    "checks": {str(number) for number in check_results.CHECKS},
    "status values": {str(value) for value in STATUS_VALUES},
    "states": set(lifecycle.STATES),
    "kinds of document": set(document_kinds.KINDS),
    "purposes": set(codes.PURPOSES),
    "sources": set(codes.SOURCES),
    "terms": set(codes.TERMS),
    "units": set(codes.UNITS),
    "findings": set(roles.FINDING_ROLES),
    "alerts": set(alert.KINDS),
    "roles": set(roles.ROLES),
    "remarks": set(foreign_permit.REMARKS),
    "patterns": set(patterns.RULES),
    "refusals": set(slugs()),
}


def read(language: str) -> str:
    return (ROOT / "docs" / LANGUAGES[language]).read_text("utf-8")


def tables(text: str) -> list[Rows]:
    """The rows of each table below its head, cell by cell, without backticks."""
    found = re.findall(r"^\|[^\n]*\n\|(?:---\|)+\n((?:\|[^\n]*\n)+)", text, re.MULTILINE)
    return [[[cell.strip(" `") for cell in row.strip("|").split("|")] for row in body.splitlines()] for body in found]


def table_of(name: str, text: str) -> Rows:
    """The table whose first cells are exactly the codes of this name."""
    fitting = [rows for rows in tables(text) if sorted(row[0] for row in rows) == sorted(TABLES[name])]
    assert fitting, f"no table has exactly the {name}"
    return fitting[0]


@each_language
@pytest.mark.parametrize("name", TABLES)
def test_glossary_has_each_code_once_with_text(name: str, language: str) -> None:
    for row in table_of(name, read(language)):
        assert all(row), row


@pytest.mark.parametrize("code", check_results.CHECK_OF)
@each_language
def test_glossary_without_one_verdict_code_is_incomplete(language: str, code: str) -> None:
    text = re.sub(rf"^\| {code} \|[^\n]*\n", "", read(language), flags=re.MULTILINE)
    with pytest.raises(AssertionError, match="no table has exactly the verdict codes"):
        table_of("verdict codes", text)


@each_language
def test_glossary_names_the_outcomes_of_each_code(language: str) -> None:
    """The vectors are the reference, and a cleared code asks for a lesser outcome."""
    asked: dict[str, set[str]] = {}
    for name in ("verdicts", "papers"):
        for vector in json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text("utf-8")):
            for each in vector["expect"].get("codes", []):
                if not each.get("cleared"):
                    asked.setdefault(each["code"], set()).add(each["asks"])
    for code, _, cell in table_of("verdict codes", read(language)):
        named = {word for word in re.findall(r"[a-z_]+", cell) if word in check_results.OUTCOMES}
        assert named == asked[code] - {""}, code


@each_language
def test_glossary_names_outcomes_as_the_screens_do(language: str) -> None:
    source = (ROOT / "web" / "shared" / "verdict-view.js").read_text("utf-8")
    shown = dict(re.findall(r'case "(\w+)":\s*return t\("([^"]+)"\);', source))
    if language != "en":
        with (ROOT / "web" / "locale" / f"shared.{language}.po").open("rb") as file:
            catalogue = read_po(file)
        shown = {outcome: catalogue[message].string for outcome, message in shown.items()}
    named = {outcome: word for outcome, word, _ in table_of("outcomes", read(language))}
    assert named == {outcome: shown[outcome] for outcome in check_results.OUTCOMES}


def test_all_languages_have_the_same_tables() -> None:
    """This includes the terms: their number, and the English term that the other languages repeat."""
    english = tables(read("en"))
    for language in ("ru", "ky"):
        others = tables(read(language))
        assert [len(rows) for rows in others] == [len(rows) for rows in english]
        for mine, theirs in zip(english[:2], others[:2], strict=True):
            assert [row[0].strip("*") for row in mine] == [row[1] for row in theirs]
        for mine, theirs in zip(english[2:], others[2:], strict=True):
            assert [row[0] for row in mine] == [row[0] for row in theirs]
