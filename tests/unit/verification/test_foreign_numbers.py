"""Numbers of other Parties: one number for each permit, by code and on paper, in every spelling."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from border import AIZADA, BEKZAT, CHINARA, Phone, new_uuid, with_kazakhstan
from border import event as device_event
from foreign_play import Presented, read_off
from office import DAY, MemoryOffice

from chalicelib.endorsement.services import paper_stamps, withdraw
from chalicelib.endorsement.services.scan import Scan, scan
from chalicelib.foreign_permits.services import changes
from chalicelib.foreign_permits.services.changes import Correction
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.errors import AlreadyUsed, TooLarge
from chalicelib.kernel.rows import Put
from chalicelib.patterns.window import Origin
from chalicelib.permits.services import store
from chalicelib.record.permit import Application, line_letter
from chalicelib.suspicions.services.pattern_search import _origin
from chalicelib.uses.use import Use, UsedLine
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services import foreign_records
from chalicelib.verification.services.foreign_numbers import foreign_key, number_of

USE = Use("event", "import", "dostuk", 1000, "officer", (UsedLine("A", "2"),))


@pytest.mark.parametrize("spelled", ["26KZ000045/E", "26 kz 000045 e", "26КZ000045-Е"])
def test_signed_permit_is_found_in_every_spelling(spelled: str) -> None:
    office = MemoryOffice()
    row = {"kind": "E", "allowed": {"A": ["2", None]}, "uses": store.dump_uses((USE,))}
    office.register.commit(Put(foreign_key("KZ", "26KZ000045/E"), row, expected_version=0))
    assert [each.event_id for each in number_of("KZ", spelled, office.register).against()] == ["event"]
    assert _origin("KZ", spelled, office).allowed == {"": Decimal(2)}


@pytest.fixture
def permit() -> Presented:
    office = MemoryOffice()
    return Presented(office.register, office, with_kazakhstan(office))


def flagged(permit: Presented, paper: ForeignPermit) -> bool:
    return bool(number_of("KZ", permit.number, permit.register).against(paper))


def test_verdict_on_code_includes_use_of_the_paper(permit: Presented) -> None:
    permit.as_paper("dostuk", document="CMR 1")
    permit.office.later(60)
    elsewhere, here, public = permit.look("torugart"), permit.look("dostuk"), permit.look(direction="none")
    assert (elsewhere.outcome, "U1" in elsewhere.codes) == ("hold", True)
    assert (here.outcome, "U5" in here.codes) == ("check", True)
    assert (public.outcome, "U5" in public.codes) == ("check", True)
    (hit,) = [hit for hit in elsewhere.check_results if hit.code == "U1"]
    assert (hit.facts["post"], hit.facts["transport_document"]) == ("dostuk", "CMR 1")


def test_scan_includes_use_of_the_paper(permit: Presented) -> None:
    permit.as_paper("dostuk")
    asked = Scan(new_uuid(), permit.code, "torugart", permit.office.now, "import", goods_present=True)
    found = scan(asked, AIZADA, permit.deps)
    assert (found.outcome, "U1" in found.codes) == ("hold", True)


def test_paper_recorded_without_use_is_flagged_after_use_by_code(permit: Presented) -> None:
    paper = permit.as_paper("dostuk", used=False)
    assert permit.by_code("torugart")["result"] == "accepted"
    assert flagged(permit, paper)


def test_withdrawn_paper_frees_the_number_and_returns_u7(permit: Presented) -> None:
    paper = permit.as_paper("dostuk", actor=BEKZAT)
    changes.withdraw(paper.id, "wrong paper", AIZADA, permit.deps)
    assert "U7" in permit.look("dostuk").codes
    assert permit.by_code("torugart")["use"] == "imported"


def test_withdrawal_stays_after_corrections_of_the_paper(permit: Presented) -> None:
    """One person alone may correct a paper."""
    paper = permit.as_paper("dostuk", actor=BEKZAT)
    withdrawn(permit, paper)
    before = permit.look("torugart")
    for note, number in (
        ("typed anew", paper.number),
        ("another one", "26KZ999999/E"),
        ("the first one", paper.number),
    ):
        held = foreign_records.load(paper.id, permit.register)
        asked = Correction(held.version, "a slip", Direction.IMPORT, "KZ", number, read_off("2"), None, True, note)
        changes.correct(paper.id, asked, BEKZAT, permit.deps)
        after = permit.look("torugart")
        assert ("U7" in after.codes, after.codes) == (True, before.codes)
    assert permit.by_code("torugart")["use"] == "imported"


def test_undone_code_leaves_number_used_by_the_paper(permit: Presented) -> None:
    permit.as_paper("dostuk")
    phone = Phone(permit.office, "torugart")
    event = device_event(permit.asked_by_code("torugart"))
    assert phone.sync(event, checker=permit.checker)[0]["result"] == "conflict"
    undone = withdraw.undo(
        withdraw.Undo(event["event_id"], new_uuid(), "wrong code"),
        BEKZAT,
        permit.deps,
    )
    assert undone["use"] == "imported"


def test_offline_uses_are_kept_and_flagged_in_both_orders(permit: Presented) -> None:
    other = replace(permit, serial=permit.serial ^ 1)
    first = permit.as_paper("dostuk", offline=True)
    phone = Phone(permit.office, "torugart")
    event = device_event(permit.asked_by_code("torugart"))
    assert phone.sync(event, checker=permit.checker)[0]["result"] == "conflict"
    assert flagged(permit, first)

    event = device_event(other.asked_by_code("torugart"))
    assert phone.sync(event, checker=permit.checker)[0]["result"] == "stored"
    second = other.as_paper("dostuk", offline=True)
    assert second.endorsed is not None
    assert second.endorsed.result == "conflict"
    assert flagged(other, second)
    for each in (permit, other):
        assert (each.look().outcome, "U4" in each.look().codes) == ("hold", True)


def test_one_crossing_recorded_offline_twice_is_one_use(permit: Presented) -> None:
    permit.by_code("dostuk", transport_document="CMR 1")
    paper = permit.as_paper("dostuk", document="CMR 1", offline=True)
    assert paper.endorsed is not None
    assert paper.endorsed.result == "duplicate"
    assert not flagged(permit, paper)
    assert "U4" not in permit.look("dostuk").codes


def test_parts_may_arrive_by_code_and_as_paper(permit: Presented) -> None:
    permit = replace(permit, quantity="10")
    permit.by_code("dostuk", "4", transport_document="CMR 1")
    paper = permit.as_paper("dostuk", "6", document="CMR 1")
    assert not flagged(permit, paper)
    with pytest.raises(AlreadyUsed):  # all of it has arrived
        permit.as_paper("dostuk", "1", document="CMR 1")
    with pytest.raises(AlreadyUsed):
        permit.by_code("dostuk", "1", transport_document="CMR 1")


@pytest.mark.parametrize("read", [read_off("100"), read_off("10", unit="KGM")])
def test_paper_with_other_particulars_is_no_part(permit: Presented, read: Application) -> None:
    permit = replace(permit, quantity="10")
    permit.by_code("dostuk", "4", transport_document="CMR 1")
    with pytest.raises(AlreadyUsed):
        permit.as_paper("dostuk", "6", document="CMR 1", permit=read)
    other = replace(permit, serial=permit.serial ^ 1)
    other.as_paper("dostuk", "4", document="CMR 1", permit=read)
    with pytest.raises(AlreadyUsed):
        other.by_code("dostuk", "6", transport_document="CMR 1")


def test_transit_uses_nothing(permit: Presented) -> None:
    for post in ("dostuk", "torugart"):
        assert not flagged(permit, permit.as_paper(post, direction="transit"))
        permit.office.later(DAY)
    assert permit.by_code("dostuk")["result"] == "accepted"


def test_many_crossings_on_paper_alone_does_not_override_the_code(permit: Presented) -> None:
    many = replace(permit, kind="OT", serial=permit.serial ^ 2)
    many.as_paper("dostuk")
    many.by_code("torugart")
    assert not flagged(many, many.as_paper("dostuk"))
    assert not flagged(many, many.as_paper("dostuk", used=False))
    permit.by_code("torugart")
    with pytest.raises(AlreadyUsed):
        permit.as_paper("dostuk", permit=read_off("2", "OT"))
    other = replace(permit, serial=permit.serial ^ 1)
    other.as_paper("dostuk")
    with pytest.raises(AlreadyUsed):
        other.as_paper("torugart", permit=read_off("2", "OT"))


def test_hand_stamp_confirmed_after_use_of_paper_is_a_conflict(permit: Presented) -> None:
    stamped = permit.by_code("torugart", recorded="paper")
    permit.as_paper("dostuk")
    confirmed = paper_stamps.confirm(stamped["event_id"], BEKZAT, permit.deps)
    assert confirmed["result"] == "conflict"


def test_devices_receive_use_of_a_paper_and_its_withdrawal(permit: Presented) -> None:
    def told() -> list[Use]:
        rows = permit.register.query(f"USES#{permit.office.now // DAY}")
        return [
            use for row in rows if row.data["number"] == permit.number for use in store.load_uses([row.data["use"]])
        ]

    paper = permit.as_paper("dostuk", number=permit.number.lower())
    assert [(use.event_id, use.kind, use.counts) for use in told()] == [(paper.id, "import", True)]
    changes.withdraw(paper.id, "wrong paper", AIZADA, permit.deps)
    assert [use.counts for use in told()] == [False]


def withdrawn(permit: Presented, paper: ForeignPermit, reason: str = "wrong paper") -> None:
    changes.withdraw(paper.id, reason, AIZADA, permit.deps)


def long(quantity: str = "123456789.12345", kind: str = "OT") -> tuple[Application, tuple[tuple[str, str], ...]]:
    """Particulars of a paper with sixty lines, and the use of all of them."""
    read = read_off(quantity, kind, "KGM")
    return replace(read, lines=read.lines * 60), tuple((line_letter(index), quantity) for index in range(60))


def copied(permit: Presented, times: int) -> None:
    """Copy the one used paper into the row of the number this many times."""
    known = number_of("KZ", permit.number, permit.register)
    (entry,) = known.used.values()
    entries = [{**entry, "use": {**entry["use"], "event_id": new_uuid()}} for _ in range(times)]
    permit.register.commit(replace(known, used={each["use"]["event_id"]: each for each in entries}).put())


def test_papers_without_use_take_no_room_of_uses(permit: Presented) -> None:
    permit.as_paper("dostuk")
    before = number_of("KZ", permit.number, permit.register).used
    for _ in range(2):
        permit.as_paper("torugart", used=False, permit=long()[0], actor=AIZADA)
    assert number_of("KZ", permit.number, permit.register).used == before
    second = permit.as_paper("torugart", actor=AIZADA, offline=True)
    assert second.endorsed is not None
    assert second.endorsed.result == "conflict"


@pytest.mark.parametrize("offline", [False, True])
def test_one_person_cannot_fill_a_number_with_papers(permit: Presented, *, offline: bool) -> None:
    many = replace(permit, kind="OT", serial=permit.serial ^ 1)
    many.as_paper("dostuk", actor=BEKZAT)
    copied(many, 39)
    many.as_paper("dostuk", offline=offline, actor=BEKZAT)
    with pytest.raises(TooLarge):
        many.as_paper("dostuk", offline=offline, actor=BEKZAT)
    many.as_paper("dostuk", offline=offline, actor=AIZADA)


def test_number_full_of_long_papers_has_room_for_a_withdrawal(permit: Presented) -> None:
    read, lines = long()
    many = replace(permit, kind="OT", serial=permit.serial ^ 1)
    many.as_paper("dostuk", permit=read, lines=lines, actor=BEKZAT)
    size = len(json.dumps(number_of("KZ", many.number, many.register).put().data))
    copied(many, store.DOSSIER_BYTES // size - 1)
    last = many.as_paper("dostuk", permit=read, lines=lines, actor=CHINARA)
    with pytest.raises(TooLarge):
        many.as_paper("dostuk", permit=read, lines=lines, actor=CHINARA)
    withdrawn(many, last, "ы" * 2000)


def test_withdrawn_papers_keep_lines_of_the_newest_five(permit: Presented) -> None:
    for _ in range(7):
        withdrawn(permit, permit.as_paper("dostuk", actor=BEKZAT))
        permit.office.later(60)
    papers = number_of("KZ", permit.number, permit.register).papers
    assert [bool(use.lines) for use in sorted(papers, key=lambda use: use.at)] == [False] * 2 + [True] * 5


def test_quoted_number_allows_the_quantity_of_the_used_paper(permit: Presented) -> None:
    def told() -> Origin:
        return _origin("KZ", permit.number, permit.deps)

    permit.as_paper("dostuk", used=False)
    assert told() == Origin(True)
    paper = permit.as_paper("dostuk", actor=BEKZAT)
    assert told() == Origin(True, {"": Decimal(2)})
    withdrawn(permit, paper)
    assert told() == Origin(True)
