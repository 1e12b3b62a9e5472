"""Live specimens are given as a number (term LIV); an approver may let a weight pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check
from chalicelib.record.permit import Application
from chalicelib.species.model.usual_terms import unit_fits
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()


def found(application: Application) -> list[tuple[str, str, bool]]:
    errors = check.check(application, LISTING, today=date(2026, 11, 25), issuer="KG")
    return [(each.field, each.code, each.overridable) for each in errors]


@pytest.mark.parametrize("unit", ["KGM", "GRM", "LTR", "MTQ"])
@pytest.mark.parametrize("kind", ["E", "OA"])
def test_live_specimens_with_a_unit_are_stopped(kind: str, unit: str) -> None:
    application = APPLICATIONS[kind]
    weighed = replace(application, lines=(replace(application.lines[0], term="LIV", unit=unit),))
    assert found(weighed) == [("lines[0].unit", "live_number", True)]
    assert not unit_fits("LIV", unit)


@pytest.mark.parametrize("term", ["FIG", "EGL", "MEA"])
def test_weight_of_fingerlings_live_eggs_and_meat_passes(term: str) -> None:
    goods = replace(APPLICATIONS["R"].lines[0], term=term, unit="KGM")
    assert "live_number" not in {code for _, code, _ in found(replace(APPLICATIONS["R"], lines=(goods,)))}


def test_number_of_live_specimens_passes() -> None:
    assert found(APPLICATIONS["E"]) == []
    assert unit_fits("LIV", "")
