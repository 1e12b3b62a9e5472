"""Lines of the annual trade report (Art. VIII(7)(a)), in the upload form of the CITES Trade Database.

There is an export file and an import file. Each is of actual trade (year and quantity of the endorsement, preferred) or
of permits issued (permitted quantity, year of issue). No lines: crossings of documents for many crossings, transit,
returns, seizures, and goods in no Appendix.

Columns and their order are those of UNEP-WCMC's upload templates. `Appendix` is a digit. A blank unit is a number of
specimens. A blank country of origin is the exporting country. For goods of origin ZZ the introduction from the sea
permit has a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from chalicelib.kernel.codes import NUMBER
from chalicelib.kernel.countries import FROM_THE_SEA
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import csv_row
from chalicelib.record.permit import Line, from_record, line_letter
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import appendix_of

EXPORT, IMPORT = "export", "import"

ACTUAL, ISSUED = "actual", "issued"

_HEAD = ("Appendix", "SpeciesName", "TermCode", "Quantity", "UnitCode", "TradingPartner", "CountryOfOrigin")

_TAIL = ("ExportPermit", "OriginPermit", "IFSPermit", "PurposeCode", "SourceCode", "Year")

COLUMNS: Mapping[str, tuple[str, ...]] = {EXPORT: (*_HEAD, *_TAIL), IMPORT: (*_HEAD, "ImportPermit", *_TAIL)}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file of a year's report. `direction`: EXPORT or IMPORT; `basis`: ACTUAL or ISSUED."""

    year: int
    direction: str
    basis: str


@dataclass(frozen=True, slots=True)
class ReportedGoods:
    """Goods of one document: those that crossed the border, or those that the permit allows.

    `record`: as `permit.to_record` makes it. `quantities`: letter of a line -> quantity. `exporter`: the exporting
    country if block 4 of the record does not have it. The other members are those of `ReportLine`.
    """

    record: RowData = field(hash=False)
    quantities: Mapping[str, str] = field(hash=False)
    import_permit: str = ""
    export_permit: str = ""
    exporter: str | None = None
    permit_id: str = ""
    post: str = ""
    month: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row. `cells`: column -> text, for every column of either file. The other members are not in the file.

    `number`, `letter`, `permit_id`: the permit and its line. `post` and `month` (`YYYY-MM`) are of the endorsement, or
    of the issue. `conflict`: event id of an endorsement that counts though it is a conflict.
    """

    cells: Mapping[str, str] = field(hash=False)
    number: str
    letter: str
    permit_id: str
    post: str
    month: str
    conflict: str = ""


def reported(kind: str, direction: str) -> bool:
    """True if documents of this kind have lines in this file: single exports, or import permits on import."""
    if kind not in KINDS or KINDS[kind].many_crossings:
        return False
    return (kind == DocumentKind.IMPORT) == (direction == IMPORT)


def lines_of(goods: ReportedGoods, direction: str, year: int) -> Iterator[ReportLine]:
    """A row for each listed line with a quantity above 0."""
    application = from_record(goods.record)
    exporter = goods.exporter if goods.exporter is not None else application.exporter.country or ""
    partner = application.importer.country or "" if direction == EXPORT else exporter
    number = (goods.import_permit if direction == IMPORT else "") or goods.export_permit
    for index, line in enumerate(application.lines):
        letter = line_letter(index)
        quantity = goods.quantities.get(letter, "0")
        if line.appendix == 0 or Decimal(quantity) == 0:
            continue
        cells = {
            "Appendix": "" if line.appendix is None else str(line.appendix),
            "SpeciesName": line.scientific_name or "",
            "TermCode": line.term or "",
            "Quantity": quantity,
            "UnitCode": "" if line.unit in {None, NUMBER} else line.unit or "",
            "TradingPartner": partner,
            "ImportPermit": goods.import_permit,
            "ExportPermit": goods.export_permit,
            "PurposeCode": application.purpose or "",
            "SourceCode": line.source or "",
            "Year": str(year),
            **_origin(line, exporter),
        }
        yield ReportLine(cells, number, letter, goods.permit_id, goods.post, goods.month, goods.conflict)


def _origin(line: Line, exporter: str) -> dict[str, str]:
    country = (line.origin.country if line.origin else None) or ""
    if country in {"", exporter}:
        return {"CountryOfOrigin": "", "OriginPermit": "", "IFSPermit": ""}
    paper = (line.origin.document if line.origin else None) or ""
    sea = country == FROM_THE_SEA
    return {"CountryOfOrigin": country, "OriginPermit": "" if sea else paper, "IFSPermit": paper if sea else ""}


def with_appendix(line: ReportLine, direction: str, listing: Listing, *, issuer: str) -> ReportLine:
    """Fill an empty Appendix from the species list, by country of origin. `0` means not listed, so no line."""
    cells = line.cells
    if cells["Appendix"]:
        return line
    origin = cells["CountryOfOrigin"] or (cells["TradingPartner"] if direction == IMPORT else issuer)
    told = appendix_of(cells["SpeciesName"], origin, listing)
    return line if told is None else replace(line, cells={**cells, "Appendix": str(told)})


def unlisted(record: RowData, quantities: Mapping[str, str]) -> int:
    """Number of lines with a quantity above 0 that are in no Appendix, and so in no report."""
    lines = enumerate(from_record(record).lines)
    return sum(line.appendix == 0 and Decimal(quantities.get(line_letter(i), "0")) != 0 for i, line in lines)


def csv_text(lines: Iterable[ReportLine], direction: str, *, header: bool = True) -> str:
    """The file in RFC 4180 with CRLF. A spreadsheet calculates none of its cells."""
    columns = COLUMNS[direction]
    rows = [columns] if header else []
    rows += [tuple(line.cells[name] for name in columns) for line in lines]
    return "".join(csv_row(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of one taxon, term and unit at one post in one month."""

    scientific_name: str
    term: str
    unit: str
    post: str
    month: str
    quantity: Decimal
    lines: int


def sums(lines: Iterable[ReportLine]) -> tuple[Sum, ...]:
    """Exact sums, in order of taxon, term, unit, post, month. Sums by species, post or month are sums over these."""
    found: dict[tuple[str, str, str, str, str], tuple[Decimal, int]] = {}
    for line in lines:
        cells = line.cells
        key = (cells["SpeciesName"], cells["TermCode"], cells["UnitCode"], line.post, line.month)
        quantity, count = found.get(key, (Decimal(0), 0))
        found[key] = (quantity + Decimal(cells["Quantity"]), count + 1)
    return tuple(Sum(*key, *found[key]) for key in sorted(found))
