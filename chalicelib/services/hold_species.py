"""The species list that this process judges by: the one that was put in use, else the release's own.

1 less than a minute since the last look            -> what is held
2 the register says which list is in use (species_lists.py); another than is held is read and built
3 anything wrong with 2 is a fault of ours, reported -> what is held, as old as it is; none: `Unavailable`
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.core import species_upload
from chalicelib.core.errors import Unavailable
from chalicelib.core.listing import Listing
from chalicelib.core.species_list import Row
from chalicelib.ports import PermitRegister
from chalicelib.services import species_lists
from chalicelib.services.hold_trust import TrustDeps
from chalicelib.services.people import PeopleDeps

LOOK_EVERY = 60  # seconds


@dataclass(frozen=True, slots=True)
class Release:
    """What the deployed files hold. `build`: a list of other rows with the release's suspensions and history."""

    rows: Callable[[], Sequence[Row]]
    listing: Callable[[], Listing]
    build: Callable[[Sequence[Row], str], Listing]


class HeldSpecies:
    """One process's list. `report`: where a failed reading is told."""

    def __init__(self, release: Release, *, register: PermitRegister, report: Callable[[Exception], None]) -> None:
        self._release = release
        self._register = register
        self._report = report
        self._held: Listing | None = None
        self._digest = ""
        self._looked_at: int | None = None

    def at(self, now: int) -> Listing:
        """The list to judge with. Raises `Unavailable` while none could be read."""
        if self._held is not None and self._looked_at is not None and 0 <= now - self._looked_at < LOOK_EVERY:  # 1
            return self._held
        self._looked_at = now
        try:
            self._look()  # 2
        except Exception as error:  # 3
            self._report(error)
            if self._held is None:
                raise Unavailable("There is no species list at the moment.") from error
        assert self._held is not None
        return self._held

    def rows(self) -> Sequence[Row]:
        """The list in use as rows, read anew."""
        head = species_lists.current(self._register)
        release = self._release.rows()
        return (
            release if head is None else species_upload.with_ours(species_lists.rows_of(head, self._register), release)
        )

    def forget(self) -> None:
        """Look again at the next question: another list was put in use here."""
        self._looked_at = None

    def _look(self) -> None:
        head = species_lists.current(self._register)
        if head is None:
            self._held, self._digest = self._release.listing(), ""
        elif self._held is None or head.digest != self._digest:
            rows = species_upload.with_ours(species_lists.rows_of(head, self._register), self._release.rows())
            version = hashlib.sha256(f"{head.digest} {self._release.listing().version}".encode()).hexdigest()[:12]
            self._held, self._digest = self._release.build(rows, version), head.digest


class SpeciesDeps(PeopleDeps, TrustDeps, Protocol):
    """With the species list in use."""

    @property
    def species(self) -> HeldSpecies: ...
    @property
    def listing(self) -> Listing: ...
