"""Permits of one Party whose number names a third country: each is used once, and that country's number stays free.

The country of the number and the country of the signer were looked up in two places. Uses were written under one key
and searched under the other.
"""

from __future__ import annotations

import border
import pytest
from border import new_uuid
from foreign_play import Presented
from office import APPROVER, BEKZAT, DAY, MemoryOffice
from process import but
from smuggler import staffed

from chalicelib.endorsement.services import withdraw
from chalicelib.kernel.errors import AlreadyUsed
from chalicelib.verification.services import foreign_numbers

OSH = "osh-airport"
BORROWED = "26UZ000045/E"


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


@pytest.fixture
def presented(office: MemoryOffice) -> Presented:
    """A permit signed by Kazakhstan with a number of Uzbekistan, used once by its code."""
    made = Presented(office.register, office, border.with_kazakhstan(office))
    made.number = BORROWED
    line = border.replace(border.token_maker.FALCON, quantity=made.quantity)
    made.code = border.from_kazakhstan(office, number=BORROWED, kind="E", lines=(line,))[1]
    return made


def test_code_with_number_of_third_country_is_used_once(office: MemoryOffice, presented: Presented) -> None:
    presented.by_code()
    office.later(5 * DAY)
    assert presented.look(OSH).outcome == "hold"
    with pytest.raises(AlreadyUsed):
        presented.by_code(OSH, actor=BEKZAT)


def test_withdrawn_use_allows_a_second_use(office: MemoryOffice, presented: Presented) -> None:
    used = presented.by_code()
    withdraw.undo(
        withdraw.Undo(used["event_id"], new_uuid(), "still here"),
        APPROVER,
        but(office, checker=lambda: presented.checker),
    )
    assert "U7" in presented.look(OSH).codes
    assert presented.by_code(OSH, actor=BEKZAT)["use"] == "imported"


def test_permit_used_by_code_is_refused_as_paper(presented: Presented) -> None:
    presented.by_code()
    with pytest.raises(AlreadyUsed):
        presented.as_paper(OSH)


def test_permit_used_as_paper_is_refused_by_code(presented: Presented) -> None:
    presented.as_paper()
    with pytest.raises(AlreadyUsed):
        presented.by_code(OSH)


def test_number_of_third_country_stays_unused(office: MemoryOffice, presented: Presented) -> None:
    presented.by_code()
    known = foreign_numbers.number_of("UZ", BORROWED, office.register)
    assert known.uses == ()
