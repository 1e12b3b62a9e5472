"""Checks of an application's form: codes, days, quantities, characters, script, lengths.

Absent and empty fields pass here. `applications/rules/check.py` (`missing`) reports them.

    1 number of lines   2 texts: length, characters, script   3 codes   4 countries   5 days   6 quantities
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from chalicelib.kernel.codes import KINGDOMS, NUMBER, PURPOSES, SOURCES, TERMS, UNITS
from chalicelib.kernel.countries import COUNTRIES, ORIGINS
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.kernel.text import forbidden_characters, foreign_letters, right_to_left, stray_marks, unseen_characters
from chalicelib.record.permit import LINES_AT_MOST, Application, Line, Party, SourceDocument

FORMS = ("paper", "electronic")

YEAR = re.compile(r"(19|20|21)[0-9]{2}", re.ASCII)

NAME, ADDRESS, WORDS, MARKS, DOCUMENT, STAMP = (
    200,
    300,
    2000,
    1000,
    70,
    35,
)  # lengths in characters; a document's number is an..70 (UN/CEFACT)


def malformed(application: Application) -> tuple[FieldError, ...]:
    """Return every fault of form: blocks 1-5b, block 15, import permit, then line by line. Empty if there is none.

    If there are too many lines, returns that fault alone.
    """
    return tuple(_faults(application))


def _faults(app: Application) -> Iterator[FieldError]:
    if len(app.lines) > LINES_AT_MOST:  # 1
        yield FieldError("lines", "too_many", f"Blocks 7-12b: at most {LINES_AT_MOST} lines on one document.")
        return
    yield from _code("document_type", app.document_type, KINDS, "Block 1: choose a kind of document")
    yield from _day("valid_until", app.valid_until, "Block 2")
    yield from _party("importer", app.importer, "Block 3")
    yield from _party("exporter", app.exporter, "Block 4")
    yield from _text("special_conditions", app.special_conditions, "Block 5", WORDS, latin="the attached papers")
    yield from _text("retrospective.reason", app.retrospective, "Block 5", WORDS, latin="the attached papers")
    yield from _code("purpose", app.purpose, PURPOSES, "Block 5a: choose a purpose (Conf. 12.3)")
    yield from _text("stamp_number", app.stamp_number, "Block 5b", STAMP, latin="the attached papers")
    yield from _text("ata_carnet", app.ata_carnet, "Block 5", STAMP, latin="the attached papers")
    yield from _code("form", app.form, FORMS, "Form: choose paper or electronic")
    yield from _document("transport_document", app.transport_document, "Block 15")
    if app.import_permit is not None:
        yield from _document("import_permit.number", app.import_permit.number, "Import permit")
        yield from _code(
            "import_permit.country", app.import_permit.country, COUNTRIES, "Import permit: choose a country"
        )
        yield from _day("import_permit.date", app.import_permit.date, "Import permit")
    for index, line in enumerate(app.lines):
        yield from _line(f"lines[{index}]", line)


def _party(field: str, party: Party, block: str) -> Iterator[FieldError]:
    yield from _text(f"{field}.name", party.name, block, NAME, latin=f"{field}.name_local")
    yield from _text(f"{field}.address", party.address, block, ADDRESS, latin=f"{field}.address_local")
    yield from _code(f"{field}.country", party.country, COUNTRIES, f"{block}: choose a country (ISO 3166-1)")
    yield from _text(f"{field}.name_local", party.name_local, block, NAME)
    yield from _text(f"{field}.address_local", party.address_local, block, ADDRESS)


def _line(at: str, line: Line) -> Iterator[FieldError]:
    name = line.scientific_name
    yield from _text(f"{at}.scientific_name", name, "Block 7/8", NAME, latin=f"{at}.common_name")
    if name and not re.match(r"[A-Za-z×]", name.strip()):
        yield FieldError(
            f"{at}.scientific_name", "name", "Block 7/8: the scientific name must begin with a Latin letter."
        )
    yield from _text(f"{at}.common_name", line.common_name, "Block 7/8", NAME)
    yield from _text(f"{at}.description", line.description, "Block 9", WORDS, latin="the attached papers")
    yield from _text(f"{at}.marks", line.marks, "Block 9", MARKS, latin="the attached papers")
    if line.appendix is not None and line.appendix not in (0, 1, 2, 3):
        yield FieldError(
            f"{at}.appendix", "unknown", "Block 10: must be Appendix I, II or III, or 0 for a taxon not listed."
        )
    yield from _code(f"{at}.kingdom", line.kingdom, KINGDOMS, "Block 10: choose a kingdom")
    yield from _code(f"{at}.source", line.source, SOURCES, "Block 10: choose a source (Conf. 12.3)")
    yield from _code(f"{at}.term", line.term, TERMS, "Block 9: choose a specimen term")
    yield from _quantity(f"{at}.quantity", line.quantity)
    if line.unit == NUMBER:
        yield FieldError(f"{at}.unit", "number", "Block 11: leave the unit out for a number of specimens.")
    else:
        yield from _code(
            f"{at}.unit", line.unit, UNITS, "Block 11: choose a unit (UN/CEFACT Rec. 20; no boxes or bags)"
        )
    yield from _source(f"{at}.origin", "permit", line.origin, "Block 12")
    yield from _source(f"{at}.last_reexport", "certificate", line.last_reexport, "Block 12a")
    yield from _document(f"{at}.operation_or_acquisition", line.operation_or_acquisition, "Block 12b")
    if line.quota_year and YEAR.fullmatch(line.quota_year) is None:
        yield FieldError(f"{at}.quota_year", "year", "Block 5: the year of the quota must have four digits.")


def _source(at: str, document: str, source: SourceDocument | None, block: str) -> Iterator[FieldError]:
    if source is None:
        return
    countries = ORIGINS if block == "Block 12" else COUNTRIES
    yield from _code(f"{at}.country", source.country, countries, f"{block}: choose a country (ISO 3166-1)")
    yield from _document(f"{at}.{document}", source.document, block)
    yield from _day(f"{at}.date", source.date, block)


def _text(
    field: str, text: str | None, block: str, at_most: int, *, latin: str | None = None
) -> Iterator[FieldError]:  # 2
    """Check length, characters and script.

    With `latin` only Latin script is allowed, and it names the place for the original text.
    """
    if not text:
        return
    if len(text) > at_most:
        yield FieldError(field, "too_long", f"{block}: at most {at_most} characters.")
    if forbidden_characters(text) or unseen_characters(text) or (latin and stray_marks(text)):
        yield FieldError(field, "characters", f"{block}: control, direction and invisible characters are not allowed.")
    elif latin and foreign_letters(text):
        words = f"{block}: Latin script only (Conf. 12.3: English, French or Spanish); put the original in {latin}."
        yield FieldError(field, "not_latin", words)


def _document(field: str, text: str | None, block: str) -> Iterator[FieldError]:
    """Check the number of another document."""
    yield from _text(field, text, block, DOCUMENT)
    if text and right_to_left(text):
        yield FieldError(
            field, "characters", f"{block}: characters that are written from right to left are not allowed."
        )


def _code(field: str, code: str | None, table: Container[str], what: str) -> Iterator[FieldError]:  # 3, 4
    if code and code not in table:
        yield FieldError(field, "unknown", f"{what} from the list.")


def _day(field: str, text: str | None, block: str) -> Iterator[FieldError]:  # 5
    if text and day(text) is None:
        yield FieldError(field, "date", f"{block}: must be an existing date, as YYYY-MM-DD.")


def _quantity(field: str, text: str | None) -> Iterator[FieldError]:  # 6
    if not text:
        return
    if QUANTITY.fullmatch(text) is None:
        words = "Block 11: must be a number such as 2 or 12.5: at most six decimals, no trailing zero."
        yield FieldError(field, "quantity", words)
    elif text == "0":
        yield FieldError(field, "quantity", "Block 11: must be more than 0.")
