"""Optimistic concurrency: a transaction that lost a race reads, decides and commits again."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Conflict

TRIES = 64  # each lost race is another's success, so that many writers of one row come through


def transact[T](attempt: Callable[[], T], busy: str, *, tries: int = TRIES) -> T:
    """The result of `attempt`, which reads, decides and commits, and is called again after each `Conflict`.

    What else `attempt` raises ends it at once, a lost answer (`Unavailable`) too: the caller asks again.
    Raises `Unavailable`, with the words `busy`, after `tries` conflicts.
    """
    for _ in range(tries):
        try:
            return attempt()
        except Conflict:
            continue
    raise Unavailable(busy)
