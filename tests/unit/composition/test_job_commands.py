"""`tamga sweep` and `tamga publish`: they print their results, and a second run changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk_of_keys import Desk
from life import approved, issue, issued
from office import APPROVER, published_lists

from chalicelib.composition import container
from chalicelib.issuing.services.sign import SIGNING_TIMEOUT
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Put
from chalicelib.permits.services import change_status
from chalicelib.trust.model import status_list


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    container.replace_deps(None)


class CutOff:
    def issue(self, permit_id: str) -> None:
        raise Unavailable


def test_interrupted_signing_is_voided_by_sweep(desk: Desk) -> None:
    office = desk.office
    office.issuer = CutOff()  # type: ignore[misc]
    with pytest.raises(Unavailable):
        issue(office, approved(office))
    found = {"voided": [], "lapsed": [], "escalated": 0, "flags_escalated": 0, "stamps_escalated": 0, "differences": 0}
    assert desk.ask("sweep") == found
    office.later(SIGNING_TIMEOUT + 1)
    assert "void: 26KG000001/E" in desk.run("sweep").stdout
    assert "No signing was interrupted" in desk.run("sweep").stdout


def test_differences_of_dossier_and_status_row_are_counted(desk: Desk) -> None:
    office = desk.office
    permit = issued(office)
    office.publish_due()
    row = office.register.get(status_list.status_key(permit.status_uri or "", permit.status_idx or 0))
    assert row is not None
    office.register.commit(Put(row.key, {**row.data, "value": 3}, expected_version=row.version))
    assert desk.ask("sweep")["differences"] == 1
    assert "1 difference between dossier, status row, list and history" in desk.run("sweep").stdout


def test_due_lists_are_published_and_changed_lists_at_once_with_now(desk: Desk) -> None:
    office = desk.office
    permit = issued(office)
    assert permit.status_uri in desk.ask("publish")["published"]  # with the empty lists
    assert "No status list was due" in desk.run("publish").stdout
    office.later(10)
    change_status.revoke(permit.id, "false papers", True, APPROVER, office)
    assert desk.ask("publish") == {"published": []}  # within a minute of the last publication
    assert desk.ask("publish", "--now") == {"published": [permit.status_uri]}
    assert published_lists(office)[permit.status_uri or ""].value(permit.status_idx or 0) != 0
    assert desk.ask("publish", "--now") == {"published": []}


def test_configured_status_function_publishes(desk: Desk) -> None:
    """Where a status function is configured, nothing else may use the status key."""
    office = desk.office
    permit = issued(office)
    asked: list[str] = []

    class Function:
        def publish(self, uri: str) -> None:
            asked.append(uri)
            office.publish_here(uri)

    office.config = replace(office.config, status_function="publish_status")
    office.publisher = Function()  # type: ignore[misc]
    assert desk.ask("publish") == {"published": [permit.status_uri]}
    assert permit.status_uri in asked
