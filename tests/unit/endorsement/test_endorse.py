"""Export endorsement (block 14): counted exactly once, by authorised officers, on valid documents, online only now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import (
    AT_OSH,
    GUARD,
    INSPECTOR,
    endorse,
    from_kazakhstan,
    held,
    lines,
    look,
    move,
    new_uuid,
    scan,
    status_of,
    undo,
)
from crashing import Wrapped, memory, rows
from kinds import APPLICATIONS
from life import APPLICATION, SAKER, approved, endorsement, issue, issued
from office import AIZADA, APPLICANT, APPROVER, BEKZAT, DAY, PREPARER, MemoryOffice

from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.errors import (
    AlreadyUsed,
    EventIdReused,
    Forbidden,
    Invalid,
    NotGenuine,
    NotUsable,
    QuantityExceeded,
    TamgaError,
)
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier, status_value
from chalicelib.permits.services import change_status, store
from chalicelib.uses.use import UsedLine

HOUR = 3600
MANAS, OSH = "manas-airport", "osh-airport"


# exactly once


def test_endorsement_writes_use_status_history_and_days_list_together(office: MemoryOffice, permit: Dossier) -> None:
    asked = endorsement(office, permit)
    receipt = endorse(office, asked)
    assert receipt == {
        "event_id": asked.event_id, "number": permit.number, "kind": "export", "post": MANAS, "at": office.now,
        "officer": "Aizada", "lines": [{"line": "A", "quantity": "2"}], "transport_document": "AWB 235-1234",
        "result": "accepted", "state": "issued", "use": "exported",
    }  # fmt: skip
    after = held(office, permit)
    assert (after.use, status_value(after), status_of(office, permit)) == ("exported", 3, 3)
    assert store.history(office.register, permit.id, PREPARER)[0][-1]["action"] == "endorse"
    assert rows(office.register)[Key(f"USES#{office.now // DAY}", asked.event_id)]["number"] == permit.number


def test_same_event_again_returns_same_receipt_and_writes_nothing(office: MemoryOffice, permit: Dossier) -> None:
    asked = endorsement(office, permit)
    first = endorse(office, asked)
    before = rows(office.register)
    office.later(HOUR)  # outside the ten minutes: a retry after a lost response
    assert endorse(office, asked) == first
    typed = replace(asked, qr="", number=permit.number or "", code=permit.check_code or "")
    assert endorse(office, typed) == first  # the same event with number and check code
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
def test_event_id_with_other_content_is_refused(office: MemoryOffice, permit: Dossier, change: dict[str, Any]) -> None:
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


def test_refusal_is_repeated_after_accepted_use_is_withdrawn(office: MemoryOffice, permit: Dossier) -> None:
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
    assert len(held(office, permit).uses) == 2  # a refusal is not stored as a use


def test_version_conflict_returns_already_used_with_accepted_use(office: MemoryOffice, permit: Dossier) -> None:
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


# documents that may be endorsed


def test_endorsement_names_every_line_of_every_page_once(office: MemoryOffice) -> None:
    many = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="2") for n in range(6))
    dossier = issued(office, replace(APPLICATION, lines=many))
    assert len(dossier.tokens) > 1
    full = ("2", "1", "0", "2", "2", "0")
    with pytest.raises(Invalid, match="missing: F"):
        endorse(office, dossier, lines=lines(*full[:5]))
    with pytest.raises(Invalid, match="no such line"):
        endorse(office, dossier, lines=lines(*full, "1"))
    with pytest.raises(Invalid, match="given twice"):
        endorse(office, dossier, lines=(*lines(*full), UsedLine("A", "1")))
    with pytest.raises(Invalid, match="above 0"):
        endorse(office, dossier, lines=lines(*["0"] * 6))
    receipt = endorse(office, dossier, lines=lines(*full), qr=dossier.tokens[1])  # any page represents the whole permit
    assert receipt["use"] == "exported"
    assert look(office, dossier, "export", OSH).outcome == "hold"


@pytest.mark.parametrize(
    ("given", "error"),
    [("3", QuantityExceeded), ("1.5", Invalid), ("-1", Invalid), ("1e9", Invalid), ("02", Invalid), ("٢", Invalid),
     ("", Invalid), ("1", None)],
)  # fmt: skip
def test_quantity_above_permitted_or_malformed_is_refused(
    office: MemoryOffice, permit: Dossier, given: str, error: type[TamgaError] | None
) -> None:
    if error is None:
        assert endorse(office, permit, lines=lines(given))["use"] == "exported"  # the remaining quantity lapses
        with pytest.raises(AlreadyUsed):
            endorse(office, permit, lines=lines(given))
        return
    with pytest.raises(error):
        endorse(office, permit, lines=lines(given))
    assert held(office, permit).uses == ()


def test_import_above_permitted_quantity_is_accepted(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["I"])
    receipt = endorse(office, dossier, direction="import", lines=(UsedLine("A", "3", "1"),))
    assert (receipt["use"], status_of(office, dossier)) == ("imported", 3)
    with pytest.raises(Invalid, match="Must not be more"):
        endorse(office, issued(office, APPLICATIONS["I"]), direction="import", lines=(UsedLine("A", "2", "3"),))


def test_import_permit_is_endorsed_at_import_only(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["I"])
    with pytest.raises(NotUsable):
        endorse(office, dossier, direction="export")
    endorse(office, dossier, direction="import")
    with pytest.raises(AlreadyUsed):
        endorse(office, dossier, direction="import", transport_document="AWB 2")


@pytest.mark.parametrize("kind", ["OT", "OW", "OM", "OS"])
def test_document_for_many_crossings_is_never_used_up(office: MemoryOffice, kind: str) -> None:
    dossier = issued(office, APPLICATIONS[kind])
    for direction in ("export", "return", "export", "return"):
        office.later(2 * DAY)
        asked = endorsement(office, dossier, direction=direction)
        assert endorse(office, asked)["use"] == "unused"
    assert (len(held(office, dossier).uses), status_of(office, dossier)) == (4, 0)
    with pytest.raises(QuantityExceeded):
        endorse(office, dossier, lines=lines("1000"))
    assert look(office, dossier, "export", MANAS).outcome == "accept"


def test_import_of_our_exported_goods_counts_as_return(office: MemoryOffice, permit: Dossier) -> None:
    endorse(office, permit)
    office.later(DAY)
    receipt = endorse(office, permit, direction="import", transport_document="AWB back")
    assert (receipt["kind"], receipt["use"], status_of(office, permit)) == ("return", "exported", 3)
    assert [use.kind for use in held(office, permit).uses] == ["export", "return"]


@pytest.mark.parametrize(
    ("how", "code"),
    [("suspended", "S3"), ("revoked", "S2"), ("for cause", "S7"), ("lost", "S6"), ("stolen", "S6")],
)
def test_permit_not_in_force_is_not_endorsed(office: MemoryOffice, permit: Dossier, how: str, code: str) -> None:
    move(office, permit, how)
    with pytest.raises(NotUsable) as refused:
        endorse(office, permit)
    assert refused.value.extra["codes"] == [code]
    assert held(office, permit).uses == ()


def test_reinstated_permit_is_endorsed_under_the_refused_event_id(office: MemoryOffice, permit: Dossier) -> None:
    move(office, permit, "suspended")
    asked = endorsement(office, permit)
    with pytest.raises(NotUsable):
        endorse(office, asked)
    change_status.reinstate(permit.id, "cleared up", APPROVER, office)
    assert endorse(office, asked)["use"] == "exported"


def test_export_after_last_day_is_refused(office: MemoryOffice) -> None:
    dossier = issued(office, replace(APPLICATION, valid_until="2026-11-26"))
    assert dossier.expires_at is not None
    office.now = dossier.expires_at - 1
    asked = endorsement(office, dossier)
    office.later(1)
    with pytest.raises(NotUsable) as refused:
        endorse(office, asked)
    assert refused.value.extra["codes"] == ["S1"]


def test_transit_on_documents_of_this_country_is_refused(office: MemoryOffice) -> None:
    dossier = issued(office, APPLICATIONS["I"])
    with pytest.raises(NotUsable):
        endorse(office, dossier, direction="transit")
    permit_ = issued(office)
    with pytest.raises(NotUsable) as refused:  # exports of this country do not pass through it
        endorse(office, permit_, direction="transit")
    assert refused.value.extra["codes"] == ["P1"]


def test_code_that_is_not_genuine_is_not_endorsed(office: MemoryOffice, permit: Dossier) -> None:
    digits = permit.tokens[0]
    forged = digits[:-3] + ("1" if digits[-3] == "0" else "0") + digits[-2:]
    for text in (forged, "hello", "https://tamga.example/1#123", from_kazakhstan(office)[1]):
        with pytest.raises(NotGenuine):
            endorse(office, endorsement(office, permit, qr=text))
    stranger = MemoryOffice()  # the same numbers, another root
    with pytest.raises(NotGenuine):
        endorse(office, endorsement(office, permit, qr=issued(stranger).tokens[0]))
    assert held(office, permit).uses == ()


def test_signed_permit_unknown_to_register_is_not_endorsed(office: MemoryOffice, permit: Dossier) -> None:
    """A stolen signing key cannot use up an honest number, nor a number that was never assigned."""
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


# officers, posts and times


@pytest.mark.parametrize(
    ("actor", "post"),
    [(AT_OSH, MANAS), (GUARD, MANAS), (AIZADA, "ak-zhol"), (GUARD, "ak-zhol"), (PREPARER, MANAS), (APPLICANT, MANAS)],
)
def test_endorsement_by_wrong_role_or_at_wrong_post_is_forbidden(
    office: MemoryOffice, permit: Dossier, actor: Actor, post: str
) -> None:
    with pytest.raises(Forbidden):
        endorse(office, permit, actor, post=post)


def test_inspector_endorses_at_post_with_role_inspector(office: MemoryOffice, permit: Dossier) -> None:
    assert endorse(office, permit, INSPECTOR, post="ak-zhol")["use"] == "exported"


@pytest.mark.parametrize("away", [-601, 601, -3 * DAY])
def test_online_endorsement_more_than_ten_minutes_away_is_refused(
    office: MemoryOffice, permit: Dossier, away: int
) -> None:
    with pytest.raises(Invalid, match="10 minutes"):
        endorse(office, permit, endorsed_at=office.now + away)
    assert endorse(office, permit, endorsed_at=office.now + (600 if away > 0 else -600))["use"] == "exported"


@pytest.mark.parametrize(
    "change",
    [{"event_id": "1"}, {"event_id": "A" * 36}, {"direction": "out"}, {"recorded": "maybe"}, {"post": "nowhere"},
     {"qr": ""}, {"transport_document": "x" * 101}, {"customs_document": "a\u202eb"}, {"on_behalf_of": "a\x00"},
     {"post": "nowhere", "on_behalf_of": "Officer Asel"}],
)  # fmt: skip
def test_malformed_endorsement_is_refused(office: MemoryOffice, permit: Dossier, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        endorse(office, permit, **change)
    assert held(office, permit).uses == ()


@pytest.mark.parametrize(("country", "kind", "codes"), [("KG", "return", {"P4"}), ("DE", "import", set())])
def test_introduction_from_the_sea_is_return_for_exporter_of_ours_only(
    office: MemoryOffice, country: str, kind: str, codes: set[str]
) -> None:
    """The endorsement and the verdict before it agree."""
    application = APPLICATIONS["OI"]
    permit = issued(office, replace(application, exporter=replace(application.exporter, country=country)))
    assert {"P4"} & {*look(office, permit, "import").codes} == codes
    assert endorse(office, permit, direction="import")["kind"] == kind
    assert {"P4"} & {*look(office, permit, "import").codes} == codes
