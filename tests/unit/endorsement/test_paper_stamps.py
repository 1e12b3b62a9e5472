"""Hand-stamped endorsements that wait for a second officer: verdicts, alerts, quota and escalation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import quota_play
from border import (
    AT_OSH,
    CHINARA,
    Phone,
    confirm,
    endorse,
    event,
    held,
    look,
    move,
    results,
    status_of,
    undo,
    with_kazakhstan,
)
from foreign_play import Presented
from life import endorsement, issue, issued
from office import AIZADA, BEKZAT, DAY, PREPARER, MemoryOffice
from process import but
from unit.permits.test_replacements import replacement
from unit.quotas.test_quotas import replaced

from chalicelib.alerts.model.alert import Alert
from chalicelib.alerts.services import alerts
from chalicelib.endorsement.services import paper_stamps
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.foreign_permits.services import changes as foreign_permits_changes
from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import EndorsementRequest
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status
from chalicelib.quotas.services import recount
from chalicelib.verification.model.foreign_permit import ForeignPermit

HOUR = 3600
MANAS, OSH = "manas-airport", "osh-airport"


def stamped(office: MemoryOffice, permit: Dossier, ago: int = HOUR, **changes: Any) -> Endorsement:
    """A hand-stamped endorsement at Osh, `ago` seconds before now, entered now."""
    asked = endorsement(office, permit, recorded="paper", post=OSH, endorsed_at=office.now - ago, **changes)
    assert endorse(office, asked, AT_OSH)["result"] == "pending"
    return asked


def raised(office: MemoryOffice) -> list[Alert]:
    rows, _ = office.register.search("shelf", alerts.SHELF, limit=100)
    return [alerts.load(row.data["id"], office.register) for row in rows]


def told(office: MemoryOffice) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(alert.kind, alert.outcome, alert.codes) for alert in raised(office)]


def waiting_paper(office: MemoryOffice, shown: Presented, **changes: Any) -> ForeignPermit:
    """Another Party's paper, stamped by hand an hour ago, entered now by Aizada."""
    paper = shown.as_paper(used=False, actor=AIZADA, **changes)
    using = EndorsementRequest((("A", shown.quantity),), "CMR 1", True, office.now - HOUR)
    return record.endorse(paper.id, using, AIZADA, but(office, checker=lambda: shown.checker))


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    made = issued(office)
    office.later(2 * HOUR)
    return made


# verdicts


def test_verdict_is_check_while_stamp_waits(office: MemoryOffice, permit: Dossier) -> None:
    first = stamped(office, permit)
    for direction, codes in (("export", ("U9",)), ("none", ("U9",)), ("return", ("P4",))):
        assert (look(office, permit, direction, MANAS).outcome, look(office, permit, direction, MANAS).codes) == (
            "check", codes,
        )  # fmt: skip
    assert look(office, permit, "import", country="AE").codes == ("U6", "U9")
    assert (status_of(office, permit), look(office, permit).check_results[0].events) == (0, (first.event_id,))
    undo(office, first.event_id, CHINARA)
    assert look(office, permit).codes == ("U7",)
    second = stamped(office, permit, transport_document="AWB 2")
    confirm(office, second.event_id, CHINARA)
    assert look(office, permit).codes == ("U5", "U7")


def test_verdict_of_replacement_includes_waiting_stamp_of_replaced_permit(
    office: MemoryOffice, permit: Dossier
) -> None:
    before = stamped(office, permit)
    new = issue(office, replacement(office, permit))
    assert look(office, permit, "export", MANAS).codes == ("S4", "U9")
    assert look(office, new, "export", MANAS).codes == ("U9",)
    confirm(office, before.event_id, CHINARA)
    assert look(office, new, "export", MANAS).outcome == "hold"


# duty desks


def test_online_use_beside_waiting_stamp_is_accepted_and_raises_alert(office: MemoryOffice, permit: Dossier) -> None:
    stamped(office, permit, transport_document="AWB 1")
    assert endorse(office, permit, post=MANAS, transport_document="AWB 2")["use"] == "exported"
    assert told(office) == [("stamp", "check", ("U9",))]
    (alert,) = raised(office)
    assert set(alert.raised_by) == {AIZADA.id, AT_OSH.id}


def test_online_use_equal_to_waiting_stamp_raises_no_alert(office: MemoryOffice, permit: Dossier) -> None:
    stamp = stamped(office, permit)
    endorse(office, permit, CHINARA, post=OSH, transport_document=stamp.transport_document, lines=stamp.lines)
    assert told(office) == []
    assert look(office, permit, "export", OSH).codes == ("U5",)


def test_synced_use_beside_waiting_stamp_raises_alert(office: MemoryOffice, permit: Dossier) -> None:
    stamped(office, permit)
    asked = endorsement(office, permit, post=MANAS, transport_document="AWB 2")
    assert results(Phone(office).sync(event(asked))) == ["stored"]
    assert told(office) == [("stamp", "check", ("U9",))]


def test_confirmed_stamp_beside_waiting_stamp_raises_alert(office: MemoryOffice, permit: Dossier) -> None:
    first = stamped(office, permit)
    stamped(office, permit, transport_document="AWB 2")
    assert told(office) == []
    confirm(office, first.event_id, CHINARA)
    assert told(office) == [("stamp", "check", ("U9",))]


def test_conflict_beside_waiting_stamp_raises_one_hold_alert(office: MemoryOffice, permit: Dossier) -> None:
    stamped(office, permit)
    endorse(office, permit, post=MANAS, transport_document="AWB 2")
    office.later(DAY)
    other = endorsement(office, permit, post=MANAS, transport_document="AWB 3", endorsed_at=office.now - HOUR)
    assert results(Phone(office).sync(event(other))) == ["conflict"]
    assert sorted(told(office)) == [("hold", "hold", ("U4", "U9")), ("stamp", "check", ("U9",))]


# effects that a waiting stamp does not have


@pytest.mark.parametrize(("how", "code"), [("lost", "S6"), ("stolen", "S6"), ("surrendered", "S2")])
def test_permit_with_waiting_stamp_can_end(office: MemoryOffice, permit: Dossier, how: str, code: str) -> None:
    stamped(office, permit)
    if how == "surrendered":
        change_status.surrender(permit.id, "not needed", PREPARER, office)
    else:
        move(office, permit, how)
    assert look(office, permit, "export", MANAS).codes == (code, "U9")
    assert status_of(office, permit) == (1 if how == "surrendered" else 14)


@pytest.mark.parametrize("end", ["surrender", "expire"])
@pytest.mark.parametrize(("outcome", "after"), [("undone", ("0", "0", "2")), ("confirmed", ("2", "0", "0"))])
def test_quota_is_given_back_only_when_no_stamp_waits(
    office: MemoryOffice, end: str, outcome: str, after: tuple[str, str, str]
) -> None:
    quota_play.enter(office)
    permit = quota_play.issued_wild(office)
    office.later(2 * HOUR)
    stamp = stamped(office, permit)
    if end == "surrender":
        change_status.surrender(permit.id, "not needed", PREPARER, office)
    else:
        office.later((permit.expires_at or 0) + 33 * DAY - office.now)
        assert recount.lapse(office) == []
    assert quota_play.taken(office) == ("0", "2", "0")
    if outcome == "undone":
        undo(office, stamp.event_id, replace(CHINARA, roles=frozenset({"approver"})))
    else:
        confirm(office, stamp.event_id, CHINARA)
    assert quota_play.taken(office) == after


def test_quota_given_back_before_stamp_is_not_given_back_again(office: MemoryOffice) -> None:
    """Release c70afb0 gave the quota back with the permit even while a stamp waited."""
    quota_play.enter(office)
    permit = quota_play.issued_wild(office)
    office.later(2 * HOUR)
    change_status.surrender(permit.id, "not needed", PREPARER, office)
    assert quota_play.taken(office) == ("0", "0", "2")
    stamp = stamped(office, permit)
    assert quota_play.taken(office) == ("0", "0", "2")
    undo(office, stamp.event_id, CHINARA)
    assert quota_play.taken(office) == ("0", "0", "2")


def test_quota_of_replaced_permit_is_counted_once_while_stamp_waits(office: MemoryOffice) -> None:
    quota_play.enter(office)
    permit = quota_play.issued_wild(office)
    office.later(2 * HOUR)
    stamped(office, permit)
    replaced(office, permit)
    assert quota_play.taken(office) == ("0", "2", "2")


# 72 hours


def escalated(office: MemoryOffice) -> int:
    return paper_stamps.escalate(office)


def test_stamp_waiting_72_hours_raises_one_alert_to_ministry(office: MemoryOffice, permit: Dossier) -> None:
    stamp = stamped(office, permit)
    office.later(72 * HOUR - 1)
    assert escalated(office) == 0
    office.later(HOUR + 1)
    assert (escalated(office), escalated(office)) == (1, 0)
    (alert,) = raised(office)
    assert (alert.kind, alert.outcome, alert.codes, alert.agency_asked, alert.post) == (
        "stamp", "check", ("U9",), "ministry", OSH,
    )  # fmt: skip
    assert alert.permit == {"issuer": "KG", "number": permit.number}
    assert alert.raised_by == (AT_OSH.id,)
    waiting, _ = office.register.search("state", "notice", limit=10)
    assert {row.data["owner"] for row in waiting if row.data["kind"] == "alert"} == {"duty-ministry"}
    office.later(DAY)
    assert escalated(office) == 0
    assert stamp.event_id in alert.id


@pytest.mark.parametrize("how", ["confirmed", "undone"])
def test_stamp_settled_within_72_hours_raises_no_alert(office: MemoryOffice, permit: Dossier, how: str) -> None:
    stamp = stamped(office, permit)
    office.later(20 * HOUR)
    confirm(office, stamp.event_id, CHINARA) if how == "confirmed" else undo(office, stamp.event_id, CHINARA)
    office.later(4 * DAY)
    assert (escalated(office), told(office)) == (0, [])


def test_stamp_escalated_by_interrupted_run_raises_no_second_alert(office: MemoryOffice, permit: Dossier) -> None:
    stamped(office, permit)
    office.later(4 * DAY)
    (use,) = held(office, permit).uses
    office.register.commit(*alerts.of_unconfirmed(use, "KG", permit.number or "", paper=False, now=office.now))
    assert (escalated(office), len(raised(office))) == (0, 1)


# papers of other Parties


def test_paper_of_another_party_beside_waiting_stamp_raises_alert(office: MemoryOffice) -> None:
    shown = Presented(office.register, office, with_kazakhstan(office))
    waiting_paper(office, shown)
    assert shown.look("dostuk").codes == ("T1", "U9")
    shown.as_paper("torugart")
    assert told(office) == [("stamp", "check", ("U9",))]
    assert [alert.permit for alert in raised(office)] == [{"issuer": "KZ", "number": shown.number, "unverified": True}]


def test_code_of_another_party_beside_waiting_stamp_raises_alert(office: MemoryOffice) -> None:
    shown = Presented(office.register, office, with_kazakhstan(office))
    waiting_paper(office, shown)
    shown.by_code("torugart", actor=CHINARA)
    assert told(office) == [("stamp", "check", ("U9",))]


def test_paper_endorsed_after_recording_beside_waiting_stamp_raises_alert(office: MemoryOffice) -> None:
    shown = Presented(office.register, office, with_kazakhstan(office))
    waiting_paper(office, shown)
    other = shown.as_paper("torugart", used=False)
    assert told(office) == []
    using = EndorsementRequest((("A", "2"),), "CMR 2", True)
    record.endorse(other.id, using, BEKZAT, shown.deps)
    assert told(office) == [("stamp", "check", ("U9",))]


def test_first_confirmed_of_two_stamps_on_one_number_raises_alert(office: MemoryOffice) -> None:
    shown = Presented(office.register, office, with_kazakhstan(office))
    one = waiting_paper(office, shown)
    waiting_paper(office, shown, post="torugart")
    foreign_permits_changes.confirm(one.id, BEKZAT, but(office, checker=lambda: shown.checker))
    assert told(office) == [("stamp", "check", ("U9",))]


def test_same_use_on_paper_of_another_party_raises_no_alert(office: MemoryOffice) -> None:
    shown = Presented(office.register, office, with_kazakhstan(office))
    waiting_paper(office, shown)
    shown.as_paper("dostuk", document="CMR 1")
    assert told(office) == []


@pytest.mark.parametrize("number", [None, "Nr. 17 of Kostanay"])
def test_stamp_on_paper_of_another_party_waiting_72_hours_raises_alert(
    office: MemoryOffice, number: str | None
) -> None:
    shown = Presented(office.register, office, with_kazakhstan(office))
    paper = waiting_paper(office, shown, number=number)
    office.later(73 * HOUR)
    assert escalated(office) == 1
    (alert,) = raised(office)
    assert alert.permit is not None
    assert (alert.permit["issuer"], alert.permit["unverified"], alert.agency_asked) == ("KZ", True, "ministry")
    assert paper.id in alert.id
