"""Cells of a CSV file: no spreadsheet calculates one, wherever it splits the line, and each text is restored."""

from __future__ import annotations

import csv
import re
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.kernel.text import FORMULA_SIGNS, csv_row, escape_cell, unescape_cell

TEXTS = st.text() | st.text(alphabet=",;\t\r\n\"'=+-@\uff1d\uff0b\uff0d\uff20a ")


@given(text=TEXTS)
@example(text="'=x")
@example(text="''")
@example(text=";'=x")
@example(text="'\uff1dx")
def test_safe_text_roundtrip(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@given(texts=st.lists(TEXTS, min_size=2, max_size=4))
@example(texts=["a;=1", ""])
@example(texts=["a", ';"=1'])
@example(texts=['"=1', "b"])
@example(texts=["a\n=1", "b\t@c"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_with_a_formula_at_any_separator(separator: str, texts: list[str]) -> None:
    out: list[str] = []
    csv.writer(SimpleNamespace(write=out.append)).writerow([escape_cell(each) for each in texts])
    for line in ("".join(out), csv_row(texts)):
        rows = csv.reader(re.split(r"(?<=[\r\n])", line.removesuffix("\r\n")), delimiter=separator)
        found = [cell for row in rows for cell in row]
        assert not [cell for cell in found if cell.startswith(FORMULA_SIGNS)]
        assert separator != "," or [unescape_cell(cell) for cell in found] == texts


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20\t\r")
def test_full_width_sign_is_escaped_like_plain_sign(sign: str) -> None:
    assert escape_cell(sign + "1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["Falco cherrug", "Zoo 'Praha', est. 1931", '"Zoo" LLC', "a - b", "AE;TR", ""])
def test_harmless_text_is_unchanged(text: str) -> None:
    assert escape_cell(text) == text
