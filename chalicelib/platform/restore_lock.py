"""Whether the register may be written: a table that was restored does not know it, so this asks what was not restored.

Beside the published lists lies `register-mark`: the id of the table that is in use and the highest serial of each
year that it was seen to have given out. How one reading goes:

1 there is no mark: a new stage; `keep_mark` makes one within a minute                  -> open
2 the mark names another table: AWS restores into a new one, always                     -> shut
3 a counter of the table is behind the mark: its rows were put back in place            -> shut
4 the mark or the table cannot be read: what was found last; nothing yet: `Unavailable`

Shut, `Gated` refuses every write but those that a restored register needs (STILL); what a device did offline is let
through by `beneath`, because it has happened. Two people open the gate again (`open_register`). A process believes
what it read for a minute, which is shorter than any restore.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from chalicelib.kernel.days import EVENT_BACK_AT_MOST
from chalicelib.kernel.errors import Restored, TamgaError, Unavailable
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.platform.deps import PermitRegister, StaticStore

PATH = "register-mark"

READ_EVERY = 60  # seconds

STILL = frozenset({"TRUST", "TRUST-PROPOSAL", "PERSON", "RESTORE"})  # a key may be stolen meanwhile; people may leave

YEARS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """`table`: its `identity()`; `serials`: year in two digits -> the highest serial known.

    `shut_at`: when the register was first seen to be shut; None while it is open. From then on the lists are only kept
    alive: what they say beyond what devices bring is from before.
    """

    table: str
    serials: Mapping[str, int]
    shut_at: int | None = None


def read_mark(static: StaticStore) -> tuple[Mark | None, str | None]:
    """The mark and its ETag. Raises `Unavailable` for one that cannot be read."""
    held = static.read(PATH)
    if held is None:
        return None, None
    try:
        found = json.loads(held[0])
        shut_at = None if found.get("shut_at") is None else int(found["shut_at"])
        mark = Mark(found["table"], {str(year): int(last) for year, last in found["serials"].items()}, shut_at)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unavailable("The register's mark cannot be read.") from None
    known = found.keys() | {"shut_at"} == {"table", "serials", "shut_at"}
    if not known or not isinstance(mark.table, str) or len(mark.serials) > YEARS_AT_MOST:
        raise Unavailable("The register's mark cannot be read.")
    return mark, held[1]


def write_mark(mark: Mark, static: StaticStore, etag: str | None) -> None:
    """Raises `Conflict` if another wrote meanwhile."""
    data = json.dumps(asdict(mark), sort_keys=True).encode()
    static.write(PATH, data, content_type="application/json", etag=etag)


def counters(register: PermitRegister, issuer: str) -> dict[str, int]:
    """Year -> the last serial that this table gave out."""
    return {row.key.sort: int(row.data["last"]) for row in register.query(f"COUNTER#{issuer}")}


def locked_at(static: StaticStore, listed_at: int) -> int:
    """Until when a list that was signed at this time speaks of what was before the restore. Raises `Unavailable`."""
    mark, _ = read_mark(static)
    return listed_at if mark is None or mark.shut_at is None else min(listed_at, mark.shut_at)


def why_shut(register: PermitRegister, static: StaticStore, issuer: str) -> str | None:
    """The reason in words, or None: open. Raises `Unavailable`."""
    mark, _ = read_mark(static)
    if mark is None:  # 1
        return None
    if mark.table != register.identity():  # 2
        return "This is another table than the one that was in use."
    given = counters(register, issuer)
    behind = sorted(year for year, last in mark.serials.items() if given.get(year, 0) < last)
    return f"Numbers of 20{behind[0]} were given out that this table does not know." if behind else None  # 3


def keep_mark(register: PermitRegister, static: StaticStore, issuer: str, now: int) -> bool:
    """For the schedule: raise the mark to what the table has given out; True if it moved.

    Of a shut register it only notes since when.
    """
    mark, etag = read_mark(static)
    if mark is not None and why_shut(register, static, issuer) is not None:
        wanted = replace(mark, shut_at=now if mark.shut_at is None else mark.shut_at)
    else:
        wanted = Mark(register.identity(), {**(mark.serials if mark else {}), **counters(register, issuer)})
    if wanted == mark:
        return False
    try:
        write_mark(wanted, static, etag)
    except Conflict:
        return False  # the next minute
    return True


class RestoreLock:
    """One process's knowledge of it. `report`: where a failed reading is told."""

    def __init__(
        self,
        issuer: str,
        *,
        register: Callable[[], PermitRegister],
        static: Callable[[], StaticStore],
        clock: Callable[[], int],
        report: Callable[[Exception], None],
    ) -> None:
        self._issuer, self._register, self._static, self._clock, self._report = issuer, register, static, clock, report
        self._found: str | None = None
        self._known = False
        self._tried_at: int | None = None

    def shut(self, *, at_once: bool = False) -> str | None:
        """Why the register is shut, or None; `at_once`: ask again, however lately that was done.

        Where that fails: what was found last. Raises `Unavailable` while nothing is known.
        """
        now = self._clock()
        if not at_once and self._known and self._tried_at is not None and 0 <= now - self._tried_at < READ_EVERY:
            return self._found
        self._tried_at = now
        try:
            self._found, self._known = why_shut(beneath(self._register()), self._static(), self._issuer), True
        except Exception as error:
            self._report(error)  # 4
            if not self._known:
                raise Unavailable("Whether this register was restored cannot be told at the moment.") from error
        return self._found

    def told_until(self, listed_at: int) -> int:
        """As `shut_at`."""
        return locked_at(self._static(), listed_at)

    @property
    def not_open(self) -> bool:
        """Whether it is shut, or nothing is known yet: nothing is green then."""
        try:
            return self.shut() is not None
        except TamgaError:
            return True


class LockedRegister:
    """A `PermitRegister` whose commits pass the gate."""

    def __init__(self, inner: PermitRegister, gate: RestoreLock) -> None:
        self.inner, self.gate = inner, gate

    def identity(self) -> str:
        return self.inner.identity()

    def get(self, key: Key) -> Row | None:
        return self.inner.get(key)

    def get_all(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        return self.inner.get_all(keys)

    def query(
        self,
        partition: str,
        *,
        start: str = "",
        stop: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Sequence[Row]:
        return self.inner.query(partition, start=start, stop=stop, newest_first=newest_first, limit=limit)

    def commit(self, *puts: Put) -> None:
        """Raises `Restored` while the gate is shut."""
        if any(put.key.partition.partition("#")[0] not in STILL for put in puts):
            shut = self.gate.shut()
            if shut is not None:
                raise Restored(f"{shut} Nothing is issued, endorsed or changed until it is open again.")
        self.inner.commit(*puts)

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        return self.inner.bump(key, expires=expires)

    def search(
        self, index: str, value: str, *, cursor: str | None = None, limit: int = 50, oldest_first: bool = False
    ) -> tuple[Sequence[Row], str | None]:
        return self.inner.search(index, value, cursor=cursor, limit=limit, oldest_first=oldest_first)


def restore_key(register: PermitRegister) -> Key:
    """The row of this table's restore: since when devices send again, what was skipped and left, who opens it."""
    return Key("RESTORE", register.identity())


def resend_since(register: PermitRegister, now: int) -> int | None:
    """Since when devices send again what they recorded, for as long as an event is in time; None: no restore lately.

    A restore whose table is not compared yet has no time: nothing was sent again under it.
    """
    restore = register.get(restore_key(register))
    at = restore.data.get("at") if restore else None
    return restore.data.get("since") if restore and at is not None and now - at < EVENT_BACK_AT_MOST else None


def beneath(register: PermitRegister) -> PermitRegister:
    """The register behind the gate: for what has happened already, and for re-applying it."""
    return register.inner if isinstance(register, LockedRegister) else register


def listened_until(register: PermitRegister) -> Callable[[int], int] | None:
    """`shut_at` of a register that is not known to be open; None of one that is."""
    return register.gate.told_until if isinstance(register, LockedRegister) and register.gate.not_open else None


def is_locked(register: PermitRegister) -> bool:
    """Whether this register is not known to be open."""
    return isinstance(register, LockedRegister) and register.gate.not_open
