"""Reads a table of rows out of CSV or XLSX, as it was typed: no formula, no surprise, no bomb.

1 size of the file    2 XLSX: what it unpacks to, before it is unpacked    3 one header of known columns, none twice
4 rows and cells within bounds    5 each cell with its kind: text, number, day, or why it is none of them

How a run over many rows ends: the report of refused rows (CSV, or JSON by its suffix), a summary, an exit code.

What a spreadsheet would calculate is escaped.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from chalicelib.cli.output import DONE, REFUSED, err, out, print_json, replace_file, usage
from chalicelib.kernel.text import CELL_AT_MOST, safe

FILE_AT_MOST = 16 * 1024 * 1024  # bytes

UNPACKED_AT_MOST = 128 * 1024 * 1024  # bytes of an XLSX, all parts together; zipfile reads no more than they declare

PARTS_AT_MOST = 1000

ROWS_AT_MOST = 60_000

COLUMNS_AT_MOST = 100

NEEDED = "XLSX needs openpyxl: pip install -r requirements-cli.txt (or save the sheet as CSV)"


class Unreadable(Exception):
    """The file as a whole is no table that can be read; says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind`: text | number | day | formula | error. A day is `YYYY-MM-DD`, a number has no exponent."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not empty. `number`: as a spreadsheet counts, the header being 1; empty cells are left out."""

    number: int
    cells: dict[str, Cell]


def read(path: Path, known: Collection[str], needed: Collection[str]) -> list[SheetRow]:
    """The rows of a `.csv` or `.xlsx` file. Raises `Unreadable`."""
    try:
        size = path.stat().st_size
        if size > FILE_AT_MOST:  # 1
            raise Unreadable(f"{path}: {size} bytes, at most {FILE_AT_MOST}; split the file")
        match path.suffix.lower():
            case ".csv":
                raw: Iterable[list[Cell | None]] = _csv(path.read_text("utf-8-sig"))
            case ".xlsx":
                raw = _xlsx(path.read_bytes())
            case _:
                raise Unreadable(f"{path}: a .csv or .xlsx file")
        return _rows(raw, known, needed)
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: not UTF-8; save it as `CSV UTF-8`") from None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None


def _rows(raw: Iterable[list[Cell | None]], known: Collection[str], needed: Collection[str]) -> list[SheetRow]:
    found: list[SheetRow] = []
    header: list[str] = []
    for number, cells in enumerate(raw, 1):
        if number == 1:
            header = _header(cells, known, needed)  # 3
            continue
        if number > ROWS_AT_MOST + 1:  # 4
            raise Unreadable(f"More than {ROWS_AT_MOST} rows; split the file")
        if any(cell is not None for cell in cells[len(header) :]):
            raise Unreadable(f"Row {number} has more cells than there are columns")
        filled = {name: cell for name, cell in zip(header, cells, strict=False) if cell is not None}
        if filled:
            found.append(SheetRow(number, filled))
    if not header:
        raise Unreadable("The file is empty")
    return found


def _header(cells: list[Cell | None], known: Collection[str], needed: Collection[str]) -> list[str]:
    names = [cell.text.strip().lower() if cell else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    strange = [name or "(empty)" for name in names if name not in known]
    if strange:
        raise Unreadable(f"Row 1: no such column: {', '.join(name[:40] for name in strange[:5])}")
    if len(set(names)) != len(names):
        raise Unreadable("Row 1: a column stands there twice")
    missing = [name for name in needed if name not in names]
    if missing:
        raise Unreadable(f"Row 1: missing: {', '.join(missing)}")
    return names


def _csv(text: str) -> Iterator[list[Cell | None]]:
    """Separated by comma, semicolon or tab, whichever the header has most of."""
    if "\0" in text:
        raise Unreadable("Not a CSV file: it holds a zero byte")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(CELL_AT_MOST)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if len(row) > COLUMNS_AT_MOST:
                raise Unreadable(f"More than {COLUMNS_AT_MOST} columns")
            yield [_typed(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable(f"Not a CSV file: {error}") from None


def _typed(text: str) -> Cell | None:
    """What stands in a CSV cell; a spreadsheet that opens it would calculate what begins with `=`."""
    text = text.strip()
    if not text:
        return None
    return Cell("formula" if text.startswith("=") else "text", text)


def _xlsx(data: bytes) -> Iterator[list[Cell | None]]:
    """The first sheet, cell by cell."""
    try:
        import openpyxl
    except ImportError:
        raise Unreadable(NEEDED) from None
    _unpacks_to_little(data)  # 2
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of formatting that openpyxl does not know
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size is not believed
            for row in sheet.iter_rows():
                if len(row) > COLUMNS_AT_MOST and any(cell.value is not None for cell in row[COLUMNS_AT_MOST:]):
                    raise Unreadable(f"More than {COLUMNS_AT_MOST} columns")
                yield [_cell(cell) for cell in row[:COLUMNS_AT_MOST]]
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds out on a broken file
        raise Unreadable(f"Not an XLSX file: {type(error).__name__}") from None


def _unpacks_to_little(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Unreadable("Not an XLSX file") from None
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        raise Unreadable(f"It unpacks to more than {UNPACKED_AT_MOST} bytes or {PARTS_AT_MOST} parts")


def _cell(cell: Any) -> Cell | None:
    """`cell`: openpyxl's; its `data_type`: n number, s text, d date, b true or false, f formula, e error."""
    value, kind = cell.value, cell.data_type
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if kind == "f":
        return Cell("formula", str(value)[:CELL_AT_MOST])
    match value:
        case bool():
            return Cell("error", str(value).upper())
        case datetime() if value.time() != time():
            return Cell("error", value.isoformat(" "))
        case datetime():
            return Cell("day", value.date().isoformat())
        case date():
            return Cell("day", value.isoformat())
        case int() | float():
            return Cell("number", _number(value))
        case str() if kind != "e" and len(value) <= CELL_AT_MOST:
            text = value.strip()
            return Cell("formula" if text.startswith("=") else "text", text)
    return Cell("error", str(value)[:CELL_AT_MOST])


def _number(value: float) -> str:
    """Excel keeps 15 digits of a number: 0.1 + 0.2 is 0.3 to who typed it."""
    text = f"{value:.15g}"
    if "e" in text or "n" in text:
        text = f"{value:.6f}"
    return text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken. `rule`: the code of the rule; its block and source are in the reason."""

    row: int
    ref: str
    column: str
    value: str
    rule: str
    reason: str


Report = Annotated[Path | None, typer.Option(help="Where refused rows are told: .csv or .json.", dir_okay=False)]

HEADER = ("row", "ref", "column", "value", "rule", "reason")


def write(path: Path | None, refusals: Sequence[Refusal]) -> None:
    """Replace the report as a whole, if one is wanted; exit 2 names the option."""
    if path is None:
        return
    if path.suffix.lower() == ".json":
        data = (json.dumps([asdict(each) for each in refusals], ensure_ascii=False, indent=1) + "\n").encode()
    else:
        text = io.StringIO(newline="")
        rows = csv.writer(text)
        rows.writerow(HEADER)
        for each in refusals:
            rows.writerow([safe(str(part)) for part in astuple(each)])
        data = text.getvalue().encode("utf-8-sig")
    try:
        replace_file(path, data)
    except OSError as error:
        raise usage(f"--report: {path}: {error.strerror}") from None


def finish(
    done: int, refused: Sequence[Refusal], where: Path | None, as_json: bool, said: str = "", **more: Any
) -> None:
    """The report, a summary (`said` in place of "N done"), and the exit code: 1 if anything was refused."""
    write(where, refused)
    told = {f"{each.ref or each.row}" for each in refused}
    if as_json:
        rows = [asdict(each) for each in refused]
        print_json({"done": done, "refused": rows, "report": str(where) if where else None, **more})
    else:
        out.print(
            f"{said or f'{done} done'}, {len(told)} refused"
            + (f"; why: {escape(str(where))}" if where and refused else "")
        )
        for each in refused[:20] if where is None else ():
            err.print(escape(f"row {each.row}, {each.ref}: {each.rule}: {each.reason}"), soft_wrap=True)
    raise typer.Exit(REFUSED if refused else DONE)
