"""Tables of the command line. Read rows from CSV or XLSX, and report the refused rows of a run.

Reading takes each cell as it was typed, without formulas, and is safe against zip bombs. It checks:

1 size of the file    2 XLSX: its unpacked size, before it is unpacked    3 one header of known columns, none twice
4 number of rows and cells    5 kind of each cell: text, number, day, or the reason why it is none of them

A run over many rows ends with the report of refused rows (CSV, or JSON by its suffix), a summary and an exit code. In a
CSV report, cells that a spreadsheet would calculate are escaped.
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
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from chalicelib.cli.output import DONE, REFUSED, err, out, print_json, replace_file, usage
from chalicelib.kernel.text import CELL_AT_MOST, escape_cell

FILE_AT_MOST = 16 * 1024 * 1024  # bytes

UNPACKED_AT_MOST = 128 * 1024 * 1024  # bytes of all parts of an XLSX; zipfile reads no more than they declare

PARTS_AT_MOST = 1000

ROWS_AT_MOST = 60_000

COLUMNS_AT_MOST = 100

NEEDED = "An .xlsx file needs openpyxl: pip install -r requirements-cli.txt, or save the sheet as CSV"


class Unreadable(Exception):
    """The file cannot be read as a table. The message is the reason."""


class CellKind(StrEnum):
    """Kind of a cell, as it was typed."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. A day is `YYYY-MM-DD`. A number has no exponent."""

    kind: CellKind
    text: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty. `number`: as in a spreadsheet, where the header is 1. Empty cells are left out."""

    number: int
    cells: dict[str, Cell]


def read(path: Path, known: Collection[str], needed: Collection[str]) -> list[SheetRow]:
    """Read the rows of a `.csv` or `.xlsx` file. Raises `Unreadable`."""
    try:
        size = path.stat().st_size
        if size > FILE_AT_MOST:  # 1
            raise Unreadable(f"{path}: {size} bytes, but at most {FILE_AT_MOST} are read; split the file")
        match path.suffix.lower():
            case ".csv":
                raw: Iterable[list[Cell | None]] = _csv(path.read_text("utf-8-sig"))
            case ".xlsx":
                raw = _xlsx(path.read_bytes())
            case _:
                raise Unreadable(f"{path}: not a table; give a .csv or .xlsx file")
        return _rows(raw, known, needed)
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: the text is not UTF-8; save the file as `CSV UTF-8`") from None
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
            raise Unreadable(f"Row {number} has more cells than row 1 has column names; correct the row")
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
        raise Unreadable(f"Row 1: unknown column: {', '.join(name[:40] for name in strange[:5])}")
    if len(set(names)) != len(names):
        raise Unreadable("Row 1: a column name appears twice; remove one column")
    missing = [name for name in needed if name not in names]
    if missing:
        raise Unreadable(f"Row 1: missing column: {', '.join(missing)}")
    return names


def _csv(text: str) -> Iterator[list[Cell | None]]:
    """Yield the rows of a CSV text. The separator is the one of comma, semicolon and tab that the header has most."""
    if "\0" in text:
        raise Unreadable("Not a CSV file: it contains a zero byte")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    before = csv.field_size_limit(CELL_AT_MOST)  # a limit of the whole process
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if len(row) > COLUMNS_AT_MOST:
                raise Unreadable(f"More than {COLUMNS_AT_MOST} columns")
            yield [_typed(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable(f"Not a CSV file: {error}") from None
    finally:
        csv.field_size_limit(before)


def _typed(text: str) -> Cell | None:
    """Return a CSV cell, or None if it is empty. A text that begins with `=` is a formula to a spreadsheet."""
    text = text.strip()
    if not text:
        return None
    return Cell(CellKind.FORMULA if text.startswith("=") else CellKind.TEXT, text)


def _xlsx(data: bytes) -> Iterator[list[Cell | None]]:
    """Yield the rows of the first sheet."""
    try:
        import openpyxl
    except ImportError:
        raise Unreadable(NEEDED) from None
    _unpacks_to_little(data)  # 2
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of formatting that it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # do not trust the size that the file declares
            for row in sheet.iter_rows():
                if len(row) > COLUMNS_AT_MOST and any(cell.value is not None for cell in row[COLUMNS_AT_MOST:]):
                    raise Unreadable(f"More than {COLUMNS_AT_MOST} columns")
                yield [_cell(cell) for cell in row[:COLUMNS_AT_MOST]]
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises many types of error for a broken file
        raise Unreadable(f"Not an XLSX file: {type(error).__name__}") from None


def _unpacks_to_little(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Unreadable("Not an XLSX file") from None
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        raise Unreadable(
            f"The XLSX file unpacks to more than {UNPACKED_AT_MOST} bytes or {PARTS_AT_MOST} parts; save it as CSV"
        )


def _cell(cell: Any) -> Cell | None:
    """Convert a cell of openpyxl, or return None if it is empty.

    Its `data_type`: n number, s text, d date, b true or false, f formula, e error.
    """
    value, kind = cell.value, cell.data_type
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if kind == "f":
        return Cell(CellKind.FORMULA, str(value)[:CELL_AT_MOST])
    match value:
        case bool():
            return Cell(CellKind.ERROR, str(value).upper())
        case datetime() if value.time() != time():
            return Cell(CellKind.ERROR, value.isoformat(" "))
        case datetime():
            return Cell(CellKind.DAY, value.date().isoformat())
        case date():
            return Cell(CellKind.DAY, value.isoformat())
        case int() | float():
            return Cell(CellKind.NUMBER, _number(value))
        case str() if kind != "e" and len(value) <= CELL_AT_MOST:
            text = value.strip()
            return Cell(CellKind.FORMULA if text.startswith("=") else CellKind.TEXT, text)
    return Cell(CellKind.ERROR, str(value)[:CELL_AT_MOST])


def _number(value: float) -> str:
    """Format a number with 15 digits, all that Excel keeps, so 0.1 + 0.2 is 0.3 for the person who typed it."""
    text = f"{value:.15g}"
    if "e" in text or "n" in text:
        text = f"{value:.6f}"
    return text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refusal of one row. `rule`: code of the rule. `reason` names the rule's block and source."""

    row: int
    ref: str
    column: str
    value: str
    rule: str
    reason: str


Report = Annotated[Path | None, typer.Option(help="File for the refused rows: .csv or .json.", dir_okay=False)]

BESIDE = "File for the refused rows: .csv or .json. Without it: FILE.report.csv beside the table."

ReportBeside = Annotated[Path | None, typer.Option("--report", help=BESIDE, dir_okay=False)]

HEADER = ("row", "ref", "column", "value", "rule", "reason")

SHOWN = 20  # refused rows on the screen, if there is no report


def write(path: Path | None, refusals: Sequence[Refusal]) -> None:
    """Write the report, replacing the whole file. None writes nothing. A failure is exit 2 with the option's name."""
    if path is None:
        return
    if path.suffix.lower() == ".json":
        data = (json.dumps([asdict(each) for each in refusals], ensure_ascii=False, indent=1) + "\n").encode()
    else:
        text = io.StringIO(newline="")
        rows = csv.writer(text)
        rows.writerow(HEADER)
        for each in refusals:
            rows.writerow([escape_cell(str(part)) for part in astuple(each)])
        data = text.getvalue().encode("utf-8-sig")
    try:
        replace_file(path, data)
    except OSError as error:
        raise usage(f"--report: {path}: {error.strerror}") from None


def finish(
    done: int, refused: Sequence[Refusal], where: Path | None, as_json: bool, said: str = "", **more: Any
) -> None:
    """Write the report, print a summary, and exit: with code 1 if a row was refused, else 0.

    `said`: replaces "N done" in the summary.
    """
    write(where, refused)
    told = {f"{each.ref or each.row}" for each in refused}
    if as_json:
        rows = [asdict(each) for each in refused]
        print_json({"done": done, "refused": rows, "report": str(where) if where else None, **more})
    else:
        out.print(
            f"{said or f'{done} done'}, {len(told)} refused"
            + (f"; the reasons are in {escape(str(where))}" if where and refused else "")
        )
        for each in refused[:SHOWN] if where is None else ():
            err.print(escape(f"row {each.row}, {each.ref}: {each.rule}: {each.reason}"), soft_wrap=True)
        if where is None and len(refused) > SHOWN:
            err.print(f"and {len(refused) - SHOWN} more; --json prints them all")
    raise typer.Exit(REFUSED if refused else DONE)
