"""Block 14 exactly once: who may, what is kept, what a lost answer does, and how it is taken back."""

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
    new_uuid,
    undo,
    with_kazakhstan,
)
from crashing import Wrapped, memory, rows
from kinds import APPLICATIONS
from life import APPLICATION, SAKER, approved, endorsement, issue, issued
from office import AIZADA, APPLICANT, APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice
from token_maker import FALCON

from chalicelib.core.dossier import Dossier, status_value
from chalicelib.core.errors import (
    AlreadyUsed,
    EventIdReused,
    Forbidden,
    Invalid,
    NoMatch,
    NotGenuine,
    NotUsable,
    QuantityExceeded,
    TamgaError,
    TwoPeople,
    WrongState,
)
from chalicelib.core.ledger import UsedLine
from chalicelib.core.permit import TokenParty
from chalicelib.core.roles import Actor
from chalicelib.ports import Key
from chalicelib.services import change_status, scan_permit, store
from chalicelib.services.endorse_permit import Endorsement
from chalicelib.services.foreign_numbers import foreign_key
from chalicelib.services.scan_permit import Scan

HOUR = 3600
MANAS, OSH = "manas-airport", "osh-airport"


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    return issued(office)


def status_of(office: MemoryOffice, dossier: Dossier) -> int:
    return int(rows(office.register)[Key(f"STATUS#{dossier.status_uri}", f"{dossier.status_idx:06d}")]["value"])


def move(office: MemoryOffice, dossier: Dossier, how: str) -> None:
    by: Any = {"register": office.register, "now": office.now}
    match how:
        case "suspended":
            change_status.suspend(dossier.id, "doubt", APPROVER, **by)
        case "revoked":
            change_status.revoke(dossier.id, "wish", False, APPROVER, **by)
        case "for cause":
            change_status.revoke(dossier.id, "fraud", True, APPROVER, **by)
        case "lost" | "stolen":
            change_status.report_lost(dossier.id, "gone", how, APPLICANT, **by)


# exactly once


def test_one_endorsement_moves_use_status_history_and_the_days_list_together(
    office: MemoryOffice, permit: Dossier
) -> None:
    asked = endorsement(office, permit)
    receipt = endorse(office, asked)
    assert receipt == {
        "event_id": asked.event_id, "number": permit.number, "kind": "export", "post": MANAS, "at": office.now,
        "officer": "Aizada", "lines": [{"line": "A", "quantity": "2"}], "transport_document": "AWB 235-1234",
        "result": "accepted", "state": "issued", "use": "exported",
    }  # fmt: skip
    after = held(office, permit)
    assert (after.use, status_value(after), status_of(office, permit)) == ("exported", 3, 3)
    assert store.history(office.register, permit.id, PREPARER)[-1]["action"] == "endorse"
    assert rows(office.register)[Key(f"USES#{office.now // DAY}", asked.event_id)]["number"] == permit.number


def test_the_same_event_again_is_the_same_receipt_and_nothing_else(office: MemoryOffice, permit: Dossier) -> None:
    asked = endorsement(office, permit)
    first = endorse(office, asked)
    before = rows(office.register)
    office.later(HOUR)  # long past the ten minutes: it is the retry of an answer that was lost
    assert endorse(office, asked) == first
    typed = replace(asked, qr="", number=permit.number or "", code=permit.check_code or "")
    assert endorse(office, typed) == first  # by another way the same
    assert rows(office.register) == before


@pytest.mark.parametrize(
    "change",
    [
        {"post": OSH},
        {"lines": lines("1")},
        {"transport_document": "AWB 9"},
        {"direction": "transit"},
        {"endorsed_at": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_event_id_is_for_one_content(office: MemoryOffice, permit: Dossier, change: dict[str, Any]) -> None:
    asked = endorsement(office, permit)
    endorse(office, asked)
    with pytest.raises(EventIdReused):
        endorse(office, replace(asked, **change))
    with pytest.raises(EventIdReused):
        endorse(office, asked, BEKZAT)
    other = issued(office)
    with pytest.raises(EventIdReused):
        endorse(office, replace(asked, qr=other.tokens[0]))
    assert held(office, other).uses == ()
    with pytest.raises(EventIdReused):
        undo(office, asked.event_id, BEKZAT, undo_id=asked.event_id)
    with pytest.raises(EventIdReused):
        scan(office, Scan(asked.event_id, permit.tokens[0], MANAS, office.now, "export", True))


def test_a_refusal_is_kept_and_told_again_though_the_winner_is_gone(office: MemoryOffice, permit: Dossier) -> None:
    won = endorse(office, permit)
    late = endorsement(office, permit, post=OSH)
    for _ in range(2):
        with pytest.raises(AlreadyUsed) as refused:
            endorse(office, late, BEKZAT)
        assert refused.value.extra["first_use"] == {
            "at": won["at"], "post": MANAS, "lines": [{"line": "A", "quantity": "2"}],
        }  # fmt: skip
    undo(office, won["event_id"], BEKZAT)
    with pytest.raises(AlreadyUsed):
        endorse(office, late, BEKZAT)
    assert endorse(office, late, BEKZAT, event_id=new_uuid())["use"] == "exported"
    assert len(held(office, permit).uses) == 2  # a refusal is no use


def test_a_loser_of_the_race_learns_it_from_the_winners_record(office: MemoryOffice, permit: Dossier) -> None:
    inner, won = memory(office.register), []

    def first(puts: Any) -> None:
        if not won and any(put.key.sort == "DOSSIER" for put in puts):
            won.append(1)
            office.register = inner
            won[0] = endorse(office, permit, BEKZAT, post=OSH)
            office.register = wrapped

    wrapped = Wrapped(inner, before=first)
    office.register = wrapped  # type: ignore[assignment]
    with pytest.raises(AlreadyUsed) as refused:
        endorse(office, permit)
    assert refused.value.extra["first_use"]["post"] == OSH
    assert [use.event_id for use in held(office, permit).uses] == [won[0]["event_id"]]


# what may be endorsed


def test_every_line_of_every_page_is_named(office: MemoryOffice) -> None:
    many = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="2") for n in range(6))
    dossier = issued(office, replace(APPLICATION, lines=many))
    assert len(dossier.tokens) > 1
    full = ("2", "1", "0", "2", "2", "0")
    with pytest.raises(Invalid, match="missing: F"):
        endorse(office, dossier, lines=lines(*full[:5]))
    with pytest.raises(Invalid, match="no such line"):
        endorse(office, dossier, lines=lines(*full, "1"))
    with pytest.raises(Invalid, match="named once"):
        endorse(office, dossier, lines=(*lines(*full), UsedLine("A", "1")))
    with pytest.raises(Invalid, match="above 0"):
        endorse(office, dossier, lines=lines(*["0"] * 6))
    receipt = endorse(office, dossier, lines=lines(*full), qr=dossier.tokens[1])  # any page stands for the whole
    assert receipt["use"] == "exported"
    assert look(office, dossier, "export", OSH).outcome == "hold"


@pytest.mark.parametrize(
    ("given", "error"),
    [("3", QuantityExceeded), ("1.5", Invalid), ("-1", Invalid), ("1e9", Invalid), ("02", Invalid), ("٢", Invalid),
     ("", Invalid), ("1", None)],
)  # fmt: skip
def test_quantities(office: MemoryOffice, permit: Dossier, given: str, error: type[TamgaError] | None) -> None:
    if error is None:
        assert endorse(office, permit, lines=lines(given))["use"] == "exported"  # what is left lapses
        with pytest.raises(AlreadyUsed):
            endorse(office, permit, lines=lines(given))
        return
    with pytest.raises(error):
        endorse(office, permit, lines=lines(given))
    assert held(office, permit).uses == ()


def test_more_may_arrive_than_left_and_is_said(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["I"])
    receipt = endorse(office, dossier, direction="import", lines=(UsedLine("A", "3", "1"),))
    assert (receipt["use"], status_of(office, dossier)) == ("imported", 3)
    with pytest.raises(Invalid, match="No more dead"):
        endorse(office, issued(office, APPLICATIONS["I"]), direction="import", lines=(UsedLine("A", "2", "3"),))


def test_an_import_permit_is_endorsed_at_import_only(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["I"])
    with pytest.raises(NotUsable):
        endorse(office, dossier, direction="export")
    endorse(office, dossier, direction="import")
    with pytest.raises(AlreadyUsed):
        endorse(office, dossier, direction="import", transport_document="AWB 2")


@pytest.mark.parametrize("kind", ["OT", "OW", "OM", "OS"])
def test_documents_for_many_crossings_are_never_used_up(office: MemoryOffice, kind: str) -> None:
    dossier = issued(office, APPLICATIONS[kind])
    for direction in ("export", "return", "export", "return"):
        office.later(2 * DAY)
        asked = endorsement(office, dossier, direction=direction)
        assert endorse(office, asked)["use"] == "unused"
    assert (len(held(office, dossier).uses), status_of(office, dossier)) == (4, 0)
    with pytest.raises(QuantityExceeded):
        endorse(office, dossier, lines=lines("1000"))
    assert look(office, dossier, "export", MANAS).outcome == "accept"


def test_our_own_goods_coming_back_are_a_return_and_no_import(office: MemoryOffice, permit: Dossier) -> None:
    endorse(office, permit)
    office.later(DAY)
    receipt = endorse(office, permit, direction="import", transport_document="AWB back")
    assert (receipt["kind"], receipt["use"], status_of(office, permit)) == ("return", "exported", 3)
    assert [use.kind for use in held(office, permit).uses] == ["export", "return"]


@pytest.mark.parametrize(
    ("how", "code"),
    [("suspended", "S3"), ("revoked", "S2"), ("for cause", "S7"), ("lost", "S6"), ("stolen", "S6")],
)
def test_what_is_not_in_force_is_not_endorsed(office: MemoryOffice, permit: Dossier, how: str, code: str) -> None:
    move(office, permit, how)
    with pytest.raises(NotUsable) as refused:
        endorse(office, permit)
    assert refused.value.extra["codes"] == [code]
    assert held(office, permit).uses == ()


def test_what_is_reinstated_is_endorsed_even_under_the_same_event(office: MemoryOffice, permit: Dossier) -> None:
    move(office, permit, "suspended")
    asked = endorsement(office, permit)
    with pytest.raises(NotUsable):
        endorse(office, asked)
    change_status.reinstate(permit.id, "cleared up", APPROVER, register=office.register, now=office.now)
    assert endorse(office, asked)["use"] == "exported"


def test_after_the_last_day_nothing_leaves(office: MemoryOffice) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    assert dossier.expires_at is not None
    office.now = dossier.expires_at - 1
    asked = endorsement(office, dossier)
    office.later(1)
    with pytest.raises(NotUsable) as refused:
        endorse(office, asked)
    assert refused.value.extra["codes"] == ["S1"]


def test_nobody_elses_border(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["I"])
    with pytest.raises(NotUsable):
        endorse(office, dossier, direction="transit")
    permit_ = issued(office)
    with pytest.raises(NotUsable) as refused:  # our own exports do not pass through us
        endorse(office, permit_, direction="transit")
    assert refused.value.extra["codes"] == ["P1"]


def test_what_is_not_genuine_is_not_endorsed(office: MemoryOffice, permit: Dossier) -> None:
    digits = permit.tokens[0]
    forged = digits[:-3] + ("1" if digits[-3] == "0" else "0") + digits[-2:]
    for text in (forged, "hello", "https://tamga.example/1#123", from_kazakhstan(office)[1]):
        with pytest.raises(NotGenuine):
            endorse(office, endorsement(office, permit, qr=text))
    stranger = MemoryOffice()  # the same numbers, another root
    with pytest.raises(NotGenuine):
        endorse(office, endorsement(office, permit, qr=issued(stranger).tokens[0]))
    assert held(office, permit).uses == ()


def test_a_signed_permit_that_the_register_does_not_hold_is_not_endorsed(office: MemoryOffice, permit: Dossier) -> None:
    """Whoever has the key cannot use up an honest number, nor a number that was never given."""
    twin = MemoryOffice()
    twin.__dict__.update({**office.__dict__, "register": memory(twin.register)})
    twin.__dict__.pop("issuer", None)
    other = issue(twin, approved(twin, replace(APPLICATION, purpose="B")))
    assert other.number == permit.number
    with pytest.raises(NotGenuine) as refused:
        endorse(office, permit, qr=other.tokens[0])
    assert refused.value.extra["codes"] == ["F4"]
    unknown = issue(twin, approved(twin))
    with pytest.raises(NotGenuine) as refused:
        endorse(office, permit, qr=unknown.tokens[0])
    assert refused.value.extra["codes"] == ["F3"]


# who, where, when


@pytest.mark.parametrize(
    ("actor", "post"),
    [(AT_OSH, MANAS), (GUARD, MANAS), (AIZADA, "ak-zhol"), (GUARD, "ak-zhol"), (PREPARER, MANAS), (APPLICANT, MANAS)],
)
def test_who_may_not_endorse_where(office: MemoryOffice, permit: Dossier, actor: Actor, post: str) -> None:
    with pytest.raises(Forbidden):
        endorse(office, permit, actor, post=post)


def test_the_body_that_the_posts_data_name_endorses(office: MemoryOffice, permit: Dossier) -> None:
    assert endorse(office, permit, INSPECTOR, post="ak-zhol")["use"] == "exported"


@pytest.mark.parametrize("away", [-601, 601, -3 * DAY])
def test_online_is_now(office: MemoryOffice, permit: Dossier, away: int) -> None:
    with pytest.raises(Invalid, match="10 minutes"):
        endorse(office, permit, endorsed_at=office.now + away)
    assert endorse(office, permit, endorsed_at=office.now + (600 if away > 0 else -600))["use"] == "exported"


@pytest.mark.parametrize(
    "change",
    [{"event_id": "1"}, {"event_id": "A" * 36}, {"direction": "out"}, {"recorded": "maybe"}, {"post": "nowhere"},
     {"qr": ""}, {"transport_document": "x" * 101}, {"customs_document": "a\u202eb"}, {"on_behalf_of": "a\x00"},
     {"post": "nowhere", "on_behalf_of": "Officer Asel"}],
)  # fmt: skip
def test_malformed(office: MemoryOffice, permit: Dossier, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        endorse(office, permit, **change)
    assert held(office, permit).uses == ()


# by telephone and on paper


def test_the_duty_desk_endorses_for_a_post_by_number_and_code(office: MemoryOffice, permit: Dossier) -> None:
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


def test_a_hand_stamped_one_counts_once_a_second_person_has_seen_it(office: MemoryOffice, permit: Dossier) -> None:
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
def test_paper_is_entered_within_thirty_days(office: MemoryOffice, permit: Dossier, away: int) -> None:
    with pytest.raises(Invalid, match="30 days"):
        endorse(office, permit, recorded="paper", endorsed_at=office.now + away)


def test_paper_that_comes_second_is_a_conflict_and_counts(office: MemoryOffice, permit: Dossier) -> None:
    office.later(2 * DAY)
    asked = endorsement(office, permit, recorded="paper", post=OSH, endorsed_at=office.now - 2 * DAY)
    endorse(office, asked)
    endorse(office, permit)
    assert confirm(office, asked.event_id)["result"] == "conflict"
    assert "U4" in look(office, permit, "import", country="AE").codes


@pytest.mark.parametrize("how", ["expired", "suspended", "lost", "revoked"])
def test_what_became_of_the_permit_since_does_not_keep_paper_out(
    office: MemoryOffice, permit: Dossier, how: str
) -> None:
    """It left when it could: leaving that out would let the goods leave again on a replacement."""
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
def test_a_stamp_from_outside_the_permits_days_is_refused(office: MemoryOffice, days: int, code: str) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    stamped = office.now + days * DAY
    office.later(5 * DAY)
    with pytest.raises(NotUsable) as refused:
        endorse(office, dossier, recorded="paper", endorsed_at=stamped)
    assert refused.value.extra["codes"] == [code]


def test_a_withdrawn_paper_entry_is_not_confirmed(office: MemoryOffice, permit: Dossier) -> None:
    asked = endorsement(office, permit, recorded="paper")
    endorse(office, asked)
    undo(office, asked.event_id)
    with pytest.raises(NotUsable):
        confirm(office, asked.event_id)
    assert held(office, permit).use == "unused"


# parts of an import


def test_a_consignment_arrives_in_parts_under_one_waybill(office: MemoryOffice) -> None:
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
    with pytest.raises(AlreadyUsed):  # all ten are here
        arrive("1")


def test_parts_end_after_thirty_days(office: MemoryOffice) -> None:
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


def test_another_partys_permit_is_guarded_by_our_own_row(office: MemoryOffice) -> None:
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


def test_another_partys_annexed_permit_is_endorsed_with_all_its_pages(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    first = from_kazakhstan(office, lines=(FALCON,) * 4, page=(1, 2))[1]
    second = from_kazakhstan(office, lines=(FALCON,), page=(2, 2), cti=bytes(16))[1]
    asked = endorsement(office, issued(office), direction="import", post="dostuk", qr=second, lines=lines(*"11111"))
    with pytest.raises(Invalid, match="other pages"):
        endorse(office, replace(asked, lines=lines("1")), checker=checker)
    assert endorse(office, replace(asked, other_pages=(first,)), checker=checker)["use"] == "imported"


def test_a_number_of_theirs_that_looks_like_ours_stays_theirs(office: MemoryOffice, permit: Dossier) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office, number=permit.number)
    asked = endorsement(office, permit, qr=code, direction="import", lines=lines("1"), post="dostuk")
    endorse(office, asked, checker=checker)
    assert held(office, permit).uses == ()


def test_in_transit_through_us_uses_nothing(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office, importer=TokenParty("Emir", "AE"))
    asked = endorsement(office, issued(office), qr=code, direction="transit", lines=lines("1"), post="dostuk")
    for _ in range(2):
        assert endorse(office, asked, checker=checker, event_id=new_uuid())["use"] == "unused"


# taking it back


def test_another_person_of_the_post_withdraws_it_within_a_day(office: MemoryOffice, permit: Dossier) -> None:
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


def test_after_a_day_an_approver_withdraws_it_who_is_another_still(office: MemoryOffice, permit: Dossier) -> None:
    both = Actor("u-both", "Both", frozenset({"customs", "approver"}), frozenset({"*"}))
    event = endorse(office, permit, both)["event_id"]
    office.later(DAY + 1)
    with pytest.raises(Forbidden):
        undo(office, event, BEKZAT)
    with pytest.raises(TwoPeople):
        undo(office, event, both)
    assert undo(office, event, APPROVER)["use"] == "unused"


def test_never_after_an_import(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, code = from_kazakhstan(office)
    some = issued(office)
    base = endorsement(office, some, qr=code, lines=lines("1"), post="dostuk", direction="import")
    left = endorse(office, some)["event_id"]
    inner = held(office, some)
    arrived = replace(inner.uses[0], event_id=new_uuid(), kind="import")
    store.change(
        office.register, some.id, APPROVER, office.now,
        lambda old: store.Change(old.but(uses=(*old.uses, arrived)), "test"),
    )  # fmt: skip
    with pytest.raises(NotUsable):
        undo(office, left)
    endorse(office, base, checker=checker)
    with pytest.raises(NoMatch):
        undo(office, new_uuid())


# replaced permits


def replacement(office: MemoryOffice, old: Dossier, **changes: Any) -> Dossier:
    from test_issuing import approve_replacement

    draft = change_status.replace_permit(
        old.id, "torn", PREPARER, register=office.register, new_id=office.new_id, now=office.now
    )
    return approve_replacement(office, draft, **changes)


def test_an_unused_permits_replacement_is_unused(office: MemoryOffice, permit: Dossier) -> None:
    new = issue(office, replacement(office, permit))
    old = held(office, permit)
    assert (new.use, new.replaces_number, old.state, old.replaced_by_number) == (
        "unused", permit.number, "replaced", new.number,
    )  # fmt: skip
    assert status_of(office, permit) == 13
    with pytest.raises(NotUsable) as refused:
        endorse(office, permit)
    assert refused.value.extra["codes"] == ["S4"]
    assert look(office, old).register.replaced_by == new.number  # type: ignore[union-attr]
    assert endorse(office, new)["use"] == "exported"


def test_a_used_permits_replacement_is_born_used_and_keeps_its_last_day(office: MemoryOffice, permit: Dossier) -> None:
    from test_issuing import EDITOR

    from chalicelib.services import apply_for_permit

    event = endorse(office, permit)["event_id"]
    new = issue(office, replacement(office, permit))
    assert (new.use, status_of(office, new), new.expires_at) == ("exported", 3, permit.expires_at)
    assert [(use.event_id, use.number) for use in new.uses] == [(event, permit.number)]
    with pytest.raises(AlreadyUsed):
        endorse(office, new, post=OSH)
    assert look(office, new, "import", country="AE").outcome == "accept"
    draft = change_status.replace_permit(
        new.id, "again", PREPARER, register=office.register, new_id=office.new_id, now=office.now
    )
    longer = replace(APPLICATION, valid_until="2027-05-01")
    apply_for_permit.edit(draft.id, longer, EDITOR, register=office.register, now=office.now)
    from test_issuing import approve_replacement

    ready = approve_replacement(office, held(office, draft))
    with pytest.raises(Invalid, match="keeps its last day"):
        issue(office, ready)


def test_used_between_intent_and_signature_the_replacement_is_given_up(office: MemoryOffice, permit: Dossier) -> None:
    from test_issuing import reserve

    new = reserve(office, replacement(office, permit))
    endorse(office, permit)
    with pytest.raises(WrongState, match="used or changed meanwhile"):
        issue(office, new)
    after = held(office, new)
    assert (after.state, after.voided) == ("approved", ("26KG000002/E",))
    assert held(office, permit).state == "issued"
    again = issue(office, after)  # what is true now may be signed
    assert (again.number, again.use) == ("26KG000003/E", "exported")


def test_used_between_signature_and_record_the_replacement_is_given_up(office: MemoryOffice, permit: Dossier) -> None:
    ready = replacement(office, permit)
    signer, asked = office.signer, endorsement(office, permit)

    def meanwhile(kid: bytes) -> Any:
        endorse(office, asked)
        return signer(kid)

    office.signer = meanwhile  # type: ignore[method-assign]
    with pytest.raises(WrongState, match="used or changed meanwhile"):
        issue(office, ready)
    assert (held(office, ready).state, held(office, permit).use) == ("approved", "exported")


def test_stolen_stays_stolen(office: MemoryOffice, permit: Dossier) -> None:
    move(office, permit, "stolen")
    assert status_of(office, permit) == 14
    new = issue(office, replacement(office, held(office, permit)))
    assert (held(office, permit).state, status_of(office, permit)) == ("replaced", 14)
    found = look(office, held(office, permit))
    assert (found.outcome, set(found.codes)) == ("hold", {"S4", "S6"})
    assert look(office, new).outcome == "accept"


def test_a_revoked_permit_is_not_replaced(office: MemoryOffice, permit: Dossier) -> None:
    ready = replacement(office, permit)
    move(office, permit, "revoked")
    with pytest.raises(WrongState):
        issue(office, ready)
    assert held(office, ready).state == "approved"


def test_paper_of_the_old_number_uses_the_replacement_too(office: MemoryOffice, permit: Dossier) -> None:
    """Entered before or after the replacement was issued, confirmed and withdrawn later: the goods left but once."""
    before = endorsement(office, permit, recorded="paper", endorsed_at=office.now)
    endorse(office, before)
    new = issue(office, replacement(office, permit))
    newer = issue(office, replacement(office, new))  # and the replacement of the replacement
    confirm(office, before.event_id)
    for dossier in (permit, new, newer):
        assert held(office, dossier).use == "exported"
    with pytest.raises(AlreadyUsed):
        endorse(office, newer, post=OSH)
    undo(office, before.event_id, CHINARA)
    for dossier in (permit, new, newer):
        assert held(office, dossier).use == "unused"
    late = endorsement(office, permit, recorded="paper", endorsed_at=office.now)
    endorse(office, late)
    endorse(office, newer, post=OSH)
    confirm(office, late.event_id)
    assert "U4" in look(office, newer, "import", country="AE").codes


def test_an_import_of_the_replacement_keeps_the_old_export_from_being_withdrawn(
    office: MemoryOffice, permit: Dossier
) -> None:
    left = endorse(office, permit)["event_id"]
    new = issue(office, replacement(office, permit))
    arrived = replace(new.uses[0], event_id=new_uuid(), kind="import")
    store.change(
        office.register, new.id, APPROVER, office.now,
        lambda old: store.Change(old.but(uses=(*old.uses, arrived)), "test"),
    )  # fmt: skip
    with pytest.raises(NotUsable):
        undo(office, left)


def test_one_open_replacement_at_a_time(office: MemoryOffice, permit: Dossier) -> None:
    by: Any = {"register": office.register, "new_id": office.new_id, "now": office.now}
    first = change_status.replace_permit(permit.id, "torn", PREPARER, **by)
    assert change_status.replace_permit(permit.id, "torn", PREPARER, **by) == first


# states: the same again is no other thing


def test_the_same_step_again_is_a_success_only_if_it_says_the_same(office: MemoryOffice, permit: Dossier) -> None:
    move(office, permit, "lost")
    version = held(office, permit).version
    move(office, permit, "lost")
    assert held(office, permit).version == version
    with pytest.raises(WrongState):
        move(office, permit, "stolen")
    other = issued(office)
    move(office, other, "revoked")
    with pytest.raises(WrongState):
        move(office, other, "for cause")
    assert status_value(held(office, other)) == 1


# scans and what a person makes of their codes


def scan(office: MemoryOffice, asked: Scan, actor: Actor = BEKZAT) -> Any:
    return scan_permit.scan(asked, actor, register=office.register, checker=office.checker(), now=office.now)


def make_scan(
    office: MemoryOffice, dossier: Dossier, post: str = MANAS, direction: str = "export", **more: Any
) -> Scan:
    return Scan(new_uuid(), dossier.tokens[0], post, office.now, direction, True, **more)


def test_a_scan_is_no_use_and_alarms_nobody(office: MemoryOffice, permit: Dossier) -> None:
    before = held(office, permit)
    asked = make_scan(office, permit)
    assert scan(office, asked).codes == ()
    assert scan(office, asked).codes == ()  # the same event is no second scan
    assert scan(office, make_scan(office, permit), AIZADA).codes == ()  # another officer's is not one's own
    assert scan(office, make_scan(office, permit)).codes == ("U0",)
    office.later(30 * 60 + 1)
    assert scan(office, make_scan(office, permit)).codes == ()
    assert held(office, permit) == before
    with pytest.raises(EventIdReused):
        scan(office, replace(asked, post=OSH))
    with pytest.raises(Forbidden):
        scan(office, make_scan(office, permit), AT_OSH)
    with pytest.raises(Invalid):
        scan(office, replace(asked, direction="up"))


def test_u0_hides_nothing(office: MemoryOffice, permit: Dossier) -> None:
    endorse(office, permit)
    scan(office, make_scan(office, permit, OSH))
    found = scan(office, make_scan(office, permit, OSH))
    assert (found.outcome, set(found.codes)) == ("hold", {"U0", "U1"})


def test_no_word_of_a_forged_code_is_kept(office: MemoryOffice, permit: Dossier) -> None:
    digits = permit.tokens[0]
    text = digits[:-3] + ("1" if digits[-3] == "0" else "0") + digits[-2:]
    asked = replace(make_scan(office, permit), qr=text)
    assert scan(office, asked).outcome in {"hold", "cannot_tell"}
    assert "scan" not in rows(office.register)[Key("EVENT#" + asked.event_id)]
    with pytest.raises(WrongState):
        resolve(office, asked.event_id, "F1")


def resolve(office: MemoryOffice, event_id: str, code: str, result: str = "cleared", actor: Actor = BEKZAT) -> Any:
    return scan_permit.resolve_scan(
        event_id, code, result, "the same birds", actor, register=office.register, checker=office.checker(),
        now=office.now,
    )  # fmt: skip


def test_a_cleared_code_is_cleared_for_its_events_alone(office: MemoryOffice, permit: Dossier) -> None:
    won = endorse(office, permit)["event_id"]
    asked = make_scan(office, permit, OSH)
    assert scan(office, asked).outcome == "hold"
    assert resolve(office, asked.event_id, "U1")["events"] == [won]
    after = look(office, permit, "export", OSH)
    assert (after.outcome, after.codes, after.hits[0].cleared) == ("check", ("U1",), True)
    undo(office, won)
    again = endorse(office, permit, post=OSH)["event_id"]  # another event under the same code
    assert again != won
    assert look(office, permit, "export", MANAS).outcome == "hold"


def test_what_cannot_be_cleared(office: MemoryOffice, permit: Dossier) -> None:
    asked = make_scan(office, permit)
    scan(office, asked)
    with pytest.raises(Invalid, match="does not stand"):
        resolve(office, asked.event_id, "U1")
    move(office, permit, "suspended")
    with pytest.raises(Invalid, match="rests on no use"):
        resolve(office, asked.event_id, "S3")
    with pytest.raises(Invalid):
        resolve(office, asked.event_id, "S3", "perhaps")
    with pytest.raises(Forbidden):
        resolve(office, asked.event_id, "S3", actor=AT_OSH)
    with pytest.raises(NoMatch):
        resolve(office, new_uuid(), "S3")
    resolve(office, asked.event_id, "S3", "confirmed")
    assert look(office, permit).outcome == "hold"


def test_a_code_of_an_endorsement_is_resolved_where_it_was_made(office: MemoryOffice, permit: Dossier) -> None:
    event = endorse(office, permit)["event_id"]
    undo(office, event)
    answer = scan_permit.resolve_endorsement(
        event, "U7", "cleared", "entry error", BEKZAT, register=office.register, checker=office.checker(),
        now=office.now,
    )  # fmt: skip
    assert answer["events"] == [event]
    assert look(office, permit, "export", MANAS).hits[0].cleared


def test_another_partys_goods_do_not_come_back_here_time_after_time(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    _, text = from_kazakhstan(office)
    for direction in ("return", "import", "return"):
        asked = Endorsement(
            new_uuid(), MANAS, direction, office.now, lines("1"), qr=text, transport_document="AWB 1"
        )  # fmt: skip
        if direction == "import":
            assert endorse(office, asked, checker=checker)["use"] == "imported"
        else:
            with pytest.raises(NotUsable, match="P1"):
                endorse(office, asked, checker=checker)


def test_a_certificate_of_what_came_from_the_sea_comes_back_as_its_verdict_says(office: MemoryOffice) -> None:
    permit = issued(office, APPLICATIONS["OI"])
    home = permit.record["exporter"]["country"] == office.stage.issuer
    receipt = endorse(office, permit, direction="import")
    assert (receipt["kind"] == "return") == home
    assert ("P4" in look(office, permit, "import").codes) == home
