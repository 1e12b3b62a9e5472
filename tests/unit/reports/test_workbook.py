"""Workbooks: another program reads the same rows back, and no cell is a formula."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from chalicelib.reports.services.illegal_trade import workbook

ROWS = [("Species", "Note"), ("Falco cherrug", 'a <b> & "c"'), ('=HYPERLINK("http://x")', "+1"), ("Шумкар", "x\x07y")]


def test_workbook_is_read_back_unchanged_without_control_characters() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook({"Illegal trade": ROWS, "About": [("Year", "2026")]}, made_at=1)))
    assert book.sheetnames == ["Illegal trade", "About"]
    read = [tuple(cell.value for cell in row) for row in book["Illegal trade"].iter_rows()]
    assert read == [*ROWS[:3], ("Шумкар", "xy")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_text_like_a_formula_stays_text(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook({"S": [("H",), (text,)]}, made_at=1)))["S"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == text
    assert sheet["A2"].quotePrefix


def test_same_rows_give_same_bytes_without_a_formula() -> None:
    one, other = (workbook({"S": ROWS}, made_at=1_795_600_000) for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as held:
        assert b"<f" not in held.read("xl/worksheets/sheet1.xml")


def test_columns_after_z_have_two_letters() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook({"S": [tuple(map(str, range(30)))]}, made_at=1)))["S"]
    assert sheet["AD1"].value == "29"
