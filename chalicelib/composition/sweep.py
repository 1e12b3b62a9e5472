"""The work of the sweep, every five minutes: by the schedule, by `make run` and by `tamga sweep`.

1 signings that were cut off are given up   2 expired unused permits give back their part of quotas   3 alerts without
an answer go on   4 suspicious patterns are looked for, at most once an hour   5 flags without an answer go on
6 unconfirmed stamps go to the ministry's desk   7 dossiers are compared with status rows, lists and histories
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.alerts.services.alerts import escalate
from chalicelib.endorsement.services import paper_stamps
from chalicelib.issuing.services.sign import give_up_signings
from chalicelib.permits.services import list_differences
from chalicelib.permits.services.list_differences import Difference, Lists
from chalicelib.quotas.services.recount import lapse
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.suspicions.services import flags as suspicions_flags
from chalicelib.suspicions.services import look


@dataclass(frozen=True, slots=True)
class Swept:
    """`voided`, `lapsed`: numbers of permits; the others are counts."""

    voided: tuple[str, ...]
    lapsed: tuple[str, ...]
    escalated: int
    flags: int
    flags_escalated: int
    stamps_escalated: int
    differences: int


def sweep(deps: SpeciesDeps, *, lists: Lists | None, report: Callable[[Difference], None]) -> Swept:
    """`lists` None: the register was restored and is not open, so that nothing is compared with them."""
    voided = give_up_signings(deps)
    lapsed = lapse(deps)
    escalated = escalate(deps)
    looked = look.find_patterns(deps)
    return Swept(
        tuple(voided),
        tuple(lapsed),
        escalated,
        looked.found if looked else 0,
        suspicions_flags.escalate(deps),
        paper_stamps.escalate(deps),
        list_differences.sweep(register=deps.register, lists=lists, report=report) if lists else 0,
    )
