"""How it is recorded which security stamp was put on an issued paper by hand, so that the stock has it no longer."""

from __future__ import annotations

from chalicelib.core import lifecycle, rules
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError, Invalid, WrongState
from chalicelib.core.roles import Actor
from chalicelib.core.stamps import key, noted
from chalicelib.core.text import foreign_letters
from chalicelib.ports import PermitRegister
from chalicelib.services import stamps, store

NUMBER_AT_MOST = 40  # characters


def record(permit_id: str, number: str, actor: Actor, *, register: PermitRegister, now: int) -> Dossier:
    """Record it on a permit whose block 5b was printed open; a correction gives the former number back.

    Raises `WrongState` where the print bears a number or is none on paper, `Invalid` naming `number` for one that is
    another permit's, was written off, or looks like one of the stock and is in no run.
    """
    actor.need("stamp")
    unfit = rules.forbidden_characters(number) or foreign_letters(number)
    if len(number) > NUMBER_AT_MOST or not noted(number) or unfit:
        raise Invalid(FieldError("number", "malformed", f"Latin letters and digits, at most {NUMBER_AT_MOST}."))

    def decide(old: Dossier) -> store.Change:
        state = lifecycle.after(old, "stamp")
        if not lifecycle.stamp_open(old):
            raise WrongState("Block 5b of this permit was not left open for a stamp.")
        run = stamps.run_named(number, register, "number")
        text = stamps.printed(run, number) if run else number.strip()
        if old.stamp and key(old.stamp) == key(text):
            return store.Change(old)
        faults = stamps.gone(old, text, register, "number")
        if faults:
            raise Invalid(*faults)
        puts = (*stamps.note(old, text, register), *(stamps.give_back(old, register, old.stamp) if old.stamp else ()))
        return store.Change(old.but(state=state, stamp=text), "stamp", {"stamp_number": text}, puts)

    return store.change(register, permit_id, actor, now, decide).dossier
