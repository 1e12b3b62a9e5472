"""What this deployment is configured to be; the only reader of the environment.

| variable | meaning | default |
|---|---|---|
| TAMGA_ISSUER | the issuing Party, ISO 3166-1 alpha-2 | KG |
| TAMGA_HOST | host signed into permits | practice.tamga.kg |
| TAMGA_STATUS_HOST | host of the status lists' addresses, where TAMGA_HOST has moved since | TAMGA_HOST |
| TAMGA_ZONE | IANA zone of the Party's days | Asia/Bishkek |
| TAMGA_PRACTICE | `no` for the real register | yes |
| TAMGA_FIRST_SERIAL | first serial of a year | 1 |
| TAMGA_DUTY_NUMBER | telephone of the duty desk | |
| TAMGA_PLACE | place of issue, block 13 | Bishkek |
| TAMGA_TABLE, TAMGA_FILES_BUCKET, TAMGA_STATIC_BUCKET | where rows, files and lists live | |
| TAMGA_KEYS | `kid=key id,...`: KMS keys by the hex of their kid | |
| TAMGA_PDF_CERTIFICATE | base64 DER certificate of the `pdf` key | |
| TAMGA_PINS | `KG=hex thumbprint[+hex thumbprint],...` of root keys | |
| TAMGA_TOKEN_ISSUER, TAMGA_JWKS_URL, TAMGA_CLIENT_IDS | whose access tokens are believed | |
| TAMGA_{ISSUER,PRINTER,READER,STATUS}_FUNCTION | names of our other functions | in this process |
| TAMGA_ENDPOINT | endpoint of a local engine; empty on AWS | |
| AWS_REGION | region | eu-central-1 |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.core.stage import Stage


@dataclass(frozen=True, slots=True)
class Config:
    """One deployment. `pins`: country -> root thumbprints (hex); `keys`: kid (hex) -> KMS key id."""

    stage: Stage = field(default_factory=Stage)
    place: str = "Bishkek"
    table: str = ""
    files_bucket: str = ""
    static_bucket: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    pdf_certificate: str = ""
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    token_issuer: str = ""
    jwks_url: str = ""
    client_ids: tuple[str, ...] = ()
    issuer_function: str = ""
    printer_function: str = ""
    reader_function: str = ""
    status_function: str = ""
    endpoint: str | None = None
    region: str = "eu-central-1"


def from_env(env: Mapping[str, str]) -> Config:
    """Read the variables above. Raises ValueError naming the variable that is malformed."""

    def pairs(name: str) -> dict[str, str]:
        items = [item for item in env.get(name, "").split(",") if item]
        if any("=" not in item for item in items):
            raise ValueError(f"{name}: expected name=value,...")
        return dict(item.split("=", 1) for item in items)

    serial = env.get("TAMGA_FIRST_SERIAL", "1")
    if not serial.isascii() or not serial.isdigit() or not 1 <= int(serial) <= 999_999:
        raise ValueError("TAMGA_FIRST_SERIAL: expected 1..999999")
    stage = Stage(
        issuer=env.get("TAMGA_ISSUER", "KG"),
        host=env.get("TAMGA_HOST", "practice.tamga.kg"),
        status_host=env.get("TAMGA_STATUS_HOST", ""),
        zone=env.get("TAMGA_ZONE", "Asia/Bishkek"),
        practice=env.get("TAMGA_PRACTICE", "yes") != "no",
        first_serial=int(serial),
        duty_number=env.get("TAMGA_DUTY_NUMBER", ""),
    )
    return Config(
        stage=stage,
        place=env.get("TAMGA_PLACE", "Bishkek"),
        table=env.get("TAMGA_TABLE", ""),
        files_bucket=env.get("TAMGA_FILES_BUCKET", ""),
        static_bucket=env.get("TAMGA_STATIC_BUCKET", ""),
        keys=pairs("TAMGA_KEYS"),
        pdf_certificate=env.get("TAMGA_PDF_CERTIFICATE", ""),
        pins={country: tuple(value.split("+")) for country, value in pairs("TAMGA_PINS").items()},
        token_issuer=env.get("TAMGA_TOKEN_ISSUER", ""),
        jwks_url=env.get("TAMGA_JWKS_URL", ""),
        client_ids=tuple(c for c in env.get("TAMGA_CLIENT_IDS", "").split(",") if c),
        issuer_function=env.get("TAMGA_ISSUER_FUNCTION", ""),
        printer_function=env.get("TAMGA_PRINTER_FUNCTION", ""),
        reader_function=env.get("TAMGA_READER_FUNCTION", ""),
        status_function=env.get("TAMGA_STATUS_FUNCTION", ""),
        endpoint=env.get("TAMGA_ENDPOINT") or None,
        region=env.get("AWS_REGION", "eu-central-1"),
    )


def from_environment() -> Config:
    """The configuration of this process."""
    return from_env(os.environ)
