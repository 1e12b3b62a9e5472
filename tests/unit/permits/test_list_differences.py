"""Comparison of dossier, status row, published list and history of each permit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from border import endorse, undo
from life import issued
from office import MemoryOffice

from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import list_differences, store
from chalicelib.trust.model import status_list
from local.jobs import Jobs

MINUTE, HOUR = 60, 3600


@pytest.fixture
def used(office: MemoryOffice) -> Dossier:
    """An exported permit, an hour after its status list was published."""
    permit = issued(office)
    endorse(office, permit)
    office.later(MINUTE)
    office.publish_due()
    office.later(HOUR)
    return store.load(office.register, permit.id)


def rewrite(office: MemoryOffice, key: Key, changes: Mapping[str, Any]) -> None:
    """Rewrite a row in the table, without the service."""
    row = office.register.get(key)
    assert row is not None
    moved = {"version": row.version + 1} if "record" in row.data else {}
    index = {"shelf": store.SHELF} if moved else {}
    office.register.commit(Put(key, {**row.data, **moved, **changes}, expected_version=row.version, index=index))


def words(office: MemoryOffice) -> list[str]:
    found = list_differences.everything(
        register=office.register, lists=lambda uri: office.own_lists.at(uri, office.now)
    )  # fmt: skip
    return [each.words for each in found]


def entry(permit: Dossier) -> Key:
    return status_list.status_key(permit.status_uri or "", permit.status_idx or 0)


def test_equal_records_have_no_difference(office: MemoryOffice, used: Dossier) -> None:
    assert words(office) == []
    undo(office, used.uses[0].event_id)
    assert words(office) == []  # not published yet: the alarm of late changes covers it
    office.publish_due()
    office.later(HOUR)
    assert words(office) == []


def test_deleted_uses_differ_from_status_row_list_and_history(office: MemoryOffice, used: Dossier) -> None:
    rewrite(office, store.dossier_key(used.id), {"uses": []})
    assert words(office) == [
        "status row has 3, dossier 0",
        "list has 3, dossier 0",
        "history does not end with the dossier's version and state",
        f"history names uses that the dossier has not: {used.uses[0].event_id}",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": 0}, "status row has 0, dossier 3"),
        ({"permit_id": "another"}, "status row: it is another permit's"),
    ],
)
def test_different_status_row_is_reported(
    office: MemoryOffice, used: Dossier, changes: dict[str, Any], expected: str
) -> None:
    rewrite(office, entry(used), changes)
    assert words(office) == [expected]


def test_status_row_that_stays_behind_is_reported_with_its_list(office: MemoryOffice, used: Dossier) -> None:
    undo(office, used.uses[0].event_id)
    rewrite(office, entry(used), {"value": 3})  # the next publication keeps this value
    office.later(4 * HOUR)
    office.publish_due()
    office.later(4 * HOUR)
    office.publish_due()
    assert "status row has 3, dossier 0" in words(office)
    assert "list has 3, dossier 0" in words(office)


def test_sweep_continues_by_page_and_completes_old_status_rows(
    office: MemoryOffice, used: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_differences, "PAGE", 1)
    other = issued(office)
    row = office.register.get(entry(other))
    assert row is not None
    office.register.commit(Put(row.key, {"value": row.data["value"]}, expected_version=row.version))
    rewrite(office, store.dossier_key(used.id), {"uses": []})
    reports: list[list_differences.Difference] = []
    for _ in range(3):
        list_differences.sweep(
            register=office.register, lists=lambda uri: office.own_lists.at(uri, office.now), report=reports.append
        )
    assert {each.permit_id for each in reports} == {used.id}
    named = office.register.get(entry(other))
    assert named is not None
    assert named.data["permit_id"] == other.id


def test_sweep_of_make_run_logs_differences(
    office: MemoryOffice, used: Dossier, caplog: pytest.LogCaptureFixture
) -> None:
    rewrite(office, entry(used), {"value": 0})
    with Jobs(lambda: office):
        pass  # each job runs once before the end
    assert [line for line in caplog.messages if '"event": "difference"' in line and used.id in line]
