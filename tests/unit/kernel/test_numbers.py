"""Numbers of the paper register: one identity in every spelling."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.numbers import LENGTH, NUMBER_FORM, identity, normalise_number

PIECES = (
    "N", "NO", "No.", "№", "KG", "кг", "26", "2026", "026", "05", "0", "O", "l", "I", "i", "Z", "117", "0117",
    "12345678", "E", "e", "IL", "OM", "R", "Э", "Ө", "г", " ", "-", "/", ".", " - ", "–", "99", "SA",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join))
def test_identity_is_stable_in_any_case(text: str) -> None:
    try:
        found = identity(text)
    except Invalid:
        assume(False)
        return
    shown = normalise_number(text)
    assert len(found) <= LENGTH
    assert [identity(n) for n in (found, shown, text.lower(), text.upper())] == [found] * 4
    assert normalise_number(shown) == shown


@given(st.integers(1, 999_999), st.integers(2020, 2039), st.sampled_from(["KG", "A", "Э", ""]), st.integers(0, 6))
def test_blanks_zeros_years_and_words_keep_the_identity(serial: int, year: int, letters: str, zeros: int) -> None:
    plain = identity(f"{letters}-{serial}/{year}" if letters else f"{serial}/{year}")
    number = f"{serial:0>{zeros}}"
    for spelled in (
        f"{letters} {number} {year}", f"{letters}{number}-{year % 100}", f"№ {letters} {number} / {year}",
        f"{letters.lower()} {number}.{year}",
    ):  # fmt: skip
        assert identity(spelled) == plain, spelled


@given(st.integers(0, 99), st.integers(0, 999_999), st.sampled_from(["E", "I", "O", "R", "OW"]), st.integers(0, 2))
def test_tamga_number_in_any_spelling_keeps_its_identity(year: int, serial: int, kind: str, zeros: int) -> None:
    number = f"{year:02d}KG{serial:06d}/{kind}"
    for spelled in (number, f"{'0' * zeros}{year:02d} kg {serial:06d} {kind.lower()}", f"N {number}"):
        assert identity(spelled) == number
    assert NUMBER_FORM.fullmatch(number)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KG-1/2026", "KG-12/026"),
        ("1/23", "12/3"),
        ("KG-117/2026", "KG-117/2025"),
        ("A-5", "Э-5"),
        ("KG-26", "KG-2026"),
    ],
)
def test_different_numbers_have_different_identities(one: str, other: str) -> None:
    assert identity(one) != identity(other)
