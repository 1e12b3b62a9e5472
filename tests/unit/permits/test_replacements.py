"""Replacement of a permit: its state, its use, and repeated steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import (
    CHINARA,
    confirm,
    endorse,
    held,
    look,
    move,
    new_uuid,
    status_of,
    undo,
)
from life import APPLICATION, endorsement, issue, issued
from office import APPROVER, PREPARER, MemoryOffice

from chalicelib.kernel.errors import AlreadyUsed, Invalid, NotUsable, WrongState
from chalicelib.permits.model.dossier import Dossier, status_value
from chalicelib.permits.services import change_status, store

MANAS, OSH = "manas-airport", "osh-airport"


# replaced permits


def replacement(office: MemoryOffice, old: Dossier) -> Dossier:
    from unit.issuing.test_reserve import approve_replacement

    draft = change_status.replace_permit(old.id, "torn", PREPARER, office)
    return approve_replacement(office, draft)


def test_replacement_of_unused_permit_is_unused(office: MemoryOffice, permit: Dossier) -> None:
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


def test_replacement_of_used_permit_is_used_and_keeps_its_last_day(office: MemoryOffice, permit: Dossier) -> None:
    from unit.issuing.test_reserve import EDITOR

    from chalicelib.applications.services import draft as applications_draft

    event = endorse(office, permit)["event_id"]
    new = issue(office, replacement(office, permit))
    assert (new.use, status_of(office, new), new.expires_at) == ("exported", 3, permit.expires_at)
    assert [(use.event_id, use.number) for use in new.uses] == [(event, permit.number)]
    with pytest.raises(AlreadyUsed):
        endorse(office, new, post=OSH)
    assert look(office, new, "import", country="AE").outcome == "accept"
    draft = change_status.replace_permit(new.id, "again", PREPARER, office)
    longer = replace(APPLICATION, valid_until="2027-05-01")
    applications_draft.edit(draft.id, longer, EDITOR, office)
    from unit.issuing.test_reserve import approve_replacement

    ready = approve_replacement(office, held(office, draft))
    with pytest.raises(Invalid, match="the last day of the used permit"):
        issue(office, ready)


def test_permit_used_before_signature_voids_the_replacement_number(office: MemoryOffice, permit: Dossier) -> None:
    from unit.issuing.test_sign import reserve

    new = reserve(office, replacement(office, permit))
    endorse(office, permit)
    with pytest.raises(WrongState, match="used or changed in the meantime"):
        issue(office, new)
    after = held(office, new)
    assert (after.state, after.voided) == ("approved", ("26KG000002/E",))
    assert held(office, permit).state == "issued"
    again = issue(office, after)  # the present state may be signed
    assert (again.number, again.use) == ("26KG000003/E", "exported")


def test_permit_used_during_signing_returns_replacement_to_approved(office: MemoryOffice, permit: Dossier) -> None:
    ready = replacement(office, permit)
    signer, asked = office.signer, endorsement(office, permit)

    def meanwhile(kid: bytes) -> Any:
        endorse(office, asked)
        return signer(kid)

    office.signer = meanwhile  # type: ignore[method-assign]
    with pytest.raises(WrongState, match="used or changed in the meantime"):
        issue(office, ready)
    assert (held(office, ready).state, held(office, permit).use) == ("approved", "exported")


def test_stolen_permit_stays_stolen_after_replacement(office: MemoryOffice, permit: Dossier) -> None:
    move(office, permit, "stolen")
    assert status_of(office, permit) == 14
    new = issue(office, replacement(office, held(office, permit)))
    assert (held(office, permit).state, status_of(office, permit)) == ("replaced", 14)
    found = look(office, held(office, permit))
    assert (found.outcome, set(found.codes)) == ("hold", {"S4", "S6"})
    assert look(office, new).outcome == "accept"


def test_revoked_permit_is_not_replaced(office: MemoryOffice, permit: Dossier) -> None:
    ready = replacement(office, permit)
    move(office, permit, "revoked")
    with pytest.raises(WrongState):
        issue(office, ready)
    assert held(office, ready).state == "approved"


def test_paper_stamp_on_replaced_permit_uses_its_replacements(office: MemoryOffice, permit: Dossier) -> None:
    """The goods left once.

    The stamp is entered before or after the replacement is issued, and confirmed or withdrawn later.
    """
    before = endorsement(office, permit, recorded="paper", endorsed_at=office.now)
    endorse(office, before)
    new = issue(office, replacement(office, permit))
    newer = issue(office, replacement(office, new))  # the replacement of the replacement
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


def test_export_cannot_be_withdrawn_after_import_on_replacement(office: MemoryOffice, permit: Dossier) -> None:
    left = endorse(office, permit)["event_id"]
    new = issue(office, replacement(office, permit))
    arrived = replace(new.uses[0], event_id=new_uuid(), kind="import")
    store.change(new.id, APPROVER, lambda old: store.Change(old.but(uses=(*old.uses, arrived)), "test"), office)
    with pytest.raises(NotUsable):
        undo(office, left)


def test_second_replacement_returns_the_open_draft(office: MemoryOffice, permit: Dossier) -> None:
    first = change_status.replace_permit(permit.id, "torn", PREPARER, office)
    assert change_status.replace_permit(permit.id, "torn", PREPARER, office) == first


# states: a repeated step


def test_repeated_step_succeeds_only_with_the_same_content(office: MemoryOffice, permit: Dossier) -> None:
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
