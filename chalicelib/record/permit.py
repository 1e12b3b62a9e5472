"""`Application` (the request, may be incomplete) and `Permit` (the signed content, always complete).

Quantities are strings in one spelling (FORMAT.md 1). Days are `YYYY-MM-DD` in the Party's zone. Times are whole
seconds since 1970 UTC. The Appendix is an int 0..3 (0: not listed).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS

LINES_A_PAGE = 4  # Conf. 12.3 Annex 2: rows A-D

LINES_AT_MOST = 60

LEGACY: Final = "legacy"  # `form` in the record of a permit of the paper register; refused in an application


@dataclass(frozen=True, slots=True)
class Party:
    """Importer (block 3) or exporter (block 4). `country`: ISO 3166-1 alpha-2. `_local` fields: original script."""

    name: str | None = None
    address: str | None = None
    country: str | None = None
    name_local: str | None = None
    address_local: str | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """Block 12 or 12a: a country and, if known, that country's document and its date."""

    country: str | None = None
    document: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the form (blocks 7-12b)."""

    scientific_name: str | None = None
    common_name: str | None = None
    description: str | None = None
    marks: str | None = None
    appendix: int | None = None
    kingdom: str | None = None  # "Animalia" | "Plantae"
    source: str | None = None
    term: str | None = None
    quantity: str | None = None
    unit: str | None = None  # None: number of specimens
    origin: SourceDocument | None = None
    last_reexport: SourceDocument | None = None
    operation_or_acquisition: str | None = None
    quota_year: str | None = None  # year of the quota that this line draws on; None: the year of issue


@dataclass(frozen=True, slots=True)
class ImportPermit:
    """The import permit of the country of destination, required by Art. III for Appendix I."""

    number: str | None = None
    country: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An application for one document. Every field may be missing. Field names are those of the API."""

    document_type: str | None = None
    valid_until: str | None = None
    exporter: Party = field(default_factory=Party)
    importer: Party = field(default_factory=Party)
    special_conditions: str | None = None
    purpose: str | None = None
    stamp_number: str | None = None
    form: str = "paper"  # "paper" | "electronic"
    lines: tuple[Line, ...] = ()
    transport_document: str | None = None
    import_permit: ImportPermit | None = None
    retrospective: str | None = None  # reason for issuing after the goods left or arrived
    ata_carnet: str | None = None  # number of the ATA carnet that a sample collection travels with


@dataclass(frozen=True, slots=True)
class TokenParty:
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class TokenSource:
    country: str
    document: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class MarksDigest:
    """Marks too long for the token: number of characters, and the first 16 bytes of SHA-256 of the text."""

    count: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One line of the form as the token has it."""

    taxon: str
    appendix: int
    source: str
    term: str
    quantity: str
    unit: str | None = None
    marks: str | MarksDigest | None = None
    origin: TokenSource | None = None
    last_reexport: TokenSource | None = None
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """Content of one token, which is one page.

    `lines`: of this page only. `page` is (page, pages), or None for one page.
    """

    issuer: str
    number: str
    kind: str
    exporter: TokenParty
    importer: TokenParty
    purpose: str
    lines: tuple[TokenLine, ...]
    record_digest: bytes  # 16 bytes
    cti: bytes  # 16 bytes
    issued_at: int
    expires_at: int
    status_uri: str
    status_idx: int
    stamp: str | None = None
    page: tuple[int, int] | None = None


def line_letter(index: int) -> str:
    """Return a line's letter, as block 14 uses it: 0 -> A, 25 -> Z, 26 -> AA."""
    return chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)


def to_record(application: Application) -> dict[str, Any]:
    """Return the record of an application as submitted (FORMAT.md 1).

    Names are the request's. Absent fields are left out. Values are strings, objects, and arrays of these.
    """
    record: dict[str, Any] = {}
    _put(record, "document_type", application.document_type)
    _put(record, "valid_until", application.valid_until)
    _put(record, "exporter", _fields(application.exporter))
    _put(record, "importer", _fields(application.importer))
    for name in ("special_conditions", "purpose", "stamp_number", "form", "transport_document", "ata_carnet"):
        _put(record, name, getattr(application, name))
    if application.lines:
        record["lines"] = [_fields(line) for line in application.lines]
    _put(record, "import_permit", _fields(application.import_permit))
    if application.retrospective is not None:
        record["retrospective"] = {"reason": application.retrospective}
    return record


def from_record(record: Mapping[str, Any]) -> Application:
    """Return the application of a record, as the inverse of `to_record`.

    Does not check the shape. Pass a record of the register, or one that is validated already.
    """
    data = dict(record)
    if "exporter" in data:
        data["exporter"] = Party(**data["exporter"])
    if "importer" in data:
        data["importer"] = Party(**data["importer"])
    if "import_permit" in data:
        data["import_permit"] = ImportPermit(**data["import_permit"])
    if "retrospective" in data:
        data["retrospective"] = data["retrospective"]["reason"]
    data["lines"] = tuple(_line(line) for line in data.get("lines", ()))
    return Application(**data)


SOURCE_DOCUMENTS = {"origin": "permit", "last_reexport": "certificate"}  # the document's name in blocks 12 and 12a


def _line(data: Mapping[str, Any]) -> Line:
    fields = dict(data)
    for name, document in SOURCE_DOCUMENTS.items():
        if name in fields:
            source = dict(fields[name])
            fields[name] = SourceDocument(document=source.pop(document, None), **source)
    if "appendix" in fields:
        fields["appendix"] = APPENDIX_NUMBERS[fields["appendix"]]
    return Line(**fields)


def _fields(value: Any) -> dict[str, Any]:
    """Return a dataclass as a dict of strings and dicts, without absent fields, or {} for None."""
    if value is None:
        return {}
    out: dict[str, Any] = {}
    for name in value.__slots__:
        item = getattr(value, name)
        if isinstance(item, SourceDocument):
            source = {"country": item.country, SOURCE_DOCUMENTS[name]: item.document, "date": item.date}
            _put(out, name, {key: text for key, text in source.items() if text is not None})
        elif name == "appendix" and item is not None:
            out[name] = APPENDIX_NAMES[item]
        else:
            _put(out, name, item)
    return out


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    if value is not None and value != {}:
        into[name] = value


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """Encode a record as RFC 8785. With ASCII names and string values, that is sorted names, no blanks and UTF-8."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record_digest(record: Mapping[str, Any]) -> str:
    """Return SHA-256 of the record's RFC 8785 bytes, 64 hex digits (FORMAT.md 1)."""
    return hashlib.sha256(record_bytes(record)).hexdigest()
