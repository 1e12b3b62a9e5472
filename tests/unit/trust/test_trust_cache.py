"""Trust cache of our verifiers: outages of the bucket, and older trust lists put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import trust_maker
from office import ADMIN, ADMIN2, DAY, NOW, MemoryOffice

from chalicelib.adapters.in_process.memory import MemoryRegister, MemoryStatic
from chalicelib.kernel.errors import Unavailable, WrongState
from chalicelib.kernel.rows import Key, Row
from chalicelib.token import cbor
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust_list import Pin, TrustList, encode_bundle, encode_trust_list, trust_list_header
from chalicelib.trust.services import publish_trust_list
from chalicelib.trust.services.caches import READ_EVERY, TrustCache

BUNDLE = "trust-list"


class World:
    """Office whose bucket anybody can write to and which can fail. `trust` is the cache of one process."""

    def __init__(self) -> None:
        self.office = MemoryOffice()
        self.pins: tuple[Pin, ...] = (*self.office.pins, trust_maker.pin("KZ"))
        self.broken: Exception | None = None
        self.reads = 0
        self.reports: list[Exception] = []
        self.trust = self.process()

    def process(self) -> TrustCache:
        return TrustCache("KG", self.pins, register=self.office.register, static=self, report=self.reports.append)

    def read(self, path: str) -> tuple[bytes, str] | None:
        self.reads += 1
        if self.broken:
            raise self.broken
        return self.office.static.read(path)

    def write(self, *args: object, **options: object) -> None:
        raise AssertionError("a verifier writes nothing")

    def put(self, bundle: bytes) -> None:
        held = self.office.static.read(BUNDLE)
        assert held is not None
        self.office.static.write(BUNDLE, bundle, content_type="", etag=held[1])

    def ours(self) -> bytes:
        held = self.office.static.read(BUNDLE)
        assert held is not None
        return bytes(cbor.decode(held[0], cap=1 << 20, depth=1)[0])

    def renewed(self) -> TrustList:
        self.office.later(DAY)
        following = key_rotation.renew(self.office.trust().lists[0], self.office.now)
        self.office.publish_list(following)
        return following

    def seq(self, trust: TrustCache | None = None) -> int:
        found = (trust or self.trust).at(self.office.now).list_for("KG")
        assert found is not None
        return found.seq


def kazakh(at: int = NOW) -> bytes:
    """Kazakhstan's list, signed at this time."""
    wanted = trust_maker.trust_list("KZ", "cites.example.kz", now=at)
    return trust_maker.sign(trust_maker.ROOT, trust_list_header(wanted.root), encode_trust_list(wanted))


@pytest.fixture
def world() -> World:
    return World()


def test_bundle_is_read_once_a_minute(world: World) -> None:
    for _ in range(3):
        world.trust.at(world.office.now)
    assert world.reads == 1
    world.office.now += READ_EVERY
    world.trust.at(world.office.now)
    assert (world.reads, world.reports) == (2, [])


def stop(error: Exception) -> Callable[[World], None]:
    def break_it(world: World) -> None:
        world.broken = error

    return break_it


def put(bundle: bytes) -> Callable[[World], None]:
    return lambda world: world.put(bundle)


def without_it(world: World) -> None:
    world.office.static = MemoryStatic()  # type: ignore[assignment]


FAULTS = {
    "the store does not answer": stop(Unavailable()),
    "no right to read": stop(RuntimeError("AccessDenied")),
    "no bundle": without_it,
    "no CBOR": put(b"<html>"),
    "an empty bundle": put(encode_bundle([])),
    "a stranger's list": put(encode_bundle([bytes(100)])),
    "only another Party's": put(encode_bundle([kazakh()])),
}


@pytest.mark.parametrize("why", FAULTS)
def test_store_fault_keeps_trust_and_is_reported(world: World, why: str) -> None:
    believed = world.trust.at(world.office.now)
    FAULTS[why](world)
    world.office.now += READ_EVERY
    assert world.trust.at(world.office.now) == believed  # with the time of the fetch
    assert len(world.reports) == 1
    reads = world.reads
    world.trust.at(world.office.now + READ_EVERY - 1)
    assert world.reads == reads  # the next caller does not wait for the same failure


@pytest.mark.parametrize("why", FAULTS)
def test_no_list_at_all_raises_unavailable(world: World, why: str) -> None:
    """The fault is ours, so no client gets an error that blames its request."""
    FAULTS[why](world)
    for _ in range(2):
        with pytest.raises(Unavailable):
            world.trust.at(world.office.now)
    assert len(world.reports) == 2


def test_wrong_pins_raise_unavailable(world: World) -> None:
    world.pins = (Pin("KG", (b"short",)),)
    with pytest.raises(Unavailable):
        world.process().at(world.office.now)


def test_trust_is_fetched_again_when_store_recovers(world: World) -> None:
    world.trust.at(world.office.now)
    world.broken = Unavailable()
    world.office.now += READ_EVERY
    old = world.trust.at(world.office.now)
    world.broken = None
    world.office.now += READ_EVERY
    assert world.trust.at(world.office.now).fetched_at["KG"] == old.fetched_at["KG"] + 2 * READ_EVERY


def test_other_partys_list_is_as_fresh_as_its_issue(world: World) -> None:
    issued = world.office.now - 3 * DAY
    world.put(encode_bundle([world.ours(), kazakh(issued)]))
    trust = world.trust.at(world.office.now)
    assert trust.fetched_at == {"KG": world.office.now, "KZ": issued}


def test_older_list_put_back_is_refused(world: World) -> None:
    old = world.ours()
    new = world.renewed()
    assert world.seq() == new.seq
    world.put(encode_bundle([old]))
    world.office.now += READ_EVERY
    assert world.seq() == new.seq  # the process remembers
    with pytest.raises(Unavailable):
        world.process().at(world.office.now)  # a process that starts now reads the newest seq from the register


def test_older_list_of_other_party_put_back_is_refused(world: World) -> None:
    """Only processes that saw the newer list know its seq."""
    lists = [kazakh(at) for at in (world.office.now, world.office.now - DAY)]
    world.put(encode_bundle([world.ours(), lists[0]]))
    assert world.trust.at(world.office.now).list_for("KZ")
    world.put(encode_bundle([world.ours(), lists[1]]))
    world.office.now += READ_EVERY
    assert world.trust.at(world.office.now).list_for("KZ") is None


class Silent(MemoryRegister):
    def get(self, key: Key) -> Row | None:
        raise Unavailable


def test_unavailable_register_stops_no_verdict(world: World) -> None:
    world.office.register = Silent()  # type: ignore[assignment]
    trust = world.process()
    assert world.seq(trust)
    assert len(world.reports) == 1


def test_newest_published_seq_is_recorded_and_never_falls(world: World) -> None:
    office = world.office
    first = office.trust().lists[0]
    assert publish_trust_list.newest_published("KG", office.register) == first.seq
    old = world.ours()
    new = world.renewed()
    assert publish_trust_list.newest_published("KG", office.register) == new.seq
    world.put(encode_bundle([old]))  # the old list is put back, then a list between the two is proposed
    between = replace(new, seq=new.seq - 1, expires_at=new.expires_at - 1)
    proposal = publish_trust_list.propose(between, ADMIN, office)
    with pytest.raises(WrongState, match="newer"):
        publish_trust_list.publish(proposal, ADMIN2, office.root, office)  # fmt: skip
    assert publish_trust_list.newest_published("KG", office.register) == new.seq
