"""New synonyms of an upload that lead to a less strict taxon than a reader expects."""

from __future__ import annotations

import pytest

from chalicelib.species.model.list_rows import COLUMNS, LAYER, PUBLISHED
from chalicelib.species.model.synonym_faults import differ_in_one_letter, synonym_faults


def row(name: str, appendix: str, synonyms: str = "") -> dict[str, str]:
    made = dict.fromkeys(COLUMNS, "") | {"scientific_name": name, "rank": "species", "kingdom": "Animalia"}
    return made | {"appendix": appendix, "synonyms": synonyms, "family": "Felidae"}


OURS = [row("Panthera tigris", "I", "Felis tigris"), row("Falco cherrug", "II", "Falco altaicus")]


def faults(appendix: str, synonyms: str, *, had: str = "") -> int:
    ours = [*OURS, row("Pelophylax lessonae", appendix, had)]
    new = row("Pelophylax lessonae", appendix, synonyms) | {LAYER: PUBLISHED, "family": "Ranidae"}
    return len(list(synonym_faults([*OURS, new], ours)))


@pytest.mark.parametrize(
    "synonym",
    [
        "Panthera tigris", "panthera  tigris", "Felis tigris", "Panthera tigri", "Panthera tigriss", "Pantera tigris",
        "Panthera tigrus", "Felis ligris", "Panthera tigris altaica", "Panthera", "Felidae",
    ],
)  # fmt: skip
def test_synonym_that_resembles_a_stricter_taxon_is_a_fault(synonym: str) -> None:
    assert faults("III", f"Rana lessonae; {synonym}") == 1


@pytest.mark.parametrize("synonym", ["Rana lessonae", "Panthera tagrus", "Rana tigrina"])
def test_synonym_that_resembles_no_stricter_taxon_is_accepted(synonym: str) -> None:
    assert faults("III", synonym) == 0


def test_synonym_in_a_stricter_genus_of_another_class_is_a_fault() -> None:
    tiger = OURS[0] | {"class": "Mammalia"}
    for own, expected in (("Amphibia", 1), ("Mammalia", 0)):
        new = row("Pelophylax lessonae", "0", "Panthera nova") | {LAYER: PUBLISHED, "class": own, "family": "Ranidae"}
        assert len(list(synonym_faults([tiger, new], [tiger]))) == expected


def test_synonym_of_a_taxon_as_strict_or_that_it_had_is_accepted() -> None:
    assert faults("II", "Falco altaica") == 0
    assert faults("I", "Panthera tigri") == 0
    assert faults("III", "Panthera tigri; Rana a", had="Panthera tigri") == 0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("ab", "ab", True), ("ab", "abc", True), ("bc", "abc", True), ("ac", "abc", True), ("axc", "abc", True),
     ("ab", "ba", False), ("a", "abc", False), ("abcd", "axcx", False)],
)  # fmt: skip
def test_names_with_one_different_letter_resemble(one: str, other: str, expected: bool) -> None:
    assert differ_in_one_letter(one, other) is differ_in_one_letter(other, one) is expected
