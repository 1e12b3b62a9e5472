"""EPIX messages over SOAP 1.1: strict reading of questions, writing of answers and faults.

1 one Envelope of SOAP 1.1   2 at most a Header, with no entry that must be understood and no security headers
3 one Body with one operation of EPIX, directly below it   4 SOAPAction names the same operation   5 members, each once

TLS at the gateway identifies the caller. Messages are never signed. A signature in a message is refused, not ignored.
Elements are read at their place alone, never by an id, so signature wrapping has no target.

An answer may bring attachments (SOAP with Attachments, MTOM). Only its root part is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from lxml import etree

from chalicelib.exchange.epix.permit_xml import decode_permit, encode_permit
from chalicelib.exchange.epix.xml import Element, children, local, parse, refusal, space, write
from chalicelib.exchange.model.exchanged_permit import ExchangedPermit
from chalicelib.exchange.model.operations import CONFIRM, FINAL, NON_FINAL, OPERATIONS, QUESTION_CAP, STATE
from chalicelib.http.problems import TYPE as PROBLEM
from chalicelib.kernel.errors import ExchangeRefused, FieldError, Invalid, TamgaError

PARTS_AT_MOST = 20

XML = frozenset({"text/xml", "application/xml", "application/xop+xml", "application/soap+xml"})


def root_part(data: bytes, content_type: str) -> bytes:
    """The XML of a message.

    It is the root part of multipart/related (RFC 2387), else `data` itself. Raises `Invalid`.
    """
    if content_type.partition(";")[0].strip().lower() != "multipart/related":
        return data
    if "\r" in content_type or "\n" in content_type:
        raise refusal("", "parts", "Content-Type must be that of a multipart message.")
    head = b"Content-Type: " + content_type.encode("ascii", "replace") + b"\r\n\r\n"
    try:
        whole = BytesParser(policy=HTTP).parsebytes(head + data)
    except RecursionError as error:  # deeply nested parts
        raise refusal("", "parts", "The parts are nested too deeply.") from error
    parts = list(whole.iter_parts()) if whole.is_multipart() else []
    if not 0 < len(parts) <= PARTS_AT_MOST:
        raise refusal("", "parts", f"Expected 1 to {PARTS_AT_MOST} parts; the root part must be XML.")
    start = whole.get_param("start", header="content-type")
    root = next((part for part in parts if start and part.get("Content-ID", "").strip() == start), parts[0])
    found = root.get_payload(decode=True)
    if root.get_content_type() not in XML or not isinstance(found, bytes):
        raise refusal("", "parts", "The root part must be XML.")
    return found


ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"  # SOAP 1.1 s. 4

HUB, V1, V2 = "urn:CitesDataExchange", "urn:CitesDataExchange/v1/", "urn:CitesDataExchange/v2/"

QUERY = ("CertificateNumber", "TokenId", "IsoCountryCode")

MEDIA_TYPE = "text/xml; charset=utf-8"  # SOAP 1.1 s. 6

_SIGNED = frozenset(
    {
        "http://www.w3.org/2000/09/xmldsig#",
        "http://www.w3.org/2001/04/xmlenc#",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    }
)


@dataclass(frozen=True, slots=True)
class Position:
    """One inspected line: letter and quantity, as in the message."""

    id: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to an EPIX service. `space`: its namespace, in which the answer is given."""

    operation: str
    space: str = V2
    number: str = ""
    token: str = ""
    country: str = ""
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: a permit, the state of the service, or the receipt of quantities."""

    operation: str
    permit: ExchangedPermit | None = None
    text: str = ""


def read_question(data: bytes, action: str = "") -> Question:
    """Read a question. `action`: the SOAPAction header.

    Raises `Invalid` (a fault under its path), `TooLarge`, `ExchangeRefused`.
    """
    body, path = _body(parse(data, cap=QUESTION_CAP))
    name = local(body).removesuffix("Request")
    if space(body) == V1:
        words = f"Send the request in {V2}: this service answers in toolkit version 2 only."
        raise ExchangeRefused(words, fault="VersionNotSupported")
    if name not in OPERATIONS or space(body) not in {V2, HUB}:
        raise refusal(path, "unknown_operation", f"Expected an operation of {V2}, one of: {', '.join(OPERATIONS)}.")
    wanted = action.strip().strip('"').rpartition("/")[2].rpartition(":")[2].removesuffix("Request")  # 4
    if wanted and wanted != name:
        raise refusal(path, "soap_action", "The SOAPAction header names another operation than the body.")
    allowed: tuple[str, ...] = QUERY
    if name == STATE:
        allowed = ()
    elif name == CONFIRM:
        allowed = (*QUERY, "ConfirmedQuantities")
    found: dict[str, Element] = {}
    for child, step in children(body):  # 5
        where = f"{path}/{step}"
        if local(child) not in allowed or space(child) not in {"", space(body)}:
            raise refusal(where, "unknown", f"Expected: {', '.join(allowed) or 'nothing'}.")
        if local(child) in found:
            raise refusal(where, "twice", "This element is given twice. Give it once.")
        found[local(child)] = child
    _no_text(body, path)
    texts = {member: _text(found[member], f"{path}/{member}") for member in QUERY if member in found}
    if name != STATE:
        for member in ("CertificateNumber", "IsoCountryCode"):
            if not texts.get(member):
                raise refusal(f"{path}/{member}", "required", "This element is required.")
        if any(char.isspace() for char in texts["CertificateNumber"]) or len(texts["CertificateNumber"]) > 70:
            words = "Must be a number of at most 70 characters without spaces."
            raise refusal(f"{path}/CertificateNumber", "malformed", words)
    positions = tuple(_positions(found.get("ConfirmedQuantities"), f"{path}/ConfirmedQuantities", space(body)))
    return Question(
        name,
        space(body),
        texts.get("CertificateNumber", ""),
        texts.get("TokenId", ""),
        texts.get("IsoCountryCode", ""),
        positions,
    )


def _body(root: Element) -> tuple[Element, str]:
    """The one element of the Body, and its path. Raises `Invalid`."""
    if local(root) != "Envelope" or space(root) != ENVELOPE:  # 1
        raise refusal(local(root), "version_mismatch", f"Expected an Envelope of {ENVELOPE}.")
    parts = list(root)
    names = [(local(part), space(part)) for part in parts]
    if names not in ([("Body", ENVELOPE)], [("Header", ENVELOPE), ("Body", ENVELOPE)]):
        raise refusal("Envelope", "malformed", "An Envelope must have at most one Header, then one Body.")
    for entry in parts[0] if len(parts) == 2 else ():  # 2
        if entry.get(f"{{{ENVELOPE}}}mustUnderstand") in {"1", "true"}:
            words = "This service supports no header with mustUnderstand. Remove the header."
            raise refusal("Envelope/Header", "must_understand", words)
    if any(space(element) in _SIGNED for element in root.iter()):
        words = "Remove signatures and security headers: this service identifies the caller by TLS."
        raise refusal("Envelope", "signed", words)
    body = parts[-1]
    if len(body) != 1:  # 3
        raise refusal("Envelope/Body", "malformed", "A Body must have exactly one operation.")
    _no_text(body, "Envelope/Body")
    return body[0], f"Envelope/Body/{local(body[0])}"


def _positions(holder: Element | None, path: str, here: str) -> Iterator[Position]:
    for child, step in children(holder) if holder is not None else ():
        where = f"{path}/{step}"
        members = [local(each) for each in child]
        if local(child) != "CitesPosition" or sorted(members) != ["ID", "InspectedUnitQuantity"]:
            words = "Expected a CitesPosition with exactly one ID and one InspectedUnitQuantity."
            raise refusal(where, "malformed", words)
        if any(space(each) not in {"", here} for each in (child, *child)):
            raise refusal(where, "unknown", "A CitesPosition and its elements must be in the namespace of the request.")
        for each in child:
            if any(not str(name).startswith("{") for name in each.attrib):  # xsi:type is harmless, a unit is not
                detail = "Quantities are in the unit of the line. Remove the attribute."
                raise refusal(f"{where}/{local(each)}", "unknown", detail)
        said = {local(each): _text(each, f"{where}/{local(each)}") for each in child}
        if not said["ID"] or any(char.isspace() for char in said["ID"]):
            raise refusal(f"{where}/ID", "malformed", "XML structure is not valid. ID must be a token")
        yield Position(said["ID"], said["InspectedUnitQuantity"])


def _text(element: Element, path: str) -> str:
    if len(element):
        raise refusal(path, "malformed", "Expected text without child elements.")
    text = (element.text or "").strip()
    if len(text) > 200:
        raise refusal(path, "too_long", "At most 200 characters.")
    return text


def _no_text(element: Element, path: str) -> None:
    if any(text and text.strip() for text in (element.text, *(child.tail for child in element))):
        raise refusal(path, "malformed", "Text between elements is not allowed.")


def write_question(question: Question) -> bytes:
    """Write a question to another Party's service, as `read_question` reads it."""
    envelope, holder = _envelope(question.space, f"{question.operation}Request")
    if question.operation != STATE:
        for member, text in zip(QUERY, (question.number, question.token, question.country), strict=True):
            etree.SubElement(holder, member).text = text
    if question.operation == CONFIRM:
        positions = etree.SubElement(holder, "ConfirmedQuantities")
        for position in question.positions:
            made = etree.SubElement(positions, "CitesPosition")
            etree.SubElement(made, "ID").text = position.id
            etree.SubElement(made, "InspectedUnitQuantity").text = position.quantity
    return write(envelope)


def write_answer(question: Question, told: Answer) -> bytes:
    """Write an answer in the namespace of the question."""
    envelope, holder = _envelope(question.space, f"{question.operation}Response")
    if told.permit is not None:
        holder.append(encode_permit(told.permit, qualified=False))
        etree.SubElement(holder, "Composite").text = "false"
    elif told.text:
        etree.SubElement(holder, told.operation).text = told.text
    return write(envelope)


def read_answer(data: bytes, operation: str) -> Answer:
    """Read another Party's answer. Raises `Invalid`, and `ExchangeRefused` with the name that its fault gives."""
    body, path = _body(parse(data))
    if local(body) == "Fault" and space(body) == ENVELOPE:
        said = {local(child): (child.text or "").strip() for child in body}
        raise ExchangeRefused(
            "The other service answered with a fault.", fault=said.get("faultstring", "")[:200] or "Fault"
        )
    if local(body) != f"{operation}Response" or space(body) not in {HUB, V1, V2}:
        raise refusal(path, "unknown_operation", f"Expected {operation}Response.")
    if operation in {NON_FINAL, FINAL}:
        held = [child for child in body if local(child) in {"CITESEPermit", "CBFShip"}]
        if len(held) != 1:
            raise refusal(path, "required", "Expected one permit.")
        return Answer(operation, permit=decode_permit(held[0]))
    return Answer(operation, text=" ".join("".join(body.itertext()).split())[:200])


def _envelope(here: str, name: str) -> tuple[Element, Element]:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE, "epix": here})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    return envelope, etree.SubElement(body, f"{{{here}}}{name}")


def write_fault(error: TamgaError | None, correlation_id: str) -> bytes:
    """Write a fault (SOAP 1.1 s. 4.4) with our problem in its detail. It quotes nothing of the message.

    `error` is None for a failure of our service.
    """
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    fault = etree.SubElement(etree.SubElement(envelope, f"{{{ENVELOPE}}}Body"), f"{{{ENVELOPE}}}Fault")
    faults = error.errors if isinstance(error, Invalid) else ()
    etree.SubElement(fault, "faultcode").text = f"soapenv:{_code(error, faults)}"
    etree.SubElement(fault, "faultstring").text = _words(error, faults)
    detail = etree.SubElement(etree.SubElement(fault, "detail"), f"{{{PROBLEM}}}Problem", nsmap={None: PROBLEM})
    etree.SubElement(detail, f"{{{PROBLEM}}}Type").text = PROBLEM + (error.slug if error else "fault")
    etree.SubElement(detail, f"{{{PROBLEM}}}Detail").text = error.detail if error and not faults else ""
    etree.SubElement(detail, f"{{{PROBLEM}}}CorrelationId").text = correlation_id
    for each in faults:
        made = etree.SubElement(detail, f"{{{PROBLEM}}}Error")
        for name, text in (("Path", each.field), ("Code", each.code), ("Detail", each.detail)):
            etree.SubElement(made, f"{{{PROBLEM}}}{name}").text = text
    return write(envelope)


def _code(error: TamgaError | None, faults: tuple[FieldError, ...]) -> str:
    """The fault code (SOAP 1.1 s. 4.4.1)."""
    by_code = {"version_mismatch": "VersionMismatch", "must_understand": "MustUnderstand"}
    if faults and faults[0].code in by_code:
        return by_code[faults[0].code]
    return "Server" if error is None or error.status >= 500 else "Client"


def _words(error: TamgaError | None, faults: tuple[FieldError, ...]) -> str:
    if isinstance(error, ExchangeRefused):
        return error.name
    if faults:
        return faults[0].detail
    return error.title if error else "The service failed"
