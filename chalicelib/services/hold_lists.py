"""Our own status lists as this process last read them: one reading and decoding of a list in 60 seconds at most.

An older list is as good for T8 as a new one: a lowering is recorded in the dossier, whenever the list was read. Where
the register is silent, the verdict says how old the list is (check 8).
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.core.status_list import StatusList

READ_EVERY = 60  # seconds


class HeldLists:
    """One process's. `read`: the list at this address as it is published, or None; `report`: of a failed reading."""

    def __init__(self, read: Callable[[str], StatusList | None], report: Callable[[Exception], None]) -> None:
        self._read, self._report = read, report
        self._held: dict[str, tuple[int, StatusList | None]] = {}

    def at(self, uri: str, now: int) -> StatusList | None:
        """The list, at most READ_EVERY seconds old; after a failed or older reading the one before."""
        read_at, held = self._held.get(uri, (None, None))
        if read_at is None or not 0 <= now - read_at < READ_EVERY:
            try:
                found = self._read(uri)
            except Exception as error:  # the register's answer stands without its list
                self._report(error)
                found = None
            if found is not None and (held is None or found.issued_at >= held.issued_at):
                held = found
            self._held[uri] = now, held
        return held
