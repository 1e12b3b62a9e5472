"""Table of cases in CSV, one row for each line of goods: export to and import from the wildlife-crime database.

The database's own format is not public. This format is Tamga's (docs/OPERATIONS.md, "Wildlife-crime database"). The
database's ids are kept in `database_id`. Rows of one case have the same id and follow each other. The first row has the
columns of the whole case. Each row may have a person.

An imported row completes the case of ours that it names, so that nobody types it twice. Members that ours lacks are
taken from the row. Where both differ, ours stays and the column is reported.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.cases.model.case import Case, CaseState, check
from chalicelib.kernel.days import calendar_day, day
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import CELL_AT_MOST, escape_cell, forbidden_characters, unescape_cell
from chalicelib.record.permit import record_bytes

ROWS_AT_MOST = 1000

_LINE_END = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")

# Column -> member of a case. Columns with "" have code of their own.
CASE_COLUMNS: Mapping[str, str] = {
    "database_id": "", "tamga_id": "", "occurred_on": "", "post": "", "place": "place", "kind": "",
    "direction": "direction", "agency": "agency", "reason": "reason", "origin": "route.origin",
    "departure": "route.departure", "transit": "", "destination": "route.destination", "transport": "route.transport",
    "document": "route.document", "vehicle": "vehicle", "concealment": "concealment", "detection": "detection",
    "value": "value.amount", "currency": "value.currency", "permit_issuer": "permit.issuer",
    "permit_number": "permit.number", "law": "law", "sanction": "sanction", "disposal": "disposal", "note": "note",
}  # fmt: skip

LINE_COLUMNS = (
    "scientific_name",
    "accepted_name",
    "common_name",
    "term",
    "quantity",
    "unit",
    "marks",
    "appendix",
    "description",
)

OF_THE_CASE = frozenset(CASE_COLUMNS) - {"database_id", "tamga_id"}

PERSON_COLUMNS = (
    "person_role",
    "person_name",
    "person_nationality",
    "person_born",
    "person_document",
    "person_note",
)

COLUMNS = (*CASE_COLUMNS, *LINE_COLUMNS, *PERSON_COLUMNS)

NEEDED = ("database_id", "occurred_on", "agency", "reason", "term", "quantity")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused cell or row. `row`: row of the file, 1 for the header. `ref`: the case's id there.

    The cell's value is not repeated.
    """

    row: int
    ref: str
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Read:
    """One case of the file. `digest`: of its content, to recognize the same content again."""

    row: int
    database_id: str
    tamga_id: str
    post: str
    kind: str
    occurred_at: int
    record: RowData = field(hash=False)
    people: tuple[RowData, ...] = field(hash=False)
    digest: str


def read(data: bytes, *, zone: str, posts: Iterable[str]) -> tuple[list[Read], list[Refusal]]:
    """Parse a file: the valid cases, and the refusals of the others.

    A file with another header is refused as a whole.
    """
    rows, faults = _rows(data)
    if faults:
        return [], faults
    made: list[Read] = []
    known = frozenset(posts)
    groups = list(_grouped(rows))
    times = Counter(group[0]["database_id"] for _, group in groups)
    for first, group in groups:
        ref = group[0]["database_id"]
        wrong = list(_faults(group, times[ref] > 1, known))
        if not wrong:
            try:
                made.append(_case(first, group, zone))
                continue
            except Invalid as error:
                wrong = [(0, _column(each.field), each.code, each.detail) for each in error.errors]
        faults += [Refusal(first + at, ref[:64], column, code, detail) for at, column, code, detail in wrong]
    return made, faults


def write(cases: Sequence[Case], *, zone: str, people: bool) -> str:
    """The table of these cases, with people only if asked for. A spreadsheet calculates none of its cells.

    A case has one row for each line of goods, and more rows if it has more people and these are asked for.
    """
    out: list[str] = []
    columns = COLUMNS if people else (*CASE_COLUMNS, *LINE_COLUMNS)
    rows = csv.DictWriter(SimpleNamespace(write=out.append), columns, extrasaction="ignore")
    rows.writeheader()
    for case in cases:
        goods = case.record.get("goods") or [{}]
        for index in range(max(len(goods), len(case.people) if people else 0)):
            line = goods[index] if index < len(goods) else {}
            cells = {
                **(_whole(case, zone) if index == 0 else {"database_id": case.database_id or "", "tamga_id": case.id}),
                **{name: line.get(name) or "" for name in LINE_COLUMNS},
            }
            if people and index < len(case.people):
                person = case.people[index]
                cells |= {name: person.get(name.removeprefix("person_")) or "" for name in PERSON_COLUMNS}
            rows.writerow({name: escape_cell(str(text)) for name, text in cells.items()})
    return "".join(out)


def _rows(data: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[Refusal]]:
    def refused(row: int, column: str, code: str, detail: str) -> Refusal:
        return Refusal(row, "", column, code, detail)

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        return [], [refused(row, "", "encoding", "The file is not UTF-8: save it as CSV UTF-8.")]
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    lines, opens = _records(text, separator)
    if opens:
        words = f"In line {opens} of the file a quotation mark opens a cell and none closes it. Nothing was imported."
        return [], [refused(len(lines) + 1, "", "open_quote", words)]
    header = [name.strip().lower() for name in lines[0]] if lines else []
    faults = [
        refused(1, name[:40], "unknown_column", "There is no such column.") for name in header if name not in COLUMNS
    ]
    faults += [refused(1, name, "required", "This column is needed.") for name in NEEDED if name not in header]
    if len(set(header)) != len(header):
        faults.append(refused(1, "", "twice", "The table has a column twice. Remove one of them."))
    if len(lines) - 1 > ROWS_AT_MOST:
        faults.append(refused(1, "", "too_many", f"At most {ROWS_AT_MOST} rows at once."))
    found: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            faults.append(refused(number, "", "too_many", "This row has more cells than the table has columns."))
        given = {name: unescape_cell(cell.strip()) for name, cell in zip(header, cells, strict=False)}
        found.append((number, dict.fromkeys(COLUMNS, "") | given))
    return ([], faults) if faults else (found, [])


def _records(text: str, separator: str) -> tuple[list[list[str]], int]:
    """Rows before the first with faulty quotes, and the line of the file where that row begins, or 0 without such a
    row.

    A row over several lines with more or fewer cells than the header is faulty too, because it has swallowed another
    row.
    """
    reader = csv.reader(filter(None, _LINE_END.split(text)), delimiter=separator, strict=True)
    lines: list[list[str]] = []
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            return lines, begins
        if cells is None:
            return lines, 0
        if lines and reader.line_num > begins and len(cells) != len(lines[0]):
            return lines, begins
        lines.append(cells)


def _grouped(rows: list[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """Groups of consecutive rows of one case, with the number of the first row.

    Rows belong together by `database_id`, else by `tamga_id`. A row with neither is a group of its own. Groups without
    `database_id` are refused later.
    """

    def of_one_case(row: dict[str, str], other: dict[str, str]) -> bool:
        name = "database_id" if row["database_id"] else "tamga_id"
        return row["database_id"] == other["database_id"] and row[name] == other[name] != ""

    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and of_one_case(rows[at][1], rows[end][1]):
            end += 1
        yield rows[at][0], [row for _, row in rows[at:end]]
        at = end


def _faults(group: list[dict[str, str]], scattered: bool, posts: frozenset[str]) -> Iterator[tuple[int, str, str, str]]:
    first = group[0]
    if not first["database_id"] and first["tamga_id"]:
        words = "This case has a Tamga id. Enter its id in the other database in each of its rows."
        yield 0, "database_id", "required", words
        return
    if not first["database_id"]:
        yield 0, "database_id", "required", "Enter the id of the case in the other database."
    elif scattered:  # a part of a case is no case: none of its rows is taken
        for at in range(len(group)):
            words = "The rows of a case must follow each other. Nothing of this case was imported."
            yield at, "database_id", "scattered", words
        return
    if not first["post"] and not first["place"]:
        yield 0, "post", "required", "Enter a post, or the place in words."
    if day(first["occurred_on"]) is None:
        yield 0, "occurred_on", "date", "Must be an existing day as YYYY-MM-DD."
    if first["post"] and first["post"] not in posts:
        yield 0, "post", "unknown", "There is no such post. Leave it empty and enter the place in words."
    for at, row in enumerate(group):
        for name, cell in row.items():
            if len(cell) > CELL_AT_MOST or forbidden_characters(cell.replace("\n", " ")):
                yield at, name, "characters", "Too long, or it has control characters."
            elif at and cell and name in OF_THE_CASE and cell != first[name]:
                words = "Differs from the first row of this case. Give the same value in each row, or leave it empty."
                yield at, name, "differs", words


def _case(row: int, group: list[dict[str, str]], zone: str) -> Read:
    first = group[0]
    record: dict[str, Any] = {}
    for column, path in CASE_COLUMNS.items():
        if path and first[column]:
            outer, _, inner = path.partition(".")
            if inner:
                record.setdefault(outer, {})[inner] = first[column]
            else:
                record[outer] = first[column]
    if first["transit"]:
        record.setdefault("route", {})["transit"] = [c.strip() for c in first["transit"].split(";") if c.strip()]
    given = [name for name in LINE_COLUMNS if name != "accepted_name"]  # computed anew from the species list
    lines = [{name: each[name] for name in given if each[name]} for each in group]
    record["goods"] = [line for line in lines if line]
    people = tuple(
        {name.removeprefix("person_"): each[name] for name in PERSON_COLUMNS if each[name]}
        for each in group
        if any(each[name] for name in PERSON_COLUMNS)
    )
    kind = first["kind"] or "seizure"
    check(kind, record, people)
    found = datetime.combine(datetime.fromisoformat(first["occurred_on"]), datetime.min.time(), ZoneInfo(zone))
    post = first["post"] or "ministry"
    content = {"record": record, "people": list(people), "kind": kind, "on": first["occurred_on"], "post": post}
    digest = hashlib.sha256(record_bytes(content)).hexdigest()
    return Read(
        row,
        first["database_id"],
        first["tamga_id"],
        post,
        kind,
        int(found.timestamp()),
        record,
        people,
        digest,
    )


def _whole(case: Case, zone: str) -> RowData:
    cells: dict[str, Any] = {
        "database_id": case.database_id or "",
        "tamga_id": case.id,
        "post": case.post,
        "kind": case.kind,
        "occurred_on": calendar_day(case.occurred_at, zone).isoformat(),
        "transit": ";".join((case.record.get("route") or {}).get("transit") or ()),
    }
    for column, path in CASE_COLUMNS.items():
        if path:
            outer, _, inner = path.partition(".")
            value = case.record.get(outer)
            cells[column] = ((value or {}).get(inner) if inner else value) or ""
    return cells


def _column(field: str) -> str:
    """The column of a faulty member of a case."""
    for column, path in CASE_COLUMNS.items():
        if path == field:
            return column
    if field.startswith("route.transit"):
        return "transit"
    name = field.rpartition(".")[2]
    return f"person_{name}" if field.startswith("people") else name


TOGETHER = frozenset({"value", "permit"})  # never half of each: an amount needs its currency, a number its issuer

PLACES = {**{column: path for column, path in CASE_COLUMNS.items() if path}, "transit": "route.transit"}


def joined(case: Case, row: Read, zone: str) -> tuple[RowData, tuple[str, ...]]:
    """The members of the case to replace, and the columns that differ from ours.

    A closed case is not changed, so what it lacks is among the columns that differ.
    """
    record: dict[str, Any] = dict(case.record)
    lacking: list[str] = []
    other = [*_named_otherwise(case, row, zone)]
    for column, path in PLACES.items():
        theirs = _at(row.record, path)
        if not theirs or theirs == (ours := _ours(case, column, path)):
            continue
        outer, _, inner = path.partition(".")
        if ours or (outer in TOGETHER and case.record.get(outer)):
            other.append(column)
            continue
        lacking.append(column)
        record[outer] = {**(record.get(outer) or {}), inner: theirs} if inner else theirs
    other += _goods_otherwise(case, row)
    if row.people and case.people and not _same(row.people, case.people):
        other.append("person_name")
    if case.state == CaseState.CLOSED:
        people = ("person_name",) if row.people and not case.people else ()
        return {}, tuple(dict.fromkeys((*other, *lacking, *people)))
    changes: dict[str, Any] = {"record": record} if lacking else {}
    if row.people and not case.people:
        changes["people"] = row.people
    return changes, tuple(dict.fromkeys(other))


def _at(record: RowData, path: str) -> Any:
    outer, _, inner = path.partition(".")
    found = record.get(outer)
    return (found or {}).get(inner) if inner else found


def _ours(case: Case, column: str, path: str) -> Any:
    """Our value of a column. A sanction may stand among the follow-ups instead."""
    said = [each.get("text") for each in case.followups if each["kind"] == column == "sanction"]
    return _at(case.record, path) or (said[-1] if said else None)


def _named_otherwise(case: Case, row: Read, zone: str) -> Iterator[str]:
    if calendar_day(row.occurred_at, zone) != calendar_day(case.occurred_at, zone):
        yield "occurred_on"
    if row.post != case.post:
        yield "post"
    if row.kind != case.kind:
        yield "kind"


def _goods_otherwise(case: Case, row: Read) -> Iterator[str]:
    ours, theirs = case.record.get("goods") or (), row.record["goods"]
    if len(ours) != len(theirs):
        yield "scientific_name"
    for mine, line in zip(ours, theirs, strict=False):
        yield from (
            name
            for name in LINE_COLUMNS
            if name != "accepted_name" and (line.get(name) or mine.get(name)) != mine.get(name)
        )


def _same(theirs: tuple[RowData, ...], ours: tuple[RowData, ...]) -> bool:
    """True if the row has nothing about a person that ours lacks."""
    return len(theirs) == len(ours) and all(row.items() <= mine.items() for row, mine in zip(theirs, ours, strict=True))
