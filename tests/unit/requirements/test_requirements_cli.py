"""The `requirements` command: text, JSON and exit codes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from chalicelib.composition.main import app

IBEX = ("Capra sibirica", "--direction", "export", "--term", "TRO", "--source", "W", "--purpose", "H")

CAVIAR = (
    "Acipenser baerii", "--direction", "export", "--term", "CAV", "--source", "C", "--purpose", "P",
    "--use", "personal_effects", "--abroad", "no",
)  # fmt: skip


def test_requirements_prints_documents_as_text_and_json() -> None:
    said = CliRunner().invoke(app, ["requirements", *IBEX])
    assert said.exit_code == 0
    assert "OO by KG: Appendix III, listed by another country" in said.stdout
    assert "Veterinary certificate: not checked by Tamga" in said.stdout
    found = json.loads(CliRunner().invoke(app, ["requirements", *IBEX, "--json"]).stdout)
    assert (found["decision"], found["documents"][0]["kind"]) == ("documents", "OO")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--use", "owned_animal", "--source", "C"), "OW by the country of the owner or base (give --based):"),
        (("--use", "owned_animal", "--source", "C", "--based", "AE"), "OW by AE:"),
        (("--source", "W"), "E by the country of export (give --exporting or --origin):"),
    ],
)
def test_issuer_that_is_not_known_is_printed_in_words(arguments: tuple[str, ...], words: str) -> None:
    saker = ("Falco cherrug", "--direction", "import", "--term", "LIV", "--purpose", "P")
    said = CliRunner().invoke(app, ["requirements", *saker, *arguments])
    assert words in " ".join(said.stdout.split())
    assert ("Say in which country the owner lives" in said.stdout) == ("--based)" in words)


def test_import_permit_of_an_unknown_destination_is_printed_in_words() -> None:
    eagle = ("Aquila heliaca", "--direction", "export", "--term", "LIV", "--source", "W", "--purpose", "Z")
    said = " ".join(CliRunner().invoke(app, ["requirements", *eagle]).stdout.split())
    assert "I by the country of destination (give --destination):" in said


def test_rules_of_importing_country_are_printed_with_source() -> None:
    said = CliRunner().invoke(app, ["requirements", *IBEX, "--destination", "DE"])
    assert "DE also asks: An import notification" in said.stdout
    assert "Art. 4(3); 2026-11-29; to be confirmed there)" in said.stdout
    (found,) = json.loads(CliRunner().invoke(app, ["requirements", *IBEX, "--destination", "DE", "--json"]).stdout)[
        "stricter_abroad"
    ]
    assert (found["needs"], found["annex"], found["confidence"]) == ("import_notification", "C", "known")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("Saiga tatarica", "--direction", "export", "--term", "HOR", "--source", "W", "--purpose", "T"), 1),
        (("Draco imaginarius", "--direction", "export"), 3),
        (("Falco cherrug", "--direction", "transit"), 0),
        (("Falco cherrug", "--direction", "sideways"), 2),
        (("Falco cherrug", "--origin", "QQ"), 2),
        ((*CAVIAR, "--quantity", "-1", "--unit", "GRM"), 2),
        ((*CAVIAR, "--quantity", "5", "--unit", "ounce"), 2),
    ],
)
def test_exit_code_depends_on_answer(arguments: tuple[str, ...], code: int) -> None:
    assert CliRunner().invoke(app, ["requirements", *arguments]).exit_code == code


def test_registered_operation_allows_commercial_export_of_bred_appendix_i() -> None:
    """A registered operation makes source C of an Appendix I species source D."""
    bred = ("Falco rusticolus", "--direction", "export", "--term", "LIV", "--source", "C", "--purpose", "T")
    assert CliRunner().invoke(app, ["requirements", *bred]).exit_code == 1
    assert CliRunner().invoke(app, ["requirements", *bred, "--registered"]).exit_code == 0


def test_unknown_code_prints_the_codes_or_the_page_that_lists_them() -> None:
    said = CliRunner().invoke(app, ["requirements", "Falco cherrug", "--direction", "sideways"]).output
    assert "give one of export, import, reexport, transit, return, sea" in " ".join(said.split())
    said = CliRunner().invoke(app, ["requirements", "Falco cherrug", "--origin", "QQ"]).output
    assert "docs/GLOSSARY.md, section 4" in " ".join(said.split())
