"""Permits in EPIX XML: round trip, and lossless reading of another Party's permit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from chalicelib.exchange.epix.permit_xml import (
    COUNTRY,
    DECIMAL,
    FLAG,
    PARTS,
    SPACES,
    TABLES,
    TIME,
    TOKEN,
    V1,
    V2,
    Slot,
    decode_permit,
    encode_permit,
)
from chalicelib.exchange.epix.xml import children, local, parse, write
from chalicelib.exchange.model.exchanged_permit import (
    Examination,
    ExchangedLine,
    ExchangedParty,
    ExchangedPermit,
    Reference,
    Signatory,
    day_of,
    unit_of,
)
from chalicelib.kernel.errors import Invalid

# test data from unepwcmc/epix, MIT licence (README.md beside it)
HUB = Path(__file__).with_name("epix-v2-response.xml")
SMALL = ExchangedPermit(number="26KG000001/E", type_code="E", lines=(ExchangedLine(id="A"),))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text
)
TEXTS = {
    TIME: st.sampled_from(["2026-11-25", "2014-01-06T12:03:52.000+01:00", "2027-04-30T23:59:59+06:00", "2020-02-29Z"]),
    DECIMAL: st.from_regex(r"[1-9][0-9]{0,5}(\.[0-9]{1,4})?", fullmatch=True),
    FLAG: st.sampled_from(["true", "false"]),
    TOKEN: st.from_regex(r"[A-Z0-9/-]{1,20}", fullmatch=True),
    COUNTRY: st.from_regex(r"[A-Z]{2}", fullmatch=True),
    "": WORDS,
}
Way = tuple[tuple[str, int], ...]  # the fields that lead to a text; in a tuple, the index


def ways(kind: type, way: Way = ()) -> Iterator[tuple[Way, Slot]]:
    """Every text of a permit, with two of each part that can be repeated."""
    for slot in V2[kind]:
        for n in range(2 if slot.many else 1):
            here = (*way, (slot.field, n))
            if slot.part is None:
                yield here, slot
            else:
                yield from ways(slot.part, here)


WAYS = dict(ways(ExchangedPermit))


def built(kind: type, texts: dict[Way, tuple[str, str | None]]) -> Any:
    """The part with these texts and nothing else."""
    values: dict[str, Any] = {}
    for slot in V2[kind]:
        if slot.part is None:
            if ((slot.field, 0),) in texts:
                values[slot.field], unit = texts[((slot.field, 0),)]
                values |= {slot.unit: unit} if slot.unit else {}
            continue
        made = []
        for n in range(2 if slot.many else 1):
            below = {way[1:]: held for way, held in texts.items() if way[0] == (slot.field, n)}
            if below:
                one = built(slot.part, below)
                code_too = slot.type_code and (one := replace(one, number=one.number or "N1"))
                made.append(replace(one, type_code=slot.type_code) if code_too else one)
        if made:
            values[slot.field] = tuple(made) if slot.many else made[0]
    return kind(**values)


@st.composite
def permits(draw: st.DrawFn) -> ExchangedPermit:
    """About fifteen texts anywhere in a permit. A unit belongs to a quantity, and a line has a letter."""
    chosen = draw(st.lists(st.sampled_from(sorted(WAYS)), max_size=15, unique=True))
    units = st.none() | st.sampled_from(["KGM", "NAR", "PCS"])
    texts = {way: (draw(TEXTS[WAYS[way].kind]), draw(units) if WAYS[way].unit else None) for way in chosen}
    return lettered(built(ExchangedPermit, texts))


def lettered(permit: ExchangedPermit) -> ExchangedPermit:
    lines = permit.lines or (ExchangedLine(),)
    return replace(
        permit, number=permit.number or "X1", type_code=permit.type_code or "E",
        lines=tuple(replace(line, id="ABCDEF"[n]) for n, line in enumerate(lines)),
    )  # fmt: skip


@settings(max_examples=40)
@given(permits())
def test_permit_to_xml_and_back_is_unchanged(permit: ExchangedPermit) -> None:
    for qualified in (True, False):
        assert decode_permit(parse(write(encode_permit(permit, qualified=qualified)))) == permit


def test_every_field_has_one_slot() -> None:
    for kind in (ExchangedPermit, ExchangedLine, ExchangedParty, Examination, Reference, Signatory):
        held = [name for slot in V2[kind] for name in (slot.field, slot.unit) if name]
        assert sorted(held) == sorted(set(get_type_hints(kind)) - {"version", "other"})


def said(element: Any, path: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every text and attribute with its path, which the reader must not lose."""
    found += [(f"{path}/@{name}", value) for name, value in element.attrib.items() if value]
    if (element.text or "").strip():
        found.append((path, element.text.strip()))
    for child, step in children(element):
        said(child, f"{path}/{step}", found)
    return found


def held(value: Any) -> list[str]:
    out = []
    for each in fields(value):
        item = getattr(value, each.name)
        for one in item if isinstance(item, tuple) else (item,):
            if isinstance(one, str):
                out.append(one)
            elif one is not None and not isinstance(one, int):
                out += held(one)
    return out


def permit_in(root: Any) -> Any:
    return next(element for element in root.iter() if local(element) in {"CITESEPermit", "CBFShip"})


def test_response_of_the_hub_is_read_without_loss() -> None:
    root = permit_in(parse(HUB.read_bytes()))
    permit = decode_permit(root)
    everything = [value for _, value in said(root, "CITESEPermit", [])]
    kept = [text for text in held(replace(permit, other=())) if text]
    assert sorted(everything) == sorted([*kept, *(other.value for other in permit.other)])
    assert {other.path.rpartition("/")[2] for other in permit.other} <= {
        "@schemeID", "@schemeAgencyID", "@languageID", "@listID", "@listAgencyID", "@unitCode"
    }  # fmt: skip


def test_response_of_the_hub_has_expected_values() -> None:
    permit = decode_permit(permit_in(parse(HUB.read_bytes())))
    assert (permit.number, permit.kind, permit.purpose, permit.copy) == ("XA000000", "R", "T", "false")
    assert (day_of(permit.issued_at), day_of(permit.valid_until)) == ("2014-01-06", "2014-07-05")
    assert permit.exporter == ExchangedParty(
        name="Consignor name", postcode="00000", street="Street", city="City", country="XA", country_name="Neverland"
    )
    assert permit.importer is not None
    assert (permit.importer.country, permit.importer.address) == ("XB", "Street, City, 00000")
    assert permit.first is not None
    assert permit.first.party is not None
    assert permit.first.party.name == "Authority name"
    one, two = permit.lines
    assert (one.scientific_name, one.term, one.quantity, unit_of(one.unit), one.appendix, one.source) == (
        "Alligator mississippiensis", "LPS", "5", None, "II", "W",
    )  # fmt: skip
    assert one.origin_document == Reference(
        number="XC12345", type_code="861", issued_at="2007-07-09T00:00:00.000+02:00"
    )
    assert two.origin_document == Reference(type_code="861", issued_at="2007-07-09T00:00:00.000+02:00")
    assert two.export_document is not None
    assert two.export_document.number == "FR1202501030-R"


def as_version_1(element: Any) -> Any:
    """The same permit with the names of toolkit v1, which nests countries and has two other names."""
    text = write(element).decode().replace(SPACES[2], SPACES[1]).replace("CITESEPermit", "CBFShip")
    root = etree.fromstring(text.encode())
    for address in list(root.iter(f"{{{PARTS}}}PostalTradeAddress")):
        country = etree.SubElement(address, f"{{{PARTS}}}CountryIdentificationTradeCountry")
        for old, new in (("CountryID", "ID"), ("CountryName", "Name")):
            for found in address.findall(f"{{{PARTS}}}{old}"):
                found.tag = f"{{{PARTS}}}{new}"
                country.append(found)
        for found in address.findall(f"{{{PARTS}}}CountrySubDivisionName"):
            part_of = etree.SubElement(country, f"{{{PARTS}}}SubordinateTradeCountrySubDivision")
            found.tag = f"{{{PARTS}}}Name"
            part_of.append(found)
    renamed = {"UnitQuantity": "InspectedUnitQuantity",
               "ApplicableCrossBorderRegulatoryProcedure": "ApplicableCrossBorderGovernmentProcedure"}  # fmt: skip
    for found in root.iter():
        if local(found) in renamed:
            found.tag = f"{{{PARTS}}}{renamed[local(found)]}"
    return root


@settings(max_examples=30)
@given(permits())
def test_version_1_is_read_as_the_same_permit(permit: ExchangedPermit) -> None:
    assert decode_permit(as_version_1(encode_permit(permit))) == replace(permit, version=1)


def test_both_versions_have_the_same_fields() -> None:
    assert {kind: [s.field for s in slots] for kind, slots in V1.items()} == {
        kind: [s.field for s in slots] for kind, slots in V2.items()
    }
    assert set(TABLES) == {1, 2}


def changed(old: str, new: str) -> bytes:
    text = write(encode_permit(replace(SMALL, issued_at="2026-11-25T10:00:00+06:00", copy="true"))).decode()
    assert old in text
    return text.replace(old, new).encode()


def test_unknown_elements_are_kept_with_their_paths() -> None:
    more = '<ram:ID schemeID="x">26KG000001/E</ram:ID><ram:Seal at="1"> sealed <ram:By>me</ram:By> twice</ram:Seal>'
    permit = decode_permit(parse(changed("<ram:ID>26KG000001/E</ram:ID>", f"{more}<ram:ID>second</ram:ID>")))
    header = "CITESEPermit/HeaderExchangedDocument"
    assert [(other.path, other.value) for other in permit.other] == [
        (f"{header}/ID[1]/@schemeID", "x"), (f"{header}/Seal/@at", "1"), (f"{header}/Seal", "sealed"),
        (f"{header}/Seal", "twice"), (f"{header}/Seal/By", "me"), (f"{header}/ID[2]", "second"),
    ]  # fmt: skip


def test_element_of_another_schema_is_kept_and_not_read_as_ours() -> None:
    more = '<ram:ID>26KG000001/E</ram:ID><x:TypeCode xmlns:x="urn:x">R</x:TypeCode>'
    permit = decode_permit(parse(changed("<ram:ID>26KG000001/E</ram:ID>", more)))
    assert permit.type_code == "E"
    assert [(o.path.rpartition("/")[2], o.value) for o in permit.other] == [("TypeCode[1]", "R")]


HEADER, ITEM = (
    "CITESEPermit/HeaderExchangedDocument",
    "CITESEPermit/SpecifiedSupplyChainConsignment/IncludedSupplyChainConsignmentItem",
)
BENT = {
    "no number": ("<ram:ID>26KG000001/E</ram:ID>", "", f"{HEADER}/ID", "required"),
    "a number with a space": ("26KG000001/E", "26KG 1", f"{HEADER}/ID", "malformed"),
    "no type": ("<ram:TypeCode>E</ram:TypeCode>", "", f"{HEADER}/TypeCode", "required"),
    "a day that is none": ("2026-11-25", "2026-02-30", f"{HEADER}/IssueDateTime", "malformed"),
    "a flag that is none": (">true<", ">perhaps<", f"{HEADER}/CopyIndicator", "malformed"),
    "a line without a letter": ("<ram:ID>A</ram:ID>", "", f"{ITEM}/ID", "required"),
    "no line": (
        "<ram:IncludedSupplyChainConsignmentItem><ram:ID>A</ram:ID></ram:IncludedSupplyChainConsignmentItem>",
        "", ITEM, "required",
    ),
    "another schema": ("urn:HeaderExchangedDocument", "ram:HeaderExchangedDocument", f"{HEADER}/ID", "required"),
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_malformed_permit_is_refused_by_path(name: str) -> None:
    old, new, path, code = BENT[name]
    with pytest.raises(Invalid) as refused:
        decode_permit(parse(changed(old, new)))
    assert (path, code) in {(error.field, error.code) for error in refused.value.errors}


def test_two_lines_with_one_letter_are_refused() -> None:
    twice = replace(SMALL, lines=(ExchangedLine(id="A"), ExchangedLine(id="A")))
    with pytest.raises(Invalid) as refused:
        decode_permit(encode_permit(twice))
    assert [(e.field, e.code) for e in refused.value.errors] == [(f"{ITEM}[2]/ID", "twice")]


@pytest.mark.parametrize("root", ["<a/>", '<CITESEPermit xmlns="urn:x"/>', f'<CBFShip xmlns="{SPACES[2]}"/>'])
def test_other_document_is_refused(root: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_permit(parse(root.encode()))
    assert refused.value.errors[0].code == "not_a_permit"
