"""What our own verifiers believe at this moment: the published trust lists, read once a minute, kept through an outage.

How one reading goes:

1 less than a minute since the last try                     -> what is held
2 the bundle is read, and how new our list must be          (`publish_trust` records it in the register)
3 the bundle's lists are believed as any verifier would, none older than one seen before in this process or recorded
4 anything wrong with 2 or 3 is a fault of ours, reported; -> what is held, as old as it is; none: `Unavailable`

Rollback: whoever can put an old bundle into the bucket is stopped by this process's own memory and, for our own
Party, by the register, which other rights protect. Another Party's list is protected by this process's memory alone,
and by its life of 60 days.

Our own status lists as this process last read them: one reading and decoding of a list in 60 seconds at most.

An older list is as good for T8 as a new one: a lowering is recorded in the dossier, whenever the list was read. Where
the register is silent, the verdict says how old the list is (check 8).
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


class TrustCache:
    """One process's trust. `own`: the Party whose bucket this is; `report`: where a failed reading is told."""

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
        """The trust to judge with. Raises `Unavailable` while no list could be read and believed."""
        if self._held is not None and self._tried_at is not None and 0 <= now - self._tried_at < READ_EVERY:  # 1
            return self._held
        self._tried_at = now
        try:
            self._held = self._read(now)
        except Exception as error:
            self._report(error)  # 4
            if self._held is None:
                raise Unavailable("There is no trust list at the moment.") from error
        return self._held

    def _read(self, now: int) -> Trust:
        held = self._static.read(BUNDLE_PATH)  # 2
        if held is None:
            raise Unavailable("There is no trust list yet.")
        recorded = self._recorded()
        lists = open_bundle(held[0], self._pins, newest_seq={**self._newest, self._own: recorded}, now=now)  # 3
        if all(each.issuer != self._own for each in lists):
            raise Unavailable("Our own trust list is not among those that can be believed.")
        self._newest |= {each.issuer: max(each.seq, self._newest.get(each.issuer, 0)) for each in lists}
        # Our own list is fetched by reading it here, for it is published here. Another Party's was put here at an
        # unknown time after its issue, so it is only as fresh as that.
        fetched = {each.issuer: now if each.issuer == self._own else each.seq for each in lists}
        ours = next(each.seq for each in lists if each.issuer == self._own)
        return Trust(lists, self._pins, fetched, ours)

    def _recorded(self) -> int:
        """The newest seq of our own list, recorded or seen; a register that does not answer stops no verdict."""
        seen = self._newest.get(self._own, 0)
        try:
            return max(seen, newest_published(self._own, self._register))
        except Unavailable as error:
            self._report(error)
            return seen
