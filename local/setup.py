"""What a stage needs before it can serve: keys, table, buckets, people, certificate, trust list; made if missing.

1 the root key, a file outside the application    2 table, buckets, KMS keys    3 the engine saves, so that no
published list ever names a key that a crash could lose    4 the user pool    5 the `pdf` certificate    6 the trust
list, prepared by one person and published by another
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.adapters.aws import make_client
from chalicelib.adapters.file_signer import FileSigner
from chalicelib.adapters.kms_signer import KmsSigner
from chalicelib.adapters.s3_static import S3Static
from chalicelib.core import rotation
from chalicelib.core.codes import KINDS
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.core.trust_list import LIFETIME, Host, Pin, Purpose, TrustKey, TrustList, open_bundle, thumbprint
from chalicelib.ports import Signer
from chalicelib.services import publish_trust
from local import people, resources, token
from local.engine import Engine
from local.place import Place, write_private

PREFIX = "tamga-local"
STAGE = Stage(duty_number="+996 312 000 000")
RENEW_BEFORE = 20 * 86400  # seconds before the list in force expires
CERTIFICATE_DAYS = 3650
PURPOSES: tuple[Purpose, ...] = ("permit", "status", "pdf")
PREPARES, PUBLISHES = "gulnara", "marat"  # the two who make a trust list


@dataclass(frozen=True, slots=True)
class Ready:
    """`env`: the application's configuration, in which no root key occurs."""

    env: Mapping[str, str]
    pool: people.Pool
    table: str


def prepare(place: Place, engine: Engine) -> Ready:
    """The stage on this engine; safe to repeat. Raises `Invalid` if what is kept does not fit together any more."""
    root = root_signer(place)  # 1
    made, signers = _keys(engine)  # 2
    static = S3Static(_client(engine, "s3"), made.static)
    pin = Pin(STAGE.issuer, (thumbprint(root.public_key),), practice=STAGE.practice)
    place.roots.write_text("".join(f"{pin.country} {print_.hex()} practice\n" for print_ in pin.thumbprints))
    now = int(time.time())
    held = static.read(publish_trust.BUNDLE_PATH)
    if held is None:
        engine.stop()  # 3
        engine.start()
    pool = people.ensure_pool(  # 4
        _client(engine, "cognito-idp"), endpoint=engine.endpoint, region=engine.region, password=place.password()
    )
    certificate = _certificate(place, signers["pdf"][0], now)  # 5
    current = open_bundle(held[0], (pin,), now=now)[0] if held else None
    if current is None or current.expires_at - now < RENEW_BEFORE:  # 6
        wanted = rotation.renew(current, now) if current else first_list(root.public_key, signers, certificate, now)
        _publish(wanted, pool, root, pin, made.table, static, now)
    return Ready(_configuration(engine, made, signers, certificate, pin, pool), pool, made.table)


def root_signer(place: Place) -> FileSigner:
    if not place.root_key.exists():
        place.folder.mkdir(parents=True, exist_ok=True)
        FileSigner.generate(place.root_key)
    return FileSigner(place.root_key)


def first_list(root: bytes, signers: Mapping[Purpose, tuple[Signer, ...]], certificate: bytes, now: int) -> TrustList:
    """The practice Party's first list: every key, in the order of its turn."""
    kinds = {"permit": tuple(sorted(KINDS)), "status": (), "pdf": ()}
    keys = tuple(
        TrustKey(
            signer.kid,
            signer.public_key,
            purpose,
            kinds[purpose],
            now,
            fingerprint=sha256(certificate).digest() if purpose == "pdf" else None,
        )
        for purpose in PURPOSES
        for signer in signers[purpose]
    )
    return TrustList(
        issuer=STAGE.issuer,
        seq=now,
        not_before=now,
        expires_at=now + LIFETIME,
        zone=STAGE.zone,
        hosts=(Host(STAGE.host, now),),
        status_prefix=f"https://{STAGE.host}/s/",
        keys=keys,
        root=root,
    )


def _client(engine: Engine, service: str) -> Any:
    return make_client(service, region=engine.region, endpoint=engine.endpoint)


def _keys(engine: Engine) -> tuple[resources.Resources, dict[Purpose, tuple[Signer, ...]]]:
    kms = _client(engine, "kms")
    made = resources.ensure(prefix=PREFIX, dynamodb=_client(engine, "dynamodb"), s3=_client(engine, "s3"), kms=kms)
    return made, {purpose: tuple(KmsSigner(kms, alias) for alias in made.keys[purpose]) for purpose in PURPOSES}


def _certificate(place: Place, signer: Signer, now: int) -> bytes:
    if not place.certificate.exists():
        from chalicelib.documents.seal_pdf import self_issued_certificate

        begins = datetime.fromtimestamp(now, UTC) - timedelta(days=1)
        made = self_issued_certificate(
            signer,
            name="Tamga practice",
            country=STAGE.issuer,
            not_before=begins,
            not_after=begins + timedelta(days=CERTIFICATE_DAYS),
            serial=secrets.randbits(127) | 1,
        )
        write_private(place.certificate, made)
    return place.certificate.read_bytes()


def _publish(
    wanted: TrustList, pool: people.Pool, root: Signer, pin: Pin, table: str, static: S3Static, now: int
) -> None:
    from ulid import ULID

    from chalicelib.adapters.dynamo_register import DynamoRegister

    register = DynamoRegister(table, region=pool.region, endpoint=pool.endpoint)
    one, two = (_admin(pool, table, name) for name in (PREPARES, PUBLISHES))
    proposal = publish_trust.propose(wanted, one, register=register, new_id=lambda: str(ULID()), now=now)
    publish_trust.publish(proposal, two, root, register=register, static=static, pins=(pin,), now=now)


def _admin(pool: people.Pool, table: str, name: str) -> Actor:
    subject = token.hire(pool, table, name, ["admin"])
    return Actor(subject, people.full_name(name), frozenset({"admin"}))


def _configuration(
    engine: Engine,
    made: resources.Resources,
    signers: Mapping[Purpose, tuple[Signer, ...]],
    certificate: bytes,
    pin: Pin,
    pool: people.Pool,
) -> dict[str, str]:
    pairs = zip(
        (signer for purpose in PURPOSES for signer in signers[purpose]),
        (alias for purpose in PURPOSES for alias in made.keys[purpose]),
        strict=True,
    )
    return {
        **engine.env,
        "AWS_REGION": engine.region,
        "TAMGA_ENDPOINT": engine.endpoint,
        "TAMGA_ISSUER": STAGE.issuer,
        "TAMGA_HOST": STAGE.host,
        "TAMGA_ZONE": STAGE.zone,
        "TAMGA_PRACTICE": "yes",
        "TAMGA_DUTY_NUMBER": STAGE.duty_number,
        "TAMGA_TABLE": made.table,
        "TAMGA_FILES_BUCKET": made.blobs,
        "TAMGA_STATIC_BUCKET": made.static,
        "TAMGA_KEYS": ",".join(f"{signer.kid.hex()}={alias}" for signer, alias in pairs),
        "TAMGA_PDF_CERTIFICATE": base64.b64encode(certificate).decode(),
        "TAMGA_PINS": f"{pin.country}={'+'.join(print_.hex() for print_ in pin.thumbprints)}",
        "TAMGA_TOKEN_ISSUER": pool.issuer,
        "TAMGA_JWKS_URL": pool.jwks_url,
        "TAMGA_CLIENT_IDS": pool.client_id,
    }
