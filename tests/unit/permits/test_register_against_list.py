"""A register that contradicts its own status list (T8): verdict, endorsement, signing, publication, settlement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import Phone, confirm, endorse, event, look, undo
from life import approved, endorsement, issue, issued
from office import ADMIN, APPROVER, DAY, PREPARER, MemoryOffice, published_lists

from chalicelib.adapters.in_process.memory import MemoryIssuer
from chalicelib.alerts.services import alerts
from chalicelib.kernel.errors import DigestMismatch, NotUsable, TwoPeople, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, list_differences, store
from chalicelib.permits.services.list_differences import Settlement
from chalicelib.platform import restore_lock
from chalicelib.trust.model import status_list

MINUTE, HOUR = 60, 3600


def published(office: MemoryOffice, dossier: Dossier) -> Dossier:
    """The exported permit, ten minutes after its status list was published."""
    endorse(office, dossier)
    office.later(MINUTE)
    office.publish_due()
    office.later(11 * MINUTE)
    return store.load(office.register, dossier.id)


def falsify(office: MemoryOffice, permit_id: str, **changes: Any) -> None:
    """Rewrite a dossier in the table, without the service."""
    row = office.register.get(store.dossier_key(permit_id))
    assert row is not None
    office.register.commit(
        Put(row.key, {**row.data, **changes, "version": row.version + 1}, expected_version=row.version)
    )


def test_uses_deleted_in_the_table_give_check_with_t8(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    found = look(office, permit, "export", "manas-airport")
    assert (found.outcome, found.codes) == ("check", ("T8", "U5"))


def test_state_rewritten_in_the_table_still_gives_hold(office: MemoryOffice, permit: Dossier) -> None:
    change_status.revoke(permit.id, "forged papers", True, APPROVER, office)
    office.publish_here(permit.status_uri or "")
    office.later(11 * MINUTE)
    falsify(office, permit.id, state="issued", for_cause=False)
    found = look(office, permit, "export", "manas-airport")
    assert (found.outcome, found.codes) == ("hold", ("S7", "T8"))


def test_undo_not_published_yet_gives_no_t8(office: MemoryOffice, permit: Dossier) -> None:
    used = published(office, permit)
    undo(office, used.uses[0].event_id)
    assert look(office, permit, "export", "manas-airport").codes == ("U7",)
    office.later(2 * HOUR)  # nothing is published: the operator gets an alarm, the verdict stays
    assert look(office, permit, "export", "manas-airport").codes == ("U7",)


def test_undo_recorded_by_previous_release_gives_no_t8(office: MemoryOffice, permit: Dossier) -> None:
    """Release c70afb0 wrote no `lowered_at`, so the time of the withdrawal counts instead."""
    used = published(office, permit)
    undo(office, used.uses[0].event_id)
    falsify(office, permit.id, lowered_at=None)
    assert look(office, permit, "export", "manas-airport").codes == ("U7",)


def test_undo_of_waiting_stamp_does_not_explain_t8(office: MemoryOffice, permit: Dossier) -> None:
    """Two officers enter a stamp and take it back. The list's value never came from that stamp."""
    falsify(office, published(office, permit).id, uses=[])
    stamp = replace(endorsement(office, permit), transport_document="AWB 9", recorded="paper")
    endorse(office, stamp)
    undo(office, stamp.event_id)
    assert "T8" in look(office, permit, "export", "manas-airport").codes
    for _ in range(9):
        office.later(3 * HOUR)
        office.publish_due()
    assert published_lists(office)[permit.status_uri or ""].value(permit.status_idx or 0) == 3


def test_permit_with_t8_is_endorsed_by_the_duty_desk_only(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    asked = replace(endorsement(office, permit), transport_document="AWB 9")
    with pytest.raises(NotUsable) as refused:
        endorse(office, asked)
    assert refused.value.extra["codes"] == ["T8"]
    assert endorse(office, replace(asked, on_behalf_of="Officer at Manas"))["result"] == "accepted"


def alerted(office: MemoryOffice) -> list[tuple[str, ...]]:
    rows, _ = office.register.search("shelf", alerts.SHELF)
    return [tuple(row.data["codes"]) for row in rows]


def test_offline_endorsement_of_permit_with_t8_raises_one_alert(office: MemoryOffice, permit: Dossier) -> None:
    """It is refused online and endorsed offline. The second use then confirms the list, and no T8 is left."""
    falsify(office, published(office, permit).id, uses=[])
    office.later(DAY)
    second = replace(endorsement(office, permit), transport_document="AWB 9")
    (answer,) = Phone(office).sync(event(second))
    assert answer["result"] == "stored"
    assert alerted(office) == [("T8",)]
    Phone(office).sync(event(second))
    assert alerted(office) == [("T8",)]


def test_confirmed_stamp_on_permit_with_t8_raises_an_alert(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    stamp = replace(endorsement(office, permit), transport_document="AWB 9", recorded="paper")
    endorse(office, stamp)
    assert alerted(office) == []
    confirm(office, stamp.event_id)
    assert alerted(office) == [("T8",)]


def test_event_sent_again_after_restore_raises_no_alert(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    key = restore_lock.restore_key(office.register)
    office.register.commit(Put(key, {"at": office.now, "since": office.now - DAY}, expected_version=None))
    Phone(office).sync(event(replace(endorsement(office, permit), transport_document="AWB 9")))
    assert alerted(office) == []


def test_status_list_is_read_once_a_minute(
    office: MemoryOffice, permit: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(office, permit)
    read, paths = office.static.read, []

    def counted(path: str) -> Any:
        paths.append(path)
        return read(path)

    monkeypatch.setattr(office.static, "read", counted)
    for _ in range(5):
        look(office, permit, "export", "manas-airport")
        office.later(10)
    assert [path for path in paths if path.startswith("s/")] == ["s/" + (permit.status_uri or "").rpartition("/")[2]]


def test_signing_refuses_status_entry_of_another_permit(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier, other = approved(office), issued(office)
    sign = office.issue_here

    def moved(permit_id: str) -> None:
        held = store.load(office.register, permit_id)
        key = status_list.status_key(held.status_uri or "", held.status_idx or 0)
        office.register.commit(Put(key, {"value": 0, "permit_id": other.id}, expected_version=None))
        sign(permit_id)

    monkeypatch.setattr(office, "issuer", MemoryIssuer(moved))
    with pytest.raises(DigestMismatch):
        issue(office, dossier)


def test_signing_accepts_status_entry_of_previous_release(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Release c70afb0 wrote only the value."""
    dossier, sign = approved(office), office.issue_here

    def bare(permit_id: str) -> None:
        held = store.load(office.register, permit_id)
        key = status_list.status_key(held.status_uri or "", held.status_idx or 0)
        row = office.register.get(key)
        assert row is not None
        assert row.data == {"value": 0, "permit_id": dossier.id}
        office.register.commit(Put(key, {"value": 0}, expected_version=None))
        sign(permit_id)

    monkeypatch.setattr(office, "issuer", MemoryIssuer(bare))
    assert issue(office, dossier).state == "issued"


def settle(office: MemoryOffice, permit: Dossier, choice: str, actor: Actor) -> Settlement:
    return list_differences.settle(permit.id, choice, "compared with the officer's book", actor, office)


def test_two_people_restore_a_use(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    assert not settle(office, permit, "restore", APPROVER).settled
    with pytest.raises(TwoPeople):
        settle(office, permit, "restore", APPROVER)
    assert settle(office, permit, "restore", ADMIN).settled
    assert look(office, permit, "export", "manas-airport").codes == ("U1",)
    office.publish_here(permit.status_uri or "")
    assert published_lists(office)[permit.status_uri or ""].value(permit.status_idx or 0) == 3


def test_approver_cannot_settle_the_proposal_of_their_deputy(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    deputy = Actor("u-deputy", "Deputy", frozenset({"preparer", "approver"}), deputy_for=APPROVER.id)
    assert not settle(office, permit, "restore", deputy).settled
    with pytest.raises(TwoPeople):
        settle(office, permit, "restore", APPROVER)
    assert settle(office, permit, "restore", ADMIN).settled


def test_two_people_record_a_withdrawal_and_the_list_follows(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    assert not settle(office, permit, "withdraw", ADMIN).settled
    assert not settle(office, permit, "restore", APPROVER).settled  # another choice is another proposal
    assert not settle(office, permit, "withdraw", ADMIN).settled
    assert settle(office, permit, "withdraw", APPROVER).settled
    assert look(office, permit, "export", "manas-airport").codes == ()
    office.publish_here(permit.status_uri or "")
    assert published_lists(office)[permit.status_uri or ""].value(permit.status_idx or 0) == 0
    assert store.history(office.register, permit.id, APPROVER)[0][-1]["action"] == "settled"


def test_two_people_restore_a_state(office: MemoryOffice, permit: Dossier) -> None:
    change_status.revoke(permit.id, "forged papers", True, APPROVER, office)
    office.publish_here(permit.status_uri or "")
    office.later(11 * MINUTE)
    falsify(office, permit.id, state="issued", for_cause=False)
    settle(office, permit, "restore", APPROVER)
    settle(office, permit, "restore", ADMIN)
    assert look(office, permit, "export", "manas-airport").codes == ("S7",)


def test_suspension_is_not_restored_over_a_revocation(office: MemoryOffice, permit: Dossier) -> None:
    change_status.suspend(permit.id, "under inquiry", APPROVER, office)
    office.publish_here(permit.status_uri or "")
    office.later(11 * MINUTE)
    falsify(office, permit.id, state="revoked")
    with pytest.raises(WrongState):
        settle(office, permit, "restore", APPROVER)
    settle(office, permit, "withdraw", APPROVER)
    assert settle(office, permit, "withdraw", ADMIN).dossier.state == "revoked"


def test_settlement_without_difference_is_refused(office: MemoryOffice, permit: Dossier) -> None:
    published(office, permit)
    with pytest.raises(WrongState):
        settle(office, permit, "withdraw", APPROVER)


def described(office: MemoryOffice, permit: Dossier, actor: Actor) -> list_differences.OpenDifference | None:
    return list_differences.described(store.load(office.register, permit.id), actor, office)


def test_difference_is_described_with_steps_and_proposal(office: MemoryOffice, permit: Dossier) -> None:
    used = published(office, permit)
    assert described(office, permit, APPROVER) is None
    falsify(office, used.id, uses=[])
    found = described(office, permit, APPROVER)
    assert found is not None
    assert (found.value, found.own, found.proposal, found.steps) == (3, 0, None, ("restore", "withdraw"))
    assert office.now - found.listed_at >= 11 * MINUTE
    settle(office, permit, "restore", APPROVER)
    for actor, steps in ((APPROVER, ("withdraw",)), (ADMIN, ("restore", "withdraw")), (PREPARER, ())):
        found = described(office, permit, actor)
        assert found is not None
        assert found.proposal is not None
        assert (found.proposal.choice, found.proposal.by_name, found.steps) == ("restore", APPROVER.name, steps)
    settle(office, permit, "restore", ADMIN)
    assert described(office, permit, APPROVER) is None


def test_difference_is_not_described_to_an_exporter(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    assert described(office, permit, replace(ADMIN, roles=frozenset({"exporter"}))) is None


def test_proposal_for_an_older_version_of_the_permit_is_not_shown(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    settle(office, permit, "restore", APPROVER)
    falsify(office, permit.id, reason="rewritten again")
    found = described(office, permit, APPROVER)
    assert found is not None
    assert (found.proposal, found.steps) == (None, ("restore", "withdraw"))


def test_value_that_cannot_be_restored_is_refused_when_proposed(office: MemoryOffice, permit: Dossier) -> None:
    """Otherwise two people would agree before they learn that it is not possible."""
    new = change_status.replace_permit(permit.id, "torn", PREPARER, office)
    held = store.load(office.register, permit.id)
    office.register.commit(*store.status_puts(held.status_uri or "", held.status_idx or 0, 13, office.now))
    office.publish_here(held.status_uri or "")
    office.later(11 * MINUTE)
    assert new.replaces == permit.id
    found = described(office, permit, APPROVER)
    assert found is not None
    assert (found.value, found.steps) == (13, ("withdraw",))
    with pytest.raises(WrongState, match="cannot be restored"):
        settle(office, permit, "restore", APPROVER)
    assert office.register.get(Key(f"PERMIT#{permit.id}", "DIFFERENCE")) is None


def test_principal_of_a_deputy_cannot_confirm_the_deputys_proposal(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    deputy = replace(ADMIN, id="p-9", name="Deputy", deputy_for=APPROVER.id, deputy_for_name=APPROVER.name)
    assert not settle(office, permit, "restore", deputy).settled
    with pytest.raises(TwoPeople):
        settle(office, permit, "restore", APPROVER)
    found = described(office, permit, APPROVER)
    assert found is not None
    assert found.steps == ("withdraw",)


def test_history_has_reasons_of_both_people(office: MemoryOffice, permit: Dossier) -> None:
    falsify(office, published(office, permit).id, uses=[])
    settle(office, permit, "withdraw", ADMIN)
    settle(office, permit, "withdraw", APPROVER)
    detail = store.history(office.register, permit.id, APPROVER)[0][-1]["detail"]
    assert detail["reason"] == detail["proposed_reason"] == "compared with the officer's book"
