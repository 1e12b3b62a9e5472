"""The command `tamga species show`: the entry of a name, or what it may mean."""

from __future__ import annotations

import json

from typer.testing import CliRunner, Result

from chalicelib.composition.main import app


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["species", "show", *words])


def test_entry_is_printed_with_both_days() -> None:
    told = run("Saiga tatarica")
    assert told.exit_code == 0, told.output
    for words in ("Saiga tatarica: Appendix II", "Appendix in force on ", "stop, since 2019-11-26"):
        assert words in told.output


def test_kind_that_is_not_listed_has_no_appendix_in_force() -> None:
    told = run("Canis familiaris")
    assert "Canis familiaris: not listed" in told.output
    assert "checked on 2026-11-29: CITES Appendices" in told.output
    assert "in force" not in told.output


def test_common_name_prints_its_entry() -> None:
    told = run("Snow Leopard", "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert (found["known"], found["entry"]["scientific_name"]) == (True, "Panthera uncia")


def test_misspelt_name_prints_what_it_may_mean() -> None:
    told = run("Falco cherugg")
    assert told.exit_code == 1
    assert "It may mean: Falco" in told.output


def test_group_in_several_appendices_asks_for_the_species() -> None:
    assert "name the species" in run("Falconidae").output


def test_invalid_day_is_a_usage_error() -> None:
    told = run("Falco cherrug", "--on", "2026-02-30")
    assert told.exit_code == 2
    assert "--on" in told.output
