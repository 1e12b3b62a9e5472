"""The composition root: which adapter stands behind which port in this process. Lazy; nothing is made on import."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chalicelib import tables
from chalicelib.config import Config, from_environment
from chalicelib.core.errors import Unavailable
from chalicelib.core.ledger import Posts
from chalicelib.core.listing import Listing
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.core.trust import Trust
from chalicelib.core.trust_list import Pin, open_bundle
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
from chalicelib.services import issue_permit, print_permit, publish_status
from chalicelib.services.publish_trust import BUNDLE_PATH
from chalicelib.services.verify_permit import Checker

TRUST_KEPT = 60  # seconds a process believes the trust list that it read
OFFLINE_LIMITS: Mapping[str, str] = {"": "20", "KGM": "50"}


class Office:
    """Everything that an edge or the CLI needs, by name. Tests make one of memory adapters (`tests/office.py`)."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._trust: tuple[int, Trust] | None = None

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

        return S3Blobs(self._client("s3"), self.config.files_bucket)

    @cached_property
    def static(self) -> StaticStore:
        from chalicelib.adapters.s3_static import S3Static

        return S3Static(self._client("s3"), self.config.static_bucket)

    @cached_property
    def issuer(self) -> PermitIssuer:
        if self.config.issuer_function:
            from chalicelib.adapters.lambda_issuer import LambdaIssuer

            return LambdaIssuer(self._function_client(), self.config.issuer_function)
        return Here(issue_here=self.issue_here)

    @cached_property
    def printer(self) -> PermitPrinter:
        if self.config.printer_function:
            from chalicelib.adapters.lambda_printer import LambdaPrinter

            return LambdaPrinter(self._function_client(), self.config.printer_function)
        return Here(make_here=self.print_here)

    @cached_property
    def publisher(self) -> StatusPublisher:
        if self.config.status_function:
            from chalicelib.adapters.lambda_publisher import LambdaPublisher

            return LambdaPublisher(self._function_client(), self.config.status_function)
        return Here(publish_here=self.publish_here)

    @cached_property
    def reader(self) -> DocumentReader:
        if self.config.reader_function:
            from chalicelib.adapters.lambda_reader import LambdaReader

            return LambdaReader(self._function_client(), self.config.reader_function)
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
        """The published trust lists, read again once a minute. Raises `Unavailable` while there are none."""
        now = self.clock()
        if self._trust is None or not 0 <= now - self._trust[0] < TRUST_KEPT:
            held = self.static.read(BUNDLE_PATH)
            if held is None:
                raise Unavailable("There is no trust list yet.")
            lists = open_bundle(held[0], self.pins, now=now)
            fetched = {each.issuer: now for each in lists}
            newest = max((each.seq for each in lists), default=0)
            self._trust = (now, Trust(lists, self.pins, fetched, newest))
        return self._trust[1]

    def checker(self) -> Checker:
        return Checker(self.stage, self.trust(), self.posts)

    def signer(self, kid: bytes) -> Signer:
        """The signer of this key; raises `Unavailable` for a key that this function was not given."""
        key_id = self.config.keys.get(kid.hex())
        if key_id is None:
            raise Unavailable("This function may not use that key.")
        from chalicelib.adapters.kms_signer import KmsSigner

        return KmsSigner(self._kms, key_id)

    def issue_here(self, permit_id: str) -> None:
        """The issuing function's work: sign, and make the print, which may fail and be made later."""
        issue_permit.sign(
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

    def _client(self, service: str, **options: Any) -> Any:
        from chalicelib.adapters.aws import make_client

        return make_client(service, region=self.config.region, endpoint=self.config.endpoint, **options)

    def _function_client(self) -> Any:
        from chalicelib.adapters.lambda_issuer import READ_SECONDS

        return self._client("lambda", attempts=1, read_seconds=READ_SECONDS)


@dataclass(frozen=True, slots=True)
class Here:
    """The other functions' work done in this process: the local run, and tests."""

    issue_here: Callable[[str], None] | None = None
    make_here: Callable[[str, bool], None] | None = None
    publish_here: Callable[[str], None] | None = None

    def issue(self, permit_id: str) -> None:
        if self.issue_here:
            self.issue_here(permit_id)

    def make(self, permit_id: str, *, original: bool = False) -> None:
        if self.make_here:
            self.make_here(permit_id, original)

    def publish(self, uri: str) -> None:
        try:
            if self.publish_here:
                self.publish_here(uri)
        except Unavailable:
            return  # the schedule makes it good


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
