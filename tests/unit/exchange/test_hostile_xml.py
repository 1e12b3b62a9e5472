"""Hostile XML, refused by code before it does harm: entity bombs, external entities, encodings, depth, size."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.exchange.epix.soap import ENVELOPE, HUB, V1, V2, Position, Question, read_question, write_question
from chalicelib.exchange.epix.xml import DEPTH_AT_MOST, ELEMENTS_AT_MOST, TEXT_AT_MOST, parse
from chalicelib.kernel.errors import ExchangeRefused, Invalid, TamgaError, TooLarge

ASK = Question("GetFinalCitesCertificate", V2, "26KG000001/E", "AB12-CD34", "KG")
CONFIRM = Question("ConfirmQuantities", V2, "26KG000001/E", "", "KG", (Position("A", "2"), Position("B", "0.5")))
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def code(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        parse(data)
    return refused.value.errors[0].code


BAD = {
    "bomb": (f"{LAUGHS}<a>&b;</a>".encode(), "doctype"),
    "XXE": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
    "XXE over the net": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "doctype"),
    "parameter entity": (b'<!doctype a [<!ENTITY % x "y">]><a/>', "doctype"),
    "entity without a DTD": (b"<a>&b;</a>", "not_well_formed"),
    "instruction": (b"<a><?php x?></a>", "instruction"),
    "instruction before": (b'<?xml-stylesheet href="http://127.0.0.1/"?><a/>', "instruction"),
    "instruction after": (b"<a/><?x y?>", "instruction"),
    "UTF-16": ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), "encoding"),
    "UTF-16 that says nothing": ("<a/>".encode("utf-16-le"), "encoding"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?><a>+ADw-b+AD4-</a>', "encoding"),
    "EBCDIC": ('<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"), "encoding"),
    "Latin 1": ('<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>'.encode("latin-1"), "encoding"),
    "Windows": ("<a>Сокол</a>".encode("cp1251"), "encoding"),
    "nothing": (b"", "not_well_formed"),
    "not XML": (b"{}", "not_well_formed"),
    "half": (b"<a><b>", "not_well_formed"),
    "two roots": (b"<a/><b/>", "not_well_formed"),
    "two attributes": (b'<a x="1" x="2"/>', "not_well_formed"),
    "a control character": (b"<a>&#1;</a>", "not_well_formed"),
    "deep": (b"<a>" * (DEPTH_AT_MOST + 1) + b"</a>" * (DEPTH_AT_MOST + 1), "too_deep"),
    "deeper than the parser goes": (b"<a>" * 60_000, "not_well_formed"),
    "many": (b"<a>" + b"<b/>" * ELEMENTS_AT_MOST + b"</a>", "too_deep"),
    "long": (b"<a>" + b"x" * (TEXT_AT_MOST + 1) + b"</a>", "too_long"),
    "long attribute": (b'<a b="' + b"x" * (TEXT_AT_MOST + 1) + b'"/>', "too_long"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_hostile_xml_is_refused_by_code_within_five_seconds(name: str) -> None:
    data, expected = BAD[name]
    began = time.process_time()
    assert code(data) == expected
    assert time.process_time() - began < 5


def test_xml_above_the_size_limit_is_not_parsed() -> None:
    with pytest.raises(TooLarge):
        parse(b"<" * 2_000_000)
    with pytest.raises(TooLarge):
        read_question(write_question(ASK) + b" " * 65_536)


def test_byte_order_mark_and_comments_are_accepted() -> None:
    assert parse(b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><!-- a --><a>1<!-- 2 -->3</a>").text == "13"


@settings(max_examples=80)
@given(st.binary(max_size=200) | st.text(alphabet="<>/&;![]-ab\"'= ?x", max_size=80).map(str.encode))
def test_arbitrary_bytes_raise_own_errors_only(data: bytes) -> None:
    for read in (parse, read_question):
        with suppress(TamgaError):
            read(data)


@pytest.mark.parametrize("asked", [ASK, CONFIRM, Question("ServiceState", HUB)])
def test_question_to_xml_and_back_is_unchanged(asked: Question) -> None:
    assert read_question(write_question(asked), f'"urn:{asked.operation}"') == asked


def text(asked: Question = ASK) -> str:
    return write_question(asked).decode()


NUMBER = "<CertificateNumber>26KG000099/E</CertificateNumber>"
FORGED = f"<GetFinalCitesCertificate xmlns='{V2}'>{NUMBER}</GetFinalCitesCertificate>"
OPENS = "<soapenv:Body>"
WRAPPED = {
    "a second body": (OPENS, f"<soapenv:Body>{FORGED}</soapenv:Body>{OPENS}", "malformed"),
    "two operations": (OPENS, f"{OPENS}{FORGED}", "malformed"),
    "a body in the header that nobody reads": (OPENS, f"<soapenv:Header><x>{FORGED}</x></soapenv:Header>{OPENS}", ""),
    "a header after the body": ("</soapenv:Envelope>", "<soapenv:Header/></soapenv:Envelope>", "malformed"),
    "an envelope in an envelope": (OPENS, f"{OPENS}<soapenv:Envelope/>", "malformed"),
    "a signature": (OPENS, f"<soapenv:Header><s:Security xmlns:s='{SECURITY}'/></soapenv:Header>{OPENS}", "signed"),
    "a signature within": (
        "<TokenId>", "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/><TokenId>", "signed",
    ),
    "a header to be understood": (
        OPENS, f"<soapenv:Header><x soapenv:mustUnderstand='1'/></soapenv:Header>{OPENS}", "must_understand",
    ),
    "a number twice": ("<TokenId>", "<CertificateNumber>1</CertificateNumber><TokenId>", "twice"),
    "a number in parts": ("26KG000001/E", "26KG<b>0</b>1", "malformed"),
    "a number with a space": ("26KG000001/E", "26KG 1", "malformed"),
    "no number": ("<CertificateNumber>26KG000001/E</CertificateNumber>", "", "required"),
    "no country": ("<IsoCountryCode>KG</IsoCountryCode>", "", "required"),
    "a member nobody knows": ("<TokenId>", "<All/><TokenId>", "unknown"),
    "a member of another schema": ("<TokenId>", "<TokenId xmlns='urn:x'>", "unknown"),
    "text between": ("<TokenId>", "or 1=1<TokenId>", "malformed"),
    "another operation": ("GetFinalCitesCertificateRequest", "DeleteCertificateRequest", "unknown_operation"),
    "SOAP 1.2": (ENVELOPE, "http://www.w3.org/2003/05/soap-envelope", "version_mismatch"),
    "no envelope": ("soapenv:Envelope", "soapenv:Parcel", "version_mismatch"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRAPPED)
def test_bent_envelope_is_refused_and_unknown_header_ignored(name: str) -> None:
    old, new, expected = WRAPPED[name]
    bent = text().replace(old, new)
    assert bent != text()
    if not expected:
        assert read_question(bent.encode()) == ASK
        return
    with pytest.raises(Invalid) as refused:
        read_question(bent.encode())
    assert refused.value.errors[0].code == expected


def test_soap_action_other_than_the_body_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        read_question(write_question(CONFIRM), '"urn:ServiceState"')
    assert refused.value.errors[0].code == "soap_action"


def test_version_1_gets_version_not_supported() -> None:
    with pytest.raises(ExchangeRefused) as refused:
        read_question(text().replace(V2, V1).encode())
    assert refused.value.name == "VersionNotSupported"


POSITIONS = {
    "an id with a space": ("<ID>A</ID>", "<ID>A B</ID>"),
    "no id": ("<ID>A</ID>", ""),
    "two ids": ("<ID>A</ID>", "<ID>A</ID><ID>B</ID>"),
    "another unit": ("<InspectedUnitQuantity>", '<InspectedUnitQuantity unitCode="KGM">'),
    "something else": ("<CitesPosition>", "<Position/><CitesPosition>"),
}


@pytest.mark.parametrize("name", POSITIONS)
def test_malformed_position_is_refused_by_path(name: str) -> None:
    old, new = POSITIONS[name]
    with pytest.raises(Invalid) as refused:
        read_question(text(CONFIRM).replace(old, new, 1).encode())
    assert refused.value.errors[0].field.startswith("Envelope/Body/ConfirmQuantitiesRequest/ConfirmedQuantities/")
