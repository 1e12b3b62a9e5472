"""Numbered checks of a stage, each with its remedies. Each check is independent and changes nothing.

1 configuration (`diagnostics/cli.py`)   2 register   3 buckets   4 trust list   5 keys   6 certificates
7 status lists   8 clock   9 signings   10 user pool   11 functions   12 restore lock   13 dated tables
14 quotas   15 status of each permit

`hosted` is False on a local engine. A feature that only AWS has is then a warning if it is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal, Protocol

from chalicelib.applications.rules.species import origin_of
from chalicelib.issuing.services.sign import SIGNING_TIMEOUT
from chalicelib.kernel.days import DAY, SKEW
from chalicelib.kernel.enums import KeyPurpose, State
from chalicelib.kernel.errors import DecodeError, TamgaError, TooLarge, Unavailable
from chalicelib.kernel.text import count_of
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.permits.services.list_differences import Difference
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.readable import readable
from chalicelib.platform.restore_lock import RestoreLock
from chalicelib.quotas.services.recount import Recount
from chalicelib.record.permit import from_record
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import resolve_name
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.status_list import TTL, open_status_list
from chalicelib.trust.model.trust import active_key
from chalicelib.trust.model.trust_list import TrustKey, TrustList
from chalicelib.trust.services import party_lists as trust_party_lists
from chalicelib.trust.services import publish_status_lists
from chalicelib.trust.services.ports import TrustDeps
from chalicelib.trust.services.publish_trust_list import newest_published
from chalicelib.verdict.register_checks import STATUS_FRESH
from chalicelib.verification.services.verify import VerifyDeps


@dataclass(frozen=True, slots=True)
class TableFacts:
    """Facts about the register's table.

    `differs`: differences of state, keys and indexes from the definition, in words. `recovery`: point-in-time recovery
    is on. `protected`: deletion protection is on. `expiring`: time to live on `expires` is on.
    `server_time` is Date of AWS's answer, Unix seconds, or None without one.
    """

    differs: tuple[str, ...]
    recovery: bool
    protected: bool
    expiring: bool
    server_time: int | None


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """Facts about a bucket. `private`: all four blocks of public access are on. `locked`: it has object lock."""

    versioned: bool
    private: bool
    locked: bool


class Surroundings(Protocol):
    """Port to the AWS resources of a stage, read with the rights of the operator.

    Each method raises `Forbidden`, `NoMatch` or `Unavailable`.
    """

    def table(self) -> TableFacts: ...

    def bucket(self, name: str) -> BucketFacts: ...

    def second_factor(self) -> str:
        """Second factor of the user pool: ON, OPTIONAL or OFF."""

    def function(self, name: str) -> str:
        """State of a function, `Active` if it can be called."""


Grade = Literal["ok", "warning", "problem"]

CHECKS: Mapping[int, str] = {
    1: "configuration",
    2: "register",
    3: "buckets",
    4: "trust list",
    5: "keys",
    6: "certificates",
    7: "status lists",
    8: "clock",
    9: "signings",
    10: "user pool",
    11: "functions",
    12: "restore lock",
    13: "dated tables",
    14: "quotas",
    15: "status of each permit",
}

CLOCK_AT_MOST = 60  # seconds; above SKEW, verdicts are wrong

LATE = TTL + 900  # seconds: the schedule has missed an older list

STUCK = SIGNING_TIMEOUT + 600  # seconds: two runs of the sweep

AT_ONCE = 100  # applications of one query

PUBLISH_DO = "tamga publish; check that `publish_due` runs"

UNREADABLE = "this release cannot read the row"

UNREADABLE_DO = "install the release that wrote the row, or take the row from a backup"

PARTY_DO = "read the reason in the lines `fetch_lists` of the log, then notify that Party"

TABLES_AT_MOST = 400  # days: the Appendices change every two to three years, their annotations yearly


class DiagnosticsDeps(VerifyDeps, Protocol):
    """Dependencies of the checks: `VerifyDeps`, the AWS resources, the restore lock, and the keys of access tokens."""

    @property
    def restore_lock(self) -> RestoreLock: ...
    @property
    def surroundings(self) -> Surroundings: ...
    @property
    def token_keys(self) -> Callable[[], bytes]: ...


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Result of a check for one subject. `check`: its number. `do`: the remedy, empty if the grade is ok."""

    check: int
    subject: str
    grade: Grade
    words: str
    do: str = ""


def guarded(
    check: int, look: Callable[[], Iterable[CheckReport]], foreign: Callable[[Exception], bool]
) -> list[CheckReport]:
    """Run one check. An expected error becomes a problem of that check and does not stop the others.

    `foreign`: True for an error of a library that an adapter does not translate (a missing right, a missing table).
    Any other error is raised.
    """
    found: list[CheckReport] = []
    try:
        found.extend(look())
    except Exception as error:
        if not isinstance(error, TamgaError) and not foreign(error):
            raise
        found.append(
            CheckReport(check, CHECKS[check], "problem", str(error), "check that it answers and that you may read it")
        )
    return found


def register(table: str, surroundings: Surroundings, *, hosted: bool) -> Iterator[CheckReport]:
    """Check 2: the table's keys and indexes, and its protection from loss."""
    facts = surroundings.table()
    if facts.differs:
        do = "create it as defined in adapters/aws/register.py"
        yield CheckReport(2, table, "problem", "; ".join(facts.differs), do)
    else:
        yield CheckReport(2, table, "ok", "keys and indexes as defined")
    yield _expected(2, f"{table}: point-in-time recovery", facts.recovery, "turn it on (35 days)", hosted)
    yield _expected(2, f"{table}: deletion protection", facts.protected, "turn it on", hosted)
    yield _expected(2, f"{table}: time to live on `expires`", facts.expiring, "turn it on", hosted=True)


def buckets(files: str, static: str, surroundings: Surroundings, *, hosted: bool) -> Iterator[CheckReport]:
    """Check 3: both buckets are versioned and block public access. The files bucket has object lock."""
    for name in (files, static):
        facts = surroundings.bucket(name)
        yield _expected(3, f"{name}: versioning", facts.versioned, "turn it on", hosted)
        do = "block all four kinds of public access"
        yield _expected(3, f"{name}: public access blocked", facts.private, do, hosted)
        if name == files:
            yield _expected(3, f"{name}: object lock", facts.locked, "create a new bucket with object lock", hosted)


def trust_list(own: TrustList | None, thumbprints: Sequence[bytes], deps: Deps) -> Iterator[CheckReport]:
    """Check 4: a trust list under a pinned root is in force, no newer one is lost, and no renewal or rotation is due.

    `own`: the list that passed our pins. `thumbprints`: of our pinned roots.
    """
    if own is None:
        yield CheckReport(4, "trust list", "problem", "no trust list is in force", "tamga trust prepare --first")
        return
    yield CheckReport(4, f"list {own.seq}", "ok", f"in force; {count_of(len(thumbprints), 'root')} pinned")
    newest = newest_published(own.issuer, deps.register)
    if own.seq < newest:
        yield CheckReport(
            4,
            f"list {own.seq}",
            "problem",
            f"list {newest} was published before it",
            "put the newer object back (S3 versions), or publish a new list",
        )
    for name, words in key_rotation.due(own, deps.now).items():
        urgent = name in {"expired", "renew-now"} or name.startswith("no-key")
        yield CheckReport(4, name, "problem" if urgent else "warning", words, _remedy(name))


def other_lists(held: Mapping[str, TrustList | None], now: int) -> Iterator[CheckReport]:
    """Check 4: the trust lists of the other Parties that we pin, by country. An operator takes these in by hand."""
    for country, each in held.items():
        do = f"tamga trust take {country}"
        if each is None:
            yield CheckReport(
                4, country, "warning", "pinned, but its trust list is not stored: its permits cannot be verified", do
            )
        elif each.expires_at - now <= key_rotation.RENEW:
            left = max(0, each.expires_at - now) // DAY
            yield CheckReport(4, country, "warning", f"its list ends in {count_of(left, 'day')}", do)
        else:
            yield CheckReport(4, country, "ok", f"list {each.seq}")


def keys(
    own: TrustList, held: Callable[[TrustKey], str], configured: Mapping[str, str], now: int
) -> Iterator[CheckReport]:
    """Check 5: KMS has each key that signs or is spare, with the public key of the list.

    `held`: returns `same`, or the problem in words.
    """
    for key in own.keys:
        if key.compromised or (key.retired_at is not None and key.retired_at <= now):
            continue
        name = f"{key.purpose} {key.kid.hex()}"
        answer = held(key)
        if answer == "same":
            yield CheckReport(5, name, "ok", configured.get(key.kid.hex(), "it answers"))
        else:
            do = "check TAMGA_KEYS (tamga keys kid ALIAS) and that the key is enabled"
            yield CheckReport(5, name, "problem", answer, do)


def certificates(own: TrustList, configured: Iterable[bytes], now: int) -> Iterator[CheckReport]:
    """Check 6: the certificate of the active `pdf` key is configured, and those of its spare keys.

    Without the first, nothing can be printed now. Without the others, nothing can be printed after the next rotation.
    """
    there = {sha256(each).digest() for each in configured}
    active = active_key(own, KeyPurpose.PDF, now)
    do = "add it to TAMGA_PDF_CERTIFICATE, after a comma"
    for key in key_rotation.keys_in_turn(own, "pdf"):
        what = "the key that seals" if key == active else "a spare"
        grade: Grade = "problem" if key == active else "warning"
        if key.fingerprint in there:
            grade = "ok"
        words = f"certificate of {what} is {'configured' if grade == 'ok' else 'not configured'}"
        yield CheckReport(6, key.kid.hex(), grade, words, "" if grade == "ok" else do)


def status_lists(uris: Iterable[str], deps: TrustDeps) -> Iterator[CheckReport]:
    """Check 7: each published status list verifies and is not old."""
    trust = deps.trust()
    for uri in uris:
        held = deps.static.read(publish_status_lists.path_of(uri))
        if held is None:
            continue
        try:
            listed = open_status_list(held[0], trust)
        except DecodeError as error:
            yield CheckReport(7, uri, "problem", error.detail, "tamga publish")
            continue
        age = deps.now - listed.issued_at
        words = f"{count_of(age // 60, 'minute')} old"
        if deps.now >= listed.expires_at:
            yield CheckReport(7, uri, "problem", f"{words}: it has expired", PUBLISH_DO)
        elif age > LATE:
            yield CheckReport(7, uri, "warning", words, PUBLISH_DO)
        else:
            yield CheckReport(7, uri, "ok", words)


def party_lists(deps: TrustDeps) -> Iterator[CheckReport]:
    """Check 7: status lists of other Parties are stored here, and none is so old that verdicts mention it (T1)."""
    trust = deps.trust()
    for party in trust.lists:
        if party.issuer == deps.stage.issuer:
            continue
        found = [
            listed
            for uri in trust_party_lists.addresses(party, deps.now)
            if (listed := trust_party_lists.kept_list(party.issuer, uri, deps))
        ]
        if not found:
            yield CheckReport(
                7,
                party.issuer,
                "warning",
                "none of its status lists is stored: verdicts on its permits have T1",
                PARTY_DO,
            )
            continue
        age = deps.now - min(each.issued_at for each in found)
        words = f"{count_of(len(found), 'list')}, the oldest {count_of(age // 60, 'minute')} old"
        fresh = age <= STATUS_FRESH
        yield CheckReport(7, party.issuer, "ok" if fresh else "warning", words, "" if fresh else PARTY_DO)


def clock(surroundings: Surroundings, clock_: Callable[[], int]) -> Iterator[CheckReport]:
    """Check 8: the clock of this machine against the Date of AWS's answer."""
    server = surroundings.table().server_time
    if server is None:
        yield CheckReport(8, "clock", "warning", "the answer of AWS has no Date header")
        return
    off = abs(clock_() - server)
    grade: Grade = "warning" if off <= SKEW else "problem"
    if off <= CLOCK_AT_MOST:
        grade = "ok"
    yield CheckReport(
        8, "clock", grade, f"{off} s from the clock of AWS", "" if grade == "ok" else "set this machine's clock (NTP)"
    )


def signings(deps: Deps) -> Iterator[CheckReport]:
    """Check 9: no signing was cut off without being given up. The index only finds candidates."""
    rows, _ = deps.register.search("state", "signing")
    unreadable: list[str] = []
    read = readable(rows, lambda row: store.load_row(row.data), skipped=lambda error: unreadable.append(error.row))
    cut = [dossier for dossier in read if dossier.state == State.SIGNING]
    stuck = [each.number or each.id for each in cut if each.intent and deps.now - each.intent.started_at > STUCK]
    for number in stuck:
        yield CheckReport(9, number, "warning", "its signing was cut off", "tamga sweep; check that `sweep` runs")
    for row in unreadable:
        yield CheckReport(9, row, "problem", UNREADABLE, UNREADABLE_DO)
    if not stuck and not unreadable:
        yield CheckReport(9, "signings", "ok", f"none was cut off ({len(cut)} under way)")


def user_pool(surroundings: Surroundings, ask: Callable[[], bytes], *, hosted: bool) -> Iterator[CheckReport]:
    """Check 10: the user pool's keys can be fetched, and a second factor is required."""
    try:
        ask()
    except (Unavailable, TooLarge) as error:
        yield CheckReport(
            10,
            "user pool",
            "problem",
            f"its keys cannot be fetched: {error.detail}",
            "check TAMGA_JWKS_URL and the network",
        )
    else:
        yield CheckReport(10, "user pool", "ok", "its keys can be fetched")
    factor = surroundings.second_factor()
    if factor == "ON":
        yield CheckReport(10, "second factor", "ok", factor)
    else:
        yield CheckReport(10, "second factor", "problem" if hosted else "warning", factor, "require it for staff (ON)")


def functions(names: Mapping[str, str], surroundings: Surroundings) -> Iterator[CheckReport]:
    """Check 11: each function exists.

    `names` maps each variable to its function. An empty one means that this process does the work itself.
    """
    for variable, name in names.items():
        if not name:
            words = "not configured: this process does the work itself"
            yield CheckReport(11, variable, "ok", words)
            continue
        state = surroundings.function(name)
        ready = state in {"Active", "Inactive"}  # an inactive function starts when it is called
        do = "" if ready else "see the last update of the function"
        yield CheckReport(11, name, "ok" if ready else "problem", state, do)


def restore_lock(shut: str | None) -> Iterator[CheckReport]:
    """Check 12: the register is open. `shut`: reason of the restore lock, None without one."""
    if shut is None:
        yield CheckReport(12, "register", "ok", "open")
    else:
        yield CheckReport(12, "register", "problem", shut, "tamga restore check")


def dated_tables(tables: Mapping[str, str], today: date) -> Iterator[CheckReport]:
    """Check 13: no table of law is older than 400 days. `tables`: table -> day of its content (`2026-11-25`)."""
    for name, as_of in tables.items():
        try:
            days = (today - date.fromisoformat(as_of)).days
        except ValueError:
            yield CheckReport(13, name, "warning", "it has no date", "enter in the file the day of the last comparison")
            continue
        fresh = days <= TABLES_AT_MOST
        do = "" if fresh else "compare it with its source (OPERATIONS.md)"
        yield CheckReport(13, name, "ok" if fresh else "warning", f"as of {as_of}, {count_of(days, 'day')} ago", do)


def quotas(year: int, found: Sequence[Recount]) -> Iterator[CheckReport]:
    """Check 14: the count of each quota equals the sum over the permits, and no quota is exceeded.

    A quota can be exceeded by a decision (an override, a correction, a lowered figure), so that is a warning.
    """
    for each in found:
        if not each.agrees:
            yield CheckReport(
                14, each.quota, "problem", "its count differs from the sum of the permits", "tamga quotas recount"
            )
        elif each.held and each.held.left < 0:
            words = f"{-each.held.left} above the quota"
            yield CheckReport(
                14, each.quota, "warning", words, "see its history: an override, a correction or a lowered quota"
            )
    if all(each.agrees for each in found):
        words = f"{count_of(len(found), 'count')} of {year} agree with the permits"
        yield CheckReport(14, "quotas", "ok", words if found else f"no quota of {year} is on record")


def statuses(found: Iterable[Difference]) -> Iterator[CheckReport]:
    """Check 15: dossier, status row, status list and history of each permit agree."""
    agree = True
    for each in found:
        agree = False
        do = f"permit {each.permit_id}: OPERATIONS.md, Register and list differ"
        yield CheckReport(15, each.number or each.permit_id, "problem", each.words, do)
    if agree:
        yield CheckReport(15, "permits", "ok", "dossier, status row, list and history agree")


def _expected(check: int, subject: str, holds: bool, do: str, hosted: bool) -> CheckReport:
    if holds:
        return CheckReport(check, subject, "ok", "on")
    return CheckReport(check, subject, "problem" if hosted else "warning", "off", do)


def _remedy(name: str) -> str:
    if name.startswith(("renew", "expired")):
        return "tamga trust prepare"
    if name.startswith("rotate-"):
        return "tamga keys rotate ALIAS --purpose " + name.removeprefix("rotate-")
    return "tamga keys admit ALIAS --purpose " + name.rpartition("-")[2]


def species_list(listing: Listing, today: date, register: PermitRegister) -> Iterator[CheckReport]:
    """Check 13: no change has come into force since the list was checked, and open applications agree with the list.

    An application is judged again when it is issued. One that no longer fits is then refused, so it is better returned.
    """
    changed = listing.changed_between(listing.checked, today.isoformat())
    if changed:
        day, name = changed[0]
        words = (
            f"{count_of(len(changed), 'taxon has', 'taxa have')} changed since it was checked, first {name} on {day}"
        )
        yield CheckReport(13, "species list", "warning", words, "compare it with Species+ (update-species-list.md)")
    differ = sum(_differs(dossier, listing) for dossier in _waiting(register))
    words = (
        f"Appendix or name of {count_of(differ, 'submitted application')} differ" if differ else "agree with the list"
    )
    do = "return them: their authors submit them again" if differ else ""
    yield CheckReport(13, "submitted applications", "warning" if differ else "ok", words, do)


def _waiting(register: PermitRegister) -> Iterator[Dossier]:
    """Applications that are submitted or approved."""
    for state in (State.SUBMITTED, State.APPROVED):
        cursor: str | None = None
        while True:
            rows, cursor = register.search("state", state, cursor=cursor, limit=AT_ONCE)
            yield from (each for each in readable(rows, lambda row: store.load_row(row.data)) if each.state == state)
            if cursor is None:
                break


def _differs(dossier: Dossier, listing: Listing) -> bool:
    """True if a line has another Appendix or another name than the list now."""
    application = from_record(dossier.record)
    for line in application.lines:
        goods = resolve_name(line.scientific_name or "", listing).of(origin_of(application, line))
        taxon = goods.strictest
        if taxon is None or not goods.whole or (goods.accepted or line.scientific_name) != line.scientific_name:
            return True
        if line.appendix not in {taxon.appendix, *taxon.may_be}:
            return True
    return False
