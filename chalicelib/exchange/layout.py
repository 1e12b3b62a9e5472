"""Where each field of an exchanged permit stands in the XML: one table, read both ways.

CITES electronic permitting toolkit v2 (`CITESEPermit`) and v1 (`CBFShip`), as unepwcmc/epix uses them. Slots stand in
the order of the schema's sequence. A path is relative to the part that the slot belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from chalicelib.core.exchanged import (
    EXPORT_DOCUMENT,
    ORIGIN_DOCUMENT,
    Examination,
    ExchangedLine,
    ExchangedParty,
    ExchangedPermit,
    Reference,
    Signatory,
)

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
    """`unit`: the field of its unitCode attribute; `part`: what it is made of, if it is no text; `many`: a tuple of
    them; `type_code`: only the part with this TypeCode; `kind`: what its text has to be."""

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

_OLD_NAMES = {  # v2 path or its beginning -> v1's
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
