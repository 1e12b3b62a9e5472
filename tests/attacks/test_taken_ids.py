"""Ids made by the register, of an event or a list entry: a client cannot occupy one in advance.

Attack: one scan under such an id. Then a restored register could not be opened, a second use not be confirmed, a paper
not be corrected.
"""

from __future__ import annotations

import border
import pytest
from foreign_play import Presented, read_off
from life import issued
from office import ADMIN, AIZADA, APPROVER, BEKZAT, DAY, NOW, MemoryOffice
from process import but
from restoring import MemoryRestorable
from smuggler import COLLEAGUE, CORRUPT, endorse, staffed

from chalicelib.alerts.services import alerts
from chalicelib.endorsement.services import scan
from chalicelib.endorsement.services.scan import Scan
from chalicelib.foreign_permits.services import changes
from chalicelib.foreign_permits.services.changes import Correction
from chalicelib.kernel.errors import AlreadyUsed, Invalid, NotUsable
from chalicelib.permits.services import change_status
from chalicelib.restore.services import replay

MANAS, OSH = "manas-airport", "osh-airport"


def told(office: MemoryOffice) -> list[str]:
    """Ids of the sources of alerts, without those that a client sent."""
    rows, _ = office.register.search("shelf", alerts.SHELF, limit=100)
    return [row.data["id"].partition("-")[2] for row in rows]


def take(office: MemoryOffice, event_id: str) -> None:
    """Scan a text that is no code under this id, as a corrupt officer."""
    asked = Scan(event_id, "https://practice.tamga.kg/1#00000", MANAS, office.now, "export", True)
    scan.scan(asked, CORRUPT, office)


def out_of_reach(office: MemoryOffice, event_id: str) -> None:
    with pytest.raises(Invalid):
        take(office, event_id)


def test_client_cannot_take_id_of_use_recovered_from_status_list() -> None:
    office = MemoryRestorable(now=NOW)
    permit = issued(office)
    office.minute()
    rows = office.backup()
    border.endorse(office, permit, BEKZAT)
    office.minute()
    office.restore(rows)
    office.later(60)
    replay.numbers(ADMIN, office.restorer)
    replay.status(ADMIN, office.restorer)
    (use,) = border.held(office, permit).uses
    assert use.recorded == "list"
    out_of_reach(office, use.event_id)


def test_client_cannot_take_id_of_alert_about_confirmed_stamp() -> None:
    office = staffed()
    permit = issued(office)
    office.later(3 * DAY)
    stamped = endorse(office, permit, CORRUPT, recorded="paper", endorsed_at=office.now - 2 * DAY)
    endorse(office, permit, BEKZAT, post=OSH, transport_document="AWB 2")
    beside = told(office)  # the alert of an endorsement beside a waiting stamp
    border.confirm(office, stamped["event_id"], COLLEAGUE)
    (alert,) = set(told(office)) - set(beside)
    out_of_reach(office, alert)


def test_client_cannot_take_id_of_alert_about_refused_endorsement() -> None:
    office = staffed()
    permit = issued(office)
    change_status.suspend(permit.id, "doubt", APPROVER, office)
    with pytest.raises(NotUsable):
        endorse(office, permit)
    (alert,) = told(office)
    out_of_reach(office, alert)


@pytest.mark.parametrize("how", ["corrected", "refused"])
def test_client_cannot_take_id_of_alert_about_foreign_paper(how: str) -> None:
    office = staffed()
    checker = border.with_kazakhstan(office)
    presented = Presented(office.register, office, checker)
    presented.by_code()
    if how == "refused":
        with pytest.raises(AlreadyUsed):
            presented.as_paper(OSH)
    else:
        paper = presented.as_paper(used=False, number="26KZ999999/E")
        for alert in told(office):
            assert alert == paper.id
        asked = Correction(
            paper.version, "a digit", "import", "KZ", presented.number, read_off("2"), None, True, paper.note
        )
        changes.correct(paper.id, asked, AIZADA, but(office, checker=lambda: checker))  # fmt: skip
    (alert,) = told(office)
    out_of_reach(office, alert)
