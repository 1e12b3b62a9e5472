"""What this deployment is configured to be; the only reader of the environment.

Only what a deployment sets is checked: an empty variable is an unset one, and each function is given what it needs.

| variable | meaning | default |
|---|---|---|
| TAMGA_ISSUER | the issuing Party, ISO 3166-1 alpha-2 | KG |
| TAMGA_HOST | host signed into permits | practice.tamga.kg |
| TAMGA_STATUS_HOST | host of the status lists' addresses, where TAMGA_HOST has moved since | TAMGA_HOST |
| TAMGA_ZONE | IANA zone of the Party's days | Asia/Bishkek |
| TAMGA_PRACTICE | `yes`, or `no` for the real register | yes |
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

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.core.stage import Stage

PARTY = re.compile(r"[A-Z]{2}")
HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
KID = re.compile(r"[0-9a-f]{16}")  # 8 bytes, FORMAT.md 2
KEY_ID = re.compile(r"[A-Za-z0-9:/_-]{1,256}")  # KMS: id, ARN or alias
THUMBPRINT = re.compile(r"[0-9a-f]{64}")  # SHA-256
ROOTS_AT_MOST = 2  # of a Party: one and its successor


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

    def text(name: str, default: str, form: re.Pattern[str], expected: str) -> str:
        value = env.get(name) or default
        if value and not form.fullmatch(value):
            raise ValueError(f"{name}: expected {expected}")
        return value

    def pairs(name: str, left: re.Pattern[str], right: re.Pattern[str], expected: str) -> dict[str, str]:
        items = [item.partition("=")[::2] for item in env.get(name, "").split(",") if item]
        if len(dict(items)) != len(items) or not all(left.fullmatch(n) and right.fullmatch(v) for n, v in items):
            raise ValueError(f"{name}: expected {expected}, no name twice")
        return dict(items)

    prints = re.compile(rf"{THUMBPRINT.pattern}(\+{THUMBPRINT.pattern}){{0,{ROOTS_AT_MOST - 1}}}")
    stage = Stage(
        issuer=text("TAMGA_ISSUER", "KG", PARTY, "two capital letters"),
        host=text("TAMGA_HOST", "practice.tamga.kg", HOST, "a host name in lower case"),
        status_host=text("TAMGA_STATUS_HOST", "", HOST, "a host name in lower case"),
        zone=_zone(env.get("TAMGA_ZONE") or "Asia/Bishkek"),
        practice=text("TAMGA_PRACTICE", "yes", re.compile("yes|no"), "yes or no") == "yes",
        first_serial=int(text("TAMGA_FIRST_SERIAL", "1", re.compile("[1-9][0-9]{0,5}"), "1..999999")),
        duty_number=env.get("TAMGA_DUTY_NUMBER", ""),
    )
    pins = pairs("TAMGA_PINS", PARTY, prints, "Party=64 hex digits[+64 hex digits],...")
    return Config(
        stage=stage,
        place=env.get("TAMGA_PLACE", "Bishkek"),
        table=env.get("TAMGA_TABLE", ""),
        files_bucket=env.get("TAMGA_FILES_BUCKET", ""),
        static_bucket=env.get("TAMGA_STATIC_BUCKET", ""),
        keys=pairs("TAMGA_KEYS", KID, KEY_ID, "16 hex digits=key id,..."),
        pdf_certificate=_base64("TAMGA_PDF_CERTIFICATE", env.get("TAMGA_PDF_CERTIFICATE", "")),
        pins={country: tuple(value.split("+")) for country, value in pins.items()},
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


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("TAMGA_ZONE: expected an IANA time zone") from None
    return name


def _base64(name: str, value: str) -> str:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{name}: expected base64") from None
    return value


def from_environment() -> Config:
    """The configuration of this process."""
    return from_env(os.environ)
