"""Attacks through the old paper register: used papers under other spellings or numbers, imports over revoked ones."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from border import Phone, event
from life import SAKER, issued
from office import AIZADA, APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice
from papers import PAPER, confirmed, examined, imported, opened, paper, proposed

from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import AlreadyUsed, DigestMismatch, Invalid, NoMatch, NotUsable, TamgaError, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.uses.use import UsedLine
from chalicelib.verification.services import verify

# Spellings of KG-0117/2026 by a typist or a smuggler.
VARIANTS = (
    "kg-0117/2026", "KG 0117/2026", "KG0117-2026", "KG-117/2026", "KG-00117/2026", "KG–0117/2026", "КG-0117/2026",
    "KG-O117/2O26", "KG-0II7/2026", "№ KG-0117/2026", "KG.0117.2026", "ＫＧ-０１１７/２０２６", "KG-0117 / 2026",
    "K G-0117/2026",
)  # fmt: skip


@pytest.fixture
def office() -> MemoryOffice:
    return opened(MemoryOffice())


def asked(office: MemoryOffice, number: str = PAPER.number, **changes: Any) -> Endorsement:
    base = Endorsement(
        event_id=str(uuid.uuid4()), post="manas-airport", direction="export", endorsed_at=office.now,
        lines=(UsedLine("A", "2"),), number=number, transport_document="AWB 235-1234",
    )  # fmt: skip
    return replace(base, **changes)


def endorse(office: MemoryOffice, request: Endorsement, actor: Actor = AIZADA) -> dict[str, Any]:
    return endorsement_endorse.endorse(request, actor, office)[0]


def held(office: MemoryOffice, dossier: Dossier) -> Dossier:
    return store.load(office.register, dossier.id)


@pytest.mark.parametrize("variant", VARIANTS)
def test_used_paper_permit_under_other_spelling_stays_used(office: MemoryOffice, variant: str) -> None:
    imported(office)
    endorse(office, asked(office))
    again = examined(office, [paper(variant)])
    assert (again.good, again.known) == ((), (0,))  # it is the same paper, and stays used
    changed = examined(office, [paper(variant, lines=(replace(SAKER, quantity="9"),))])
    assert [error.code for error in changed.refused[0]] == ["conflict"]
    with pytest.raises(AlreadyUsed):
        endorse(office, asked(office, variant), BEKZAT)


@pytest.mark.parametrize("variant", [PAPER.number, *VARIANTS])
def test_same_paper_twice_in_one_file_is_refused(office: MemoryOffice, variant: str) -> None:
    found = examined(office, [PAPER, paper(variant)])
    assert (found.good, [error.code for error in found.refused[1]]) == ((0,), ["twice"])


def test_import_over_revoked_permit_is_refused(office: MemoryOffice) -> None:
    dossier = imported(office)
    change_status.revoke(dossier.id, "sold twice", True, APPROVER, office)
    before = held(office, dossier)
    with pytest.raises(Invalid):
        proposed(office)
    with pytest.raises(Invalid):
        proposed(office, [paper(valid_until="2027-05-01")])
    assert held(office, dossier) == before
    with pytest.raises(NotUsable) as refused:
        endorse(office, asked(office))
    assert refused.value.extra["codes"] == ["S7"]


def test_waiting_batch_does_not_restore_revoked_permit(office: MemoryOffice) -> None:
    first, second = proposed(office), proposed(office, [PAPER, paper("KG-0118/2026")])
    confirmed(office, first)
    dossier = store.find_number(office.register, "KG", PAPER.number)
    assert dossier is not None
    change_status.revoke(dossier.id, "false", True, APPROVER, office)
    before = held(office, dossier)
    assert confirmed(office, second).refused == ()
    assert held(office, dossier) == before


def test_paper_permit_under_number_of_tamga_is_refused(office: MemoryOffice) -> None:
    real = issued(office)
    for number in (real.number or "", "26KG000002/E", "26 kg 2 e", "26КG000OO2-Е", "26KG000001/0"):
        assert {error.code for error in examined(office, [paper(number)]).refused[0]} == {"tamga"}, number
    assert held(office, real) == real
    assert issued(office).number == "26KG000002/E"


def test_token_over_paper_permit_of_same_number_returns_f4(office: MemoryOffice) -> None:
    """Attack with write access to the table: a paper takes the place of a permit.

    The code's bytes then differ from the register's (F4).
    """
    real = issued(office)
    fake = imported(office)
    key = store.number_key("KG", real.number or "")
    row = office.register.get(key)
    assert row is not None
    office.register.commit(Put(key, {"permit_id": fake.id}, expected_version=row.version))
    found = verify.verify(real.tokens[0], office)
    assert (found.outcome, "F4" in found.codes) == ("hold", True)


def test_tamga_permit_without_check_code_is_not_endorsed(office: MemoryOffice) -> None:
    real = issued(office)
    for number in (real.number or "", "26 kg 1 e"):
        with pytest.raises(Invalid):
            endorse(office, asked(office, number))
    assert held(office, real).use == "unused"


def test_rows_of_waiting_batch_are_not_found(office: MemoryOffice) -> None:
    proposed(office)
    with pytest.raises(NoMatch):
        endorse(office, asked(office))
    assert office.register.search("shelf", store.SHELF)[0] == ()


def test_row_changed_after_proposal_is_refused_by_digest(office: MemoryOffice) -> None:
    batch = proposed(office)
    key = Key(f"LEGACY#{batch.id}", "ROW#000001")
    row = office.register.get(key)
    assert row is not None
    more = {**row.data["record"], "lines": [{**row.data["record"]["lines"][0], "quantity": "200"}]}
    office.register.commit(Put(key, {**row.data, "record": more}, expected_version=row.version))
    with pytest.raises(DigestMismatch):
        confirmed(office, batch)


def test_proposer_with_second_role_cannot_confirm(office: MemoryOffice) -> None:
    both = Actor(PREPARER.id, PREPARER.name, frozenset({"preparer", "approver", "admin"}))
    office.register_person(both)
    with pytest.raises(TwoPeople):
        confirmed(office, proposed(office, actor=both), both)


def test_sixteen_parallel_uses_of_one_paper_count_once(office: MemoryOffice) -> None:
    dossier = imported(office)
    spellings = [(VARIANTS[n % len(VARIANTS)], n) for n in range(16)]

    def one(spelled: tuple[str, int]) -> str:
        officer = Actor(f"u-{spelled[1]}", "", frozenset({"customs"}), frozenset({"*"}))
        try:
            return str(endorse(office, asked(office, spelled[0]), officer)["use"])
        except AlreadyUsed as error:
            return error.slug

    with ThreadPoolExecutor(16) as pool:
        told = sorted(pool.map(one, spellings))
    assert told == ["already-used"] * 15 + ["exported"]
    assert len(held(office, dossier).uses) == 1


def test_offline_use_of_used_paper_is_stored_as_conflict(office: MemoryOffice) -> None:
    dossier = imported(office)
    phone = Phone(office)
    endorse(office, asked(office, transport_document="AWB 1"), BEKZAT)
    office.later(DAY)
    late = asked(office, "kg 117/2026", endorsed_at=office.now - 3600, post=phone.post)
    (answer,) = phone.sync(event(late))
    assert (answer["result"], answer["receipt"]["number"]) == ("conflict", dossier.number)
    (again,) = phone.sync(event(late))
    assert again["result"] == "duplicate"
    found = verify.verify_number(PAPER.number, None, office, actor=AIZADA)
    assert (found.outcome, "U4" in found.codes) == ("hold", True)


def test_backlog_over_lookup_limit_is_accepted_an_hour_later(office: MemoryOffice) -> None:
    imported(office)
    phone = Phone(office)
    late = asked(office, endorsed_at=office.now - 3600, post=phone.post)
    for n in range(verify.PAPERS_AT_MOST):
        with pytest.raises(NoMatch):
            endorse(office, asked(office, f"X-{n}"))
    (told,) = phone.sync(event(late))
    assert (told["problem"], told["again"]) == ("too-many", True)
    office.later(3600)
    (told,) = phone.sync(event(late))
    assert told["result"] == "stored"


def test_odd_number_raises_only_tamga_errors(office: MemoryOffice) -> None:
    for number in ("\ud800", "\x00", "🦅1", "1" * 10_000, "İ1", "٠١", "߁1", "26KG000001/ΕΕ", "/1/", "١"):
        with pytest.raises(TamgaError):
            verify.find_legacy(number, office, valid_until="2027-04-30")
        assert examined(office, [paper(number)]).good == (), ascii(number)
