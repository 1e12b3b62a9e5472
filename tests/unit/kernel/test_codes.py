"""Vocabularies: sizes of the tables, and codes in the shapes of the token's schema."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from chalicelib.kernel import codes, countries, document_kinds


def test_sizes_of_the_tables() -> None:
    sizes = [
        len(t)
        for t in (document_kinds.KINDS, codes.PURPOSES, codes.SOURCES, codes.TERMS, codes.UNITS, countries.COUNTRIES)
    ]
    assert sizes == [13, 12, 11, 91, 11, 249]


@pytest.mark.parametrize(
    ("table", "shape"),
    [
        (document_kinds.KINDS, r"[ERI]|O[A-Z]"),
        (codes.PURPOSES, r"[A-Z]"),
        (codes.SOURCES, r"[A-Z]"),
        (codes.TERMS, r"[A-Z]{3}"),
        (codes.UNITS, r"[A-Z]{3}"),
    ],
)
def test_codes_have_the_shape_of_the_schema(table: dict[str, codes.Code], shape: str) -> None:
    for code, row in table.items():
        assert row.code == code
        assert re.fullmatch(shape, code)
        assert row.en


@pytest.mark.parametrize("table", [document_kinds.KINDS, codes.PURPOSES, codes.SOURCES, codes.UNITS])
def test_codes_on_the_form_have_kyrgyz_and_russian(table: dict[str, codes.Code]) -> None:
    """The second line of the form is in these languages."""
    assert all(row.ru and row.ky for row in table.values())


def test_kinds_for_many_crossings_and_their_letters() -> None:
    assert {k for k, kind in document_kinds.KINDS.items() if kind.many_crossings} == {"OT", "OW", "OM", "OS"}
    assert {kind.letter for k, kind in document_kinds.KINDS.items() if k.startswith("O")} == {"O"}
    assert [document_kinds.KINDS[k].letter for k in "ERI"] == ["E", "R", "I"]


def test_country_names_are_complete() -> None:
    assert countries.COUNTRIES["KG"] == "Kyrgyzstan"
    assert countries.COUNTRIES["AE"] == "United Arab Emirates"
    assert len(set(countries.COUNTRIES.values())) == 249
    assert set(countries.ORIGINS) - set(countries.COUNTRIES) == {"XX", "XV", "ZZ"}
    assert all(re.fullmatch("[A-Z]{2}", code) for code in countries.ORIGINS)


def test_units_convert_within_their_base() -> None:
    for unit in codes.UNITS.values():
        assert codes.UNITS[unit.base].factor == 1
    assert Decimal(250) * codes.UNITS["GRM"].factor == Decimal("0.25") * codes.UNITS["KGM"].factor
    assert codes.UNITS["CMQ"].base == "MTQ"


def test_tables_are_immutable() -> None:
    with pytest.raises(TypeError):
        codes.TERMS["ZZZ"] = codes.Code("ZZZ", "no")  # type: ignore[index]
