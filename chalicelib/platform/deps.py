"""Ports, and `Deps`: the single argument that gives them to a route, a command or a service.

`Deps` has what most rooms use. A room that needs more extends it, as `species.services.list_in_use.SpeciesDeps` adds
the species list. `composition.container.Container` has all members, and mypy checks it against each of these protocols.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, Self

from chalicelib.kernel.rows import Key, Put, Row

if TYPE_CHECKING:
    from chalicelib.kernel.roles import Actor
    from chalicelib.kernel.stage import Stage
    from chalicelib.platform.config import Config


class Deps(Protocol):
    """Ports, the time of the request, new ids, the stage, and the caller's identity."""

    @property
    def config(self) -> Config: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def register(self) -> PermitRegister: ...
    @property
    def blobs(self) -> BlobStore: ...
    @property
    def static(self) -> StaticStore: ...

    @property
    def now(self) -> int:
        """Time of this request in seconds since 1970, UTC, the same during the whole request."""

    def over(self, register: PermitRegister) -> Self:
        """Return the same dependencies over another register."""

    def clock(self) -> int:
        """Return the current time, for work that takes long."""

    def new_id(self) -> str: ...

    def random_bytes(self, count: int) -> bytes: ...

    def person(self, token: str) -> Actor:
        """Return the person of this access token, with their posts. Raises `Unauthenticated`."""

    def caller(self, known: Actor, operation: str, device: str) -> Actor:
        """Return the caller that the gateway authenticated, with their posts and a deputy's role.

        `device`: id of the calling device, "" if the operation needs none. Raises `Forbidden`, or `LostDevice` for a
        device reported lost.
        """


class Provided[**P, R]:
    """Placeholder of a function that a module needs, which `composition` sets when the process starts.

    A call before that raises RuntimeError.
    """

    def __init__(self) -> None:
        self._function: Callable[P, R] | None = None

    def set(self, function: Callable[P, R]) -> None:
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._function is None:
            raise RuntimeError("The composition root has not provided this.")
        return self._function(*args, **kwargs)


class PermitRegister(Protocol):
    """The register: rows with consistent reads and all-or-nothing transactions.

    A decision reads with `get` and `query`, and commits with the versions that it read. So no decision rests on stale
    rows. Raises `errors.Unavailable` if the store did not answer in time. The write may have happened, and a retry with
    the same ids shows it.
    """

    def identity(self) -> str:
        """Return the table's own id. A restored or new table has a different one, even under the same name."""

    def get(self, key: Key) -> Row | None:
        """Return the current row (strongly consistent), or None."""

    def get_all(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        """Return the existing ones of these rows.

        Each is strongly consistent by itself, but together they are no snapshot of one moment.
        """

    def query(
        self,
        partition: str,
        *,
        start: str = "",
        stop: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Sequence[Row]:
        """Return rows of one partition with start <= sort < stop, in order of `sort`, strongly consistent."""

    def commit(self, *puts: Put) -> None:
        """Write all puts or none, at most 100. Raises `Conflict`. It is safe to retry after a lost answer."""

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        """Add one to a counter row and return it (not part of a transaction)."""

    def search(
        self, index: str, value: str, *, cursor: str | None = None, limit: int = 50, oldest_first: bool = False
    ) -> tuple[Sequence[Row], str | None]:
        """Return rows whose `index` has this value, newest (or oldest) first, and the next cursor.

        The index is eventually consistent, so no decision may rest on it.
        """


class BlobStore(Protocol):
    """Immutable files: each key is written once, and kept until the latest requested time."""

    def put(self, key: str, data: bytes, *, content_type: str, keep_until: int | None = None) -> bool:
        """Store the file if it is absent, or return False if the key exists (its content stays).

        `keep_until`: as in `keep`.
        """

    def keep(self, key: str, until: int) -> None:
        """Protect the file from deletion before `until` (seconds since 1970).

        An earlier time never shortens the protection. Raises `NoMatch` if the file does not exist.
        """

    def kept_until(self, key: str) -> int | None:
        """Return the end of the file's protection, or None if it has none, or there is no such file."""

    def get(self, key: str) -> bytes | None: ...

    def has(self, key: str) -> bool:
        """True if the file exists. It is not downloaded."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys with this prefix, in order."""

    def url(self, key: str, *, name: str, seconds: int = 300) -> str:
        """Return a download address that is valid for `seconds` and suggests the file name `name`."""


class StaticStore(Protocol):
    """Published objects (lists), replaced as a whole on an ETag condition."""

    def read(self, path: str) -> tuple[bytes, str] | None:
        """Return content and ETag, or None if there is no such object."""

    def write(self, path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        """Replace the object whose ETag is `etag` (None: it must not exist). Raises `Conflict` otherwise."""
