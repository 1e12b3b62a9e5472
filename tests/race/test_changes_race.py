"""Parallel changes of one permit: the result is the same as of one after the other.

Covered: issuing, numbering, withdrawing, revoking, suspending, replacing and confirming, each in parallel with an
endorsement or with itself.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from border import AIZADA, BEKZAT, CHINARA, confirm, endorse, held, new_uuid, undo
from crashing import check_invariants, rows
from engine_office import EngineOffice
from kinds import APPLICATIONS
from life import approved, endorsement, issue, issued
from office import APPROVER, NOW, PREPARER, MemoryOffice
from proof import found, size
from smuggler import ready_to_replace

from chalicelib.kernel.errors import AlreadyUsed, NotUsable, TamgaError, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from local.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]

ROUNDS = size(2, 100)
OFFICERS = [Actor(f"u-{n}", f"Officer {n}", frozenset({"customs"}), frozenset({"*"})) for n in range(8)]


@pytest.fixture
def office(engine: Engine) -> EngineOffice:
    made = EngineOffice(engine.endpoint, now=NOW)
    made.trust()
    return made


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start the jobs together. Return each result, or the TamgaError raised."""
    start = threading.Barrier(len(jobs))

    def one(job: Callable[[], Any]) -> Any:
        start.wait(600)
        try:
            return job()
        except TamgaError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def steps(office: EngineOffice, permit: Dossier) -> list[str]:
    """The actions in the permit's history, first to last."""
    return [entry["action"] for entry in store.history(office.register, permit.id, APPROVER)[0]]


class Counting:
    """A signer that counts its signatures."""

    def __init__(self, office: MemoryOffice, kid: bytes, signed: list[bytes]) -> None:
        self._signer, self._signed = MemoryOffice.signer(office, kid), signed
        self.kid, self.public_key = self._signer.kid, self._signer.public_key

    def sign_digest(self, digest: bytes) -> bytes:
        self._signed.append(digest)
        return self._signer.sign_digest(digest)


def test_permit_issued_64_times_in_parallel_has_one_number_and_signature(office: EngineOffice) -> None:
    rounds = size(2, 20)
    for n in range(1, rounds + 1):
        ready, signed = approved(office), []
        office.signer = lambda kid, signed=signed: Counting(office, kid, signed)  # type: ignore[method-assign, misc]
        told = at_once([lambda ready=ready: issue(office, ready)] * 64)  # type: ignore[misc]
        now = held(office, ready)
        assert now.state == "issued"
        assert len(signed) == len(now.tokens) == 1
        numbers = {each.number for each in told if isinstance(each, Dossier)}
        assert numbers == {now.number}
        assert {type(each) for each in told} <= {Dossier, Unavailable}
        assert steps(office, ready).count("signed") == 1
        check_invariants(office, serials=n)
    found("race of issuing", one_permit_issued_by=64, rounds=rounds)


def test_permits_issued_in_parallel_have_numbers_without_gap(office: EngineOffice) -> None:
    rounds, each_round = size(1, 8), size(12, 64)
    for n in range(rounds):
        ready = [approved(office) for _ in range(each_round)]
        done = at_once([lambda each=each: issue(office, each) for each in ready])  # type: ignore[misc]
        serials = sorted(int(dossier.number[4:10]) for dossier in done)
        assert serials == list(range(each_round * n + 1, each_round * (n + 1) + 1))
    check_invariants(office, serials=each_round * rounds)
    found("race of issuing", serials_without_a_gap=each_round * rounds)


END = {
    "revoke": lambda office, permit: change_status.revoke(permit.id, "forged papers", True, APPROVER, office),
    "suspend": lambda office, permit: change_status.suspend(permit.id, "inquiry", APPROVER, office),
    "lost": lambda office, permit: change_status.report_lost(permit.id, "stolen", "stolen", PREPARER, office),
}  # fmt: skip
AFTER = {"revoke": "revoked", "suspend": "suspended", "lost": "lost"}


@pytest.mark.parametrize("end", sorted(END))
def test_endorsement_parallel_to_end_of_permit_is_never_after_it(office: EngineOffice, end: str) -> None:
    """The endorsement comes before the end, or it is refused."""
    first = Counter[str]()
    for _ in range(ROUNDS):
        permit = issued(office)
        jobs: list[Callable[[], Any]] = [
            lambda who=who, permit=permit: endorse(office, endorsement(office, permit), who)  # type: ignore[misc]
            for who in OFFICERS
        ]
        *answers, ended = at_once([*jobs, lambda permit=permit: END[end](office, permit)])  # type: ignore[misc]
        now, history = held(office, permit), steps(office, permit)
        assert isinstance(ended, Dossier)
        assert now.state == AFTER[end]
        won = [answer for answer in answers if isinstance(answer, dict)]
        assert len(won) == len(now.uses) == history.count("endorse") <= 1
        assert {type(answer) for answer in answers} <= {dict, AlreadyUsed, NotUsable}
        if won:
            assert history.index("endorse") < history.index(end)
        else:
            assert all(isinstance(answer, NotUsable) for answer in answers)
        first["endorsement" if won else end] += 1
    found("race against the end", **{f"{end}_first": first[end], f"{end}_after": first["endorsement"]})


def test_endorsement_parallel_to_replacement_counts_once(office: EngineOffice) -> None:
    """The goods leave once, on the old number or on the new.

    An endorsed old permit has no unused replacement.
    """
    seen = Counter[str]()
    for _ in range(ROUNDS):
        old = issued(office)
        new = ready_to_replace(office, old)
        jobs: list[Callable[[], Any]] = [
            lambda who=who, old=old: endorse(office, endorsement(office, old), who)  # type: ignore[misc]
            for who in OFFICERS[:4]
        ]
        *answers, made = at_once([lambda new=new: issue(office, new), *jobs][::-1])  # type: ignore[misc]
        before, after = held(office, old), held(office, new)
        won = [answer for answer in answers if isinstance(answer, dict)]
        assert len(won) == len(before.uses) <= 1
        assert {type(answer) for answer in answers} <= {dict, AlreadyUsed, NotUsable}
        if isinstance(made, Dossier):
            assert (before.state, after.state) == ("replaced", "issued")
            assert [use.event_id for use in after.uses] == [use.event_id for use in before.uses]
            history = steps(office, old)
            assert not won or history.index("endorse") < history.index("replaced")
        else:
            assert isinstance(made, WrongState | Unavailable)
            assert (before.state, after.state, len(won)) == ("issued", "approved", 1)  # its number is void
        seen["replaced" if isinstance(made, Dossier) else "used meanwhile"] += 1
    found("race of replacing", replaced=seen["replaced"], used_meanwhile=seen["used meanwhile"])


def test_withdrawal_parallel_to_second_export_leaves_at_most_one_use(office: EngineOffice) -> None:
    """In each order at most one endorsement counts, and a refused one does not."""
    for _ in range(ROUNDS):
        permit = issued(office)
        left = endorsement(office, permit)
        endorse(office, left, AIZADA)
        undone, again = at_once(
            [
                lambda left=left: undo(office, left.event_id, BEKZAT),  # type: ignore[misc]
                lambda permit=permit: endorse(office, permit, CHINARA, post="osh-airport"),  # type: ignore[misc]
            ]
        )
        assert isinstance(undone, dict)
        assert isinstance(again, dict | AlreadyUsed)
        counting = [use for use in held(office, permit).uses if use.counts]
        assert len(counting) == (1 if isinstance(again, dict) else 0)


def test_withdrawal_parallel_to_arrival_never_comes_after_it(office: EngineOffice) -> None:
    """An export is never withdrawn after the goods have arrived (a document for many crossings returns home)."""
    for _ in range(ROUNDS):
        permit = issued(office, APPLICATIONS["OT"])
        left = endorsement(office, permit)
        endorse(office, left, AIZADA)
        undone, arrived = at_once(
            [
                lambda left=left: undo(office, left.event_id, BEKZAT),  # type: ignore[misc]
                lambda permit=permit: endorse(office, permit, CHINARA, direction="import"),  # type: ignore[misc]
            ]
        )
        assert isinstance(arrived, dict)
        history = steps(office, permit)
        if isinstance(undone, dict):
            assert history[-2:] == ["undo", "endorse"]
        else:
            assert isinstance(undone, NotUsable)
            assert history[-2:] == ["endorse", "endorse"]


def test_confirmation_parallel_to_online_use_accepts_one(office: EngineOffice) -> None:
    """The first one is accepted.

    A later online use is refused. A later stamp happened already, so it is kept as a conflict.
    """
    first = Counter[str]()
    for _ in range(ROUNDS):
        permit = issued(office)
        office.later(2 * 3600)  # a hundred rounds end before the trust list expires
        paper = endorsement(office, permit, recorded="paper", post="osh-airport", endorsed_at=office.now - 3600)
        assert endorse(office, paper, AIZADA)["result"] == "pending"
        confirmed, online = at_once(
            [
                lambda paper=paper: confirm(office, paper.event_id, BEKZAT),  # type: ignore[misc]
                lambda permit=permit: endorse(office, permit, CHINARA),  # type: ignore[misc]
            ]
        )
        results = sorted(use.result for use in held(office, permit).uses)
        if isinstance(online, dict):
            assert results == ["accepted", "conflict"]
            assert confirmed["result"] == "conflict"
        else:
            assert isinstance(online, AlreadyUsed)
            assert results == ["accepted"]
            assert confirmed["result"] == "accepted"
        first["online" if isinstance(online, dict) else "paper"] += 1
    found("race of confirming", online_first=first["online"], paper_first=first["paper"])


def test_request_sent_64_times_in_parallel_is_one_endorsement(office: EngineOffice) -> None:
    """I4: an impatient device, where every request gets the same receipt."""
    for _ in range(size(2, 20)):
        permit = issued(office)
        asked = endorsement(office, permit, event_id=new_uuid())
        told = at_once([lambda asked=asked: endorse(office, asked, AIZADA)] * 64)  # type: ignore[misc]
        assert len(told) == 64
        assert all(answer == told[0] for answer in told)
        assert isinstance(told[0], dict)
        assert [use.event_id for use in held(office, permit).uses] == [asked.event_id]
    assert sum("receipt" in data for key, data in rows(office.register).items() if key.partition[:6] == "EVENT#") == (
        size(2, 20)
    )
