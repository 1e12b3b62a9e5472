"""Other rooms' part in the transaction that changes permits: quotas count what each permit takes of them.

The composition root sets `take_part` (`container.provide`). A process without it changes no permit: quotas would be
overdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.platform.deps import Provided

if TYPE_CHECKING:
    from chalicelib.kernel.roles import Actor
    from chalicelib.kernel.rows import Put
    from chalicelib.permits.model.dossier import Dossier
    from chalicelib.platform.deps import Deps


@dataclass(frozen=True, slots=True)
class Move:
    """A permit's file before and after one step."""

    old: Dossier
    new: Dossier
    action: str


# The files of these moves as they are written, and further writes of the same transaction; raises `Invalid`.
take_part: Provided[[Sequence[Move], Actor, Deps], tuple[list[Dossier], list[Put]]] = Provided()
