"""Configuration of a deployment, read from environment variables. All services get it from here.

Each function is given only the variables that it needs. An empty variable counts as unset, and only set variables are
checked.

| variable | meaning | default |
|---|---|---|
| TAMGA_ISSUER | the issuing Party, ISO 3166-1 alpha-2 | KG |
| TAMGA_HOST | host signed into permits | practice.tamga.kg |
| TAMGA_STATUS_HOST | host in the addresses of status lists, if TAMGA_HOST has changed since | TAMGA_HOST |
| TAMGA_ZONE | IANA zone of the Party's days | Asia/Bishkek |
| TAMGA_PRACTICE | `yes`, or `no` for production | yes |
| TAMGA_FIRST_SERIAL | first serial of a year | 1 |
| TAMGA_PAPER_UNTIL | last day on which permits were issued on paper, `YYYY-MM-DD`; without it none is imported | |
| TAMGA_DUTY_NUMBER | telephone of the duty desk | |
| TAMGA_PLACE | place of issue, block 13 | Bishkek |
| TAMGA_TABLE, TAMGA_FILES_BUCKET, TAMGA_STATIC_BUCKET | where rows, files and lists are stored | |
| TAMGA_FILES_LOCK | object lock of the files' bucket: GOVERNANCE or COMPLIANCE | no object lock |
| TAMGA_KEYS | `kid=key id,...`: KMS keys by the hex of their kid | |
| TAMGA_PDF_CERTIFICATE | base64 DER certificates of the `pdf` keys, with commas; the active key's one is used | |
| TAMGA_PINS | `KG=hex thumbprint[+hex thumbprint],...` of root keys | |
| TAMGA_PRACTICE_PINS | the same for practice roots, for practice in a production scanner; only the pages use it | |
| TAMGA_PRACTICE_HOSTS | `KG=host,...`: host of each Party's practice stage | KG=practice.tamga.kg |
| TAMGA_TOKEN_ISSUER, TAMGA_JWKS_URL, TAMGA_CLIENT_IDS | issuer, keys and clients of accepted access tokens | |
| TAMGA_SIGN_IN | host of the user pool's sign-in page, for the staff's pages | the pages' own host |
| TAMGA_ENQUIRIES | the authority's e-mail address for questions about a permit; only the pages use it | |
| TAMGA_NOTICES_FROM | sender of notices to applicants; without it no notice is sent | |
| TAMGA_EXPORTER_PAGE | address of the exporter's page, for these notices | |
| TAMGA_EXCHANGE_HOST | host at which other Parties ask us, by mutual TLS; without it nobody has access | |
| TAMGA_EXCHANGE_ENDPOINTS | `UZ=https://...,...`: addresses of other Parties' EPIX services | none |
| TAMGA_EXCHANGE_CREDENTIALS | our certificate for them: a file (PEM, with its key), or `secret:` and its ARN | |
| TAMGA_EXCHANGE_AUTHORITIES | file (PEM) of the authorities that issued their servers' certificates | the public ones |
| TAMGA_{ISSUER,PRINTER,READER,STATUS,EXCHANGE}_FUNCTION | names of our other functions | in this process |
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

from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.kernel.days import day
from chalicelib.kernel.stage import Stage
from chalicelib.kernel.text import EMAIL, HOST_NAME, SHA256

KID = re.compile(r"[0-9a-f]{16}")  # 8 bytes, FORMAT.md 2

KEY_ID = re.compile(r"[A-Za-z0-9:/_-]{1,256}")  # KMS: id, ARN or alias

LOCK = re.compile(r"GOVERNANCE|COMPLIANCE")  # S3 object lock modes

PAGE = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?/[a-z/]*")

ENDPOINT = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/?=&-]*")

ROOTS_AT_MOST = 2  # roots of a Party: the present one and its successor


@dataclass(frozen=True, slots=True)
class Config:
    """Configuration of one deployment. `pins`: country -> root thumbprints (hex); `keys`: kid (hex) -> KMS key id."""

    stage: Stage = field(default_factory=Stage)
    place: str = "Bishkek"
    table: str = ""
    files_bucket: str = ""
    files_lock: str = ""
    static_bucket: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    pdf_certificate: str = ""
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    practice_pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    practice_hosts: Mapping[str, str] = field(default_factory=lambda: practice_hosts({}))
    token_issuer: str = ""
    jwks_url: str = ""
    client_ids: tuple[str, ...] = ()
    sign_in: str = ""
    enquiries: str = ""
    notices_from: str = ""
    exporter_page: str = ""
    exchange_host: str = ""
    exchange_endpoints: Mapping[str, str] = field(default_factory=dict)
    exchange_credentials: str = ""
    exchange_authorities: str = ""
    issuer_function: str = ""
    printer_function: str = ""
    reader_function: str = ""
    status_function: str = ""
    exchange_function: str = ""
    endpoint: str | None = None
    region: str = "eu-central-1"


def from_env(env: Mapping[str, str]) -> Config:
    """Read the variables in the module's table.

    Raises ValueError that names a malformed variable. It also refuses a root that is pinned for production and for
    practice.
    """

    def text(name: str, default: str, form: re.Pattern[str], expected: str) -> str:
        value = env.get(name) or default
        if value and not form.fullmatch(value):
            raise ValueError(f"{name}: expected {expected}")
        return value

    def pairs(name: str, left: re.Pattern[str], right: re.Pattern[str], expected: str) -> dict[str, str]:
        return _pairs(name, env.get(name, ""), left, right, expected)

    prints = re.compile(rf"{SHA256.pattern}(\+{SHA256.pattern}){{0,{ROOTS_AT_MOST - 1}}}")
    stage = Stage(
        issuer=text("TAMGA_ISSUER", "KG", COUNTRY_FORM, "two capital letters"),
        host=text("TAMGA_HOST", "practice.tamga.kg", HOST_NAME, "a host name in lower case"),
        status_host=text("TAMGA_STATUS_HOST", "", HOST_NAME, "a host name in lower case"),
        zone=_zone(env.get("TAMGA_ZONE") or "Asia/Bishkek"),
        practice=text("TAMGA_PRACTICE", "yes", re.compile("yes|no"), "yes or no") == "yes",
        first_serial=int(text("TAMGA_FIRST_SERIAL", "1", re.compile("[1-9][0-9]{0,5}"), "1..999999")),
        paper_until=_day("TAMGA_PAPER_UNTIL", env.get("TAMGA_PAPER_UNTIL", "")),
        duty_number=env.get("TAMGA_DUTY_NUMBER", ""),
    )

    def roots(name: str) -> dict[str, tuple[str, ...]]:
        found = pairs(name, COUNTRY_FORM, prints, "Party=64 hex digits[+64 hex digits],...")
        return {country: tuple(value.split("+")) for country, value in found.items()}

    pins, practice_pins = roots("TAMGA_PINS"), roots("TAMGA_PRACTICE_PINS")
    if {each for held in pins.values() for each in held} & {each for held in practice_pins.values() for each in held}:
        raise ValueError("TAMGA_PRACTICE_PINS: a root is listed in TAMGA_PINS too; list it in one of the two")
    return Config(
        stage=stage,
        place=env.get("TAMGA_PLACE", "Bishkek"),
        table=env.get("TAMGA_TABLE", ""),
        files_bucket=env.get("TAMGA_FILES_BUCKET", ""),
        files_lock=text("TAMGA_FILES_LOCK", "", LOCK, "GOVERNANCE or COMPLIANCE"),
        static_bucket=env.get("TAMGA_STATIC_BUCKET", ""),
        keys=pairs("TAMGA_KEYS", KID, KEY_ID, "16 hex digits=key id,..."),
        pdf_certificate=_base64("TAMGA_PDF_CERTIFICATE", env.get("TAMGA_PDF_CERTIFICATE", "")),
        pins=pins,
        practice_pins=practice_pins,
        practice_hosts=practice_hosts(env),
        token_issuer=env.get("TAMGA_TOKEN_ISSUER", ""),
        jwks_url=env.get("TAMGA_JWKS_URL", ""),
        client_ids=tuple(c for c in env.get("TAMGA_CLIENT_IDS", "").split(",") if c),
        sign_in=text("TAMGA_SIGN_IN", "", HOST_NAME, "a host name in lower case"),
        enquiries=text("TAMGA_ENQUIRIES", "", EMAIL, "an e-mail address"),
        notices_from=text("TAMGA_NOTICES_FROM", "", EMAIL, "an e-mail address"),
        exporter_page=text("TAMGA_EXPORTER_PAGE", "", PAGE, "the address of a page, https://.../"),
        exchange_host=text("TAMGA_EXCHANGE_HOST", "", HOST_NAME, "a host name in lower case"),
        exchange_endpoints=pairs(
            "TAMGA_EXCHANGE_ENDPOINTS", COUNTRY_FORM, ENDPOINT, "Party=https://host[:port]/path,..."
        ),
        exchange_credentials=env.get("TAMGA_EXCHANGE_CREDENTIALS", ""),
        exchange_authorities=env.get("TAMGA_EXCHANGE_AUTHORITIES", ""),
        issuer_function=env.get("TAMGA_ISSUER_FUNCTION", ""),
        printer_function=env.get("TAMGA_PRINTER_FUNCTION", ""),
        reader_function=env.get("TAMGA_READER_FUNCTION", ""),
        status_function=env.get("TAMGA_STATUS_FUNCTION", ""),
        exchange_function=env.get("TAMGA_EXCHANGE_FUNCTION", ""),
        endpoint=env.get("TAMGA_ENDPOINT") or None,
        region=env.get("AWS_REGION", "eu-central-1"),
    )


def practice_hosts(env: Mapping[str, str]) -> dict[str, str]:
    """Read TAMGA_PRACTICE_HOSTS: country -> host. A verifier without a stage uses it too.

    Raises ValueError if it is malformed or two countries have the same host.
    """
    name, expected = "TAMGA_PRACTICE_HOSTS", "Party=a host name in lower case,..."
    found = _pairs(name, env.get(name) or "KG=practice.tamga.kg", COUNTRY_FORM, HOST_NAME, expected)
    if len({*found.values()}) != len(found):
        raise ValueError(f"{name}: expected a different host for each Party")
    return found


def _pairs(name: str, text: str, left: re.Pattern[str], right: re.Pattern[str], expected: str) -> dict[str, str]:
    items = [item.partition("=")[::2] for item in text.split(",") if item]
    if len(dict(items)) != len(items) or not all(left.fullmatch(n) and right.fullmatch(v) for n, v in items):
        raise ValueError(f"{name}: expected {expected}, each name once")
    return dict(items)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("TAMGA_ZONE: expected an IANA time zone") from None
    return name


def _day(name: str, value: str) -> str:
    if value and day(value) is None:
        raise ValueError(f"{name}: expected a date, YYYY-MM-DD")
    return value


def _base64(name: str, value: str) -> str:
    try:
        for part in value.split(","):
            base64.b64decode(part, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{name}: expected base64[,base64,...]") from None
    return value


def from_environment() -> Config:
    """Read the configuration of this process."""
    return from_env(os.environ)
