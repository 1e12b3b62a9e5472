"""Rules of applications: each rule refuses its case, and a sound application of each kind passes all rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.applications.rules import check, validity
from chalicelib.kernel import text as kernel_text
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.permits.model import findings
from chalicelib.record import shape
from chalicelib.record.permit import Application, ImportPermit, Line, Party, SourceDocument
from chalicelib.species.model.listing import Listing, Taxon
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()
TODAY = date(2026, 11, 24)
OURS = Party("Sunkar Centre LLC", "12 Ibraimov Street, Bishkek", "KG")
THEIRS = Party("Al Ain Falcon Hospital", "Al Ain", "AE")
SAKER = Line("Falco cherrug", "Saker", "1 female", "ring KG-0117", source="C", term="LIV", quantity="1")
PEREGRINE = replace(SAKER, scientific_name="Falco peregrinus", source="W")
IBEX = Line("Capra sibirica", "Ibex", "horns and skull", source="W", term="TRO", quantity="1")
ARGALI = replace(IBEX, scientific_name="Ovis ammon polii")
CAVIAR = Line(
    "Acipenser baerii", "Sturgeon", "tins", "BAE/C/KZ/2026/12/0041",
    source="C", term="CAV", quantity="12.5", unit="KGM",
    origin=SourceDocument("KZ", "KZ-2026-0311", "2026-05-02"),
)  # fmt: skip
ORCHID = Line("Dactylorhiza incarnata", "Orchid", "plants", source="A", term="LIV", quantity="20")
PERMIT = ImportPermit("AE-1", "AE", "2026-10-01")


def app(kind: str = "E", *lines: Line, **fields: Any) -> Application:
    months = {"I": "2027-11-24", "OO": "2027-11-24", "OI": "2027-11-24"}
    known = {"valid_until": months.get(kind, "2027-05-24"), "exporter": OURS, "importer": THEIRS, "purpose": "B"}
    return Application(document_type=kind, lines=lines or (SAKER,), **{**known, **fields})


GOOD = {
    "E": app(),
    "R": app("R", CAVIAR, purpose="T"),
    "I": app("I", PEREGRINE, exporter=THEIRS, importer=OURS),
    "OO": app("OO", IBEX, purpose="H"),
    "OP": app("OP", replace(IBEX, scientific_name="Panthera uncia", term="SKI", source="O",
                            operation_or_acquisition="acquired 1970-05-01", origin=SourceDocument("KG"))),
    "OC": app("OC"),
    "OA": app("OA", ORCHID),
    "OT": app("OT", purpose="Q", valid_until="2029-11-24"),
    "OW": app("OW", purpose="P", valid_until="2029-11-24"),
    "OM": app("OM", replace(IBEX, scientific_name="Naja oxiana", term="SKP", description="komuz"), purpose="P"),
    "OS": app("OS", replace(IBEX, scientific_name="Canis lupus", term="SKP"), purpose="T", ata_carnet="KG/1"),
    "OI": app("OI", replace(IBEX, scientific_name="Huso huso", source="X"), exporter=THEIRS, importer=OURS),
    "OY": app("OY", ORCHID, purpose="T"),
}  # fmt: skip


def found(application: Application, *, today: date = TODAY, issuer: str = "KG") -> list[FieldError]:
    return list(check.check(application, LISTING, today=today, issuer=issuer))


def pairs(application: Application, *, today: date = TODAY) -> set[tuple[str, str]]:
    return {(error.field, error.code) for error in found(application, today=today)}


@pytest.mark.parametrize("kind", KINDS)
def test_good_application_of_each_kind_passes(kind: str) -> None:
    assert shape.malformed(GOOD[kind]) == ()
    assert found(GOOD[kind], issuer="RU" if kind == "OI" else "KG") == []  # OI: a State with a sea coast


@pytest.mark.parametrize(
    ("why", "application"),
    [
        ("wild Appendix I for science, import permit first", app("E", PEREGRINE, purpose="S", import_permit=PERMIT)),
        ("D for trade needs no import permit",
         app("E", replace(PEREGRINE, source="D", operation_or_acquisition="A-KG-1"), purpose="T")),
        ("argali trophy", app("E", ARGALI, purpose="H", importer=replace(THEIRS, country="ES"))),
        ("a synonym", app("E", replace(SAKER, scientific_name="Anthropoides virgo"))),
        ("the list's own Appendix, given", app("E", replace(SAKER, appendix=2, kingdom="Animalia"))),
        ("a hybrid of two of the list", app("E", replace(SAKER, scientific_name="Falco cherrug x F. subbuteo"))),
        ("unknown origin, explained", app("R", replace(CAVIAR, origin=SourceDocument("XX")),
                                          special_conditions="Seized without papers.")),
        ("re-exported before", app("R", replace(CAVIAR, last_reexport=SourceDocument("RU", "26RU1", "2026-08-19")))),
        ("Appendix III re-export", app("R", replace(IBEX, origin=SourceDocument("PK", "PK1", "2026-05-02")))),
        ("a retrospective permit of Appendix II", app("E", retrospective="Filed late by our fault")),
        ("pre-Convention re-export without a permit of origin",
         app("R", replace(CAVIAR, source="O", operation_or_acquisition="1970", origin=SourceDocument("KZ")))),
        ("seized, explained", app("E", replace(SAKER, source="I"), special_conditions="Seized; W before.")),
        ("wild saiga not for trade", app("E", replace(IBEX, scientific_name="Saiga tatarica"), purpose="S")),
        ("Uzbek and accents are Latin", app(importer=Party("Oʻzbekiston Şirketi Ñandú", "Toshkent", "UZ"))),
        ("the original script where it belongs", app(exporter=replace(OURS, name_local="Шумкар борбору"))),
        ("bear of a Russian population, explained",
         app("R", replace(CAVIAR, scientific_name="Ursus arctos", appendix=2, term="SKI", unit=None, quantity="1",
                          origin=SourceDocument("RU", "26RU2", "2026-05-02")), special_conditions="U. a. beringianus")),
        ("sixty lines", app("E", *[SAKER] * 60)),
    ],
)  # fmt: skip
def test_permitted_case_passes_all_rules(why: str, application: Application) -> None:
    assert found(application) == [], why


def line(**fields: Any) -> Application:
    return app("E", replace(SAKER, **fields))


def split(name: str, origin: str, appendix: int | None, remark: str | None = None) -> set[tuple[str, str, bool]]:
    goods = replace(CAVIAR, scientific_name=name, appendix=appendix, source="W", term="SKI", unit=None, quantity="1",
                    origin=SourceDocument(origin, "P 2", "2026-05-02"))  # fmt: skip
    application = app("R", goods, purpose="S", special_conditions=remark or ("Unknown" if origin == "XX" else None))
    return {(each.field, each.code, each.overridable) for each in found(application)}


SPLIT = ("lines[0].appendix", "population", True)


@pytest.mark.parametrize(
    ("name", "origin"),
    [("Canis lupus", "IN"), ("Canis lupus", "NP"), ("Canis lupus", "XX"), ("Panthera leo", "IN"),
     ("Panthera leo", "XX"), ("Caracal caracal", "KZ"), ("Prionailurus bengalensis", "TH"),
     ("Ursus arctos", "MN"), ("Ursus arctos", "KG"), ("Ursus arctos", "XX"),
     ("Loxodonta africana", "KE"),
     ("Equus hemionus", "XX"), ("Equus hemionus", "MN"), ("Equus hemionus", "IN"),
     ("Canis lupus x Canis aureus", "IN")],
)  # fmt: skip
def test_appendix_i_population_written_as_appendix_ii_is_stopped(name: str, origin: str) -> None:
    assert split(name, origin, 2, "another population") == {SPLIT}
    assert split(name, origin, 1) == set()


@pytest.mark.parametrize(
    ("name", "origin"),
    [("Canis lupus", "KZ"), ("Canis lupus", "MN"), ("Panthera leo", "ZA"), ("Caracal caracal", "ZA"),
     ("Prionailurus bengalensis", "CN"),
     ("Ovis ammon", "TJ"), ("Ovis ammon", "KG"), ("Ovis bochariensis", "UZ"), ("Ovis ammon", "XX"),
     ("Ursus arctos", "RU"), ("Ursus arctos beringianus", "RU"), ("Ovis polii", "KZ"), ("Ovis ammon severtzovi", "UZ")],
)  # fmt: skip
def test_appendix_ii_population_written_as_appendix_ii_passes(name: str, origin: str) -> None:
    assert split(name, origin, 2) == set()


@pytest.mark.parametrize(("name", "origin"), [("Ursus arctos", "KZ"), ("Caracal caracal", "EG")])
def test_population_by_province_or_subspecies_requires_remark_in_block_5(name: str, origin: str) -> None:
    assert split(name, origin, 2) == {("special_conditions", "population", False)}
    assert split(name, origin, 2, "subspecies named") == set()


@pytest.mark.parametrize(
    ("name", "origin"), [("Antigone canadensis", "CU"), ("Caiman crocodilus", "CO"), ("Boa constrictor", "AR")]
)
def test_population_without_a_country_table_is_stopped_for_an_approver(name: str, origin: str) -> None:
    assert split(name, origin, 2, "x") == {SPLIT}
    assert split(name, origin, 1) == set()


def imported(name: str, exporting: str, origin: str | None = None, **fields: Any) -> Application:
    goods = replace(IBEX, scientific_name=name, origin=SourceDocument(origin, "P 2", "2026-05-02") if origin else None)
    sender = replace(THEIRS, country=exporting)
    return app("I", replace(goods, **fields), exporter=sender, importer=OURS, purpose="T", special_conditions="Unknown")


@pytest.mark.parametrize(
    ("name", "exporting", "fields"),
    [("Crocodylus niloticus", "ZA", {"appendix": 2, "term": "SKI"}), ("Ursus arctos", "RU", {"term": "SKI"}),
     ("Khaya ivorensis", "DE", {"term": "SAW", "unit": "MTQ"}),
     ("Huso huso", "AE", {"term": "CAV", "unit": "KGM", "marks": "HUS/W/IR/2026/1/1"}),
     ("Saiga tatarica", "MN", {"term": "HOR"})],
)  # fmt: skip
def test_import_without_origin_of_taxa_restricted_by_origin_is_stopped(
    name: str, exporting: str, fields: dict[str, Any]
) -> None:
    """The exporting country is not the origin: goods of a suspended population would pass through a third country."""
    stop = ("lines[0].origin.country", "required", True)
    assert stop in {(each.field, each.code, each.overridable) for each in found(imported(name, exporting, **fields))}
    assert stop[:2] not in pairs(imported(name, exporting, exporting, **fields))
    assert stop[:2] not in pairs(imported(name, exporting, "XX", **fields))


def test_import_without_origin_is_judged_as_of_unknown_origin() -> None:
    assert check.complete(imported("Canis lupus", "KZ"), LISTING, issuer="KG").lines[0].appendix == 1
    assert check.complete(imported("Canis lupus", "KZ", "KZ"), LISTING, issuer="KG").lines[0].appendix == 2


@pytest.mark.parametrize(
    ("name", "origin", "appendix"),
    [("Canis lupus", "IN", 1), ("Canis lupus", None, 2), ("Canis lupus", "XX", 1), ("Loxodonta africana", "ZW", 2),
     ("Ursus arctos", None, 1), ("Ursus arctos", "RU", 2), ("Ursus arctos isabellinus", "RU", 1),
     ("Ovis ammon", "CN", 2), ("Ovis vignei", "UZ", 1), ("Ovis karelini", None, 2),
     ("Ovis ammon nigrimontana", None, 1)],
)  # fmt: skip
def test_missing_appendix_is_filled_in_from_origin(name: str, origin: str | None, appendix: int) -> None:
    goods = replace(SAKER, scientific_name=name, origin=SourceDocument(origin) if origin else None)
    assert check.complete(app("E", goods), LISTING, issuer="KG").lines[0].appendix == appendix


@pytest.mark.parametrize(
    ("application", "field", "code"),
    [
        (app("X"), "document_type", "unknown"),
        (app(purpose="X"), "purpose", "unknown"),
        (app(form="fax"), "form", "unknown"),
        (app(valid_until="2027-02-30"), "valid_until", "date"),
        (app(valid_until="24.05.2027"), "valid_until", "date"),
        (app(valid_until="20270524"), "valid_until", "date"),
        (app(valid_until="٢٠٢٧-٠٥-٢٤"), "valid_until", "date"),
        (app(importer=replace(THEIRS, country="UK")), "importer.country", "unknown"),
        (app(importer=replace(THEIRS, country="ae")), "importer.country", "unknown"),
        (app(importer=replace(THEIRS, country="XX")), "importer.country", "unknown"),
        (app(exporter=replace(OURS, name="Шумкар")), "exporter.name", "not_latin"),
        (app(importer=replace(THEIRS, address="مدينة العين")), "importer.address", "not_latin"),
        (app(importer=replace(THEIRS, address="Street ١٢")), "importer.address", "not_latin"),
        (app(importer=replace(THEIRS, name="A\u202egnp")), "importer.name", "characters"),
        (app(importer=replace(THEIRS, name_local="A\u200bb")), "importer.name_local", "characters"),
        (app(importer=replace(THEIRS, name="A" * 201)), "importer.name", "too_long"),
        (app(special_conditions="Живые"), "special_conditions", "not_latin"),
        (app(special_conditions="a\x00b"), "special_conditions", "characters"),
        (app(special_conditions="\ud800"), "special_conditions", "characters"),
        (app(stamp_number="Ж"), "stamp_number", "not_latin"),
        (line(scientific_name="Фалко"), "lines[0].scientific_name", "not_latin"),
        (line(scientific_name="1 falcon"), "lines[0].scientific_name", "name"),
        (line(description="самка"), "lines[0].description", "not_latin"),
        (line(marks="ring\n1"), "lines[0].marks", "characters"),
        (line(source="Q"), "lines[0].source", "unknown"),
        (line(term="SHO"), "lines[0].term", "unknown"),
        (line(kingdom="Fungi"), "lines[0].kingdom", "unknown"),
        (line(appendix=4), "lines[0].appendix", "unknown"),
        (line(unit="BOX"), "lines[0].unit", "unknown"),
        (line(unit="NAR"), "lines[0].unit", "number"),
        (line(origin=SourceDocument("QQ")), "lines[0].origin.country", "unknown"),
        (line(origin=SourceDocument("KG", date="2026-13-01")), "lines[0].origin.date", "date"),
        (app(import_permit=ImportPermit("x", "QQ")), "import_permit.country", "unknown"),
        (app("E", *[SAKER] * 61), "lines", "too_many"),
    ],
)
def test_malformed_field_is_refused_by_shape(application: Application, field: str, code: str) -> None:
    assert (field, code) in {(error.field, error.code) for error in shape.malformed(application)}


@pytest.mark.parametrize("text", ["1", "12.5", "0.000001", "999999999.999999"])
def test_quantity_in_canonical_form_passes(text: str) -> None:
    assert shape.malformed(line(quantity=text, unit="KGM")) == ()


@pytest.mark.parametrize(
    "text", ["0", "0.0", "00", "01", "1.", ".5", "1.50", "1e9", "+1", "-1", "1,5", " 1", "1\n", "1234567890",
             "0.0000001", "١", "1_0", "inf", "NaN"],
)  # fmt: skip
def test_quantity_in_other_form_is_refused(text: str) -> None:
    assert [error.code for error in shape.malformed(line(quantity=text, unit="KGM"))] == ["quantity"]


@given(st.text(max_size=12))
def test_accepted_quantity_is_canonical_and_positive(text: str) -> None:
    if text and not shape.malformed(line(quantity=text, unit="KGM")):
        whole, _, part = text.partition(".")
        assert str(int(whole)) == whole
        assert not part.endswith("0")
        assert float(text) > 0


@given(st.text(max_size=40))
def test_arbitrary_text_gives_refusals_with_detail(text: str) -> None:
    """No text makes a rule raise an exception."""
    party = Party(text, text, text, text, text)
    source = SourceDocument(text, text, text)
    whole = Line(text, text, text, text, None, text, text, text, text, text, source, source, text)
    broken = Application(
        text, text, party, party, text, text, text, text, (whole,), text, ImportPermit(text, text, text), text
    )
    for kind in (text, "E", "R", "OP", "OT"):
        assert all(error.detail for error in found(replace(broken, document_type=kind)))


def test_missing_fields_are_all_refused_together_but_not_malformed() -> None:
    empty = Application()
    assert shape.malformed(empty) == ()
    assert pairs(empty) >= {
        ("document_type", "required"), ("valid_until", "required"), ("purpose", "required"), ("lines", "required"),
        ("exporter.name", "required"), ("exporter.address", "required"), ("exporter.country", "required"),
        ("importer.name", "required"), ("importer.address", "required"), ("importer.country", "required"),
    }  # fmt: skip
    assert pairs(app("E", Line())) == {
        (f"lines[0].{name}", "required") for name in ("scientific_name", "description", "source", "term", "quantity")
    }


O_LINE = replace(IBEX, scientific_name="Panthera uncia", term="SKI", source="O", operation_or_acquisition="1970",
                 origin=SourceDocument("KG"))  # fmt: skip
DAY = "2027-05-24"


@pytest.mark.parametrize(
    ("application", "field", "code"),
    [
        # 1 validity
        (app(valid_until="2026-11-23"), "valid_until", "past"),
        (app(valid_until="2027-05-25"), "valid_until", "too_late"),
        (app("OT", valid_until="2029-11-25"), "valid_until", "too_late"),
        # 2 parties
        (app(exporter=replace(OURS, country="KZ")), "exporter.country", "not_issuer"),
        (app("R", CAVIAR, exporter=replace(OURS, country="KZ")), "exporter.country", "not_issuer"),
        (app("I", exporter=OURS, importer=THEIRS), "importer.country", "not_issuer"),
        (app(importer=replace(THEIRS, country="KG")), "importer.country", "same_country"),
        # 3 species and Appendix
        (line(appendix=1), "lines[0].appendix", "contradicts_list"),
        (line(kingdom="Plantae"), "lines[0].kingdom", "contradicts_list"),
        (line(scientific_name="Draco imaginarius", appendix=2, kingdom="Animalia"), "lines[0].scientific_name",
         "not_in_list"),
        (line(scientific_name="Falco peregrinuss", appendix=2, kingdom="Animalia"), "lines[0].scientific_name",
         "not_in_list"),
        (line(scientific_name="Draco imaginarius"), "lines[0].appendix", "required"),
        (line(scientific_name="Draco imaginarius"), "lines[0].kingdom", "required"),
        (app("R", replace(CAVIAR, scientific_name="Ursus arctos", appendix=2)), "special_conditions", "population"),
        (line(scientific_name="Nomen nudum", appendix=0, kingdom="Animalia"), "lines", "not_listed"),
        # 4 source
        (line(source="A"), "lines[0].source", "kingdom"),
        (line(source="Y"), "lines[0].source", "kingdom"),
        (app("E", replace(ORCHID, source="C")), "lines[0].source", "kingdom"),
        (app("E", replace(ORCHID, source="R")), "lines[0].source", "kingdom"),
        (app("E", replace(ORCHID, source="F")), "lines[0].source", "kingdom"),
        (line(source="D", operation_or_acquisition="A-KG-1"), "lines[0].source", "appendix"),
        (line(source="U"), "special_conditions", "source_unknown"),
        (line(source="I"), "special_conditions", "source_confiscated"),
        # 5 quantity
        (line(quantity="1.5"), "lines[0].quantity", "whole_number"),
        # 6 purpose
        *[(app("E", replace(PEREGRINE, source=s), purpose="T", import_permit=PERMIT, special_conditions="x"), "purpose",
           "commercial") for s in "WRFXUC"],
        (app("I", PEREGRINE, purpose="T", exporter=THEIRS, importer=OURS), "purpose", "commercial"),
        # 7 blocks 12, 12a, 12b
        (app("R", replace(CAVIAR, origin=None)), "lines[0].origin.country", "required"),
        (app("R", replace(CAVIAR, origin=SourceDocument("KZ", None, DAY))), "lines[0].origin.permit", "required"),
        (app("R", replace(CAVIAR, origin=SourceDocument("KZ", "1"))), "lines[0].origin.date", "required"),
        (app("R", replace(CAVIAR, origin=SourceDocument("KZ", "1", "2026-11-25"))), "lines[0].origin.date", "future"),
        (app("R", replace(CAVIAR, origin=SourceDocument("XX"))), "special_conditions", "origin_unknown"),
        (app("R", replace(CAVIAR, last_reexport=SourceDocument("RU"))),
         "lines[0].last_reexport.certificate", "required"),
        (app("R", replace(CAVIAR, last_reexport=SourceDocument("RU", "1"))), "lines[0].last_reexport.date", "required"),
        (line(origin=SourceDocument("KZ", "1", "2026-01-01")), "lines[0].origin.country", "reexport"),
        (line(last_reexport=SourceDocument("KZ", "1", "2026-01-01")), "lines[0].last_reexport", "reexport"),
        (app("E", replace(PEREGRINE, source="D"), purpose="T"), "lines[0].operation_or_acquisition", "required"),
        (app("OP", replace(O_LINE, operation_or_acquisition=None)), "lines[0].operation_or_acquisition", "required"),
        (app("OP", replace(O_LINE, operation_or_acquisition="2031")), "lines[0].operation_or_acquisition", "future"),
        (app("OP", replace(O_LINE, operation_or_acquisition="2019")),
         "lines[0].operation_or_acquisition", "listed_before"),
        # 8 import permit
        *[(app("E", replace(PEREGRINE, source=s), purpose="S", special_conditions="x"), "import_permit.number",
           "required") for s in "WRFUX"],
        (app("R", replace(PEREGRINE, origin=CAVIAR.origin)), "import_permit.number", "required"),
        (app("R", replace(PEREGRINE, source="C", origin=CAVIAR.origin)), "import_permit.number", "required"),
        (app("E", PEREGRINE, purpose="S", import_permit=ImportPermit("1", "DE")),
         "import_permit.country", "not_destination"),
        (app("E", PEREGRINE, purpose="S", import_permit=ImportPermit("1")), "import_permit.country", "required"),
        (app("E", PEREGRINE, purpose="S", import_permit=replace(PERMIT, date=DAY)), "import_permit.date", "future"),
        # 9 use of the kind of document
        (app("E", IBEX, purpose="H"), "lines[0].appendix", "certificate_of_origin"),
        (app("OO", SAKER), "lines[0].appendix", "not_appendix_iii"),
        (app("OO", replace(IBEX, origin=SourceDocument("KZ", "KZ1", "2026-05-02")), purpose="H"),
         "lines[0].origin.country", "reexport"),
        (app("OP", replace(O_LINE, source="W")), "lines[0].source", "kind"),
        (app("OC", replace(SAKER, source="W")), "lines[0].source", "kind"),
        (app("OA", replace(ORCHID, source="W")), "lines[0].source", "kind"),
        *[(app(kind, replace(goods, origin=SourceDocument(country, "1", "2026-05-02"))), "lines[0].origin.country",
           "reexport")
          for kind, goods in (("OC", SAKER), ("OA", ORCHID), ("OY", ORCHID)) for country in ("UZ", "XX", "ZZ")],
        (app("OT", replace(SAKER, source="W"), valid_until=DAY), "lines[0].source", "kind"),
        (app("OT", valid_until=DAY, purpose="T"), "purpose", "commercial"),
        (app("OT", SAKER, SAKER, valid_until=DAY), "lines[0]", "one_animal"),
        (app("OT", replace(SAKER, quantity="2"), valid_until=DAY), "lines[0].quantity", "one_animal"),
        (app("OT", replace(SAKER, marks=None), valid_until=DAY), "lines[0].marks", "required"),
        (app("OW", replace(SAKER, marks=""), purpose="P"), "lines[0].marks", "required"),
        (app("OW", ARGALI, purpose="P"), "lines[0].term", "not_live"),
        (app("OW", purpose="T"), "purpose", "commercial"),
        (app("OM", ARGALI, purpose="T"), "purpose", "commercial"),
        (app("OM", SAKER, purpose="P"), "lines[0].term", "live"),
        (app("OS", SAKER), "lines[0].term", "live"),
        (app("OS", replace(PEREGRINE, term="FEA")), "lines[0].source", "appendix_i"),
        (app("OI", SAKER), "lines[0].source", "kind"),
        (app("OI", replace(IBEX, source="X")), "lines[0].appendix", "appendix_iii"),
        (app("OI", replace(PEREGRINE, scientific_name="Eretmochelys imbricata", source="X"), purpose="T"),
         "purpose", "commercial"),
        (app("OY", SAKER), "lines[0].kingdom", "not_a_plant"),
        (app("OY", replace(ORCHID, source="W")), "lines[0].source", "kind"),
        (app("OY", replace(ORCHID, scientific_name="Aloe pillansii", appendix=1, kingdom="Plantae")),
         "lines[0].appendix", "appendix_i"),
        # 10 retrospective
        (app("E", PEREGRINE, purpose="S", import_permit=PERMIT, retrospective="late"), "retrospective", "appendix_i"),
        (app(retrospective=""), "retrospective.reason", "required"),
        # 11 suspensions
        (app("OC", replace(SAKER, scientific_name="Vicugna vicugna", origin=SourceDocument("PE"), marks=None,
                           term="SKI")), "lines[0].quantity", "uncertain"),
        (app("E", replace(IBEX, scientific_name="Saiga tatarica"), purpose="T"), "lines[0].quantity", "suspended"),
    ],
)  # fmt: skip
def test_broken_rule_is_refused_with_block_and_source(application: Application, field: str, code: str) -> None:
    errors = [error for error in found(application) if (error.field, error.code) == (field, code)]
    assert errors, found(application)
    assert errors[0].detail.startswith(("Block", "Import permit:"))
    assert any(source in errors[0].detail for source in ("Conf.", "Art.", "CITES", "Appendices", "CoP"))


@pytest.mark.parametrize(
    ("name", "acquired", "code"),
    [
        # in Appendix III since 2014-12-01, by the history
        ("Capra sibirica", "2014-11-30", None),
        ("Capra sibirica", "2014-12-01", "listed_before"),
        ("Capra sibirica", "30.11.2014", None),
        ("Capra sibirica", "bought 1.12.2014", "listed_before"),
        ("Capra sibirica", "2014", None),  # a year alone can be before or after the listing
        ("Capra sibirica", "2015", "listed_before"),
        # the latest day counts: an older number or year proves nothing
        ("Capra sibirica", "taken 1998, certificate of 2019", "listed_before"),
        ("Panthera uncia", "taken 1960, certificate of 1970", None),
        ("Panthera uncia", "bought 2019, document 1234", "listed_before"),
        ("Panthera uncia", "31.12.2024 No. 1001", "listed_before"),
        ("Panthera uncia", "2019-05-01 (built 1890)", "listed_before"),
        ("Panthera uncia", "document 1234", "required"),
        ("Panthera uncia", "1699", "required"),
        ("Panthera uncia", "1700", None),
        ("Capra sibirica", "31.02.2015", "listed_before"),
        ("Capra sibirica alaiana", "2015", "listed_before"),
        ("Rhodiola crenulata", "2023-02-22", None),
        ("Rhodiola crenulata", "2023-02-23", "listed_before"),
        ("Panthera uncia", "1975-06-30", None),
        ("Panthera uncia", "1975-07-01", "listed_before"),
        ("Grus grus", "1980", "listed_before"),  # withdrawn in 1977 and listed again: the first date counts
        # no history of its own: a listing of its order does not say that it was not listed before
        ("Strix aluco", "1979-06-27", "uncertain"),
        ("Strix aluco", "1975-06-30", None),
        ("Manis culionensis", "1990", "uncertain"),  # its genus was listed in 1995, Asian pangolins in 1975
        ("Manis pentadactyla", "1990", "listed_before"),
        ("Strix aluco", "1979-06-28", "listed_before"),
        ("Python regius", "1990", "listed_before"),
        ("Psittacus erithacus", "2005", "listed_before"),
        # our bears are decided to be isabellinus
        ("Ursus arctos", "1979-06-27", None),
        ("Ursus arctos", "1979-06-28", "listed_before"),
        ("Ursus arctos", "1985", "listed_before"),
        ("Chlamydotis macqueenii", "2001", "listed_before"),
        # no history: the list itself, known from 2017-04-21, counts
        ("Iguana iguana", "2017-04-20", "uncertain"),
        ("Iguana iguana", "1975-07-01", "uncertain"),
        ("Iguana iguana", "1975-06-30", None),  # before the Convention
        ("Astrochelys radiata", "2016-06-01", "uncertain"),
        ("Cervus elaphus bactrianus", "2016-06-01", "uncertain"),
        ("Hippotragus niger", "2025-01-01", "uncertain"),
        ("Iguana iguana", "2017-04-21", "listed_before"),
        # goods most often declared pre-Convention
        ("Elephas maximus", "1975-07-01", "listed_before"),
        ("Loxodonta africana", "1980", "listed_before"),
        ("Eretmochelys imbricata", "1978", "listed_before"),
        ("Manis javanica", "1996", "listed_before"),
        ("Dalbergia nigra", "1992-06-10", None),
        ("Dalbergia nigra", "1992-06-11", "listed_before"),
        # a name for several species: the date of the last listing counts
        ("Ovis ammon x Capra sibirica", "2014-11-30", None),
        ("Ovis ammon x Capra sibirica", "2014-12-01", "listed_before"),
        ("Panax ginseng", "2020", None),  # not all specimens of it are listed
        ("Nomen nullum", "2020", None),
        ("Panthera uncia", "27.11.2026", "future"),
    ],
)
def test_pre_convention_goods_acquired_after_listing_are_refused(name: str, acquired: str, code: str | None) -> None:
    errors = found(app("OP", replace(O_LINE, scientific_name=name, operation_or_acquisition=acquired)))
    about = [error for error in errors if error.field == "lines[0].operation_or_acquisition"]
    assert [error.code for error in about] == ([code] if code else [])
    assert all(error.overridable == (code == "uncertain") for error in about)


@pytest.mark.parametrize("kind", ["E", "R", "OO", "OP", "OC", "OA", "OY"])
def test_export_document_for_other_exporting_country_or_home_is_refused(kind: str) -> None:
    """A certificate of this country would otherwise bring in another country's goods, which need that country's own
    document.
    """
    good = GOOD[kind]
    elsewhere = replace(good, exporter=replace(good.exporter, country="KZ"))
    home = replace(good, importer=replace(good.importer, country="KG"))
    for application, field, code in (
        (elsewhere, "exporter.country", "not_issuer"), (home, "importer.country", "same_country"),
    ):  # fmt: skip
        assert (field, code) in {(error.field, error.code) for error in found(application)}


def test_confiscated_specimen_is_treated_as_from_the_wild() -> None:
    """Art. VII exempts no confiscated specimen. Source I would otherwise sell a snow leopard's skin without a stop."""
    skin = replace(PEREGRINE, scientific_name="Panthera uncia", source="I", term="SKI", marks=None)
    errors = found(app("E", skin, purpose="T", special_conditions="Seized in 2025 at Torugart, source W before."))
    assert {("purpose", "commercial"), ("import_permit.number", "required")} <= {(e.field, e.code) for e in errors}


@pytest.mark.parametrize(("kind", "source", "needed"), [("E", "C", True), ("E", "D", False), ("OC", "C", False)])
def test_bred_appendix_i_animal_with_export_permit_needs_import_permit(kind: str, source: str, needed: bool) -> None:
    """Art. VII(5) frees the certificate of captive breeding only. An export permit is under Art. III(2)."""
    bred = replace(PEREGRINE, source=source, operation_or_acquisition="A-KG-1")
    assert (("import_permit.number", "required") in pairs(app(kind, bred))) == needed


def test_appendix_iii_species_listed_by_issuer_needs_export_permit() -> None:
    for kind, code in (("OO", "export_permit"), ("E", None)):
        errors = check.check(app(kind, IBEX, purpose="H", valid_until=DAY), LISTING, today=TODAY, issuer="PK")
        codes = {error.code for error in errors if error.field == "lines[0].appendix"}
        assert codes == ({code} if code else set())


@pytest.mark.parametrize(("issuer", "listed"), [("DE", True), ("PK", True), ("KG", False)])
def test_every_country_that_listed_the_species_issues_export_permits(issuer: str, listed: bool) -> None:
    ibex = Taxon("Capra sibirica", 3, "Animalia", listed_by="AT", also_listed_by=frozenset({"DE", "PK"}))
    for kind, code in (("OO", "export_permit"), ("E", "certificate_of_origin")):
        errors = check.check(app(kind, IBEX, purpose="H"), Listing([ibex]), today=TODAY, issuer=issuer)
        codes = {error.code for error in errors if error.field == "lines[0].appendix"}
        assert codes == ({code} if listed == (kind == "OO") else set())


def test_suspension_applies_from_its_first_day() -> None:
    saiga = app("E", replace(IBEX, scientific_name="Saiga tatarica"), purpose="T", valid_until="2019-12-01")
    assert pairs(saiga, today=date(2019, 11, 26)) == {("lines[0].quantity", "suspended")}
    assert pairs(saiga, today=date(2019, 11, 25)) == set()


def test_refusals_are_returned_together_without_duplicates() -> None:
    errors = found(app("E", replace(SAKER, quantity="1.5", source="A"), IBEX, valid_until="2026-11-01"))
    fields = [error.field for error in errors]
    assert set(fields) >= {"valid_until", "lines[0].quantity", "lines[0].source", "lines[1].appendix"}
    assert len(set(errors)) == len(errors)


def test_complete_fills_in_list_data_and_drops_empty_texts() -> None:
    done = check.complete(
        app("E", replace(SAKER, scientific_name="uncia  UNCIA", common_name=""), stamp_number=""),
        LISTING,
        issuer="KG",
    )
    assert (done.lines[0].scientific_name, done.lines[0].appendix, done.lines[0].kingdom) == (
        "Panthera uncia",
        1,
        "Animalia",
    )
    assert done.lines[0].common_name == "Snow Leopard"
    assert done.stamp_number is None
    assert check.complete(done, LISTING, issuer="KG") == done
    given = app("E", replace(SAKER, scientific_name="Draco imaginarius", appendix=2, kingdom="Animalia"))
    assert check.complete(given, LISTING, issuer=None) == given


@pytest.mark.parametrize(
    ("kind", "today", "last"),
    [
        ("E", date(2026, 8, 31), date(2027, 2, 28)),
        ("R", date(2027, 8, 29), date(2028, 2, 29)),
        ("E", date(2026, 6, 30), date(2026, 12, 30)),
        ("OO", date(2028, 2, 29), date(2029, 2, 28)),
        ("OW", date(2026, 11, 24), date(2029, 11, 24)),
    ],
)
def test_validity_counts_calendar_months(kind: str, today: date, last: date) -> None:
    assert validity.latest(kind, today) == last


def test_months_of_validity_match_the_contract() -> None:
    months = {kind: row.months for kind, row in validity.VALIDITY.items()}
    assert months == {
        "E": 6, "R": 6, "OP": 6, "OC": 6, "OA": 6, "OS": 6, "OY": 6, "I": 12, "OO": 12, "OI": 12,
        "OT": 36, "OW": 36, "OM": 36,
    }  # fmt: skip


def test_expiry_is_first_second_after_last_day_in_bishkek() -> None:
    assert validity.expires_at("2027-05-24", "Asia/Bishkek") == datetime(2027, 5, 24, 18, tzinfo=UTC).timestamp()
    assert validity.expires_at("2026-12-31", "Asia/Bishkek") == datetime(2026, 12, 31, 18, tzinfo=UTC).timestamp()


def needed(application: Application) -> set[str]:
    return {need.kind for need in findings.required_findings(check.complete(application, LISTING, issuer="KG"))}


@pytest.mark.parametrize(
    ("application", "kinds"),
    [
        (app(), {"legal_acquisition", "bred_or_propagated", "live_transport"}),
        (app("E", ARGALI), {"non_detriment", "legal_acquisition"}),
        (app("E", replace(SAKER, source="F")), {"non_detriment", "legal_acquisition", "live_transport"}),
        (app("E", IBEX), {"legal_acquisition"}),
        (app("R", CAVIAR), {"lawful_import"}),
        (app("R", replace(SAKER, source="W")), {"lawful_import", "live_transport"}),
        (GOOD["I"], {"import_not_detrimental", "not_primarily_commercial", "suitably_equipped"}),
        (app("I", replace(PEREGRINE, term="TRO")), {"import_not_detrimental", "not_primarily_commercial"}),
        (app("I", SAKER), set()),
        (GOOD["OO"], set()),
        (GOOD["OP"], set()),
        (GOOD["OC"], {"bred_or_propagated"}),
        (GOOD["OA"], {"bred_or_propagated"}),
        (GOOD["OW"], {"bred_or_propagated"}),
    ],
)
def test_required_findings_of_application(application: Application, kinds: set[str]) -> None:
    assert needed(application) == kinds


def test_required_finding_has_lines_role_and_source() -> None:
    wild = replace(SAKER, source="W")
    (ndf, *_) = findings.required_findings(check.complete(app("E", SAKER, wild, IBEX, wild), LISTING, issuer="KG"))
    assert (ndf.kind, ndf.role, ndf.lines) == ("non_detriment", "scientist", (1, 3))
    assert "Art. III(2)(a), IV(2)(a)" in ndf.why


def test_rules_can_require_every_finding_of_the_roles_table() -> None:
    assert {rule.finding for rule in findings.RULES} == set(FINDING_ROLES)


@pytest.mark.parametrize("char", ["\x00", "\n", "\x7f", "\x85", "\u061c", "\u200b", "\u200f", "\u2028", "\u202e",
                                  "\u2060", "\u2069", "\ufeff", "\udfff"])  # fmt: skip
def test_control_and_format_characters_are_forbidden(char: str) -> None:
    assert kernel_text.forbidden_characters(f"a{char}b")


@pytest.mark.parametrize("char", [" ", "ө", "\u00a0", "\u2010", "\u2030", "𐍈", "é"])
def test_printable_characters_are_not_forbidden(char: str) -> None:
    assert not kernel_text.forbidden_characters(f"a{char}b")


UNSEEN = ["\xad", "\u034f", "\u115f", "\u180e", "\u206e", "\u2800", "\u3164", "\ufe0f", "\ufff9", "\uffa0",
          "\U000e0031", "\U000e0100"]  # fmt: skip


def _refused(line: Line) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in shape.malformed(app("E", line))]


@pytest.mark.parametrize("char", UNSEEN)
@pytest.mark.parametrize("field", ["marks", "common_name", "operation_or_acquisition"])
def test_invisible_character_in_application_is_refused(char: str, field: str) -> None:
    assert _refused(replace(SAKER, **{field: f"KG{char}-0117"})) == [(f"lines[0].{field}", "characters")]
    assert not kernel_text.forbidden_characters(f"KG{char}-0117")  # the reader of tokens follows FORMAT.md 1


@pytest.mark.parametrize("marks", ["K\u0336G", "K\u20ddG", "KG-\u03010117", "K\u0301\u0301\u0301G", "7\u0301"])
def test_combining_marks_on_digits_or_through_letters_are_refused(marks: str) -> None:
    assert _refused(replace(SAKER, marks=marks)) == [("lines[0].marks", "characters")]


@pytest.mark.parametrize("marks", ["e\u0301", "Ẹ\u0300kọ", "M\u0327ajōl", "Oʻz", "№ 5", "Nguyễn"])
def test_accented_letters_pass(marks: str) -> None:
    assert _refused(replace(SAKER, marks=marks)) == []


def test_right_to_left_letter_in_number_is_refused() -> None:
    """A right-to-left letter would print the number in another order than the signed one."""
    assert _refused(replace(SAKER, operation_or_acquisition="A-KG-001 \u05d0 25")) == [
        ("lines[0].operation_or_acquisition", "characters")
    ]
    assert _refused(replace(SAKER, operation_or_acquisition="А-КГ-001")) == []


def test_foreign_letters_are_listed_once() -> None:
    assert kernel_text.foreign_letters("Café Oʻz, №5 – Ångström e\u0301") == ""
    assert kernel_text.foreign_letters("AбBб٣") == "б٣"
    assert kernel_text.foreign_letters("𝐀Α") == "𝐀Α"  # mathematical and Greek look-alikes


@pytest.mark.parametrize(
    ("name", "given", "printed"),
    [
        ("Falco cherrug", None, "Saker Falcon"),
        ("Falco cherrug", "", "Saker Falcon"),
        ("Falco cherrug", "Saker / Ителги", "Saker / Ителги"),
        ("Falco spp.", None, None),  # a genus has no common name of its own
        ("Falco cherrug x Falco rusticolus", None, None),
        ("Nemo nemo", None, None),
    ],
)
def test_missing_common_name_is_filled_in_from_list(name: str, given: str | None, printed: str | None) -> None:
    whole = check.complete(app("E", replace(SAKER, scientific_name=name, common_name=given)), LISTING, issuer="KG")
    assert whole.lines[0].common_name == printed
    assert check.complete(whole, LISTING, issuer="KG") == whole
