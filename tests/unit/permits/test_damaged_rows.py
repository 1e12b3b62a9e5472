"""Rows written past the service: an incomplete dossier, and rows with a word of a newer release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from border import endorse, from_kazakhstan, lines, look, new_uuid, with_kazakhstan
from life import approved, issue, issued
from office import AIZADA, PREPARER, MemoryOffice
from process import but

from chalicelib.alerts.services import alerts
from chalicelib.diagnostics import services as diagnostics
from chalicelib.endorsement.services import paper_stamps
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.issuing.services import sign as issuing_sign
from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import DigestMismatch, TamgaError, Unavailable
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import find_permits, list_differences, store
from chalicelib.quotas.services.recount import recount
from chalicelib.restore.services.missing_data import dossiers
from chalicelib.suspicions.services.pattern_search import find_patterns
from chalicelib.verification.services.foreign_numbers import foreign_key, use_key
from chalicelib.verification.services.verify import verify

WORD = "frozen"  # no log and no answer may quote it
UNREADABLE = "dossier: this release cannot read it"


def rewrite(office: MemoryOffice, permit: Dossier, changes: Mapping[str, Any]) -> None:
    """Rewrite a dossier's row, without the service. None removes a member."""
    row = office.register.get(store.dossier_key(permit.id))
    assert row is not None
    data = {name: value for name, value in {**row.data, **changes}.items() if value is not None}
    data["version"] = row.version + 1
    index = {"shelf": store.SHELF, "state": str(data["state"])}
    office.register.commit(Put(row.key, data, expected_version=row.version, index=index))


def reserved(office: MemoryOffice) -> Dossier:
    """A permit in `signing` whose issuing function ended before it signed."""

    class Nobody:
        def issue(self, permit_id: str) -> None:
            pass

    permit = approved(office)
    office.issuer = Nobody()  # type: ignore[misc]
    with pytest.raises(Unavailable):
        issue(office, permit)
    del office.issuer
    return store.load(office.register, permit.id)


def doctor(office: MemoryOffice) -> list[tuple[int, str, str, str]]:
    """Checks 9 and 15: number, subject, grade and words."""

    def statuses() -> list[diagnostics.CheckReport]:
        lists = lambda uri: office.own_lists.at(uri, office.now)  # noqa: E731
        return list(diagnostics.statuses(list_differences.everything(register=office.register, lists=lists)))

    found = [
        *diagnostics.guarded(9, lambda: diagnostics.signings(office), lambda _: False),
        *diagnostics.guarded(15, statuses, lambda _: False),
    ]
    return [(each.check, each.subject, each.grade, each.words) for each in found]


def newer_state(office: MemoryOffice, permit: Dossier) -> None:
    rewrite(office, permit, {"state": WORD})


def newer_use(office: MemoryOffice, permit: Dossier) -> None:
    (use,) = store.dump_uses(store.load(office.register, permit.id).uses)
    rewrite(office, permit, {"uses": [{**use, "result": WORD}]})


NEWER = pytest.mark.parametrize("newer", [newer_state, newer_use])


@pytest.fixture
def exported(office: MemoryOffice) -> Dossier:
    permit = issued(office)
    endorse(office, permit)
    return permit


def test_sweep_with_signing_without_number_goes_on(office: MemoryOffice) -> None:
    damaged, whole = reserved(office), reserved(office)
    rewrite(office, damaged, {"number": None})
    office.later(issuing_sign.SIGNING_TIMEOUT)
    assert office.sweep().voided == (whole.number,)


def test_doctor_names_signing_without_number(office: MemoryOffice) -> None:
    damaged = reserved(office)
    rewrite(office, damaged, {"number": None})
    office.later(diagnostics.STUCK + 1)
    assert (9, damaged.id, "warning", "its signing was cut off") in doctor(office)


def test_sweep_with_issued_dossier_without_entry_reports_it(
    office: MemoryOffice, caplog: pytest.LogCaptureFixture
) -> None:
    permit = issued(office)
    rewrite(office, permit, {"status_uri": None})
    assert office.sweep().differences >= 1
    assert office.register.get(list_differences.RUN) is not None
    assert [line for line in caplog.messages if "status row: there is none" in line and permit.id in line]


def test_doctor_names_issued_dossier_without_entry(office: MemoryOffice) -> None:
    permit = issued(office)
    rewrite(office, permit, {"status_uri": None})
    assert (15, permit.number, "problem", "status row: there is none") in doctor(office)


def test_signing_of_dossier_without_entry_is_refused(office: MemoryOffice) -> None:
    damaged = reserved(office)
    rewrite(office, damaged, {"status_uri": None})
    with pytest.raises(DigestMismatch):
        issuing_sign.sign(damaged.id, office)


@NEWER
def test_list_without_unreadable_row_shows_the_others(
    office: MemoryOffice, exported: Dossier, caplog: pytest.LogCaptureFixture, newer: Any
) -> None:
    other = issued(office)
    newer(office, exported)
    found, _ = find_permits.find(find_permits.Search(), PREPARER, office)
    assert [each.id for each in found] == [other.id]
    (line,) = [line for line in caplog.messages if exported.id in line]
    assert '"event": "unreadable-row"' in line
    assert WORD not in line


@NEWER
def test_sweep_and_doctor_report_unreadable_row_and_go_on(
    office: MemoryOffice, exported: Dossier, caplog: pytest.LogCaptureFixture, newer: Any
) -> None:
    other = issued(office)
    newer(office, exported)
    rewrite(office, other, {"status_uri": None})
    assert office.sweep().differences >= 2
    assert office.register.get(list_differences.RUN) is not None
    lines = [line for line in caplog.messages if '"event": "difference"' in line and exported.id in line]
    assert [UNREADABLE in line for line in lines] == [True]
    assert not [line for line in caplog.messages if WORD in line]
    found = doctor(office)
    assert (15, exported.id, "problem", UNREADABLE) in found
    assert (15, other.number, "problem", "status row: there is none") in found


def test_doctor_names_unreadable_signing(office: MemoryOffice) -> None:
    damaged = reserved(office)
    rewrite(office, damaged, {"for_cause": "perhaps"})
    found = [each for each in doctor(office) if each[0] == 9]
    assert found == [(9, f"PERMIT#{damaged.id}/DOSSIER", "problem", diagnostics.UNREADABLE)]


@NEWER
def test_verdict_over_unreadable_row_is_no_answer(office: MemoryOffice, exported: Dossier, newer: Any) -> None:
    before = look(office, exported)
    newer(office, exported)
    verdict = look(office, exported)
    assert "T5" not in before.codes
    assert "T5" in verdict.codes
    assert not verdict.outcome.startswith("accept")


@NEWER
def test_single_read_of_unreadable_row_is_typed_and_quotes_nothing(
    office: MemoryOffice, exported: Dossier, newer: Any
) -> None:
    newer(office, exported)
    with pytest.raises(TamgaError) as refused:
        store.load(office.register, exported.id)
    assert (refused.value.status, refused.value.slug) == (503, "unavailable")
    assert exported.id in str(refused.value)
    assert exported.id not in refused.value.detail
    assert WORD not in f"{refused.value} {refused.value.__cause__}"


def test_published_value_of_unreadable_row_is_never_lowered(office: MemoryOffice, exported: Dossier) -> None:
    office.later(60)
    office.publish_due()
    newer_state(office, exported)
    entry = exported.entry
    assert entry is not None
    assert store.recorded_value(office.register, entry.uri, entry.index, 3, office.now) is None


def test_patterns_without_unreadable_row_are_incomplete(office: MemoryOffice, exported: Dossier) -> None:
    issued(office)
    newer_state(office, exported)
    made = find_patterns(office, at_once=True)
    assert made is not None
    assert (made.read, made.complete) == (1, False)


def test_recount_over_unreadable_row_is_refused(office: MemoryOffice, exported: Dossier) -> None:
    """A count without the row would be too low and would let too many specimens leave."""
    draw = {"quota": "2026-x", "year": 2026, "line": 0, "quantity": "1"}
    rewrite(office, exported, {"state": WORD, "draws": [draw]})
    with pytest.raises(Unavailable):
        recount(2026, register=office.register)


def test_restore_lists_unreadable_row_and_does_not_write(office: MemoryOffice, exported: Dossier) -> None:
    other = issued(office)
    newer_state(office, exported)
    rows: list[str] = []
    found = dossiers(office.register, skipped=lambda error: rows.append(error.row))
    assert ([each.id for each in found], rows) == ([other.id], [f"PERMIT#{exported.id}/DOSSIER"])
    with pytest.raises(Unavailable):  # a step that writes needs all dossiers
        dossiers(office.register)


def test_sweep_over_unreadable_alert_and_use_goes_on(office: MemoryOffice, exported: Dossier) -> None:
    (use,) = store.dump_uses(store.load(office.register, exported.id).uses)
    day = (office.now - paper_stamps.WAIT) // DAY  # the first run looks back from here
    data = {"issuer": "KG", "number": exported.number, "use": {**use, "result": WORD}}
    alert = {"id": "a", "kind": WORD}
    office.register.commit(
        Put(Key(f"USES#{day}", "a"), data, expected_version=0),
        Put(alerts.key_of("a"), alert, expected_version=0, index={"shelf": alerts.SHELF, "state": alerts.WAITING}),
    )
    swept = office.sweep()
    assert (swept.escalated, swept.stamps_escalated) == (0, 0)
    assert office.register.get(paper_stamps.PROGRESS) is not None
    assert alerts.listed(AIZADA, register=office.register, only_open=True) == ([], None)


def test_verdict_over_unreadable_foreign_uses_is_no_answer(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    permit, text = from_kazakhstan(office)
    asked = Endorsement(
        event_id=new_uuid(), post="dostuk", endorsed_at=office.now, qr=text, lines=lines("2"), direction="import",
        transport_document="CMR 1",
    )  # fmt: skip
    endorse(office, asked, checker=checker)
    deps = but(office, checker=lambda: checker)
    assert "T5" not in verify(text, deps).codes
    row = office.register.get(foreign_key(permit.issuer, permit.number))
    assert row is not None
    uses = [{**use, "result": WORD} for use in row.data["uses"]]
    office.register.commit(Put(row.key, {**row.data, "uses": uses}, expected_version=row.version))
    assert "T5" in verify(text, deps).codes


def test_verdict_over_unreadable_paper_use_is_no_answer(office: MemoryOffice, exported: Dossier) -> None:
    checker = with_kazakhstan(office)
    permit, text = from_kazakhstan(office)
    (use,) = store.dump_uses(store.load(office.register, exported.id).uses)
    key = Key("FOREIGN-NUMBER#KZ", use_key(permit.issuer, permit.number)[1])
    used = {"a": {"kind": "E", "read": "", "use": {**use, "result": WORD}}}
    office.register.commit(Put(key, {"used": used}, expected_version=0))
    assert "T5" in verify(text, but(office, checker=lambda: checker)).codes
