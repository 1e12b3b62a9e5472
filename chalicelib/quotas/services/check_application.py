"""Check of an application against the year's quotas: quantities drawn, refusals, and the state of the quotas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TypedDict

from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import DigestMismatch, FieldError, Invalid, Stop
from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import RowData
from chalicelib.permits.model import dossier as permits_dossier
from chalicelib.permits.model.dossier import Dossier, Draw
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.quotas import model as quotas
from chalicelib.quotas.model import shares
from chalicelib.quotas.services.count import QuotaRow, fault, load, partition, quota_key, read_row, shortfalls
from chalicelib.record.permit import Application
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.uses.single_use import first_use

PAGE = 50


def of_year(year: int, actor: Actor, *, register: PermitRegister) -> list[QuotaRow]:
    """Every quota of a year, by taxon."""
    actor.require("quotas")
    return quotas_of_year(year, register)


def quotas_of_year(year: int, register: PermitRegister) -> list[QuotaRow]:
    return [read_row(row) for row in register.query(partition(year))]


class FigureForDevices(TypedDict):
    id: str
    year: int
    scientific_name: str
    terms: list[str]
    sources: list[str]
    quantity: str
    unit: str | None
    source: str
    as_of: str


class FiguresForDevices(TypedDict):
    """The part `quotas` of a device's bundle."""

    items: list[FigureForDevices]


def for_devices(year: int, *, register: PermitRegister) -> FiguresForDevices:
    """The figures of this year and the last as they were decided. A line may still draw on both.

    What is taken of them is left out. It changes with every permit, is out of date on any device, and is printed in
    box 11a.
    """
    return {
        "items": [
            {
                "id": quota.id,
                "year": quota.year,
                "scientific_name": quota.taxon,
                "terms": list(quota.terms),
                "sources": list(quota.sources),
                "quantity": quota.quantity,
                "unit": quota.unit,
                "source": quota.source,
                "as_of": quota.as_of,
            }
            for each in (year, year - 1)
            for quota in (row.quota for row in quotas_of_year(each, register))
        ]
    }


def history(
    quota_id: str, actor: Actor, *, register: PermitRegister, cursor: str | None
) -> tuple[list[RowData], str | None]:
    """The changes of a quota, newest first, and the next cursor. Raises `NoMatch`."""
    actor.require("quotas")
    load(quota_id, register)
    rows = register.query(f"QUOTA#{quota_id}", stop=cursor, newest_first=True, limit=PAGE + 1)
    return [row.data for row in rows[:PAGE]], rows[PAGE - 1].key.sort if len(rows) > PAGE else None


def draws(
    application: Application, replaced: Dossier | None, deps: SpeciesDeps, *, at: int | None = None
) -> tuple[Draw, ...]:
    """The quantities that a permit issued at `at` would draw, with the share of the replaced permit carried over.

    `at`: seconds since 1970, default now. Raises `Invalid` for what cannot be counted.
    """
    this_year = deps.stage.today(deps.now if at is None else at).year
    years = {permits_dossier.year_of(line, this_year) for line in application.lines}
    known = [each.quota for year in sorted(years) for each in quotas_of_year(year, deps.register)]
    found = quotas.draws(application, known, deps.listing, this_year=this_year, issuer=deps.stage.issuer)
    wanted = tuple(draw for draw, _ in found)
    return _carried(wanted, replaced) if replaced else wanted


def _carried(found: tuple[Draw, ...], replaced: Dossier) -> tuple[Draw, ...]:
    """Carry the replaced permit's share over.

    If its goods left, they are counted on it, and nothing is counted here. If it is unused, its share moves to this
    permit.
    """
    if first_use(replaced.uses, "export", "import"):
        return tuple(replace(draw, carried=draw.quantity) for draw in found)
    free = defaultdict(Decimal, {name: share.outstanding for name, share in shares(replaced).items()})
    made = []
    for draw in found:
        part = min(Decimal(draw.quantity), free[draw.quota])
        free[draw.quota] -= part
        made.append(replace(draw, carried=spelled(part)))
    seen: set[str] = set()
    for index, draw in enumerate(made):
        if draw.quota not in seen:  # once for each quota
            made[index] = replace(draw, frees=spelled(free[draw.quota]))
        seen.add(draw.quota)
    return tuple(made)


def expected_draws(application: Application, replaced: Dossier | None, deps: SpeciesDeps) -> tuple[Draw, ...]:
    """Box 11a as it would be if the permit were issued now, lawful or not. It is empty where it cannot be counted."""
    try:
        found = draws(application, replaced, deps)
    except Invalid:
        return ()
    made = []
    for draw in found:
        each = read_row(load(draw.quota, deps.register))
        mine = (Decimal(d.quantity) - Decimal(d.carried) - Decimal(d.frees) for d in found if d.quota == draw.quota)
        total = spelled(each.total + sum(mine, Decimal(0)))
        made.append(replace(draw, total=total, limit=each.quota.quantity))
    return tuple(made)


def need_as_counted(dossier: Dossier, application: Application, replaced: Dossier | None, deps: SpeciesDeps) -> None:
    """Check before signing that it draws on each quota that bounds it, and that the carried share still exists.

    Raises `DigestMismatch`.
    """
    assert dossier.intent is not None
    wanted = draws(application, replaced, deps, at=dossier.intent.started_at)
    if [_counts(draw) for draw in wanted] != [_counts(draw) for draw in dossier.draws]:
        raise DigestMismatch(
            "The quotas that apply have changed since the number was reserved. Issue the permit again."
        )


def _counts(draw: Draw) -> tuple[str, int, str, str]:
    return draw.quota, draw.line, draw.quantity, draw.carried


def refusals(dossier: Dossier | None, application: Application, deps: SpeciesDeps) -> tuple[FieldError, ...]:
    """Refusals of this application because of quotas, for each line that exceeds what is left.

    The permit's own share (while it is being signed) and what the replaced permit gives back do not count against it.
    """
    replaced = store.load(deps.register, dossier.replaces) if dossier and dossier.replaces else None
    at = deps.now
    if dossier is not None and dossier.state == State.SIGNING and dossier.intent is not None:
        at = dossier.intent.started_at  # decide in the year of its number
    try:
        found = draws(application, replaced, deps, at=at)
    except Invalid as error:
        return error.errors
    own = shares(dossier) if dossier else {}
    rows = {
        name: read_row(row) for name in {draw.quota for draw in found} if (row := deps.register.get(quota_key(name)))
    }
    left = {name: each.left + own[name].granted if name in own else each.left for name, each in rows.items()}
    faults = shortfalls(found, {name: each.quota for name, each in rows.items()}, left)
    this_year = deps.stage.today(at).year
    faults += _unset(application, {draw.line for draw in found}, this_year, deps)
    earlier = {draw.line for draw in found if Decimal(draw.quantity) > Decimal(draw.carried)}
    faults += _closed(application, earlier, this_year, deps)
    return tuple(dict.fromkeys(faults))


def _closed(application: Application, lines: set[int], year: int, deps: SpeciesDeps) -> list[FieldError]:
    """Hard stops for lines that draw on last year's quota while a zero quota of this year would bound them.

    The applicant names the year, so this year's zero quota could otherwise be evaded.
    """
    zero = [each.quota for each in quotas_of_year(year, deps.register) if each.quota.limit == 0]
    return [
        fault(Draw(quota.id, year, index, "0"), quota, -Decimal(application.lines[index].quantity or "0"))
        for index in sorted(lines)
        if permits_dossier.year_of(application.lines[index], year) != year
        for quota in quotas.bounding(application.lines[index], zero, deps.listing)
    ]


def _unset(application: Application, bounded: set[int], this_year: int, deps: SpeciesDeps) -> list[FieldError]:
    """Hard stops for lines that a quota of last year would bound and none of this year does.

    This year's figure is missing or late. Last year's zero quota stays a stop until its own scope has a figure. Raising
    that figure takes two admins, and a figure for another scope takes only one.
    """
    scopes = {each.quota.scope for each in quotas_of_year(this_year, deps.register)}
    last = [each.quota for each in quotas_of_year(this_year - 1, deps.register)]
    return [
        FieldError(
            f"lines[{index}].quantity",
            "quota_unset",
            f"Block 11a: last year's quota was {quotas.amount_words(quota.quantity, quota.unit)} ({quota.source}); "
            f"the quota of {this_year} is not entered yet.",
            Stop(index, quota.id, spelled(quota.limit)),
        )
        for index, quota in quotas.missed(application, last, deps.listing, issuer=deps.stage.issuer)
        if index not in bounded or (quota.limit == 0 and quota.scope not in scopes)
    ]
