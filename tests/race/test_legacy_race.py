"""Parallel imports and uses of the old paper register: each paper is imported once and used once.

Covered: two approvers on one batch, two batches that differ on one number, 16 officers with one paper in 16 spellings.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from engine_office import EngineOffice
from life import SAKER
from office import APPROVER, NOW
from papers import PAPER, confirmed, imported, opened, paper, proposed
from process import but
from proof import found, size

from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import AlreadyUsed, TamgaError, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.legacy_register.services import confirm_batch
from chalicelib.permits.services import store
from chalicelib.uses.use import UsedLine
from local.engine import Engine

pytestmark = pytest.mark.engine

ROUNDS, PAPERS, OFFICERS = size(2, 30), 20, 16
SECOND = Actor("u-appr2", "Second Approver", frozenset({"approver"}))


@pytest.fixture
def office(engine: Engine) -> Any:
    made = opened(EngineOffice(engine.endpoint, now=NOW))
    made.trust()
    made.register_person(SECOND)
    return made


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    start = threading.Barrier(len(jobs))

    def one(job: Callable[[], Any]) -> Any:
        start.wait(600)
        try:
            return job()
        except TamgaError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def dossiers(office: Any) -> list[Any]:
    return [store.load_row(row.data) for row in office.register.search("shelf", store.SHELF, limit=1000)[0]]


def test_batch_confirmed_by_two_approvers_in_parallel_creates_papers_once(office: Any) -> None:
    for n in range(ROUNDS):
        batch = proposed(office, [paper(f"R{n}-{i}") for i in range(PAPERS)])
        told = at_once([lambda b=batch, who=who: confirmed(office, b, who) for who in (APPROVER, SECOND)])  # type: ignore[misc]
        assert [each.state for each in told] == ["confirmed", "confirmed"]
        assert all(each.refused == () for each in told)
    numbers = Counter(dossier.number for dossier in dossiers(office))
    assert len(numbers) == ROUNDS * PAPERS
    assert set(numbers.values()) == {1}
    for number in numbers:
        dossier = store.find_number(office.register, "KG", number)
        assert dossier is not None
        assert len(store.history(office.register, dossier.id, APPROVER)[0]) == 1
    found("old register, two approvers", papers=len(numbers))


def test_two_differing_batches_in_parallel_leave_one_content(office: Any) -> None:
    for n in range(ROUNDS):
        one = proposed(office, [paper(f"D{n}")])
        other = proposed(office, [paper(f"d-{n}", lines=(replace(SAKER, quantity="20"),))])
        told = at_once([lambda b=batch: confirmed(office, b) for batch in (one, other)])  # type: ignore[misc]
        assert sorted(len(each.refused) for each in told) == [0, 1]
    assert len(dossiers(office)) == ROUNDS


def test_batch_confirmed_and_rejected_in_parallel_ends_in_one_state(office: Any) -> None:
    for n in range(ROUNDS):
        batch = proposed(office, [paper(f"C{n}")])
        confirm, reject = at_once(
            [
                lambda b=batch: confirmed(office, b),  # type: ignore[misc]
                lambda b=batch: confirm_batch.reject(b.id, "no", SECOND, but(office, now=NOW)),  # type: ignore[misc]
            ]
        )
        there = store.find_number(office.register, "KG", f"C{n}") is not None
        assert isinstance(confirm if not there else reject, WrongState)
        assert (confirm if there else reject).state == ("confirmed" if there else "rejected")


def test_paper_permit_in_many_spellings_is_used_once(office: Any) -> None:
    for n in range(ROUNDS):
        number = f"KG-{n:04d}/2026"
        imported(office, paper(number))
        spellings = [f"kg {n}-2026", f"KG{n:05d}/2026", f"К G.{n}/2O26", number] * (OFFICERS // 4)

        def endorse(i: int, spelled: str) -> Any:
            asked = Endorsement(
                str(uuid.uuid4()), "manas-airport", "export", NOW, (UsedLine("A", "2"),), number=spelled,
                transport_document=f"AWB {i}",
            )  # fmt: skip
            officer = Actor(f"u-{i}", "", frozenset({"customs"}), frozenset({"*"}))
            return endorsement_endorse.endorse(asked, officer, but(office, now=NOW))[0]  # fmt: skip

        told = at_once([lambda i=i, s=s: endorse(i, s) for i, s in enumerate(spellings)])  # type: ignore[misc]
        won = [each for each in told if isinstance(each, dict)]
        assert len(won) == 1
        assert all(isinstance(each, AlreadyUsed) for each in told if not isinstance(each, dict))
        dossier = store.find_number(office.register, "KG", number)
        assert dossier is not None
        assert [use.event_id for use in dossier.uses] == [won[0]["event_id"]]
    assert PAPER.number not in {dossier.number for dossier in dossiers(office)}
    found("old register, one paper", papers=ROUNDS, officers=OFFICERS)
