"""Opening of a restored register by two people: the second sees all facts and opens exactly the proposed state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from crashing import Wrapped
from life import approved, issue
from office import ADMIN, ADMIN2, APPROVER, NOW
from process import but
from restoring import MemoryRestorable

from chalicelib.kernel.errors import DigestMismatch, Forbidden, TwoPeople, Unavailable, WrongState
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.people.services import person_key
from chalicelib.restore.services import missing_data, open_register, replay


@pytest.fixture
def office() -> MemoryRestorable:
    """A restored register with nothing missing any more."""
    made = MemoryRestorable(now=NOW)
    issue(made, approved(made))
    made.minute()
    made.restore(made.backup())
    all_steps(made)
    return made


def all_steps(office: MemoryRestorable) -> None:
    replay.numbers(ADMIN, office.restorer)
    replay.status(ADMIN, office.restorer)
    replay.events(office.now - 3600, ADMIN, office.restorer)


class Meanwhile(Wrapped):
    """A register in which devices are asked to resend again while all permits are read."""

    def search(self, *what: Any, **how: Any) -> Any:
        row = self.inner.get(Key("RESTORE", self.inner.identity()))
        assert row is not None
        self.inner.commit(Put(row.key, {**row.data, "at": row.data["at"] + 1}, expected_version=row.version))
        return self.inner.search(*what, **how)


def test_change_between_decision_and_record_refuses_opening(office: MemoryRestorable) -> None:
    its = office.restorer
    busy = replace(its, deps=but(its.deps, register=Meanwhile(its.table)))
    with pytest.raises(Unavailable, match="try again"):
        open_register.propose(ADMIN, busy)
    assert open_register.pending_proposal(its) is None
    proposal = open_register.propose(ADMIN, its)
    with pytest.raises(Unavailable, match="try again"):
        open_register.confirm(proposal.digest, ADMIN2, busy)
    assert office.restore_lock.shut(at_once=True)


def test_new_resend_time_for_devices_needs_new_proposal(office: MemoryRestorable) -> None:
    proposal = open_register.propose(ADMIN, office.restorer)
    assert proposal.facts == {
        "resend_since": office.now - 3600, "counters": {"26": 1001}, "lost": [], "signing": [], "left": [],
        "unlisted": {"papers": 0, "foreign": 0},
    }  # fmt: skip
    replay.events(office.now, ADMIN, office.restorer)
    with pytest.raises(WrongState, match="Nobody has proposed"):
        open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    newer = open_register.propose(ADMIN, office.restorer)
    with pytest.raises(DigestMismatch):
        open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    open_register.confirm(newer.digest, ADMIN2, office.restorer)
    assert office.restore_lock.shut(at_once=True) is None


@pytest.mark.parametrize("changed", [{"counters": {"26": 7}}, {"lost": ["26KG000001/E"]}, {"left": ["x"]}])
def test_proposal_that_differs_from_register_is_refused(office: MemoryRestorable, changed: dict[str, Any]) -> None:
    proposal = open_register.propose(ADMIN, office.restorer)
    other = {**proposal.row.data["proposal"], "facts": {**proposal.facts, **changed}}
    office.restorer.update_row(proposal.row, proposal=other)
    known = open_register.pending_proposal(office.restorer)
    assert known is not None
    with pytest.raises(WrongState, match="changed since the proposal"):
        open_register.confirm(known.digest, ADMIN2, office.restorer)


def test_proposer_must_still_be_admin_at_confirmation(office: MemoryRestorable) -> None:
    proposal = open_register.propose(ADMIN, office.restorer)
    with pytest.raises(TwoPeople):
        open_register.confirm(proposal.digest, ADMIN, office.restorer)
    with pytest.raises(Forbidden):
        open_register.review(APPROVER, office.restorer)
    office.register_person(replace(ADMIN, roles=frozenset()))
    assert office.register.get(person_key(ADMIN.id))
    with pytest.raises(Forbidden, match="no longer registered as an administrator"):
        open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    own = open_register.propose(ADMIN2, office.restorer)  # instead of the refused one
    office.register_person(ADMIN)
    open_register.confirm(own.digest, ADMIN, office.restorer)
    assert office.restore_lock.shut(at_once=True) is None


def test_proposal_opens_once(office: MemoryRestorable) -> None:
    proposal = open_register.propose(ADMIN, office.restorer)
    write = office.static.write

    def cut_off(*what: Any, **how: Any) -> None:
        raise Conflict([Key("static", "register-mark")])

    office.static.write = cut_off  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="Make a new proposal"):
        open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    office.static.write = write  # type: ignore[method-assign]
    with pytest.raises(WrongState, match="Nobody has proposed"):
        open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    open_register.confirm(open_register.propose(ADMIN, office.restorer).digest, ADMIN2, office.restorer)
    row = office.restorer.read_row()
    assert row is not None
    assert (row.data["opened"]["by"], row.data["opened"]["proposed_by"]) == (ADMIN2.id, ADMIN.id)
    found = missing_data.find_missing(office.restorer)
    assert (found.missing, found.serials) == ([], {"26": (1001, 1001)})
