"""Sweep: the job that runs every five minutes, by the schedule and by `make run`, and by hand with `tamga sweep`.

1 give up signings that were cut off   2 give back the quota parts of permits that expired unused
3 pass on alerts without an answer   4 look for suspicious patterns, at most once an hour
5 pass on flags without an answer
6 pass on unconfirmed hand-stamped endorsements to the ministry's duty desk   7 compare dossiers with status rows,
status lists and histories
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
from chalicelib.suspicions.services import pattern_search


@dataclass(frozen=True, slots=True)
class SweepResult:
    """Result of a sweep. `voided`, `lapsed`: numbers of permits. The others are counts."""

    voided: tuple[str, ...]
    lapsed: tuple[str, ...]
    escalated: int
    flags: int
    flags_escalated: int
    stamps_escalated: int
    differences: int


def sweep(deps: SpeciesDeps, *, lists: Lists | None, report: Callable[[Difference], None]) -> SweepResult:
    """Run all steps of the sweep. With `lists` None the register is locked after a restore, so step 7 is skipped."""
    voided = give_up_signings(deps)
    lapsed = lapse(deps)
    escalated = escalate(deps)
    looked = pattern_search.find_patterns(deps)
    return SweepResult(
        tuple(voided),
        tuple(lapsed),
        escalated,
        looked.found if looked else 0,
        suspicions_flags.escalate(deps),
        paper_stamps.escalate(deps),
        list_differences.sweep(register=deps.register, lists=lists, report=report) if lists else 0,
    )
