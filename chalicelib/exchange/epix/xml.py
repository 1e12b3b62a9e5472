"""Safe parsing of foreign XML, and writing of our own.

1 size   2 UTF-8, with no other encoding declared   3 no DTD, no entity declarations, no processing instruction
4 well-formed   5 depth and number of elements   6 length of each text
Refusals are `Invalid`, whose field is the element's path, and `TooLarge`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from chalicelib.exchange.model.operations import MESSAGE_CAP
from chalicelib.kernel.errors import FieldError, Invalid, TooLarge

DEPTH_AT_MOST = 32  # a permit in its envelope has 12

ELEMENTS_AT_MOST = 40_000  # sixty lines of the whole schema, filled or not, have about 5,000

TEXT_AT_MOST = 20_000  # characters

_DECLARED = re.compile(rb"""\A<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)

type Element = Any  # lxml has no types


def parse(data: bytes, *, cap: int = MESSAGE_CAP) -> Element:
    """Parse a document and return its root element. Raises `Invalid`, `TooLarge`."""
    if len(data) > cap:  # 1
        raise TooLarge(f"At most {cap // 1024} kB of XML are read.")
    _utf8(data)  # 2
    if _DOCTYPE.search(data):  # 3
        raise refusal("", "doctype", "Document type and entity declarations are not allowed.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        strip_cdata=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # 4; libxml2 quotes its input, so the detail has only the line
        line = getattr(error, "lineno", 0) or 0
        raise refusal("", "not_well_formed", f"Not well-formed XML (line {line}).") from None
    _small(root)  # 5, 6
    return root


def refusal(path: str, code: str, detail: str) -> Invalid:
    """An `Invalid` to raise. `path`: of the element, from the root."""
    return Invalid(FieldError(path or "document", code, detail))


def _utf8(data: bytes) -> None:
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii"}:
        raise refusal("", "encoding", "The document must be in UTF-8.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise refusal("", "encoding", "The document must be in UTF-8.") from None
    if "\x00" in text:
        raise refusal("", "encoding", "The document must be in UTF-8.")


def _small(root: Element) -> None:
    """Check depth, number and texts of the elements, without recursion. Raises `Invalid`."""
    count, waiting = 0, [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if not isinstance(element.tag, str):  # a processing instruction or an unresolved entity
            raise refusal("", "instruction", "Processing instructions and entities are not allowed.")
        if depth > DEPTH_AT_MOST or count > ELEMENTS_AT_MOST:
            raise refusal("", "too_deep", f"At most {DEPTH_AT_MOST} levels and {ELEMENTS_AT_MOST} elements are read.")
        for text in (element.text, element.tail, *element.attrib.values()):
            if text and len(text) > TEXT_AT_MOST:
                raise refusal(local(element), "too_long", f"At most {TEXT_AT_MOST} characters.")
        waiting += [(child, depth + 1) for child in element]
    if (
        root.getroottree().docinfo.internalDTD is not None
        or root.getprevious() is not None
        or root.getnext() is not None
    ):
        raise refusal("", "instruction", "Nothing may stand before or after the root element.")


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def space(element: Element) -> str:
    """The element's namespace, empty for none."""
    return str(etree.QName(element).namespace or "")


def children(element: Element) -> Iterator[tuple[Element, str]]:
    """Child elements with their path steps: the name, and an index where several have the name."""
    names = [local(child) for child in element]
    seen: dict[str, int] = {}
    for child, name in zip(element, names, strict=True):
        seen[name] = seen.get(name, 0) + 1
        yield child, f"{name}[{seen[name]}]" if names.count(name) > 1 else name


def write(root: Element) -> bytes:
    """Serialize a document as UTF-8."""
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made
