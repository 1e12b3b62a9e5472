"""Return of the quota shares of expired, unused permits, and a recount of every quota from the register.

QUOTA-DUE#<day>   <permit id>   written with the number of a permit that draws on a quota: check it on this day
QUOTA-DUE         DONE          the last day that was checked

Nothing is given back while an endorsement may still come in. A hand-stamped one is entered up to 30 days later
(`endorse.PAPER_WINDOW`), a device's up to 14 days. An endorsement that comes even later counts again (quotas/model.py).

A recount compares the count in each quota's row with the shares of the permits, row by row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import TamgaError
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.quotas.model import Share, shares
from chalicelib.quotas.services.check_application import quotas_of_year
from chalicelib.quotas.services.count import QuotaRow, quota_key, read_row

WAIT = 31 * DAY  # seconds after the expiry

KEPT = 366 * DAY  # seconds; the row may expire then

DONE = Key("QUOTA-DUE", "DONE")

DAYS_AT_MOST = 400  # days that one sweep checks; the first sweep begins this many days back


def due_put(dossier: Dossier, stage: Stage) -> tuple[Put, ...]:
    """The row to write in the transaction that gives a permit its number."""
    if not dossier.draws or dossier.expires_at is None:
        return ()
    due = dossier.expires_at + WAIT
    # The next day, because each day is checked once, as it begins.
    return (_on(stage.today(due) + timedelta(days=1), dossier.id, due + KEPT),)


def _on(day: date, permit_id: str, expires: int) -> Put:
    return Put(
        Key(f"QUOTA-DUE#{day.isoformat()}", permit_id), {"permit_id": permit_id}, expected_version=None, expires=expires
    )


def lapse(deps: Deps) -> list[str]:
    """Give back the shares that are due, and return the numbers of those permits.

    A permit that could not be decided is checked again tomorrow.
    """
    today = deps.stage.today(deps.now)
    row = deps.register.get(DONE)
    day = date.fromisoformat(row.data["day"]) if row else today - timedelta(days=DAYS_AT_MOST)
    given = []
    for _ in range(DAYS_AT_MOST):
        if day >= today:
            break
        day += timedelta(days=1)
        for due in deps.register.query(f"QUOTA-DUE#{day.isoformat()}"):
            permit_id = str(due.data["permit_id"])
            try:
                number = _lapse(permit_id, deps)
            except TamgaError:
                deps.register.commit(_on(today + timedelta(days=1), permit_id, deps.now + KEPT))
            else:
                given += [number] if number else []
    if row is None or row.data["day"] != day.isoformat():
        with suppress(Conflict):  # another sweep has moved the mark
            deps.register.commit(Put(DONE, {"day": day.isoformat()}, expected_version=row.version if row else 0))
    return given


def _lapse(permit_id: str, deps: Deps) -> str | None:
    def decide(old: Dossier) -> store.Change:
        over = old.expires_at is not None and deps.now >= old.expires_at + WAIT
        if not over or old.quota_lapsed or not any(share.outstanding for share in shares(old).values()):
            return store.Change(old)
        detail = {"quotas": sorted({draw.quota for draw in old.draws})}
        new = old.but(quota_lapsed=True, quota_waits=old.stamp_waits)
        return store.Change(new, "quota_lapsed", detail, answer=None if new.quota_waits else old.number)

    made = store.change(permit_id, store.SYSTEM, decide, deps, any_owner=True)
    return str(made.answer) if made.answer else None


PAGE = 100

TRIES = 5  # the register changes while it is counted


@dataclass(frozen=True, slots=True)
class Recount:
    """The recount of one quota.

    `counted` is the share in the quota's row, `found` the sum over the permits, and `permits` how many draw on it.
    """

    quota: str
    counted: Share
    found: Share
    permits: int
    held: QuotaRow | None

    @property
    def agrees(self) -> bool:
        return self.counted == self.found


def recount(year: int, *, register: PermitRegister) -> list[Recount]:
    """Recount every quota of a year, and each quota that a permit draws on and the register does not have.

    Reads every permit. A permit that is issued meanwhile may cause a difference. All is then counted again, until each
    difference is in a row that has not changed, at most TRIES times.
    """
    for tried in range(TRIES):  # not `transact`, because nothing is committed and the last count is returned
        before = {each.quota.id: each for each in quotas_of_year(year, register)}
        found: dict[str, Share] = defaultdict(Share)
        permits: dict[str, int] = defaultdict(int)
        for dossier in _drawing(register):
            for name, share in shares(dossier).items():
                found[name] += share
                permits[name] += 1
        names = sorted({*before, *(name for name in found if name.startswith(f"{year}-"))})
        made = [
            Recount(
                name, before[name].taken if name in before else Share(), found[name], permits[name], before.get(name)
            )
            for name in names
        ]
        if all(each.agrees or _unchanged(each, register) for each in made) or tried == TRIES - 1:
            break
    return made


def _unchanged(each: Recount, register: PermitRegister) -> bool:
    row = register.get(quota_key(each.quota))
    return (read_row(row).version if row else None) == (each.held.version if each.held else None)


def _drawing(register: PermitRegister) -> Iterator[Dossier]:
    """Every permit that draws on a quota. The index only finds candidates. Each row is read consistently."""
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        for row in rows:
            if row.data.get("draws"):
                yield store.load_row(row.data)
        if cursor is None:
            return
