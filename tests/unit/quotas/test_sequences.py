"""Random sequences of steps: the quota account equals the sum over the permits, and nothing is given back twice."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from border import AIZADA, BEKZAT, CHINARA, endorse, lines, undo
from border import held as file_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from life import issue
from office import APPROVER, DAY, NOW, PREPARER, MemoryOffice
from process import but
from proof import size
from quota_play import QUOTA, enter, held, issued_wild, taken, wild
from smuggler import ready_to_replace

from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.kernel.errors import TamgaError
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.quotas.services.recount import WAIT, lapse

STEPS = ("issue", "issue again", "endorse", "endorse less", "undo", "surrender", "revoke", "lost", "replace", "expire")
LIMIT = Decimal(QUOTA.quantity)


class Play:
    """A register with one quota, its permits and their endorsements."""

    def __init__(self, office: MemoryOffice) -> None:
        self.office = office
        office.register, office.now = MemoryRegister(), NOW  # keep keys and lists, which take longest to make
        enter(office)
        self.permits: list[Dossier] = []
        self.events: list[str] = []
        self.corrected = False  # an undo or a late use may exceed the quantity, because the goods have left

    def step(self, name: str, which: int) -> None:
        office = self.office
        if name == "issue":
            self.permits.append(issued_wild(office, str(1 + which % 3)))
            return
        if name == "undo":
            if self.events:
                self.corrected = True
                undo(office, self.events[which % len(self.events)], BEKZAT)
            return
        if not self.permits:
            return
        permit = file_of(office, self.permits[which % len(self.permits)])
        if name == "issue again":
            issue(office, permit)
        elif name.startswith("endorse"):
            less = lines("1") if name == "endorse less" else lines(permit.allowed["A"].quantity)
            self.events.append(str(endorse(office, permit, (AIZADA, CHINARA)[which % 2], lines=less)["event_id"]))
        elif name == "surrender":
            change_status.surrender(permit.id, "not needed", PREPARER, self.office)
        elif name == "revoke":
            change_status.revoke(permit.id, "papers", True, APPROVER, self.office)
        elif name == "lost":
            change_status.report_lost(permit.id, "gone", "lost", PREPARER, self.office)
        elif name == "replace":
            self.permits.append(issue(office, ready_to_replace(office, permit, wild(str(1 + which % 3)))))
        elif name == "expire":
            lapse(but(self.office, now=(permit.expires_at or 0) + WAIT + DAY, stage=office.stage))


@pytest.fixture(scope="module")
def office() -> MemoryOffice:
    return MemoryOffice()


@settings(max_examples=size(40, 3000), suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), max_size=12))
def test_account_equals_sum_over_permits_after_any_steps(office: MemoryOffice, steps: list[tuple[str, int]]) -> None:
    play = Play(office)
    for name, which in steps:
        with suppress(TamgaError):
            play.step(name, which)
        used, outstanding, lapsed = map(Decimal, taken(play.office))  # each is the sum over the permits, none below 0
        assert held(play.office).taken.granted == used + outstanding
        assert play.corrected or used + outstanding <= LIMIT
        granted = sum((Decimal(draw.quantity) for each in play.permits for draw in _file(play, each).draws), Decimal(0))
        assert used + outstanding + lapsed <= granted  # only granted quantities come back
    lines_of = play.office.register.query(f"QUOTA#{QUOTA.id}")
    moved = [row.data["taken"] for row in lines_of]
    assert moved[-1] == {"used": str(used), "outstanding": str(outstanding), "lapsed": str(lapsed)} if steps else moved


def _file(play: Play, permit: Dossier) -> Dossier:
    return store.load(play.office.register, permit.id)


def test_each_step_of_the_sequence_changes_the_account(office: MemoryOffice) -> None:
    play = Play(office)
    for name in STEPS:
        play.permits.clear()
        play.step("issue", 0)
        if name == "undo":
            play.step("endorse less", 0)
        if name == "expire":
            office.later((play.permits[0].expires_at or 0) - office.now + WAIT + DAY)
        before = held(office).version
        play.step(name, 0)
        assert (held(office).version > before) is (name not in {"issue again", "lost"}), name
        with suppress(TamgaError):
            play.step("revoke", 0)  # make room for the next step
        play.events.clear()
