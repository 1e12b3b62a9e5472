"""Endorsements by telephone, on paper, in parts and of other Parties' permits, and their withdrawal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import (
    AT_OSH,
    CHINARA,
    GUARD,
    INSPECTOR,
    confirm,
    endorse,
    from_kazakhstan,
    held,
    lines,
    look,
    move,
    new_uuid,
    status_of,
    undo,
    with_kazakhstan,
)
from life import APPLICATION, endorsement, issued
from office import AIZADA, APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice
from token_maker import FALCON

from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.errors import AlreadyUsed, Forbidden, Invalid, NoMatch, NotUsable, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.record.permit import TokenParty
from chalicelib.verification.services.foreign_numbers import foreign_key

HOUR = 3600
MANAS, OSH = "manas-airport", "osh-airport"


# by telephone and on paper


def test_duty_desk_endorses_for_post_by_number_and_check_code(office: MemoryOffice, permit: Dossier) -> None:
    desk = Actor("u-desk", "Desk", frozenset({"customs"}), frozenset({"ministry"}))
    asked = endorsement(
        office, permit, qr="", number=permit.number, code=(permit.check_code or "").lower().replace("-", ""),
        on_behalf_of="Officer Asel, Irkeshtam", post="irkeshtam",
    )  # fmt: skip
    with pytest.raises(Forbidden):
        endorse(office, replace(asked, on_behalf_of=None), desk)
    with pytest.raises(Forbidden):
        endorse(office, asked, AT_OSH)
    receipt = endorse(office, asked, desk)
    use = held(office, permit).uses[0]
    assert (receipt["post"], use.officer, use.on_behalf_of) == ("irkeshtam", "u-desk", "Officer Asel, Irkeshtam")
    with pytest.raises(NoMatch):
        endorse(office, asked, desk, event_id=new_uuid(), code="AAAA-AAAA")


def test_hand_stamped_endorsement_counts_after_second_officer_confirms(office: MemoryOffice, permit: Dossier) -> None:
    stamped = office.now
    office.later(20 * DAY)
    asked = endorsement(office, permit, recorded="paper", endorsed_at=stamped)
    assert endorse(office, asked)["result"] == "pending"
    assert (held(office, permit).use, status_of(office, permit)) == ("unused", 0)
    with pytest.raises(TwoPeople):
        confirm(office, asked.event_id, AIZADA)
    for stranger in (AT_OSH, GUARD, PREPARER):
        with pytest.raises(Forbidden):
            confirm(office, asked.event_id, stranger)
    receipt = confirm(office, asked.event_id)
    assert (receipt["result"], receipt["use"], status_of(office, permit)) == ("accepted", "exported", 3)
    assert confirm(office, asked.event_id) == receipt == endorse(office, asked)
    with pytest.raises(NotUsable):
        confirm(office, asked.event_id, CHINARA)
    assert held(office, permit).uses[0].confirmed_by == BEKZAT.id


@pytest.mark.parametrize("away", [-31 * DAY, 601])
def test_paper_stamp_older_than_30_days_or_in_future_is_refused(
    office: MemoryOffice, permit: Dossier, away: int
) -> None:
    with pytest.raises(Invalid, match="30 days"):
        endorse(office, permit, recorded="paper", endorsed_at=office.now + away)


def test_paper_stamp_confirmed_after_online_use_is_conflict(office: MemoryOffice, permit: Dossier) -> None:
    office.later(2 * DAY)
    asked = endorsement(office, permit, recorded="paper", post=OSH, endorsed_at=office.now - 2 * DAY)
    endorse(office, asked)
    endorse(office, permit)
    assert confirm(office, asked.event_id)["result"] == "conflict"
    assert "U4" in look(office, permit, "import", country="AE").codes


@pytest.mark.parametrize("how", ["expired", "suspended", "lost", "revoked"])
def test_paper_stamp_before_end_of_permit_is_accepted(office: MemoryOffice, permit: Dossier, how: str) -> None:
    """The goods left while the permit was valid. Without this use they could leave again on a replacement."""
    if how == "expired":
        permit = issued(office, replace(APPLICATION, valid_until="2026-11-27"))
    office.later(DAY)
    stamped = office.now
    office.later(3 * DAY)
    if how == "expired":
        assert "S1" in look(office, permit).codes
    else:
        move(office, permit, how)
    asked = endorsement(office, permit, recorded="paper", endorsed_at=stamped)
    assert endorse(office, asked)["result"] == "pending"
    confirm(office, asked.event_id)
    assert held(office, permit).use == "exported"


@pytest.mark.parametrize(("days", "code"), [(4, "S1"), (-1, "S5")])
def test_paper_stamp_outside_validity_is_refused(office: MemoryOffice, days: int, code: str) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    stamped = office.now + days * DAY
    office.later(5 * DAY)
    with pytest.raises(NotUsable) as refused:
        endorse(office, dossier, recorded="paper", endorsed_at=stamped)
    assert refused.value.extra["codes"] == [code]


def test_withdrawn_paper_stamp_cannot_be_confirmed(office: MemoryOffice, permit: Dossier) -> None:
    asked = endorsement(office, permit, recorded="paper")
    endorse(office, asked)
    undo(office, asked.event_id)
    with pytest.raises(NotUsable):
        confirm(office, asked.event_id)
    assert held(office, permit).use == "unused"


# parts of an import


def test_parts_of_consignment_arrive_under_one_transport_document(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office, lines=(replace(FALCON, quantity="10"),))

    def arrive(quantity: str, document: str = "CMR 1", post: str = "dostuk") -> dict[str, Any]:
        asked = endorsement(office, issued_for_lines, qr=code, direction="import", lines=lines(quantity), post=post,
                            transport_document=document)  # fmt: skip
        return endorse(office, asked, checker=checker)

    issued_for_lines = issued(office)
    assert arrive("4")["use"] == "imported"
    office.later(13 * HOUR)
    with pytest.raises(AlreadyUsed):
        arrive("4", document="CMR 2")
    assert arrive("4")["result"] == "accepted"
    office.later(DAY)
    assert arrive("2")["result"] == "accepted"
    with pytest.raises(AlreadyUsed):  # all ten have arrived
        arrive("1")


def test_part_after_thirty_days_is_refused(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    dossier = issued(office)
    _, code = from_kazakhstan(office, lines=(replace(FALCON, quantity="10"),))
    first = endorsement(office, dossier, qr=code, direction="import", lines=lines("4"), post="dostuk")
    endorse(office, first, checker=checker)
    office.later(31 * DAY)
    later = replace(first, event_id=new_uuid(), endorsed_at=office.now)
    with pytest.raises(AlreadyUsed):
        endorse(office, later, checker=checker)


# another Party's permit


def test_permit_of_another_party_is_used_once_by_our_row(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    theirs, code = from_kazakhstan(office)
    asked = endorsement(office, issued(office), qr=code, direction="import", lines=lines("1"), post="dostuk")
    receipt = endorse(office, asked, checker=checker)
    assert (receipt["number"], receipt["state"], receipt["use"]) == (theirs.number, "foreign", "imported")
    assert endorse(office, asked, checker=checker) == receipt
    with pytest.raises(AlreadyUsed) as refused:
        endorse(office, replace(asked, event_id=new_uuid(), post=OSH, transport_document="2"), BEKZAT, checker=checker)
    assert refused.value.extra["first_use"]["post"] == "dostuk"
    row = office.register.get(foreign_key("KZ", theirs.number))
    assert row is not None
    assert [use["event_id"] for use in row.data["uses"]] == [asked.event_id]


def test_permit_of_another_party_is_endorsed_with_all_its_pages(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    first = from_kazakhstan(office, lines=(FALCON,) * 4, page=(1, 2))[1]
    second = from_kazakhstan(office, lines=(FALCON,), page=(2, 2), cti=bytes(16))[1]
    asked = endorsement(office, issued(office), direction="import", post="dostuk", qr=second, lines=lines(*"11111"))
    with pytest.raises(Invalid, match="other pages"):
        endorse(office, replace(asked, lines=lines("1")), checker=checker)
    assert endorse(office, replace(asked, other_pages=(first,)), checker=checker)["use"] == "imported"


def test_equal_number_of_another_party_uses_its_own_row(office: MemoryOffice, permit: Dossier) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office, number=permit.number)
    asked = endorsement(office, permit, qr=code, direction="import", lines=lines("1"), post="dostuk")
    endorse(office, asked, checker=checker)
    assert held(office, permit).uses == ()


def test_transit_uses_nothing(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office, importer=TokenParty("Emir", "AE"))
    asked = endorsement(office, issued(office), qr=code, direction="transit", lines=lines("1"), post="dostuk")
    for _ in range(2):
        assert endorse(office, asked, checker=checker, event_id=new_uuid())["use"] == "unused"


def test_return_on_permit_of_another_party_is_refused(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, text = from_kazakhstan(office)
    for direction in ("return", "import", "return"):
        asked = Endorsement(
            new_uuid(), MANAS, Direction(direction), office.now, lines("1"), qr=text, transport_document="AWB 1"
        )  # fmt: skip
        if direction == "import":
            assert endorse(office, asked, checker=checker)["use"] == "imported"
        else:
            with pytest.raises(NotUsable, match="P1"):
                endorse(office, asked, checker=checker)


# withdrawal


def test_other_officer_of_post_withdraws_use_within_a_day(office: MemoryOffice, permit: Dossier) -> None:
    event = endorse(office, permit)["event_id"]
    with pytest.raises(TwoPeople):
        undo(office, event, AIZADA)
    for stranger in (AT_OSH, GUARD, INSPECTOR, PREPARER):
        with pytest.raises(Forbidden):
            undo(office, event, stranger)
    office.later(DAY)
    undo_id = new_uuid()
    receipt = undo(office, event, BEKZAT, undo_id)
    assert (receipt["use"], held(office, permit).use, status_of(office, permit)) == ("unused", "unused", 0)
    assert undo(office, event, BEKZAT, undo_id) == receipt
    with pytest.raises(NotUsable):
        undo(office, event, BEKZAT)
    use = held(office, permit).uses[0]  # nothing is erased
    assert use.withdrawn is not None
    assert use.withdrawn.reason == "goods still here"
    assert "U7" in look(office, permit, "export", MANAS).codes
    assert endorse(office, permit)["use"] == "exported"


def test_use_after_a_day_is_withdrawn_by_other_approver_only(office: MemoryOffice, permit: Dossier) -> None:
    both = Actor("u-both", "Both", frozenset({"customs", "approver"}), frozenset({"*"}))
    event = endorse(office, permit, both)["event_id"]
    office.later(DAY + 1)
    with pytest.raises(Forbidden):
        undo(office, event, BEKZAT)
    with pytest.raises(TwoPeople):
        undo(office, event, both)
    assert undo(office, event, APPROVER)["use"] == "unused"


def test_export_use_cannot_be_withdrawn_after_import(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office)
    some = issued(office)
    base = endorsement(office, some, qr=code, lines=lines("1"), post="dostuk", direction="import")
    left = endorse(office, some)["event_id"]
    inner = held(office, some)
    arrived = replace(inner.uses[0], event_id=new_uuid(), kind="import")
    store.change(some.id, APPROVER, lambda old: store.Change(old.but(uses=(*old.uses, arrived)), "test"), office)
    with pytest.raises(NotUsable):
        undo(office, left)
    endorse(office, base, checker=checker)
    with pytest.raises(NoMatch):
        undo(office, new_uuid())
