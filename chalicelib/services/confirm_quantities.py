"""Another Party reports what its inspectors found (EPIX `ConfirmQuantities`): kept in the dossier as its word.

It endorses nothing and changes no use; what it changes in a verdict is P3 (core/arrival_reports.py). The last report of
a Party again is the same; another one is kept beside it, and `core/confirmations.py` compares them with our own
endorsements.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence

from chalicelib.core import confirmations
from chalicelib.core.arrival_reports import Confirmation, Confirmed
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import TooLarge, Unavailable
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, PermitRegister
from chalicelib.services import exchange_journal, store
from chalicelib.services.accounts import replacements
from chalicelib.services.answer_party import Asked, Caller, entry, permit_for

WHERE = "ConfirmedQuantities/CitesPosition"


def confirm(
    asked: Asked, lines: Sequence[Confirmed], caller: Caller, correlation_id: str, *,
    register: PermitRegister, stage: Stage, new_id: Callable[[], str], now: int,
) -> str:  # fmt: skip
    """taken or same. Raises `ExchangeRefused`, `Invalid` (under the position's path), `TooLarge`, `TooMany`."""
    found = permit_for(asked, caller, register=register, stage=stage, now=now)
    said = sorted((line.line, line.quantity) for line in lines)
    with_code = bool(asked.token)  # `permit_for` refuses a wrong one
    digest = hashlib.sha256(json.dumps([caller.country, said]).encode()).hexdigest()

    def decide(old: Dossier) -> store.Change | None:
        """What it changes; None where it says the same again."""
        confirmations.check(old, lines, WHERE)
        theirs = [report for report in old.confirmations if report.country == caller.country]
        if theirs and _repeats(theirs[-1], digest, with_code):
            return None
        if len(old.confirmations) >= confirmations.KEPT_AT_MOST or len(theirs) >= confirmations.OF_ONE_AT_MOST:
            raise TooLarge("This permit holds as many reports as it takes: write to us.")
        report = Confirmation(caller.country, now, tuple(lines), digest, caller.certificate.serial, with_code)
        made = entry(asked, caller, "taken", correlation_id, new_id=new_id, now=now, digest=digest)
        return store.Change(
            old.but(confirmations=(*old.confirmations, report)),
            "confirmed_abroad",
            {"country": caller.country, "lines": [{"line": each.line, "quantity": each.quantity} for each in lines]},
            exchange_journal.puts(made, old.id),
        )

    for _ in range(store.TRIES):
        old = store.load(register, found.id)
        made = decide(old)
        if made is None:
            again = entry(asked, caller, "same", correlation_id, new_id=new_id, now=now, digest=digest)
            register.commit(*exchange_journal.puts(again, found.id))
            return "same"
        changes = [(old, made)]
        for each in replacements(old, register):  # the goods arrived under these, too
            kept = (*each.confirmations, made.dossier.confirmations[-1])
            told = {**made.detail, "of": old.number}
            changes.append((each, store.Change(each.but(confirmations=kept), made.action, told)))
        try:
            register.commit(*store.writes(register, caller.actor, now, *changes))
        except Conflict:
            continue
        return "taken"
    raise Unavailable("Others are changing this permit; try again.")


def _repeats(last: Confirmation, digest: str, with_code: bool) -> bool:
    """Whether a report adds nothing to the Party's last one: neither figures nor the check code, nor said anew after
    that was set aside."""
    return last.digest == digest and last.stands and last.with_code >= with_code
