"""The status lists as verifiers fetch them: read what changed, sign, replace the object conditionally.

At once after a revocation, suspension or loss; otherwise when something changed, at most once a minute, and every
3 hours in any case, so that a list never gets near its `exp`.

What a list shall say (docs/adr/0014-status-changes.md):

1 no list is out, it is not believed, or it is older than BASE_AT_MOST   -> every entry of the register, counted anew
2 otherwise: the list that is out, and every entry whose change was noted since BEFORE_LIST its `iat` and says something
  else: its value as the register has it now
3 once a day, in an hour of its own for each list, 1 instead of 2: by whatever is the day's first publication

4 an entry is lowered only where the permit's dossier explains it (verdict/snapshot_checks.py): it does not say any
  more what the list says, and recorded since when. Any other entry keeps its value and is reported; with more than
  UNEXPLAINED_AT_MOST of them in a list no entry of it is lowered

Each list's `iat` is later than the one before. Published at once often enough it would leave the clock behind, and
with it what is noted: no list is more than AHEAD before the clock, what comes sooner waits for the schedule.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from zlib import crc32

from chalicelib.kernel.days import DAY, HOUR
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
from chalicelib.trust.services.ports import Signer, TrustDeps

NOT_SOONER = 60

QUARTERS_BACK, QUARTERS_AHEAD = 4, 13  # a year after expiry; documents of three years and one to spare

REHEARSED = slice(QUARTERS_BACK - 1, QUARTERS_BACK + 5)  # which of them a real scanner asks for (web/scan/practice.js)

BASE_AT_MOST = 6 * HOUR  # seconds; far less than store.CHANGES_KEPT

AHEAD = 60  # seconds; AHEAD and the sweep's life fit into BEFORE_LIST

LIFTED = frozenset({SUSPENDED, LOST})  # what may have been lifted since the moment that a table was restored to

UNEXPLAINED_AT_MOST = 20

LATE = 600  # seconds; a change that is not published by then alarms the operator

WEIGHTS = (VALID, USED, IMPORTED, REVOKED, REPLACED, SUSPENDED, LOST, FOR_CAUSE)  # a later one says more

TRIES = 4  # few: each signs the list again, and the next run publishes what this one could not

Report = Callable[[int], None]  # how many entries of a list keep a value that the register does not explain

# What the dossiers record of an entry: list, index, value in the list, when that list was signed; None: no permit's
Recorded = Callable[[str, int, int, int], RecordedValue | None]

CONTENT_TYPE = STATUS_LIST_TYPE


def publish(
    uri: str,
    deps: TrustDeps,
    *,
    recorded: Recorded,
    at_once: bool = False,
    restored: bool = False,
    empty: bool = False,
    report: Report = lambda count: None,
) -> bool:
    """Publish one list if it is due; True if it was; one without any entry never is, unless `empty`.

    `recorded`: explains why a value fell (4). `report`: called where entries keep their value (4). `restored`: the
    register may know less than the list that is out (platform/restore_lock.py), so no entry that says something is
    taken back, none that was lifted is put back, and a list that is not believed is not replaced.
    Raises `Unavailable` if others kept replacing it.
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
            values = _following(uri, current, deps, at_once=at_once)
        if values is None:
            return False
        unexplained = 0
        if current is not None and not restored:
            values, unexplained = _explained(uri, values, current, recorded)  # 4
        issued_at = max(deps.now, current.issued_at + 1) if current else deps.now
        signed = _signed(uri, values, issued_at, signers=deps.signer, trust=trust, issuer=deps.stage.issuer)
        deps.static.write(path, signed, content_type=CONTENT_TYPE, etag=held[1] if held else None)
        if unexplained:
            report(unexplained)
        return True

    return transact(attempt, "The list is being published by others.", tries=TRIES)


def _explained(uri: str, values: dict[int, int], current: StatusList, recorded: Recorded) -> tuple[dict[int, int], int]:
    """The values, with each lowering that no dossier explains taken back; and how many these are."""
    values, lowered, unexplained = dict(values), {}, 0
    for index, listed in current.entries().items():
        wanted = values.get(index, VALID)
        if wanted == listed:
            continue
        record = recorded(uri, index, listed, current.issued_at)
        if record is None:
            kept = not _heavier(wanted, listed)
        elif record.confirmed or _heavier(record.value, listed):
            kept, values[index] = False, record.value
        else:
            kept = not record.explained
            if not kept:
                lowered[index], values[index] = listed, record.value
        if kept:
            unexplained += 1
            values[index] = listed
    return (values | lowered if unexplained > UNEXPLAINED_AT_MOST else values), unexplained


def _heavier(value: int, listed: int) -> bool:
    """Whether this value says more than the list's: a revocation is published also where a use is missing."""
    return {value, listed} <= {*WEIGHTS} and WEIGHTS.index(value) > WEIGHTS.index(listed)


def late_changes(deps: TrustDeps) -> int:
    """How many entries were changed more than LATE seconds ago and are not published as they are."""
    trust = deps.trust()
    late = 0
    for uri in uris(deps.stage, deps.now):
        listed = published(uri, static=deps.static, trust=trust, stage=deps.stage)
        if listed is not None:
            late += len(_changed(uri, listed, deps, until=deps.now - LATE))
    return late


def _following(uri: str, current: StatusList, deps: Deps, *, at_once: bool) -> dict[int, int] | None:
    """What a list has to say that follows on a young one; None while none is due."""
    changed, age = _changed(uri, current, deps), deps.now - current.issued_at  # 2
    if not (age >= TTL or (changed and (at_once or age >= NOT_SOONER))) or current.issued_at >= deps.now + AHEAD:
        return None
    if _day(uri, current.issued_at) != _day(uri, max(deps.now, current.issued_at + 1)):  # 3
        return _values(deps.register, uri)
    return {**current.entries(), **changed}


def _after_restore(uri: str, current: StatusList | None, deps: Deps) -> dict[int, int] | None:
    """As `_following`, of a register that may know less than the list that is out."""
    if current is None or deps.now - current.issued_at < TTL:
        return None
    told = _changed(uri, current, deps)  # by devices, since
    return {i: value for i, value in told.items() if value not in LIFTED} | current.entries()


def _signed(
    uri: str,
    values: dict[int, int],
    issued_at: int,
    *,
    signers: Callable[[bytes], Signer],
    trust: Trust,
    issuer: str,
) -> bytes:
    """By the key whose turn it is, and read again as a verifier reads it."""
    trust_list = trust.list_for(issuer)
    if trust_list is None:
        raise Unavailable("There is no trust list to sign under.")
    signer = signers(active_key(trust_list, "status", issued_at).kid)
    protected = status_list_header(signer.kid)
    payload = encode_status_list(uri, values, issued_at)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    signed = cose.encode_sign1(protected, payload, cose.raw_signature(signer.sign_digest(digest)))
    open_status_list(signed, trust)
    return signed


def publish_due(
    deps: TrustDeps, *, recorded: Recorded, restored: bool = False, report: Report = lambda count: None
) -> list[str]:
    """Every list that is due, for the schedule; the addresses of those published.

    Of a practice register also those that say nothing yet and are asked for all the same.
    Raises the last failure after all lists had their turn.
    """
    done: list[str] = []
    failed: TamgaError | None = None
    every = uris(deps.stage, deps.now)
    asked_for = every[REHEARSED] if deps.stage.practice else ()
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
    """Our lists that permits alive today can point to."""
    return uris_at(stage.lists_at, now)


def uris_at(host: str, now: int) -> tuple[str, ...]:
    """The lists at this host that permits alive today can point to."""
    start = datetime.fromtimestamp(now, UTC)
    first = start.year * 4 + (start.month - 1) // 3 - QUARTERS_BACK
    days = [
        datetime(q // 4, q % 4 * 3 + 1, 15, tzinfo=UTC)
        for q in range(first, first + QUARTERS_BACK + QUARTERS_AHEAD + 1)
    ]
    return tuple(list_uri(host, int(day.timestamp())) for day in days)


def published(uri: str, *, static: StaticStore, trust: Trust, stage: Stage) -> StatusList | None:
    """Our own list as it is out, for when the register cannot say; None if it is another's or not there."""
    if not uri.startswith(f"https://{stage.lists_at}/s/"):
        return None
    try:
        held = static.read(path_of(uri))
    except Unavailable:
        return None
    found = _opened(held[0], trust) if held else None
    return found if found is not None and found.uri == uri else None


def oldest(deps: TrustDeps) -> int:
    """Seconds since the oldest of our lists that are out was signed; 0 if none is out."""
    trust = deps.trust()
    found = (published(uri, static=deps.static, trust=trust, stage=deps.stage) for uri in uris(deps.stage, deps.now))
    return max((deps.now - each.issued_at for each in found if each), default=0)


def path_of(uri: str) -> str:
    """Where a list's object lies: `s/27q1`."""
    return uri.split("/", 3)[3]


def _values(register: PermitRegister, uri: str) -> dict[int, int]:
    return {int(row.key.sort): int(row.data["value"]) for row in register.query(f"STATUS#{uri}")}


def _changed(uri: str, current: StatusList, deps: Deps, until: int | None = None) -> dict[int, int]:
    """Entries that differ from the list that is out; of changes noted before `until` only, if given.

    A change that is not among those read was committed before that list was made, so the list has it or a later one;
    where all that are read say what the list says, it is right. Two that crossed are told apart by the entry itself.
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
    """Which day it is for this list: each begins its day at another second, so that not all are counted at once."""
    return (at + crc32(uri.encode()) % DAY) // DAY


def _opened(data: bytes, trust: Trust) -> StatusList | None:
    try:
        return open_status_list(data, trust)
    except TamgaError:
        return None
