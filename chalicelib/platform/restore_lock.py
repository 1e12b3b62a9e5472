"""Restore lock: detects a restored table and refuses writes until two people open the register.

A restored table has no sign of the restore. So the lock compares it with the register mark, which is outside the table,
as the object `register-mark` beside the published lists. The mark has the id of the table in use, and the highest
serial that this table has given out in each year. The check:

1 there is no mark: a new stage; `keep_mark` writes one within a minute                 -> open
2 the mark names another table: AWS always restores into a new table                    -> locked
3 a counter of the table is lower than in the mark: older rows were put back            -> locked
4 the mark or the table cannot be read: the last result; `Unavailable` if there is none yet

While locked, `LockedRegister` refuses all writes except those that a restored register needs (WRITABLE_WHILE_LOCKED).
Events that a device recorded offline have happened already, so `without_lock` lets them bypass the lock. Two people
open the register again (`open_register`). A process caches the result for a minute, which is shorter than any restore.
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

# Partitions that can be written while locked: a key may be stolen, or a person may leave, in that time.
WRITABLE_WHILE_LOCKED = frozenset({"TRUST", "TRUST-PROPOSAL", "PERSON", "RESTORE"})

YEARS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """Register mark. `table` is its `identity()`. `serials` maps a year in two digits to the highest serial known.

    `shut_at` is the time when the lock was first found, or None while the register is open. From then on the status
    lists are only renewed. Apart from the events of devices, they show the state before the restore.
    """

    table: str
    serials: Mapping[str, int]
    shut_at: int | None = None


def read_mark(static: StaticStore) -> tuple[Mark | None, str | None]:
    """Return the mark and its ETag, or None twice if there is none. Raises `Unavailable` if it is malformed."""
    held = static.read(PATH)
    if held is None:
        return None, None
    try:
        found = json.loads(held[0])
        shut_at = None if found.get("shut_at") is None else int(found["shut_at"])
        mark = Mark(found["table"], {str(year): int(last) for year, last in found["serials"].items()}, shut_at)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unavailable("The register mark cannot be read, so a restore cannot be ruled out.") from None
    known = found.keys() | {"shut_at"} == {"table", "serials", "shut_at"}
    if not known or not isinstance(mark.table, str) or len(mark.serials) > YEARS_AT_MOST:
        raise Unavailable("The register mark cannot be read, so a restore cannot be ruled out.")
    return mark, held[1]


def write_mark(mark: Mark, static: StaticStore, etag: str | None) -> None:
    """Write the mark over the version with this ETag. Raises `Conflict` if it has changed since."""
    data = json.dumps(asdict(mark), sort_keys=True).encode()
    static.write(PATH, data, content_type="application/json", etag=etag)


def counters(register: PermitRegister, issuer: str) -> dict[str, int]:
    """Return year in two digits -> the last serial that this table has given out."""
    return {row.key.sort: int(row.data["last"]) for row in register.query(f"COUNTER#{issuer}")}


def locked_at(static: StaticStore, listed_at: int) -> int:
    """Return the time up to which a status list signed at `listed_at` shows the register before the restore.

    This is `listed_at`, or the start of the lock if that is earlier. Raises `Unavailable`.
    """
    mark, _ = read_mark(static)
    return listed_at if mark is None or mark.shut_at is None else min(listed_at, mark.shut_at)


def why_shut(register: PermitRegister, static: StaticStore, issuer: str) -> str | None:
    """Return the reason of the lock in words, or None if the register is open. Raises `Unavailable`."""
    mark, _ = read_mark(static)
    if mark is None:  # 1
        return None
    if mark.table != register.identity():  # 2
        return "The table is not the one that was in use before."
    given = counters(register, issuer)
    behind = sorted(year for year, last in mark.serials.items() if given.get(year, 0) < last)
    return f"The table lacks permit numbers of 20{behind[0]} that were already given out." if behind else None  # 3


def keep_mark(register: PermitRegister, static: StaticStore, issuer: str, now: int) -> bool:
    """Scheduled job: copy the table's id and its highest serials into the register mark. Return True if it was written.

    If the register is locked, only the start of the lock is written, once. False also if another run wrote the mark
    meanwhile. Raises `Unavailable` if the mark is malformed.
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
        return False  # the next run tries again
    return True


class RestoreLock:
    """Result of the check, cached in one process. `report`: called with the error of a failed check."""

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
        """Return the reason of the lock, or None if the register is open. `at_once`: skip the cache.

        If the check fails, return the last result. Raises `Unavailable` if there is none yet.
        """
        now = self._clock()
        if not at_once and self._known and self._tried_at is not None and 0 <= now - self._tried_at < READ_EVERY:
            return self._found
        self._tried_at = now
        try:
            self._found, self._known = why_shut(without_lock(self._register()), self._static(), self._issuer), True
        except Exception as error:
            self._report(error)  # 4
            if not self._known:
                raise Unavailable("The restore check of the register failed. Try again shortly.") from error
        return self._found

    def locked_at(self, listed_at: int) -> int:
        """Return `locked_at` of this time."""
        return locked_at(self._static(), listed_at)

    @property
    def is_locked(self) -> bool:
        """True if the register is locked, or no check has succeeded yet. No verdict is green then."""
        try:
            return self.shut() is not None
        except TamgaError:
            return True


class LockedRegister:
    """A `PermitRegister` that refuses commits while the restore lock is on."""

    def __init__(self, inner: PermitRegister, restore_lock: RestoreLock) -> None:
        self.inner, self.restore_lock = inner, restore_lock

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
        """Commit the puts.

        Unless all puts are in partitions of WRITABLE_WHILE_LOCKED, raises `Restored` while locked, and `Unavailable` if
        no check has succeeded yet.
        """
        if any(put.key.partition.partition("#")[0] not in WRITABLE_WHILE_LOCKED for put in puts):
            shut = self.restore_lock.shut()
            if shut is not None:
                raise Restored(f"{shut} Nothing can be issued, endorsed or changed until the register is opened again.")
        self.inner.commit(*puts)

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        return self.inner.bump(key, expires=expires)

    def search(
        self, index: str, value: str, *, cursor: str | None = None, limit: int = 50, oldest_first: bool = False
    ) -> tuple[Sequence[Row], str | None]:
        return self.inner.search(index, value, cursor=cursor, limit=limit, oldest_first=oldest_first)


def restore_key(register: PermitRegister) -> Key:
    """Return the key of this table's restore row.

    The row has the time from which devices send again, the items skipped and left, and the people who open it.
    """
    return Key("RESTORE", register.identity())


def resend_since(register: PermitRegister, now: int) -> int | None:
    """Return the time from which devices send their events again, or None without a recent restore.

    The request to send again lasts as long as an event is not late. A restore whose table has not been compared yet has
    no such time, because no event has been sent again under it.
    """
    restore = register.get(restore_key(register))
    at = restore.data.get("at") if restore else None
    return restore.data.get("since") if restore and at is not None and now - at < EVENT_BACK_AT_MOST else None


def without_lock(register: PermitRegister) -> PermitRegister:
    """Return the register without the restore lock, for events that have happened and for re-applying them."""
    return register.inner if isinstance(register, LockedRegister) else register


def lock_time_of(register: PermitRegister) -> Callable[[int], int] | None:
    """Return `RestoreLock.locked_at` if `is_locked(register)`, else None."""
    return (
        register.restore_lock.locked_at
        if isinstance(register, LockedRegister) and register.restore_lock.is_locked
        else None
    )


def is_locked(register: PermitRegister) -> bool:
    """True if this register is locked, or no check has succeeded yet.

    Always False for a register without a restore lock.
    """
    return isinstance(register, LockedRegister) and register.restore_lock.is_locked
