"""Tables of all taxa of CITES: form of every cell, and agreement of the tables with each other."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from chalicelib.kernel.codes import KINGDOMS, PURPOSES, SOURCES, TERMS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.document_kinds import KINDS
from tests.cites_base_files import BASE, OVERLAY, cells, listing_of, rows_of, synonyms, taxa

TAXA = taxa()
FAMILIES = {row["family"]: row for row in rows_of(BASE / "families.csv")}
ORDERS = {row["order"] for row in FAMILIES.values()}
CHANGES = rows_of(BASE / "changes.csv")
EDITION = json.loads((BASE / "edition.json").read_text("utf-8"))
RANKS = {"": 2, "subspecies": 3, "variety": 4, "genus": 1, "family": 1, "order": 1}
OPEN = {"delay", "annotation", "one_source", "name", "withdrawn", "party", "part_of_genus"}
APPENDICES = {"I", "II", "III", "0"}


def test_every_taxon_has_cells_of_its_form() -> None:
    faults = []
    for name, row in TAXA.items():
        listing = [row["appendix"], *cells(row["parts"])]
        expected = {
            "rank": row["rank"] in RANKS and len(name.split()) == RANKS[row["rank"]],
            "name": re.fullmatch(r"[A-Z][a-z]+(-[A-Z][a-z]+)?( (var\. )?[a-zëöäçé-]+)*", name),
            "place": row["family"] in FAMILIES if row["family"] else row["order"] in ORDERS,
            "appendix": set(listing) <= APPENDICES and len(set(listing)) == len(listing),
            "listed_by": set(cells(row["listed_by"])) <= set(COUNTRIES),
            "party": ("III" in listing) == (bool(row["listed_by"]) or "party" in row["open"]),
            "symbol": re.fullmatch(r"(#\d{1,2})?", row["symbol"]),
            "except": row["except"] in {"", "fossils", "domesticated", "native_japan"},
            "range": set(cells(row["range"])) <= set(COUNTRIES),
            "range_sure": row["range_sure"] in ("", "y") and not (row["range_sure"] and not row["range"]),
            "since": not row["since"] or date.fromisoformat(row["since"]) <= date.fromisoformat(EDITION["in_force"]),
            "checked": row["checked"] in {"", "-"},
            "open": set(cells(row["open"])) <= OPEN,
        }
        faults += [f"{name}: {column}" for column, is_right in expected.items() if not is_right]
    assert not faults


def test_names_and_synonyms_name_one_taxon_each() -> None:
    names = [name.lower() for name in TAXA]
    every = [*names, *(each.lower() for row in TAXA.values() for each in cells(row["synonyms"]))]
    assert len(rows_of(BASE / "taxa.csv")) == len(TAXA)
    assert sorted(set(every)) == sorted(every)


def test_taxa_are_in_the_order_of_the_families() -> None:
    place = [FAMILIES.get(row["family"]) for row in TAXA.values()]
    kingdoms = [row["kingdom"] for row in place if row]
    assert kingdoms == sorted(kingdoms)


def test_families_have_known_kingdoms() -> None:
    assert {row["kingdom"] for row in FAMILIES.values()} <= set(KINGDOMS)
    assert all(row["order"] for row in FAMILIES.values())


def test_basis_codes_are_those_of_the_taxa() -> None:
    codes = {row["code"] for row in rows_of(BASE / "basis.csv")}
    used = {row["basis"] or EDITION["basis_default"] for row in TAXA.values()}
    assert used <= codes


def test_edition_days_are_in_order() -> None:
    days = [EDITION[name] for name in ("base_day", "checked_default", "in_force", "checked")]
    assert days == sorted(days)


@pytest.mark.parametrize("rank", ["genus", "family", "order"])
def test_rank_above_species_has_one_appendix_or_a_population(rank: str) -> None:
    split = {row["taxon"] for row in rows_of(OVERLAY / "populations.csv")}
    assert [name for name, row in TAXA.items() if row["rank"] == rank and row["parts"] and name not in split] == []


def test_changes_have_days_and_known_words() -> None:
    whats = {"added", "moved", "deleted", "renamed", "annotation", "quota", "population"}
    for row in CHANGES:
        assert row["what"] in whats
        assert row["sure"] in {"seen", "inferred", "known"}
        assert date.fromisoformat(row["not_before"]) <= date.fromisoformat(row["not_after"])
        assert {*cells(row["before"]), *cells(row["after"])} <= APPENDICES
        assert set(cells(row["listed_by"])) <= set(COUNTRIES)
        assert row["source"]


def test_changes_of_a_taxon_end_in_its_row() -> None:
    """The last change that is in force gives the Appendix of the row; each change begins where the last one ended."""
    last: dict[str, dict[str, str]] = {}
    for row in sorted(CHANGES, key=lambda row: (row["not_before"], row["not_after"])):
        if row["what"] not in {"added", "moved", "deleted"}:
            continue
        before = last.get(row["taxon"])
        assert before is None or before["after"] == row["before"]
        last[row["taxon"]] = row
    wrong = [
        name
        for name, row in last.items()
        if row["not_before"] <= EDITION["in_force"] and row["after"] not in listing_of(TAXA[name])
    ]
    assert wrong == []


def test_coming_changes_find_their_taxa_not_listed() -> None:
    coming = [row for row in CHANGES if row["not_before"] > EDITION["checked"]]
    assert {row["taxon"].split()[0] for row in coming} == {"Pelophylax"}
    assert {TAXA[row["taxon"]]["appendix"] for row in coming} == {"0"}
    assert {row["after"] for row in coming} == {"II"}


def test_populations_fit_their_taxa() -> None:
    for row in rows_of(OVERLAY / "populations.csv"):
        assert {*cells(row["origins"]), *cells(row["open"])} <= set(COUNTRIES)
        assert not set(cells(row["origins"])) & set(cells(row["open"]))
        if not row["until"]:
            assert {row["appendix"], row["others"] or row["appendix"]} <= listing_of(TAXA[row["taxon"]])


def test_restrictions_name_known_codes_and_taxa() -> None:
    for row in rows_of(OVERLAY / "restrictions.csv"):
        assert row["taxon"] in TAXA
        assert set(filter(None, row["kinds"].split(";"))) <= set(KINDS)
        if not row["sources"] or set(row["sources"].split(";")) & set("CAD"):  # certificates of Art. VII too
            assert not row["kinds"] or {"OC", "OA", "OP", "OT", "OM"} <= set(row["kinds"].split(";"))
        assert set(filter(None, row["sources"].split(";"))) <= set(SOURCES)
        assert set(filter(None, row["purposes"].split(";"))) <= set(PURPOSES)
        assert set(filter(None, row["terms"].split(";"))) <= set(TERMS)
        assert set(filter(None, f"{row['origins']};{row['except_origins']}".split(";"))) <= set(COUNTRIES)
        assert row["effect"] in {"stop", "ask"}
        assert row["exported_before"] in {"", "yes"}
        assert row["since"] < (row["until"] or "9999")
        assert all(row[column] for column in ("reason", "reason_ru", "reason_ky", "source"))


@pytest.mark.parametrize(
    ("name", "accepted", "appendix", "parts"),
    [
        ("Acipenser", "Acipenser", "II", ""),
        ("Acipenser sturio", "Acipenser sturio", "I", ""),
        ("Antigone vipio", "Antigone vipio", "I", ""),
        ("Canis lupus", "Canis lupus", "I", "II"),
        ("Capra sibirica", "Capra sibirica", "III", ""),
        ("Cathartidae", "Cathartidae", "0", ""),
        ("Damaliscus pygargus", "Damaliscus pygargus", "0", ""),
        ("Dalbergia", "Dalbergia", "II", ""),
        ("Dalbergia nigra", "Dalbergia nigra", "I", ""),
        ("Dicksonia", "Dicksonia", "II", "0"),
        ("Equus hemionus khur", "Equus hemionus khur", "I", ""),
        ("Equus hemionus luteus", "Equus hemionus luteus", "I", ""),
        ("Falco pelegrinoides", "Falco peregrinus", "I", ""),
        ("Felis catus", "Felis catus", "0", ""),
        ("Grus canadensis", "Antigone canadensis", "I", "II"),
        ("Hyaena hyaena", "Hyaena hyaena", "II", ""),
        ("Manis", "Manis", "II", ""),
        ("Smutsia", "Manis", "II", ""),
        ("Smutsia gigantea", "Manis gigantea", "I", ""),
        ("Ovis ammon", "Ovis ammon", "II", ""),
        ("Ovis bochariensis", "Ovis bochariensis", "II", ""),
        ("Ovis collium", "Ovis collium", "II", ""),
        ("Ovis cycloceros", "Ovis cycloceros", "II", ""),
        ("Ovis darwini", "Ovis darwini", "II", ""),
        ("Ovis gmelini", "Ovis gmelini", "I", "0"),
        ("Ovis hodgsonii", "Ovis hodgsoni", "I", ""),
        ("Ovis jubata", "Ovis jubata", "II", ""),
        ("Ovis karelini", "Ovis karelini", "II", ""),
        ("Ovis nigrimontana", "Ovis nigrimontana", "I", ""),
        ("Ovis polii", "Ovis polii", "II", ""),
        ("Ovis punjabiensis", "Ovis punjabiensis", "II", ""),
        ("Ovis severtzovi", "Ovis severtzovi", "II", ""),
        ("Ovis vignei", "Ovis vignei", "I", ""),
        ("Pelophylax ridibundus", "Pelophylax ridibundus", "0", ""),
        ("Python bivittatus", "Python bivittatus", "II", ""),
        ("Python molurus", "Python molurus", "I", ""),
        ("Rhinocerotidae", "Rhinocerotidae", "I", ""),
        ("Saiga borealis", "Saiga borealis", "II", ""),
        ("Saiga tatarica", "Saiga tatarica", "II", ""),
        ("Ursus arctos isabellinus", "Ursus arctos isabellinus", "I", ""),
    ],
)
def test_decided_names_have_their_appendix(name: str, accepted: str, appendix: str, parts: str) -> None:
    row = TAXA[synonyms().get(name.lower(), name)]
    assert (row["name"], row["appendix"], row["parts"]) == (accepted, appendix, parts)


def test_rhodiola_has_nine_kyrgyz_species_and_symbol_two() -> None:
    found = [row for name, row in TAXA.items() if name.startswith("Rhodiola")]
    assert {row["symbol"] for row in found} == {"#2"}
    assert sum("KG" in cells(row["range"]) for row in found) >= 9


OVERLAY_ROWS = rows_of(OVERLAY / "species.csv")


def test_overlay_rows_name_base_taxa_or_are_whole() -> None:
    """A row of a taxon that the base lacks has every cell of a listing; it may rename a base taxon by its synonym."""
    for row in OVERLAY_ROWS:
        if row["scientific_name"] not in TAXA:
            assert all(row[column] for column in ("kingdom", "order", "family", "appendix", "source", "as_of"))


def test_overlay_rows_have_names_and_a_group() -> None:
    names = [row["scientific_name"] for row in OVERLAY_ROWS]
    assert len(names) == len(set(names))
    for row in OVERLAY_ROWS:
        assert row["group"] in {"native", "extinct", "look-alike", "traded"}
        assert row["en"]
        assert row["ru"]


def test_overlay_row_gives_an_appendix_only_where_decided_or_new() -> None:
    for row in OVERLAY_ROWS:
        if row["scientific_name"] in TAXA and not row["decided"]:
            assert not any(row[column] for column in ("appendix", "may_be", "listed_by"))
        if row["decided"]:
            assert row["source"]
            assert date.fromisoformat(row["as_of"])


def test_every_kyrgyz_taxon_of_the_base_is_in_the_overlay() -> None:
    known = {each for row in OVERLAY_ROWS for each in (row["scientific_name"], *cells(row["synonyms"]))}
    assert [name for name, row in TAXA.items() if "KG" in cells(row["range"]) and name not in known] == []


def test_ambiguous_names_belong_to_no_row_and_name_several_taxa() -> None:
    for row in rows_of(BASE / "ambiguous.csv"):
        assert row["name"] not in TAXA
        assert row["name"].lower() not in synonyms()
        assert len(cells(row["taxa"])) > 1
        assert set(cells(row["taxa"])) <= set(TAXA)


@pytest.mark.parametrize(
    ("old", "accepted"),
    [
        ("Gyps rueppellii", "Gyps rueppelli"),
        ("Crocodylus suchus", "Crocodylus niloticus"),
        ("Mecistops cataphractus", "Crocodylus cataphractus"),
        ("Heloderma charlesbogerti", "Heloderma horridum charlesbogerti"),
        ("Chelonoidis donfaustoi", "Chelonoidis niger"),
        ("Sophronitis jongheana", "Cattleya jongheana"),
    ],
)
def test_other_name_of_appendix_one_taxon_is_not_its_genus_rest(old: str, accepted: str) -> None:
    """Without the synonym the name is answered for the rest of its genus, in Appendix II."""
    assert synonyms()[old.lower()] == accepted
    assert TAXA[accepted]["appendix"] == "I"
