"""Cache of permit numbers: a known number costs one read of the register, and the cache alone never answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from life import issued
from office import APPROVER, MemoryOffice

from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.kernel.rows import Key, Put, Row
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.verification.services.accounts import NumberCache
from chalicelib.verification.services.verify import verify, verify_number


class Counted(MemoryRegister):
    """Register that counts its reads."""

    reads = 0

    def get(self, key: Key) -> Row | None:
        self.reads += 1
        return super().get(key)


@pytest.fixture
def office() -> MemoryOffice:
    made = MemoryOffice()
    made.register = Counted()
    return made


def reads_of(office: MemoryOffice, permit: Dossier) -> tuple[str, int]:
    """Return the outcome of a verification by code and its number of reads."""
    before = office.register.reads
    found = verify(permit.tokens[0], office)
    return found.outcome, office.register.reads - before


def put(office: MemoryOffice, dossier: Dossier) -> None:
    office.register.commit(store.dossier_put(dossier, expected_version=dossier.version - 1))


def changed(row: Row, **data: object) -> Put:
    return Put(row.key, {**row.data, **data}, expected_version=row.version)


def test_second_verification_reads_once(office: MemoryOffice) -> None:
    permit, other = issued(office), issued(office)
    assert [reads_of(office, each) for each in (permit, other)] == [("accept", 2), ("accept", 2)]
    assert [reads_of(office, each) for each in (permit, other)] == [("accept", 1), ("accept", 1)]


def test_state_is_never_cached(office: MemoryOffice) -> None:
    permit = issued(office)
    reads_of(office, permit)
    change_status.suspend(permit.id, "asked", APPROVER, office)
    assert reads_of(office, permit) == ("hold", 1)


def test_withdrawn_number_is_unknown(office: MemoryOffice) -> None:
    permit = issued(office)
    reads_of(office, permit)
    put(office, permit.but(number=None))
    held = office.register.get(store.number_key("KG", permit.number or ""))
    assert held is not None
    office.register.commit(changed(held, void=True))
    assert reads_of(office, permit) == ("hold", 2)


def test_reassigned_number_is_found_at_its_new_permit(office: MemoryOffice) -> None:
    permit, numbers = issued(office), NumberCache()
    number = permit.number or ""
    assert numbers.find(office.register, "KG", number) == permit
    moved = replace(permit, id="another", version=1)
    put(office, permit.but(number="26KG000999/E"))
    put(office, moved)
    held = office.register.get(store.number_key("KG", number))
    assert held is not None
    office.register.commit(changed(held, permit_id="another"))
    assert numbers.find(office.register, "KG", number) == moved


def test_register_without_the_cached_permit_is_read_by_number(office: MemoryOffice) -> None:
    permit = issued(office)
    reads_of(office, permit)
    office.register = Counted()
    assert reads_of(office, permit) == ("hold", 2)


def test_full_cache_is_emptied(office: MemoryOffice) -> None:
    permits, numbers = [issued(office) for _ in range(3)], NumberCache(at_most=2)

    def reads(permit: Dossier) -> int:
        before = office.register.reads
        assert numbers.find(office.register, "KG", permit.number or "") == permit
        return office.register.reads - before

    assert [reads(each) for each in permits] == [2, 2, 2]
    assert [reads(permits[2]), reads(permits[0])] == [1, 2]


def test_unknown_number_is_not_cached(office: MemoryOffice) -> None:
    numbers, number = NumberCache(), f"26KG{office.stage.first_serial:06d}/E"
    assert numbers.find(office.register, "KG", number) is None
    permit = issued(office)
    assert permit.number == number
    assert numbers.find(office.register, "KG", number) == permit


def test_second_look_up_by_number_reads_once(office: MemoryOffice) -> None:
    permit = issued(office)
    reads = []
    for _ in range(2):
        before = office.register.reads
        found = verify_number(permit.number or "", permit.check_code, office)
        assert found.outcome == "accept"
        reads.append(office.register.reads - before)
    assert reads == [2, 1]  # the count of tries is written, not read
