"""Which dossier a number was last found in: saves the second verification of a permit one of two reads.

1 nothing is held for the number                                   -> both rows are read, and the id is held
2 the dossier of the id that is held is read, as of now, and bears the number still  -> this is what both rows say: the
  two are written by the same transactions (`issue_permit` gives a number, `sign_permit` takes it back)
3 else (the number was declared void, the register was restored)   -> as 1

Held is an id and nothing of a permit: state, uses and tokens are read anew for every verdict.
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import NoMatch
from chalicelib.ports import PermitRegister
from chalicelib.services import store

HELD_AT_MOST = 10_000  # numbers, some two megabytes; full, it begins anew

type Find = Callable[[PermitRegister, str, str], Dossier | None]  # as `store.find_number`


class HeldNumbers:
    """One process's. `find`: `store.find_number`, with one read instead of two where it can."""

    def __init__(self, at_most: int = HELD_AT_MOST) -> None:
        self._at_most = at_most
        self._held: dict[tuple[str, str], str] = {}

    def find(self, register: PermitRegister, issuer: str, number: str) -> Dossier | None:
        held = self._held.get((issuer, number))
        dossier = _bearing(number, held, register) if held else None  # 2
        if dossier is None:  # 1, 3
            dossier = store.find_number(register, issuer, number)
            if dossier is not None and dossier.number == number:
                if len(self._held) >= self._at_most:
                    self._held.clear()
                self._held[issuer, number] = dossier.id
        return dossier


def _bearing(number: str, permit_id: str, register: PermitRegister) -> Dossier | None:
    try:
        dossier = store.load(register, permit_id)
    except NoMatch:
        return None
    return dossier if dossier.number == number else None
