"""Columns of a table of permits: meaning of each, rows to applications, and refusals back to rows and columns.

One row is one line of a permit (blocks 7 to 12b). Rows with one `ref` (or `number`) are one permit. Fields of the whole
permit are in its first row, and in the other rows the same or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.cli.tables import Cell, CellKind, Refusal, SheetRow
from chalicelib.kernel.codes import APPENDIX_NUMBERS, PURPOSES, SOURCES, UNITS
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.record.permit import LINES_AT_MOST

SHOWN = 40  # characters of a value in a report


class ColumnKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    DAY = "day"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    `field`: the API's field, dotted; `line`: of a line, not of the whole permit.
    """

    name: str
    field: str
    words: str
    line: bool = False
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one kind of file. `key`: the column that names the permit of a row."""

    key: str
    columns: tuple[Column, ...]
    by_name: Mapping[str, Column] = field(init=False)
    by_field: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})
        object.__setattr__(self, "by_field", {column.field: column.name for column in self.columns})

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one permit. `fields`: JSON of the API's application, and the table's further fields."""

    ref: str
    rows: tuple[SheetRow, ...]
    fields: Mapping[str, Any]
    refusals: tuple[Refusal, ...]


def _codes(table: Iterable[str]) -> str:
    return ", ".join(table)


def _permit(name: str, words: str, field: str | None = None, kind: ColumnKind = ColumnKind.TEXT) -> Column:
    return Column(name, field or name, words, kind=kind)


def _line(name: str, words: str, field: str | None = None, kind: ColumnKind = ColumnKind.TEXT) -> Column:
    return Column(name, field or name, words, line=True, kind=kind)


_PARTIES = tuple(
    _permit(f"{side}_{part}", f"block {block}: {words}", f"{side}.{part}")
    for side, block in (("exporter", 4), ("importer", 3))
    for part, words in (
        ("name", "name, in Latin script"),
        ("address", "address, in Latin script"),
        ("country", "country, ISO 3166-1, two letters"),
        ("name_local", "name in the original script"),
        ("address_local", "address in the original script"),
    )
)

_HEAD = (
    _permit("document_type", f"block 1: {_codes(KINDS)}"),
    _permit("valid_until", "block 2: last day, YYYY-MM-DD or a date cell", kind=ColumnKind.DAY),
    *_PARTIES,
    _permit("purpose", f"block 5a: {_codes(PURPOSES)}"),
)

_LINES = (
    _line("scientific_name", "block 7/8"),
    _line("common_name", "block 7/8"),
    _line("description", "block 9"),
    _line("marks", "block 9: rings, chips, tags"),
    _line("appendix", "block 10: I, II, III, or 0; from the species list if left out"),
    _line("kingdom", "Animalia or Plantae; from the species list if left out"),
    _line("source", f"block 10: {_codes(SOURCES)}"),
    _line("term", "block 9: CITES specimen term, three letters, such as LIV"),
    _line("quantity", "block 11: such as 2 or 12.5", kind=ColumnKind.QUANTITY),
    _line("unit", f"block 11: {_codes(UNITS)}; leave it out for a number of specimens"),
    _line("origin_country", "block 12: country, ISO 3166-1", "origin.country"),
    _line("origin_permit", "block 12: number of its permit", "origin.permit"),
    _line("origin_date", "block 12: its date", "origin.date", ColumnKind.DAY),
    _line("last_reexport_country", "block 12a: country, ISO 3166-1", "last_reexport.country"),
    _line("last_reexport_certificate", "block 12a: number of its certificate", "last_reexport.certificate"),
    _line("last_reexport_date", "block 12a: its date", "last_reexport.date", ColumnKind.DAY),
    _line("operation_or_acquisition", "block 12b: registered operation, or date of acquisition"),
)

BULK = Table(
    "ref",
    (
        _permit("ref", "your own name for the permit; rows with one ref are its lines"),
        *_HEAD,
        _permit("special_conditions", "block 5"),
        _permit("stamp_number", "block 5b: security stamp"),
        _permit("form", "paper (the stamped print is the original) or electronic"),
        _permit("transport_document", "block 15: waybill"),
        _permit("import_permit_number", "the import permit of the country of destination", "import_permit.number"),
        _permit("import_permit_country", "its country, ISO 3166-1", "import_permit.country"),
        _permit("import_permit_date", "its date", "import_permit.date", ColumnKind.DAY),
        _permit("ata_carnet", "block 5: number of the ATA carnet, for a sample collection only"),
        _permit("retrospective_reason", "block 5: why it is issued after the goods moved", "retrospective.reason"),
        *_LINES,
        _line("quota_year", "block 11a: year of the quota, only if it is another than that of issue"),
    ),
)

LEGACY = Table(
    "number",
    (
        _permit("number", "the number on the paper; rows with one number are its lines"),
        _permit("issued_on", "block 13: day of issue", kind=ColumnKind.DAY),
        *_HEAD,
        _permit("stamp_number", "block 5b: security stamp"),
        _permit(
            "remark", "in Latin script: needed where the species list lacks a name or differs", "special_conditions"
        ),
        *_LINES,
    ),
)


def groups(rows: Sequence[SheetRow], table: Table, *, decimal_comma: bool = False) -> list[Group]:
    """Group rows by permit, in the order of the file. A row without its key is a group of its own, refused."""
    by_key: dict[str, list[SheetRow]] = {}
    for row in rows:
        cell = row.cells.get(table.key)
        key = cell.text if cell and cell.kind in {CellKind.TEXT, CellKind.NUMBER} else f"\0{row.number}"
        by_key.setdefault(key, []).append(row)
    return [_group(key, members, table, decimal_comma) for key, members in by_key.items()]


def _group(key: str, rows: list[SheetRow], table: Table, decimal_comma: bool) -> Group:
    ref = "" if key.startswith("\0") else key
    refusals: list[Refusal] = []
    if not ref:
        refusals.append(
            Refusal(
                rows[0].number, "", table.key, "", "required", f"Fill in {table.key}: every row must name its permit."
            )
        )
    if len(rows) > LINES_AT_MOST:
        words = f"Blocks 7-12b: at most {LINES_AT_MOST} lines on one document."
        refusals.append(Refusal(rows[LINES_AT_MOST].number, ref, table.key, ref[:SHOWN], "too_many", words))
        rows = rows[:LINES_AT_MOST]
    fields: dict[str, Any] = {}
    told: dict[str, tuple[str, int]] = {}
    lines = []
    for row in rows:
        line: dict[str, Any] = {}
        for name, cell in row.cells.items():
            column = table.by_name[name]
            text, fault = _text(cell, column, decimal_comma)
            if fault:
                refusals.append(Refusal(row.number, ref, name, cell.text[:SHOWN], *fault))
            elif column.line:
                _put(line, column.field, text)
            elif told.setdefault(name, (text, row.number))[0] != text:
                words = f"Differs from row {told[name][1]} of the same permit. Make both rows agree."
                refusals.append(Refusal(row.number, ref, name, cell.text[:SHOWN], "differs", words))
            else:
                _put(fields, column.field, text)
        lines.append(line)
    fields["lines"] = lines
    return Group(ref, tuple(rows), fields, tuple(refusals))


def _text(cell: Cell, column: Column, decimal_comma: bool) -> tuple[str, tuple[str, str] | None]:
    """The cell's text as the API takes it, or the refusal's code and reason."""
    if cell.kind == CellKind.FORMULA:
        return "", ("formula", "A formula: paste its value instead.")
    if cell.kind == CellKind.ERROR:
        return "", ("cell", "Must be a text, a number or a date (without a time).")
    if cell.kind == CellKind.DAY and column.kind != ColumnKind.DAY:
        return "", ("day", "The spreadsheet turned this into a date: format the cell as text and type it again.")
    if cell.kind == CellKind.NUMBER and column.kind == ColumnKind.DAY:
        return "", ("date", "Must be a date: format the cell as a date, or type it as YYYY-MM-DD.")
    if column.field == "appendix" and cell.text not in APPENDIX_NUMBERS:
        return "", ("unknown", "Block 10: must be one of I, II, III, 0.")
    if column.kind == ColumnKind.QUANTITY and cell.kind == CellKind.TEXT:
        return _quantity(cell.text, decimal_comma)
    return cell.text, None


def _quantity(text: str, decimal_comma: bool) -> tuple[str, tuple[str, str] | None]:
    if "," not in text and not (decimal_comma and "." in text):
        return text, None
    if decimal_comma and re.fullmatch(r"[0-9]+,[0-9]+", text):
        return text.replace(",", "."), None
    if decimal_comma:
        return "", (
            "quantity",
            "Block 11: with --decimal-comma, use one comma before the decimals and no other separator.",
        )
    return "", ("comma", "Block 11: write 12.5 with a point, or use --decimal-comma if the file has decimal commas.")


def _put(into: dict[str, Any], path: str, text: str) -> None:
    head, _, rest = path.partition(".")
    if rest:
        _put(into.setdefault(head, {}), rest, text)
    else:
        into[head] = text


def refusals_of(group: Group, table: Table, faults: Iterable[tuple[str, str, str]]) -> list[Refusal]:
    """The faults (field, code, detail) of an application, each at its row and column."""
    return [_refusal(group, table, *fault) for fault in faults]


def other_refusals(group: Group, table: Table, faults: Iterable[tuple[str, str, str]]) -> list[Refusal]:
    """The faults of a group with refused cells, without the faults of those cells.

    A refused cell is left out of the application, so its own fault would be reported twice.
    """
    told = {(refusal.row, refusal.column) for refusal in group.refusals}
    return [refusal for refusal in refusals_of(group, table, faults) if (refusal.row, refusal.column) not in told]


def _refusal(group: Group, table: Table, path: str, code: str, detail: str) -> Refusal:
    found = re.fullmatch(r"lines\[([0-9]+)\]\.?(.*)", path)
    index, rest = (int(found[1]), found[2]) if found else (0, path)
    row = group.rows[index] if index < len(group.rows) else group.rows[0]
    name = table.by_field.get(rest, "")
    if not found and name:
        row = next((each for each in group.rows if name in each.cells), row)
    cell = row.cells.get(name)
    return Refusal(row.number, group.ref, name, cell.text[:SHOWN] if cell else "", code, detail)
