"""The `identify` command: questions up to a candidate, one candidate, or one taxon."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from typer.testing import CliRunner

from chalicelib.composition.main import app
from chalicelib.identification import services as identification

AID = identification.identification()


def identify(*words: str, typed: str = "") -> Any:
    return CliRunner().invoke(app, ["identify", *words], input=typed)


def place(answers: list[Mapping[str, Any]], key: str, value: Any) -> str:
    return str(next(number for number, each in enumerate(answers, 1) if each.get(key) == value))


def test_identify_asks_until_one_candidate_remains() -> None:
    hand, horn = (AID["questions"][name]["answers"] for name in ("hand", "horn"))
    curled = next(each for each in horn if "argali-horn" in each.get("found", ()))
    typed = [place(hand, "to", "horn"), place(horn, "found", curled["found"]),
             str(curled["found"].index("argali-horn") + 1)]  # fmt: skip
    said = identify(typed="99\n" + "\n".join(typed) + "\n")
    assert said.exit_code == 0, said.output
    assert said.stdout.endswith(identify("argali-horn").stdout)  # the runner echoes the typed text first
    assert "What is in the hand?" in said.stderr
    assert "I cannot tell" not in said.stderr.split("What is the horn like?")[0]


def test_answer_cannot_tell_lists_all_possible_candidates() -> None:
    hand, horn = (AID["questions"][name]["answers"] for name in ("hand", "horn"))
    said = identify(typed=f"{place(hand, 'to', 'horn')}\n{len(horn) + 1}\n1\n")
    assert said.exit_code == 0, said.output
    shown = said.stderr.split("It may be one of these")[1]
    for name in ("argali-horn", "ibex-horn", "saiga-horn"):
        assert AID["candidates"][name]["taxon"] in shown


def test_identify_without_input_exits_with_1() -> None:
    assert identify(typed="").exit_code == 1


def test_candidate_is_printed_with_look_alikes_and_sources() -> None:
    said = identify("argali-horn")
    assert said.stdout.startswith("Argali (Marco Polo sheep) (Ovis ammon), Appendix II: horn [argali-horn]\n")
    assert "[1, 2, 3]" in said.stdout
    assert "Urial (Ovis vignei), Appendix I: " in said.stdout
    assert "Domestic ram (Ovis aries), not listed by CITES: " in said.stdout
    assert "   1  Schaller" in said.stdout
    assert "Аркар" in identify("argali-horn", "--language", "ky").stdout


def test_taxon_lists_all_its_candidates() -> None:
    items = json.loads(identify("Ovis ammon", "--json").stdout)["items"]
    assert [each["id"] for each in items] == [
        name for name, made in AID["candidates"].items() if made["taxon"] == "Ovis ammon"
    ]
    assert "argali-horn" in {each["id"] for each in items}


@pytest.mark.parametrize(
    ("typed", "taxon"), [("ovis ammon", "Ovis ammon"), ("OVIS ARIES", "Ovis aries"), ("Uncia uncia", "Panthera uncia")]
)
def test_taxon_is_found_in_any_case_and_by_synonym(typed: str, taxon: str) -> None:
    items = json.loads(identify(typed, "--json").stdout)["items"]
    assert {each["scientific_name"] for each in items} == {taxon}


def test_identify_json_has_all_questions_and_candidates() -> None:
    found = json.loads(identify("--json").stdout)
    assert (found["first"], len(found["candidates"])) == ("hand", len(AID["candidates"]))


@pytest.mark.parametrize(("words", "code"), [(("Draco",), 1), (("saker", "--language", "uz"), 2)])
def test_exit_code_depends_on_result(words: tuple[str, ...], code: int) -> None:
    assert identify(*words).exit_code == code


def test_whom_to_ask_is_printed_before_the_candidates() -> None:
    hand, mammal = (AID["questions"][name]["answers"] for name in ("hand", "mammal"))
    typed = [place(hand, "to", "mammal"), place(mammal, "found", mammal[1]["found"]), "1"]
    said = identify(typed="\n".join(typed) + "\n")
    assert said.exit_code == 0, said.output
    assert "A living animal: Live mammal or its young" in said.stderr
    unclear = said.stderr.split("If it stays unclear:")[1].split("It may be one of these")[0]
    assert "state veterinarian" in unclear
    assert "Next\n  tamga requirements 'Panthera uncia' --term LIV" in said.stdout


def test_name_of_later_nomenclature_finds_candidates() -> None:
    items = json.loads(identify("Ovis polii", "--json").stdout)["items"]
    assert {each["scientific_name"] for each in items} == {"Ovis ammon"}
