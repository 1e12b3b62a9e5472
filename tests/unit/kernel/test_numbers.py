"""Numbers of the paper register: one identity in every spelling."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.numbers import LENGTH, NUMBER_FORM, identity, normalise_number, read_typed_number, use_key

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


@given(
    st.sampled_from(["26KG", "26-KG-", "2026KG", "KG 26KG"]),
    st.lists(st.sampled_from([*"0000112OIlЗ/-. E", "000045", "00001", "I"]), min_size=1, max_size=14).map("".join),
)
@example("26KG", "000001/I/1")
@example("26KG", "000001/1/1")
@example("26KG", "1/1/11111")
def test_serial_of_tamga_number_is_one_run_of_digits_of_the_text(start: str, text: str) -> None:
    try:
        found = identity(start + text)
    except Invalid:
        assume(False)
        return
    if NUMBER_FORM.fullmatch(found):
        shown = normalise_number(start + text).translate(str.maketrans("OILЗ", "0113"))
        serials = [run.lstrip("0") for run in re.findall("[0-9]+", shown)]
        serial = found[4:10].lstrip("0")
        assert any(run.startswith(serial) for run in serials), (start + text, found)


@given(st.integers(0, 999_999), st.integers(1, 5), st.sampled_from(["E", "I", "O", "R", "OW"]), st.sampled_from(" /"))
def test_typed_number_with_blanks_in_serial_is_read(serial: int, at: int, kind: str, between: str) -> None:
    digits = f"{serial:06d}"
    number = f"26KG{digits}/{kind}"
    for spelled in (f"{digits[:at]} {digits[at:]}", " ".join(digits), digits):
        assert read_typed_number(f"26 kg {spelled}{between}{kind.lower()}") == number


@given(st.lists(st.sampled_from([*"0112OIl /-.E", "26KG", "123", "45 6"]), max_size=14).map("".join))
@example("26KG 123/456 E")
@example("26KG000001/I/1")
def test_typed_number_is_its_identity_or_has_six_digits_apart(text: str) -> None:
    try:
        found = identity(text)
    except Invalid:
        assert read_typed_number(text) is None
        return
    typed = read_typed_number(text)
    if NUMBER_FORM.fullmatch(found):
        assert typed == found
    elif typed is not None:
        shown = normalise_number(text).replace("-", "").replace("/", "")
        assert shown[4:10].translate(str.maketrans("OIL", "011")) == typed[4:10]
        assert shown == f"{shown[:10]}{typed[11:]}"


ENDINGS = ["/1", "/I/1", "/I1", "I/1", "I1", "/1/1", "L1", "/E/1", "-I.2", "/I 1", "/OW/1", "/I/I/1"]


@given(st.integers(1, 999_999), st.sampled_from(ENDINGS))
def test_tamga_number_with_text_behind_it_reads_as_no_other_permit(serial: int, ending: str) -> None:
    number = f"26KG{serial:06d}"
    found = identity(number + ending)
    assert not NUMBER_FORM.fullmatch(found) or found.startswith(number)
    assert use_key("KG", number + ending) == ("KG", number)


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
