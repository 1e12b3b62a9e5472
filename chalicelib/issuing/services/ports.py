"""Ports to the functions that sign and print, and `IssueDeps` with the dependencies of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chalicelib.species.services.list_in_use import SpeciesDeps


class PermitIssuer(Protocol):
    """Port to the issuing function, the only one with access to the permit keys. It takes a permit id and no more."""

    def issue(self, permit_id: str) -> None:
        """Sign the intent in the register and store the tokens. Idempotent."""


class PermitPrinter(Protocol):
    """Port to the printing function, which renders the form and may use the `pdf` key to seal it."""

    def make(self, permit_id: str, *, original: bool = False) -> None:
        """Make and store the print of an issued permit, unless it is stored already."""


class IssueDeps(SpeciesDeps, Protocol):
    """Dependencies of issue and print: `SpeciesDeps`, both functions and the renderer of previews."""

    @property
    def issuer(self) -> PermitIssuer: ...
    @property
    def printer(self) -> PermitPrinter: ...
    @property
    def render_preview(self) -> Callable[..., bytes]: ...


class PrintDeps(IssueDeps, Protocol):
    """Dependencies of the printing function: `IssueDeps` and the renderer of sealed prints."""

    @property
    def render(self) -> Callable[..., bytes]: ...
