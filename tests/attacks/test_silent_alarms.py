"""Alerts that must not be missed or ended by a suspect.

* a second use known only after confirmation
* one paper in two places at once
* watch-list entries that the code does not contain
* an alert acknowledged by the officer whom it concerns
"""

from __future__ import annotations

from dataclasses import replace

import border
import pytest
from border import confirm, from_kazakhstan, new_uuid, with_kazakhstan
from kinds import APPLICATIONS
from life import APPLICATION, SAKER, endorsement, issued
from office import AIZADA, BEKZAT, DAY, MemoryOffice
from smuggler import COLLEAGUE, CORRUPT, Phone, endorse, look, replaced, staffed, used

from chalicelib.alerts.model.watch import NewEntry
from chalicelib.alerts.services import alerts, watch_list
from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.errors import AlreadyUsed, NotUsable
from chalicelib.kernel.roles import Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import MarksDigest
from chalicelib.uses.use import UsedLine
from chalicelib.verdict.token_checks import read_own

MANAS, OSH = "manas-airport", "osh-airport"
POLICE = Actor("u-police", "Police", frozenset({"enforcement"}))
LONG_NAME = (
    "Falcon Breeding and Trading Company of the Issyk-Kul Region of the Kyrgyz Republic, represented by its director"
    " general who lives in Karakol by the lake and signs all of its papers: Testov Ivan"
)


@pytest.fixture
def office() -> MemoryOffice:
    return staffed()


def told(office: MemoryOffice) -> list[tuple[str, list[str], str]]:
    """Alerts in the list, without those of a waiting stamp beside another use (U9)."""
    rows, _ = office.register.search("shelf", alerts.SHELF, limit=100)
    found = [(row.data["kind"], row.data.get("codes", []), row.data["post"]) for row in rows]
    return [each for each in found if each[0] != "stamp"]


def scan(office: MemoryOffice, dossier: Dossier) -> None:
    asked = Scan(new_uuid(), dossier.tokens[0], MANAS, office.now, "export", True)
    endorsement_scan.scan(asked, COLLEAGUE, office)


# a second use


def test_stamp_confirmed_as_second_use_alerts_duty_desks(office: MemoryOffice) -> None:
    permit = issued(office)
    office.later(3 * DAY)
    stamped = endorse(office, permit, recorded="paper", endorsed_at=office.now - 2 * DAY)
    endorse(office, permit, BEKZAT, post=OSH, transport_document="AWB 2")
    assert told(office) == []
    assert confirm(office, stamped["event_id"], COLLEAGUE)["result"] == "conflict"
    assert told(office) == [("hold", ["U4"], MANAS)]


def test_stamp_confirmed_as_known_use_alerts_nobody(office: MemoryOffice) -> None:
    permit = issued(office)
    stamped = endorse(office, permit, recorded="paper")
    endorse(office, permit, BEKZAT)
    assert confirm(office, stamped["event_id"], COLLEAGUE)["result"] == "duplicate"
    assert told(office) == []


def test_stamp_on_foreign_permit_confirmed_as_second_use_alerts(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    theirs, code = from_kazakhstan(office)
    asked = endorsement(office, issued(office), qr=code, direction="import", lines=(UsedLine("A", "1"),))
    border.endorse(office, replace(asked, recorded="paper"), checker=checker)
    border.endorse(office, asked, BEKZAT, checker=checker, event_id=new_uuid(), post=OSH, transport_document="AWB 2")
    confirm(office, asked.event_id, COLLEAGUE)
    (only,) = [row for row in office.register.search("shelf", alerts.SHELF)[0] if row.data["kind"] != "stamp"]
    assert only.data["permit"] == {"issuer": "KZ", "number": theirs.number}
    assert [each["scientific_name"] for each in only.data["goods"]] == [theirs.lines[0].taxon]


def test_stamp_on_permit_whose_replacement_was_used_alerts(office: MemoryOffice) -> None:
    old = issued(office)
    stamped = endorse(office, old, recorded="paper")
    new = replaced(office, old)
    office.later(3 * DAY)
    endorse(office, new, BEKZAT, transport_document="AWB 2")
    assert told(office) == []
    confirm(office, stamped["event_id"], COLLEAGUE)
    assert told(office) == [("hold", ["U4"], MANAS)]


@pytest.mark.parametrize(("how", "code"), [("suspended", "S3"), ("lost", "S6"), ("for cause", "S7")])
@pytest.mark.parametrize("recorded", ["live", "paper"])
def test_endorsement_of_permit_to_be_held_alerts_duty_desks(
    office: MemoryOffice, recorded: str, how: str, code: str
) -> None:
    permit = issued(office)
    border.move(office, permit, how)
    for hours in (0, 0, 2):
        office.later(hours * 3600)
        if recorded == "live":
            with pytest.raises(NotUsable):
                endorse(office, permit)
        else:
            endorse(office, permit, recorded=recorded)
    assert told(office) == [("hold", [code], MANAS)] * 2


def test_expired_permit_alerts_nobody(office: MemoryOffice) -> None:
    permit = issued(office, replace(APPLICATION, valid_until="2026-11-27"))
    office.later(4 * DAY)
    with pytest.raises(NotUsable):
        endorse(office, permit)
    assert told(office) == []


def test_many_crossings_document_in_two_places_at_once_alerts(office: MemoryOffice) -> None:
    permit = issued(office, APPLICATIONS["OT"])
    endorse(office, permit, CORRUPT)
    endorse(office, permit, BEKZAT, post=OSH)
    assert told(office) == [("hold", ["U3"], OSH)]


def test_second_place_by_upload_or_confirmation_alerts_too(office: MemoryOffice) -> None:
    permit = issued(office, APPLICATIONS["OT"])
    event = used(office, permit)
    stamped = endorse(office, permit, BEKZAT, post="torugart", recorded="paper")
    endorse(office, permit, BEKZAT, post=OSH)
    Phone(office, CORRUPT, MANAS).send(event)
    confirm(office, stamped["event_id"], AIZADA)
    assert sorted(told(office)) == [("hold", ["U3"], MANAS), ("hold", ["U3"], "torugart")]


def test_many_crossings_document_from_post_to_post_alerts_nobody(office: MemoryOffice) -> None:
    permit = issued(office, APPLICATIONS["OT"])
    endorse(office, permit, CORRUPT)
    office.later(DAY)
    endorse(office, permit, BEKZAT, post=OSH, direction="import")
    assert told(office) == []


# the watch-list


def watch(office: MemoryOffice, kind: str, value: str) -> None:
    watch_list.add(NewEntry(kind, value, "stolen", office.now + 30 * DAY), POLICE, office)


HIDDEN = {
    "a ring on an annex page": ("mark", "KG-1005"),
    "a name that the code shortens": ("name", "Testov Ivan"),
    "the same in the country's own letters": ("name", "Башкача Аталыш"),
}


@pytest.mark.parametrize(("kind", "value"), HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("how", ["scanned", "endorsed", "brought in"])
def test_watch_list_finds_values_that_the_scanned_code_lacks(
    office: MemoryOffice, how: str, kind: str, value: str
) -> None:
    """The code of page 1 lacks them; the register's record has them."""
    watch(office, kind, value)
    lines = tuple(replace(SAKER, marks=f"ring KG-{1000 + n}, {'closed ring on the left leg ' * 7}") for n in range(6))
    exporter = replace(APPLICATION.exporter, name=LONG_NAME, name_local="Башкача Аталыш")
    permit = issued(office, replace(APPLICATION, lines=lines, exporter=exporter))
    first = read_own(permit.tokens[0])
    assert first.exporter.name.endswith("…")
    assert "1005" not in str(first)
    if how == "scanned":
        scan(office, permit)
    elif how == "endorsed":
        endorse(office, permit)
    else:
        Phone(office, CORRUPT, MANAS).send(used(office, permit))
    assert [kind for kind, _, _ in told(office)] == ["watch"]


def test_watch_list_finds_marks_that_the_code_has_as_digest(office: MemoryOffice) -> None:
    watch(office, "mark", "KG-7777")
    marks = "ring KG-7777, " + "closed, of aluminium, on the left leg, " * 10
    permit = issued(office, replace(APPLICATION, lines=(replace(SAKER, marks=marks),)))
    assert isinstance(read_own(permit.tokens[0]).lines[0].marks, MarksDigest)
    scan(office, permit)
    assert told(office) == [("watch", [], MANAS)]


# acknowledging an alert


@pytest.mark.parametrize("how", ["scanned", "refused", "brought in", "stamped"])
def test_officer_of_first_use_cannot_acknowledge_alert_about_second(office: MemoryOffice, how: str) -> None:
    permit = issued(office)
    event = used(office, permit, transport_document="AWB 2")
    stamped = endorse(office, permit, COLLEAGUE, recorded="paper", transport_document="AWB 3")
    endorse(office, permit, CORRUPT)
    office.later(4 * DAY)
    if how == "scanned":
        scan(office, permit)
    elif how == "refused":
        with pytest.raises(AlreadyUsed):
            endorse(office, permit, COLLEAGUE)
    elif how == "brought in":
        Phone(office, COLLEAGUE, MANAS).send({**event, "event_id": new_uuid()})
    else:
        confirm(office, stamped["event_id"], AIZADA)
    (alert_id,) = [
        row.data["id"] for row in office.register.search("shelf", alerts.SHELF)[0] if row.data["kind"] == "hold"
    ]
    for _ in range(3):  # the police are the last desk in the chain
        office.later(3600)
        alerts.escalate(office)
    for who, state in ((CORRUPT, "open"), (COLLEAGUE, "open"), (POLICE, "acknowledged")):
        said = alerts.acknowledge(alert_id, "A mistake.", who, office)
        assert said.open == (state == "open")
    assert look(office, permit).outcome == "hold"
