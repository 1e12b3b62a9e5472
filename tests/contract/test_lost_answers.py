"""Faults of the connection or of DynamoDB during `commit`: never two effects, never a false `Conflict` (FORMAT.md)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from faulty_wire import Fault, FaultyWire, cancelled, dynamo_error
from pynamodb.exceptions import TransactWriteError

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.kernel import errors
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from local.engine import REGION, Engine

pytestmark = pytest.mark.engine

WRITE = "TransactWriteItems"
LOST_ANSWERS = [Fault("lose-answer"), Fault("cut-answer"), Fault("short-answer")]


@pytest.fixture
def wire(engine: Engine) -> Iterator[FaultyWire]:
    with FaultyWire(engine.port) as wire:
        yield wire


@pytest.fixture
def register(wire: FaultyWire, table_on_engine: str) -> DynamoRegister:
    """A patient register, because the tests are about faults, and a busy machine is no fault."""
    return DynamoRegister(table_on_engine, region=REGION, endpoint=wire.endpoint, patience=30)


@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=lambda fault: fault.kind)
@pytest.mark.parametrize("times", [1, 3])
def test_lost_response_has_one_effect_and_no_conflict(
    register: DynamoRegister, wire: FaultyWire, fresh: str, fault: Fault, times: int
) -> None:
    register.commit(Put(Key(fresh, "permit"), {"use": "unused"}))
    wire.next(WRITE, *[fault] * times)
    register.commit(
        Put(Key(fresh, "permit"), {"use": "exported"}, expected_version=1),
        Put(Key(fresh, "event"), {"by": "me"}),
        Put(Key(fresh, "status"), {}, expected_version=None),
    )
    assert [row.version for row in register.query(fresh)] == [1, 2, 1]  # event, permit, status: once each
    sent = wire.bodies(WRITE)[1:]
    assert len(sent) == times + 1
    assert len({body["ClientRequestToken"] for body in sent}) == 1
    assert all(body == sent[0] for body in sent)


def test_two_commits_are_two_transactions(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    for _ in range(2):
        register.commit(Put(Key(fresh), {}, expected_version=None))
    first, second = wire.bodies(WRITE)
    assert first["ClientRequestToken"] != second["ClientRequestToken"]
    assert register.get(Key(fresh)) == Row(Key(fresh), {}, 2)


def test_lost_request_is_sent_again(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    wire.next(WRITE, Fault("lose-request"))
    register.commit(Put(Key(fresh), {}))
    assert register.get(Key(fresh)) == Row(Key(fresh), {}, 1)


def test_real_conflict_is_raised_despite_lost_first_response(
    register: DynamoRegister, wire: FaultyWire, fresh: str
) -> None:
    register.commit(Put(Key(fresh), {"winner": True}))
    wire.next(WRITE, Fault("lose-answer"))
    with pytest.raises(Conflict) as refused:
        register.commit(Put(Key(fresh), {"winner": False}))
    assert refused.value.keys == (Key(fresh),)


@pytest.mark.parametrize(
    "fault",
    [
        cancelled("None", "TransactionConflict"),
        cancelled("ThrottlingError", "TransactionConflict"),
        cancelled("ProvisionedThroughputExceeded", "None"),
        dynamo_error("TransactionInProgressException"),
        dynamo_error("ThrottlingException"),
        dynamo_error("ProvisionedThroughputExceededException"),
        dynamo_error("RequestLimitExceeded"),
        dynamo_error("InternalServerError", status=500),
        Fault("answer", 503, b"<html>busy</html>"),
    ],
    ids=lambda fault: fault.body.decode()[:90],
)
def test_passing_fault_is_retried_as_the_same_transaction(
    register: DynamoRegister, wire: FaultyWire, fresh: str, fault: Fault
) -> None:
    wire.next(WRITE, fault, fault)
    register.commit(Put(Key(fresh, "a"), {}), Put(Key(fresh, "b"), {}))
    assert [row.version for row in register.query(fresh)] == [1, 1]
    assert len({body["ClientRequestToken"] for body in wire.bodies(WRITE)}) == 1
    assert len(wire.bodies(WRITE)) == 3


def test_conflict_names_failed_conditions_only(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    wire.next(WRITE, cancelled("TransactionConflict", "ConditionalCheckFailed", "None"))
    a, b, c = (Key(fresh, name) for name in "abc")
    with pytest.raises(Conflict) as refused:
        register.commit(Put(a, {}), Put(b, {}), Put(c, {}))
    assert refused.value.keys == (b,)
    assert register.query(fresh) == ()


def test_retries_end_with_unavailable(
    register: DynamoRegister, wire: FaultyWire, table_on_engine: str, fresh: str
) -> None:
    hasty = DynamoRegister(table_on_engine, region=REGION, endpoint=wire.endpoint, patience=3)
    wire.next(WRITE, *[cancelled("TransactionConflict")] * 500)
    start = time.monotonic()
    with pytest.raises(errors.Unavailable):
        hasty.commit(Put(Key(fresh), {}))
    assert time.monotonic() - start > 1.5
    assert 1 < len(wire.bodies(WRITE)) < 100  # it waited in between
    assert register.get(Key(fresh)) is None


def test_mismatched_token_raises_unavailable(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    wire.next(WRITE, dynamo_error("IdempotentParameterMismatchException"))
    with pytest.raises(errors.Unavailable):
        register.commit(Put(Key(fresh), {}))


def test_engine_refuses_one_token_for_two_transactions(
    register: DynamoRegister, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.adapters.aws.register.uuid.uuid4", lambda: fresh)
    register.commit(Put(Key(fresh, "a"), {}))
    with pytest.raises(errors.Unavailable):
        register.commit(Put(Key(fresh, "b"), {}))
    assert register.get(Key(fresh, "b")) is None


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"])
def test_permanent_error_is_raised_without_retry(
    register: DynamoRegister, wire: FaultyWire, fresh: str, code: str
) -> None:
    wire.next(WRITE, dynamo_error(code))
    with pytest.raises(TransactWriteError):
        register.commit(Put(Key(fresh), {}))
    assert len(wire.bodies(WRITE)) == 1


def test_short_response_without_length_is_not_read_as_empty(
    register: DynamoRegister, wire: FaultyWire, fresh: str
) -> None:
    """A proxy may send a complete message with a body that is cut off.

    Read as empty it would mean that the permit does not exist.
    """
    register.commit(Put(Key(fresh), {"use": "exported"}))
    wire.next("GetItem", Fault("short-answer"))
    assert register.get(Key(fresh)) == Row(Key(fresh), {"use": "exported"}, 1)
    wire.next("Query", Fault("short-answer"))
    assert len(register.query(fresh)) == 1


def test_failed_reads_are_retried(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    register.commit(Put(Key(fresh, "a"), {}, index={"owner": fresh}), Put(Key(fresh, "b"), {}, index={"owner": fresh}))
    wire.next("GetItem", Fault("lose-answer"), dynamo_error("ThrottlingException"))
    assert register.get(Key(fresh, "a")) == Row(Key(fresh, "a"), {}, 1)
    wire.next("Query", Fault("cut-answer"), dynamo_error("InternalServerError", status=500))
    assert len(register.query(fresh)) == 2
    wire.next("BatchGetItem", Fault("lose-request"), dynamo_error("ProvisionedThroughputExceededException"))
    assert len(register.search("owner", fresh)[0]) == 2


def test_counter_does_not_repeat_after_lost_response(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    wire.next("UpdateItem", dynamo_error("ThrottlingException"))
    assert register.bump(Key(fresh)) == 1
    wire.next("UpdateItem", Fault("lose-answer"))
    with pytest.raises(errors.Unavailable):
        register.bump(Key(fresh))
    assert register.bump(Key(fresh)) == 3


def test_absent_host_raises_unavailable(table_on_engine: str, fresh: str) -> None:
    alone = DynamoRegister(table_on_engine, region=REGION, endpoint="http://127.0.0.1:9", patience=0.2)
    with pytest.raises(errors.Unavailable):
        alone.get(Key(fresh))
    with pytest.raises(errors.Unavailable):
        alone.commit(Put(Key(fresh), {}))


def test_get_and_query_are_consistent_reads(register: DynamoRegister, wire: FaultyWire, fresh: str) -> None:
    register.get(Key(fresh))
    register.query(fresh)
    assert wire.bodies("GetItem")[-1]["ConsistentRead"] is True
    assert wire.bodies("Query")[-1]["ConsistentRead"] is True
    assert "IndexName" not in wire.bodies("Query")[-1]
