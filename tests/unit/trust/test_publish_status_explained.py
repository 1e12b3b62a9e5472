"""Publication of status lists: no entry is lowered unless the permit's dossier explains the lower value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from border import endorse, undo
from life import issued
from office import APPROVER, PREPARER, MemoryOffice, published_lists

from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.platform import log
from chalicelib.trust.model import status_list
from chalicelib.trust.services import publish_status_lists

MINUTE, HOUR = 60, 3600


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """(count, stopped) of each report."""
    found: list[tuple[int, bool]] = []
    monkeypatch.setattr(log, "unexplained_entries", lambda count, *, stopped: found.append((count, stopped)))
    return found


def listed(office: MemoryOffice, dossier: Dossier) -> int:
    return published_lists(office)[dossier.status_uri or ""].value(dossier.status_idx or 0)


def exported(office: MemoryOffice) -> Dossier:
    dossier = issued(office)
    endorse(office, dossier)
    return store.load(office.register, dossier.id)


def rewrite(office: MemoryOffice, dossier: Dossier, value: int, *, named: bool = True, **changes: Any) -> None:
    """Rewrite dossier and status row in the table, without the service."""
    row = office.register.get(store.dossier_key(dossier.id))
    assert row is not None
    entry = {"value": value, **({"permit_id": dossier.id} if named else {})}
    office.register.commit(
        Put(row.key, {**row.data, **changes, "version": row.version + 1}, expected_version=row.version),
        Put(status_list.status_key(dossier.status_uri or "", dossier.status_idx or 0), entry, expected_version=None),
    )


def published(office: MemoryOffice, *hours: int) -> None:
    for each in hours or (0,):
        office.later(each * HOUR + MINUTE)
        office.publish_due()


def test_daily_recount_keeps_value_of_wiped_permit(office: MemoryOffice, reports: list[tuple[int, bool]]) -> None:
    dossier = exported(office)
    published(office)
    rewrite(office, dossier, 0, uses=[])
    published(office, *[3] * 9)
    assert listed(office, dossier) == 3
    assert reports
    assert set(reports) == {(1, False)}


def test_recount_keeps_value_when_only_status_row_is_wiped(office: MemoryOffice) -> None:
    dossier = exported(office)
    published(office)
    rewrite(office, dossier, 0)
    published(office, *[3] * 9)
    assert listed(office, dossier) == 3


@pytest.mark.parametrize("named", [True, False])
def test_recount_publishes_higher_value_of_any_row(office: MemoryOffice, named: bool) -> None:
    """A status row of version c70afb0 names no permit, so its higher value is published, its lower value is not."""
    dossier = exported(office)
    published(office)
    rewrite(office, dossier, 14, named=named, state="lost", missing="lost")
    published(office, *[3] * 9)
    assert listed(office, dossier) == 14
    rewrite(office, dossier, 3, named=named, state="issued", missing=None)
    published(office, *[3] * 9)
    assert listed(office, dossier) == 14


def test_state_of_wiped_permit_is_published_over_its_use(office: MemoryOffice) -> None:
    """Values that an offline verifier must stop at are published even when the dossier's use is missing."""
    revoked, suspended, lost = exported(office), exported(office), exported(office)
    published(office)
    for each in (revoked, suspended, lost):
        rewrite(office, each, 0, uses=[])
    change_status.revoke(revoked.id, "forged papers", True, APPROVER, office)
    change_status.suspend(suspended.id, "doubt", APPROVER, office)
    change_status.report_lost(lost.id, "stolen from a car", "stolen", PREPARER, office)
    published(office, *[3] * 9)
    assert [listed(office, each) for each in (revoked, suspended, lost)] == [15, 2, 14]


def test_undo_and_reinstatement_are_published(office: MemoryOffice, reports: list[tuple[int, bool]]) -> None:
    used, lost = exported(office), issued(office)
    change_status.report_lost(lost.id, "stolen from a car", "stolen", PREPARER, office)
    published(office)
    assert (listed(office, used), listed(office, lost)) == (3, 14)
    office.later(HOUR)
    undo(office, used.uses[0].event_id)
    change_status.reinstate(lost.id, "found", APPROVER, office)
    published(office)
    assert (listed(office, used), listed(office, lost)) == (0, 0)
    assert reports == []


def test_many_unexplained_entries_stop_lowering(
    office: MemoryOffice, reports: list[tuple[int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_status_lists, "UNEXPLAINED_AT_MOST", 1)
    one, other, undone, new = exported(office), exported(office), exported(office), issued(office)
    published(office)
    for each in (one, other):
        rewrite(office, each, 0, uses=[])
    office.later(publish_status_lists.BASE_AT_MOST + 1)
    undo(office, undone.uses[0].event_id)
    change_status.suspend(new.id, "doubt", APPROVER, office)
    office.publish_here(one.status_uri or "")
    assert [listed(office, each) for each in (one, other, undone, new)] == [3, 3, 3, 2]
    assert reports == [(2, True)]


def test_change_unpublished_for_ten_minutes_is_counted(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = exported(office)
    published(office)
    office.later(HOUR)
    undo(office, dossier.uses[0].event_id)
    late: Callable[[], int] = lambda: office.freshness()["late_changes"]  # noqa: E731
    office.later(publish_status_lists.LATE)
    assert late() == 0
    office.later(1)
    assert late() == 1
    office.publish_due()
    assert late() == 0
