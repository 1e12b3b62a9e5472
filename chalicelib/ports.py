"""What the services need from the world. Protocols only; clock and ids are plain callables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.core.document import DocumentFindings
from chalicelib.core.exchanged import ExchangedPermit


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Where a row lives: a partition and a name that sorts inside it."""

    partition: str
    sort: str = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row. `data` is JSON (strings, ints, bools, lists, dicts); `version` counts its writes from 1."""

    key: Key
    data: Mapping[str, Any]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Put:
    """One write of a transaction: it holds only if the stored version is `expect` (0: the row must not exist).

    `expect=None` writes whatever is there. `index` fills the search index of `PermitRegister.search`
    (names: state, owner, shelf), `expires` is a time (whole seconds) after which the row may vanish.
    """

    key: Key
    data: Mapping[str, Any]
    expect: int | None = 0
    index: Mapping[str, str] = field(default_factory=dict)
    expires: int | None = None


class Conflict(Exception):
    """A guard did not hold: another writer was first. `keys`: the rows whose guard failed. Nothing was written."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(", ".join(f"{key.partition}/{key.sort}" for key in keys))
        self.keys = tuple(keys)


class PermitRegister(Protocol):
    """The register: rows, read consistently and written in all-or-nothing transactions.

    A decision reads with `get` and `query` and commits with the versions it saw, so it stands on nothing stale.
    Raises `errors.Unavailable` when the store did not answer in time: the write may have happened, and a retry
    with the same ids finds out.
    """

    def identity(self) -> str:
        """The table's own id: a table that was restored or made anew has another one, whatever its name."""

    def get(self, key: Key) -> Row | None:
        """The row as of now (strongly consistent)."""

    def get_all(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        """Those of these rows that there are, each as of now; no two of them of one moment."""

    def query(
        self,
        partition: str,
        *,
        start: str = "",
        stop: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Sequence[Row]:
        """Rows of one partition with start <= sort < stop, in order of `sort`, strongly consistent."""

    def commit(self, *puts: Put) -> None:
        """Write all or nothing. Raises `Conflict`; at most 100 puts; a lost answer is retried safely."""

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        """Add one to a counter row and return it (not part of a transaction)."""

    def search(
        self, index: str, value: str, *, cursor: str | None = None, limit: int = 50, oldest_first: bool = False
    ) -> tuple[Sequence[Row], str | None]:
        """Rows whose `index` has this value, newest (or oldest) first, and the next cursor.

        Eventually consistent: no decision.
        """


class Signer(Protocol):
    """One private key that can sign and cannot be read. IAM: `kms:Sign`, `kms:GetPublicKey` on that key alone."""

    @property
    def kid(self) -> bytes:
        """First 8 bytes of the JWK thumbprint (RFC 7638)."""

    @property
    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""

    def sign_digest(self, digest: bytes) -> bytes:
        """ECDSA over this SHA-256 digest (32 bytes), DER-encoded. Never retried by itself."""


class BlobStore(Protocol):
    """Files that never change: a key is written once, and kept for as long as anybody asked to."""

    def put(self, key: str, data: bytes, *, content_type: str, keep_until: int | None = None) -> bool:
        """Store if absent; False if the key was there already (its content stays). `keep_until`: as `keep`."""

    def keep(self, key: str, until: int) -> None:
        """Nobody deletes this file before `until` (seconds since 1970). Never shortens; `NoMatch` if it is gone."""

    def kept_until(self, key: str) -> int | None:
        """Until when it is kept; None: nobody asked, or there is no such file."""

    def get(self, key: str) -> bytes | None: ...

    def has(self, key: str) -> bool:
        """Whether it is there, without fetching it."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins so, in order."""

    def url(self, key: str, *, name: str, seconds: int = 300) -> str:
        """A short-lived address to download it, suggesting the file name `name`."""


class StaticStore(Protocol):
    """Published objects (lists): replaced as a whole, conditionally."""

    def read(self, path: str) -> tuple[bytes, str] | None:
        """Content and ETag."""

    def write(self, path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        """Replace the object whose ETag is `etag` (None: it must not exist). Raises `Conflict` otherwise."""


class PermitIssuer(Protocol):
    """The only one who reaches the permit keys: takes a permit id and nothing else."""

    def issue(self, permit_id: str) -> None:
        """Sign the intent that the register holds and store the tokens. Idempotent."""


class PermitPrinter(Protocol):
    """Renders and seals the form where the `pdf` key may be used."""

    def make(self, permit_id: str, *, original: bool = False) -> None:
        """Make the print of an issued permit, if it is not there yet."""


class StatusPublisher(Protocol):
    """Signs status lists where the `status` key may be used."""

    def publish(self, uri: str) -> None:
        """Publish this list now; a failure is made good by the schedule and raises nothing."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Plain text to one address; `subject` is one line."""

    to: str
    subject: str
    body: str


class MailRefused(Exception):
    """The mailer will not take this mail, however often it is asked."""


class Mailer(Protocol):
    """Sends as one address of ours."""

    def send(self, mail: Mail) -> str:
        """The id under which it was taken. Nothing is repeated here.

        Raises `MailRefused`, or `errors.Unavailable`: it was not taken, and may be later. Anything else: it may be on
        its way.
        """


class DocumentReader(Protocol):
    """Parses a hostile file somewhere without rights."""

    def read(self, data: bytes, content_type: str) -> DocumentFindings:
        """Never raises on bad content (`trouble` says it); raises `errors.Unavailable` on its own failure."""


@dataclass(frozen=True, slots=True)
class PartyAnswer:
    """What another Party's service said. `data`: its bytes as they came; `permit`: if it gave one; `fault`: the name
    of its refusal, or `malformed` where its answer is none."""

    data: bytes
    permit: ExchangedPermit | None = None
    fault: str = ""


class PartyServices(Protocol):
    """Other Parties' services of EPIX, each asked with our own client certificate."""

    @property
    def countries(self) -> frozenset[str]:
        """Whose services are known."""

    def send(
        self, country: str, operation: str, number: str, *, token: str = "", lines: Sequence[tuple[str, str]] = ()
    ) -> PartyAnswer:
        """One question; `lines` (id, quantity) for ConfirmQuantities, which is never sent twice.

        Raises `errors.Unavailable` when there was no answer.
        """


class PublishedLists(Protocol):
    """What other Parties publish, each at its own host."""

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        """What lies at this address; None: the host says that nothing does.

        Raises `errors.Unavailable`: no answer in time, or another one; `TooLarge`: more than `cap` bytes.
        """


@dataclass(frozen=True, slots=True)
class TableFacts:
    """`differs`: where keys or indexes are not those of the definition, in words. `server_time`: of its answer."""

    differs: tuple[str, ...]
    recovery: bool
    protected: bool
    expiring: bool
    server_time: int | None


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """`private`: all four of S3's blocks of public access are on. `locked`: object lock can be set on its files."""

    versioned: bool
    private: bool
    locked: bool


class Surroundings(Protocol):
    """What a stage stands on, looked at from outside by whoever runs it. Each raises one of `errors`' own."""

    def table(self) -> TableFacts: ...

    def bucket(self, name: str) -> BucketFacts: ...

    def second_factor(self) -> str:
        """Of the user pool: ON, OPTIONAL or OFF."""

    def function(self, name: str) -> str:
        """Its state, `Active` when it can be called."""
