"""A permit as Parties send it to one another: what a CITESEPermit says, field by field, as it stands there.

Every value is the text of its element (UN/CEFACT data types: times with their own offset, decimals, codes), because
what another Party wrote is shown, compared and kept, never put right. What no field names is in `other`, with its path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from chalicelib.kernel.codes import NUMBER
from chalicelib.kernel.document_kinds import KINDS

EXPORT_DOCUMENT, ORIGIN_DOCUMENT, IMPORT_DOCUMENT = "811", "861", "911"  # UN/EDIFACT 1001: licences, origin

PIECES = frozenset({NUMBER, "PCS", "C62", "H87", "PCE", "NMB", "?", ""})  # what Parties write for a number (Rec. 20)


@dataclass(frozen=True, slots=True)
class Other:
    """A text or attribute that no field names: where it stood in the permit, and what it was."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class ExchangedParty:
    """Blocks 3, 4, 6, 13 and the certifying party of 14."""

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
    """Another document; `type_code` of UN/EDIFACT 1001."""

    issued_at: str | None = None
    type_code: str | None = None
    number: str | None = None
    name: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Blocks 5b, 6 and 13: the four authentications of the form. `number` of the first is the security stamp."""

    type_code: str | None = None
    at: str | None = None
    number: str | None = None
    statement: str | None = None
    party: ExchangedParty | None = None
    place_id: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Block 14: when, where, by whom and, on a line, how much."""

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
    """One permit. `version`: of the toolkit it was written in, 1 (`CBFShip`) or 2 (`CITESEPermit`)."""

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
        """Our code for the kind of document: E, R, I, or for "other" what its name says; None if it says nothing."""
        if self.type_code in {"E", "R", "I"}:
            return self.type_code
        named = (kind.code for kind in KINDS.values() if kind.letter == "O" and kind.en == self.name)
        return next(named, None) if self.type_code == "O" else None


def unit_of(text: str | None) -> str | None:
    """The unit as Tamga writes it: none for a number of specimens."""
    return None if text is None or text in PIECES else text


def day_of(text: str | None) -> str | None:
    """The calendar day of an xs:dateTime or xs:date in its own offset."""
    return text[:10] if text else None


def is_empty(value: object) -> bool:
    """True for a part of a permit that says nothing at all."""
    return all(getattr(value, each.name) in (None, ()) for each in fields(value))  # type: ignore[arg-type]


def letters(lines: Iterable[ExchangedLine]) -> list[str]:
    return [line.id or "" for line in lines]
