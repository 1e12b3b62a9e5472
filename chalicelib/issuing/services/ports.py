"""Ports of this room, and `IssueDeps`: the functions that sign and print as other rooms are handed them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chalicelib.species.services.list_in_use import SpeciesDeps


class PermitIssuer(Protocol):
    """The only one who reaches the permit keys: takes a permit id and nothing else."""

    def issue(self, permit_id: str) -> None:
        """Sign the intent that the register holds and store the tokens. Idempotent."""


class PermitPrinter(Protocol):
    """Renders and seals the form where the `pdf` key may be used."""

    def make(self, permit_id: str, *, original: bool = False) -> None:
        """Make the print of an issued permit, if it is not there yet."""


class IssueDeps(SpeciesDeps, Protocol):
    """With the functions that sign and print, and the renderer of previews."""

    @property
    def issuer(self) -> PermitIssuer: ...
    @property
    def printer(self) -> PermitPrinter: ...
    @property
    def render_preview(self) -> Callable[..., bytes]: ...
