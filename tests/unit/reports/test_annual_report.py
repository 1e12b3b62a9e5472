"""Annual trade report: upload form, choice of lines, exact sums, checks, and no spreadsheet formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from life import APPLICATION, SAKER

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.quantity import spelled
from chalicelib.record.permit import Party, SourceDocument, line_letter, to_record
from chalicelib.reports.model.annual_checks import ERROR, WARNING, Finding, check
from chalicelib.reports.model.annual_report import (
    COLUMNS,
    ReportedGoods,
    ReportLine,
    csv_text,
    lines_of,
    reported,
    sums,
    unlisted,
)
from chalicelib.species.model.listing import Event, Listing, Taxon
from chalicelib.species.model.usual_terms import taxon_fits
from chalicelib.species.services.list_in_use import listing

# From the samples by UNEP-WCMC of the two upload forms (annual-report-exporter.csv, annual-report-importer.csv).
EXPORTED = "2,Acipenser baerii,CAV,0.2,KIL,FR,CN,FR1107539121-R,,,T,F,2011"
EXPORT_HEADER = (
    "Appendix,SpeciesName,TermCode,Quantity,UnitCode,TradingPartner,CountryOfOrigin,ExportPermit,OriginPermit,"
    "IFSPermit,PurposeCode,SourceCode,Year"
)
IMPORT_HEADER = EXPORT_HEADER.replace("ExportPermit", "ImportPermit,ExportPermit")
CAVIAR = replace(SAKER, scientific_name="Acipenser baerii", source="F", term="CAV", quantity="0.2", unit="KGM",
                 appendix=2, origin=SourceDocument("CN", "CN-77", "2011-01-01"))  # fmt: skip


def caviar(**changes: Any) -> dict[str, Any]:
    application = replace(APPLICATION, document_type="R", importer=Party("Epicure", "Paris", "FR"), lines=(CAVIAR,))
    return to_record(replace(application, **changes))


def line(**cells: str) -> ReportLine:
    whole = dict.fromkeys(COLUMNS["import"], "") | {
        "Appendix": "2", "SpeciesName": "Acipenser baerii", "TermCode": "CAV", "Quantity": "6", "UnitCode": "KGM",
        "TradingPartner": "FR", "PurposeCode": "T", "SourceCode": "C", "Year": "2026",
    }  # fmt: skip
    return ReportLine(whole | cells, "26KG000001/R", "A", "id", "manas-airport", "2026-05")


def test_export_file_matches_upload_form() -> None:
    goods = ReportedGoods(caviar(), {"A": "0.2"}, export_permit="FR1107539121-R")
    made = lines_of(goods, "export", 2011)
    header, row = csv_text(made, "export").splitlines()
    assert header == EXPORT_HEADER
    assert row == EXPORTED.replace("KIL", "KGM").replace("-R,,", "-R,CN-77,")


def test_import_file_has_import_permit_before_export_permit() -> None:
    goods = ReportedGoods(caviar(), {"A": "0.2"}, import_permit="11KG000007/I", export_permit="FR-1", exporter="FR")
    made = lines_of(goods, "import", 2011)
    header, row = csv_text(made, "import").splitlines()
    assert header == IMPORT_HEADER
    assert row == "2,Acipenser baerii,CAV,0.2,KGM,FR,CN,11KG000007/I,FR-1,CN-77,,T,F,2011"


def test_own_country_is_no_origin_and_introduction_from_sea_has_own_permit() -> None:
    own = replace(CAVIAR, origin=SourceDocument("KG"))
    (row,) = lines_of(ReportedGoods(caviar(lines=(own,)), {"A": "1"}), "export", 2026)
    assert row.cells["CountryOfOrigin"] == ""
    sea = replace(CAVIAR, origin=SourceDocument("ZZ", "FR1330592445-M"))
    (row,) = lines_of(ReportedGoods(caviar(lines=(sea,)), {"A": "1"}), "export", 2026)
    assert (row.cells["CountryOfOrigin"], row.cells["OriginPermit"], row.cells["IFSPermit"]) == (
        "ZZ", "", "FR1330592445-M",
    )  # fmt: skip


def test_goods_not_listed_or_not_moved_give_no_line() -> None:
    record = caviar(lines=(CAVIAR, replace(CAVIAR, appendix=0), CAVIAR))
    moved = {"A": "1", "B": "2", "C": "0"}
    assert [each.letter for each in lines_of(ReportedGoods(record, moved), "export", 2026)] == ["A"]
    assert unlisted(record, moved) == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kind_of_document_decides_file_and_many_crossings_are_left_out(kind: str) -> None:
    assert reported(kind, "export") == (kind not in {"I", "OT", "OW", "OM", "OS"})
    assert reported(kind, "import") == (kind == "I")


def test_cell_like_a_formula_is_escaped_in_csv() -> None:
    text = csv_text([line(ExportPermit="=cmd|' /C calc'!A1", OriginPermit='a,"b"\nc')], "export")
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row[7:9] == ["'=cmd|' /C calc'!A1", 'a,"b"\nc']


quantity = st.decimals(min_value=0, max_value=10**6, places=3).map(lambda each: spelled(each.normalize()))


@given(st.lists(st.tuples(quantity, st.booleans(), st.integers(0, 3)), max_size=30))
def test_sums_equal_endorsed_quantities(goods: list[tuple[str, bool, int]]) -> None:
    """No quantity is lost, none is counted twice, and units are never mixed."""
    lines = tuple(replace(CAVIAR, unit="KGM" if heavy else None, appendix=appendix) for _, heavy, appendix in goods)
    moved = {line_letter(index): amount for index, (amount, _, _) in enumerate(goods)}
    made = list(lines_of(ReportedGoods(caviar(lines=lines), moved, post="torugart", month="2026-03"), "export", 2026))
    for unit, heavy in (("KGM", True), ("", False)):
        wanted = sum((Decimal(a) for a, h, appendix in goods if h == heavy and appendix), Decimal(0))
        assert sum((each.quantity for each in sums(made) if each.unit == unit), Decimal(0)) == wanted
    assert sum(each.lines for each in sums(made)) == len(made)
    rows = list(csv.DictReader(io.StringIO(csv_text(made, "export"), newline="")))
    assert [row["Quantity"] for row in rows] == [each.cells["Quantity"] for each in made]


LISTING = listing()
RULES = [
    (1, "TradingPartner", ERROR, {"TradingPartner": ""}),
    (1, "Quantity", ERROR, {"Quantity": ""}),
    (2, "Quantity", ERROR, {"Quantity": "six"}),
    (2, "Year", ERROR, {"Year": "26"}),
    (3, "TermCode", ERROR, {"TermCode": "SKO"}),
    (3, "UnitCode", ERROR, {"UnitCode": "KIL"}),
    (3, "SourceCode", ERROR, {"SourceCode": "Q"}),
    (3, "PurposeCode", ERROR, {"PurposeCode": "X"}),
    (3, "TradingPartner", ERROR, {"TradingPartner": "QQ"}),
    (3, "CountryOfOrigin", ERROR, {"CountryOfOrigin": "QQ"}),
    (3, "Appendix", ERROR, {"Appendix": "0"}),
    (3, "SpeciesName", ERROR, {"SpeciesName": "Draco magnus"}),
    (4, "Appendix", WARNING, {"Appendix": "1"}),
    (5, "UnitCode", WARNING, {"UnitCode": "MTR"}),
    (6, "PurposeCode", WARNING, {"PurposeCode": "Z"}),
    (7, "TermCode", WARNING, {"TermCode": "HOR", "UnitCode": ""}),
    (8, "SpeciesName", WARNING, {"SourceCode": "W"}),
    (9, "CountryOfOrigin", WARNING, {"CountryOfOrigin": "KG"}),
    (10, "TradingPartner", WARNING, {"TradingPartner": "KG"}),
    (11, "SourceCode", WARNING, {"SourceCode": "A"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "field", "level", "cells"), RULES)
def test_each_check_reports_row_and_field(rule: int, field: str, level: str, cells: dict[str, str]) -> None:
    sound, wrong = line(), line(**cells)
    found = check([sound, wrong], "export", LISTING, issuer="KG")
    assert (3, field, rule, level) in [(each.row, each.field, each.rule, each.level) for each in found]
    assert not [each for each in found if each.row == 2]


def test_sound_rows_have_no_findings() -> None:
    argali = line(SpeciesName="Ovis ammon", TermCode="TRO", UnitCode="", PurposeCode="H", SourceCode="W")
    saker = line(SpeciesName="Falco cherrug", TermCode="LIV", UnitCode="", TradingPartner="AE")
    assert check([argali, saker, line()], "export", LISTING, issuer="KG") == ()
    assert (
        check([replace(argali, cells={**argali.cells, "TradingPartner": "KZ"})], "import", LISTING, issuer="KG") == ()
    )
    abroad = line(SourceCode="W", CountryOfOrigin="XX")
    assert check([abroad], "export", LISTING, issuer="KG") == ()


UNCIA = {"SpeciesName": "Panthera uncia", "Appendix": "1", "TermCode": "SKI", "UnitCode": "", "PurposeCode": "S"}


def ruled(rule: int, direction: str = "export", **cells: str) -> list[Finding]:
    return [each for each in check([line(**cells)], direction, LISTING, issuer="KG") if each.rule == rule]


def test_wild_goods_from_no_range_state_are_reported() -> None:
    """The list's range States count, where it has them, and otherwise the species of this country."""
    (found,) = ruled(8, **UNCIA, SourceCode="W", CountryOfOrigin="BR")
    assert (found.field, found.level) == ("CountryOfOrigin", WARNING)
    assert "BR" in found.detail
    (found,) = ruled(8, "import", **UNCIA, SourceCode="W", TradingPartner="BR")
    assert found.field == "SpeciesName"
    for sound in ({"CountryOfOrigin": "MN"}, {"CountryOfOrigin": "XX"}, {"CountryOfOrigin": "XV"}, {}):
        assert not ruled(8, **UNCIA, SourceCode="W", **sound)
    assert not ruled(8, **UNCIA, SourceCode="C", CountryOfOrigin="BR")
    assert not ruled(8, SpeciesName="Bycanistes brevis", SourceCode="W", CountryOfOrigin="BR")  # no range States known


TERMS_THAT_DO_NOT_FIT = [
    ("Psittacus erithacus", "HOR"), ("Psittacus erithacus", "TUS"), ("Psittacus erithacus", "SAW"),
    ("Psittacus erithacus", "RUG"), ("Pandion haliaetus", "CAP"), ("Pandion haliaetus", "HOR"),
    ("Manis crassicaudata", "FEA"), ("Hippopotamus amphibius", "FEA"), ("Python regius", "FEA"),
    ("Crocodylia", "HAI"), ("Hirudo medicinalis", "SKU"), ("Dendrobium", "TIM"), ("Galanthus", "LOG"),
    ("Panax ginseng", "SKI"), ("Testudo horsfieldii", "TUS"), ("Falco cherrug", "LOG"), ("Dalbergia nigra", "FEA"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "term"), TERMS_THAT_DO_NOT_FIT)
def test_term_unusual_for_the_taxon_is_reported(name: str, term: str) -> None:
    (found,) = ruled(7, SpeciesName=name, TermCode=term)
    assert (found.field, found.level) == ("TermCode", WARNING)


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Psittacus erithacus", "FEA"), ("Psittacus erithacus", "LIV"), ("Psittacus erithacus", "ESH"),
        ("Pandion haliaetus", "FEA"), ("Pandion haliaetus", "TRO"), ("Hippopotamus amphibius", "TUS"),
        ("Monodon monoceros", "TUS"), ("Odobenus rosmarus", "IJW"), ("Loxodonta africana", "KEY"),
        ("Manis crassicaudata", "SCA"), ("Hirudo medicinalis", "MED"), ("Testudo horsfieldii", "CAP"),
        ("Dalbergia nigra", "SAW"), ("Aquilaria", "CHP"), ("Saussurea costus", "ROO"), ("Panax ginseng", "ROO"),
        ("Cactaceae", "STE"), ("Canis lupus", "RUG"), ("Scleractinia", "COR"), ("Falco cherrug", "JWL"),
    ],
)  # fmt: skip
def test_term_usual_for_the_taxon_passes(name: str, term: str) -> None:
    assert LISTING.find(name), name
    assert not ruled(7, SpeciesName=name, TermCode=term)


def test_each_taxon_of_the_list_has_usual_terms_of_its_kingdom() -> None:
    """LIV and SPE fit every animal and plant of the list, but a term of the other kingdom does not."""
    for taxon in (each for each in LISTING.taxa if each.kingdom):
        assert taxon_fits("LIV", taxon), taxon.scientific_name
        assert taxon_fits("SPE", taxon), taxon.scientific_name
        assert not taxon_fits("SAW" if taxon.kingdom == "Animalia" else "BON", taxon), taxon.scientific_name
    nothing_known = replace(LISTING.taxa[0], class_name="", order="", family="Novidae", kingdom="Animalia")
    assert taxon_fits("HOR", nothing_known)


IBEX = {"SpeciesName": "Capra sibirica", "TermCode": "TRO", "UnitCode": "", "PurposeCode": "H", "SourceCode": "W"}


def test_appendix_is_checked_against_the_history_of_the_year() -> None:
    """Listed in Appendix III on 2014-12-01, but not listed before."""
    (found,) = ruled(4, **IBEX, Appendix="3", Year="2013")
    assert (found.expected, found.as_of, "none in 2013" in found.detail) == ((), "", True)
    assert not ruled(4, **IBEX, Appendix="3", Year="2014")
    (found,) = ruled(4, **IBEX, Appendix="2", Year="2014")
    assert found.expected == ("III",)
    (found,) = ruled(4, **IBEX, Appendix="2", Year="2026")
    assert "Look up which was in force in 2026" in found.detail, "after its last change the list speaks"
    rhodiola = {"SpeciesName": "Rhodiola crenulata", "TermCode": "ROO", "SourceCode": "W", "CountryOfOrigin": "XX"}
    assert ruled(4, **rhodiola, Appendix="2", Year="2022"), "of a species the history of its genus"
    assert not ruled(4, **rhodiola, Appendix="2", Year="2023")


def test_moved_taxon_has_both_appendices_in_the_year_of_the_move() -> None:
    moved = Event("2023-02-23", "Moved", "CoP19", 2, 1)
    listing_ = Listing([Taxon("Testudo nova", 1, "Animalia")], history={"Testudo nova": (moved,)})
    taxon = listing_.taxa[0]
    years = {year: listing_.appendices_in(taxon, year) for year in (2022, 2023, 2024)}
    assert years == {2022: {2}, 2023: {1, 2}, 2024: None}


def test_row_numbers_continue_on_the_next_page() -> None:
    (found,) = check([line(Year="26")], "export", LISTING, issuer="KG", first=500)
    assert found == Finding(500, "Year", 2, ERROR, "Four digits.")
