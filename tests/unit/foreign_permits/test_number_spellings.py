"""Numbers of other Parties' permits: every spelling of a number counts as one permit, and online uses are dated now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from border import AIZADA, BEKZAT, Phone, new_uuid, with_kazakhstan
from foreign_play import Presented, read_off
from office import APPROVER, DAY, MemoryOffice

from chalicelib.foreign_permits.services import changes as foreign_permits_changes
from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import EndorsementRequest, ForeignRecord
from chalicelib.kernel.enums import Direction
from chalicelib.kernel.errors import AlreadyUsed, Forbidden, Invalid
from chalicelib.kernel.numbers import use_key
from chalicelib.kernel.roles import Actor
from chalicelib.offline.services import sync
from chalicelib.verification.model.foreign_permit import ForeignPermit
from chalicelib.verification.services.foreign_numbers import number_of


@pytest.fixture
def permit() -> Presented:
    office = MemoryOffice()
    return Presented(office.register, office, with_kazakhstan(office))


SPELLED = (
    "26KZ345678", "KZ 26KZ345678/E", "CITES 26KZ345678/E", "2026KZ345678/E", "26КЗ345678/E", "26KZ345678/E-KG",
    "26KZ345678/E/1", "26KZ345678/EE", "26KZ345678/17", "No 26-KZ-345-678", "2O26KZO345678",
    "26KZ34 5678", "26 KZ 34-56-78", "2 6KZ345678", "2 0 2 6 K Z 3 4 5 6 7 8",
)  # fmt: skip


@pytest.mark.parametrize("spelled", SPELLED)
def test_number_used_by_code_is_refused_on_paper_in_any_spelling(permit: Presented, spelled: str) -> None:
    permit = replace(permit, serial=345678)
    permit.by_code("dostuk")
    permit.office.later(DAY)
    with pytest.raises(AlreadyUsed):
        permit.as_paper("torugart", number=spelled)
    again = permit.as_paper("torugart", number=spelled, used=False)
    assert number_of("KZ", spelled, permit.register).against(again)
    other = replace(permit, serial=345679)
    other.as_paper(
        "dostuk",
        number=spelled.replace("5678", "5679").replace("-678", "-679").replace("6-78", "6-79").replace("7 8", "7 9"),
    )
    with pytest.raises(AlreadyUsed):
        other.by_code("torugart")


def asked(permit: Presented, **changes: object) -> ForeignRecord:
    fields = {"post": "torugart", "recorded_at": permit.office.now, "issuer": "KZ", "number": permit.number} | changes
    using = EndorsementRequest((("A", permit.quantity),), "CMR 1", True)
    return ForeignRecord(
        event_id=new_uuid(), direction=Direction.IMPORT, permit=read_off(permit.quantity), endorsed=using, **fields
    )  # type: ignore[arg-type]


def recorded(permit: Presented, one: ForeignRecord) -> ForeignPermit:
    return record.record(one, BEKZAT, permit.deps)[0]


def test_number_used_by_code_is_refused_under_other_issuer(permit: Presented) -> None:
    permit.by_code("dostuk")
    with pytest.raises(AlreadyUsed):
        recorded(permit, asked(permit, issuer="UZ"))
    other = replace(permit, serial=permit.serial ^ 1)
    paper = recorded(permit, asked(other, issuer="UZ"))
    told = [row.data for row in permit.register.query(f"USES#{permit.office.now // DAY}")]
    (line,) = [data for data in told if data["use"]["event_id"] == paper.id]
    assert (line["issuer"], line["number"]) == ("KZ", other.number)  # the issuer and number in the signed code


def test_paper_number_without_suffix_is_listed_as_code_number_in_bundle_uses(permit: Presented) -> None:
    paper = permit.as_paper("dostuk", number=permit.number.partition("/")[0])
    told = [row.data for row in permit.register.query(f"USES#{permit.office.now // DAY}")]
    assert [data["number"] for data in told if data["use"]["event_id"] == paper.id] == [permit.number]


def test_codes_with_different_suffix_count_as_two_permits(permit: Presented) -> None:
    permit.by_code("dostuk")
    assert replace(permit, kind="R").by_code("torugart")["result"] == "accepted"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12-KZ-117/2026", "12-KZ-117/2025"),
        ("KZ-117/2026", "KZ-118/2026"),
        ("26KZ345678 26KZ345679", "26KZ345678 26KZ345677"),
        ("26GBEXP12345A", "26GBEXP12345B"),
        ("26KZ3456781", "26KZ3456782"),
        ("26QQ345678/17", "26QQ345678/18"),
    ],
)
def test_different_numbers_of_other_forms_have_different_use_keys(one: str, other: str) -> None:
    assert use_key("KZ", one) != use_key("KZ", other)


@pytest.mark.parametrize("back", [601, 39 * DAY, 400 * DAY])
def test_online_paper_use_older_than_ten_minutes_returns_window_error(permit: Presented, back: int) -> None:
    with pytest.raises(Invalid) as refused:
        recorded(permit, asked(permit, recorded_at=permit.office.now - back))
    assert [(error.field, error.code) for error in refused.value.errors] == [("recorded_at", "window")]
    seen = replace(asked(permit, recorded_at=permit.office.now - back), endorsed=None)
    assert recorded(permit, seen).endorsed is None  # a record without a use may be entered later
    assert recorded(permit, asked(permit, recorded_at=permit.office.now - 600)).endorsed is not None


def test_paper_use_synced_after_twenty_days_is_conflict(permit: Presented) -> None:
    phone, one = Phone(permit.office, "dostuk"), asked(permit, post="dostuk")
    in_time = asked(replace(permit, serial=permit.serial ^ 1), post="dostuk")
    event = {"kind": "foreign", "event_id": one.event_id}

    def sent(one: ForeignRecord) -> str:
        return str(
            sync.sync(
                phone.batch([event]),
                lambda _: (one, None),
                BEKZAT,
                permit.deps,
                person={}.__getitem__,
            )[0]["result"]
        )

    assert sent(in_time) == "stored"
    permit.office.later(20 * DAY)
    assert sent(one) == "conflict"
    assert "L2" in permit.look("dostuk").codes


def test_paper_use_after_a_day_is_taken_back_by_approver_only(permit: Presented) -> None:
    paper = permit.as_paper("dostuk", actor=BEKZAT)

    def take_back(actor: Actor) -> ForeignPermit:
        return foreign_permits_changes.withdraw(paper.id, "wrong paper", actor, permit.deps)

    def may(actor: Actor) -> bool:
        return foreign_permits_changes.may_withdraw(paper, actor, permit.checker.posts, permit.office.now)

    permit.office.later(DAY)
    assert (may(AIZADA), may(BEKZAT)) == (True, False)
    permit.office.later(1)
    assert (may(AIZADA), may(APPROVER)) == (False, True)
    with pytest.raises(Forbidden, match="24 hours"):
        take_back(AIZADA)
    taken = take_back(APPROVER).endorsed
    assert taken is not None
    assert not taken.counts
