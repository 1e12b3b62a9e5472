"""Scans: stored data, no alerts, and the resolution of their verdict codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import (
    AT_OSH,
    endorse,
    held,
    look,
    move,
    new_uuid,
    scan,
    undo,
)
from crashing import rows
from office import AIZADA, BEKZAT, MemoryOffice

from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.endorsement.services.scan import Clearing, ResolvedCode, Scan
from chalicelib.kernel.enums import ClearingResult
from chalicelib.kernel.errors import EventIdReused, Forbidden, Invalid, NoMatch, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier

MANAS, OSH = "manas-airport", "osh-airport"


# scans and the resolution of their codes


def make_scan(
    office: MemoryOffice, dossier: Dossier, post: str = MANAS, direction: str = "export", **more: Any
) -> Scan:
    return Scan(new_uuid(), dossier.tokens[0], post, office.now, direction, True, **more)


def test_scan_raises_no_use_or_alert_and_repeat_within_30_minutes_gives_u0(
    office: MemoryOffice, permit: Dossier
) -> None:
    before = held(office, permit)
    asked = make_scan(office, permit)
    assert scan(office, asked).codes == ()
    assert scan(office, asked).codes == ()  # the same event is no second scan
    assert scan(office, make_scan(office, permit), AIZADA).codes == ()  # the first scan was another officer's
    assert scan(office, make_scan(office, permit)).codes == ("U0",)
    office.later(30 * 60 + 1)
    assert scan(office, make_scan(office, permit)).codes == ()
    assert held(office, permit) == before
    assert not [each for each in rows(office.register) if "ALERT" in each.partition]
    with pytest.raises(EventIdReused):
        scan(office, replace(asked, post=OSH))
    with pytest.raises(Forbidden):
        scan(office, make_scan(office, permit), AT_OSH)
    with pytest.raises(Invalid):
        scan(office, replace(asked, direction="up"))


def test_u0_is_reported_beside_u1(office: MemoryOffice, permit: Dossier) -> None:
    endorse(office, permit)
    scan(office, make_scan(office, permit, OSH))
    found = scan(office, make_scan(office, permit, OSH))
    assert (found.outcome, set(found.codes)) == ("hold", {"U0", "U1"})


def test_scan_of_forged_code_stores_no_data(office: MemoryOffice, permit: Dossier) -> None:
    digits = permit.tokens[0]
    text = digits[:-3] + ("1" if digits[-3] == "0" else "0") + digits[-2:]
    asked = replace(make_scan(office, permit), qr=text)
    assert scan(office, asked).outcome in {"hold", "cannot_tell"}
    assert "scan" not in rows(office.register)[Key("EVENT#" + asked.event_id)]
    with pytest.raises(WrongState):
        resolve(office, asked.event_id, "F1")


def resolve(
    office: MemoryOffice, event_id: str, code: str, result: str = "cleared", actor: Actor = BEKZAT
) -> ResolvedCode:
    return endorsement_scan.resolve_scan(
        event_id, Clearing(code, ClearingResult(result), "the same birds"), actor, office
    )


def test_cleared_code_is_cleared_for_its_events_only(office: MemoryOffice, permit: Dossier) -> None:
    won = endorse(office, permit)["event_id"]
    asked = make_scan(office, permit, OSH)
    assert scan(office, asked).outcome == "hold"
    assert resolve(office, asked.event_id, "U1").events == (won,)
    after = look(office, permit, "export", OSH)
    assert (after.outcome, after.codes, after.check_results[0].cleared) == ("check", ("U1",), True)
    undo(office, won)
    again = endorse(office, permit, post=OSH)["event_id"]  # another event with the same code
    assert again != won
    assert look(office, permit, "export", MANAS).outcome == "hold"


def test_code_without_use_or_by_other_post_cannot_be_cleared(office: MemoryOffice, permit: Dossier) -> None:
    asked = make_scan(office, permit)
    scan(office, asked)
    with pytest.raises(Invalid, match="does not have this code"):
        resolve(office, asked.event_id, "U1")
    move(office, permit, "suspended")
    with pytest.raises(Invalid, match="not based on a recorded use"):
        resolve(office, asked.event_id, "S3")
    with pytest.raises(Forbidden):
        resolve(office, asked.event_id, "S3", actor=AT_OSH)
    with pytest.raises(NoMatch):
        resolve(office, new_uuid(), "S3")
    resolve(office, asked.event_id, "S3", "confirmed")
    assert look(office, permit).outcome == "hold"


def test_code_of_endorsement_is_cleared(office: MemoryOffice, permit: Dossier) -> None:
    event = endorse(office, permit)["event_id"]
    undo(office, event)
    answer = endorsement_scan.resolve_endorsement(
        event, Clearing("U7", ClearingResult.CLEARED, "entry error"), BEKZAT, office
    )
    assert answer.events == (event,)
    assert look(office, permit, "export", MANAS).check_results[0].cleared
