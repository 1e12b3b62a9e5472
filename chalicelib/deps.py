"""How the composition root hands over what the modules below it use and may not import."""

from __future__ import annotations

from collections.abc import Callable


class Provided[**P, R]:
    """A function that a module needs and the composition root provides: `set` when the process starts, then called."""

    def __init__(self) -> None:
        self._function: Callable[P, R] | None = None

    def set(self, function: Callable[P, R]) -> None:
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._function is None:
            raise RuntimeError("The composition root (wiring.py, cli.py, edges/every.py) has not provided this.")
        return self._function(*args, **kwargs)
