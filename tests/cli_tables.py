"""Tables of permits for the tests of `bulk` and `legacy`: CSV and XLSX, valid and invalid rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

SAKER: dict[str, Any] = {
    "ref": "a-1", "document_type": "E", "valid_until": "2027-03-31", "exporter_name": "Altyn Falcon LLC",
    "exporter_address": "12 Toktogul St, Bishkek", "exporter_country": "KG", "importer_name": "Al Dhafra Falcons",
    "importer_address": "P.O. Box 45, Abu Dhabi", "importer_country": "AE", "purpose": "B", "form": "paper",
    "scientific_name": "Falco cherrug", "description": "live bird, female", "source": "C", "term": "LIV",
    "quantity": "2", "origin_country": "KG", "operation_or_acquisition": "A-KG-001",
}  # fmt: skip
PAPER: dict[str, Any] = {
    "number": "KG-0117/2026", "issued_on": "2026-11-02", "document_type": "E", "valid_until": "2027-04-30",
    "exporter_name": "Altyn Falcon LLC", "exporter_country": "KG", "importer_name": "Al Dhafra Falcons",
    "importer_country": "AE", "purpose": "B", "scientific_name": "Falco cherrug", "source": "C", "term": "LIV",
    "quantity": "2",
}  # fmt: skip


def row(**changes: Any) -> dict[str, Any]:
    return {**SAKER, **changes}


def paper_row(**changes: Any) -> dict[str, Any]:
    return {**PAPER, **changes}


def _header(rows: list[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for each in rows for name in each))


def to_csv(path: Path, rows: Iterable[Mapping[str, Any]], delimiter: str = ",") -> Path:
    listed = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _header(listed), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    path.write_text(out.getvalue(), encoding="utf-8-sig")
    return path


def to_xlsx(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    listed = list(rows)
    header = _header(listed)
    book = openpyxl.Workbook()
    book.active.append(header)
    for each in listed:
        book.active.append([each.get(name) for name in header])
    book.save(path)
    return path
