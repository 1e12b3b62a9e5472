"""The part of the quotas that an expired, unused permit took goes back once it can no longer turn up used.

QUOTA-DUE#<day>   <permit id>   written with the number of a permit that draws on a quota: on this day look at it
QUOTA-DUE         DONE          the last day that was looked at

Nothing is given back while an endorsement may still come in: a paper one is entered up to 30 days later
(`endorse_permit.PAPER_WINDOW`), a device's up to 14. One that comes later all the same counts again (quota_shares.py).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import TamgaError
from chalicelib.core.quota_shares import shares
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services import store

WAIT = 31 * 86400  # seconds after the expiry
KEPT = 366 * 86400  # seconds; the row may vanish then
DONE = Key("QUOTA-DUE", "DONE")
DAYS_AT_MOST = 400  # of one sweep; and how far back the first one looks


def due_put(dossier: Dossier, stage: Stage) -> tuple[Put, ...]:
    """What goes into the transaction that gives a permit its number."""
    if not dossier.draws or dossier.expires_at is None:
        return ()
    due = dossier.expires_at + WAIT
    return (_on(stage.today(due) + timedelta(days=1), dossier.id, due + KEPT),)  # a day is looked at once, as it begins


def _on(day: date, permit_id: str, expires: int) -> Put:
    return Put(Key(f"QUOTA-DUE#{day.isoformat()}", permit_id), {"permit_id": permit_id}, expect=None, expires=expires)


def lapse(*, register: PermitRegister, stage: Stage, now: int) -> list[str]:
    """The numbers whose part went back. What could not be decided is looked at again tomorrow."""
    today = stage.today(now)
    row = register.get(DONE)
    day = date.fromisoformat(row.data["day"]) if row else today - timedelta(days=DAYS_AT_MOST)
    given = []
    for _ in range(DAYS_AT_MOST):
        if day >= today:
            break
        day += timedelta(days=1)
        for due in register.query(f"QUOTA-DUE#{day.isoformat()}"):
            permit_id = str(due.data["permit_id"])
            try:
                number = _lapse(permit_id, register=register, now=now)
            except TamgaError:
                register.commit(_on(today + timedelta(days=1), permit_id, now + KEPT))
            else:
                given += [number] if number else []
    if row is None or row.data["day"] != day.isoformat():
        with suppress(Conflict):  # another sweep was here
            register.commit(Put(DONE, {"day": day.isoformat()}, expect=row.version if row else 0))
    return given


def _lapse(permit_id: str, *, register: PermitRegister, now: int) -> str | None:
    def decide(old: Dossier) -> store.Change:
        over = old.expires_at is not None and now >= old.expires_at + WAIT
        if not over or old.quota_lapsed or not any(share.outstanding for share in shares(old).values()):
            return store.Change(old)
        detail = {"quotas": sorted({draw.quota for draw in old.draws})}
        new = old.but(quota_lapsed=True, quota_waits=old.stamp_waits)
        return store.Change(new, "quota_lapsed", detail, answer=None if new.quota_waits else old.number)

    made = store.change(register, permit_id, store.SYSTEM, now, decide, anybodys=True)
    return str(made.answer) if made.answer else None
