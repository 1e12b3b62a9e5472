"""Rows of Species+: taxa, refusals by file, row and column, and contradictions between rows."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from species_files import INDEX, LISTINGS, concept, listing, page, text

from chalicelib.kernel.errors import FieldError
from chalicelib.species.model.species_plus import Concept, from_answer, from_csv, parties_of, together


def read(*files: str) -> tuple[list[Concept], list[tuple[str, str]]]:
    """The taxa, and field and code of each refusal."""
    faults: list[FieldError] = []
    found = [each for number, file in enumerate(files) for each in from_csv(f"f{number}.csv", cells(file), faults)]
    made = together(found, faults)
    return made, [(fault.field, fault.code) for fault in faults]


def cells(file: str) -> Any:
    return csv.reader(io.StringIO(file, newline=""))


def test_row_of_listings_export_becomes_a_taxon() -> None:
    note = "**III** [Marked] Only <i>this</i> one\\n"
    row = listing("10921", "Canis aureus", "III", Party="IN", Full_note=note, Class="Mammalia") | {"# Full note": "#1"}
    (one,), faults = read(text([row]))
    assert not faults
    assert (one.id, one.name, one.rank, one.kingdom, one.class_name) == (
        "10921", "Canis aureus", "species", "Animalia", "Mammalia")  # fmt: skip
    assert (one.listing, one.parties) == ({3}, {"IN"})
    assert one.note == "App. III: [Marked] Only this one #1"
    assert one.range_states == frozenset()


def test_distribution_column_gives_known_range_states() -> None:
    row = listing("1", "Canis aureus", "III", Party="IN") | {"All_DistributionISOCodes": "IN,KG,XK"}
    (one,), _ = read(text([row]))
    assert one.range_states == {"IN", "KG"}


def test_index_adds_synonyms_and_common_names_to_the_taxon() -> None:
    row = {"TaxonId": "7", "Kingdom": "Animalia", "Genus": "Panthera", "FullName": "Panthera uncia",
           "RankName": "SPECIES", "CurrentListing": "I", "EnglishNames": '"Snow Leopard", "Ounce"',
           "SynonymsWithAuthors": '"Uncia uncia (Schreber, 1775)", "Felis irbis Ehrenberg, 1830"'}  # fmt: skip
    (one,), faults = read(text([listing("7", "Panthera uncia", "I")]), text([row], INDEX))
    assert not faults
    assert one.synonyms == ("Uncia uncia", "Felis irbis")
    assert one.common == (("en", "Snow Leopard"), ("en", "Ounce"))


@pytest.mark.parametrize(
    ("appendix", "numbers"), [("I", {1}), ("I/II", {1, 2}), ("I/II/NC", {0, 1, 2}), ("III/NC", {0, 3})]
)
def test_taxon_in_several_appendices_keeps_all(appendix: str, numbers: set[int]) -> None:
    (one,), _ = read(text([listing("1", "Canis lupus", appendix)]))
    assert one.listing == numbers


def test_taxon_not_listed_or_above_order_is_left_out() -> None:
    rows = [listing("1", "Canis lupus", ""), listing("2", "Canis latrans", "NC"),
            listing("3", "Mammalia", "I/II", "CLASS")]  # fmt: skip
    assert read(text(rows)) == ([], [])


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"Id": ""}, "Id", "half"),
        ({"Scientific Name": ""}, "Scientific Name", "half"),
        ({"Rank": ""}, "Rank", "half"),
        ({"Kingdom": "Animals"}, "Kingdom", "unknown"),
        ({"Rank": "TRIBE"}, "Rank", "unknown"),
        ({"Listing": "IV"}, "Listing", "unknown"),
        ({"Listing": "I/I"}, "Listing", "unknown"),
        ({"Party": "India"}, "Party", "unknown"),
        ({"Scientific Name": "canis lupus"}, "Scientific Name", "malformed"),
        ({"Genus": "Vulpes"}, "Genus", "contradicts"),
        ({"Author": "x", "Full note": "Populations of CuraÃ§ao"}, "Full note", "encoding"),
    ],
)
def test_wrong_row_is_refused_by_row_and_column(change: dict[str, str], where: str, code: str) -> None:
    rows = [listing("1", "Canis lupus", "II"), listing("2", "Canis aureus", "III", Party="IN") | change]
    made, faults = read(text(rows))
    assert [each.id for each in made] == ["1"]
    assert (f"f0.csv row 3, {where}", code) in faults


def test_truncated_row_is_refused() -> None:
    whole = text([listing("1", "Canis lupus", "II"), listing("2", "Canis aureus", "II")])
    made, faults = read(whole[: whole.rindex("Falconidae")])
    assert ([each.id for each in made], faults) == (["1"], [("f0.csv row 3", "half")])


def test_file_with_other_header_is_refused() -> None:
    assert read("a,b\n1,2\n") == ([], [("f0.csv row 1", "header")])
    assert read("") == ([], [("f0.csv row 1", "header")])


@pytest.mark.parametrize("change", [{"Listing": "I"}, {"Scientific Name": "Canis rufus"}, {"Rank": "GENUS"}])
def test_id_with_contradicting_rows_is_refused(change: dict[str, str]) -> None:
    rows = [listing("1", "Canis lupus", "II"), listing("1", "Canis lupus", "II") | change]
    _, faults = read(text(rows))
    assert [code for _, code in faults] == ["contradicts"]


def test_rows_of_one_taxon_with_different_parties_are_joined() -> None:
    rows = [listing("1", "Canis aureus", "III", Party="IN"), listing("1", "Canis aureus", "III", Party="NP")]
    (one,), faults = read(text(rows))
    assert (one.parties, faults) == ({"IN", "NP"}, [])


def test_name_with_two_ids_is_refused() -> None:
    _, faults = read(text([listing("1", "Canis lupus", "II"), listing("2", "Canis lupus", "I")]))
    assert faults == [("f0.csv row 3, name", "contradicts")]


def test_api_response_becomes_taxa() -> None:
    names = [{"name": "Grey Wolf", "language": "EN"}, {"name": "Волк", "language": "RU"}]
    synonyms = [{"id": 1, "full_name": "Canis niger"}]
    wolf = concept(4442, "Canis lupus", "I/II", synonyms=synonyms, common_names=names)
    others = [concept(2, "Canis niger", None) | {"name_status": "S"}, concept(3, "Canis x", "II") | {"active": False}]
    faults: list[FieldError] = []
    (one,) = from_answer(json.loads(page(1, 3, [wolf, *others])), "page 1", faults)
    assert not faults
    assert (one.id, one.listing, one.synonyms) == ("4442", {1, 2}, ("Canis niger",))
    assert one.common == (("en", "Grey Wolf"), ("ru", "Волк"))


def test_listing_party_is_read_from_current_legislation() -> None:
    told = [
        {"appendix": "III", "is_current": True, "party": {"iso_code2": "PK", "name": "Pakistan"}},
        {"appendix": "III", "is_current": False, "party": {"iso_code2": "NP"}},
        {"appendix": "II", "party": "BW"},
    ]
    assert parties_of({"cites_listings": told}) == {"PK"}


@given(st.lists(st.lists(st.text(max_size=12), max_size=30), max_size=5))
def test_arbitrary_cells_give_refusals_and_raise_nothing(rows: list[list[str]]) -> None:
    faults: list[FieldError] = []
    together(from_csv("x.csv", [list(LISTINGS), *rows], faults), faults)
    assert len(faults) >= sum(len(row) != len(LISTINGS) for row in rows)


def test_symbol_of_the_annotation_is_read_from_either_file() -> None:
    listed = listing("1", "Rhodiola rosea", "II", Kingdom="Plantae") | {"# Full note": "#2 All parts except seeds"}
    index = {"TaxonId": "2", "Kingdom": "Plantae", "Genus": "Aloe", "FullName": "Aloe ferox", "RankName": "SPECIES",
             "CurrentListing": "II", "#AnnotationSymbol": "#4"}  # fmt: skip
    made, faults = read(text([listed]), text([index], INDEX))
    assert ([each.symbol for each in made], faults) == (["#2", "#4"], [])


def test_french_names_of_the_index_are_read() -> None:
    row = {"TaxonId": "7", "Kingdom": "Animalia", "Genus": "Panthera", "FullName": "Panthera uncia",
           "RankName": "SPECIES", "CurrentListing": "I", "EnglishNames": "Ounce",
           "FrenchNames": '"Irbis", "Once"'}  # fmt: skip
    (one,), _ = read(text([row], INDEX))
    assert one.common == (("en", "Ounce"), ("fr", "Irbis"), ("fr", "Once"))


@pytest.mark.parametrize(
    ("native", "codes", "certain"),
    [
        ("Kazakhstan,Iran (Islamic Republic of)", {"KZ", "IR"}, True),
        ("Bolivia (Plurinational State of)", {"BO"}, True),
        ("Kazakhstan,Atlantis", {"KZ", "FR"}, False),
        ("", {"KZ", "FR"}, False),
    ],
)
def test_native_range_counts_only_if_every_country_is_known(native: str, codes: set[str], certain: bool) -> None:
    row = listing("1", "Canis aureus", "II") | {
        "All_DistributionISOCodes": "KZ,FR", "NativeDistributionFullNames": native}  # fmt: skip
    (one,), _ = read(text([row]))
    assert (one.range_states, one.range_native) == (codes, certain)


def test_answer_of_the_api_gives_the_day_of_the_listing() -> None:
    sloth = concept(7, "Choloepus hoffmanni", "II", cites_listings=[
        {"appendix": "II", "annotation": None, "hash_annotation": None, "effective_at": "2026-03-05"}])  # fmt: skip
    faults: list[FieldError] = []
    (one,) = from_answer({"taxon_concepts": [sloth]}, "page 1", faults)
    assert (one.since, faults) == ("2026-03-05", [])
