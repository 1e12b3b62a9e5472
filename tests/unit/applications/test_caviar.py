"""Caviar: labels, weight, and 18 months for a re-export (Conf. 12.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check
from chalicelib.applications.rules.caviar import has_label
from chalicelib.record.permit import Application, Line, SourceDocument
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()
TODAY = date(2026, 11, 25)
LABEL = "BAE/C/RU/2025/0012/77"
CAVIAR = replace(APPLICATIONS["R"].lines[0], marks=f"{LABEL}, 9 tins")


def found(application: Application) -> set[tuple[str, str]]:
    return {(each.field, each.code) for each in check.check(application, LISTING, today=TODAY, issuer="KG")}


def of(kind: str, **changes: Any) -> Application:
    line: Line = replace(CAVIAR, **changes)
    if kind != "R":
        line = replace(line, origin=None)
    return replace(APPLICATIONS[kind], lines=(line,), purpose=APPLICATIONS["R"].purpose)


@pytest.mark.parametrize(
    ("exported", "refused"),
    [("2025-05-25", False), ("2025-05-24", True), ("2026-11-24", False), ("2019-01-01", True), (None, False)],
)
def test_caviar_is_re_exported_within_eighteen_months_of_its_permit(exported: str | None, refused: bool) -> None:
    application = of("R", origin=SourceDocument("RU", "RU-7/E", exported))
    assert (("lines[0].origin.date", "caviar_18_months") in found(application)) == refused


def test_old_permit_of_other_goods_may_be_re_exported() -> None:
    old = SourceDocument("RU", "RU-7/E", "2019-01-01")
    meat = of("R", term="MEA", origin=old)
    assert found(meat) == set()
    assert found(of("R", term="EGG", unit=None, quantity="5", origin=old)) == {
        ("lines[0].origin.date", "caviar_18_months")
    }


@pytest.mark.parametrize("kind", ["E", "R", "OC"])
def test_caviar_without_label_number_is_refused(kind: str) -> None:
    assert found(of(kind, marks=None)) == {("lines[0].marks", "required")}
    assert found(of(kind)) == set()


@pytest.mark.parametrize(("unit", "refused"), [("KGM", False), ("GRM", False), (None, True), ("LTR", True)])
def test_caviar_is_given_by_weight(unit: str | None, refused: bool) -> None:
    assert found(of("E", unit=unit, quantity="12")) == ({("lines[0].unit", "weight")} if refused else set())


def test_eggs_for_science_and_live_eggs_need_no_label() -> None:
    science = replace(of("E", term="EGG", marks=None, quantity="5", unit=None), purpose="S")
    assert found(science) == set()
    assert found(of("E", term="EGL", marks=None, quantity="500", unit=None)) == set()


@pytest.mark.parametrize(
    ("marks", "good"),
    [
        (LABEL, True),
        ("tins 1-9: HUSxGUE/C/KG/2026/KG01/A-7", True),
        ("MIX/W/IR/2024/xx01/5", True),
        ("BAE/C/RU/2025/0012", False),
        ("tins 1-9", False),
        (None, False),
    ],
)
def test_label_number_has_six_parts(marks: str | None, good: bool) -> None:
    assert has_label(replace(CAVIAR, marks=marks)) == good
