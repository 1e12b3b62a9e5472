"""Size limits: one officer cannot fill a permit's record, a device's bundle or the time of a verdict."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from border import (  # fmt: skip
    AIZADA,
    CHINARA,
    Phone,
    endorse,
    event,
    from_kazakhstan,
    held,
    lines,
    look,
    new_uuid,
    undo,
    with_kazakhstan,
)
from kinds import APPLICATIONS
from life import endorsement, issued
from office import BEKZAT, DAY, PREPARER, MemoryOffice
from smuggler import replaced

from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import AlreadyUsed, TooLarge
from chalicelib.kernel.rows import Key, Put
from chalicelib.offline.services import bundle as offline_bundle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.uses.use_limits import (
    CARRIED_AT_MOST,
    NON_CONSUMING_AT_MOST,
    NON_CONSUMING_AT_MOST_BY_ONE,
    USES_AT_MOST,
    USES_AT_MOST_BY_ONE,
)


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


def sent(phone: Phone, dossier: Dossier, count: int, **changes: Any) -> list[str]:
    """Upload `count` invented crossings with texts of maximal length, and return the event ids of the accepted ones."""
    long = {"transport_document": "ы" * 100, "customs_document": "ы" * 100, "on_behalf_of": None, **changes}
    events = [event(endorsement(phone.office, dossier, event_id=new_uuid(), **long)) for _ in range(count)]
    answers = [answer for i in range(0, count, 100) for answer in phone.sync(*events[i : i + 100])]
    assert {answer["problem"] for answer in answers if answer["result"] == "rejected"} <= {"too-large"}
    return [answer["event_id"] for answer in answers if answer["result"] != "rejected"]


def bundle(office: MemoryOffice) -> Any:
    office.later(61)  # the bundle is cached for a minute
    return office.bundle()[0]


def test_invented_returns_do_not_fill_record_or_bundle(office: MemoryOffice) -> None:
    dossier = issued(office)
    before = len(json.dumps(bundle(office)))
    assert len(sent(Phone(office, actor=BEKZAT), dossier, 450, direction="return")) == NON_CONSUMING_AT_MOST_BY_ONE
    assert len(sent(Phone(office, actor=CHINARA), dossier, 50, direction="return")) == NON_CONSUMING_AT_MOST_BY_ONE
    assert sent(Phone(office, actor=AIZADA), dossier, 5, direction="return") == []  # limit for all officers together
    assert len(held(office, dossier).uses) == NON_CONSUMING_AT_MOST
    assert len(json.dumps(bundle(office))) == before  # the bundle leaves out events that use nothing
    assert endorse(office, dossier)["use"] == "exported"
    (told,) = bundle(office)["uses"]
    assert told[2]["kind"] == "export"


def test_replacement_starts_without_returns_of_old_permit(office: MemoryOffice) -> None:
    dossier = issued(office)
    sent(Phone(office, actor=BEKZAT), dossier, 20, direction="return")
    new = replaced(office, held(office, dossier))
    assert new.uses == ()
    assert endorse(office, new)["use"] == "exported"
    sent(Phone(office, actor=CHINARA), dossier, 20, direction="return")
    assert [use.kind for use in held(office, new).uses] == ["export"]


def test_pending_and_withdrawn_uses_do_not_block_export(office: MemoryOffice) -> None:
    dossier = issued(office)
    for actor in (BEKZAT, CHINARA, AIZADA):
        made = sent(Phone(office, actor=actor), dossier, 60, recorded="paper")
    assert len(held(office, dossier).uses) == USES_AT_MOST
    assert made == []
    first = endorse(office, dossier)
    undo(office, first["event_id"], CHINARA)
    assert endorse(office, dossier, BEKZAT)["use"] == "exported"


def test_conflicts_by_one_officer_are_limited_and_withdrawable(office: MemoryOffice) -> None:
    dossier = issued(office)
    made = sent(Phone(office, actor=BEKZAT), dossier, 450, transport_document="X")
    assert len(made) == USES_AT_MOST_BY_ONE
    with pytest.raises(AlreadyUsed):
        endorse(office, dossier)
    for event_id in made:
        undo(office, event_id, CHINARA)
    assert endorse(office, dossier, CHINARA)["use"] == "exported"


def test_old_withdrawn_uses_are_shortened_and_whole_in_history(office: MemoryOffice) -> None:
    dossier = issued(office)
    made = []
    for _ in range(7):
        made.append(endorse(office, dossier, BEKZAT, customs_document="SAD 1")["event_id"])
        office.later(1)
        undo(office, made[-1], CHINARA)
    uses = held(office, dossier).uses
    assert [bool(use.lines) for use in uses] == [False] * 2 + [True] * 5
    assert (uses[0].transport_document, uses[0].customs_document, uses[0].post) == ("", None, "manas-airport")
    told = [entry["detail"]["use"] for entry in store.history(office.register, dossier.id, PREPARER)[0]
            if entry["action"] == "undo"]  # fmt: skip
    assert [use["event_id"] for use in told] == made
    assert {use["customs_document"] for use in told} == {"SAD 1"}
    assert "U7" in look(office, dossier).codes


def test_first_use_has_reserved_room_in_bytes(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = issued(office)
    size = len(json.dumps(store.dossier_put(held(office, dossier), 0).data, ensure_ascii=False).encode())
    monkeypatch.setattr(store, "DOSSIER_BYTES", size + store.SPARE)
    with pytest.raises(TooLarge):
        endorse(office, dossier, direction="return")
    assert endorse(office, dossier)["use"] == "exported"
    with pytest.raises(TooLarge):
        endorse(office, dossier, direction="return")


def test_permit_of_another_party_has_the_same_limits(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    permit, text = from_kazakhstan(office)
    post = "manas-airport"
    asked = Endorsement(new_uuid(), post, "return", office.now, lines(*[x.quantity for x in permit.lines]), qr=text,
                        transport_document="AWB 1")  # fmt: skip
    answers = Phone(office, actor=BEKZAT).sync(
        *(event(replace(asked, event_id=new_uuid())) for _ in range(30)), checker=checker
    )
    assert Counter(answer.get("problem") for answer in answers) == {None: NON_CONSUMING_AT_MOST_BY_ONE, "too-large": 20}
    assert (
        endorse(office, replace(asked, event_id=new_uuid(), direction="import"), checker=checker)["use"] == "imported"
    )
    key = Key("FOREIGN#KZ", permit.number)
    row = office.register.get(key)
    assert row is not None
    full = [{**row.data["uses"][0], "event_id": new_uuid(), "customs_document": "x" * 350_000}]
    office.register._rows.pop(key)
    office.register.commit(Put(key, {**row.data, "uses": full}))
    with pytest.raises(TooLarge, match="record is full"):
        endorse(office, replace(asked, event_id=new_uuid(), direction="import"), checker=checker)


def test_document_for_many_crossings_and_replacement_keep_latest_uses(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["OW"])
    made = sent(Phone(office, actor=BEKZAT), dossier, 60, lines=lines("1"))
    assert len(made) == USES_AT_MOST_BY_ONE
    assert endorse(office, dossier, CHINARA, lines=lines("1"))["result"] == "accepted"
    office.later(31 * DAY)
    assert endorse(office, dossier, BEKZAT, lines=lines("1"))["result"] == "accepted"
    kept = held(office, dossier)
    new = replaced(office, kept)
    latest = sorted(kept.uses, key=lambda use: (use.at, use.event_id))[-CARRIED_AT_MOST:]
    assert [use.event_id for use in new.uses] == [use.event_id for use in latest]
    (late,) = sent(Phone(office, actor=CHINARA), dossier, 1, lines=lines("1"))
    assert [use.event_id for use in held(office, new).uses[CARRIED_AT_MOST:]] == [late]


# the bundle


def told_of(office: MemoryOffice, day: int, number: str, count: int, size: int = 0) -> None:
    for i in range(count):
        use = {
            "event_id": f"{number}-{i:05d}",
            "kind": "export",
            "at": day * DAY + count - i,
            "customs_document": "x" * size,
        }
        row = {"issuer": "KG", "number": number, "use": use}
        office.register.commit(Put(Key(f"USES#{day}", use["event_id"]), row))


def test_bundle_has_first_twenty_uses_of_a_permits_latest_days(office: MemoryOffice) -> None:
    today = office.now // DAY
    told_of(office, today, "1", 15)
    told_of(office, today - 1, "1", 30)
    content = bundle(office)
    told = [use["at"] for _, _, use in content["uses"]]
    assert len(told) == offline_bundle.PERMITS_USES_AT_MOST
    assert told == sorted(told[:15]) + [(today - 1) * DAY + i for i in range(1, 6)]
    assert "uses_since" not in content


def test_bundle_over_limit_is_cut_and_names_its_start(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    today = office.now // DAY
    for day in range(3):
        for number in "123":
            told_of(office, today - day, f"{day}{number}", 5, size=1000)
    each = len(json.dumps(bundle(office)["uses"][0]))
    monkeypatch.setattr(offline_bundle, "USES_AT_MOST", each * 40)
    content = bundle(office)
    assert len(content["uses"]) == 40
    assert content["uses_since"] == (today - 1) * DAY  # the day before was cut
    monkeypatch.setattr(offline_bundle, "USES_AT_MOST", each)
    assert bundle(office)["uses_since"] == office.now
    monkeypatch.undo()
    monkeypatch.setattr(offline_bundle, "ROWS_AT_MOST", 10)
    assert (len(bundle(office)["uses"]), bundle(office)["uses_since"]) == (10, office.now)


def test_longest_bundle_fits_lambda_response_limit(office: MemoryOffice) -> None:
    """Lambda allows 6 MB of JSON inside JSON. The trust lists, status lists and posts need room too."""
    today = office.now // DAY
    for permit in range(400):
        told_of(office, today - permit % 30, str(permit), 20, size=300)
    content = bundle(office)
    assert "uses_since" in content
    assert len(json.dumps(content["uses"])) > 2_900_000
    assert len(json.dumps(json.dumps(content["uses"]))) < 5_000_000
