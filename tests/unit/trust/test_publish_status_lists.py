"""Publication of status lists: due times, concurrent writes, recovery from an old list that was put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from border import endorse
from crashing import Wrapped
from life import approved as approved_permit
from life import issue, issued
from office import APPROVER, DAY, MemoryOffice, published_lists

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.platform.deps import PermitRegister
from chalicelib.trust.model import status_list
from chalicelib.trust.services import publish_status_lists

HOUR = 3600


def test_list_is_due_every_three_hours_and_a_minute_after_a_use(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri = dossier.status_uri or ""
    assert uri in office.publish_due()
    first = published_lists(office)[uri]
    assert (first.value(dossier.status_idx or 0), first.issued_at) == (0, office.now)
    office.later(59)
    endorse(office, dossier)
    assert office.publish_due() == []
    office.later(1)
    assert office.publish_due() == [uri]
    second = published_lists(office)[uri]
    assert (second.value(dossier.status_idx or 0), second.issued_at) == (3, office.now)
    office.later(3 * HOUR - 1)
    assert uri not in office.publish_due()
    office.later(1)
    assert office.publish_due() == [uri]
    assert published_lists(office)[uri].expires_at == office.now + 72 * HOUR


def test_suspension_is_published_at_once_with_rising_issue_time(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri, index = dossier.status_uri or "", dossier.status_idx or 0
    office.publish_due()
    seen = [published_lists(office)[uri]]
    for step in ("suspend", "reinstate"):
        getattr(change_status, step)(dossier.id, "doubt", APPROVER, office)
        office.publish_here(uri)
        seen.append(published_lists(office)[uri])
    assert [each.value(index) for each in seen] == [0, 2, 0]
    assert [each.issued_at for each in seen] == [office.now, office.now + 1, office.now + 2]
    office.publish_here(uri)
    assert published_lists(office)[uri] == seen[-1]  # no change, no new signature


def test_conditional_write_conflict_reads_and_signs_again(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri, index = dossier.status_uri or "", dossier.status_idx or 0
    office.publish_due()
    signer, meanwhile = office.signer, []

    def races(kid: bytes) -> FileSigner:
        if not meanwhile:
            meanwhile.append(1)
            change_status.suspend(dossier.id, "doubt", APPROVER, office)
            office.publish_here(uri)  # the concurrent publication reads later, so its values are newer
        return signer(kid)

    office.signer = races  # type: ignore[method-assign]
    office.later(60)
    endorse(office, dossier)
    office.publish_here(uri)
    assert meanwhile
    assert published_lists(office)[uri].value(index) == 2


def test_unpublishable_list_does_not_stop_the_others(office: MemoryOffice) -> None:
    one = issued(office)
    other = issued(office, replace_last_day("2027-02-01"))
    assert one.status_uri != other.status_uri
    stuck = publish_status_lists.path_of(min(one.status_uri or "", other.status_uri or ""))
    write = office.static.write

    def write_(path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        if path == stuck:
            raise Conflict([Key("static", path)])
        write(path, data, content_type=content_type, etag=etag)

    office.static.write = write_  # type: ignore[method-assign]
    with pytest.raises(Unavailable):  # the alarm is raised all the same
        office.publish_due()
    out = {publish_status_lists.path_of(uri) for uri in published_lists(office)}
    assert stuck not in out
    assert publish_status_lists.path_of(max(one.status_uri or "", other.status_uri or "")) in out


def test_practice_register_publishes_empty_lists(office: MemoryOffice) -> None:
    """A scanner fetches six quarters and cannot know which of them have a permit."""
    assert [uri[-4:] for uri in office.publish_due()] == ["26q3", "26q4", "27q1", "27q2", "27q3", "27q4"]
    assert {each.entries() == {} for each in published_lists(office).values()} == {True}
    office.later(60)
    assert office.publish_due() == []


def test_production_register_publishes_no_empty_list() -> None:
    assert MemoryOffice(Stage(host="tamga.kg", practice=False)).publish_due() == []


def replace_last_day(day: str) -> Any:
    from life import APPLICATION

    return replace(APPLICATION, valid_until=day)


def test_void_number_is_revoked_in_published_list(office: MemoryOffice) -> None:
    from unit.issuing.test_sign import reserve

    left = reserve(office, approved_permit(office))
    office.later(120)
    assert issue(office, left).voided
    office.publish_due()
    assert published_lists(office)[left.status_uri or ""].value(left.status_idx or 0) == 1


class Counting(Wrapped):
    """Register that records the partitions read."""

    def __init__(self, inner: PermitRegister) -> None:
        super().__init__(inner)
        self.read: list[str] = []

    def get(self, key: Key) -> Row | None:
        self.read.append(f"one {key.partition}")
        return super().get(key)

    def query(self, partition: str, **how: Any) -> Sequence[Row]:
        self.read.append(partition)
        return super().query(partition, **how)


def entry(office: MemoryOffice, dossier: Dossier) -> int:
    return published_lists(office)[dossier.status_uri or ""].value(dossier.status_idx or 0)


def change_to(office: MemoryOffice, dossier: Dossier, value: int, at: int) -> None:
    """Commit now the change of a request that began at `at`."""
    puts = store.status_puts(dossier.status_uri or "", dossier.status_idx or 0, value, at)
    office.register.commit(*puts)


def test_only_changed_entries_are_read_in_a_minute(office: MemoryOffice) -> None:
    permits = [issued(office) for _ in range(3)]
    uri = permits[0].status_uri or ""
    office.publish_due()
    office.register = counting = Counting(office.register)  # type: ignore[assignment]
    office.later(60)
    assert office.publish_due() == []
    assert [name for name in counting.read if uri in name] == [f"STATUS-CHANGES#{uri}"]
    endorse(office, permits[1])
    office.later(60)
    counting.read.clear()
    assert office.publish_due() == [uri]
    assert [name for name in counting.read if uri in name] == [f"STATUS-CHANGES#{uri}", f"one STATUS#{uri}"]
    assert [entry(office, permit) for permit in permits] == [0, 3, 0]
    office.later(60)
    counting.read.clear()
    assert office.publish_due() == []  # recorded changes are read again and are in the list already
    assert [name for name in counting.read if uri in name] == [f"STATUS-CHANGES#{uri}"]


def test_change_committed_late_is_published(office: MemoryOffice) -> None:
    dossier = issued(office)
    office.publish_due()
    office.later(status_list.BEFORE_LIST)
    office.publish_here(dossier.status_uri or "")
    began = office.now - status_list.BEFORE_LIST + 1  # before the published list was made
    change_to(office, dossier, 1, began)
    office.later(60)
    assert office.publish_due() == [dossier.status_uri]
    assert entry(office, dossier) == 1


def test_two_concurrent_changes_publish_the_last_committed(office: MemoryOffice) -> None:
    dossier = issued(office)
    office.publish_due()
    office.later(1)
    late = office.now
    office.later(1)
    change_to(office, dossier, 2, office.now)  # suspended
    change_to(office, dossier, 15, late)  # then revoked, by a request that began a second earlier
    office.later(60)
    office.publish_due()
    assert entry(office, dossier) == 15
    for _ in range(3):  # the value stays when the first change is older than the changes read
        office.later(status_list.BEFORE_LIST // 2 - 31)
        assert office.publish_due() == []
    assert entry(office, dossier) == 15


@pytest.mark.parametrize("hours", [1, 2, 5, 7, 23])
def test_old_list_put_back_is_corrected_at_next_publication(office: MemoryOffice, hours: int) -> None:
    dossier = issued(office)
    office.publish_due()
    path = publish_status_lists.path_of(dossier.status_uri or "")
    old, _ = office.static.read(path) or (b"", "")
    endorse(office, dossier)
    for _ in range(hours):
        office.later(HOUR)
        office.publish_due()
    assert entry(office, dossier) == 3
    held_ = office.static.read(path)
    assert held_ is not None
    office.static.write(path, old, content_type=publish_status_lists.CONTENT_TYPE, etag=held_[1])
    assert entry(office, dossier) == 0
    office.publish_due()
    assert entry(office, dossier) == 3


def test_each_list_is_recounted_daily_at_its_own_hour(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri = dossier.status_uri or ""
    office.publish_due()
    office.register.commit(
        Put(status_list.status_key(uri, dossier.status_idx or 0), {"value": 2}, expected_version=None)
    )  # without a recorded change
    office.publish_here(uri)
    office.later(60)
    assert office.publish_due() == []
    assert entry(office, dossier) == 0
    for _ in range(9):
        office.later(3 * HOUR)
        office.publish_due()
    assert entry(office, dossier) == 2
    seconds = {
        publish_status_lists._day(each, office.now) * DAY
        for each in publish_status_lists.uris(office.stage, office.now)
    }
    assert len(seconds) == 2  # the next day has begun for some lists


def test_list_published_too_long_ago_is_recounted(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri = dossier.status_uri or ""
    office.publish_due()
    office.register.commit(
        Put(status_list.status_key(uri, dossier.status_idx or 0), {"value": 2}, expected_version=None)
    )
    office.later(publish_status_lists.BASE_AT_MOST)
    office.publish_here(uri)
    assert entry(office, dossier) == 0
    office.later(publish_status_lists.BASE_AT_MOST + 1)
    office.publish_here(uri)
    assert entry(office, dossier) == 2


def hammered(office: MemoryOffice, mine: Dossier, seconds: int) -> int:
    """Script of an approver: four publications a second. Returns the seconds that the list is ahead of the clock."""
    for _ in range(seconds):
        for step in (change_status.suspend, change_status.reinstate) * 2:
            step(mine.id, "x", APPROVER, office)
            office.publish_here(mine.status_uri or "")
        office.later(1)
    return published_lists(office)[mine.status_uri or ""].issued_at - office.now


def test_script_cannot_push_list_ahead_past_recorded_changes(office: MemoryOffice) -> None:
    """A list too far ahead of the clock would skip changes that were recorded since."""
    mine, victim = issued(office), issued(office)
    office.publish_due()
    office.later(60)
    assert hammered(office, mine, 250) <= publish_status_lists.AHEAD
    change_status.suspend(victim.id, "smuggled", APPROVER, office)
    office.publish_here(victim.status_uri or "")
    for _ in range(3):
        office.later(60)
        office.publish_due()
    assert entry(office, victim) == 2


def test_immediate_publication_recounts_when_first_of_day(office: MemoryOffice) -> None:
    dossier, other = issued(office), issued(office)
    uri = dossier.status_uri or ""
    office.publish_due()
    day = publish_status_lists._day(uri, office.now)
    while publish_status_lists._day(uri, office.now + 3600) == day:
        office.later(3600)
        office.publish_due()
    office.register.commit(
        Put(status_list.status_key(uri, dossier.status_idx or 0), {"value": 2}, expected_version=None)
    )  # without a recorded change
    office.later(3600)
    change_status.suspend(other.id, "doubt", APPROVER, office)
    office.publish_here(uri)
    assert entry(office, dossier) == 2
