"""Seal and archive metadata of the printed PDF.

Seal: PAdES B-B by pyHanko, certified with no changes allowed. The key never leaves its signer. The certificate is
self-issued for the `pdf` key. Its fingerprint in the trust list, and no certification authority, ties it to the issuer.
There is no time-stamp authority yet, so the level is B-B, and the time in the seal is the issuer's own claim.

Archive: the metadata declare PDF/A-3b (ISO 19005-3: embedded font, XMP, an sRGB OutputIntent, AFRelationship).
No PDF/A validator has confirmed it. Attachments, XMP and OutputIntent use ReportLab's objects where ReportLab has them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import md5, sha256
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from chalicelib.issuing.print.reportlab_private import document_of
from chalicelib.trust.services.ports import Signer

PRODUCER = "Tamga"


@dataclass(frozen=True, slots=True)
class Attachment:
    """File attached to the PDF. `relationship`: AFRelationship of ISO 19005-3 (Source, Data, ...)."""

    name: str
    mime: str
    content: bytes
    about: str
    relationship: str = "Data"


def describe(canvas: Any, *, title: str, author: str, at: int, files: Sequence[Attachment]) -> None:
    """Add attachments, XMP and OutputIntent to a ReportLab canvas. `at`: the time in the file, Unix seconds."""
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString

    document = document_of(canvas)
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
    """Media type as one PDF name (ISO 32000-1, 7.3.5). ReportLab's PDFName keeps the slash, which begins a new name."""
    return "/" + mime.replace("/", "#2F")


@cache
def srgb() -> bytes:
    """The sRGB ICC profile with a fixed date and no profile ID, so the bytes are the same each time.

    Little CMS writes the current day into bytes 24-35 (ICC.1 7.2).
    """
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


FIELD = "Seal"

REASON = "Issued by the Management Authority"

SIGNATURE_BYTES = (
    6144  # space for the CMS: about 1.6 kB with a P-256 key and one certificate, doubled since PDF stores hex
)


def self_issued_certificate(  # noqa: PLR0913 - fields of the certificate
    signer: Signer, *, name: str, country: str, not_before: datetime, not_after: datetime, serial: int
) -> bytes:
    """Make a self-issued X.509 v3 certificate (DER) of the `pdf` key, for digitalSignature and nonRepudiation only.

    The signed bytes are the same each time, but an ECDSA signature is not. Make it once and keep it.
    """
    from asn1crypto import core, keys, x509

    holder = x509.Name.build({"country_name": country, "organization_name": name, "common_name": f"{name} PDF seal"})
    algorithm = {"algorithm": "sha256_ecdsa"}
    key = keys.PublicKeyInfo.load(signer.public_key)
    identifier = core.OctetString(sha256(signer.public_key).digest()[:20])
    extensions = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": False}},
        {"extn_id": "key_usage", "critical": True, "extn_value": {"digital_signature", "non_repudiation"}},
        {"extn_id": "key_identifier", "critical": False, "extn_value": identifier},
    ]
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": algorithm,
            "issuer": holder,
            "validity": {"not_before": x509.Time(_time(not_before)), "not_after": x509.Time(_time(not_after))},
            "subject": holder,
            "subject_public_key_info": key,
            "extensions": extensions,
        }
    )
    signature = signer.sign_digest(sha256(body.dump()).digest())
    made = x509.Certificate({"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": signature})
    return bytes(made.dump())


def seal(pdf: bytes, signer: Signer, certificate: bytes, *, now: datetime, location: str) -> bytes:
    """Seal a PDF with one signature over the whole file. `now`: an aware time, the claimed time of the signature.

    Raises the signer's errors. Nothing is retried.
    """
    from asn1crypto import x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    made = x509.Certificate.load(certificate)
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(made)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=REASON,
        location=location,
        name=made.subject.native["common_name"],
    )

    class Clocked(PdfSigner):
        """Signer that claims the given time instead of the machine's."""

        def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
            session = super().init_signing_session(*arguments, **named)
            session.system_time = now
            return session

        def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:
            """Declare ESIC only (PAdES in PDF 1.7). For ECDSA pyHanko adds ISO 32002, PDF 2.0. PDF/A-3 is PDF 1.7."""
            pdf_out.register_extension(ESIC_EXTENSION_1)

    class Plain(IncrementalPdfFileWriter):
        """Revision that adds the seal alone and keeps dates and metadata of the print."""

        def _update_meta(self) -> None:
            return

    pen = Clocked(metadata, signer=_port_signer(signer, made, store), new_field_spec=SigFieldSpec(FIELD, box=None))
    out = pen.sign_pdf(Plain(BytesIO(pdf)), bytes_reserved=SIGNATURE_BYTES)
    return bytes(out.getvalue())


def _port_signer(port: Signer, certificate: Any, store: Any) -> Any:
    """Adapt the `Signer` port to pyHanko's signer."""
    from asn1crypto import algos
    from pyhanko.sign.signers import Signer as PyHankoSigner

    class PortSigner(PyHankoSigner):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return bytes(72) if dry_run else port.sign_digest(sha256(data).digest())

    return PortSigner(
        signing_cert=certificate,
        cert_registry=store,
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )


def _time(moment: datetime) -> dict[str, datetime]:
    """Time of a certificate: UTCTime through 2049, GeneralizedTime after (RFC 5280 4.1.2.5)."""
    return {"utc_time" if moment.year < 2050 else "general_time": moment}
