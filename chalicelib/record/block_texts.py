"""Texts of the blocks of the CITES form: the only definition, used to print a permit and to compare a print.

Block names are those of `pdf_templates/<version>/layout.toml`. All pages of a permit have the same blocks. Rows are
named A-D by their place on the page, also on annex pages, where `lineA` has the printed letter (E, F, ...).

Signed blocks, from the token (`form_blocks`):
    1 number   kind   2 last valid day   3 importer   3a its country   4 exporter   4-country   5a purpose   5b stamp
    13 day of issue   page   and for each row: 7-8 taxon   9 term   9m marks   10 Appendix and source   11 quantity
    12, 12a source documents   12b operation or acquisition
Other blocks, from the record (`record_blocks`): 3-address, 4-address, lineX, 8X common name, 9dX description,
10sX meaning of the source, 15. The token shortens some texts: names end in "…", marks are a digest. The print then
has the record's full text. Compare texts without white space, because lines break wherever they fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from chalicelib.kernel import codes, countries, document_kinds
from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.days import CALENDAR_ENDS
from chalicelib.record.permit import Application, Line, Permit, SourceDocument, TokenLine, TokenSource, line_letter

ROWS = "ABCD"

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

NOT_LISTED = "not listed"

CONTINUED = "[continued]"  # end of a block that is cut; a continuation sheet has its whole text

SHORTENED = "…"  # end of a name that is cut in the token (FORMAT.md 1)

RECORD_FILE = "record.json"  # attached to the PDF: the record as submitted (RFC 8785)

CODE_FILE = "permit-{page}.txt"  # attached to the PDF: the text of each page's QR code; the first page is 1


def form_blocks(permit: Permit, zone: tzinfo) -> dict[str, str]:
    """Return the signed texts of one page, from its token: block name -> text. `zone`: the Party's.

    Leaves out blocks without a value, and marks that are only a digest in the token.
    """
    blocks = {
        "1": permit.number,
        "kind": document_kinds.KINDS[permit.kind].en.upper(),
        "2": day_in_words(_day(permit.expires_at - 1, zone)),
        "3": permit.importer.name,
        "3a": country(permit.importer.country),
        "4": permit.exporter.name,
        "4-country": country(permit.exporter.country),
        "5a": _named(permit.purpose, codes.PURPOSES),
        "13": day_in_words(_day(permit.issued_at, zone)),
        "page": "Page {} of {}".format(*(permit.page or (1, 1))),
    }
    if permit.stamp is not None:
        blocks["5b"] = permit.stamp
    for row, line in zip(ROWS, permit.lines, strict=False):
        blocks.update({name + row: text for name, text in _signed_row(line).items() if text})
    return blocks


def record_blocks(application: Application, first: int, count: int) -> dict[str, str]:
    """Return the texts that the record adds to a page: block name -> text.

    The page has the record's lines `first` .. `first + count - 1` (counted from 0). Names and marks are in full, also
    where the token shortens them.
    """
    blocks = {
        "3": application.importer.name,
        "3-address": application.importer.address,
        "4": application.exporter.name,
        "4-address": application.exporter.address,
        "15": application.transport_document,
    }
    for row, index in zip(ROWS, range(first, first + count), strict=False):
        blocks.update({name + row: text for name, text in _record_row(application.lines[index], index).items()})
    return {name: text for name, text in blocks.items() if text}


def page_blocks(permit: Permit, application: Application, first: int, zone: tzinfo) -> dict[str, str]:
    """Return all texts of one page, from token and record. The record's full texts replace shortened ones."""
    return form_blocks(permit, zone) | record_blocks(application, first, len(permit.lines))


def same_text(printed: str, expected: str) -> bool:
    """Return True if a block's printed text is the expected one. White space does not count.

    A text that is marked as shortened, in the token or on the page, is compared as a prefix.
    """
    seen, meant = "".join(printed.split()), "".join(expected.split())
    if seen.endswith(CONTINUED):
        return bool(seen[: -len(CONTINUED)]) and meant.startswith(seen[: -len(CONTINUED)])
    if meant.endswith(SHORTENED) and not seen.endswith(SHORTENED):
        return seen.startswith(meant[: -len(SHORTENED)])
    return seen == meant


def country(code: str) -> str:
    """Return a country's full name with its code, for blocks 3a, 4, 12 and 12a: `United Arab Emirates (AE)`."""
    return f"{countries.ORIGINS[code]} ({code})" if code in countries.ORIGINS else code


def quantity(amount: str, unit: str | None) -> str:
    """Return quantity and unit for block 11, as `=== 2 === no.` So nothing can be added before or after the number."""
    known = codes.UNITS.get(unit or codes.NUMBER)
    return f"=== {amount} === {known.symbol if known else unit}"


def day_in_words(day: str) -> str:
    """Return a day with the month in words, which every country reads alike: `2026-05-04` -> `4 May 2026`."""
    year, month, number = day.split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"


def _named(code: str, table: Mapping[str, codes.Code]) -> str:
    """Return a code with its English name, or alone if this version does not know it."""
    return f"{code} {table[code].en}" if code in table else code


def _day(seconds: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(min(seconds, CALENDAR_ENDS), UTC).astimezone(zone).date().isoformat()


def _signed_row(line: TokenLine) -> dict[str, str | None]:
    appendix = APPENDIX_NAMES[line.appendix] if line.appendix else NOT_LISTED
    return {
        "7-8": line.taxon,
        "9": _named(line.term, codes.TERMS),
        "9m": line.marks if isinstance(line.marks, str) else None,
        "10": f"{appendix} {line.source}",
        "11": quantity(line.quantity, line.unit),
        "12": _source(line.origin),
        "12a": _source(line.last_reexport),
        "12b": line.operation,
    }


def _record_row(line: Line, index: int) -> dict[str, str | None]:
    return {
        "line": line_letter(index),
        "8": line.common_name,
        "9m": line.marks,
        "9d": line.description,
        "10s": "; ".join(codes.SOURCES[code].en for code in line.source or "" if code in codes.SOURCES),
    }


def _source(source: TokenSource | SourceDocument | None) -> str | None:
    if source is None or source.country is None:
        return None
    date = day_in_words(source.date) if source.date else None
    return " · ".join(part for part in (country(source.country), source.document, date) if part)
