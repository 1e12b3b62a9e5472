"""How security stamps come into the stock, run by run, and how a spoiled one goes out of it."""

from __future__ import annotations

from chalicelib.core import stamps as core
from chalicelib.core.errors import FieldError, Invalid, Unavailable
from chalicelib.core.roles import Actor
from chalicelib.core.stamps import Run
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import stamps
from chalicelib.services.decide_application import checked_reason

RUNS_AT_MOST = 1000
TRIES = 8


def receive(prefix: str, first: str, last: str, actor: Actor, *, register: PermitRegister, now: int) -> Run:
    """Enter a run; the same again is the same run. Raises `Invalid` for one that overlaps another."""
    actor.need("stock")
    run = core.new_run(prefix, first, last, at=now, by=actor.id, by_name=actor.name)
    for _ in range(TRIES):
        row = register.get(stamps.RUNS)
        held = core.read_runs(row.data) if row else ()
        other = core.overlapping(run, held)
        if other is not None and (other.prefix, other.first, other.last) == (run.prefix, run.first, run.last):
            return other
        if other is not None:
            raise Invalid(
                FieldError("first", "overlaps", f"{other.text(other.first)} to {other.text(other.last)} is in.")
            )
        if len(held) >= RUNS_AT_MOST:
            raise Invalid(FieldError("first", "too_many", f"At most {RUNS_AT_MOST} runs."))
        try:
            register.commit(
                Put(stamps.RUNS, {"runs": [each.to_data() for each in (*held, run)]}, row.version if row else 0)
            )
        except Conflict:
            continue
        return run
    raise Unavailable("Others are entering stamps; try again.")


def write_off(number: str, reason: str, actor: Actor, *, register: PermitRegister, now: int) -> str:
    """A free stamp that can no longer be used; gives its number as it is printed. Raises `Invalid` naming the field."""
    actor.need("write_off")
    checked_reason(reason)
    run = stamps.run_named(number, register, "number")
    if run is None:
        raise Invalid(FieldError("number", "not_in_stock", "No run of stamps has this number."))
    text = stamps.printed(run, number)
    spoiled = {"spoiled": reason, "at": now, "by": actor.id, "by_name": actor.name}
    for _ in range(TRIES):
        row = register.get(stamps.stamp_key(number))
        if row is not None and row.data.get("permit_id"):
            raise Invalid(FieldError("number", "taken", "A permit has this stamp: return or replace the permit first."))
        if row is not None and "spoiled" in row.data:
            return text
        try:
            register.commit(Put(stamps.stamp_key(number), spoiled, row.version if row else 0))
        except Conflict:
            continue
        return text
    raise Unavailable("Others are using this stamp; try again.")
