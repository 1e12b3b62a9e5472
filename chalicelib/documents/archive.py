"""What makes the print an archive file: attachments with their relationship, XMP metadata and the colours' meaning.

PDF/A-3b is what the metadata declares (ISO 19005-3: embedded font, XMP, an sRGB OutputIntent, AFRelationship). It has
not been validated with a PDF/A validator here; ReportLab's objects are used as far as it lets us.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import md5
from typing import Any
from xml.sax.saxutils import escape

PRODUCER = "Tamga"


@dataclass(frozen=True, slots=True)
class Attachment:
    """`relationship`: AFRelationship of ISO 19005-3 (Source, Data, ...)."""

    name: str
    mime: str
    content: bytes
    about: str
    relationship: str = "Data"


def describe(canvas: Any, *, title: str, author: str, at: int, files: Sequence[Attachment]) -> None:
    """Add all of it to a ReportLab canvas. `at`: the time (whole seconds) that the file bears."""
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString

    document = canvas._doc
    catalog = document.Catalog
    moment = datetime.fromtimestamp(at, UTC)
    stamp = moment.strftime("D:%Y%m%d%H%M%S+00'00'")
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("CITES permit or certificate")
    canvas.setCreator(PRODUCER)
    canvas.setProducer(PRODUCER)
    canvas.setDateFormatter(lambda *_: stamp)

    def stream(content: bytes, entries: dict[str, Any], *, packed: bool = True) -> Any:
        made = PDFStream(PDFDictionary(entries), zlib.compress(content, 9) if packed else content)
        if packed:
            made.dictionary["Filter"] = PDFName("FlateDecode")
        return document.Reference(made)

    names: list[Any] = []
    linked: list[Any] = []
    for file in sorted(files, key=lambda file: file.name):
        parameters = {
            "Size": len(file.content),
            "ModDate": PDFString(stamp),
            "CheckSum": PDFString(md5(file.content, usedforsecurity=False).digest(), enc="raw"),  # ISO 32000 7.11.4
        }
        embedded = stream(
            file.content,
            {"Type": PDFName("EmbeddedFile"), "Subtype": _name(file.mime), "Params": PDFDictionary(parameters)},
        )
        entries = {
            "Type": PDFName("Filespec"),
            "F": PDFString(file.name),
            "UF": PDFString(file.name),
            "Desc": PDFString(file.about),
            "AFRelationship": PDFName(file.relationship),
            "EF": PDFDictionary({"F": embedded, "UF": embedded}),
        }
        reference = document.Reference(PDFDictionary(entries))
        names += [PDFString(file.name), reference]
        linked.append(reference)
    profile = stream(srgb(), {"N": 3})
    intent = {
        "Type": PDFName("OutputIntent"),
        "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
        "Info": PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": profile,
    }
    xmp = _xmp(title, author, moment).encode()
    catalog.Metadata = PDFStream(PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}), xmp)
    catalog.Names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(names)})})
    catalog.AF = PDFArray(linked)
    catalog.OutputIntents = PDFArray([PDFDictionary(intent)])
    catalog.__NoDefault__ = [*type(catalog).__NoDefault__, "AF", "OutputIntents"]


def _name(mime: str) -> str:
    """The type as one PDF name (ISO 32000-1, 7.3.5); ReportLab's PDFName leaves a slash, which begins another name."""
    return "/" + mime.replace("/", "#2F")


@cache
def srgb() -> bytes:
    """The sRGB ICC profile, the same bytes each time (Little CMS writes the day into it; bytes 24-35 of ICC.1 7.2)."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0)) + profile[36:84] + bytes(16) + profile[100:]


def _xmp(title: str, author: str, moment: datetime) -> str:
    when = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return f"""<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">CITES permit or certificate</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
