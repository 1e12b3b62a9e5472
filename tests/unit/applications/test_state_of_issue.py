"""Documents that only a certain State issues: the owner's State of residence, the State of a base, a coastal State."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check
from chalicelib.kernel.countries import COUNTRIES, LANDLOCKED
from chalicelib.record.permit import Application
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()


def found(application: Application, issuer: str = "KG") -> list[tuple[str, str, bool]]:
    errors = check.check(application, LISTING, today=date(2026, 11, 25), issuer=issuer)
    return [(each.field, each.code, each.overridable) for each in errors]


@pytest.mark.parametrize(
    ("kind", "code"), [("OW", "not_resident"), ("OM", "not_resident"), ("OT", "not_based"), ("OS", "not_based")]
)
def test_certificate_of_owner_or_base_elsewhere_is_refused(kind: str, code: str) -> None:
    application = APPLICATIONS[kind]
    elsewhere = replace(application, exporter=replace(application.exporter, country="KZ"))
    assert found(elsewhere) == [("exporter.country", code, False)]
    assert found(application) == []


def test_introduction_from_the_sea_by_landlocked_state_is_stopped() -> None:
    assert found(APPLICATIONS["OI"]) == [("document_type", "landlocked", True)]
    assert found(APPLICATIONS["OI"], issuer="RU") == []


def test_landlocked_states_are_countries() -> None:
    assert len(LANDLOCKED) == 44
    assert set(COUNTRIES) >= LANDLOCKED
    assert {"KG", "KZ", "UZ", "TJ", "MN"} <= LANDLOCKED
    assert not LANDLOCKED & {"RU", "CN", "IR", "PK", "GE"}
