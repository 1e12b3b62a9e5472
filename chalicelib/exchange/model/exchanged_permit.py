"""Permit as Parties exchange it: the fields of a CITESEPermit, each with the text of its element.

Values keep the UN/CEFACT data types: times with their own offset, decimals, codes. Another Party's text is shown,
compared and stored, never corrected. Texts without a field are in `other`, with their path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from chalicelib.kernel.codes import NUMBER
from chalicelib.kernel.document_kinds import KINDS

EXPORT_DOCUMENT, ORIGIN_DOCUMENT, IMPORT_DOCUMENT = "811", "861", "911"  # UN/EDIFACT 1001: licences, origin

PIECES = frozenset({NUMBER, "PCS", "C62", "H87", "PCE", "NMB", "?", ""})  # what Parties write for a count (Rec. 20)


@dataclass(frozen=True, slots=True)
class Other:
    """A text or attribute without a field: its path in the permit, and its value."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class ExchangedParty:
    """Person or authority of blocks 3, 4, 6, 13, and the certifying party of block 14."""

    id: str | None = None
    name: str | None = None
    postcode: str | None = None
    po_box: str | None = None
    street: str | None = None
    city: str | None = None
    country: str | None = None
    country_name: str | None = None
    subdivision: str | None = None
    representative: str | None = None
    signatory: str | None = None

    @property
    def address(self) -> str:
        parts = (self.street, self.po_box, self.city, self.postcode, self.subdivision)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference to another document. `type_code` is one of UN/EDIFACT 1001."""

    issued_at: str | None = None
    type_code: str | None = None
    number: str | None = None
    name: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Authentication of the form (blocks 5b, 6, 13), one of four. `number` of the first is the security stamp."""

    type_code: str | None = None
    at: str | None = None
    number: str | None = None
    statement: str | None = None
    party: ExchangedParty | None = None
    place_id: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Endorsement in block 14: time, place, certifying party, and on a line the quantity."""

    at: str | None = None
    quantity: str | None = None
    unit: str | None = None
    place_id: str | None = None
    place: str | None = None
    by: ExchangedParty | None = None


@dataclass(frozen=True, slots=True)
class ExchangedLine:
    """Blocks 7-12b and 14 of one line."""

    id: str | None = None
    marks: str | None = None
    origin_country: str | None = None
    origin_country_name: str | None = None
    origin_subdivision: str | None = None
    export_country: str | None = None
    export_country_name: str | None = None
    export_subdivision: str | None = None
    origin_document: Reference | None = None
    export_document: Reference | None = None
    quantity: str | None = None
    unit: str | None = None
    appendix: str | None = None
    source: str | None = None
    seller_id: str | None = None
    manufacturer_id: str | None = None
    description: str | None = None
    term: str | None = None
    common_name: str | None = None
    scientific_name: str | None = None
    examined: tuple[Examination, ...] = ()
    category: str | None = None
    quota_used: str | None = None
    quota_used_unit: str | None = None
    quota: str | None = None
    quota_unit: str | None = None
    acquired_at: str | None = None
    operation: Reference | None = None


@dataclass(frozen=True, slots=True)
class ExchangedPermit:
    """One permit. `version`: toolkit version of its XML, 1 (`CBFShip`) or 2 (`CITESEPermit`)."""

    version: int = 2
    process_id: str | None = None
    process: str | None = None
    process_version: str | None = None
    process_version_at: str | None = None
    model_id: str | None = None
    model: str | None = None
    model_version: str | None = None
    model_version_at: str | None = None
    number: str | None = None
    name: str | None = None
    type_code: str | None = None
    issued_at: str | None = None
    copy: str | None = None
    purpose_name: str | None = None
    purpose: str | None = None
    conditions: str | None = None
    references: tuple[Reference, ...] = ()
    valid_from: str | None = None
    valid_until: str | None = None
    place_id: str | None = None
    place: str | None = None
    first: Signatory | None = None
    second: Signatory | None = None
    third: Signatory | None = None
    fourth: Signatory | None = None
    exporter: ExchangedParty | None = None
    importer: ExchangedParty | None = None
    transport: Reference | None = None
    examined: tuple[Examination, ...] = ()
    lines: tuple[ExchangedLine, ...] = ()
    other: tuple[Other, ...] = ()

    @property
    def kind(self) -> str | None:
        """Our code of the kind of document. It is E, R or I, for type O the kind with its name, and None if unknown."""
        if self.type_code in {"E", "R", "I"}:
            return self.type_code
        named = (kind.code for kind in KINDS.values() if kind.letter == "O" and kind.en == self.name)
        return next(named, None) if self.type_code == "O" else None


def unit_of(text: str | None) -> str | None:
    """The unit as Tamga writes it, or None for a number of specimens."""
    return None if text is None or text in PIECES else text


def day_of(text: str | None) -> str | None:
    """Calendar day of an xs:dateTime or xs:date, in its own offset."""
    return text[:10] if text else None


def is_empty(value: object) -> bool:
    """True for a part of a permit without any value."""
    return all(getattr(value, each.name) in (None, ()) for each in fields(value))  # type: ignore[arg-type]


def letters(lines: Iterable[ExchangedLine]) -> list[str]:
    return [line.id or "" for line in lines]
