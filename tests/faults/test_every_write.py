"""Every AWS write of every step with a lost, late, cut, truncated, refused, throttled or conflicting response.

microburst runs before the local engine and responds as AWS does. It cannot cut a response without a body (S3's to a
put), so there `faulty_wire` loses the response. A step that raised Unavailable is repeated over a restored connection.
Then there is no double effect, no honest exporter accused, and each signature is recorded or declared void.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from aws_office import AwsOffice
from burst import PASS, Burst
from crashing import check_invariants, rows
from faulty_wire import Fault, FaultyWire
from office import NOW
from proof import found, rng, size
from verbs import SIGNING, VERBS, Life

from chalicelib.issuing.services import sign
from chalicelib.kernel.errors import Unavailable
from local.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]

WRITES = {"TransactWriteItems": "dynamodb", "UpdateItem": "dynamodb", "PutObject": "s3", "Sign": "kms"}
LATE = 900  # milliseconds that a late call takes, where the client waits for READ_SECONDS
READ_SECONDS = 0.6
YEARS = 10  # rounds of one register: in a large one the engine takes longer than READ_SECONDS to read a whole list
STAYS = 500  # calls: more than any retry makes
PATIENCE = 0.3  # seconds; only a call that failed has to do with it

FAULTS: dict[str, dict[str, dict[str, Any]]] = {
    "reset before": {"*": {"reset": True}},
    "answer lost after": {"*": {"response": {"abort_bytes": 0}}},
    "half an answer": {"*": {"response": {"abort_frac": 0.5}}},
    "truncated": {"*": {"response": {"truncate_frac": 0.5}}},
    "late": {"*": {"latency": LATE}},
    "500": {
        "dynamodb": {"error": {"code": "InternalServerError", "status": 500}},
        "s3": {"error": {"code": "InternalError", "status": 500}},
        "kms": {"error": {"code": "KMSInternalException", "status": 500}},
    },
    "throttled": {
        "dynamodb": {"error": {"code": "ProvisionedThroughputExceededException", "status": 400}},
        "s3": {"error": {"code": "SlowDown", "status": 503}},
        "kms": {"error": {"code": "ThrottlingException", "status": 400}},
    },
    "conflict": {
        "dynamodb": {
            "error": {
                "code": "TransactionCanceledException", "status": 400,
                "fields": {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]},
            }
        },
        "s3": {"error": {"code": "ConditionalRequestConflict", "status": 409}},
        "kms": {"error": {"code": "KeyUnavailableException", "status": 500}},
    },
}  # fmt: skip
EMPTY = {"answer lost after", "half an answer", "truncated"}  # S3's empty response can only be lost as a whole


class Learnt(Life):
    """Lives without faults. `writes` maps each step to its writes in order."""

    def __init__(self, office: AwsOffice) -> None:
        super().__init__(office)
        self.writes: dict[str, list[str]] = {}
        self.seen: list[str] = []
        for client in office.clients.values():
            client.meta.events.register("before-send", self._note)

    def _note(self, event_name: str, **_: Any) -> None:
        name = event_name.rpartition(".")[2]
        self.seen += [name] if name in WRITES else []

    def verb(self, name: str, work: Callable[[], Any]) -> None:
        self.seen.clear()
        work()
        self.writes[name] = list(self.seen)


class Broken(Life):
    """Lives in which each step meets `fault` at its `at`-th write (modulo their number): once, or always (`stays`)."""

    def __init__(
        self, office: AwsOffice, writes: dict[str, list[str]], burst: Burst, wire: FaultyWire, fault: str
    ) -> None:
        super().__init__(office)
        self.writes, self.burst, self.wire = writes, burst, wire
        self.plain = {name: office.__dict__[name] for name in ("register", "blobs", "static", "_signers", "clients")}
        how: dict[str, Any] = {"patience": PATIENCE, "read_seconds": READ_SECONDS if fault == "late" else 3.0}
        self.bursting, self.losing = office.wire(burst.endpoint, **how), office.wire(wire.endpoint, **how)
        self.fault, self.at, self.stays = fault, 0, False
        self.met: Counter[str] = Counter()
        self.again = self.missed = 0
        self.asked: list[tuple[str, bytes]] = []
        for each in (self.plain, self.bursting, self.losing):
            each["clients"]["kms"].meta.events.register("before-send.kms.Sign", self._signs)

    def _signs(self, request: Any, **_: Any) -> None:
        body = json.loads(request.body)
        self.asked.append((body["KeyId"], base64.b64decode(body["Message"])))

    def verb(self, name: str, work: Callable[[], Any]) -> None:
        writes = self.writes[name]
        at = self.at % len(writes)
        operation = writes[at]
        before = writes[:at].count(operation)
        self._break(operation, before)
        try:
            work()
            done = True
        except Unavailable:
            done = False
        met = self._mend()
        if not done:
            self.again += 1
            self._try_again(name, work)
        if met:
            self.met[f"{name}: {operation}"] += 1
        else:  # a read before the write failed on a busy machine
            self.missed += 1

    def _break(self, operation: str, before: int) -> None:
        service = WRITES[operation]
        times = STAYS if self.stays else 1
        if service == "s3" and self.fault in EMPTY:
            self.wire.next("PUT", *[Fault("pass")] * before, *[Fault("lose-answer")] * times)
            self.office.use(self.losing)
            return
        fault = FAULTS[self.fault].get(service) or FAULTS[self.fault]["*"]
        match = {"service": service, "operation": operation}
        self.burst.rules(*([{**match, **PASS, "times": before}] if before else []), {**match, **fault, "times": times})
        self.office.use(self.bursting)

    def _mend(self) -> bool:
        """Restore the connection. Return True if a call met the fault."""
        if self.office.register is self.losing["register"]:
            met = len(self.wire.faults.pop("PUT")) < (STAYS if self.stays else 1)
        else:
            met = self.burst.fired() > 0
            self.burst.rules()
        self.office.use(self.plain)
        return met

    def _try_again(self, name: str, work: Callable[[], Any]) -> None:
        if name not in SIGNING:
            work()
            return
        with suppress(Unavailable):
            work()
            return
        self.office.later(sign.SIGNING_TIMEOUT)
        sign.give_up_signings(self.office)
        work()

    def end(self) -> int:
        """Check I1, I2, I5 over the whole table. Return the number of void numbers."""
        office = self.office
        keys = {office.key_ids[signer.kid] for signer in office.permit_keys}
        office.signed = [digest for key, digest in self.asked if key in keys]  # type: ignore[attr-defined]
        numbers = {key.sort: data for key, data in rows(office.register).items() if key.partition == "NUMBER#KG"}
        check_invariants(office, serials=max(int(number[4:10]) for number in numbers))
        return sum(1 for data in numbers.values() if data.get("void"))


@pytest.fixture(scope="module")
def burst(engine: Engine) -> Iterator[Burst]:
    with Burst(engine.endpoint) as running:
        yield running


@pytest.fixture(scope="module")
def writes(engine: Engine, burst: Burst) -> dict[str, list[str]]:
    """The writes of each step, learnt through microburst.

    It reads AWS's models at its first calls and is slow there.
    """
    office = AwsOffice(engine.endpoint, now=NOW)
    office.use(office.wire(burst.endpoint, patience=60, read_seconds=30))
    life = Learnt(office)
    life.life()
    assert set(life.writes) == VERBS
    assert all(life.writes.values()), life.writes
    return life.writes


@pytest.mark.parametrize("fault", FAULTS)
def test_every_write_survives_fault(engine: Engine, burst: Burst, writes: dict[str, list[str]], fault: str) -> None:
    rounds, random, lives, void = size(1, 50), rng(fault), [], 0
    with FaultyWire(engine.port) as wire:
        for first in range(0, rounds, YEARS):
            life = Broken(AwsOffice(engine.endpoint, now=NOW), writes, burst, wire, fault)
            for at in range(first, min(first + YEARS, rounds)):
                life.at = at if rounds > 1 else list(FAULTS).index(fault)  # small: each fault at another write
                life.stays = random.randrange(3) == 0 if rounds > 1 else life.at % 3 == 2
                life.life()
            void += life.end()
            lives.append(life)
    cases, missed = sum(life.met.total() for life in lives), sum(life.missed for life in lives)
    assert missed <= cases * 0.05
    found(f"broken wire, {fault}", cases=cases, told_to_try_again=sum(life.again for life in lives),
          void_numbers=void, double_effects=0, accused=0)  # fmt: skip
