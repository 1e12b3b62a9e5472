"""What the composition root hands to routes, commands and services, which may not import it.

`Deps` is what each of them may use. A module that needs more extends it: `services.hold_species.SpeciesDeps` has the
species list too. `wiring.Office` has everything, and mypy compares it with each where it is handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.config import Config
    from chalicelib.core.roles import Actor
    from chalicelib.core.stage import Stage
    from chalicelib.ports import BlobStore, PermitRegister, StaticStore


class Deps(Protocol):
    """Ports, clock, ids, stage, and who calls."""

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

    def clock(self) -> int: ...

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
