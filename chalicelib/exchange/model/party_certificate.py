"""Client certificate of a Party: the country in its subject, and its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.errors import ExchangeRefused

PEM_AT_MOST = 20_000  # characters


@dataclass(frozen=True, slots=True)
class PartyCertificate:
    """A Party's certificate. `country`: ISO 3166-1 alpha-2. `serial`, `thumbprint` (SHA-256 of the DER): hex.

    Times are seconds since 1970.
    """

    country: str
    serial: str
    thumbprint: str
    not_before: int
    not_after: int


def read_certificate(pem: str) -> PartyCertificate:
    """Read the client certificate that the gateway passes on.

    Raises `ExchangeRefused` (CertificateMissing, as EPIX does) where there is none, it is unreadable, or it does not
    name exactly one country.
    """
    if not pem:
        raise ExchangeRefused("Send the client certificate of your Management Authority.", fault="CertificateMissing")
    try:
        if len(pem) > PEM_AT_MOST:
            raise ValueError
        found = x509.load_pem_x509_certificate(pem.encode())
        countries = found.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
        serial, thumbprint = f"{found.serial_number:x}", found.fingerprint(SHA256()).hex()
        begins, ends = int(found.not_valid_before_utc.timestamp()), int(found.not_valid_after_utc.timestamp())
    except (ValueError, OverflowError, x509.UnsupportedGeneralNameType):
        raise ExchangeRefused("The client certificate cannot be read.", fault="CertificateMissing") from None
    if len(countries) != 1 or countries[0].value not in COUNTRIES:
        raise ExchangeRefused(
            "The subject of the client certificate must have exactly one country (C=).", fault="CertificateMissing"
        )
    return PartyCertificate(str(countries[0].value), serial, thumbprint, begins, ends)
