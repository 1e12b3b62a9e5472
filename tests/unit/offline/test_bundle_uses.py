"""Uses in the offline bundle of scanners, also after an undo or a confirmation."""

from __future__ import annotations

from typing import Any

from border import AIZADA, CHINARA, confirm, endorse, undo
from life import endorsement, issued
from office import DAY, MemoryOffice


def told(office: MemoryOffice) -> list[dict[str, Any]]:
    office.forget_bundle()  # the bundle is cached for a minute
    return [use for _, _, use in office.bundle()[0]["uses"]]


def test_bundle_lists_withdrawn_use_as_withdrawn(office: MemoryOffice) -> None:
    """Otherwise a device without a network holds the goods when they leave from another post with the next flight."""
    receipt = endorse(office, issued(office), AIZADA)
    assert ["withdrawn" in use for use in told(office)] == [False]
    office.later(DAY - 1)  # the list of another day
    undo(office, receipt["event_id"], CHINARA)
    (use,) = told(office)
    assert (use["event_id"], use["withdrawn"]["at"]) == (receipt["event_id"], office.now)


def test_bundle_lists_confirmed_paper_stamp_as_accepted(office: MemoryOffice) -> None:
    permit = issued(office)
    office.later(DAY)
    paper = endorsement(office, permit, recorded="paper", endorsed_at=office.now - 3600)
    endorse(office, paper, AIZADA)
    assert [use["result"] for use in told(office)] == ["pending"]
    office.later(DAY)
    confirm(office, paper.event_id, CHINARA)
    assert [use.get("result", "accepted") for use in told(office)] == ["accepted"]
