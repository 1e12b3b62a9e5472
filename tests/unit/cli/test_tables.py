"""Tables from users: the kind of each cell, refusals by row and column, and defence against zip bombs."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cli_tables import row, to_csv, to_xlsx

from chalicelib.applications import table_columns
from chalicelib.applications.table_columns import BULK
from chalicelib.cli import tables
from chalicelib.cli.tables import Cell, CellKind, Refusal, Unreadable

NEEDED = ("ref", "quantity")


def read(path: Path) -> list[tables.SheetRow]:
    return tables.read(path, BULK.names, NEEDED)


def grouped(path: Path, **options: Any) -> list[table_columns.Group]:
    return table_columns.groups(read(path), BULK, **options)


def refused(path: Path, **options: Any) -> set[tuple[int, str, str]]:
    return {(r.row, r.column, r.rule) for group in grouped(path, **options) for r in group.refusals}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_each_dialect(tmp_path: Path, delimiter: str) -> None:
    (found,) = read(to_csv(tmp_path / "a.csv", [row(marks="rings 1; 2, 3\t4")], delimiter))
    assert found.number == 2
    assert found.cells["quantity"] == Cell(CellKind.TEXT, "2")
    assert found.cells["marks"].text == "rings 1; 2, 3\t4"


def test_reading_csv_leaves_limit_of_the_process(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    read(to_csv(tmp_path / "a.csv", [row()]))
    with pytest.raises(tables.Unreadable):
        read(to_csv(tmp_path / "b.csv", [row(marks="x" * (tables.CELL_AT_MOST + 1))]))
    assert csv.field_size_limit() == before


def test_xlsx_cells_by_their_kind(tmp_path: Path) -> None:
    given = row(ref=17, quantity=12.5, valid_until=date(2027, 3, 31), marks="=1+1", description=True,
                common_name="#N/A", origin_date=datetime(2026, 5, 2, 13, 30), stamp_number=0.1 + 0.2)  # fmt: skip
    (found,) = read(to_xlsx(tmp_path / "a.xlsx", [given]))
    kinds = {name: (found.cells[name].kind, found.cells[name].text) for name in given if name in found.cells}
    assert kinds["ref"] == ("number", "17")
    assert kinds["quantity"] == ("number", "12.5")
    assert kinds["valid_until"] == ("day", "2027-03-31")
    assert kinds["marks"][0] == "formula"
    assert kinds["description"] == ("error", "TRUE")
    assert kinds["common_name"][0] == "error"
    assert kinds["origin_date"][0] == "error"
    assert kinds["stamp_number"] == ("number", "0.3")
    (group,) = grouped(tmp_path / "a.xlsx")
    assert {(r.column, r.rule) for r in group.refusals} == {
        ("marks", "formula"), ("description", "cell"), ("common_name", "cell"), ("origin_date", "cell"),
    }  # fmt: skip
    assert group.fields["lines"][0]["quantity"] == "12.5"
    assert group.fields["valid_until"] == "2027-03-31"


def test_formula_in_any_cell_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["ref", "quantity"])
    book.active.append(["a", "=SUM(1,1)"])
    book.active.append(['=HYPERLINK("http://x")', "2"])
    book.save(tmp_path / "a.xlsx")
    assert {rule for _, _, rule in refused(tmp_path / "a.xlsx")} == {"formula", "required"}
    assert refused(to_csv(tmp_path / "a.csv", [row(quantity="=1+1")])) == {(2, "quantity", "formula")}


def test_date_and_number_in_wrong_columns_are_refused(tmp_path: Path) -> None:
    path = to_xlsx(tmp_path / "a.xlsx", [row(marks=date(2026, 1, 2), valid_until=46112)])
    assert refused(path) == {(2, "marks", "day"), (2, "valid_until", "date")}


@pytest.mark.parametrize(
    ("typed", "decimal_comma", "quantity", "rule"),
    [
        ("12.5", False, "12.5", None), ("12,5", False, None, "comma"), ("12,5", True, "12.5", None),
        ("1.250,5", True, None, "quantity"), ("12.5", True, None, "quantity"), ("1,250,5", True, None, "quantity"),
        ("2", True, "2", None),
    ],
)  # fmt: skip
def test_decimal_comma_is_never_guessed(
    tmp_path: Path, typed: str, decimal_comma: bool, quantity: str | None, rule: str | None
) -> None:
    (group,) = grouped(to_csv(tmp_path / "a.csv", [row(quantity=typed)]), decimal_comma=decimal_comma)
    assert group.fields["lines"][0].get("quantity") == quantity
    assert [r.rule for r in group.refusals] == ([rule] if rule else [])


def test_rows_with_one_ref_are_one_permit(tmp_path: Path) -> None:
    rows = [row(), row(ref="b"), {"ref": "a-1", "scientific_name": "Falco peregrinus", "quantity": "1", "source": "C"}]
    one, other = grouped(to_csv(tmp_path / "a.csv", rows))
    assert [each.number for each in one.rows] == [2, 4]
    assert [line["scientific_name"] for line in one.fields["lines"]] == ["Falco cherrug", "Falco peregrinus"]
    assert one.fields["exporter"] == {
        "name": "Altyn Falcon LLC", "address": "12 Toktogul St, Bishkek", "country": "KG",
    }  # fmt: skip
    assert one.fields["lines"][0]["origin"] == {"country": "KG"}
    assert other.ref == "b"
    assert refused(to_csv(tmp_path / "b.csv", [row(), row(importer_country="DE")])) == {
        (3, "importer_country", "differs")
    }


def test_row_without_ref_is_refused(tmp_path: Path) -> None:
    assert refused(to_csv(tmp_path / "a.csv", [row(), row(ref="")])) == {(3, "ref", "required")}
    many = [row(ref="a", marks=str(n)) for n in range(61)]
    assert refused(to_csv(tmp_path / "b.csv", many)) == {(62, "ref", "too_many")}


def test_faults_of_the_service_are_assigned_to_their_cells(tmp_path: Path) -> None:
    rows = [row(), row(importer_country=None, source="A", origin_country="KZ")]
    (group,) = grouped(to_csv(tmp_path / "a.csv", rows))
    faults = [("lines[1].origin.country", "reexport", "x"), ("importer.country", "unknown", "y"), ("lines", "z", "z"),
              ("lines[1].source", "kingdom", "k"), ("lines[9].source", "s", "s")]  # fmt: skip
    found = [(r.row, r.column, r.value) for r in table_columns.refusals_of(group, BULK, faults)]
    assert found == [
        (3, "origin_country", "KZ"), (2, "importer_country", "AE"), (2, "", ""), (3, "source", "A"), (2, "source", "C"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xfe1", "UTF-8"),
        ("a.csv", b"ref,quantity\n1,\x00", "zero byte"),
        ("a.csv", b'ref,quantity\n"1', "CSV"),
        ("a.csv", b"ref,quantity,strange\n", "unknown column: strange"),
        ("a.csv", b"ref,quantity,ref\n", "twice"),
        ("a.csv", b"ref\n", "missing column: quantity"),
        ("a.csv", b"ref,quantity\n1,2,3\n", "Row 2 has more cells"),
        ("a.csv", b"ref,quantity\n1," + b"9" * 5000, "field larger"),
        ("a.csv", b"ref,quantity" + b",x" * 200, "100 columns"),
        ("a.xlsx", b"PK\x03\x04", "Not an XLSX"),
        ("a.xlsx", b"no zip", "Not an XLSX"),
        ("a.ods", b"", ".csv or .xlsx"),
    ],
)
def test_unreadable_table_names_the_cause(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Unreadable, match=words):
        read(tmp_path / name)


def test_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        read(tmp_path / "none.csv")


def test_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (tables.UNPACKED_AT_MOST + 1))
    assert path.stat().st_size < 1_000_000
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *args, **options: pytest.fail("it was opened"))
    with pytest.raises(Unreadable, match="unpacks to more"):
        read(path)
    path.write_bytes(b"0" * (tables.FILE_AT_MOST + 1))
    with pytest.raises(Unreadable, match="at most"):
        read(path)


def replaced(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The same XLSX with changed bytes in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old_archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old_archive.namelist():
            data = old_archive.read(name)
            assert name != part or old in data
            archive.writestr(name, data.replace(old, new) if name == part else data)
    path.write_bytes(out.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_xlsx_with_false_row_number_is_unreadable(tmp_path: Path) -> None:
    path = to_xlsx(tmp_path / "a.xlsx", [row()])
    replaced(path, SHEET, b'<row r="2"', b'<row r="1048576"')
    with pytest.raises(Unreadable, match="More than 60000 rows"):
        read(path)


def test_entities_of_an_xlsx_are_not_expanded(tmp_path: Path) -> None:
    path = to_xlsx(tmp_path / "a.xlsx", [row()])
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    text = b'<!DOCTYPE x [<!ENTITY a0 "ha">' + laughs + b"]><worksheet"
    replaced(path, SHEET, b"<worksheet", text)
    replaced(path, SHEET, b"<t>a-1</t>", b"<t>&a9;</t>")
    with pytest.raises(Unreadable):
        read(path)


@pytest.mark.parametrize("seed", range(60))
def test_damaged_file_raises_unreadable_only(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = to_xlsx(tmp_path / "a.xlsx", [row(), row(ref="b", valid_until=date(2027, 3, 31))])
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as archive:
        for name in old.namelist():
            data = bytearray(old.read(name))
            for _ in range(chance.choice((0, 1, 3))):
                data[chance.randrange(len(data))] = chance.choice(b'<>&\0\xff0rst"=')
            archive.writestr(name, bytes(data))
    whole = bytearray(out.getvalue())
    if seed % 3 == 0:
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    path.write_bytes(whole)
    with contextlib.suppress(Unreadable):
        assert table_columns.groups(read(path), BULK)


def test_missing_openpyxl_names_the_requirements_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = to_xlsx(tmp_path / "a.xlsx", [row()])
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(Unreadable, match=r"requirements-cli\.txt"):
        read(path)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_report_has_no_formulas(tmp_path: Path, begin: str) -> None:
    path = tmp_path / "r.csv"
    tables.write(path, [Refusal(2, f"{begin}cmd|' /C calc'!A0", "marks", f"{begin}1", "rule", "reason")])
    text = path.read_bytes().decode("utf-8-sig")
    assert f"'{begin}cmd" in text
    assert f"'{begin}1" in text
    assert text.splitlines()[0] == "row,ref,column,value,rule,reason"
    assert not (tmp_path / "r.csv.part").exists()
