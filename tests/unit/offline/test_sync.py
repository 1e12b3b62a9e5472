"""Upload of offline events: each event has its own result, and none is lost."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
import trust_maker
from border import (
    AT_OSH,
    CHINARA,
    GUARD,
    Phone,
    confirm,
    endorse,
    event,
    from_kazakhstan,
    held,
    lines,
    look,
    new_uuid,
    results,
    undo,
    with_kazakhstan,
)
from crashing import rows
from life import APPLICATION, endorsement, issue, issued
from office import AIZADA, APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice

from chalicelib.alerts.services import alerts
from chalicelib.endorsement.services import scan
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.errors import AlreadyUsed, Forbidden, Invalid, KeptAsConflict, NoMatch, TwoPeople, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.offline.services import devices
from chalicelib.permits.model.dossier import Dossier, status_value
from chalicelib.permits.services import change_status

HOUR = 3600
MANAS, OSH, CLEARANCE, TORUGART = "manas-airport", "osh-airport", "bishkek-clearance", "torugart"


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    dossier = issued(office)
    office.later(DAY)
    return dossier


def alerted(office: MemoryOffice) -> list[tuple[str, list[str]]]:
    rows, _ = office.register.search("shelf", alerts.SHELF)
    return [(row.data["outcome"], list(row.data["codes"])) for row in rows]


def test_event_is_stored_once_and_repeated_as_duplicate(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    asked = endorsement(office, permit, endorsed_at=office.now - 5 * HOUR)
    (answer,) = phone.sync(event(asked))
    assert (answer["result"], answer["receipt"]["use"]) == ("stored", "exported")
    before = rows(office.register)
    (again,) = phone.sync(event(asked))
    assert (again["result"], again["receipt"]) == ("duplicate", answer["receipt"])
    assert {k: v for k, v in rows(office.register).items() if not k.partition.startswith("DEVICE#")} == {
        k: v for k, v in before.items() if not k.partition.startswith("DEVICE#")
    }
    use = held(office, permit).uses[0]
    assert (use.offline, use.late, use.at, use.received_at) == (True, False, asked.endorsed_at, office.now)


def test_event_accepted_online_is_a_duplicate_in_sync(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    online = endorsement(office, permit)
    receipt = endorse(office, online)
    office.later(HOUR)
    (answer,) = phone.sync(event(online))  # the device restarted before the response arrived
    assert (answer["result"], answer["receipt"]) == ("duplicate", receipt)
    assert len(held(office, permit).uses) == 1
    offline = endorsement(office, issued(office))
    phone.sync(event(offline))
    assert endorse(office, offline)["event_id"] == offline.event_id


def test_event_refused_online_stays_refused_in_sync(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    endorse(office, permit, BEKZAT, post=OSH)
    asked = endorsement(office, permit)
    with pytest.raises(AlreadyUsed):
        endorse(office, asked)
    (answer,) = phone.sync(event(asked))
    assert (answer["result"], answer["refused"]) == ("duplicate", True)
    assert len(held(office, permit).uses) == 1
    assert "U4" not in look(office, permit, "import", country="AE").codes


def refused_online(office: MemoryOffice, permit: Dossier) -> Endorsement:
    """Endorsed at Osh, then refused at Manas. The device at Manas did not get the response."""
    endorse(office, permit, BEKZAT, post=OSH)
    asked = endorsement(office, permit)
    with pytest.raises(AlreadyUsed):
        endorse(office, asked)
    return replace(asked, unheard=True)


def test_refusal_with_lost_response_becomes_a_conflict(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    asked = refused_online(office, permit)
    assert alerted(office) == [("hold", ["U1"])]
    (answer,) = phone.sync(event(asked))
    assert (answer["result"], answer["receipt"]["result"]) == ("conflict", "conflict")
    assert [(use.post, use.result, use.offline) for use in held(office, permit).uses] == [
        (OSH, "accepted", False), (MANAS, "conflict", True),
    ]  # fmt: skip
    assert "U4" in look(office, permit, "import", country="AE").codes
    assert [codes[:1] for _, codes in sorted(alerted(office))] == [
        ["U1"],
        ["U4"],
    ]  # the desks learn that the goods left
    (again,) = phone.sync(event(asked))
    assert (again["result"], again["receipt"]) == ("duplicate", answer["receipt"])
    assert len(held(office, permit).uses) == 2
    with pytest.raises(KeptAsConflict) as kept:
        endorse(office, asked)
    assert kept.value.extra["receipt"] == answer["receipt"]
    undo(office, asked.event_id)
    assert held(office, permit).uses[-1].withdrawn


def test_refusal_with_other_content_stays_when_response_was_lost(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    asked = refused_online(office, permit)
    (answer,) = phone.sync(event(replace(asked, transport_document="AWB 9")))
    assert (answer["result"], answer["problem"]) == ("rejected", "event-id-reused")
    assert len(held(office, permit).uses) == 1


def test_lost_response_without_refusal_is_duplicate_or_ordinary_use(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    asked = endorsement(office, permit)
    receipt = endorse(office, asked)  # this response was lost
    (answer,) = phone.sync(event(replace(asked, unheard=True)))
    assert (answer["result"], answer["receipt"]) == ("duplicate", receipt)
    other = replace(endorsement(office, issued(office)), unheard=True)  # this request never reached the service
    assert results(phone.sync(event(other))) == ["stored"]


@pytest.mark.parametrize(
    ("change", "result", "flag"),
    [
        ({}, "duplicate", False),
        ({"endorsed_at": 12 * HOUR}, "duplicate", False),
        ({"endorsed_at": 12 * HOUR + 1}, "conflict", True),
        ({"post": CLEARANCE}, "duplicate", False),  # a linked post
        ({"post": OSH}, "conflict", True),
        ({"transport_document": "AWB 9"}, "conflict", True),
        ({"lines": lines("1")}, "conflict", True),
        ({"customs_document": "SAD 4"}, "duplicate", False),
    ],
)
def test_second_event_is_duplicate_within_window_or_conflict(
    office: MemoryOffice, permit: Dossier, change: dict[str, Any], result: str, flag: bool
) -> None:
    begin = office.now - 20 * HOUR
    first = endorsement(office, permit, endorsed_at=begin)
    change = {**change, "endorsed_at": begin + change.get("endorsed_at", HOUR)}
    second = replace(first, event_id=new_uuid(), **change)
    assert results(Phone(office).sync(event(first))) == ["stored"]
    assert results(Phone(office, second.post).sync(event(second), actor=BEKZAT)) == [result]
    assert len(held(office, permit).uses) == 2  # both are stored
    found = look(office, permit, "import", country="AE")
    assert ("U4" in found.codes) is flag
    assert found.outcome == ("hold" if flag else "accept")


def test_offline_quantity_above_permitted_is_stored_as_conflict(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    """The goods have left, so the event is stored."""
    asked = endorsement(office, permit, lines=lines("5"))
    assert results(phone.sync(event(asked))) == ["conflict"]
    assert held(office, permit).use == "exported"
    # U2 is the code of this alert; without one the duty desks had nothing to read
    assert alerted(office) == [("hold", ["U2"])]


@pytest.mark.parametrize("away", [-14 * DAY - 1, 601])
def test_event_outside_its_window_is_conflict_with_l2_and_no_alert(
    office: MemoryOffice, permit: Dossier, phone: Phone, away: int
) -> None:
    office.later(15 * DAY)
    asked = endorsement(office, permit, endorsed_at=office.now + away)
    assert results(phone.sync(event(asked))) == ["conflict"]
    assert held(office, permit).use == "exported"
    assert look(office, permit, "import", country="AE").codes == ("L2",)
    assert alerted(office) == []  # a late event is no second use; as U4 it alerted four duty desks about detained goods


def test_late_second_use_raises_alert_with_l2_and_u4(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    endorse(office, permit)
    office.later(15 * DAY)
    late = endorsement(office, permit, endorsed_at=office.now - 15 * DAY + HOUR, transport_document="AWB 2")
    assert results(phone.sync(event(late))) == ["conflict"]
    assert alerted(office) == [("hold", ["L2", "U4"])]


@pytest.mark.parametrize("away", [-14 * DAY, 600])
def test_event_at_the_edge_of_its_window_is_stored(
    office: MemoryOffice, permit: Dossier, phone: Phone, away: int
) -> None:
    office.later(15 * DAY)
    assert results(phone.sync(event(endorsement(office, permit, endorsed_at=office.now + away)))) == ["stored"]


@pytest.mark.parametrize(("before", "late"), [(600, False), (601, True)])
def test_event_older_than_the_last_sync_is_late(
    office: MemoryOffice, permit: Dossier, phone: Phone, before: int, late: bool
) -> None:
    """A device sends all its events at each sync, so an older one should have been in it."""
    phone.sync()
    synced = office.now
    office.later(DAY)
    asked = endorsement(office, permit, endorsed_at=synced - before)
    assert results(phone.sync(event(asked))) == ["conflict" if late else "stored"]
    assert held(office, permit).uses[0].late is late


@pytest.mark.parametrize("state", ["suspended", "revoked", "lost", "expired"])
def test_offline_use_of_permit_not_in_force_is_conflict_and_counts(
    office: MemoryOffice, phone: Phone, state: str
) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    if state == "suspended":
        change_status.suspend(dossier.id, "doubt", APPROVER, office)
    if state == "revoked":
        change_status.revoke(dossier.id, "fraud", True, APPROVER, office)
    if state == "lost":
        change_status.report_lost(dossier.id, "gone", "lost", PREPARER, office)
    office.later(5 * DAY if state == "expired" else HOUR)
    assert results(phone.sync(event(endorsement(office, dossier)))) == ["conflict"]
    assert held(office, dossier).use == "exported"
    code = {"suspended": "S3", "revoked": "S7", "lost": "S6", "expired": "S1"}[state]
    assert alerted(office) == [("hold", [code])]  # no second use, because there was none


def test_permit_valid_at_the_event_and_expired_since_is_stored(office: MemoryOffice, phone: Phone) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    left = office.now + DAY
    office.later(5 * DAY)
    assert results(phone.sync(event(endorsement(office, dossier, endorsed_at=left)))) == ["stored"]


# devices and people


def test_sync_needs_registered_device_valid_signature_and_own_post(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    body = event(endorsement(office, permit))
    with pytest.raises(Forbidden, match="signature"):
        phone.sync(body, signature=phone.sign([]))
    with pytest.raises(Forbidden, match="signature"):
        phone.sync(body, signature=Phone(office, OSH).sign([body]))
    for nonsense in ("", "!", "AAAA", "é"):
        with pytest.raises(Forbidden, match="signature"):
            phone.sync(body, signature=nonsense)
    with pytest.raises(Forbidden, match="the post of this device"):
        phone.sync(body, actor=AT_OSH)
    with pytest.raises(Forbidden):
        phone.sync(body, actor=PREPARER)
    with pytest.raises(Invalid, match="At most 500"):
        phone.sync(*[body] * 501)
    stranger = Phone(office)
    stranger.id = "unknown"
    with pytest.raises(Forbidden, match="not registered"):
        stranger.sync(body)
    assert held(office, permit).uses == ()


def test_device_is_registered_once_at_a_post_of_the_officer(office: MemoryOffice, phone: Phone) -> None:
    key = devices.load_device(phone.id, register=office.register).public_key
    assert devices.register_device(key, MANAS, "again", BEKZAT, office).id == phone.id
    with pytest.raises(Forbidden):
        devices.register_device(key, OSH, "moved", BEKZAT, office)
    with pytest.raises(Forbidden):
        devices.register_device(key, MANAS, "x", AT_OSH, office)
    for bad in ("", "AAAA", "not base64!", key[:-8]):
        with pytest.raises(Invalid):
            devices.register_device(bad, MANAS, "x", AIZADA, office)
    with pytest.raises(NoMatch):
        devices.revoke_device("unknown", AIZADA, office)


def test_event_counts_for_the_officer_that_it_names(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    asked = endorsement(office, permit)
    (answer,) = phone.sync(event(asked, CHINARA))
    use = held(office, permit).uses[0]
    assert (answer["receipt"]["officer"], use.officer, use.brought_by) == ("Chinara", CHINARA.id, AIZADA.id)
    assert endorse(office, asked, CHINARA)["event_id"] == asked.event_id
    guards = Phone(office, actor=GUARD)
    for stranger in (AT_OSH, GUARD):  # an officer of another post or body; the uploader's rights do not help
        (answer,) = guards.sync(event(endorsement(office, issued(office)), stranger))
        assert (answer["result"], answer["problem"]) == ("rejected", "forbidden")


def test_event_of_officer_who_left_the_post_waits_for_confirmation(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    moved = replace(CHINARA, posts=frozenset({"osh-airport"}))
    (answer,) = phone.sync(event(endorsement(office, permit), CHINARA), person=lambda _: moved)
    assert (answer["result"], answer["receipt"]["result"]) == ("stored", "pending")
    use = held(office, permit).uses[0]
    assert (use.officer, use.brought_by, use.recorded, use.counts) == (CHINARA.id, AIZADA.id, "live", False)
    for one in (AIZADA, CHINARA):
        with pytest.raises(TwoPeople):
            confirm(office, use.event_id, one)
    assert confirm(office, use.event_id, BEKZAT)["use"] == "exported"
    assert held(office, permit).uses[0].counts


def test_bad_events_do_not_refuse_the_batch(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    good, other = endorsement(office, permit), endorsement(office, issued(office))
    bad = [
        event(replace(good, event_id="nonsense")),
        event(replace(good, event_id=new_uuid(), qr="hello")),
        event(replace(good, event_id=new_uuid(), lines=lines("1", "1"))),
        event(replace(good, event_id=new_uuid(), post=OSH)),
        event(replace(good, event_id=good.event_id, transport_document="other")),
        {"kind": "undo", "event_id": new_uuid(), "endorsement": new_uuid(), "reason": "?"},
    ]
    answers = phone.sync(event(good), *bad, event(other))
    assert results(answers) == ["stored", *["rejected"] * len(bad), "stored"]
    assert [answer["problem"] for answer in answers[1:-1]] == [
        "invalid", "not-genuine", "invalid", "forbidden", "event-id-reused", "no-match",
    ]  # fmt: skip
    assert len(held(office, permit).uses) == 1


def test_event_on_expired_trust_list_of_a_party_is_requested_again(office: MemoryOffice, phone: Phone) -> None:
    """The other Party's list is late, and the officer was right.

    The device keeps the event until a new list arrives.
    """
    kazakh, text = from_kazakhstan(office)
    before = with_kazakhstan(office)
    office.later(59 * DAY + 1)
    left = lines(kazakh.lines[0].quantity)
    asked = Endorsement(
        new_uuid(), MANAS, Direction.IMPORT, office.now - DAY, left, text, transport_document="AWB 235-1234"
    )
    (answer,) = phone.sync(event(asked), checker=before)
    assert (answer["result"], answer["problem"], answer["again"]) == ("rejected", "unavailable", True)
    with pytest.raises(Unavailable):
        endorse(office, replace(asked, endorsed_at=office.now), checker=before)
    ours, theirs = before.trust.lists
    lists = (ours, trust_maker.renewed(theirs, office.now))
    (answer,) = phone.sync(event(asked), checker=replace(before, trust=replace(before.trust, lists=lists)))
    assert answer["result"] == "stored"


def test_undo_by_officer_who_left_needs_the_rights_of_the_uploader(office: MemoryOffice, permit: Dossier) -> None:
    left = endorse(office, permit)["event_id"]  # by Aizada
    gone = Actor("u-gone", "u-gone", frozenset())
    taken_back = {"kind": "undo", "event_id": new_uuid(), "endorsement": left, "reason": "still here"}

    def told(by: Actor, maker: Actor) -> dict[str, Any]:
        (answer,) = Phone(office, actor=by).sync({**taken_back, "officer": maker.id}, person=lambda _: maker)
        return answer

    for by, maker in ((AIZADA, gone), (BEKZAT, AIZADA)):  # the endorsing officer neither uploads nor makes the undo
        answer = told(by, maker)
        assert (answer["result"], answer["problem"]) == ("rejected", "two-people")
    # an officer of another body, who could not take it back online either
    guard = replace(GUARD, posts=frozenset({MANAS}))
    assert told(guard, gone)["problem"] == "forbidden"
    assert held(office, permit).use == "exported"
    assert told(BEKZAT, gone)["result"] == "stored"
    assert told(CHINARA, gone)["result"] == "duplicate"
    undone = held(office, permit)
    assert undone.use == "unused"
    assert undone.uses[0].withdrawn is not None
    assert undone.uses[0].withdrawn.officer == BEKZAT.id
    written = office.register.query(f"PERMIT#{permit.id}", start="HISTORY#", stop="HISTORY$")
    (entry,) = [row.data for row in written if row.data["action"] == "undo"]
    assert (entry["by"], entry["detail"]["made_by"]) == (BEKZAT.id, gone.id)


def test_scans_and_undos_are_synced(office: MemoryOffice, permit: Dossier) -> None:
    phone = Phone(office, actor=BEKZAT)
    left = endorse(office, permit)["event_id"]
    scanned = Scan(new_uuid(), permit.tokens[0], MANAS, office.now, "export", True)
    body = {
        "kind": "scan", "event_id": scanned.event_id, "qr": scanned.qr, "post": MANAS, "scanned_at": office.now,
        "direction": "export", "goods_present": True,
    }  # fmt: skip
    taken_back = {"kind": "undo", "event_id": new_uuid(), "endorsement": left, "reason": "still here"}
    answers = phone.sync(body, taken_back)
    assert results(answers) == ["stored", "stored"]
    assert answers[0]["codes"] == ["U5"]
    assert held(office, permit).use == "unused"
    assert results(phone.sync(body, taken_back)) == ["duplicate", "duplicate"]


def test_old_batch_sent_again_makes_no_event_late(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    old = event(endorsement(office, permit))
    phone.sync(old)
    office.later(DAY)
    fresh = endorsement(office, issued(office))
    office.later(DAY)
    phone.sync(old)  # the device starts with events whose result it did not receive
    assert results(phone.sync(event(fresh))) == ["stored"]


def test_synced_old_scan_is_not_a_recent_scan(office: MemoryOffice, permit: Dossier) -> None:
    phone = Phone(office, actor=BEKZAT)
    body = {
        "kind": "scan", "event_id": new_uuid(), "qr": permit.tokens[0], "post": MANAS, "direction": "export",
        "scanned_at": office.now - 5 * HOUR, "goods_present": True,
    }  # fmt: skip
    phone.sync(body)
    asked = Scan(new_uuid(), permit.tokens[0], MANAS, office.now, "export", True)
    found = scan.scan(asked, BEKZAT, office)
    assert found.codes == ()


@pytest.mark.parametrize(
    ("scanned", "outcome", "codes"),
    [(-60, "accept", []), (0, "hold", ["U1"]), (-15 * DAY, "hold", ["U1"]), (DAY, "hold", ["U1"])],
)
def test_synced_scan_is_judged_at_the_time_of_the_scan(
    office: MemoryOffice, permit: Dossier, scanned: int, outcome: str, codes: list[str]
) -> None:
    """Seen whole and unused at Osh before the goods left at Manas is no accusation.

    Outside its window it is judged as of now.
    """
    office.later(14 * DAY)
    left = office.now
    endorse(office, permit)
    office.later(HOUR)
    phone = Phone(office, OSH)
    body = {
        "kind": "scan", "event_id": new_uuid(), "qr": permit.tokens[0], "post": OSH, "direction": "export",
        "scanned_at": left + scanned, "goods_present": True,
    }  # fmt: skip
    for result in ("stored", "duplicate"):
        (answer,) = phone.sync(body)
        assert (answer["result"], answer["outcome"], answer["codes"]) == (result, outcome, codes)
    (kept,) = [row for key, row in rows(office.register).items() if key.partition.startswith("SCANS#")]
    assert (kept["outcome"], kept["codes"]) == (outcome, codes)


def test_scan_judged_online_is_repeated_unchanged_in_sync(office: MemoryOffice, permit: Dossier) -> None:
    phone = Phone(office, OSH, BEKZAT)
    phone.sync()
    office.later(HOUR)
    asked = Scan(
        new_uuid(), permit.tokens[0], OSH, office.now - 2 * HOUR, "export", True
    )  # the clock of the device is two hours slow
    scan.scan(asked, BEKZAT, office)
    office.later(HOUR)
    endorse(office, permit)
    office.later(HOUR)
    body = {name: value for name, value in asdict(asked).items() if value is not None and name != "other_pages"}
    (answer,) = phone.sync({**body, "kind": "scan"})
    assert (answer["result"], answer["outcome"]) == ("duplicate", "accept")


def test_online_scan_is_judged_as_of_now(office: MemoryOffice, permit: Dossier) -> None:
    seen = office.now
    office.later(HOUR)
    endorse(office, permit)
    asked = Scan(new_uuid(), permit.tokens[0], OSH, seen, "export", True)
    found = scan.scan(asked, BEKZAT, office)
    assert (found.outcome, found.codes) == ("hold", ("U1",))


# replaced permits


@pytest.mark.parametrize("replacement_used", [False, True])
def test_late_endorsement_of_replaced_permit_uses_its_replacement(
    office: MemoryOffice, permit: Dossier, phone: Phone, replacement_used: bool
) -> None:
    from unit.permits.test_replacements import replacement

    asked = endorsement(office, permit)
    office.later(HOUR)
    new = issue(office, replacement(office, permit))
    if replacement_used:
        endorse(office, new, post=OSH)
    office.later(HOUR)
    (answer,) = phone.sync(event(asked))
    assert answer["result"] == "conflict"
    found = held(office, new)
    assert (found.use, status_value(found)) == ("exported", 3)
    assert [(u.number, u.event_id) for u in found.uses if u.number] == [(permit.number, asked.event_id)]
    assert ("U4" in look(office, new, "import", country="AE").codes) is replacement_used
    with pytest.raises(AlreadyUsed):
        endorse(office, new, post=TORUGART)
    phone.sync(event(asked))
    assert held(office, new) == found
    undo(office, asked.event_id, CHINARA)
    assert held(office, new).use == ("exported" if replacement_used else "unused")
