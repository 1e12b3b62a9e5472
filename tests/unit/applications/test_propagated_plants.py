"""Appendix I plants propagated for commerce: no registered nursery is required (Conf. 9.19, 11.11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check
from chalicelib.record.permit import Application, ImportPermit, Line
from chalicelib.species.model.listing import Listing, Taxon

LISTING = Listing(
    [
        Taxon("Paphiopedilum", 1, "Plantae", rank="genus", family="Orchidaceae", source="Appendices"),
        Taxon("Phragmipedium", 1, "Plantae", rank="genus", family="Orchidaceae", source="Appendices"),
        Taxon("Dendrobium", 2, "Plantae", rank="genus", family="Orchidaceae", symbol="#4", source="Appendices"),
        Taxon("Falco peregrinus", 1, "Animalia", family="Falconidae", source="Appendices"),
    ],
    as_of="2026-03-05",
)
ORCHID = Line("Paphiopedilum callosum", None, "Plants in pots", source="A", term="LIV", quantity="20")
FALCON = Line("Falco peregrinus", "Peregrine", "Live bird", "ring KG-1", source="C", term="LIV", quantity="1")


def found(line: Line) -> set[tuple[str, str]]:
    permit = ImportPermit("AE-1", "AE", "2026-10-01")
    application: Application = replace(APPLICATIONS["E"], lines=(line,), purpose="T", import_permit=permit)
    errors = check.check(application, LISTING, today=date(2026, 11, 25), issuer="KG")
    return {(each.field, each.code) for each in errors}


@pytest.mark.parametrize("source", ["A", "D"])
def test_appendix_i_plant_propagated_for_commerce_needs_no_number(source: str) -> None:
    assert found(replace(ORCHID, source=source)) == set()
    assert found(replace(ORCHID, source=source, operation_or_acquisition="Nursery P-KG-1")) == set()


@pytest.mark.parametrize("source", ["W", "Y", "U"])
def test_appendix_i_plant_not_propagated_is_stopped_for_commerce(source: str) -> None:
    assert ("purpose", "commercial") in found(replace(ORCHID, source=source))


def test_appendix_i_animal_bred_for_commerce_needs_a_registered_operation() -> None:
    assert found(FALCON) == {("purpose", "commercial")}
    assert found(replace(FALCON, source="D")) == {("lines[0].operation_or_acquisition", "required")}


@pytest.mark.parametrize("other", ["Phragmipedium besseae", "Dendrobium nobile", "Paphiopedilum delenatii"])
def test_cut_flowers_of_a_propagated_hybrid_are_not_covered(other: str) -> None:
    """Conf. 11.11, and the note on hybrids in the Appendices."""
    stop = ("lines[0].term", "not_covered")
    hybrid = replace(ORCHID, scientific_name=f"Paphiopedilum callosum x {other}", term="FLO")
    assert stop in found(hybrid)
    assert stop not in found(replace(hybrid, source="W"))
    assert stop not in found(replace(hybrid, term="LIV"))
    assert stop not in found(replace(hybrid, scientific_name="Paphiopedilum callosum"))
