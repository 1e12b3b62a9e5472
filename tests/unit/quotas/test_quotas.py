"""Quota accounts in the transaction that changes a permit: granted, used, and each part given back once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from border import BEKZAT, confirm, endorse, lines, look, undo
from border import held as file_of
from crashing import Wrapped
from life import approved, endorsement, examined_and_approved, issue, issued
from office import ADMIN, ADMIN2, APPLICANT, APPROVER, DAY, PREPARER, MemoryOffice
from quota_play import QUOTA, WILD, enter, held, issued_wild, of_lines, taken, wild
from smuggler import ready_to_replace, replaced

from chalicelib.adapters.in_process.memory import MemoryIssuer
from chalicelib.applications.services import draft as applications_draft
from chalicelib.applications.services import overrides
from chalicelib.kernel.errors import DigestMismatch, Forbidden, Invalid, NoMatch
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.overrides import NamedStop
from chalicelib.permits.services import change_status, participants, store
from chalicelib.permits.services.participants import DossierChange
from chalicelib.platform.deps import Provided
from chalicelib.quotas.services import check_application, count
from chalicelib.quotas.services.count import participate
from chalicelib.quotas.services.figures import set_quota
from chalicelib.quotas.services.recount import DONE, WAIT, due_put, lapse
from chalicelib.record.permit import Application, SourceDocument


def codes(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(each.field, each.code) for each in error.value.errors}


def revoke(office: MemoryOffice, permit_id: str) -> None:
    change_status.revoke(permit_id, "forged papers", True, APPROVER, office)


def test_issued_permit_takes_its_quantity_and_block_11a_includes_it(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, before="1"))
    first, second = issued_wild(office), issued_wild(office, "1")
    assert [each.draws[0].printed for each in (first, second)] == ["3 / 5 (2026)", "4 / 5 (2026)"]
    assert taken(office) == ("0", "3", "0")
    assert held(office).left == 1
    assert issue(office, second).number == second.number  # issued again
    assert taken(office) == ("0", "3", "0")


def test_permit_is_not_issued_when_quotas_do_not_take_part(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function whose composition root left the quotas out would overdraw them."""
    ready = approved(office)
    monkeypatch.setattr(participants, "take_part", Provided())
    with pytest.raises(RuntimeError):
        issue(office, ready)
    assert file_of(office, ready) == ready


def test_quantity_above_the_rest_of_the_quota_is_refused(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="3"))
    ready = approved(office, wild("2"))  # approved while enough was left
    issued_wild(office)
    with pytest.raises(Invalid) as refused:
        issue(office, ready)
    assert codes(refused) == {("lines[0].quantity", "quota_passed")}
    assert "1 above what the quota has left" in refused.value.errors[0].detail
    assert taken(office) == ("0", "2", "0")
    assert file_of(office, ready).state == "approved"
    issued_wild(office, "1")
    assert held(office).left == 0


def test_lines_of_one_quota_are_added(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="3"))
    with pytest.raises(Invalid) as refused:
        issued(office, of_lines(WILD, replace(WILD, marks="ring KG-0119")))
    assert ("lines[1].quantity", "quota_passed") in codes(refused)
    both = issued(office, of_lines(WILD, replace(WILD, marks="ring KG-0119", quantity="1")))
    assert [draw.printed for draw in both.draws] == ["3 / 3 (2026)"] * 2


def test_zero_quota_is_a_stop(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="0"))
    with pytest.raises(Invalid) as refused:
        issued_wild(office, "1")
    assert codes(refused) == {("lines[0].quantity", "quota_zero")}


def test_other_unit_than_the_quota_is_refused(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, terms=(), unit="KGM"))
    with pytest.raises(Invalid) as refused:
        issued_wild(office)
    assert codes(refused) == {("lines[0].unit", "quota_unit")}


@pytest.mark.parametrize(
    ("quota", "counts"),
    [
        (QUOTA, True),
        (replace(QUOTA, terms=(), sources=()), True),
        (replace(QUOTA, taxon="Falco"), True),
        (replace(QUOTA, taxon="Falconidae"), True),
        (replace(QUOTA, taxon="Falco peregrinus"), False),
        (replace(QUOTA, terms=("FEA",)), False),
        (replace(QUOTA, sources=("C", "F")), False),
    ],
)
def test_quota_applies_to_its_taxon_terms_sources_and_year(
    office: MemoryOffice, quota: count.QuotaRow, counts: bool
) -> None:
    enter(office, quota)  # type: ignore[arg-type]
    assert bool(issued_wild(office).draws) is counts


def test_missing_quota_is_a_stop_when_last_year_had_one(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, year=2025))
    with pytest.raises(Invalid) as refused:
        issued_wild(office)
    assert codes(refused) == {("lines[0].quantity", "quota_unset")}
    assert refused.value.errors[0].overridable
    assert issued_wild(office, quota_year="2025").draws  # counted in last year's quota
    enter(office, replace(QUOTA, terms=(), quantity="9"))  # a quota with another scope applies too
    assert issued_wild(office).draws[0].year == 2026


def test_last_years_zero_is_a_stop_until_the_same_scope_has_a_quota(office: MemoryOffice) -> None:
    """One administrator alone can enter a quota of another scope, because it raises none.

    A quota of the zero's scope needs two.
    """
    enter(office, replace(QUOTA, year=2025, quantity="0"))
    wide = replace(QUOTA, terms=(), quantity="9")
    set_quota(wide, "", ADMIN, office)
    with pytest.raises(Invalid) as refused:
        issued_wild(office)
    assert codes(refused) == {("lines[0].quantity", "quota_unset")}
    enter(office, replace(QUOTA, quantity="9"), "the new decision")
    assert issued_wild(office).draws[0].year == 2026


@pytest.mark.parametrize("other", [{"quota_year": "2025"}, {"unit": "KGM"}, {"quota_year": "2025", "quantity": "1"}])
def test_second_line_does_not_remove_stop_of_missing_quota(office: MemoryOffice, other: dict[str, str]) -> None:
    enter(office, replace(QUOTA, year=2025))
    both = of_lines(replace(WILD, marks="ring KG-0119", **other), WILD)  # type: ignore[arg-type]
    found = check_application.refusals(None, both, office)
    lines = {"lines[1].quantity"} if "quota_year" in other else {"lines[0].quantity", "lines[1].quantity"}
    assert {(each.field, each.code) for each in found} == {(field, "quota_unset") for field in lines}
    assert all(each.overridable for each in found)


def test_every_matching_quota_counts_and_the_narrowest_is_printed(office: MemoryOffice) -> None:
    enter(office)
    broad = replace(QUOTA, taxon="Falconidae", terms=(), sources=(), quantity="100")
    enter(office, broad)
    permit = issued_wild(office)
    assert [draw.printed for draw in permit.draws] == ["2 / 5 (2026)", "2 / 100 (2026)"]
    assert taken(office) == taken(office, broad) == ("0", "2", "0")


def test_reexport_or_foreign_origin_takes_no_quota(office: MemoryOffice) -> None:
    enter(office)
    foreign = replace(WILD, origin=SourceDocument("KZ", "26KZ000001/E", "2026-03-01"))
    assert check_application.draws(of_lines(foreign), None, office) == ()
    again = replace(of_lines(WILD), document_type="R")
    assert check_application.draws(again, None, office) == ()


def test_goods_of_unknown_origin_count_as_own_exports(office: MemoryOffice) -> None:
    enter(office)
    unknown = replace(WILD, origin=SourceDocument("XX", None, None))
    assert [draw.quantity for draw in check_application.draws(of_lines(unknown), None, office)] == ["2"]


def test_quota_of_last_year_may_be_chosen(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, year=2025))
    enter(office, replace(QUOTA, year=2024))
    permit = issued_wild(office, quota_year="2025")
    assert permit.draws[0].printed == "2 / 5 (2025)"
    for year in ("2024", "2027"):
        with pytest.raises(Invalid) as refused:
            issued_wild(office, quota_year=year)
        assert codes(refused) == {("lines[0].quota_year", "no_quota")}
    with pytest.raises(Invalid) as refused:
        issued_wild(office, quota_year="25")
    assert codes(refused) == {("lines[0].quota_year", "year")}


def test_choice_of_last_year_does_not_bypass_a_zero_quota(office: MemoryOffice) -> None:
    """The applicant chooses the year of the quota, and would otherwise pass a prohibition unnoticed."""
    enter(office, replace(QUOTA, year=2025))
    enter(office, replace(QUOTA, taxon="Falconidae", terms=(), sources=(), quantity="0", unit="KGM"))
    with pytest.raises(Invalid) as refused:
        issued_wild(office, quota_year="2025")
    assert codes(refused) == {("lines[0].quantity", "quota_zero")}
    assert refused.value.errors[0].overridable
    enter(office, replace(QUOTA, taxon="Falconidae", terms=(), sources=(), quantity="1", unit="KGM"), "Order 13")
    permit = issued_wild(office, quota_year="2025")
    enter(office, replace(QUOTA, quantity="0"))
    assert replaced(office, permit).draws[0].carried == "2"  # the quantity was granted before the quota became zero


def test_exported_quantity_is_used_and_the_rest_lapses(office: MemoryOffice) -> None:
    enter(office)
    permit = issued_wild(office)
    receipt = endorse(office, permit, lines=lines("1"))
    assert taken(office) == ("1", "0", "1")
    assert held(office).left == 4
    undo(office, receipt["event_id"])
    assert taken(office) == ("0", "2", "0")
    endorse(office, endorsement(office, permit))
    assert taken(office) == ("2", "0", "0")


def test_undo_above_the_quota_is_reported_as_p2(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="2"))
    permit = issued_wild(office)
    receipt = endorse(office, permit, lines=lines("1"))
    issued_wild(office, "1")
    undo(office, receipt["event_id"])
    assert taken(office) == ("0", "3", "0")
    assert held(office).left == -1
    assert file_of(office, permit).quota_passed
    assert "P2" in look(office, permit).codes


def test_concurrent_endorsements_of_two_permits_are_both_counted(office: MemoryOffice) -> None:
    """The second permit is endorsed between read and write of the first. Both transactions have the quota's row."""
    enter(office)
    one, other = issued_wild(office), issued_wild(office)
    plain, rivals = office.register, [other]

    def rival(puts: Sequence[Put]) -> None:
        if rivals and any(put.key.partition.startswith("QUOTAS#") for put in puts):
            asked = endorsement(office, rivals.pop())
            office.register = plain
            endorse(office, asked)
            office.register = wrapped  # type: ignore[assignment]

    wrapped = Wrapped(plain, before=rival)
    office.register = wrapped  # type: ignore[assignment]
    endorse(office, one)
    office.register = plain
    assert not rivals
    assert taken(office) == ("4", "0", "0")


def test_paper_stamp_counts_after_second_officer_confirms(office: MemoryOffice) -> None:
    enter(office)
    permit = issued_wild(office)
    receipt = endorse(office, permit, recorded="paper", lines=lines("1"))
    assert taken(office) == ("0", "2", "0")
    confirm(office, receipt["event_id"], BEKZAT)
    assert taken(office) == ("1", "0", "1")


@pytest.mark.parametrize("end", ["revoke", "surrender"])
def test_unused_permit_that_ends_gives_quota_back_once(office: MemoryOffice, end: str) -> None:
    enter(office)
    permit = issued_wild(office)
    for _ in range(2):
        if end == "revoke":
            revoke(office, permit.id)
        else:
            change_status.surrender(permit.id, "not needed", PREPARER, office)
        assert taken(office) == ("0", "0", "2")
    assert held(office).left == 5
    found, _ = check_application.history(QUOTA.id, ADMIN, register=office.register, cursor=None)
    (moved,) = found[0]["permits"]
    assert (moved["action"], moved["number"], moved["outstanding"]) == (end, permit.number, "-2")


def test_revoked_permit_that_was_used_stays_counted_as_used(office: MemoryOffice) -> None:
    enter(office)
    permit = issued_wild(office)
    endorse(office, permit)
    revoke(office, permit.id)
    assert taken(office) == ("2", "0", "0")


@pytest.mark.parametrize("change", ["lost", "stolen", "suspended"])
def test_lost_stolen_or_suspended_permit_keeps_its_quota(office: MemoryOffice, change: str) -> None:
    enter(office)
    permit = issued_wild(office)
    if change == "suspended":
        change_status.suspend(permit.id, "doubt", APPROVER, office)
    else:
        change_status.report_lost(permit.id, "missing", change, PREPARER, office)
    assert taken(office) == ("0", "2", "0")


def test_replacement_takes_over_the_quota_of_the_replaced_permit(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="2"))
    old = issued_wild(office)
    ready = ready_to_replace(office, old)
    new = issue(office, ready)
    assert new.draws[0].printed == "2 / 2 (2026)"
    assert taken(office) == ("0", "2", "2")
    endorse(office, new)
    assert taken(office) == ("2", "0", "2")


def test_smaller_replacement_gives_the_rest_back(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="5"))
    old = issued_wild(office, "4")
    new = replaced(office, old, wild("1"))
    assert new.draws[0].printed == "1 / 5 (2026)"
    assert taken(office) == ("0", "1", "4")


def test_larger_replacement_needs_the_difference(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="5"))
    larger = replaced(office, issued_wild(office, "4"), wild("5"))
    assert larger.draws[0].printed == "5 / 5 (2026)"
    with pytest.raises(Invalid) as refused:
        replaced(office, larger, wild("6"))
    assert codes(refused) == {("lines[0].quantity", "quota_passed")}


def test_replacement_of_used_permit_takes_no_quota_until_undo(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="2"))
    old = issued_wild(office)
    receipt = endorse(office, old)
    new = replaced(office, old)
    assert taken(office) == ("2", "0", "0")
    undo(office, receipt["event_id"])  # the goods are still here, so the replacement may export them
    assert taken(office) == ("0", "2", "2")
    endorse(office, new)
    assert taken(office) == ("2", "0", "2")


def test_uses_on_replaced_permit_and_replacement_are_added(office: MemoryOffice) -> None:
    enter(office)
    old = issued_wild(office)
    new = replaced(office, old, wild("4"))
    endorse(office, new, lines=lines("4"))
    office.later(60)
    stamped = endorsement(office, old, recorded="paper", lines=lines("1"), transport_document="AWB 77")
    confirm(office, endorse(office, stamped)["event_id"])
    assert taken(office) == ("5", "0", "1")  # both consignments left


def test_one_crossing_on_replaced_permit_and_replacement_counts_once(office: MemoryOffice) -> None:
    enter(office)
    old = issued_wild(office)
    new = replaced(office, old)
    endorse(office, new)
    confirm(office, endorse(office, endorsement(office, old, recorded="paper"))["event_id"])
    assert taken(office) == ("2", "0", "0")


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (wild("500"), "lines[0].quantity"),
        (wild("2", term="FEA"), "lines[0].scientific_name"),
        (replace(wild("2"), lines=(*wild("2").lines, *wild("1").lines)), "lines[1].scientific_name"),
    ],
    ids=["more", "others", "one more line"],
)
def test_replacement_of_used_permit_with_more_goods_is_refused(
    office: MemoryOffice, other: Application, field: str
) -> None:
    enter(office)
    old = issued_wild(office)
    endorse(office, old)
    with pytest.raises(Invalid) as refused:
        replaced(office, old, other)
    assert (field, "used") in codes(refused)
    assert taken(office) == ("2", "0", "0")


def test_replacement_next_year_uses_the_quota_of_the_replaced_permit(office: MemoryOffice) -> None:
    enter(office)
    old = issued_wild(office)
    office.later(40 * DAY)  # 2027
    new = replaced(office, old)
    assert new.draws[0].printed == "2 / 5 (2026)"
    assert taken(office) == ("0", "2", "2")


def test_failed_signing_takes_no_quota(office: MemoryOffice) -> None:
    enter(office)
    ready = approved(office, wild())
    signers, office.signer = office.signer, office.signer  # type: ignore[method-assign]

    def away(kid: bytes) -> object:
        raise NoMatch("the key is away")

    office.signer = away  # type: ignore[method-assign, assignment]
    with pytest.raises(NoMatch):
        issue(office, ready)
    assert taken(office) == ("0", "0", "0")
    assert file_of(office, ready).draws == ()
    office.signer = signers  # type: ignore[method-assign]
    assert issue(office, ready).draws[0].printed == "2 / 5 (2026)"
    assert taken(office) == ("0", "2", "0")


def test_expired_unused_permit_gives_quota_back_after_the_wait(office: MemoryOffice) -> None:
    enter(office)
    unused, used = issued_wild(office), issued_wild(office, "1")
    endorse(office, used)
    office.later((unused.expires_at or 0) - office.now + WAIT - 2 * DAY)
    assert lapse(office) == []
    office.later(3 * DAY)
    assert lapse(office) == [unused.number]
    assert taken(office) == ("1", "0", "2")
    assert lapse(office) == []
    assert file_of(office, unused).state == "issued"


def test_quota_due_late_in_a_day_is_given_back(office: MemoryOffice) -> None:
    """An hourly run gives it back at most a day after it is due, also on a day of 25 hours."""
    enter(office)
    permit = issued_wild(office)
    assert permit.expires_at is not None
    for expires_at in (permit.expires_at, permit.expires_at + 86399):
        (put,) = due_put(permit.but(expires_at=expires_at), office.stage)
        day = date.fromisoformat(put.key.partition.removeprefix("QUOTA-DUE#"))
        assert office.stage.today(expires_at + WAIT) < day <= office.stage.today(expires_at + WAIT + DAY)
    office.later(permit.expires_at + WAIT - 2 * 3600 - office.now)
    given = []
    for _ in range(28):
        given += lapse(office)
        office.later(3600)
    assert given == [permit.number]


def test_undecidable_permit_is_retried_daily_and_delays_no_other(office: MemoryOffice) -> None:
    def rows(days: int) -> list[str]:
        day = office.stage.today(office.now + days * DAY)
        return [row.key.sort for row in office.register.query(f"QUOTA-DUE#{day.isoformat()}")]

    enter(office)
    permit = issued_wild(office)
    assert permit.expires_at is not None
    office.later(permit.expires_at + WAIT + 2 * DAY - office.now)
    early = office.stage.today(office.now - 30 * DAY)
    office.register.commit(
        Put(Key(f"QUOTA-DUE#{early.isoformat()}", "gone"), {"permit_id": "gone"}, expected_version=None)
    )
    for given in ([permit.number], [], []):
        assert lapse(office) == given
        done = office.register.get(DONE)
        assert done is not None
        assert done.data["day"] == office.stage.today(office.now).isoformat()
        assert rows(1) == ["gone"]
        office.later(DAY)


def test_history_of_quota_has_old_and_new_quantity_and_reason(office: MemoryOffice) -> None:
    enter(office)
    made = enter(office, replace(QUOTA, quantity="9", source="Order 31"), "Count of spring")
    assert (made.quota.quantity, made.set_by_name, made.set_at) == ("9", ADMIN2.name, office.now)
    newest, first = check_application.history(QUOTA.id, ADMIN, register=office.register, cursor=None)[0]
    assert (first["was"], first["set"]["quantity"]) == (None, "5")
    assert (newest["was"]["quantity"], newest["set"]["quantity"], newest["reason"]) == ("5", "9", "Count of spring")


def test_quota_below_granted_needs_flag_and_reason(office: MemoryOffice) -> None:
    enter(office)
    issued_wild(office)
    less = replace(QUOTA, quantity="1")
    with pytest.raises(Invalid) as refused:
        enter(office, less, "drought")
    assert codes(refused) == {("quantity", "below_taken")}
    with pytest.raises(Invalid) as refused:
        enter(office, less, below_taken=True)
    assert codes(refused) == {("reason", "required")}
    assert enter(office, less, "drought", below_taken=True).left == -1
    with pytest.raises(Invalid) as refused:
        issued_wild(office, "1")
    assert codes(refused) == {("lines[0].quantity", "quota_passed")}


def test_quota_is_set_by_admin_only_and_all_wrong_fields_are_reported(office: MemoryOffice) -> None:
    from chalicelib.quotas.services.figures import set_quota

    with pytest.raises(Forbidden):
        set_quota(QUOTA, "", APPROVER, office)
    wrong = replace(
        QUOTA, year=1066, taxon="Draco magnus", terms=("XXX",), sources=("Q",), quantity="1.5", source=" ", as_of="soon"
    )
    with pytest.raises(Invalid) as refused:
        enter(office, wrong)
    assert {field for field, _ in codes(refused)} == {
        "year", "scientific_name", "terms", "sources", "quantity", "source", "as_of",
    }  # fmt: skip
    enter(office, QUOTA)
    with pytest.raises(Invalid) as refused:
        enter(office, replace(QUOTA, unit="KGM"), "kilos")
    assert codes(refused) == {("unit", "counted")}


def test_signing_function_recomputes_the_quota(office: MemoryOffice) -> None:
    """The signing function does not sign an intent that a stolen HTTP function wrote above the quota."""
    enter(office)
    ready = approved(office, wild())
    sign = office.issue_here

    def tampered(permit_id: str) -> None:
        dossier = file_of(office, ready)
        office.register.commit(store.dossier_put(dossier.but(draws=()), expected_version=dossier.version))
        sign(permit_id)

    office.issuer = MemoryIssuer(tampered)
    with pytest.raises(DigestMismatch):
        issue(office, ready)
    assert file_of(office, ready).tokens == ()


def test_override_of_quota_is_issued_and_its_reason_is_kept(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="1"))
    draft = applications_draft.create(wild(), APPLICANT, office)
    with pytest.raises(Invalid) as refused:
        applications_draft.submit(draft.id, APPLICANT, office)
    assert [(each.code, each.overridable) for each in refused.value.errors] == [("quota_passed", True)]
    found = overrides.stops(draft.id, APPROVER, office)
    stop = NamedStop("lines[0].quantity", "quota_passed")
    overrides.override(draft.id, overrides.OverrideRequest([stop], "confiscated birds", found.digest), APPROVER, office)
    permit = issue(office, examined_and_approved(office, applications_draft.submit(draft.id, APPLICANT, office)))
    assert (permit.draws[0].printed, permit.draws[0].passed) == ("2 / 1 (2026)", True)
    assert permit.overrides[0].reason == "confiscated birds"
    assert taken(office) == ("0", "2", "0")
    assert held(office).left == -1
    assert not file_of(office, permit).quota_passed  # the excess was decided, not caused later


def exception(office: MemoryOffice, permit_id: str) -> None:
    """Let the approver override every open stop of the permit."""
    found = overrides.stops(permit_id, APPROVER, office)
    named = [NamedStop(each.field, each.code, each.stop) for each, passed in found.stops if passed is None]
    overrides.override(permit_id, overrides.OverrideRequest(named, "excepted", found.digest), APPROVER, office)


def submitted_exception(office: MemoryOffice, application: Application) -> Dossier:
    draft = applications_draft.create(application, APPLICANT, office)
    exception(office, draft.id)
    return examined_and_approved(office, applications_draft.submit(draft.id, APPLICANT, office))


def test_override_of_one_quota_does_not_apply_to_another_reduced_later(office: MemoryOffice) -> None:
    broad = replace(QUOTA, taxon="Falconidae", terms=(), sources=(), quantity="100")
    enter(office, replace(QUOTA, quantity="1"))
    enter(office, broad)
    ready = submitted_exception(office, wild())
    enter(office, replace(broad, quantity="1"), "cut")
    with pytest.raises(Invalid) as refused:
        issue(office, ready)
    assert [(each.code, each.stop and each.stop.limited_by) for each in refused.value.errors] == [
        ("quota_passed", broad.id)
    ]
    enter(office, replace(broad, quantity="0"), "cut again")
    with pytest.raises(Invalid) as refused:
        issue(office, ready)
    assert [(each.code, each.stop and each.stop.limited_by) for each in refused.value.errors] == [
        ("quota_zero", broad.id)
    ]


def test_override_does_not_apply_to_a_larger_excess(office: MemoryOffice) -> None:
    enter(office, replace(QUOTA, quantity="3"))
    ready = submitted_exception(office, wild("4"))  # 1 above the quota
    other = issued_wild(office, "1")
    with pytest.raises(Invalid) as refused:
        issue(office, ready)
    assert [each.stop and each.stop.excess for each in refused.value.errors] == ["2"]
    exception(office, ready.id)
    assert issue(office, ready).draws[0].passed
    assert not other.draws[0].passed


def test_override_of_two_lines_of_one_quota_is_issued(office: MemoryOffice) -> None:
    """The excess of each line is its own addition. The count in the transaction compares the same figures."""
    enter(office, replace(QUOTA, quantity="1"))
    ready = submitted_exception(office, of_lines(WILD, replace(WILD, marks="ring KG-0119")))
    permit = issue(office, ready)
    assert [draw.passed for draw in permit.draws] == [True, True]
    assert [each.excess for each in permit.overrides[0].identities] == ["1", "3"]


def test_transaction_refuses_a_larger_excess_than_the_override(office: MemoryOffice) -> None:
    """Another permit takes from the quota between the check and the write."""
    enter(office, replace(QUOTA, quantity="3"))
    ready = submitted_exception(office, wild("4"))
    with_number = file_of(office, ready).but(
        state="signing", draws=check_application.draws(wild("4"), None, office)
    )  # fmt: skip
    move = DossierChange(file_of(office, ready), with_number, "issue")
    files, _ = participate([move], APPROVER, office)
    assert files[0].draws[0].passed
    issued_wild(office, "1")
    with pytest.raises(Invalid):
        participate([move], APPROVER, office)
