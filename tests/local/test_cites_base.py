"""Conversion of the index of all CITES taxa into the tables of the base."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from local import cites_base
from local.cites_base import Report, convert, read, write

COLUMNS = (
    "kingdom", "class", "order", "family", "rank", "name", "appendix", "annotation", "synonyms", "english", "french",
    "range", "note", "listed_by", "as_of", "checked", "basis",
)  # fmt: skip
CHANGE_COLUMNS = (
    "in_force", "taxon", "rank", "change", "from", "to", "annotation", "populations", "source", "confidence", "note",
)  # fmt: skip


def _row(name: str, appendix: str, **more: str) -> dict[str, str]:
    blank = dict.fromkeys(COLUMNS, "")
    place = {"kingdom": "Animalia", "class": "Mammalia", "order": "Artiodactyla", "family": "Bovidae"}
    dated = {"as_of": "2017-04-21", "checked": "2025-03-06", "basis": "index 2017"}
    rank = "species" if " " in name else "genus"
    return {**blank, **place, **dated, "rank": rank, "name": name, "appendix": appendix, **more}


def _change(taxon: str, **more: str) -> dict[str, str]:
    blank = dict.fromkeys(CHANGE_COLUMNS, "")
    return {**blank, "taxon": taxon, "rank": "species", "change": "added", "from": "0", "to": "II", **more}


INDEX = [
    _row("Ovis ammon", "II", range="CN KZ", synonyms="Ovis argali;Ovis polii;Ovis communis"),
    _row("Ovis polii", "II", basis="split", range="KG", as_of="2019-11-26"),
    _row("Ovis gmelini", "I", note="I:CY;0:*", synonyms="Ovis communis"),
    _row("Capra falconeri", "I", range="AF SU PK", english="Markhor;Screw-horn", french="Markhor"),
    _row("Afzelia", "II", kingdom="Plantae", family="Leguminosae", order="", note="II:AFRICA;0:*", **{"class": ""}),
    _row("Moschus", "I/II/NC", family="Moschidae", note="I:AF,CN;II:*"),
    _row("Falco", "I/II", family="Falconidae", order="Falconiformes", note="see-parts", **{"class": "Aves"}),
    _row("Vultur", "I/NC", family="Cathartidae", order="Falconiformes", note="see-parts", **{"class": "Aves"}),
    _row("Alauda arvensis", "III", family="Alaudidae", note="UA population", listed_by="UA"),
    _row("Vulpes vulpes", "III/NC", family="Canidae", note="see-parts"),
    _row("Vulpes vulpes montana", "III", family="Canidae", rank="subspecies", listed_by="IN"),
    _row("Caribena versicolor", "III", family="Theraphosidae", listed_by="EU"),
    _row("Pelophylax lessonae", "0", family="Ranidae", note="coming:II from 2027-06-05 (inferred)", checked=""),
    _row("Mustelus canis", "II", family="Triakidae", note="entry may be delayed to 2027-06-05", checked=""),
    _row("Bos mutus", "I", note="x:domesticated", synonyms="Bos grunniens;Poephagus mutus"),
    _row("Acropora", "II", order="Scleractinia", family="Acroporidae", note="x:fossils", **{"class": "Anthozoa"}),
    *(
        _row(name, "II", order=order, family=family, **{"class": "Anthozoa"})
        for name, family, order in (
            ("Tubipora musica", "Tubiporidae", "Stolonifera"),
            ("Heliopora coerulea", "Helioporidae", "Helioporacea"),
            ("Millepora alcicornis", "Milleporidae", "Milleporina"),
            ("Stylaster roseus", "Stylasteridae", "Stylasterina"),
            ("Antipathes dichotoma", "Antipathidae", "Antipatharia"),
        )
    ),
    _row("Lutrinae", "I/II", rank="subfamily", family="Mustelidae"),
    _row("Arethusa", "", family="Orchidaceae"),
    _row('Woodworthia "Pygmy"', "III", family="Gekkonidae"),
    _row("Okapia johnstoni", "III", family="Giraffidae"),
]
CHANGES = [
    _change("Ovis polii", change="name", **{"from": "Ovis ammon (part)", "to": "Ovis polii"}, in_force="2019-11-26"),
    _change("Afzelia spp.", annotation="#17", populations="AFRICA", in_force="2023-02-23", confidence="seen: schedule"),
    _change("Alauda arvensis", to="III", populations="UA", confidence="seen: in force by 2020-08-25"),
    _change("Pelophylax lessonae", in_force="2027-06-05", confidence="seen: press; inferred"),
    _change("Mustelus canis", confidence="seen: UNEP-WCMC import of 2026-02-19"),
]
RUSSIAN = [
    {"name": "Ovis ammon", "russian": "Архар", "source": "labels", "matched_as": ""},
    {"name": "Ovis nulla", "russian": "Нет", "source": "labels", "matched_as": ""},
]


@pytest.fixture(scope="module")
def report() -> Report:
    return Report()


@pytest.fixture(scope="module")
def taxa(report: Report) -> Mapping[str, Mapping[str, str]]:
    _, rows = convert(INDEX, CHANGES, RUSSIAN, report)["taxa.csv"]
    return {row["name"]: row for row in rows}


def test_rows_that_cannot_be_used_are_left_out_and_reported(
    taxa: Mapping[str, Mapping[str, str]], report: Report
) -> None:
    assert {"Lutrinae", "Arethusa", 'Woodworthia "Pygmy"'}.isdisjoint(taxa)
    assert len(taxa) == len(INDEX) - 3
    assert report.count("left out: rank") == 1
    assert report.count("left out: name in quotation marks") == 1


@pytest.mark.parametrize(
    ("name", "appendix", "parts"),
    [
        ("Ovis gmelini", "I", "0"),
        ("Afzelia", "II", "0"),
        ("Moschus", "II", "I"),
        ("Falco", "II", ""),
        ("Vultur", "0", ""),
        ("Alauda arvensis", "III", "0"),
        ("Vulpes vulpes", "III", "0"),
        ("Pelophylax lessonae", "0", ""),
    ],
)
def test_appendix_and_parts_follow_the_populations(
    taxa: Mapping[str, Mapping[str, str]], name: str, appendix: str, parts: str
) -> None:
    assert (taxa[name]["appendix"], taxa[name]["parts"]) == (appendix, parts)


def test_fossils_of_all_stony_corals_are_excepted_but_not_of_black_ones(
    taxa: Mapping[str, Mapping[str, str]],
) -> None:
    corals = ("Acropora", "Tubipora musica", "Heliopora coerulea", "Millepora alcicornis", "Stylaster roseus")
    assert {taxa[name]["except"] for name in corals} == {"fossils"}
    assert taxa["Antipathes dichotoma"]["except"] == ""


def test_synonym_of_two_taxa_or_accepted_name_is_left_out(taxa: Mapping[str, Mapping[str, str]]) -> None:
    assert taxa["Ovis ammon"]["synonyms"] == "Ovis argali"
    assert taxa["Ovis gmelini"]["synonyms"] == ""
    assert taxa["Bos mutus"]["synonyms"] == "Poephagus mutus"


def test_range_of_split_taxon_or_old_state_is_not_certain(taxa: Mapping[str, Mapping[str, str]]) -> None:
    assert taxa["Capra falconeri"]["range"] == "AF; PK"
    assert [taxa[name]["range_sure"] for name in ("Ovis ammon", "Ovis polii", "Capra falconeri")] == ["", "", ""]


def test_default_days_and_basis_are_empty(taxa: Mapping[str, Mapping[str, str]]) -> None:
    assert [taxa["Ovis ammon"][column] for column in ("since", "checked", "basis")] == ["", "", ""]
    assert [taxa["Ovis polii"][column] for column in ("since", "checked", "basis")] == ["2019-11-26", "", "split"]
    assert [taxa["Pelophylax lessonae"][column] for column in ("since", "checked")] == ["", "-"]


def test_listing_countries_come_from_the_row_or_its_parts(taxa: Mapping[str, Mapping[str, str]]) -> None:
    assert taxa["Vulpes vulpes"]["listed_by"] == "IN"
    assert len(taxa["Caribena versicolor"]["listed_by"].split("; ")) == 27
    assert taxa["Okapia johnstoni"]["open"] == "party"


def test_entry_that_may_be_delayed_is_open(taxa: Mapping[str, Mapping[str, str]]) -> None:
    assert taxa["Mustelus canis"]["open"] == "delay"


def test_changes_have_bounds_where_the_day_is_not_known() -> None:
    _, rows = convert(INDEX, CHANGES, RUSSIAN, Report())["changes.csv"]
    found = {row["taxon"]: row for row in rows}
    assert [found["Ovis polii"][column] for column in ("what", "before", "old_name")] == [
        "renamed", "", "Ovis ammon (part)",
    ]  # fmt: skip
    assert [found["Afzelia"][column] for column in ("not_before", "not_after", "symbol", "populations")] == [
        "2023-02-23", "2023-02-23", "#17", "AFRICA",
    ]  # fmt: skip
    assert [found["Alauda arvensis"][column] for column in ("not_before", "not_after", "listed_by")] == [
        "2017-04-21", "2020-08-25", "UA",
    ]  # fmt: skip
    assert [found["Mustelus canis"][column] for column in ("not_before", "not_after")] == ["2026-03-05", "2027-06-30"]
    assert found["Pelophylax lessonae"]["sure"] == "inferred"


def test_russian_name_of_no_taxon_is_left_out() -> None:
    _, rows = convert(INDEX, CHANGES, RUSSIAN, Report())["names_ru.csv"]
    assert [row["name"] for row in rows] == ["Ovis ammon"]


def test_conversion_run_twice_gives_the_same_files(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with gzip.open(source / "cites-index-2026.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(INDEX)
    for name, columns, rows in (
        ("changes-2017-2026.csv", CHANGE_COLUMNS, CHANGES),
        ("names-ru.csv", tuple(RUSSIAN[0]), RUSSIAN),
    ):
        with (source / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    for folder in ("first", "second"):
        write(convert(*read(source), Report()), tmp_path / folder)
    first, second = (
        {each.name: each.read_bytes() for each in (tmp_path / folder).iterdir()} for folder in ("first", "second")
    )
    assert first == second
    assert set(first) == {
        "taxa.csv",
        "families.csv",
        "basis.csv",
        "changes.csv",
        "names_ru.csv",
        "ambiguous.csv",
        "edition.json",
    }


def test_report_counts_each_topic(report: Report, taxa: Mapping[str, Mapping[str, str]]) -> None:
    assert taxa
    assert "left out: rank: 1" in report.text()
    assert cites_base.IN_FORCE == "2026-03-05"


def test_name_of_two_taxa_is_kept_with_both() -> None:
    _, rows = convert(INDEX, CHANGES, RUSSIAN, Report())["ambiguous.csv"]
    assert rows == [{"name": "Ovis communis", "taxa": "Ovis ammon; Ovis gmelini"}]


def test_taxon_in_two_spellings_becomes_one_row_with_its_range() -> None:
    place = {"family": "Accipitridae", "order": "Falconiformes", "class": "Aves"}
    old = _row("Gyps rueppellii", "II", range="KE", synonyms="Vultur rueppellii", **place)
    new = _row("Gyps rueppelli", "I", basis="CoP20", as_of="2026-03-05", checked="", **place)
    _, rows = convert([old, new], [], [], Report())["taxa.csv"]
    assert [(row["name"], row["appendix"], row["range"], row["synonyms"]) for row in rows] == [
        ("Gyps rueppelli", "I", "KE", "Vultur rueppellii; Gyps rueppellii")
    ]


def test_added_synonym_stays_with_its_taxon_though_another_claims_it() -> None:
    own = _row("Crocodylus niloticus", "II", family="Crocodylidae")
    other = _row("Crocodylus acutus", "II", family="Crocodylidae", synonyms="Crocodylus suchus")
    _, rows = convert([own, other], [], [], Report())["taxa.csv"]
    assert {row["name"]: row["synonyms"] for row in rows} == {
        "Crocodylus niloticus": "Crocodylus suchus",
        "Crocodylus acutus": "",
    }
