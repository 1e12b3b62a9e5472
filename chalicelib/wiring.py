"""The composition root: which adapter stands behind which port in this process. Lazy; nothing is made on import."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from chalicelib import log, tables
from chalicelib.config import Config, from_environment
from chalicelib.core.errors import Unavailable
from chalicelib.core.ledger import Posts
from chalicelib.core.listing import Listing
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.core.trust import Trust
from chalicelib.core.trust_list import Pin
from chalicelib.ports import (
    BlobStore,
    DocumentReader,
    PermitIssuer,
    PermitPrinter,
    PermitRegister,
    Signer,
    StaticStore,
    StatusPublisher,
)
from chalicelib.services import make_bundle, print_permit, publish_status, sign_permit
from chalicelib.services.hold_trust import HeldTrust
from chalicelib.services.verify_permit import Checker

BUNDLE_KEPT = 60  # seconds that a process hands out the offline bundle it put together: half a hundred reads


class Office:
    """Everything that an edge or the CLI needs, by name. Tests make one of memory adapters (`tests/office.py`)."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._trust: HeldTrust | None = None
        self._bundle: tuple[int, make_bundle.Bundle] | None = None
        self._kms_signers: dict[bytes, Signer] = {}

    @property
    def stage(self) -> Stage:
        return self.config.stage

    def clock(self) -> int:
        """Whole seconds since 1970, UTC."""
        return int(time.time())

    def new_id(self) -> str:
        """A ULID: sorts by time, tells nothing else."""
        from ulid import ULID

        return str(ULID())

    def random_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    @property
    def listing(self) -> Listing:
        return tables.listing()

    @property
    def posts(self) -> Posts:
        return tables.posts()

    @cached_property
    def register(self) -> PermitRegister:
        from chalicelib.adapters.dynamo_register import DynamoRegister

        return DynamoRegister(self.config.table, region=self.config.region, endpoint=self.config.endpoint)

    @cached_property
    def blobs(self) -> BlobStore:
        from chalicelib.adapters.s3_blobs import S3Blobs

        return S3Blobs(self._s3, self.config.files_bucket)

    @cached_property
    def static(self) -> StaticStore:
        from chalicelib.adapters.s3_static import S3Static

        return S3Static(self._s3, self.config.static_bucket)

    @cached_property
    def issuer(self) -> PermitIssuer:
        if self.config.issuer_function:
            from chalicelib.adapters.lambda_issuer import LambdaIssuer

            return LambdaIssuer(self._functions, self.config.issuer_function)
        from chalicelib.adapters.memory import MemoryIssuer

        return MemoryIssuer(self.issue_here)

    @cached_property
    def printer(self) -> PermitPrinter:
        if self.config.printer_function:
            from chalicelib.adapters.lambda_printer import LambdaPrinter

            return LambdaPrinter(self._functions, self.config.printer_function)
        from chalicelib.adapters.memory import MemoryPrinter

        return MemoryPrinter(self.print_here)

    @cached_property
    def publisher(self) -> StatusPublisher:
        if self.config.status_function:
            from chalicelib.adapters.lambda_publisher import LambdaPublisher

            return LambdaPublisher(self._functions, self.config.status_function)
        from chalicelib.adapters.memory import MemoryPublisher

        return MemoryPublisher(self.publish_here)

    @cached_property
    def reader(self) -> DocumentReader:
        if self.config.reader_function:
            from chalicelib.adapters.lambda_reader import LambdaReader

            return LambdaReader(self._functions, self.config.reader_function)
        from chalicelib.adapters.process_reader import ProcessReader

        return ProcessReader()

    @cached_property
    def authenticate(self) -> Callable[[str], Actor]:
        """The person behind an access token, without posts; raises `Unauthenticated`."""
        from chalicelib.adapters.access_tokens import AccessTokens, fetch_from

        return AccessTokens(
            issuer=self.config.token_issuer,
            client_ids=self.config.client_ids,
            fetch=fetch_from(self.config.jwks_url),
            clock=self.clock,
        )

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Our own first: where another Party's list names our host, ours has it (`Trust`)."""
        return tuple(
            Pin(country, tuple(bytes.fromhex(t) for t in thumbprints), practice=self.stage.practice)
            for country, thumbprints in sorted(self.config.pins.items(), key=lambda item: item[0] != self.stage.issuer)
        )

    def trust(self) -> Trust:
        """The published trust lists, as `hold_trust` keeps them. Raises `Unavailable` while there are none."""
        if self._trust is None:
            self._trust = HeldTrust(
                self.stage.issuer,
                self.pins,
                register=self.register,
                static=self.static,
                report=lambda error: log.fault(error, "trust"),
            )
        return self._trust.at(self.clock())

    def checker(self) -> Checker:
        return Checker(self.stage, self.trust(), self.posts, tables.offline_limits())

    def bundle(self) -> make_bundle.Bundle:
        """What devices need offline, put together at most once a minute; the permission to ask is the edge's."""
        now = self.clock()
        if self._bundle is None or not 0 <= now - self._bundle[0] < BUNDLE_KEPT:
            made = make_bundle.bundle(
                register=self.register,
                static=self.static,
                stage=self.stage,
                posts=self.posts,
                offline_limits=tables.offline_limits(),
                now=now,
            )
            self._bundle = (now, made)
        return self._bundle[1]

    def signer(self, kid: bytes) -> Signer:
        """The signer of this key; raises `Unavailable` for a key that this function was not given."""
        key_id = self.config.keys.get(kid.hex())
        if key_id is None:
            raise Unavailable("This function may not use that key.")
        if kid not in self._kms_signers:
            from chalicelib.adapters.kms_signer import KmsSigner

            self._kms_signers[kid] = KmsSigner(self._kms, key_id)  # kept, for it keeps the public key that it asked for
        return self._kms_signers[kid]

    def issue_here(self, permit_id: str) -> None:
        """The issuing function's work: sign what the register says. The print is made when it is first fetched."""
        sign_permit.sign(
            permit_id,
            register=self.register,
            signers=self.signer,
            trust=self.trust(),
            listing=self.listing,
            stage=self.stage,
            now=self.clock(),
        )

    def print_here(self, permit_id: str, original: bool) -> None:
        """The printing function's work."""
        print_permit.make(
            permit_id,
            register=self.register,
            blobs=self.blobs,
            render=self.render,
            stage=self.stage,
            original=original,
        )

    def publish_here(self, uri: str) -> None:
        """The status function's work for one list, at once."""
        publish_status.publish(
            uri,
            register=self.register,
            static=self.static,
            signers=self.signer,
            trust=self.trust(),
            stage=self.stage,
            now=self.clock(),
            at_once=True,
        )

    def publish_due(self) -> list[str]:
        """The schedule's work: every list that is due."""
        return publish_status.publish_due(
            register=self.register,
            static=self.static,
            signers=self.signer,
            trust=self.trust(),
            stage=self.stage,
            now=self.clock(),
        )

    @cached_property
    def render(self) -> Callable[..., bytes]:
        from chalicelib.documents.print_dossier import printer
        from chalicelib.documents.sheet import Authority

        return printer(
            signer=self._pdf_signer,
            certificate=self.pdf_certificate,
            clock=self.clock,
            stage=self.stage,
            authority=Authority(**tables.authority(self.stage.issuer)),
            place=self.config.place,
        )

    @property
    def pdf_certificate(self) -> bytes:
        return base64.b64decode(self.config.pdf_certificate)

    def _pdf_signer(self) -> Signer:
        from chalicelib.core.trust import active_key

        trust_list = self.trust().list_for(self.stage.issuer)
        if trust_list is None:
            raise Unavailable("There is no trust list to sign under.")
        return self.signer(active_key(trust_list, "pdf", self.clock()).kid)

    @cached_property
    def _kms(self) -> Any:
        return self._client("kms", attempts=1)

    @cached_property
    def _s3(self) -> Any:
        return self._client("s3")

    @cached_property
    def _functions(self) -> Any:
        from chalicelib.adapters.lambda_issuer import READ_SECONDS

        return self._client("lambda", attempts=1, read_seconds=READ_SECONDS)

    def _client(self, service: str, **options: Any) -> Any:
        from chalicelib.adapters.aws import make_client

        return make_client(service, region=self.config.region, endpoint=self.config.endpoint, **options)


_office: Office | None = None


def office() -> Office:
    """This process's office, made from the environment at the first call."""
    global _office  # noqa: PLW0603
    if _office is None:
        _office = Office(from_environment())
    return _office


def use(other: Office | None) -> None:
    """Put another office in place (tests, the local run); None: make it from the environment again."""
    global _office  # noqa: PLW0603
    _office = other
