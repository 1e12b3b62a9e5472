"""Optimistic concurrency: on a version conflict, read, decide and commit again."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Conflict

TRIES = 64  # each conflict means that another writer succeeded, so this many writers of one row all succeed


def transact[T](attempt: Callable[[], T], busy: str, *, tries: int = TRIES) -> T:
    """Return the result of `attempt`, which reads, decides and commits. Retry it after each `Conflict`.

    Any other exception of `attempt` ends the retries at once. This includes `Unavailable` for a lost answer, because
    the caller then tries again. Raises `Unavailable` with the words `busy` after `tries` conflicts.
    """
    for _ in range(tries):
        try:
            return attempt()
        except Conflict:
            continue
    raise Unavailable(busy)
