"""What phones did offline: every event answered by itself, and none lost."""

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


def test_an_event_is_stored_once_and_told_again_as_a_duplicate(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
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


def test_an_event_that_was_answered_online_is_the_same_event(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    online = endorsement(office, permit)
    receipt = endorse(office, online)
    office.later(HOUR)
    (answer,) = phone.sync(event(online))  # the phone restarted before it saw the answer
    assert (answer["result"], answer["receipt"]) == ("duplicate", receipt)
    assert len(held(office, permit).uses) == 1
    offline = endorsement(office, issued(office))
    phone.sync(event(offline))
    assert endorse(office, offline)["event_id"] == offline.event_id


def test_a_refusal_that_was_answered_online_is_no_use(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    endorse(office, permit, BEKZAT, post=OSH)
    asked = endorsement(office, permit)
    with pytest.raises(AlreadyUsed):
        endorse(office, asked)
    (answer,) = phone.sync(event(asked))
    assert (answer["result"], answer["refused"]) == ("duplicate", True)
    assert len(held(office, permit).uses) == 1
    assert "U4" not in look(office, permit, "import", country="AE").codes


def refused_online(office: MemoryOffice, permit: Dossier) -> Endorsement:
    """Endorsed at Osh; refused at Manas. The device of Manas did not get that answer."""
    endorse(office, permit, BEKZAT, post=OSH)
    asked = endorsement(office, permit)
    with pytest.raises(AlreadyUsed):
        endorse(office, asked)
    return replace(asked, unheard=True)


def test_refusal_whose_answer_was_lost_becomes_a_conflict_use(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
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
    ]  # the desks learn that the goods went
    (again,) = phone.sync(event(asked))
    assert (again["result"], again["receipt"]) == ("duplicate", answer["receipt"])
    assert len(held(office, permit).uses) == 2
    with pytest.raises(KeptAsConflict) as kept:
        endorse(office, asked)
    assert kept.value.extra["receipt"] == answer["receipt"]
    undo(office, asked.event_id)
    assert held(office, permit).uses[-1].withdrawn


def test_refusal_of_another_content_is_not_replaced_by_an_unheard_event(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    asked = refused_online(office, permit)
    (answer,) = phone.sync(event(replace(asked, transport_document="AWB 9")))
    assert (answer["result"], answer["problem"]) == ("rejected", "event-id-reused")
    assert len(held(office, permit).uses) == 1


def test_unheard_event_without_a_refusal_is_an_ordinary_use(
    office: MemoryOffice, permit: Dossier, phone: Phone
) -> None:
    asked = endorsement(office, permit)
    receipt = endorse(office, asked)  # this answer was lost
    (answer,) = phone.sync(event(replace(asked, unheard=True)))
    assert (answer["result"], answer["receipt"]) == ("duplicate", receipt)
    other = replace(endorsement(office, issued(office)), unheard=True)  # this one never reached the service
    assert results(phone.sync(event(other))) == ["stored"]


@pytest.mark.parametrize(
    ("change", "result", "flag"),
    [
        ({}, "duplicate", False),
        ({"endorsed_at": 12 * HOUR}, "duplicate", False),
        ({"endorsed_at": 12 * HOUR + 1}, "conflict", True),
        ({"post": CLEARANCE}, "duplicate", False),  # linked
        ({"post": OSH}, "conflict", True),
        ({"transport_document": "AWB 9"}, "conflict", True),
        ({"lines": lines("1")}, "conflict", True),
        ({"customs_document": "SAD 4"}, "duplicate", False),
    ],
)
def test_one_crossing_seen_twice_or_two_crossings(
    office: MemoryOffice, permit: Dossier, change: dict[str, Any], result: str, flag: bool
) -> None:
    begin = office.now - 20 * HOUR
    first = endorsement(office, permit, endorsed_at=begin)
    change = {**change, "endorsed_at": begin + change.get("endorsed_at", HOUR)}
    second = replace(first, event_id=new_uuid(), **change)
    assert results(Phone(office).sync(event(first))) == ["stored"]
    assert results(Phone(office, second.post).sync(event(second), actor=BEKZAT)) == [result]
    assert len(held(office, permit).uses) == 2  # both are kept
    found = look(office, permit, "import", country="AE")
    assert ("U4" in found.codes) is flag
    assert found.outcome == ("hold" if flag else "accept")


def test_less_than_the_permit_allows_is_no_wish(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    """What left has left: more than permitted is kept, as a conflict."""
    asked = endorsement(office, permit, lines=lines("5"))
    assert results(phone.sync(event(asked))) == ["conflict"]
    assert held(office, permit).use == "exported"
    assert alerted(office) == [("hold", ["U2"])]  # it had no code, and the duty desks nothing to read


@pytest.mark.parametrize("away", [-14 * DAY - 1, 601])
def test_outside_its_window_an_event_is_kept_and_shown(
    office: MemoryOffice, permit: Dossier, phone: Phone, away: int
) -> None:
    office.later(15 * DAY)
    asked = endorsement(office, permit, endorsed_at=office.now + away)
    assert results(phone.sync(event(asked))) == ["conflict"]
    assert held(office, permit).use == "exported"
    assert look(office, permit, "import", country="AE").codes == ("L2",)
    assert alerted(office) == []  # late is no second use: four duty desks were told that goods were held for one (U4)


def test_a_second_use_that_comes_late_is_told_as_both(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    endorse(office, permit)
    office.later(15 * DAY)
    late = endorsement(office, permit, endorsed_at=office.now - 15 * DAY + HOUR, transport_document="AWB 2")
    assert results(phone.sync(event(late))) == ["conflict"]
    assert alerted(office) == [("hold", ["L2", "U4"])]


@pytest.mark.parametrize("away", [-14 * DAY, 600])
def test_at_the_edge_of_its_window_it_is_in_time(
    office: MemoryOffice, permit: Dossier, phone: Phone, away: int
) -> None:
    office.later(15 * DAY)
    assert results(phone.sync(event(endorsement(office, permit, endorsed_at=office.now + away)))) == ["stored"]


@pytest.mark.parametrize(("before", "late"), [(600, False), (601, True)])
def test_an_event_from_before_the_last_sync_would_have_been_in_it(
    office: MemoryOffice, permit: Dossier, phone: Phone, before: int, late: bool
) -> None:
    phone.sync()
    synced = office.now
    office.later(DAY)
    asked = endorsement(office, permit, endorsed_at=synced - before)
    assert results(phone.sync(event(asked))) == ["conflict" if late else "stored"]
    assert held(office, permit).uses[0].late is late


@pytest.mark.parametrize("state", ["suspended", "revoked", "lost", "expired"])
def test_against_a_state_it_is_a_conflict_and_counts(office: MemoryOffice, phone: Phone, state: str) -> None:
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
    assert alerted(office) == [("hold", [code])]  # and no second use, which there was not


def test_expired_since_but_not_when_it_left(office: MemoryOffice, phone: Phone) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    left = office.now + DAY
    office.later(5 * DAY)
    assert results(phone.sync(event(endorsement(office, dossier, endorsed_at=left)))) == ["stored"]


# devices and people


def test_whose_devices_count(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    body = event(endorsement(office, permit))
    with pytest.raises(Forbidden, match="signature"):
        phone.sync(body, signature=phone.sign([]))
    with pytest.raises(Forbidden, match="signature"):
        phone.sync(body, signature=Phone(office, OSH).sign([body]))
    for nonsense in ("", "!", "AAAA", "é"):
        with pytest.raises(Forbidden, match="signature"):
            phone.sync(body, signature=nonsense)
    with pytest.raises(Forbidden, match="another post"):
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


def test_registering_a_device(office: MemoryOffice, phone: Phone) -> None:
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


def test_the_officer_that_an_event_names_is_its_officer(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    asked = endorsement(office, permit)
    (answer,) = phone.sync(event(asked, CHINARA))
    use = held(office, permit).uses[0]
    assert (answer["receipt"]["officer"], use.officer, use.brought_by) == ("Chinara", CHINARA.id, AIZADA.id)
    assert endorse(office, asked, CHINARA)["event_id"] == asked.event_id
    guards = Phone(office, actor=GUARD)
    for stranger in (AT_OSH, GUARD):  # of another post, of another body, and who brings it is no better
        (answer,) = guards.sync(event(endorsement(office, issued(office)), stranger))
        assert (answer["result"], answer["problem"]) == ("rejected", "forbidden")


def test_what_an_officer_endorsed_who_has_left_the_post_since_waits_for_a_second_person(
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


def test_one_bad_event_does_not_refuse_the_batch(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
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


def test_what_was_endorsed_under_a_list_that_has_run_out_since_is_asked_for_again(
    office: MemoryOffice, phone: Phone
) -> None:
    """The other Party's list is late, not the officer wrong: the event is kept by the device until a list is here."""
    kazakh, text = from_kazakhstan(office)
    before = with_kazakhstan(office)
    office.later(59 * DAY + 1)
    left = lines(kazakh.lines[0].quantity)
    asked = Endorsement(new_uuid(), MANAS, "import", office.now - DAY, left, text, transport_document="AWB 235-1234")
    (answer,) = phone.sync(event(asked), checker=before)
    assert (answer["result"], answer["problem"], answer["again"]) == ("rejected", "unavailable", True)
    with pytest.raises(Unavailable):
        endorse(office, replace(asked, endorsed_at=office.now), checker=before)
    ours, theirs = before.trust.lists
    lists = (ours, trust_maker.renewed(theirs, office.now))
    (answer,) = phone.sync(event(asked), checker=replace(before, trust=replace(before.trust, lists=lists)))
    assert answer["result"] == "stored"


def test_an_undo_of_an_officer_who_left_counts_by_the_rights_of_who_brings_it(
    office: MemoryOffice, permit: Dossier
) -> None:
    left = endorse(office, permit)["event_id"]  # by Aizada
    gone = Actor("u-gone", "u-gone", frozenset())
    taken_back = {"kind": "undo", "event_id": new_uuid(), "endorsement": left, "reason": "still here"}

    def told(by: Actor, maker: Actor) -> dict[str, Any]:
        (answer,) = Phone(office, actor=by).sync({**taken_back, "officer": maker.id}, person=lambda _: maker)
        return answer

    for by, maker in ((AIZADA, gone), (BEKZAT, AIZADA)):  # who endorsed it neither sends nor makes it
        answer = told(by, maker)
        assert (answer["result"], answer["problem"]) == ("rejected", "two-people")
    guard = replace(GUARD, posts=frozenset({MANAS}))  # of another body: online they could not take it back either
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


def test_scans_and_undos_come_too(office: MemoryOffice, permit: Dossier) -> None:
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


def test_an_old_batch_sent_again_makes_nothing_late(office: MemoryOffice, permit: Dossier, phone: Phone) -> None:
    old = event(endorsement(office, permit))
    phone.sync(old)
    office.later(DAY)
    fresh = endorsement(office, issued(office))
    office.later(DAY)
    phone.sync(old)  # the phone begins with what it was not told about
    assert results(phone.sync(event(fresh))) == ["stored"]


def test_an_old_scan_that_is_brought_in_is_no_scan_of_just_now(office: MemoryOffice, permit: Dossier) -> None:
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
def test_a_scan_that_is_brought_in_is_judged_as_of_when_it_was_made(
    office: MemoryOffice, permit: Dossier, scanned: int, outcome: str, codes: list[str]
) -> None:
    """Seen whole and unused at Osh, before it left at Manas: no accusation; outside its window, as of now."""
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


def test_a_scan_that_was_judged_online_is_told_again_as_it_was(office: MemoryOffice, permit: Dossier) -> None:
    phone = Phone(office, OSH, BEKZAT)
    phone.sync()
    office.later(HOUR)
    asked = Scan(
        new_uuid(), permit.tokens[0], OSH, office.now - 2 * HOUR, "export", True
    )  # its clock is two hours slow
    scan.scan(asked, BEKZAT, office)
    office.later(HOUR)
    endorse(office, permit)
    office.later(HOUR)
    body = {name: value for name, value in asdict(asked).items() if value is not None and name != "other_pages"}
    (answer,) = phone.sync({**body, "kind": "scan"})
    assert (answer["result"], answer["outcome"]) == ("duplicate", "accept")


def test_a_scan_is_judged_as_of_now_online(office: MemoryOffice, permit: Dossier) -> None:
    seen = office.now
    office.later(HOUR)
    endorse(office, permit)
    asked = Scan(new_uuid(), permit.tokens[0], OSH, seen, "export", True)
    found = scan.scan(asked, BEKZAT, office)
    assert (found.outcome, found.codes) == ("hold", ("U1",))


# replaced permits


@pytest.mark.parametrize("replacement_used", [False, True])
def test_a_late_endorsement_of_a_replaced_permit_uses_its_replacement(
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
