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
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Posts
from chalicelib.permits.services import list_differences
from chalicelib.permits.services.list_differences import Difference, Lists
from chalicelib.platform.deps import PermitRegister
from chalicelib.quotas.services.recount import lapse
from chalicelib.species.model.listing import Listing
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


def sweep(
    *,
    register: PermitRegister,
    stage: Stage,
    listing: Listing,
    posts: Posts,
    lists: Lists | None,
    report: Callable[[Difference], None],
    now: int,
) -> Swept:
    """`lists` None: the register was restored and is not open, so that nothing is compared with them."""
    voided = give_up_signings(register=register, now=now)
    lapsed = lapse(register=register, stage=stage, now=now)
    escalated = escalate(register=register, now=now)
    looked = look.find_patterns(register=register, stage=stage, listing=listing, posts=posts, now=now)
    return Swept(
        tuple(voided),
        tuple(lapsed),
        escalated,
        looked.found if looked else 0,
        suspicions_flags.escalate(register=register, now=now),
        paper_stamps.escalate(register=register, now=now),
        list_differences.sweep(register=register, lists=lists, report=report) if lists else 0,
    )
