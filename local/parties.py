"""Made-up Parties that use the exchange in the local run: their authority, and Germany's certificate and messages.

Files in exchange/: clients.pem (the Parties' authority), germany.pem (certificate and key), servers.pem (our
authority), host.pem, and question.xml (Germany's question, to send by hand: docs/EXCHANGE.md, "Trying it").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local.client import Client
from local.desk import default_person
from local.place import Place, write_private

NAME = "localhost"
YEARS = 10 * 365  # days
COUNTRY, STORY = "DE", "tortoises to Germany"
OPERATIONS = ["GetNonFinalCitesCertificate", "GetFinalCitesCertificate", "ConfirmQuantities", "ServiceState"]


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate and its key, PEM."""

    certificate: str
    key: str

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the DER, hex."""
        return x509.load_pem_x509_certificate(self.certificate.encode()).fingerprint(SHA256()).hex()


class Authority:
    """Certificate authority, with certificates valid from `days` before `at` (seconds since 1970) to `days` after."""

    def __init__(self, name: str, at: int, days: int) -> None:
        self._days, self._at = days, datetime.fromtimestamp(at, UTC)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name((), name)
        builder = self._builder(self._name, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = builder.add_extension(_signing(), critical=True).sign(self._key, SHA256())
        self.certificate = made.public_bytes(Encoding.PEM).decode()

    def client(self, *countries: str, shift: int = 0) -> Made:
        """Client certificate of a Management Authority. `shift`: days by which its validity is moved."""
        return self._made(_name(countries, "Management Authority"), ExtendedKeyUsageOID.CLIENT_AUTH, shift=shift)

    def server(self, host: str = NAME) -> Made:
        return self._made(_name((), host), ExtendedKeyUsageOID.SERVER_AUTH, host=host)

    def _made(self, name: x509.Name, use: x509.ObjectIdentifier, *, host: str = "", shift: int = 0) -> Made:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = self._builder(name, key.public_key(), shift).add_extension(issuer, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Made(builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM).decode(), private.decode())

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePublicKey, shift: int = 0) -> x509.CertificateBuilder:
        begins = self._at + timedelta(days=shift - self._days)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=2 * self._days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )


def _name(countries: tuple[str, ...], common: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, each) for each in countries]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _signing() -> x509.KeyUsage:
    """Key usage that a strict verifier requires of an authority (RFC 5280 s. 4.2.1.3)."""
    others = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
              "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(key_cert_sign=True, **dict.fromkeys(others, False))


@contextmanager
def host(place: Place, port: int, now: int) -> Iterator[int]:
    """Serve the local exchange host, at `port` if that is free. It accepts clients of the authority in clients.pem."""
    from app import app
    from local.mutual_tls import serving
    from local.server import Gateway, listen

    folder = _files(place, now)
    try:
        listen(port).close()
    except (OSError, OverflowError):
        port = 0
    with serving(
        Gateway(app), certificate=folder / "host.pem", authorities=folder / "clients.pem", port=port
    ) as number:  # fmt: skip
        yield number


def ensure(client: Client, place: Place, port: int, made: Mapping[str, str]) -> None:
    """Put Germany on the access list. Once, send its question about its tortoises and its report of arrival."""
    from chalicelib.adapters.outside.epix import EpixClient
    from chalicelib.exchange.epix.soap import Question, write_question

    folder = place.folder / "exchange"
    pem = (folder / "germany.pem").read_text()
    body = {"certificates": [Made(pem, "").thumbprint], "may": OPERATIONS, "active": True, "note": "made up"}
    held = {each["country"]: each for each in client.get(default_person("admin"), "/v1/exchange/parties")["items"]}
    if held.get(COUNTRY, {}).get("certificates") != body["certificates"]:
        client.put(default_person("admin"), f"/v1/exchange/parties/{COUNTRY}", body)
    permit = client.get(default_person("preparer"), f"/v1/permits/{made[STORY]}")
    (folder / "question.xml").write_bytes(
        write_question(Question(OPERATIONS[1], number=permit["number"], country="KG"))
    )
    if client.get(default_person("preparer"), f"/v1/permits/{made[STORY]}/exchange")["calls"]:
        return
    germany = EpixClient(
        {"KG": f"https://{NAME}:{port}/v1/epix"}, credentials=lambda: pem, authorities=str(folder / "servers.pem")
    )
    germany.send("KG", OPERATIONS[1], permit["number"])
    left = permit["uses"][0]["lines"]
    found = [(line["line"], str(int(line["quantity"]) - 1)) for line in left]  # one fewer than left
    germany.send("KG", OPERATIONS[2], permit["number"], lines=found)


def _files(place: Place, now: int) -> Path:
    folder = place.folder / "exchange"
    if not (folder / "host.pem").exists():
        folder.mkdir(parents=True, exist_ok=True)
        ours, theirs = Authority("Tamga local", now, YEARS), Authority("Made-up Parties", now, YEARS)
        germany, server = theirs.client(COUNTRY), ours.server()
        write_private(folder / "clients.pem", theirs.certificate.encode())
        write_private(folder / "servers.pem", ours.certificate.encode())
        write_private(folder / "germany.pem", (germany.certificate + germany.key).encode())
        write_private(folder / "host.pem", (server.certificate + server.key).encode())
    return folder
