"""Table of kinds that CITES does not list: no row names a listed taxon or a taxon that has listed parts."""

from __future__ import annotations

import re
from datetime import date

from chalicelib.kernel.codes import KINGDOMS
from chalicelib.species.services import list_in_use
from tests.cites_base_files import DATA, cells, listing_of, rows_of, synonyms, taxa

ROWS = rows_of(DATA / "unlisted.csv")
REASONS = {"domestic", "never_listed", "withdrawn", "outside"}


def test_unlisted_rows_are_complete() -> None:
    for row in ROWS:
        assert row["reason"] in REASONS
        assert row["rank"] in {"species", "subspecies", "genus"}
        assert row["kingdom"] in {"", *KINGDOMS}
        assert all(row[column] for column in ("name", "order", "family", "en", "ru", "source"))
        assert re.fullmatch(r"[A-Z][a-z]+( [a-z-]+){0,2}", row["name"])
        assert date.fromisoformat(row["as_of"])
        assert re.fullmatch(r"[А-Яа-яЁё;, ()-]+", row["ru"])
        assert re.fullmatch(r"[А-Яа-яЁёҢңӨөҮү;, ()-]*", row["ky"])


def test_homonyms_are_listed_genera_with_a_genus_of_another_kingdom() -> None:
    rows = rows_of(DATA / "homonyms.csv")
    assert [row["genus"] for row in rows] == sorted({row["genus"] for row in rows})
    for row in rows:
        genus = list_in_use.listing().find(row["genus"])
        assert genus is not None
        assert (genus.rank, genus.kingdom, genus.appendix > 0) == ("genus", row["kingdom"], True)
        assert row["other_kingdom"] not in {"", row["kingdom"]}
        assert row["other_family"]
        assert row["source"]


def test_unlisted_names_are_of_one_row_each() -> None:
    names = [each.lower() for row in ROWS for each in (row["name"], *cells(row["synonyms"]))]
    assert sorted(names) == sorted(set(names))


def test_each_domestic_animal_names_its_listed_wild_forms() -> None:
    """The wild form of these has the name of the domestic one, or is not listed either."""
    without = {
        "Bos taurus", "Camelus bactrianus", "Camelus dromedarius", "Oryctolagus cuniculus", "Cavia porcellus",
        "Mesocricetus auratus", "Mustela furo", "Gallus gallus", "Meleagris gallopavo", "Coturnix japonica",
        "Numida meleagris", "Columba livia", "Serinus canaria", "Bombyx mori",
    }  # fmt: skip
    domestic = {row["name"]: cells(row["wild"]) for row in ROWS if row["reason"] == "domestic"}
    assert {name for name, wild in domestic.items() if not wild} == without
    listing = list_in_use.listing()
    for name in (each for wild in domestic.values() for each in wild):
        known = listing.find(name)
        assert known is not None, name
        assert (known.scientific_name, known.appendix > 0) == (name, True)
    assert not any(row["wild"] for row in ROWS if row["reason"] != "domestic")


def test_no_unlisted_row_names_a_listed_taxon() -> None:
    wrong = []
    for row in ROWS:
        for name in (row["name"], *cells(row["synonyms"])):
            known = taxa().get(synonyms().get(name.lower(), name))
            if known is not None and (known["name"] != name or listing_of(known) != {"0"}):
                wrong.append(f"{name}: {known['name']} {known['appendix']}")
    assert wrong == []


def test_no_listed_taxon_lies_below_an_unlisted_row() -> None:
    """The note of a row names the listed taxa below it, such as the Pygmy Hog below the pigs."""
    wrong = []
    for row in ROWS:
        below = [
            name
            for name, known in taxa().items()
            if name.startswith(row["name"] + " ") and listing_of(known) != {"0"} and name not in row["note"]
        ]
        wrong += below
    assert wrong == []
