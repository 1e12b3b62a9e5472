"""Caches of one process: the published trust lists, and our own status lists. Read once a minute, kept in an outage.

Steps of `TrustCache`:

1 less than 60 seconds since the last try: return the cached trust
2 read the bundle, and the newest `seq` of our own list, which `publish_trust_list.py` records in the register
3 verify the bundle's lists as any verifier does; refuse a list older than one seen in this process or recorded
4 report any fault of 2 or 3, and return the cached trust, however old it is; without one, raise `Unavailable`

Rollback means that an attacker may put an old bundle into the bucket. This process's memory refuses older lists. For
our own Party the register does too, and it is protected by other rights than the bucket. For another Party's list there
is only this process's memory, and the list's life of 60 days.

`StatusListCache` reads and decodes each list at most once in 60 seconds. An older list is as good for T8 as a new one,
because the dossier records a lowering, whenever the list was read. If the register does not answer, the verdict judges
the list's age (check 8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chalicelib.kernel.errors import Unavailable
from chalicelib.platform.deps import PermitRegister, StaticStore
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Pin, open_bundle
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH, newest_published

READ_EVERY = 60  # seconds


class StatusListCache:
    """Status lists of one process. `read`: gets the published list of an address, or None. `report`: gets failures."""

    def __init__(self, read: Callable[[str], StatusList | None], report: Callable[[Exception], None]) -> None:
        self._read, self._report = read, report
        self._held: dict[str, tuple[int, StatusList | None]] = {}

    def at(self, uri: str, now: int) -> StatusList | None:
        """Return the list, read at most READ_EVERY seconds ago.

        If reading fails or gives an older list, returns the list of before, or None if there is none.
        """
        read_at, held = self._held.get(uri, (None, None))
        if read_at is None or not 0 <= now - read_at < READ_EVERY:
            try:
                found = self._read(uri)
            except Exception as error:  # a verdict with the register's answer needs no list
                self._report(error)
                found = None
            if found is not None and (held is None or found.issued_at >= held.issued_at):
                held = found
            self._held[uri] = now, held
        return held


class TrustCache:
    """Trust of one process. `own`: the Party that owns the bucket. `report`: gets failures of reading."""

    def __init__(
        self,
        own: str,
        pins: Sequence[Pin],
        *,
        register: PermitRegister,
        static: StaticStore,
        report: Callable[[Exception], None],
    ) -> None:
        self._own = own
        self._pins = tuple(pins)
        self._register = register
        self._static = static
        self._report = report
        self._held: Trust | None = None
        self._tried_at: int | None = None
        self._newest: dict[str, int] = {}

    def at(self, now: int) -> Trust:
        """Return the trust for a verdict. Raises `Unavailable`: as long as no reading has succeeded."""
        if self._held is not None and self._tried_at is not None and 0 <= now - self._tried_at < READ_EVERY:  # 1
            return self._held
        self._tried_at = now
        try:
            self._held = self._read(now)
        except Exception as error:
            self._report(error)  # 4
            if self._held is None:
                raise Unavailable("The trust list cannot be read at the moment. Try again shortly.") from error
        return self._held

    def _read(self, now: int) -> Trust:
        held = self._static.read(BUNDLE_PATH)  # 2
        if held is None:
            raise Unavailable("No trust list is published yet. An administrator must publish the first one.")
        recorded = self._recorded()
        lists = open_bundle(held[0], self._pins, newest_seq={**self._newest, self._own: recorded}, now=now)  # 3
        if all(each.issuer != self._own for each in lists):
            raise Unavailable("Our own trust list does not verify. An administrator must publish a new one.")
        self._newest |= {each.issuer: max(each.seq, self._newest.get(each.issuer, 0)) for each in lists}
        # Our own list is published here, so reading it is fetching it. Another Party's list was put here at an unknown
        # time after its issue, so its time of issue counts as fetched.
        fetched = {each.issuer: now if each.issuer == self._own else each.seq for each in lists}
        ours = next(each.seq for each in lists if each.issuer == self._own)
        return Trust(lists, self._pins, fetched, ours)

    def _recorded(self) -> int:
        """Return the newest `seq` of our own list, recorded or seen.

        If the register does not answer, the seen one counts, so that verdicts go on.
        """
        seen = self._newest.get(self._own, 0)
        try:
            return max(seen, newest_published(self._own, self._register))
        except Unavailable as error:
            self._report(error)
            return seen
