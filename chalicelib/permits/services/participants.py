"""Hook for other rooms' writes in the transaction that changes permits. Quotas count what each permit takes.

`composition.container.provide` sets `take_part`. A process without it cannot change permits, because quotas would be
exceeded uncounted.
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
class DossierChange:
    """A permit's dossier before and after one step."""

    old: Dossier
    new: Dossier
    action: str


# Returns the dossiers of these moves as they are written, and further writes of the same transaction. Raises `Invalid`.
take_part: Provided[[Sequence[DossierChange], Actor, Deps], tuple[list[Dossier], list[Put]]] = Provided()
