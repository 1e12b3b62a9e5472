"""Comparison of the importer that a foreign document names with the importer of our import permit."""

from __future__ import annotations

import pytest

from chalicelib.verification.model.import_permit import same_importer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Honest Zoo", "HONEST  ZOO"),
        ("Honest Zoo LLC", "Honest Zoo, L.L.C."),
        ("OsOO Honest Zoo", "OsOO «Honest Zoo»"),
        ("OsOO “Honest Zoo”", 'OsOO "Honest-Zoo"'),
        ("Ｈｏｎｅｓｔ Zoo", "Honest Zoo"),  # full width, NFKC
        ("Zoo Straße 5", "ZOO STRASSE 5"),
        ("Café", "Cafe\u0301"),
        ("ОсОО «Зоопарк»", "осоо зоопарк"),
    ],
)
def test_importer_name_in_another_spelling_is_same_importer(one: str, other: str) -> None:
    assert same_importer(one, other)
    assert same_importer(other, one)


@pytest.mark.parametrize("shown", ["Honest Zoo of the…", "HONEST ZOO of the City…", "Honest Zoo of the City of Bish…"])
def test_importer_name_that_a_code_shortens_is_same_importer(shown: str) -> None:
    assert same_importer(shown, "Honest Zoo of the City of Bishkek")
    assert not same_importer(shown, "Honest Garden of the City of Bishkek")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smuggler LLC", "Honest Zoo"),
        ("Honest Zoo", "Honest Zoo 2"),
        ("Honest Zoo", "Honest Zoo LLC"),
        ("Honest Zoo", "Zoo Honest"),
        ("Honest Zoo", "Хонест Зоо"),
        ("Honest Zoo", "Hоnest Zоо"),  # Cyrillic letters that look Latin
        ("", "Honest Zoo"),
        ("", ""),
        ("«—»", "--"),
        ("Honest…", "Honest Zoo of the City of Bishkek"),  # too short to tell importers apart
        ("Honest Zoo of the City", "Honest Zoo of the City of Bishkek"),
    ],
)
def test_importer_of_another_name_is_another_importer(one: str, other: str) -> None:
    assert not same_importer(one, other)
    assert not same_importer(other, one)
