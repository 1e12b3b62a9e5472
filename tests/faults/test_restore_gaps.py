"""Gaps after a restore: verdicts while locked, inferred uses from a status list, lifted states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from border import Phone, confirm, endorse, event, held, look, new_uuid
from crashing import Wrapped
from life import APPLICATION, approved, endorsement, issue
from office import ADMIN, AIZADA, APPROVER, BEKZAT, DAY, NOW
from process import but
from restoring import MemoryRestorable

from chalicelib.adapters.in_process.memory import MemoryIssuer, MemoryReader, MemoryStatic
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import Restored, Unavailable
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.reading.read_document import read
from chalicelib.restore.services import missing_data, replay
from chalicelib.trust.model import status_list
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.snapshot import Snapshot
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.accounts import account_of
from chalicelib.verification.services.verify import find_legacy, verify_number


@pytest.fixture
def office() -> MemoryRestorable:
    return MemoryRestorable(now=NOW)


def backed_up(office: MemoryRestorable) -> tuple[Dossier, Any]:
    """A permit, and the table's rows a minute later."""
    permit = issue(office, approved(office))
    office.minute()
    return permit, office.backup()


def by_number(office: MemoryRestorable, permit: Dossier) -> Verdict:
    return verify_number(permit.number or "", permit.check_code, office)


def test_lookup_by_number_while_locked_uses_status_list(office: MemoryRestorable) -> None:
    permit, rows = backed_up(office)
    change_status.revoke(permit.id, "fraud", True, APPROVER, office)
    office.minute()
    office.restore(rows)
    found = by_number(office, permit)
    assert (found.outcome, {"S7", "T5"} <= set(found.codes)) == ("hold", True)


def test_lookup_of_paper_permit_while_locked_returns_restored(office: MemoryRestorable) -> None:
    """The answer is not "Try again shortly", because the lock lasts longer."""
    backed_up(office)
    office.restore(office.backup())
    with pytest.raises(Restored):
        find_legacy("KG-0117/2026", office, valid_until="2027-04-30")


def told_by_list(office: MemoryRestorable) -> tuple[Phone, Dossier, Endorsement]:
    """A permit used online after the backup. Only the published status list shows that use."""
    phone = Phone(office)
    permit, rows = backed_up(office)
    office.later(100)
    asked = endorsement(office, permit)
    endorse(office, asked)
    office.minute()
    office.restore(rows)
    replay.numbers(ADMIN, office.restorer)
    replay.status(ADMIN, office.restorer)
    assert held(office, permit).use == "exported"
    return phone, permit, asked


def other_goods(office: MemoryRestorable, permit: Dossier, **changes: Any) -> Endorsement:
    return endorsement(
        office, permit, event_id=new_uuid(), endorsed_at=office.now, transport_document="AWB 999-99999999", **changes
    )


def test_use_after_signing_of_list_is_not_the_inferred_one(office: MemoryRestorable) -> None:
    phone, permit, _ = told_by_list(office)
    office.later(3 * DAY)
    assert phone.sync(event(other_goods(office, permit), BEKZAT))[0]["result"] == "conflict"
    uses = held(office, permit).uses
    assert [(use.recorded, use.counts) for use in uses] == [("list", True), ("live", True)]
    office.register = office.restorer.table
    assert "U4" in look(office, permit).codes


def test_confirmed_stamp_replaces_inferred_use(
    office: MemoryRestorable,
) -> None:
    phone, permit, asked = told_by_list(office)
    stamped = replace(asked, event_id=new_uuid(), recorded="paper")
    assert phone.sync(event(stamped, AIZADA))[0]["result"] == "stored"
    assert held(office, permit).use == "exported"
    assert [(use.recorded, use.counts) for use in held(office, permit).uses] == [("list", True), ("paper", False)]
    office.register = office.restorer.table
    assert confirm(office, stamped.event_id)["result"] == "accepted"
    assert [(use.recorded, use.counts) for use in held(office, permit).uses] == [("list", False), ("paper", True)]
    assert held(office, permit).use == "exported"


def test_status_follows_uses_that_no_longer_count(office: MemoryRestorable) -> None:
    _, permit, asked = told_by_list(office)
    account = account_of("KG", permit.number or "", office)
    told = account.without_inferred(replace(account.uses[0], event_id=asked.event_id, at=asked.endorsed_at), office.now)
    assert isinstance(told.known, Snapshot)
    assert not any(use.counts for use in told.known.uses)
    office.restorer.table.commit(*told.puts(told.uses, ADMIN, office.restorer.beneath, "sync", {}))
    entry = office.register.get(status_list.status_key(permit.status_uri or "", permit.status_idx or 0))
    assert (held(office, permit).use, entry and entry.data["value"]) == ("unused", 0)


def test_replay_with_version_conflict_returns_try_again(office: MemoryRestorable) -> None:
    permit, rows = backed_up(office)
    office.later(60)
    endorse(office, permit)
    issue(office, approved(office))
    office.minute()
    office.restore(rows)
    its = office.restorer

    def counted(puts: Sequence[Put]) -> None:
        row = its.table.get(Key("COUNTER#KG", "26"))
        assert row is not None
        its.table.commit(Put(row.key, row.data, expected_version=row.version))

    def changed(puts: Sequence[Put]) -> None:
        read = held(office, permit)
        its.table.commit(store.dossier_put(read.but(), expected_version=read.version))

    with pytest.raises(Unavailable, match="try again"):
        replay.numbers(ADMIN, replace(its, deps=but(its.deps, register=Wrapped(its.table, before=counted))))
    with pytest.raises(Unavailable, match="try again"):
        replay.status(ADMIN, replace(its, deps=but(its.deps, register=Wrapped(its.table, before=changed))))
    replay.numbers(ADMIN, its)
    assert replay.status(ADMIN, its)["corrected"]


def first_of(office: MemoryRestorable, year: str) -> tuple[int, int]:
    row = office.register.get(Key("COUNTER#KG", year))
    assert row is not None
    return row.data["first"], row.data["last"]


def test_replayed_counter_keeps_first_number_of_year(office: MemoryRestorable) -> None:
    office.config = replace(office.config, stage=replace(office.config.stage, first_serial=500))
    empty = office.backup()
    _, rows = backed_up(office)
    for restored in (rows, empty):
        office.restore(restored)
        replay.numbers(ADMIN, office.restorer)
        assert first_of(office, "26") == (500, 1500)
    office.static = MemoryStatic()
    office.forget_bundle()
    office.publish_list(office.first_list())
    office.restore(empty)  # nothing is known: the numbers on paper remain with the paper register
    office.static.write("register-mark", b'{"table": "another", "serials": {}}', content_type="", etag=None)
    replay.numbers(ADMIN, office.restorer)
    assert first_of(office, "26") == (500, 1499)


def test_signing_with_incomplete_print_is_left_to_sweep(office: MemoryRestorable) -> None:
    waiting = approved(office, replace(APPLICATION, lines=APPLICATION.lines * 8))
    kept: list[Any] = []

    def signing(permit_id: str) -> None:
        kept.append(office.backup())
        office.issue_here(permit_id)

    office.__dict__["issuer"] = MemoryIssuer(signing)
    permit = issue(office, waiting)
    assert len(permit.tokens) > 1
    office.minute()
    office.print_here(permit.id, False)
    office.restore(kept[0])

    def without_a_page(data: bytes, content_type: str) -> FileFindings:
        found = read(data, content_type)
        return replace(found, codes=tuple(code for code in found.codes if code != permit.tokens[-1]))

    torn = replace(office.restorer, deps=but(office, reader=MemoryReader(without_a_page)))
    assert replay.numbers(ADMIN, torn)["lost"] == []
    found = missing_data.find_missing(torn)
    assert (found.papers, found.signing) == ((), (permit.number,))
    replay.status(ADMIN, torn)
    replay.events(office.now - 3600, ADMIN, torn)
    assert missing_data.find_missing(torn).missing == []
    assert replay.numbers(ADMIN, office.restorer)["recovered"] == [permit.number]  # a whole print came in


def test_two_prints_are_matched_to_different_applications(office: MemoryRestorable) -> None:
    files = [approved(office), approved(office)]  # with equal content
    office.minute()
    rows = office.backup()
    permits = [issue(office, each) for each in files]
    for permit in permits:
        office.print_here(permit.id, False)
    office.minute()
    office.restore(rows)
    its = office.restorer
    read_all: list[int] = []

    class Counted(Wrapped):
        def search(self, *what: Any, **how: Any) -> Any:
            read_all.append(1)
            return self.inner.search(*what, **how)

    done = replay.numbers(ADMIN, replace(its, deps=but(its.deps, register=Counted(its.table))))
    assert sorted(done["recovered"]) == sorted(permit.number for permit in permits)
    assert {held(office, each).number for each in files} == set(done["recovered"])
    assert len(read_all) == 2  # one search and one decision, for any number of prints
