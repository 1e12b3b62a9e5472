"""Encoding and decoding of an exchanged permit as XML, over one table of slots for both ways.

Reading loses nothing. A second text, an attribute, or an element of another schema has no slot and goes to `other`.
1 root and version   2 values by slot   3 form of each text   4 members that a permit needs

The tables give the place of each field in CITES electronic permitting toolkit v2 (`CITESEPermit`) and v1 (`CBFShip`),
as unepwcmc/epix uses them. Slots are in the order of the schema's sequence. A path is relative to the part that the
slot belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lxml import etree

from chalicelib.exchange.epix.xml import Element, children, local, refusal, space
from chalicelib.exchange.model.exchanged_permit import (
    EXPORT_DOCUMENT,
    ORIGIN_DOCUMENT,
    Examination,
    ExchangedLine,
    ExchangedParty,
    ExchangedPermit,
    Other,
    Reference,
    Signatory,
    is_empty,
)
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.kernel.errors import FieldError, Invalid

PARTS = "urn:un:unece:uncefact:data:draft:ReusableAggregateBusinessInformationEntity:1"

ROOTS = {1: "CBFShip", 2: "CITESEPermit"}

SPACES = {
    1: "urn:un:unece:uncefact:data:draft:CBFShip:1",
    2: "urn:un:unece:uncefact:data:standard:CITESEPermit:2",
}

PURPOSE_OF_EXCHANGE = "CITES PERMITTING"  # context parameter's value, fixed (toolkit v2, cites-20-schema/011)

TIME, DECIMAL, FLAG, TOKEN, COUNTRY = "time", "decimal", "flag", "token", "country"


@dataclass(frozen=True, slots=True)
class Slot:
    """Place of a field. `unit`: field of its unitCode attribute. `part`: class of its value, if it is no text.

    `many`: the field is a tuple. `type_code`: only a part with this TypeCode. `kind`: required form of its text.
    """

    field: str
    path: str
    unit: str = ""
    part: type | None = None
    many: bool = False
    type_code: str = ""
    kind: str = ""


def _reference() -> tuple[Slot, ...]:
    return (
        Slot("issued_at", "IssueDateTime", kind=TIME),
        Slot("type_code", "TypeCode"),
        Slot("number", "ID"),
        Slot("name", "Name"),
        Slot("valid_from", "EffectiveSpecifiedPeriod/StartDateTime", kind=TIME),
        Slot("valid_until", "EffectiveSpecifiedPeriod/EndDateTime", kind=TIME),
    )


_ADDRESS, _PROCEDURE = "PostalTradeAddress", "ApplicableCrossBorderRegulatoryProcedure"

_ITEM, _PRODUCT = "IncludedSupplyChainTradeLineItem", "IncludedSupplyChainTradeLineItem/SpecifiedTradeProduct"

_HEADER, _GOODS = "HeaderExchangedDocument", "SpecifiedSupplyChainConsignment"

_CONTEXT = "SpecifiedExchangedDocumentContext"

_PROCESS = f"{_CONTEXT}/BusinessProcessSpecifiedDocumentContextParameter"

_MODEL = f"{_CONTEXT}/BIMSpecifiedDocumentContextParameter"

V2: Mapping[type, tuple[Slot, ...]] = MappingProxyType(
    {
        ExchangedParty: (
            Slot("id", "ID"),
            Slot("name", "Name"),
            Slot("postcode", f"{_ADDRESS}/PostcodeCode"),
            Slot("po_box", f"{_ADDRESS}/PostOfficeBox"),
            Slot("street", f"{_ADDRESS}/StreetName"),
            Slot("city", f"{_ADDRESS}/CityName"),
            Slot("country", f"{_ADDRESS}/CountryID", kind=COUNTRY),
            Slot("country_name", f"{_ADDRESS}/CountryName"),
            Slot("subdivision", f"{_ADDRESS}/CountrySubDivisionName"),
            Slot("representative", "SpecifiedRepresentativePerson/Name"),
            Slot("signatory", "SpecifiedAuthoritativeSignatoryPerson/Name"),
        ),
        Reference: _reference(),
        Signatory: (
            Slot("type_code", "TypeCode"),
            Slot("at", "ActualDateTime", kind=TIME),
            Slot("number", "ID"),
            Slot("statement", "Statement"),
            Slot("party", "ProviderTradeParty", part=ExchangedParty),
            Slot("place_id", "IssueLogisticsLocation/ID"),
            Slot("place", "IssueLogisticsLocation/Name"),
        ),
        Examination: (
            Slot("at", "ActualOccurrenceDateTime", kind=TIME),
            Slot("quantity", "UnitQuantity", unit="unit", kind=DECIMAL),
            Slot("place_id", "OccurrenceLogisticsLocation/ID"),
            Slot("place", "OccurrenceLogisticsLocation/Name"),
            Slot("by", "CertifyingTradeParty", part=ExchangedParty),
        ),
        ExchangedLine: (
            Slot("id", "ID", kind=TOKEN),
            Slot("marks", "PhysicalLogisticsShippingMarks/Marking"),
            Slot("origin_country", "OriginTradeCountry/ID", kind=COUNTRY),
            Slot("origin_country_name", "OriginTradeCountry/Name"),
            Slot("origin_subdivision", "OriginTradeCountry/SubordinateTradeCountrySubDivision/Name"),
            Slot("export_country", "ExportTradeCountry/ID", kind=COUNTRY),
            Slot("export_country_name", "ExportTradeCountry/Name"),
            Slot("export_subdivision", "ExportTradeCountry/SubordinateTradeCountrySubDivision/Name"),
            Slot("origin_document", "AssociatedReferencedDocument", part=Reference, type_code=ORIGIN_DOCUMENT),
            Slot("export_document", "AssociatedReferencedDocument", part=Reference, type_code=EXPORT_DOCUMENT),
            Slot("quantity", "TransportLogisticsPackage/ItemQuantity", unit="unit", kind=DECIMAL),
            Slot("appendix", f"{_ITEM}/TypeCode"),
            Slot("source", f"{_ITEM}/TypeExtensionCode"),
            Slot("seller_id", f"{_PRODUCT}/SellerAssignedID"),
            Slot("manufacturer_id", f"{_PRODUCT}/ManufacturerAssignedID"),
            Slot("description", f"{_PRODUCT}/Description"),
            Slot("term", f"{_PRODUCT}/TypeCode"),
            Slot("common_name", f"{_PRODUCT}/CommonName"),
            Slot("scientific_name", f"{_PRODUCT}/ScientificName"),
            Slot("examined", "ExaminationTransportEvent", part=Examination, many=True),
            Slot("category", f"{_PROCEDURE}/CategoryCode"),
            Slot("quota_used", f"{_PROCEDURE}/UsedToDateQuotaQuantity", unit="quota_used_unit", kind=DECIMAL),
            Slot("quota", f"{_PROCEDURE}/AnnualQuotaQuantity", unit="quota_unit", kind=DECIMAL),
            Slot("acquired_at", f"{_PROCEDURE}/AcquisitionDateTime", kind=TIME),
            Slot("operation", f"{_PROCEDURE}/PreviousReferencedDocument", part=Reference),
        ),
        ExchangedPermit: (
            Slot("process_id", f"{_PROCESS}/ID"),
            Slot("process", f"{_PROCESS}/Value"),
            Slot("process_version", f"{_PROCESS}/SpecifiedDocumentVersion/ID"),
            Slot("process_version_at", f"{_PROCESS}/SpecifiedDocumentVersion/IssueDateTime", kind=TIME),
            Slot("model_id", f"{_MODEL}/ID"),
            Slot("model", f"{_MODEL}/Value"),
            Slot("model_version", f"{_MODEL}/SpecifiedDocumentVersion/ID"),
            Slot("model_version_at", f"{_MODEL}/SpecifiedDocumentVersion/IssueDateTime", kind=TIME),
            Slot("number", f"{_HEADER}/ID", kind=TOKEN),
            Slot("name", f"{_HEADER}/Name"),
            Slot("type_code", f"{_HEADER}/TypeCode"),
            Slot("issued_at", f"{_HEADER}/IssueDateTime", kind=TIME),
            Slot("copy", f"{_HEADER}/CopyIndicator", kind=FLAG),
            Slot("purpose_name", f"{_HEADER}/Purpose"),
            Slot("purpose", f"{_HEADER}/PurposeCode"),
            Slot("conditions", f"{_HEADER}/Information"),
            Slot("references", f"{_HEADER}/ReferenceReferencedDocument", part=Reference, many=True),
            Slot("valid_from", f"{_HEADER}/EffectiveSpecifiedPeriod/StartDateTime", kind=TIME),
            Slot("valid_until", f"{_HEADER}/EffectiveSpecifiedPeriod/EndDateTime", kind=TIME),
            Slot("place_id", f"{_HEADER}/IssueLogisticsLocation/ID"),
            Slot("place", f"{_HEADER}/IssueLogisticsLocation/Name"),
            Slot("first", f"{_HEADER}/FirstSignatoryDocumentAuthentication", part=Signatory),
            Slot("second", f"{_HEADER}/SecondSignatoryDocumentAuthentication", part=Signatory),
            Slot("third", f"{_HEADER}/ThirdSignatoryDocumentAuthentication", part=Signatory),
            Slot("fourth", f"{_HEADER}/FourthSignatoryDocumentAuthentication", part=Signatory),
            Slot("exporter", f"{_GOODS}/ConsignorTradeParty", part=ExchangedParty),
            Slot("importer", f"{_GOODS}/ConsigneeTradeParty", part=ExchangedParty),
            Slot("transport", f"{_GOODS}/TransportContractReferencedDocument", part=Reference),
            Slot("examined", f"{_GOODS}/ExaminationTransportEvent", part=Examination, many=True),
            Slot("lines", f"{_GOODS}/IncludedSupplyChainConsignmentItem", part=ExchangedLine, many=True),
        ),
    }
)

_OLD_NAMES = {  # v2 path, or its beginning -> v1 path
    f"{_ADDRESS}/CountryID": f"{_ADDRESS}/CountryIdentificationTradeCountry/ID",
    f"{_ADDRESS}/CountryName": f"{_ADDRESS}/CountryIdentificationTradeCountry/Name",
    f"{_ADDRESS}/CountrySubDivisionName": (
        f"{_ADDRESS}/CountryIdentificationTradeCountry/SubordinateTradeCountrySubDivision/Name"
    ),
    "UnitQuantity": "InspectedUnitQuantity",
}


def _old(path: str) -> str:
    return _OLD_NAMES.get(path, path.replace(_PROCEDURE, "ApplicableCrossBorderGovernmentProcedure"))


V1: Mapping[type, tuple[Slot, ...]] = MappingProxyType(
    {part: tuple(replace(slot, path=_old(slot.path)) for slot in slots) for part, slots in V2.items()}
)

TABLES = {1: V1, 2: V2}

LINES_READ = 500  # more than any form has; more lines are refused, not cut

_KINDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    TIME: (re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII), "a date and time"),
    DECIMAL: (re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII), "a number, in digits"),
    FLAG: (re.compile(r"true|false|1|0"), "true or false"),
    TOKEN: (re.compile(r"\S{1,70}"), "at most 70 characters without spaces"),
    COUNTRY: (COUNTRY_FORM, "two capital letters"),
}


def encode_permit(permit: ExchangedPermit, *, qualified: bool = True) -> Element:
    """Encode a permit in toolkit v2. `qualified`: with its namespace. Inside an EPIX message it has none."""
    root = etree.Element(
        f"{{{SPACES[2]}}}{ROOTS[2]}" if qualified else ROOTS[2], nsmap={"urn": SPACES[2], "ram": PARTS}
    )
    _write(root, permit, SPACES[2])
    return root


def decode_permit(root: Element) -> ExchangedPermit:
    """Decode a CITESEPermit or CBFShip element. Raises `Invalid` with each fault under its element's path."""
    versions = {name: version for version, name in ROOTS.items()}
    version = versions.get(local(root), 0)  # 1
    if not version or space(root) not in {"", SPACES[version]}:
        raise refusal(local(root), "not_a_permit", f"Expected {ROOTS[2]} of {SPACES[2]}.")
    reading = _Reading(version)
    permit: ExchangedPermit = reading.part(root, ExchangedPermit, ROOTS[version])
    reading.faults += _lacks(permit, ROOTS[version])  # 4
    if reading.faults:
        raise Invalid(*reading.faults)
    return permit


def _lacks(permit: ExchangedPermit, root: str) -> Iterator[FieldError]:
    header, goods = f"{root}/HeaderExchangedDocument", f"{root}/SpecifiedSupplyChainConsignment"
    for path, value in ((f"{header}/ID", permit.number), (f"{header}/TypeCode", permit.type_code)):
        if value is None:
            yield FieldError(path, "required", "Required: a permit must have a number and a type.")
    item = f"{goods}/IncludedSupplyChainConsignmentItem"
    if not permit.lines:
        yield FieldError(item, "required", "A permit must have at least one line.")
    if len(permit.lines) > LINES_READ:
        yield FieldError(item, "too_many", f"At most {LINES_READ} lines are read.")
    seen: set[str] = set()
    for index, line in enumerate(permit.lines, start=1):
        at = f"{item}[{index}]/ID" if len(permit.lines) > 1 else f"{item}/ID"
        if line.id is None:
            yield FieldError(at, "required", "Each line must have its letter.")
        elif line.id in seen:
            yield FieldError(at, "twice", "Two lines have this letter. Each letter must be used once.")
        seen.add(line.id or "")


def _write(parent: Element, value: Any, first_space: str) -> None:
    """Write the slots of one part in their order. Parent elements are made as needed."""
    opened: dict[str, Element] = {"": parent}

    def under(path: str) -> Element:
        if path not in opened:
            above, _, name = path.rpartition("/")
            here = first_space if not above else PARTS
            opened[path] = etree.SubElement(under(above), f"{{{here}}}{name}")
        return opened[path]

    for slot in TABLES[2][type(value)]:
        held = getattr(value, slot.field)
        above, _, name = slot.path.rpartition("/")
        for each in held if slot.many else (held,):
            if each is None:
                continue
            made = etree.SubElement(under(above), f"{{{PARTS if above else first_space}}}{name}")
            if slot.part is not None:
                _write(made, each, PARTS)
                continue
            made.text = each
            if slot.unit and getattr(value, slot.unit) is not None:
                made.set("unitCode", getattr(value, slot.unit))


class _Reading:
    """One pass over a permit. Each text and attribute ends in a field, in `other` or in a fault."""

    def __init__(self, version: int) -> None:
        self._version = version
        self._other: list[Other] = []
        self.faults: list[FieldError] = []

    def part(self, element: Element, part: type, path: str) -> Any:
        slots = TABLES[self._version][part]
        values: dict[str, Any] = {"version": self._version} if part is ExchangedPermit else {}
        self._stray(element, path)
        self._below(element, "", path, slots, values)
        if part is ExchangedPermit:
            values["other"] = tuple(self._other)
        return part(**values)

    def _below(
        self, element: Element, at: str, path: str, slots: tuple[Slot, ...], values: dict[str, Any]
    ) -> None:  # 2
        for child, step in children(element):
            inside = f"{at}/{local(child)}" if at else local(child)
            where = f"{path}/{step}"
            mine = [slot for slot in slots if slot.path == inside]
            deeper = any(slot.path.startswith(f"{inside}/") for slot in slots)
            if space(child) != self._space(path, at):
                self._keep(child, where)
            elif mine and mine[0].part is not None:
                self._part_slot(child, where, mine, values)
            elif mine:
                self._text_slot(child, where, mine[0], values)
            elif deeper:
                self._stray(child, where)
                self._below(child, inside, where, slots, values)
            else:
                self._keep(child, where)

    def _space(self, path: str, at: str) -> str:
        """Namespace of children. Directly below the root it is the document's own, elsewhere that of the parts."""
        return SPACES[self._version] if not at and path in ROOTS.values() else PARTS

    def _part_slot(self, child: Element, where: str, mine: list[Slot], values: dict[str, Any]) -> None:
        slot = mine[0]
        if slot.type_code:
            code = next((each.text for each, _ in children(child) if local(each) == "TypeCode"), None)
            slot = next((each for each in mine if each.type_code == (code or "").strip()), slot)
            if slot.type_code != (code or "").strip():
                return self._keep(child, where)
        if not slot.many and values.get(slot.field) is not None:
            return self._keep(child, where)
        assert slot.part is not None
        made = self.part(child, slot.part, where)
        bare = is_empty(made) or (slot.type_code and made == Reference(type_code=slot.type_code))
        if bare and slot.part is not ExchangedLine:
            return self._keep_code(made, where)
        values[slot.field] = (*values.get(slot.field, ()), made) if slot.many else made
        return None

    def _keep_code(self, made: Any, where: str) -> None:
        """Keep a document that has its type alone in `other`."""
        if not is_empty(made):
            self._other.append(Other(f"{where}/TypeCode", made.type_code))

    def _text_slot(self, child: Element, where: str, slot: Slot, values: dict[str, Any]) -> None:  # 3
        if len(child) or values.get(slot.field) is not None:
            return self._keep(child, where)
        text = (child.text or "").strip()
        unit = child.get("unitCode") if slot.unit else None
        self._attributes(child, where, but="unitCode" if slot.unit and text else "")
        if not text:
            return None
        form, words = _KINDS.get(slot.kind, (None, ""))
        if form is not None and (not form.fullmatch(text) or (slot.kind == TIME and not _exists(text))):
            self.faults.append(FieldError(where, "malformed", f"Expected {words}."))
        values[slot.field] = text
        if slot.unit and unit:
            values[slot.unit] = unit
        return None

    def _stray(self, element: Element, path: str) -> None:
        """Keep in `other` the attributes, and the texts between the children, of an element that has no text."""
        self._attributes(element, path)
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                self._other.append(Other(path, text.strip()))

    def _attributes(self, element: Element, path: str, but: str = "") -> None:
        for name, value in element.attrib.items():
            if name != but and value:
                self._other.append(Other(f"{path}/@{etree.QName(name).localname}", value))

    def _keep(self, element: Element, path: str) -> None:
        """Keep in `other` everything of an element without a slot."""
        self._stray(element, path)
        for child, step in children(element):
            self._keep(child, f"{path}/{step}")


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text if "T" in text else text[:10])
    except ValueError:
        return False
    return True
