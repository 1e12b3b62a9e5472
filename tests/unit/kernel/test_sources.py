"""Wild sources: one definition, so that source I (seized) or U (unknown) exempts goods from no rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.applications.rules import check
from chalicelib.breeding.model import Operation
from chalicelib.kernel.codes import SOURCES, WILD, applies_to_source, counted_source, is_wild
from chalicelib.permits.model.findings import required_findings
from chalicelib.quotas.model import Quota, bounding
from chalicelib.record.permit import Application, ImportPermit, Line, Party
from chalicelib.requirements.model import table
from chalicelib.species.model.name_search import fold
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()
PEREGRINE = Line("Falco peregrinus", "Peregrine", "1 female", "ring KG-0117", source="I", term="LIV", quantity="1")
EXPORT = Application(
    document_type="E", valid_until="2027-05-24", exporter=Party("Sunkar LLC", "Bishkek", "KG"), purpose="Z",
    importer=Party("Falcon Hospital", "Al Ain", "AE"), import_permit=ImportPermit("AE-1", "AE", "2026-10-01"),
    special_conditions="Seized in 2025 at Torugart, source before: unknown.", lines=(PEREGRINE,),
)  # fmt: skip
QUOTA = Quota(2026, "Falco peregrinus", (), ("W",), "0", None, "Order 1", "2026-01-10")
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("source", "counted"),
    [("I", "W"), ("U", "W"), ("IC", "C"), ("I/C", "C"), ("C I", "C"), ("IU", "W"), ("ICR", "R"), ("W", "W"),
     ("C", "C"), ("R", "R"), ("", ""), (None, "")],
)  # fmt: skip
def test_source_counts_as_its_second_code_or_as_wild(source: str | None, counted: str) -> None:
    assert counted_source(source) == counted


def test_every_source_but_bred_propagated_and_old_is_wild() -> None:
    assert {code for code in SOURCES if is_wild(code)} == {*WILD, "I"} == set(SOURCES) - set("CADO")


@pytest.mark.parametrize("source", ["I", "IW", "IR"])
def test_findings_of_seized_appendix_i_export_include_non_detriment(source: str) -> None:
    export = check.complete(replace(EXPORT, lines=(replace(PEREGRINE, source=source),)), LISTING, issuer="KG")
    assert "non_detriment" in {needed.kind for needed in required_findings(export)}


def test_findings_of_seized_bred_export_are_those_of_bred_goods() -> None:
    export = check.complete(replace(EXPORT, lines=(replace(PEREGRINE, source="IC"),)), LISTING, issuer="KG")
    kinds = {needed.kind for needed in required_findings(export)}
    assert kinds & {"bred_or_propagated", "non_detriment"} == {"bred_or_propagated"}


@pytest.mark.parametrize(("source", "bounded"), [("I", True), ("U", True), ("W", True), ("IC", False), ("R", False)])
def test_quota_for_wild_limits_seized_and_unknown_goods(source: str, bounded: bool) -> None:
    assert bool(bounding(replace(PEREGRINE, source=source), [QUOTA], LISTING)) is bounded


def test_quota_for_seized_goods_limits_bred_seized_goods_too() -> None:
    assert [applies_to_source("I", ("I",)), applies_to_source("IC", ("C",)), applies_to_source("C", ("I",))] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(("source", "stopped"), [("I", True), ("IW", True), ("IC", False)])
def test_restriction_for_wild_stops_seized_goods(source: str, stopped: bool) -> None:
    horns = replace(PEREGRINE, scientific_name="Saiga tatarica", term="HOR", marks=None, source=source)
    export = replace(EXPORT, purpose="T", lines=(horns,))
    found = {each.code for each in check.refusals(export, LISTING, today=TODAY, issuer="KG")}
    assert ("suspended" in found) is stopped


def test_operation_covers_seized_goods_that_were_bred() -> None:
    farm = Operation("A-1", "Sunkar LLC", "Falco peregrinus", ("C",), "9", "", "2020-01-01", "", "Order 1")
    assert farm.covers(replace(PEREGRINE, source="IC"), f"{fold(farm.holder)}|KG", "2026-11-24")
    assert not farm.covers(PEREGRINE, f"{fold(farm.holder)}|KG", "2026-11-24")


def test_requirement_row_for_goods_not_wild_has_no_wild_source() -> None:
    """Personal effects: seized goods and goods of assisted production passed as not from the wild."""
    (row,) = [each for each in table.ROWS if each.name == "II not wild"]
    assert row.when["source"] == set("CADO")
