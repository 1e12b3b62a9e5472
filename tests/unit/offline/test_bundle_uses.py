"""What the offline bundle tells phones of uses elsewhere, also after one was undone or confirmed."""

from __future__ import annotations

from typing import Any

from border import AIZADA, CHINARA, confirm, endorse, undo
from life import endorsement, issued
from office import DAY, MemoryOffice


def told(office: MemoryOffice) -> list[dict[str, Any]]:
    office.forget_bundle()  # the office keeps one for a minute
    return [use for _, _, use in office.bundle()[0]["uses"]]


def test_an_undone_endorsement_is_told_as_undone(office: MemoryOffice) -> None:
    """Else a phone without a network holds the goods when they leave with the next flight from elsewhere."""
    receipt = endorse(office, issued(office), AIZADA)
    assert ["withdrawn" in use for use in told(office)] == [False]
    office.later(DAY - 1)  # another day's list
    undo(office, receipt["event_id"], CHINARA)
    (use,) = told(office)
    assert (use["event_id"], use["withdrawn"]["at"]) == (receipt["event_id"], office.now)


def test_a_confirmed_paper_is_told_as_what_it_counts_for(office: MemoryOffice) -> None:
    permit = issued(office)
    office.later(DAY)
    paper = endorsement(office, permit, recorded="paper", endorsed_at=office.now - 3600)
    endorse(office, paper, AIZADA)
    assert [use["result"] for use in told(office)] == ["pending"]
    office.later(DAY)
    confirm(office, paper.event_id, CHINARA)
    assert [use.get("result", "accepted") for use in told(office)] == ["accepted"]
