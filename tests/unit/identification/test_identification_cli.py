"""`identify`: the aid at the prompt, walked or asked for one candidate, as the service tells it."""

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


def test_it_asks_until_there_is_a_candidate() -> None:
    hand, horn = (AID["questions"][name]["answers"] for name in ("hand", "horn"))
    curled = next(each for each in horn if "argali-horn" in each.get("found", ()))
    typed = [place(hand, "to", "horn"), place(horn, "found", curled["found"]),
             str(curled["found"].index("argali-horn") + 1)]  # fmt: skip
    said = identify(typed="99\n" + "\n".join(typed) + "\n")
    assert said.exit_code == 0, said.output
    assert said.stdout.endswith(identify("argali-horn").stdout)  # the runner echoes what was typed before it
    assert "What is in the hand?" in said.stderr
    assert "I cannot tell" not in said.stderr.split("What is the horn like?")[0]


def test_who_cannot_tell_is_shown_all_that_it_may_be() -> None:
    hand, horn = (AID["questions"][name]["answers"] for name in ("hand", "horn"))
    said = identify(typed=f"{place(hand, 'to', 'horn')}\n{len(horn) + 1}\n1\n")
    assert said.exit_code == 0, said.output
    shown = said.stderr.split("It may be one of these")[1]
    for name in ("argali-horn", "ibex-horn", "saiga-horn"):
        assert AID["candidates"][name]["taxon"] in shown


def test_nobody_answers() -> None:
    assert identify(typed="").exit_code == 1


def test_one_candidate_with_its_sources() -> None:
    said = identify("argali-horn")
    assert said.stdout.startswith("Argali (Marco Polo sheep) (Ovis ammon), Appendix II: horn [argali-horn]\n")
    assert "[1, 2, 3]" in said.stdout
    assert "Urial (Ovis vignei), Appendix II: " in said.stdout
    assert "Domestic ram (Ovis aries), not listed by CITES: " in said.stdout
    assert "   1  Schaller" in said.stdout
    assert "Аркар" in identify("argali-horn", "--language", "ky").stdout


def test_a_taxon_has_each_of_its_forms() -> None:
    items = json.loads(identify("Ovis ammon", "--json").stdout)["items"]
    assert [each["id"] for each in items] == [
        name for name, made in AID["candidates"].items() if made["taxon"] == "Ovis ammon"
    ]
    assert "argali-horn" in {each["id"] for each in items}


@pytest.mark.parametrize(
    ("typed", "taxon"), [("ovis ammon", "Ovis ammon"), ("OVIS ARIES", "Ovis aries"), ("Uncia uncia", "Panthera uncia")]
)
def test_a_taxon_is_found_however_it_is_written_and_by_a_name_that_the_list_knows(typed: str, taxon: str) -> None:
    items = json.loads(identify(typed, "--json").stdout)["items"]
    assert {each["scientific_name"] for each in items} == {taxon}


def test_everything_that_is_asked_as_json() -> None:
    found = json.loads(identify("--json").stdout)
    assert (found["first"], len(found["candidates"])) == ("hand", len(AID["candidates"]))


@pytest.mark.parametrize(("words", "code"), [(("Draco",), 1), (("saker", "--language", "uz"), 2)])
def test_the_exit_code_says_how_it_stands(words: tuple[str, ...], code: int) -> None:
    assert identify(*words).exit_code == code
