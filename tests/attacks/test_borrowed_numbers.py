"""Another Party signs permits whose number names a third country: each is used once, and takes none of that country's.

What a code's number says and who signed it were asked for in two places: its uses were written and never found again.
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
    """Signed by Kazakhstan, numbered as Uzbekistan's, and used once by its code."""
    made = Presented(office.register, office, border.with_kazakhstan(office))
    made.number = BORROWED
    line = border.replace(border.token_maker.FALCON, quantity=made.quantity)
    made.code = border.from_kazakhstan(office, number=BORROWED, kind="E", lines=(line,))[1]
    return made


def test_its_code_is_used_once(office: MemoryOffice, presented: Presented) -> None:
    presented.by_code()
    office.later(5 * DAY)
    assert presented.look(OSH).outcome == "hold"
    with pytest.raises(AlreadyUsed):
        presented.by_code(OSH, actor=BEKZAT)


def test_what_was_taken_back_may_be_used_again(office: MemoryOffice, presented: Presented) -> None:
    used = presented.by_code()
    withdraw.undo(
        used["event_id"],
        new_uuid(),
        "still here",
        APPROVER,
        but(office, checker=lambda: presented.checker),
        undo_paper=office.undo_paper,
    )
    assert "U7" in presented.look(OSH).codes
    assert presented.by_code(OSH, actor=BEKZAT)["use"] == "imported"


def test_it_does_not_come_back_as_paper(presented: Presented) -> None:
    presented.by_code()
    with pytest.raises(AlreadyUsed):
        presented.as_paper(OSH)


def test_its_paper_does_not_come_back_by_its_code(presented: Presented) -> None:
    presented.as_paper()
    with pytest.raises(AlreadyUsed):
        presented.by_code(OSH)


def test_the_country_that_the_number_names_keeps_it(office: MemoryOffice, presented: Presented) -> None:
    presented.by_code()
    known = foreign_numbers.number_of("UZ", BORROWED, office.register)
    assert known.uses == ()
