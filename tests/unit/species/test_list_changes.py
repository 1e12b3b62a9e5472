"""Merge of Species+ into the list: its data replace ours, local decisions stay, every change is reported."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.species.model.list_changes import Change, Merged, changes, merge
from chalicelib.species.model.list_rows import COLUMNS, faults_of
from chalicelib.species.model.species_plus import Concept
from chalicelib.species.services import list_in_use


def row(name: str, appendix: str = "II", **more: str) -> dict[str, str]:
    made = dict.fromkeys(COLUMNS, "") | {"scientific_name": name, "rank": "species", "kingdom": "Animalia",
                                         "appendix": appendix, "source": "s", "as_of": "2017-04-21"}  # fmt: skip
    return made | more


def taxon(taxon_id: str, name: str, *numbers: int, **more: Any) -> Concept:
    rank = more.pop("rank", "species")
    return Concept(taxon_id, name, rank, "Animalia", frozenset(numbers), **more)


def merged(ours: list[dict[str, str]], *theirs: Concept, replace: bool = False) -> Merged:
    made = merge(ours, theirs, as_of="2026-11-20", replace=replace)
    list_in_use.listing_of(made.rows)
    return made


def only(made: Merged) -> dict[str, str]:
    (one,) = made.rows
    return dict(one)


def test_new_taxon_is_added() -> None:
    made = merged([], taxon("1", "Canis lupus", 2))
    assert made.changes == [
        Change("added", "Canis lupus", after="II"),
        Change("kingdom", "Canis lupus", "", "Animalia"),
    ]
    assert only(made)["appendix"] == "II"
    assert (only(made)["source"], only(made)["as_of"]) == ("Species+, 2026-11-20", "2026-11-20")


def test_changed_appendix_is_taken_over_and_reported() -> None:
    made = merged([row("Saiga tatarica", ru="Сайгак", group="traded")], taxon("1", "Saiga tatarica", 1))
    assert made.changes == [Change("appendix", "Saiga tatarica", "II", "I")]
    assert (only(made)["appendix"], only(made)["ru"], only(made)["group"]) == ("I", "Сайгак", "traded")


def test_local_decision_is_kept_and_reported() -> None:
    ours = row("Ursus arctos", "I", may_be="II", decided="isabellinus", annotation="Ours")
    assert merged([ours], taxon("1", "Ursus arctos", 1, 2)).changes == []
    made = merged([ours], taxon("1", "Ursus arctos", 1))
    assert made.changes == [Change("kept", "Ursus arctos", "I", "I/II")]
    assert (only(made)["may_be"], only(made)["annotation"]) == ("II", "Ours")


def test_appendix_decided_by_country_of_origin_is_no_open_choice() -> None:
    told = [taxon("1", "Canis lupus", 1, 2), taxon("2", "Ursus arctos", 1, 2), taxon("3", "Crocodylus niloticus", 0, 1)]
    made = merge([], told, as_of="2026-11-20", populations=list_in_use.populations())
    assert [each.name for each in made.changes if each.what == "choice"] == [
        "Crocodylus niloticus",  # the population has other Appendices
    ]


def test_range_states_are_kept_until_a_file_has_others() -> None:
    ours = row("Panthera uncia", "I", range_states="KG; KZ", range_source="here")
    kept = only(merged([ours], taxon("1", "Panthera uncia", 1)))
    assert (kept["range_states"], kept["range_source"]) == ("KG; KZ", "here")
    new = only(merged([ours], taxon("1", "Panthera uncia", 1, range_states=frozenset({"MN", "KG"}))))
    assert (new["range_states"], new["range_source"]) == ("KG; MN", "Species+, 2026-11-20")


def test_local_choice_between_the_same_appendices_is_kept() -> None:
    assert only(merged([row("Canis lupus", may_be="I")], taxon("1", "Canis lupus", 1, 2)))["appendix"] == "II"


def test_open_choice_starts_with_the_strictest_appendix_and_is_reported() -> None:
    made = merged([], taxon("1", "Loxodonta africana", 1, 2, 0))
    assert (only(made)["appendix"], only(made)["may_be"]) == ("I", "II; 0")
    assert Change("choice", "Loxodonta africana", after="0/I/II") in made.changes


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (row("Uncia uncia", "I", species_plus_id="7"), taxon("7", "Panthera uncia", 1)),
        (row("Uncia uncia", "I"), taxon("7", "Panthera uncia", 1, synonyms=("Uncia uncia",))),
        (row("Uncia uncia", "I", synonyms="Panthera uncia"), taxon("7", "Panthera uncia", 1)),
    ],
)
def test_renamed_taxon_keeps_the_old_name_as_synonym(ours: dict[str, str], theirs: Concept) -> None:
    made = merged([ours | {"ky": "Илбирс"}], theirs)
    assert made.changes == [Change("renamed", "Panthera uncia", "Uncia uncia", "Panthera uncia")]
    assert (only(made)["synonyms"], only(made)["ky"]) == ("Uncia uncia", "Илбирс")
    assert only(made)["species_plus_id"] == "7"


def test_split_species_keeps_its_row_under_the_same_name() -> None:
    theirs = [taxon("2", "Ovis polii", 2, synonyms=("Ovis ammon",)), taxon("1", "Ovis ammon", 2)]
    made = merged([row("Ovis ammon", ky="Аркар")], *theirs)
    assert {each["scientific_name"]: each["ky"] for each in made.rows} == {"Ovis ammon": "Аркар", "Ovis polii": ""}
    assert [each.what for each in made.changes] == ["added"]


def test_synonym_of_two_taxa_is_dropped_and_reported() -> None:
    made = merged([], taxon("1", "Aa a", 1, synonyms=("Cc c",)), taxon("2", "Bb b", 2, synonyms=("Cc c", "Aa a")))
    assert [each["synonyms"] for each in made.rows] == ["", ""]
    assert {each.name for each in made.changes if each.what == "ambiguous"} == {"Cc c"}


def test_taxon_missing_in_species_plus_stays_unless_replaced() -> None:
    ours = [row("Aa a"), row("Bb b", decided="ours"), row("Cc c")]
    assert len(merged(ours, taxon("3", "Cc c", 2)).rows) == 3
    gone = merged(ours, taxon("3", "Cc c", 2), replace=True)
    assert [each["scientific_name"] for each in gone.rows] == ["Bb b", "Cc c"]
    assert gone.changes == [Change("removed", "Aa a", "II")]


def test_appendix_iii_taxon_names_the_countries_that_listed_it() -> None:
    ours = row("Canis aureus", "III", listed_by="IN")
    both = merged([ours], taxon("1", "Canis aureus", 3, parties=frozenset({"IN", "AF"})))
    assert only(both)["listed_by"] == "IN; AF"
    assert both.changes == [Change("listed_by", "Canis aureus", "IN", "IN; AF")]
    other = merged([ours], taxon("1", "Canis aureus", 3, parties=frozenset({"NP"})))
    assert other.changes == [Change("listed_by", "Canis aureus", "IN", "NP")]
    unknown = row("Canis aureus", "III", open="party")
    assert only(merged([unknown], taxon("1", "Canis aureus", 3)))["open"] == "party"
    nobody = merged([], taxon("1", "Canis aureus", 3))
    assert (nobody.counts["unlisted_by"], only(nobody)["open"]) == (1, "")


@pytest.mark.parametrize(
    ("ours", "numbers", "appendix"),
    [([], (1, 2), "II"), ([], (0, 1), "I"), ([row("Falco", "II", rank="genus")], (0, 1, 2), "II"),
     ([row("Vultur", "0", rank="genus")], (0, 1), "0"), ([row("Falco", "III", rank="genus")], (0, 2), "II")],
)  # fmt: skip
def test_group_in_several_appendices_has_that_of_its_rest(
    ours: list[dict[str, str]], numbers: tuple[int, ...], appendix: str
) -> None:
    name = ours[0]["scientific_name"] if ours else "Falco"
    made = merged(ours, taxon("1", name, *numbers, rank="genus"))
    assert (only(made)["appendix"], only(made)["may_be"]) == (appendix, "")


def test_row_later_than_the_download_stays() -> None:
    ours = row("Choloepus hoffmanni", "II", since="2026-12-01")
    made = merged([ours], taxon("1", "Choloepus hoffmanni", 3, parties=frozenset({"CR"})))
    assert (only(made), made.changes) == (ours, [Change("older", "Choloepus hoffmanni", "2017-04-21", "2026-11-20")])


def test_row_of_species_plus_settles_what_was_not_certain() -> None:
    ours = row("Mustelus mustelus", open="delay; annotation", since="2026-03-05", checked="2025-03-06")
    made = only(merged([ours], taxon("1", "Mustelus mustelus", 2, symbol="#4", since="2026-03-05")))
    assert (made["open"], made["since"], made["checked"], made["symbol"]) == (
        "annotation", "2026-03-05", "2026-11-20", "#4")  # fmt: skip
    moved = only(merged([ours], taxon("1", "Mustelus mustelus", 1)))
    assert moved["since"] == ""


def test_taxon_that_is_not_listed_stays_in_a_whole_list() -> None:
    made = merged([row("Felis catus", "0"), row("Aa a")], taxon("3", "Cc c", 2), replace=True)
    assert [each["scientific_name"] for each in made.rows] == ["Cc c", "Felis catus"]
    assert len(made.uploaded) == 2


def test_long_note_is_shortened_between_words() -> None:
    note = only(merged([], taxon("1", "Aa a", 2, note="word " * 200)))["annotation"]
    assert len(note) <= 240
    assert note.endswith("word…")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"scientific_name": ""}, "scientific_name"), ({"kingdom": "Fungi"}, "kingdom"), ({"rank": "class"}, "rank"),
        ({"appendix": "IV"}, "appendix"), ({"may_be": "II"}, "appendix"), ({"appendix": "III"}, "listed_by"),
        ({"listed_by": "PK"}, "listed_by"), ({"group": "rare"}, "group"), ({"as_of": "today"}, "as_of"),
        ({"as_of": "20260101"}, "as_of"), ({"since": "2026-W01-1"}, "since"), ({"checked": "2026-1-1"}, "checked"),
        ({"range_sure": "no"}, "range_sure"), ({"except": "fossils; nonsense"}, "except"),
        ({"symbol": "#19"}, "symbol"), ({"symbol": "4"}, "symbol"),
        ({"basis": "hearsay"}, "basis"), ({"open": "perhaps"}, "open"),
        ({"since": "2026-11-30"}, "since"),
    ],
)  # fmt: skip
def test_wrong_row_of_the_list_is_reported_by_column(change: dict[str, str], column: str) -> None:
    assert not list(faults_of(row("Aa a"), date(2026, 11, 29), {"index-2017"}))
    assert [each[0] for each in faults_of(row("Aa a") | change, date(2026, 11, 29), {"index-2017"})] == [column]


def test_annotation_that_has_no_rules_here_leaves_the_entry_open() -> None:
    made = only(merged([row("Aa a", symbol="#4")], taxon("1", "Aa a", 2, symbol="#19")))
    assert (made["symbol"], made["open"]) == ("", "annotation")
    again = only(merged([made], taxon("1", "Aa a", 2, symbol="#19")))
    assert again["open"] == "annotation"


@pytest.mark.parametrize(
    ("column", "what", "before", "after"),
    [
        ("symbol", "symbol", "#15", "#16"), ("except", "except", "", "domesticated; fossils"),
        ("kingdom", "kingdom", "Animalia", "Plantae"), ("class", "class", "", "Aves"), ("order", "order", "", "Canes"),
        ("family", "family", "Canidae", "Felidae"), ("rank", "rank", "species", "subspecies"),
        ("open", "open", "delay", ""), ("decided", "decided", "", "here"), ("since", "since", "1975-07-01", ""),
        ("range_states", "range_states", "KG", "MN"), ("range_sure", "range_sure", "y", ""),
        ("listed_by", "listed_by", "IN", "NP"), ("annotation", "annotation", "", "None"), ("ky", "names", "Ит", ""),
        ("may_be", "appendix", "", "I"), ("synonyms", "synonyms_added", "", "Bb b"),
        ("synonyms", "synonyms_removed", "Bb b", ""), ("basis", "source", "", "index-2017"),
        ("group", "group", "", "x"),
    ],
)  # fmt: skip
def test_each_changed_column_of_a_row_is_reported(column: str, what: str, before: str, after: str) -> None:
    """A second person saw no change where the annotation or the kingdom of a row had changed."""
    was = row("Aa a") | {column: before}
    found = changes([was], [was | {column: after, "as_of": "2026-11-20", "checked": "2026-11-20"}])
    words = ("II", "II/I") if column == "may_be" else (before, after)
    assert found == [Change(what, "Aa a", *words)]


def test_days_of_a_row_alone_are_no_change() -> None:
    was = row("Aa a")
    assert changes([was], [was | {"as_of": "2026-11-20", "checked": "2026-11-20"}]) == []


def test_new_row_reports_what_differs_from_its_genus() -> None:
    ours = row("Aa a", **{"class": "Aves", "family": "Aadae"})
    plain = row("Aa b", **{"class": "Aves", "family": "Aadae"})
    other = plain | {"scientific_name": "Aa c", "kingdom": "Plantae", "symbol": "#16", "except": "fossils"}
    assert changes([ours], [ours, plain, other]) == [
        Change("added", "Aa b", after="II"), Change("added", "Aa c", after="II"),
        Change("kingdom", "Aa c", "Animalia", "Plantae"), Change("symbol", "Aa c", after="#16"),
        Change("except", "Aa c", after="fossils"),
    ]  # fmt: skip


def test_merge_reports_symbol_range_and_groups_above() -> None:
    ours = row("Aa a", symbol="#4", range_states="KG", range_source="here", family="Aadae")
    made = merged([ours], taxon("1", "Aa a", 2, symbol="#15", range_states=frozenset({"MN"}), family="Bbdae"))
    assert made.changes == [
        Change("family", "Aa a", "Aadae", "Bbdae"), Change("range_states", "Aa a", "KG", "MN"),
        Change("symbol", "Aa a", "#4", "#15"),
    ]  # fmt: skip


def test_merge_of_the_same_data_changes_nothing() -> None:
    made = merged([row("Aa a")], taxon("1", "Aa a", 2))
    assert made.changes_nothing
