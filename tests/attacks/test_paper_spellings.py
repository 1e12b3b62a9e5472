"""Spellings of old paper numbers that read as other numbers: no mix-up with another paper, no second use."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from life import SAKER
from office import AIZADA, APPLICANT, MemoryOffice
from papers import PAPER, examined, imported, opened, paper

from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import AlreadyUsed, Invalid, NoMatch, TooMany
from chalicelib.kernel.numbers import normalise_number
from chalicelib.kernel.roles import Actor
from chalicelib.permits.services import store
from chalicelib.uses.use import UsedLine
from chalicelib.verification.services import verify as verification_verify

ENFORCEMENT = Actor("u-enf", "Enforcement", frozenset({"enforcement"}))


@pytest.fixture
def office() -> MemoryOffice:
    return opened(MemoryOffice())


def endorse(office: MemoryOffice, number: str) -> dict[str, Any]:
    asked = Endorsement(
        str(uuid.uuid4()), "manas-airport", "export", office.now, (UsedLine("A", "2"),), number=number,
        transport_document=f"AWB {number}",
    )  # fmt: skip
    return endorsement_endorse.endorse(asked, AIZADA, office)[0]


def verify(office: MemoryOffice, number: str, actor: Actor | None = None) -> Any:
    return verification_verify.verify_number(number, None, office, actor=actor, valid_until="2027-04-30")  # fmt: skip


@pytest.mark.parametrize(
    "spelled",
    ["KG 0117 2026", "KG-0117 2026", "KG-0117/26", "KG-Ө117/2026", "KG-0l17/2026", "КГ-0117/2026", "kg 117 26"],
)
def test_used_paper_permit_under_other_spelling_is_not_imported(office: MemoryOffice, spelled: str) -> None:
    imported(office)
    assert endorse(office, PAPER.number)["use"] == "exported"
    again = examined(office, [paper(spelled)])
    assert (again.good, again.known) == ((), (0,))
    with pytest.raises(AlreadyUsed):
        endorse(office, spelled)


def test_paper_permit_is_never_shown_or_used_for_another(office: MemoryOffice) -> None:
    other = (replace(SAKER, marks="rings KG-9999"),)
    found = examined(office, [paper("117/2026"), paper("N-117/2026", lines=other)])
    assert (found.good, found.refused[1][0].code) == ((0,), "twice")
    for number in ("N-118/2026", "NO-119/2026", "N0-120/2026", "NN-121/2026"):
        imported(office, paper(number))
        assert verify(office, number).permit.number == normalise_number(number)
        assert endorse(office, number)["number"] == normalise_number(number)


def test_paper_with_spaced_serial_is_no_permit_of_tamgas_form(office: MemoryOffice) -> None:
    spaced = imported(office, paper("26KG 123 456 E"))
    assert store.find_typed_number(office.register, "KG", "26KG 123 456 E") == spaced
    assert verify(office, "26KG 123 456 E").permit.number == "26KG-123-456-E"
    assert store.find_typed_number(office.register, "KG", "26KG 12 3456 E") is None
    for number in ("26KG123456/E", "26KG 12 3456 E"):
        with pytest.raises(Invalid):
            verify(office, number)


def test_days_tried_in_any_grouping_of_serial_count_together(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification_verify, "TRIES_AT_MOST", 3)
    opened(office)
    for number in ("26KG123456/E", "26KG 123 456 E", "26KG 12 34 56 E"):
        with pytest.raises(Invalid):
            verify(office, number)
    with pytest.raises(TooMany):
        verify(office, "26KG 1 23456 E")


def test_paper_number_like_tamgas_after_leading_zeros_is_refused(office: MemoryOffice) -> None:
    assert {error.code for error in examined(office, [paper("026KG000119/E")]).refused[0]} == {"tamga"}


def test_paper_permit_is_found_by_its_normalised_number(office: MemoryOffice) -> None:
    dossier = imported(office)
    assert store.find_number(office.register, "KG", "KG117-2026") == dossier


def test_lookups_by_public_do_not_lock_out_officials(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification_verify, "TRIES_AT_MOST", 3)
    imported(office)
    for actor in (None, APPLICANT, None):  # a signed-in applicant counts as the public
        assert verify(office, PAPER.number, actor).outcome == "check"
    for actor in (None, APPLICANT):
        with pytest.raises(TooMany):
            verify(office, PAPER.number, actor)
    for n in range(verification_verify.PAPERS_AT_MOST):
        with pytest.raises(NoMatch):
            verify(office, f"X-{n}", AIZADA)
    with pytest.raises(TooMany):
        verify(office, PAPER.number, AIZADA)
    assert verify(office, PAPER.number, ENFORCEMENT).outcome == "check"
