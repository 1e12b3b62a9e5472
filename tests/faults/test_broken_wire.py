"""Connection faults between the services and the local engine: lost, cut, late and refused responses.

In each case: no double effect, no honest exporter accused by a retry, and a retry with the same ids returns the result.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from border import confirm, endorse, held, new_uuid, undo
from crashing import check_invariants, rows
from engine_office import EngineOffice
from faulty_wire import Fault, FaultyWire, cancelled, dynamo_error
from life import approved, endorsement, issue, issued
from office import BEKZAT, NOW, MemoryOffice

from chalicelib.issuing.services import sign
from chalicelib.kernel.errors import AlreadyUsed, EventIdReused, Unavailable
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from local.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]

WRITE = "TransactWriteItems"
PASS = Fault("pass")  # the request passes unchanged
FAULTS = {
    "reset before": Fault("lose-request"),
    "answer lost after": Fault("lose-answer"),
    "half an answer": Fault("cut-answer"),
    "500": dynamo_error("InternalServerError", status=500),
    "throttled": dynamo_error("ThrottlingException"),
    "TransactionConflict": cancelled("None", "TransactionConflict"),
    "TransactionInProgress": dynamo_error("TransactionInProgressException"),
}
DONE = ("answer lost after", "half an answer")  # it was written although no response arrived
SOON = 0.3  # seconds of patience, where the connection stays broken; only a call that failed has to do with it
PATIENT = 30  # where one fault must be survived: a busy machine must not be a second one
COMMITS = 3  # of issuing: intent, attempt, tokens
each_fault = pytest.mark.parametrize("fault", FAULTS)


class SlowWire(FaultyWire):
    """A proxy that does a fault `late` at once and responds after the client's time-out."""

    late = False

    def _forward(self, *args: Any) -> Any:
        answer = super()._forward(*args)
        if self.late:
            self.late = False
            time.sleep(3.6)
        return answer


@pytest.fixture(scope="module")
def office(engine: Engine) -> EngineOffice:
    return EngineOffice(engine.endpoint, now=NOW)


@pytest.fixture
def wire(engine: Engine, office: EngineOffice) -> Iterator[SlowWire]:
    """A connection to the engine through the faulty proxy."""
    plain = office.register
    with SlowWire(engine.port) as made:
        office.register = office.connect(made.endpoint, patience=PATIENT)  # type: ignore[assignment]
        yield made
        office.register = plain


def uses(office: MemoryOffice, permit: Dossier) -> list[str]:
    return [use.event_id for use in held(office, permit).uses]


@each_fault
def test_single_fault_is_retried_without_error(office: EngineOffice, wire: SlowWire, fault: str) -> None:
    permit = issued(office)
    asked, late = endorsement(office, permit), endorsement(office, permit, post="osh-airport")
    wire.next(WRITE, FAULTS[fault])
    receipt = endorse(office, asked)
    assert (receipt["result"], receipt["use"]) == ("accepted", "exported")
    assert endorse(office, asked) == receipt
    wire.next(WRITE, FAULTS[fault])
    with pytest.raises(AlreadyUsed) as refused:
        endorse(office, late, BEKZAT)
    assert refused.value.extra["first_use"]["post"] == "manas-airport"
    assert uses(office, permit) == [asked.event_id]
    wire.next(WRITE, FAULTS[fault])
    undo_id = new_uuid()
    taken_back = undo(office, asked.event_id, BEKZAT, undo_id)
    assert undo(office, asked.event_id, BEKZAT, undo_id) == taken_back
    assert held(office, permit).use == "unused"


@each_fault
def test_repeat_after_unavailable_returns_receipt_of_same_event(
    office: EngineOffice, wire: SlowWire, fault: str
) -> None:
    """The officer sees "try again". The second try is the same event and is never reported as "already used"."""
    permit = issued(office)
    asked = endorsement(office, permit)
    office.register = office.connect(wire.endpoint, patience=SOON)  # type: ignore[assignment]
    wire.next(WRITE, *[FAULTS[fault]] * 500)
    with pytest.raises(Unavailable):
        endorse(office, asked)
    wire.faults.clear()
    assert uses(office, permit) == ([asked.event_id] if fault in DONE else [])
    office.now += 3600 if fault in DONE else 0  # outside the ten minutes: the receipt exists
    receipt = endorse(office, asked)
    assert (receipt["event_id"], receipt["use"]) == (asked.event_id, "exported")
    assert uses(office, permit) == [asked.event_id]
    with pytest.raises(EventIdReused):
        endorse(office, replace(asked, transport_document="another"))
    table = rows(office.register)
    assert sum(key == Key(f"EVENT#{asked.event_id}") for key in table) == 1
    days = [key for key in table if key.partition.startswith("USES#") and key.sort == asked.event_id]
    assert len(days) == 1
    history = [h["action"] for h in store.history(office.register, permit.id, BEKZAT_SEES)[0]]
    assert history.count("endorse") == 1


def test_repeat_after_late_response_counts_once(office: EngineOffice, wire: SlowWire) -> None:
    permit = issued(office)
    asked = endorsement(office, permit)
    office.register = office.connect(wire.endpoint, patience=3)  # type: ignore[assignment]
    wire.late = True
    with pytest.raises(Unavailable):
        endorse(office, asked)
    assert endorse(office, asked)["use"] == "exported"
    assert uses(office, permit) == [asked.event_id]


@each_fault
def test_failed_read_decides_nothing(office: EngineOffice, wire: SlowWire, fault: str) -> None:
    permit = issued(office)
    asked = endorsement(office, permit)
    reads = {name: FAULTS[name] for name in FAULTS if not name.startswith("Transaction")}
    if fault not in reads:
        wire.next("GetItem", dynamo_error("ProvisionedThroughputExceededException"))
    else:
        office.register = office.connect(wire.endpoint, patience=SOON)  # type: ignore[assignment]
        wire.next("GetItem", *[reads[fault]] * 500)
        with pytest.raises(Unavailable):
            endorse(office, asked)
        wire.faults.clear()
    assert uses(office, permit) == []
    assert endorse(office, asked)["use"] == "exported"


@each_fault
def test_paper_stamp_is_confirmed_once_despite_fault(office: EngineOffice, wire: SlowWire, fault: str) -> None:
    permit = issued(office)
    asked = endorsement(office, permit, recorded="paper")
    endorse(office, asked)
    wire.next(WRITE, FAULTS[fault])
    receipt = confirm(office, asked.event_id)
    assert confirm(office, asked.event_id) == receipt
    assert held(office, permit).use == "exported"


@each_fault
def test_issue_over_broken_connection_loses_at_most_one_number(engine: Engine, fault: str) -> None:
    """One fault has no effect. A connection that stays broken costs at most one number, which is declared void."""
    office = EngineOffice(engine.endpoint, now=NOW)
    ready = [(at, approved(office), approved(office)) for at in range(COMMITS)]
    plain, signed, inner = office.register, [], office.signer

    class Noted:
        def __init__(self, kid: bytes) -> None:
            self.kid, self.public_key = kid, inner(kid).public_key

        def sign_digest(self, digest: bytes) -> bytes:
            signed.append(digest)
            return inner(self.kid).sign_digest(digest)

    office.signer, office.signed = Noted, signed  # type: ignore[assignment, attr-defined]
    last = ""
    with SlowWire(engine.port) as wire:
        patient, hasty = (office.connect(wire.endpoint, patience=seconds) for seconds in (PATIENT, SOON))
        for at, lucky, unlucky in ready:
            office.register = patient  # type: ignore[assignment]
            wire.next(WRITE, *[PASS] * at, FAULTS[fault])
            assert issue(office, lucky).voided == ()
            office.register = hasty  # type: ignore[assignment]
            wire.next(WRITE, *[PASS] * at, *[FAULTS[fault]] * 500)
            with pytest.raises(Unavailable):
                issue(office, unlucky)
            wire.faults.clear()
            try:  # the officer presses the button again
                done = issue(office, unlucky)
            except Unavailable:  # and once more after the time-out
                office.now += sign.SIGNING_TIMEOUT
                done = issue(office, unlucky)
            assert done.state == "issued"
            assert done.number not in done.voided
            assert len(done.voided) <= 1
            last = done.number or ""
        office.register = plain
    sign.give_up_signings(office)
    assert len(signed) >= 2 * COMMITS
    check_invariants(office, serials=int(last[4:10]))


BEKZAT_SEES = replace(BEKZAT, roles=frozenset({"auditor"}))
