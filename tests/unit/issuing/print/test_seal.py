"""The seal of the PDF: one certifying signature over the whole file, by a key behind the signer's port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from print_samples import sheet
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print.permit_pdf import render
from chalicelib.issuing.print.seal import seal, self_issued_certificate

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
KEY = FileSigner.generate()
CERTIFICATE = self_issued_certificate(
    KEY, name="Ministry of Natural Resources", country="KG", not_before=NOW - timedelta(days=1),
    not_after=NOW + timedelta(days=3650), serial=7,
)  # fmt: skip


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(render(sheet()), KEY, CERTIFICATE, now=NOW, location="Bishkek")


def test_certificate_is_self_issued_for_the_key() -> None:
    made = x509.load_der_x509_certificate(CERTIFICATE)
    made.verify_directly_issued_by(made)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    assert made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == KEY.public_key
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert made.serial_number == 7


def test_signed_part_of_certificate_is_reproducible() -> None:
    again = self_issued_certificate(
        KEY, name="Ministry of Natural Resources", country="KG", not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=3650), serial=7,
    )  # fmt: skip
    one, two = x509.load_der_x509_certificate(CERTIFICATE), x509.load_der_x509_certificate(again)
    assert one.tbs_certificate_bytes == two.tbs_certificate_bytes


def test_pyhanko_validates_the_seal(sealed: bytes) -> None:
    reader = PdfFileReader(BytesIO(sealed))
    (signature,) = reader.embedded_signatures
    context = ValidationContext(trust_roots=[asn1.Certificate.load(CERTIFICATE)], moment=NOW)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert signature.self_reported_timestamp == NOW
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_seal_does_not_change_the_print(sealed: bytes) -> None:
    plain = render(sheet())
    assert sealed.startswith(plain)
    assert len(sealed) <= 150_000
    assert PdfFileReader(BytesIO(sealed)).root["/Names"] == PdfFileReader(BytesIO(plain)).root["/Names"]


def test_changed_byte_breaks_the_seal(sealed: bytes) -> None:
    at = sealed.index(b"Export permit 26KG")
    forged = sealed[:at] + b"X" + sealed[at + 1 :]
    (signature,) = PdfFileReader(BytesIO(forged)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[asn1.Certificate.load(CERTIFICATE)]))
    assert not status.intact
    assert not status.bottom_line


def test_refusal_of_the_signer_is_raised() -> None:
    class Refusing:
        kid = KEY.kid
        public_key = KEY.public_key

        def sign_digest(self, digest: bytes) -> bytes:
            raise PermissionError("no")

    with pytest.raises(PermissionError):
        seal(render(sheet()), Refusing(), CERTIFICATE, now=NOW, location="Bishkek")
