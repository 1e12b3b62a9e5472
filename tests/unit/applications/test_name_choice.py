"""Names that are split by country, and the other warnings about an application."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check
from chalicelib.applications.rules.warnings import Basis, warnings
from chalicelib.breeding.model import Operation
from chalicelib.kernel.errors import FieldWarning
from chalicelib.record.permit import SourceDocument
from chalicelib.species.services import list_in_use
from chalicelib.species.services.name_choices import name_choices

LISTING = list_in_use.listing()
TODAY = date(2026, 11, 25)
BASIS = Basis(LISTING, name_choices(), TODAY, "KG")


def found(kind: str, purpose: str | None = None, **changes: Any) -> list[FieldWarning]:
    application = APPLICATIONS[kind]
    line = replace(application.lines[0], **changes)
    application = replace(application, lines=(line,), purpose=purpose or application.purpose)
    return list(warnings(application, BASIS))


ARGALI = {"term": "TRO", "source": "W", "quantity": "1", "unit": None}


@pytest.mark.parametrize("name", ["Ovis ammon", "ovis  AMMON", "Ovis ammon ssp."])
def test_ovis_ammon_from_here_offers_both_taxa_of_this_country(name: str) -> None:
    warning = next(each for each in found("E", scientific_name=name, **ARGALI) if each.code == "name_choice")
    assert (warning.field, warning.code) == ("lines[0].scientific_name", "name_choice")
    assert [each.value for each in warning.options] == ["Ovis polii", "Ovis karelini"]
    assert all("To be confirmed by the Institute of Biology" in each.words for each in warning.options)


def test_ovis_ammon_is_not_refused() -> None:
    line = replace(APPLICATIONS["E"].lines[0], scientific_name="Ovis ammon", **ARGALI)
    application = replace(APPLICATIONS["E"], lines=(line,), purpose="H")
    assert check.check(application, LISTING, today=TODAY, issuer="KG") == ()


def test_ovis_ammon_from_another_country_offers_nothing() -> None:
    assert found("I", scientific_name="Ovis ammon", **ARGALI, origin=SourceDocument("MN", "1", "2026-01-02")) == []


@pytest.mark.parametrize("name", ["Ovis polii", "Ovis karelini"])
def test_chosen_taxon_is_to_be_confirmed_by_the_scientific_authority(name: str) -> None:
    assert [each.code for each in found("E", scientific_name=name, **ARGALI)] == ["confirm_taxon"]


def test_every_choice_is_in_the_list_and_names_a_source() -> None:
    for each in name_choices():
        taxon = LISTING.find(each.choose)
        assert taxon is not None
        assert taxon.scientific_name == each.choose
        assert LISTING.find(each.name) is not None
        assert each.range.isascii()
        assert each.source


def test_label_without_six_parts_is_a_warning() -> None:
    assert [each.code for each in found("R")] == ["label_form"]
    assert found("R", marks="BAE/C/RU/2025/0012/77") == []


@pytest.mark.parametrize("kind", ["I", "OT", "OW", "OM", "OS"])
def test_missing_origin_of_goods_from_elsewhere_is_a_warning(kind: str) -> None:
    assert [(each.field, each.code) for each in found(kind, origin=None)] == [("lines[0].origin.country", "origin")]
    assert found(kind, origin=SourceDocument("KG")) == []


def test_appendix_i_plant_with_source_a_in_trade_is_offered_source_d() -> None:
    plant = {"scientific_name": "Aloe pillansii", "appendix": 1, "kingdom": "Plantae"}
    (warning,) = found("OA", purpose="T", **plant)
    assert (warning.code, [each.value for each in warning.options]) == ("source_d", ["D"])
    assert found("OA", purpose="B", **plant) == []


FARM = Operation("KG-OP-001", "Sunkar", "Panthera uncia", ("D",), "2", "", "2020-01-01", "", "letter 1")


@pytest.mark.parametrize(
    ("number", "name", "origin", "warned"),
    [
        ("X", "Panthera uncia", "KG", True),
        ("KG-OP-001", "Falco peregrinus", "KG", True),
        ("kg op 001", "Panthera uncia", "KG", False),
        ("X", "Panthera uncia", "DE", False),  # not a number of our register
    ],
)
def test_number_of_no_registered_operation_is_a_warning(number: str, name: str, origin: str, warned: bool) -> None:
    source = SourceDocument(origin, "P 1", "2026-01-02")
    line = replace(APPLICATIONS["E"].lines[0], scientific_name=name, source="D", operation_or_acquisition=number)
    application = replace(APPLICATIONS["E"], lines=(replace(line, origin=source, appendix=1),), purpose="T")
    codes = [each.code for each in warnings(application, replace(BASIS, operations=(FARM,)))]
    assert ("operation" in codes) == warned
    assert "operation" not in [each.code for each in warnings(application, BASIS)]


def test_application_without_kind_or_name_has_no_warnings() -> None:
    empty = replace(APPLICATIONS["E"], document_type=None)
    assert warnings(empty, BASIS) == ()
    assert found("E", scientific_name=None) == []
