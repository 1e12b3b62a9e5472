"""How the finished PDF is sealed: PAdES B-B by pyHanko, certified with no changes allowed, with a key that never leaves
its signer.

The certificate is self-issued for the `pdf` key: what makes it the issuer's is its fingerprint in the trust list, no
certification authority. There is no time-stamp authority yet, so the level is B-B: the time in it is our own claim.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from chalicelib.ports import Signer

FIELD = "Seal"
SIGNATURE_BYTES = (
    6144  # room kept for the CMS: about 1.6 kB with a P-256 key and one certificate, doubled as hex by PDF
)


def self_issued_certificate(
    signer: Signer, *, name: str, country: str, not_before: datetime, not_after: datetime, serial: int
) -> bytes:
    """An X.509 v3 certificate (DER) by which the `pdf` key speaks for itself: digitalSignature and nonRepudiation only.

    What is signed is the same bytes each time; ECDSA itself is not, so make it once and keep it.
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


def seal(pdf: bytes, signer: Signer, certificate: bytes, *, now: datetime, reason: str, location: str) -> bytes:
    """The PDF with one signature over the whole file. `now`: aware; it becomes the signature's own claimed time.

    Raises what the signer raises; nothing is retried.
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
        reason=reason,
        location=location,
        name=made.subject.native["common_name"],
    )

    class Clocked(PdfSigner):
        """A signer whose claimed time is ours, not the machine's."""

        def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
            session = super().init_signing_session(*arguments, **named)
            session.system_time = now
            return session

        def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:
            """ESIC only (PAdES in PDF 1.7): for ECDSA pyHanko adds ISO 32002 and PDF 2.0, but PDF/A-3 is PDF 1.7."""
            pdf_out.register_extension(ESIC_EXTENSION_1)

    class Plain(IncrementalPdfFileWriter):
        """A revision that adds the seal and nothing else: dates and metadata stay those of the print."""

        def _update_meta(self) -> None:
            return

    pen = Clocked(metadata, signer=_port_signer(signer, made, store), new_field_spec=SigFieldSpec(FIELD, box=None))
    out = pen.sign_pdf(Plain(BytesIO(pdf)), bytes_reserved=SIGNATURE_BYTES)
    return bytes(out.getvalue())


def _port_signer(port: Signer, certificate: Any, store: Any) -> Any:
    """pyHanko's idea of a signer around ours."""
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
    """RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime after."""
    return {"utc_time" if moment.year < 2050 else "general_time": moment}
