"""Whether a register confirms what its own published status list says of a permit (T8, FORMAT.md 5).

A value is confirmed if the dossier itself says the same, or more: an imported permit was used, one that is revoked for
cause is revoked. What the dossier no longer says has to be explained by a recorded withdrawal, reinstatement or
correction, made since the list was signed.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.core.codes import KINDS
from chalicelib.core.ledger import Use, use_of
from chalicelib.core.status_list import FOR_CAUSE, IMPORTED, LOST, REPLACED, REVOKED, SUSPENDED, USED, VALID

BEFORE_LIST = 600  # seconds; a list that was being signed at the same time may lack the change (publish_status.BEFORE)


def confirmed_values(
    state: str, kind: str, uses: Iterable[Use], *, for_cause: bool, missing: bool
) -> frozenset[int]:  # fmt: skip
    """The values of a status list that this state and these uses confirm."""
    use = use_of(kind, uses) if kind in KINDS else "unused"
    return frozenset(
        value
        for value, holds in {
            VALID: True,
            USED: use != "unused",
            IMPORTED: use == "imported" and kind != "I",
            SUSPENDED: state == "suspended",
            REVOKED: state == "revoked",
            FOR_CAUSE: state == "revoked" and for_cause,
            REPLACED: state == "replaced",
            LOST: missing or state == "lost",
        }.items()
        if holds
    )


def unexplained(value: int, confirmed: frozenset[int], lowered_at: int | None, issued_at: int) -> bool:
    """Whether this value, in a list signed at `issued_at`, is neither confirmed nor lowered since.

    `lowered_at`: when the dossier last recorded a withdrawal, reinstatement or correction.
    """
    return value not in confirmed and (lowered_at is None or lowered_at < issued_at - BEFORE_LIST)
