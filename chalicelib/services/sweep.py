"""The work of the sweep, every five minutes: by the schedule, by `make run` and by `tamga sweep`.

1 signings that were cut off are given up   2 expired unused permits give back their part of quotas   3 alerts without
an answer go on   4 suspicious patterns are looked for, at most once an hour   5 flags without an answer go on
6 unconfirmed stamps go to the ministry's desk   7 dossiers are compared with status rows, lists and histories
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.core.errors import TamgaError
from chalicelib.core.ledger import Posts
from chalicelib.core.listing import Listing
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services import compare_status, escalate_flags, escalate_stamps, look_for_patterns, store
from chalicelib.services.alerts import escalate
from chalicelib.services.compare_status import Difference, Lists
from chalicelib.services.lapse_quotas import lapse
from chalicelib.services.sign_permit import SIGNING_TIMEOUT, give_up

PAGE = 100


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
    *, register: PermitRegister, stage: Stage, listing: Listing, posts: Posts, lists: Lists | None,
    report: Callable[[Difference], None], now: int,
) -> Swept:  # fmt: skip
    """`lists` None: the register was restored and is not open, so that nothing is compared with them."""
    voided = give_up_signings(register=register, now=now)
    lapsed = lapse(register=register, stage=stage, now=now)
    escalated = escalate(register=register, now=now)
    looked = look_for_patterns.look(register=register, stage=stage, listing=listing, posts=posts, now=now)
    return Swept(
        tuple(voided), tuple(lapsed), escalated,
        looked.found if looked else 0,
        escalate_flags.escalate(register=register, now=now),
        escalate_stamps.escalate(register=register, now=now),
        compare_status.sweep(register=register, lists=lists, report=report) if lists else 0,
    )  # fmt: skip


def give_up_signings(*, register: PermitRegister, now: int) -> list[str]:
    """Give up signings older than the issuing function can run; the numbers declared void.

    The index only finds candidates; each is decided on its own, read consistently.
    """
    voided = []
    cursor: str | None = None
    while True:
        rows, cursor = register.search("state", "signing", cursor=cursor, limit=PAGE)
        for row in rows:
            dossier = store.load_row(row.data)
            try:
                after = give_up(dossier.id, register=register, now=now, older_than=SIGNING_TIMEOUT)
            except TamgaError:  # ended meanwhile, or no longer what it was: the others are not to wait for it
                continue
            if after.state == "approved" and dossier.number:
                voided.append(dossier.number)
        if cursor is None:
            return voided
