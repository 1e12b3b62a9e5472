"""Publication of our status lists: read the changes, sign, replace the published object by a conditional write.

A list is published at once after a revocation, suspension or loss. After other changes it is published at most once a
minute. It is published every 3 hours in any case, so that it never gets near its `exp`.

Values of the next list (docs/adr/0014-status-changes.md):

1 no list is published, it does not verify, or it is older than BASE_AT_MOST: read every entry of the register
2 otherwise: the published list, with the register's present value of each changed entry that differs from it. These
  are the changes noted since BEFORE_LIST seconds before the list's `iat`.
3 once a day, 1 instead of 2, at the first publication of that list's day; each list's day begins at another second

4 lower an entry only if the permit's dossier explains it (verdict/snapshot_checks.py). That is, the dossier no longer
confirms the value, and recorded the lowering since. Any other entry keeps its value and is reported. With more than
  UNEXPLAINED_AT_MOST such entries in a list, lower no entry of it

The `iat` of each list is later than that of the one before. Many publications in a row could push it ahead of the
clock, and changes noted meanwhile would be missed. So no list is more than AHEAD seconds ahead of the clock. A
publication that would exceed this waits for the schedule.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from zlib import crc32

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import TamgaError, Unavailable
from chalicelib.kernel.stage import Stage
from chalicelib.platform.deps import Deps, PermitRegister, StaticStore
from chalicelib.platform.transact import transact
from chalicelib.token import cose
from chalicelib.trust.model.status_list import (
    BEFORE_LIST,
    FOR_CAUSE,
    IMPORTED,
    LOST,
    REPLACED,
    REVOKED,
    STATUS_LIST_TYPE,
    SUSPENDED,
    TTL,
    USED,
    VALID,
    RecordedValue,
    StatusList,
    encode_status_list,
    list_uri,
    open_status_list,
    status_key,
    status_list_header,
)
from chalicelib.trust.model.trust import Trust, active_key
from chalicelib.trust.services.ports import TrustDeps

NOT_SOONER = 60

QUARTERS_BACK, QUARTERS_AHEAD = 4, 13  # a year after expiry; documents of three years, and one quarter to spare

SCANNER_QUARTERS = slice(
    QUARTERS_BACK - 1, QUARTERS_BACK + 5
)  # quarters that a scanner asks for (web/scan/practice.js)

BASE_AT_MOST = 6 * HOUR  # seconds; far less than store.CHANGES_KEPT

AHEAD = 60  # seconds; AHEAD and the longest run of a function (the sweep's) together fit into BEFORE_LIST

LIFTED = frozenset({SUSPENDED, LOST})  # values that may have been lifted after the time that a table was restored to

UNEXPLAINED_AT_MOST = 20

LATE = 600  # seconds; a change that is not published by then raises the operator's alarm

# In order of gravity, the gravest last.
WEIGHTS = (VALID, USED, IMPORTED, REVOKED, REPLACED, SUSPENDED, LOST, FOR_CAUSE)

TRIES = 4  # few, because each try signs the list again, and the next run publishes it anyway

Report = Callable[[int], None]  # gets the number of entries that keep a value which no dossier explains

# Reads an entry's state from the dossier: list, index, value in the list, time the list was signed. None: no permit.
Recorded = Callable[[str, int, int, int], RecordedValue | None]

CONTENT_TYPE = STATUS_LIST_TYPE


def publish(  # noqa: PLR0913 - each switch changes one of the numbered steps
    uri: str,
    deps: TrustDeps,
    *,
    recorded: Recorded,
    at_once: bool = False,
    restored: bool = False,
    empty: bool = False,
    report: Report = lambda count: None,
) -> bool:
    """Publish one list if it is due. Returns True if it was published.

    `at_once`: do not wait NOT_SOONER seconds after the last list. A first list without any entry is published only if
    `empty`. `recorded`: explains a lowered value (4). `report`: called if entries keep their value (4).

    `restored`: the register may know less than the published list (platform/restore_lock.py). Then no entry that is
    not 0 is changed, and a list that does not verify is not replaced. No suspension or loss is added, because it may
    have been lifted since.

    Raises `Unavailable` if there is no trust list, or other runs replaced the list in every try.
    """
    trust = deps.trust()
    path = path_of(uri)

    def attempt() -> bool:
        held = deps.static.read(path)
        current = _opened(held[0], trust) if held else None
        values: dict[int, int] | None
        if restored:
            values = _after_restore(uri, current, deps)
        elif current is None or deps.now - current.issued_at > BASE_AT_MOST:  # 1
            values = _values(deps.register, uri)
            if held is None and not values and not empty:
                return False
        else:
            values = _next_values(uri, current, deps, at_once=at_once)
        if values is None:
            return False
        unexplained = 0
        if current is not None and not restored:
            values, unexplained = _without_unexplained(uri, values, current, recorded)  # 4
        issued_at = max(deps.now, current.issued_at + 1) if current else deps.now
        signed = _signed(uri, values, issued_at, trust, deps)
        deps.static.write(path, signed, content_type=CONTENT_TYPE, etag=held[1] if held else None)
        if unexplained:
            report(unexplained)
        return True

    return transact(attempt, "Another process is publishing this status list. Try again shortly.", tries=TRIES)


def _without_unexplained(
    uri: str, values: dict[int, int], current: StatusList, recorded: Recorded
) -> tuple[dict[int, int], int]:
    """Undo each lowering that no dossier explains (4). Return the values, and the number of such entries.

    Other entries that differ from the list get the dossier's value, if there is a dossier. With more than
    UNEXPLAINED_AT_MOST unexplained entries, undoes the explained lowerings too.
    """
    values, lowered, unexplained = dict(values), {}, 0
    for index, listed in current.entries().items():
        wanted = values.get(index, VALID)
        if wanted == listed:
            continue
        record = recorded(uri, index, listed, current.issued_at)
        if record is None:
            kept = not _is_graver(wanted, listed)
        elif record.confirmed or _is_graver(record.value, listed):
            kept, values[index] = False, record.value
        else:
            kept = not record.explained
            if not kept:
                lowered[index], values[index] = listed, record.value
        if kept:
            unexplained += 1
            values[index] = listed
    return (values | lowered if unexplained > UNEXPLAINED_AT_MOST else values), unexplained


def _is_graver(value: int, listed: int) -> bool:
    """Return True if the value is graver than the list's. So a revocation is published even if a use is missing."""
    return {value, listed} <= {*WEIGHTS} and WEIGHTS.index(value) > WEIGHTS.index(listed)


def late_changes(deps: TrustDeps) -> int:
    """Return the number of entries that were changed more than LATE seconds ago and are not published as they are.

    Counts entries of lists that are published already.
    """
    late = 0
    for uri in uris(deps.stage, deps.now):
        listed = published(uri, deps)
        if listed is not None:
            late += len(_changed(uri, listed, deps, until=deps.now - LATE))
    return late


def _next_values(uri: str, current: StatusList, deps: Deps, *, at_once: bool) -> dict[int, int] | None:
    """Return the values of the list after `current` (2, 3), or None if none is due."""
    changed, age = _changed(uri, current, deps), deps.now - current.issued_at  # 2
    if not (age >= TTL or (changed and (at_once or age >= NOT_SOONER))) or current.issued_at >= deps.now + AHEAD:
        return None
    if _day(uri, current.issued_at) != _day(uri, max(deps.now, current.issued_at + 1)):  # 3
        return _values(deps.register, uri)
    return {**current.entries(), **changed}


def _after_restore(uri: str, current: StatusList | None, deps: Deps) -> dict[int, int] | None:
    """Return the values as `_next_values`, but for a register that may know less than the published list.

    None if there is no published list that verifies, or if it is younger than TTL.
    """
    if current is None or deps.now - current.issued_at < TTL:
        return None
    told = _changed(uri, current, deps)  # changes that devices have uploaded since the restore
    return {i: value for i, value in told.items() if value not in LIFTED} | current.entries()


def _signed(uri: str, values: dict[int, int], issued_at: int, trust: Trust, deps: TrustDeps) -> bytes:
    """Sign a list with the `status` key that signs now, then verify it as any verifier does.

    Raises `Unavailable` without a trust list or a usable key.
    """
    trust_list = trust.list_for(deps.stage.issuer)
    if trust_list is None:
        raise Unavailable("No trust list is published, so nothing can be signed.")
    signer = deps.signer(active_key(trust_list, KeyPurpose.STATUS, issued_at).kid)
    protected = status_list_header(signer.kid)
    payload = encode_status_list(uri, values, issued_at)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    signed = cose.encode_sign1(protected, payload, cose.raw_signature(signer.sign_digest(digest)))
    open_status_list(signed, trust)
    return signed


def publish_due(
    deps: TrustDeps, *, recorded: Recorded, restored: bool = False, report: Report = lambda count: None
) -> list[str]:
    """Publish every list that is due, for the schedule. Return the addresses of those published.

    For a practice register, also publishes empty lists that scanners ask for. Tries all lists, then raises the last
    failure.
    """
    done: list[str] = []
    failed: TamgaError | None = None
    every = uris(deps.stage, deps.now)
    asked_for = every[SCANNER_QUARTERS] if deps.stage.practice else ()
    for uri in every:
        try:
            if publish(uri, deps, recorded=recorded, restored=restored, empty=uri in asked_for, report=report):
                done.append(uri)
        except TamgaError as error:
            failed = error
    if failed:
        raise failed
    return done


def uris(stage: Stage, now: int) -> tuple[str, ...]:
    """Return the addresses of our own lists (`uris_at`)."""
    return uris_at(stage.lists_at, now)


def uris_at(host: str, now: int) -> tuple[str, ...]:
    """Return the addresses of the lists at this host, for permits that expire from a year ago to three years ahead."""
    start = datetime.fromtimestamp(now, UTC)
    first = start.year * 4 + (start.month - 1) // 3 - QUARTERS_BACK
    days = [
        datetime(q // 4, q % 4 * 3 + 1, 15, tzinfo=UTC)
        for q in range(first, first + QUARTERS_BACK + QUARTERS_AHEAD + 1)
    ]
    return tuple(list_uri(host, int(day.timestamp())) for day in days)


def published(uri: str, deps: TrustDeps) -> StatusList | None:
    """Return our own published list, or None as `read_published`."""
    return read_published(uri, static=deps.static, trust=deps.trust(), stage=deps.stage)


def read_published(uri: str, *, static: StaticStore, trust: Trust, stage: Stage) -> StatusList | None:
    """Return our own published list, for the cache of the process, which has no `Deps`.

    None if it is another Party's address, is missing, does not verify, or the store is busy.
    """
    if not uri.startswith(f"https://{stage.lists_at}/s/"):
        return None
    try:
        held = static.read(path_of(uri))
    except Unavailable:
        return None
    found = _opened(held[0], trust) if held else None
    return found if found is not None and found.uri == uri else None


def oldest(deps: TrustDeps) -> int:
    """Return the age in seconds of the oldest of our published lists, or 0 if there is none."""
    found = (published(uri, deps) for uri in uris(deps.stage, deps.now))
    return max((deps.now - each.issued_at for each in found if each), default=0)


def path_of(uri: str) -> str:
    """Return the path of a list's object: `s/27q1`."""
    return uri.split("/", 3)[3]


def _values(register: PermitRegister, uri: str) -> dict[int, int]:
    return {int(row.key.sort): int(row.data["value"]) for row in register.query(f"STATUS#{uri}")}


def _changed(uri: str, current: StatusList, deps: Deps, until: int | None = None) -> dict[int, int]:
    """Return the present values of entries that differ from the published list.

    `until`: reads only changes noted before then. An older change than those read was committed before the list was
    made, so the list has it, or a later one. A noted value is not used itself, because two changes may be noted in
    another order than they were committed. It only shows which entries to read. If all noted values of an entry are
    those of the list, the entry is right and is not read.
    """
    since = max(0, min(current.issued_at, deps.now) - BEFORE_LIST)
    noted = deps.register.query(
        f"STATUS-CHANGES#{uri}", start=f"{since:010d}", stop=None if until is None else f"{max(0, until):010d}"
    )
    other = {i for row in noted if current.value(i := int(row.key.sort[11:])) != row.data["value"]}
    rows = {index: deps.register.get(status_key(uri, index)) for index in sorted(other)}
    values = {index: int(row.data["value"]) for index, row in rows.items() if row is not None}
    return {index: value for index, value in values.items() if current.value(index) != value}


def _day(uri: str, at: int) -> int:
    """Return the number of the list's day. Each list's day begins at another second, to spread the full reads."""
    return (at + crc32(uri.encode()) % DAY) // DAY


def _opened(data: bytes, trust: Trust) -> StatusList | None:
    try:
        return open_status_list(data, trust)
    except TamgaError:
        return None
