"""Adapters behind the ports of this process.

Nothing is made on import, and each adapter is imported at its first use. Every function starts here and uses only some
of the adapters.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.platform import log
from chalicelib.platform.config import Config

if TYPE_CHECKING:
    from chalicelib.diagnostics.services import Surroundings
    from chalicelib.exchange.services.ask_party import PartyServices
    from chalicelib.mail.services import Mailer
    from chalicelib.platform.deps import BlobStore, PermitRegister, StaticStore
    from chalicelib.platform.restore_lock import RestoreLock
    from chalicelib.reading.read_document import DocumentReader
    from chalicelib.trust.services.party_lists import PublishedLists
    from chalicelib.trust.services.ports import Signer


class Ports:
    """Ports of a process by name, with its clock, ids and random bytes."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._kms_signers: dict[bytes, Signer] = {}

    @property
    def stage(self) -> Stage:
        return self.config.stage

    def clock(self) -> int:
        """Return the current time in whole seconds since 1970, UTC."""
        return int(time.time())

    def new_id(self) -> str:
        """Return a ULID. It sorts by time and has no other meaning."""
        from ulid import ULID

        return str(ULID())

    def random_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    @cached_property
    def register(self) -> PermitRegister:
        from chalicelib.adapters.aws.register import DynamoRegister
        from chalicelib.platform.restore_lock import LockedRegister

        table = DynamoRegister(self.config.table, region=self.config.region, endpoint=self.config.endpoint)
        return LockedRegister(table, self.restore_lock)

    @cached_property
    def parties(self) -> PartyServices | None:
        """Other Parties' services, or None if no address is configured."""
        if not self.config.exchange_endpoints:
            return None
        if self.config.exchange_function:
            from chalicelib.adapters.aws.functions import LambdaParties

            countries = frozenset(self.config.exchange_endpoints)
            return LambdaParties(self.functions, self.config.exchange_function, countries)
        return self.epix

    @cached_property
    def epix(self) -> PartyServices:
        """Client of other Parties' EPIX services, for the function that asks them directly."""
        from chalicelib.adapters.outside.epix import EpixClient

        return EpixClient(
            self.config.exchange_endpoints,
            credentials=self._party_credentials,
            authorities=self.config.exchange_authorities,
        )

    def _party_credentials(self) -> str:
        """Return our client certificate and its key, PEM. Raises `Unavailable`."""
        where = self.config.exchange_credentials
        if not where:
            raise Unavailable("No client certificate for other Parties is configured.")
        if where.startswith("secret:"):
            secret = self._client("secretsmanager").get_secret_value(SecretId=where.removeprefix("secret:"))
            return str(secret["SecretString"])
        try:
            return Path(where).read_text("ascii")
        except (OSError, ValueError):
            raise Unavailable("Our client certificate for other Parties cannot be read.") from None

    @cached_property
    def published_lists(self) -> PublishedLists:
        """Reader of the lists on other Parties' hosts."""
        from chalicelib.adapters.outside.party_lists import HttpsLists

        return HttpsLists()

    @cached_property
    def restore_lock(self) -> RestoreLock:
        """Restore lock of the register."""
        from chalicelib.platform.restore_lock import RestoreLock

        return RestoreLock(
            self.stage.issuer,
            register=lambda: self.register,
            static=lambda: self.static,
            clock=self.clock,
            report=lambda error: log.fault(error, "restore lock"),
        )

    @cached_property
    def blobs(self) -> BlobStore:
        from chalicelib.adapters.aws.s3 import S3Blobs

        return S3Blobs(self._s3, self.config.files_bucket, lock=self.config.files_lock)

    @cached_property
    def static(self) -> StaticStore:
        from chalicelib.adapters.aws.s3 import S3Static

        return S3Static(self._s3, self.config.static_bucket)

    @cached_property
    def reader(self) -> DocumentReader:
        if self.config.reader_function:
            from chalicelib.adapters.aws.functions import LambdaReader

            return LambdaReader(self.functions, self.config.reader_function)
        from chalicelib.adapters.in_process.reader import ProcessReader

        return ProcessReader()

    @cached_property
    def authenticate(self) -> Callable[[str], Actor]:
        """Function from an access token to the person, without posts. It raises `Unauthenticated`."""
        from chalicelib.adapters.outside.access_tokens import AccessTokens

        return AccessTokens(
            issuer=self.config.token_issuer,
            client_ids=self.config.client_ids,
            fetch=self.token_keys,
            clock=self.clock,
        )

    @cached_property
    def token_keys(self) -> Callable[[], bytes]:
        """Function that fetches the keys of access tokens (JWKS)."""
        from chalicelib.adapters.outside.access_tokens import fetch_from

        return fetch_from(self.config.jwks_url)

    def signer(self, kid: bytes) -> Signer:
        """Return the signer of this key. Raises `Unavailable` for a key that this function does not have."""
        key_id = self.config.keys.get(kid.hex())
        if key_id is None:
            raise Unavailable("This function may not use that key.")
        if kid not in self._kms_signers:
            self._kms_signers[kid] = self.signer_by_alias(key_id)  # cached, because a signer caches the public key
        return self._kms_signers[kid]

    def signer_by_alias(self, key_id: str) -> Signer:
        """Return the signer of a KMS key by id, ARN or alias, configured or not: for the administration of keys."""
        from chalicelib.adapters.aws.kms_signer import KmsSigner

        return KmsSigner(self._kms, key_id)

    @cached_property
    def mailer(self) -> Mailer:
        from chalicelib.adapters.aws.mailer import SesMailer

        return SesMailer(self._client("sesv2", attempts=1), self.config.notices_from)

    @cached_property
    def surroundings(self) -> Surroundings:
        from chalicelib.adapters.aws.surroundings import AwsSurroundings

        pool = self.config.token_issuer.rpartition("/")[2]
        return AwsSurroundings(self._client, self.config.table, pool)

    @cached_property
    def _kms(self) -> Any:
        return self._client("kms", attempts=1)

    @cached_property
    def _s3(self) -> Any:
        return self._client("s3")

    @cached_property
    def functions(self) -> Any:
        """AWS client that invokes our other functions."""
        from chalicelib.adapters.aws.functions import READ_SECONDS

        return self._client("lambda", attempts=1, read_seconds=READ_SECONDS)

    def _client(self, service: str, **options: Any) -> Any:
        from chalicelib.adapters.aws.client import make_client

        return make_client(service, region=self.config.region, endpoint=self.config.endpoint, **options)
