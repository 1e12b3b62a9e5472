"""The stock of security stamps: runs received, the permit that has each stamp, stamps written off or put on by hand.

A stamp belongs to at most one permit:

STAMPS       RUNS    every run (stamps/model.py); its version guards against two that overlap
STAMP        <name>  {"permit_id"}: the permit that has it from its submission on; {"spoiled": reason}; {}: given back

A permit takes its stamp in the transaction that submits it, and gives it back in the one that returns, refuses or
withdraws it. At issue it takes the stamp if it does not have it yet. A stamp put on by hand is taken when it is
recorded (`record`).
Numbers that the ministry typed are noted even if they are in no run. So a run that is entered later finds its used
stamps marked as used. The version of the stamp's row guards each change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel import text as kernel_text
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, Row
from chalicelib.kernel.text import checked_reason, foreign_letters
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.stamps import model as stamps
from chalicelib.stamps.model import Run, can_be_number, key

RUNS = Key("STAMPS", "RUNS")

PARTITION = "STAMP"

PAGE = 50


@dataclass(frozen=True, slots=True)
class Count:
    """The stamps left of a run. `next`: the lowest free stamp as printed, None if there is none."""

    run: Run
    used: int
    spoiled: int
    next: str | None

    @property
    def left(self) -> int:
        return self.run.last - self.run.first + 1 - self.used - self.spoiled


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp that is not free. `dossier` has it, or `data["spoiled"]` gives the reason for writing it off."""

    text: str
    data: Mapping[str, Any]
    dossier: Dossier | None


def refusals(dossier: Dossier | None, number: str | None, actor: Actor, register: PermitRegister) -> list[FieldError]:
    """Refusals of this stamp for this permit (None if not created yet), or none if it is no stamp of the stock.

    An applicant cannot name a stamp of the stock.
    """
    try:
        if not number or run_named(number, register) is None:
            return []
    except Invalid as error:
        return list(error.errors)
    if actor.only_own:
        return [
            FieldError(
                "stamp_number", "ministry", "Block 5b: leave it empty; the ministry assigns the stamps of its stock."
            )
        ]
    return unavailable(dossier, number, register, "stamp_number")


def unavailable(dossier: Dossier | None, number: str, register: PermitRegister, field: str) -> list[FieldError]:
    """A refusal if this stamp, in a run or not, was written off or belongs to another permit."""
    row = register.get(stamp_key(number))
    if row is not None and "spoiled" in row.data:
        return [FieldError(field, "spoiled", "Block 5b: this stamp was written off. Choose another one.")]
    holder = row.data.get("permit_id") if row else None
    if holder and (dossier is None or holder != dossier.id):
        return [FieldError(field, "taken", "Block 5b: another permit has this stamp. Choose another one.")]
    return []


def take(dossier: Dossier, actor: Actor, register: PermitRegister) -> tuple[Put, ...]:
    """The rows that assign the stamp, for the transaction that submits or issues the permit.

    Raises `Invalid` if the permit may not have the stamp. The actor who issues is not an applicant, so a stamp that an
    applicant named is refused at submission only.
    """
    number = dossier.record.get("stamp_number")
    faults = refusals(dossier, number, actor, register)
    if faults:
        raise Invalid(*faults)
    return () if not number or actor.only_own else note(dossier, number, register)


def note(dossier: Dossier, number: str, register: PermitRegister) -> tuple[Put, ...]:
    """The row that assigns the stamp to this permit.

    No row if the number cannot be a stamp's, or is assigned already, which may happen outside the stock.
    """
    row = register.get(stamp_key(number)) if stamps.can_be_number(number) else None
    if not stamps.can_be_number(number) or (row is not None and row.data):
        return ()
    return (Put(stamp_key(number), {"permit_id": dossier.id}, expected_version=row.version if row else 0),)


def give_back(dossier: Dossier, register: PermitRegister, number: str | None = None) -> tuple[Put, ...]:
    """The row that frees the stamp of a returned, refused or withdrawn permit.

    `number`: instead, the number put on by hand that is corrected. No row if the stamp is not this permit's.
    """
    number = number or dossier.record.get("stamp_number")
    row = register.get(stamp_key(number)) if number and stamps.can_be_number(number) else None
    if row is None or row.data.get("permit_id") != dossier.id:
        return ()
    return (Put(row.key, {}, expected_version=row.version),)


def counts(actor: Actor, *, register: PermitRegister) -> list[Count]:
    """Every run with the stamps left of it, the newest first."""
    actor.require("stamps")
    row = register.get(RUNS)
    return [_counted(run, _taken(run, register)) for run in reversed(stamps.read_runs(row.data) if row else ())]


def proposed(found: list[Count]) -> str | None:
    """The next free stamp of the oldest run that has one."""
    return next((count.next for count in reversed(found) if count.next), None)


def of_run(
    run_id: str, actor: Actor, *, register: PermitRegister, cursor: str | None
) -> tuple[list[Stamp], str | None]:
    """The stamps of a run that are not free, in order, and the next cursor. Raises `NoMatch`."""
    actor.require("stamps")
    row = register.get(RUNS)
    run = next((each for each in (stamps.read_runs(row.data) if row else ()) if each.id == run_id), None)
    if run is None:
        raise NoMatch("No such run of stamps.")
    rows = [each for each in _taken(run, register) if cursor is None or each.key.sort > cursor]
    made = [_stamp(each, run, register) for each in rows[:PAGE]]
    return made, rows[PAGE - 1].key.sort if len(rows) > PAGE else None


def _stamp(row: Row, run: Run, register: PermitRegister) -> Stamp:
    holder = row.data.get("permit_id")
    return Stamp(printed(run, row.key.sort), row.data, store.load(register, str(holder)) if holder else None)


def _taken(run: Run, register: PermitRegister) -> list[Row]:
    """Rows of the run's stamps that are not free."""
    start, end = stamps.key(run.text(run.first)), stamps.key(run.text(run.last))
    rows = register.query(PARTITION, start=start, stop=end + "\x00")
    return [row for row in rows if row.data and run.contains(row.key.sort)]


def _counted(run: Run, rows: list[Row]) -> Count:
    taken = {row.key.sort for row in rows}
    spoiled = sum("spoiled" in row.data for row in rows)
    free = (run.text(n) for n in range(run.first, run.last + 1) if stamps.key(run.text(n)) not in taken)
    return Count(run, len(rows) - spoiled, spoiled, next(free, None))


def run_named(text: str, register: PermitRegister, field: str = "stamp_number") -> Run | None:
    """The run of this stamp, or None. Raises `Invalid` if it looks like a stamp of a run and is in none."""
    row = register.get(RUNS)
    try:
        return stamps.run_of(text, stamps.read_runs(row.data)) if row else None
    except Invalid as error:
        raise Invalid(*(FieldError(field, each.code, each.detail) for each in error.errors)) from None


def printed(run: Run, text: str) -> str:
    """The number of a run's stamp as printed on it."""
    return run.text(int(stamps.key(text)[-run.digits :]))


def stamp_key(number: str) -> Key:
    return Key(PARTITION, stamps.key(number))


NUMBER_AT_MOST = 40  # characters


def record(permit_id: str, number: str, actor: Actor, deps: Deps) -> Dossier:
    """Record a stamp put by hand on a permit whose block 5b was printed open.

    A correction frees the former number. Raises `WrongState` if the print has a number or is not on paper. Raises
    `Invalid` naming `number` for a malformed one, a written-off one or another permit's. The same for a number that
    looks like one of the stock and is in no run.
    """
    actor.require("stamp")
    unfit = kernel_text.forbidden_characters(number) or foreign_letters(number)
    if len(number) > NUMBER_AT_MOST or not can_be_number(number) or unfit:
        raise Invalid(FieldError("number", "malformed", f"Must be Latin letters and digits, at most {NUMBER_AT_MOST}."))

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "stamp")
        if not lifecycle.stamp_block_open(old):
            raise WrongState("Block 5b of this permit is not open for a stamp: it has a stamp number or is electronic.")
        run = run_named(number, deps.register, "number")
        text = printed(run, number) if run else number.strip()
        if old.stamp and key(old.stamp) == key(text):
            return store.Change(old)
        faults = unavailable(old, text, deps.register, "number")
        if faults:
            raise Invalid(*faults)
        puts = (*note(old, text, deps.register), *(give_back(old, deps.register, old.stamp) if old.stamp else ()))
        return store.Change(old.but(state=state, stamp=text), "stamp", {"stamp_number": text}, puts)

    return store.change(permit_id, actor, decide, deps).dossier


RUNS_AT_MOST = 1000


def receive(prefix: str, first: str, last: str, actor: Actor, deps: Deps) -> Run:
    """Enter a run. A repeated request returns the same run.

    Raises `Invalid` for one that overlaps another, or for more than RUNS_AT_MOST runs.
    """
    actor.require("stock")
    run = stamps.new_run(prefix, first, last, actor, deps.now)

    def attempt() -> Run:
        row = deps.register.get(RUNS)
        held = stamps.read_runs(row.data) if row else ()
        other = stamps.overlapping(run, held)
        if other is not None and (other.prefix, other.first, other.last) == (run.prefix, run.first, run.last):
            return other
        if other is not None:
            raise Invalid(
                FieldError(
                    "first", "overlaps", f"{other.text(other.first)} to {other.text(other.last)} is already in stock."
                )
            )
        if len(held) >= RUNS_AT_MOST:
            raise Invalid(FieldError("first", "too_many", f"The stock may have at most {RUNS_AT_MOST} runs."))
        deps.register.commit(Put(RUNS, {"runs": [each.to_data() for each in (*held, run)]}, row.version if row else 0))
        return run

    return transact(attempt, "Others are entering stamps; try again.")


def write_off(number: str, reason: str, actor: Actor, deps: Deps) -> str:
    """Write off a free stamp that cannot be used, and return its number as printed.

    Raises `Invalid` naming the field.
    """
    actor.require("write_off")
    checked_reason(reason)
    run = run_named(number, deps.register, "number")
    if run is None:
        raise Invalid(
            FieldError("number", "not_in_stock", "This stamp number is in no run of the stock. Check the number.")
        )
    text = printed(run, number)
    spoiled = {"spoiled": reason, "at": deps.now, "by": actor.id, "by_name": actor.name}

    def attempt() -> str:
        row = deps.register.get(stamp_key(number))
        if row is not None and row.data.get("permit_id"):
            raise Invalid(FieldError("number", "taken", "A permit has this stamp. Return or replace the permit first."))
        if row is not None and "spoiled" in row.data:
            return text
        deps.register.commit(Put(stamp_key(number), spoiled, row.version if row else 0))
        return text

    return transact(attempt, "Others are using this stamp; try again.")
