"""Matching of watch-list entries against marks, names, numbers and vehicles in every spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.model.watch import Entry, key_of, matches
from chalicelib.uses.use import WatchTerms

NOW = 1000


def found(kind: str, value: str, **seen: tuple[str, ...]) -> bool:
    entry = Entry("1", kind, value, "why", NOW + 1, key_of(kind, value))
    return bool(matches([entry], WatchTerms(**seen), NOW))


@pytest.mark.parametrize("text", ["ring KG-0117", "KG 0117", "кг0117 (left leg)".upper(), "chip 9; ring: kg0117"])
def test_mark_among_other_text_matches(text: str) -> None:
    assert found("mark", "KG-0117", marks=(text.replace("Г", "G"),))


def test_chip_number_in_groups_or_cyrillic_letters_matches() -> None:
    assert found("mark", "643094100012345", marks=("falcon, chip 643 094 100 012 345",))
    assert found("mark", "643 094 100 012 345", marks=("643094100012345",))
    assert found("mark", "KG-AB1234", marks=("кольцо КГ АВ1234",))


@pytest.mark.parametrize("text", ["KG-01175", "ring KG-011", "117", ""])
def test_other_mark_does_not_match(text: str) -> None:
    assert not found("mark", "KG-0117", marks=(text,))


def test_name_in_any_order_and_alphabet_matches() -> None:
    for name in ("Ivan Testov", "TESTOV, Ivan", "Иван Тестов", "Testov Ivan Petrovich"):
        assert found("name", "Тестов Иван", names=(name,))
    for name in ("Ivan", "Testova Ivana", "Petr Testov"):
        assert not found("name", "Тестов Иван", names=(name,))


def test_respelled_number_and_vehicle_in_transport_document_match() -> None:
    assert found("number", "KZ-0457/2026", numbers=("KZ 457/26",))
    assert not found("number", "KZ-0457/2026", numbers=("KZ 458/26", "~~~"))
    assert found("vehicle", "01 KG 777 ABC", vehicles=("CMR 17, 01KG777ABC",))


@pytest.mark.parametrize("typed", ["26KG 123 456 E", "26 kg 123-456 e"])
def test_entry_with_blanks_in_its_number_matches_the_permit(typed: str) -> None:
    assert found("number", typed, numbers=("26KG123456/E",))
    assert not found("number", typed, numbers=("26KG123457/E",))


def test_expired_entry_matches_nothing() -> None:
    entry = Entry("1", "mark", "KG-0117", "why", NOW, key_of("mark", "KG-0117"))
    assert matches([entry], WatchTerms(marks=("KG-0117",)), NOW) == ()


@given(st.sampled_from(["mark", "vehicle", "name"]), st.text(alphabet="ABCXYZ0189 -", min_size=3, max_size=20))
def test_lower_case_value_matches_its_own_entry(kind: str, value: str) -> None:
    names = {"mark": "marks", "vehicle": "vehicles", "name": "names"}
    if len(key_of(kind, value)) >= 3:
        assert found(kind, value, **{names[kind]: (value.lower(),)})
