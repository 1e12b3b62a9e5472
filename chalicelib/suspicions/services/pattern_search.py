"""Search for suspicious patterns in the permits of a year, at most once an hour. Each flag is stored once (ADR 0030).

1 check that an hour has passed and that no other run starts now    2 permits, newest first, each reduced to what the
rules need    3 numbers, stamps, operations, other Parties' documents used here, and the contents of quoted documents of
origin    4 the rules    5 store new flags, each with a mail to the desk that answers
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from chalicelib.alerts.services import duty_desks
from chalicelib.breeding import services as breeding
from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.errors import Invalid, UnreadableRow
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.rows import Conflict
from chalicelib.kernel.rows import Put as Write
from chalicelib.patterns.table import RULES, find
from chalicelib.patterns.window import (
    YEAR,
    Flag,
    ForeignDocument,
    Origin,
    PairedChange,
    PermitData,
    Spoiled,
    Window,
    permit_data,
    quoted,
)
from chalicelib.people.services import person_key
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.readable import log_row, readable
from chalicelib.quotas.services import figures as quotas_figures
from chalicelib.species.model.listing import Listing
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.stamps import services as stamps
from chalicelib.suspicions.services import flags
from chalicelib.suspicions.services.flags import StoredFlag
from chalicelib.uses.use import PermittedAmount
from chalicelib.verification.services import foreign_records
from chalicelib.verification.services.foreign_numbers import load_allowed, number_of

EVERY = HOUR

NEWS = 60 * DAY  # a hand-stamped endorsement comes in up to 30 days late, a device's up to 14

PERMITS_AT_MOST = 20_000

NUMBERS_AT_MOST = 40_000

STAMPS_AT_MOST = 20_000

ORIGINS_AT_MOST = 3_000  # documents of origin that a run looks up, those of the newest papers first

FLAGS_AT_MOST = 500  # of one run; the next run stores the rest

PAGE = 100


@dataclass(frozen=True, slots=True)
class RunResult:
    """Result of a run.

    `read` counts permits, `found` new flags. `complete` means that the limits covered the whole window.
    """

    read: int = 0
    found: int = 0
    complete: bool = True


def find_patterns(deps: SpeciesDeps, *, at_once: bool = False) -> RunResult | None:
    """Run the search. None if another run was less than an hour ago (not with `at_once`), or starts now."""
    row = deps.register.get(flags.RUN)  # 1
    if row is not None and not at_once and deps.now - int(row.data["at"]) < EVERY:
        return None
    version = row.version if row else 0
    try:
        deps.register.commit(Write(flags.RUN, {**(row.data if row else {}), "at": deps.now}, expected_version=version))
    except Conflict:
        return None
    window, complete = collect(deps)  # 2, 3
    kept = 0
    for flag in find(window):  # 4
        if kept >= FLAGS_AT_MOST:
            complete = False
            break
        kept += _store_flag(flag, deps)  # 5
    made = RunResult(len(window.permits), kept, complete)
    told = {
        "at": deps.now,
        "read": made.read,
        "found": kept,
        "complete": complete,
        "operations": len(window.operations),
    }
    with suppress(Conflict):
        deps.register.commit(Write(flags.RUN, told, expected_version=version + 1))
    return made


def collect(deps: SpeciesDeps) -> tuple[Window, bool]:
    """The data that the rules look at, and True if the limits covered all of it."""
    since = deps.now - NEWS
    permits, complete = _permits(deps.register, since - YEAR)
    shown, all_shown = foreign_records.used_since(since - YEAR, PERMITS_AT_MOST, deps.register)
    year = deps.stage.today(deps.now).year % 100
    rows = deps.register.query(
        f"NUMBER#{deps.stage.issuer}",
        start=f"{year - 1:02d}{deps.stage.issuer}",
        stop=f"{year:02d}{deps.stage.issuer}:",
        limit=NUMBERS_AT_MOST,
    )
    voids = tuple((row.key.sort, int(row.data["at"])) for row in rows if row.data.get("void") and "at" in row.data)
    spoiled = tuple(
        Spoiled(row.key.sort, str(row.data.get("by", "")), int(row.data.get("at", 0)))
        for row in deps.register.query(stamps.PARTITION, limit=STAMPS_AT_MOST)
        if "spoiled" in row.data
    )
    origins, all_origins = _origins(permits, shown, deps)
    window = Window(
        deps.now,
        since,
        deps.stage.issuer,
        deps.stage.zone,
        permits,
        deps.posts,
        breeding.operations(deps.register),
        {row.key.sort: "void" if row.data.get("void") else "used" for row in rows},
        voids,
        spoiled,
        _paired(since, deps.register),
        origins,
        shown,
        {taxon: _above(taxon, deps.listing) for permit in permits for taxon in permit.taxa},
    )
    return window, complete and all_shown and all_origins and len(rows) < NUMBERS_AT_MOST


def _paired(since: int, register: PermitRegister) -> tuple[PairedChange, ...]:
    desks = (
        PairedChange("desk", agency, data["at"], data["proposed_by"], data["by"])
        for agency, data in duty_desks.confirmed_changes(since, register)
    )
    figures = (
        PairedChange(
            "quota",
            f"{data['taxon']} ({data['year']})",
            data["at"],
            data["proposed_by"],
            data["by"],
            data["was"],
            data["quantity"],
        )
        for data in quotas_figures.raises_since(since, register)
    )
    return (*desks, *figures)


def _above(name: str, listing: Listing) -> frozenset[str]:
    taxon = listing.find(name)
    return frozenset({name.partition(" ")[0], *((taxon.family, taxon.order) if taxon else ())} - {""})


def _permits(register: PermitRegister, since: int) -> tuple[tuple[PermitData, ...], bool]:
    """Permits whose dossiers were begun since then, first to last by time of issue, and True if all were read."""
    found: list[PermitData] = []
    cursor: str | None = None
    read, whole = 0, True
    while read < PERMITS_AT_MOST:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        read += len(rows)
        dossiers = list(readable(rows, lambda row: store.load_row(row.data)))
        whole = whole and len(dossiers) == len(rows)
        found += [small for each in dossiers if each.created_at >= since and (small := permit_data(each))]
        if cursor is None or any(each.created_at < since for each in dossiers):
            break
    else:
        return _by_day(found), False
    return _by_day(found), whole


def _by_day(found: list[PermitData]) -> tuple[PermitData, ...]:
    return tuple(sorted(found, key=lambda each: (each.issued_at, each.id)))


def _origins(
    permits: tuple[PermitData, ...], shown: tuple[ForeignDocument, ...], deps: Deps
) -> tuple[dict[tuple[str, str], Origin], bool]:
    """The register's knowledge of each document quoted in blocks 12 and 12a with a well-formed number.

    The second value is True if the limit covered all of them and each could be read.
    """
    known: dict[tuple[str, str], Origin] = {}
    whole = True
    went = {(each.issuer, identity(each.number)): each.destination for each in shown}
    papers: tuple[PermitData | ForeignDocument, ...] = (*shown, *permits)
    every = dict.fromkeys((country, number) for each in reversed(papers) for country, number, _, _ in quoted(each))
    for country, number in islice(every, ORIGINS_AT_MOST):
        with suppress(Invalid):
            try:
                origin = _origin(country, number, deps)
            except UnreadableRow as error:
                log_row(error)
                whole = False
                continue
            to = went.get((country, identity(number)), "")
            known[country, number] = replace(origin, destination=origin.destination or to)
    return known, whole and len(every) <= ORIGINS_AT_MOST


def _origin(country: str, number: str, deps: Deps) -> Origin:
    if country == deps.stage.issuer:
        dossier = store.find_number(deps.register, country, number)
        if dossier is None:
            return Origin(False)
        return Origin(True, _totals(dossier.allowed), dossier.record.get("importer", {}).get("country", ""))
    known = number_of(country, number, deps.register)
    if known.signed:
        return Origin(True, _totals(load_allowed(known.signed.data["allowed"])))
    paper = next((use.event_id for use in known.papers if use.counts), None)
    # another Party's document that was never used here is no reason for a flag
    return Origin(True, _totals(foreign_records.load(paper, deps.register).allowed)) if paper else Origin(True)


def _totals(allowed: Mapping[str, PermittedAmount]) -> dict[str, Decimal]:
    made: dict[str, Decimal] = {}
    for each in allowed.values():
        made[each.unit or ""] = made.get(each.unit or "", Decimal(0)) + Decimal(each.quantity)
    return made


def _store_flag(flag: Flag, deps: Deps) -> int:
    """Store a flag, and return 1 if it is new or open again, else 0.

    It opens again if more happened after its last answer. Then, and if new, its desk gets a mail. An unanswered flag
    gets today's figures.
    """
    row = deps.register.get(flags.flag_key(flag.id))
    if row is None:
        held = StoredFlag(flag, flag.id, RULES[flag.rule], deps.now, _names(flag, deps.register), None, (), 0)
        more = True
    else:
        old = flags.read_row(row)
        more = old.answered and flag.at > old.answers[-1]["at"]
        same = (dict(old.flag.facts), old.flag.permits) == (dict(flag.facts), flag.permits)
        if same or (old.answered and not more):
            return 0
        held = replace(old, flag=flag, people=_names(flag, deps.register))
        held = replace(held, again_at=deps.now, step=0, asked_at=0) if more else held
    try:
        deps.register.commit(held.put(), *((held.mail(deps.now),) if more else ()))
    except Conflict:  # a person answers it meanwhile
        return 0
    return int(more)


def _names(flag: Flag, register: PermitRegister) -> dict[str, str]:
    rows = {each: register.get(person_key(each)) for each in flag.people}
    return {each: str(row.data["name"]) if row else each for each, row in rows.items()}
