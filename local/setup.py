"""Set up a stage: keys, table, buckets, people, certificates and trust list. Only missing parts are made.

1. The root key, a file outside the application.
2. Table, buckets, KMS keys, the mail domain.
3. The engine saves its state. Otherwise a published list could name a key that is lost in a crash.
4. The user pool.
5. The certificates of the `pdf` keys.
6. The trust list, proposed by one person and published by another.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.kms_signer import KmsSigner
from chalicelib.adapters.aws.s3 import S3Static
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.platform.config import Config
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust_list import Pin, TrustKey, TrustList, open_bundle, thumbprint
from chalicelib.trust.services import publish_trust_list
from chalicelib.trust.services.ports import Signer
from local import people, resources, token
from local.engine import READ_SECONDS, Engine
from local.place import Place, write_private

if TYPE_CHECKING:
    from chalicelib.composition.container import Container

PREFIX = "tamga-local"
STAGE = Stage(duty_number="+996 312 000 000")
REAL = Stage(host="tamga.kg", practice=False, duty_number=STAGE.duty_number)  # separate keys, table and root
RENEW_BEFORE = 20 * 86400  # seconds before the list in force expires
CERTIFICATE_DAYS = 3650
PURPOSES = tuple(KeyPurpose)


def practice_host(country: str) -> str:
    """The host of a country's practice register. Another country's is a made-up name that never resolves (RFC 2606)."""
    return STAGE.host if country == STAGE.issuer else f"practice.{country.lower()}.example"


@dataclass(frozen=True, slots=True)
class PreparedStage:
    """A stage that is set up. `env`: the application's configuration, which names no root key."""

    env: Mapping[str, str]
    pool: people.Pool
    table: str


def prepare(
    place: Place,
    engine: Engine,
    stage: Stage = STAGE,
    practice_roots: tuple[str, ...] = (),
    *,
    other_roots: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> PreparedStage:
    """Set up the stage on this engine. Safe to repeat. Raises `Invalid` if the kept files no longer fit together.

    `practice_roots`: thumbprints (hex) of the practice roots that practice mode of its scanner trusts. `other_roots`:
    country -> thumbprints (hex) of the roots of other practice registers.
    """
    root_signer(place)  # 1
    made, signers = _keys(engine)  # 2
    resources.ensure_mail(_client(engine, "sesv2"), stage.host)
    static = S3Static(_client(engine, "s3"), made.static)
    if static.read(publish_trust_list.BUNDLE_PATH) is None:
        engine.stop()  # 3
        engine.start()
    pool = people.ensure_pool(  # 4
        _client(engine, "cognito-idp"), endpoint=engine.endpoint, region=engine.region, password=place.password(),
        country=stage.issuer,
    )  # fmt: skip
    others = tuple(
        Pin(country, tuple(map(bytes.fromhex, found)), stage.practice, practice_host(country))
        for country, found in other_roots.items()
    )
    pin, certificates = ceremony(place, signers, static, pool, made.table, stage, others)  # 5, 6
    env = _configuration(engine, made, signers, certificates, (pin, *others), pool, stage)
    if practice_roots:
        env["TAMGA_PRACTICE_PINS"] = f"{stage.issuer}={'+'.join(practice_roots)}"
    return PreparedStage(env, pool, made.table)


def ceremony(
    place: Place,
    signers: Mapping[KeyPurpose, tuple[Signer, ...]],
    static: S3Static,
    pool: people.Pool,
    table: str,
    stage: Stage = STAGE,
    others: tuple[Pin, ...] = (),
) -> tuple[Pin, tuple[bytes, ...]]:
    """Run steps 5 and 6 for the keys of any stage. Return its pinned root and the certificates of its `pdf` keys."""
    root, now = root_signer(place), int(time.time())
    pin = Pin(stage.issuer, (thumbprint(root.public_key),), stage.practice, practice_host(stage.issuer))
    kind = " practice" if stage.practice else ""
    place.roots.write_text("".join(f"{pin.country} {print_.hex()}{kind}\n" for print_ in pin.thumbprints))
    certificates = tuple(
        _certificate(place, n, signer, now, stage) for n, signer in enumerate(signers[KeyPurpose.PDF], 1)
    )  # 5
    held = static.read(publish_trust_list.BUNDLE_PATH)
    current = open_bundle(held[0], (pin,), now=now)[0] if held else None
    if current is None or current.expires_at - now < RENEW_BEFORE:  # 6
        wanted = (
            key_rotation.renew(current, now)
            if current
            else first_list(root.public_key, signers, certificates, now, stage)
        )
        deps = _unconfigured_container(pool, table, stage, (pin, *others))
        deps.ports.static = static
        _publish(wanted, pool, root, deps)
    return pin, certificates


def root_signer(place: Place) -> FileSigner:
    if not place.root_key.exists():
        place.folder.mkdir(parents=True, exist_ok=True)
        FileSigner.generate(place.root_key)
    return FileSigner(place.root_key)


def first_list(
    root: bytes,
    signers: Mapping[KeyPurpose, tuple[Signer, ...]],
    certificates: tuple[bytes, ...],
    now: int,
    stage: Stage = STAGE,
) -> TrustList:
    """The Party's first trust list: for each purpose one key in use and two spares, in the order of use."""
    kinds = {"permit": tuple(sorted(KINDS)), "status": (), "pdf": ()}
    keys = tuple(
        TrustKey(
            signer.kid,
            signer.public_key,
            purpose,
            kinds[purpose],
            now,
            fingerprint=sha256(certificates[place]).digest() if purpose == "pdf" else None,
        )
        for purpose in PURPOSES
        for place, signer in enumerate(signers[purpose][: resources.LISTED])
    )
    return key_rotation.begin(stage, keys, root, now)


def _client(engine: Engine, service: str) -> Any:
    return make_client(service, region=engine.region, endpoint=engine.endpoint, read_seconds=READ_SECONDS)


def _keys(engine: Engine) -> tuple[resources.Resources, dict[KeyPurpose, tuple[Signer, ...]]]:
    kms = _client(engine, "kms")
    made = resources.ensure(prefix=PREFIX, dynamodb=_client(engine, "dynamodb"), s3=_client(engine, "s3"), kms=kms)
    return made, {purpose: tuple(KmsSigner(kms, alias) for alias in made.keys[purpose]) for purpose in PURPOSES}


def _certificate(place: Place, number: int, signer: Signer, now: int, stage: Stage) -> bytes:
    path = place.certificate(number)
    if not path.exists():
        from chalicelib.issuing.print.seal import self_issued_certificate

        begins = datetime.fromtimestamp(now, UTC) - timedelta(days=1)
        made = self_issued_certificate(
            signer,
            name="Tamga practice" if stage.practice else "Tamga",
            country=stage.issuer,
            not_before=begins,
            not_after=begins + timedelta(days=CERTIFICATE_DAYS),
            serial=secrets.randbits(127) | 1,
        )
        write_private(path, made)
    return path.read_bytes()


def _publish(wanted: TrustList, pool: people.Pool, root: Signer, deps: Container) -> None:
    one, two = (_admin(pool, deps.config.table, name) for name in people.staff_of(pool.country).admins)
    proposal = publish_trust_list.propose(wanted, one, deps)
    publish_trust_list.publish(proposal, two, root, deps)


def _unconfigured_container(pool: people.Pool, table: str, stage: Stage, pins: tuple[Pin, ...]) -> Container:
    """The container of a stage before its configuration is known, with its table and its pins only."""
    from chalicelib.composition.container import container_of

    prints = {pin.country: tuple(each.hex() for each in pin.thumbprints) for pin in pins}
    hosts = {pin.country: pin.practice_host for pin in pins}
    return container_of(
        Config(stage=stage, table=table, region=pool.region, endpoint=pool.endpoint, pins=prints, practice_hosts=hosts)
    )


def _admin(pool: people.Pool, table: str, name: str) -> Actor:
    subject = token.ensure_registered(pool, table, name, ["admin"])
    return Actor(subject, people.full_name(name, pool.country), frozenset({"admin"}))


def _configuration(
    engine: Engine,
    made: resources.Resources,
    signers: Mapping[KeyPurpose, tuple[Signer, ...]],
    certificates: tuple[bytes, ...],
    pins: tuple[Pin, ...],
    pool: people.Pool,
    stage: Stage,
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
        "TAMGA_ISSUER": stage.issuer,
        "TAMGA_HOST": stage.host,
        "TAMGA_ZONE": stage.zone,
        "TAMGA_PRACTICE": "yes" if stage.practice else "no",
        "TAMGA_DUTY_NUMBER": stage.duty_number,
        "TAMGA_PAPER_UNTIL": stage.today(int(time.time())).isoformat(),  # to try out the paper register
        "TAMGA_TABLE": made.table,
        "TAMGA_FILES_BUCKET": made.blobs,
        "TAMGA_STATIC_BUCKET": made.static,
        "TAMGA_KEYS": ",".join(f"{signer.kid.hex()}={alias}" for signer, alias in pairs),
        "TAMGA_PDF_CERTIFICATE": ",".join(base64.b64encode(each).decode() for each in certificates),
        "TAMGA_PRACTICE_HOSTS": ",".join(f"{pin.country}={pin.practice_host}" for pin in pins),
        "TAMGA_PINS": ",".join(f"{pin.country}={'+'.join(each.hex() for each in pin.thumbprints)}" for pin in pins),
        "TAMGA_TOKEN_ISSUER": pool.issuer,
        "TAMGA_JWKS_URL": pool.jwks_url,
        "TAMGA_CLIENT_IDS": pool.client_id,
        "TAMGA_ENQUIRIES": f"cites@{stage.host}",
        "TAMGA_EXCHANGE_HOST": f"epix.{stage.host}",
        "TAMGA_NOTICES_FROM": f"notices@{stage.host}",
        "TAMGA_EXPORTER_PAGE": f"https://staff.{stage.host}/exporter/",  # local/run.py replaces it: it knows the port
    }
