"""Ports, and `Deps`: the one argument by which a route, a command or a service is handed them.

`Deps` holds what most rooms use. A room that needs more extends it: `species.services.list_in_use.SpeciesDeps` has the
species list too. `composition.container.Container` has all of them; mypy compares it with each where it is handed over.
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
    """Ports, the moment, ids, stage, and who calls."""

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
        """The moment of this request, seconds since 1970, UTC: one value from its first step to its last."""

    def over(self, *, register: PermitRegister | None = None, now: int | None = None) -> Self:
        """The same over another register, or at another moment."""

    def clock(self) -> int:
        """The time as it is: for work that takes long."""

    def new_id(self) -> str: ...

    def random_bytes(self, count: int) -> bytes: ...

    def person(self, token: str) -> Actor:
        """Whose access token it is, at their posts. Raises `Unauthenticated`."""

    def caller(self, known: Actor, operation: str, device: str) -> Actor:
        """Who calls, as the gateway knows them: at their posts, as a deputy too, from a device that was not lost.

        `device`: its id, "" where none is asked for. Raises `Forbidden`, `LostDevice`.
        """


class Provided[**P, R]:
    """A function that a module needs and the composition root provides: `set` when the process starts, then called."""

    def __init__(self) -> None:
        self._function: Callable[P, R] | None = None

    def set(self, function: Callable[P, R]) -> None:
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._function is None:
            raise RuntimeError("The composition root has not provided this.")
        return self._function(*args, **kwargs)


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
