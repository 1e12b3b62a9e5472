"""The XML of an answer that brings attachments beside it (SOAP with Attachments, MTOM): the root part, and no other."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

from chalicelib.exchange.xml import refusal

PARTS_AT_MOST = 20
XML = frozenset({"text/xml", "application/xml", "application/xop+xml", "application/soap+xml"})


def root_part(data: bytes, content_type: str) -> bytes:
    """`data` itself unless it is multipart/related (RFC 2387). Raises `Invalid`."""
    if content_type.partition(";")[0].strip().lower() != "multipart/related":
        return data
    if "\r" in content_type or "\n" in content_type:
        raise refusal("", "parts", "Not a message of several parts.")
    head = b"Content-Type: " + content_type.encode("ascii", "replace") + b"\r\n\r\n"
    try:
        whole = BytesParser(policy=HTTP).parsebytes(head + data)
    except RecursionError as error:  # parts in parts in parts
        raise refusal("", "parts", "Parts nested too deep.") from error
    parts = list(whole.iter_parts()) if whole.is_multipart() else []
    if not 0 < len(parts) <= PARTS_AT_MOST:
        raise refusal("", "parts", f"1 to {PARTS_AT_MOST} parts, the first or the named one in XML.")
    start = whole.get_param("start", header="content-type")
    root = next((part for part in parts if start and part.get("Content-ID", "").strip() == start), parts[0])
    found = root.get_payload(decode=True)
    if root.get_content_type() not in XML or not isinstance(found, bytes):
        raise refusal("", "parts", "The root part is no XML.")
    return found
