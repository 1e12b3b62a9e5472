"""Issue of a permit: roles and states, findings and approval, numbers without a gap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from crashing import Wrapped, check_invariants, fragile, memory, rows
from kinds import APPENDIX_I, APPLICATIONS
from life import APPLICATION, SAKER, approved, issue, issued, submitted
from office import ADMIN, APPLICANT, APPROVER, DAY, OTHER_APPLICANT, PREPARER, SCIENTIST, MemoryOffice
from process import but

from chalicelib.applications.services import decide
from chalicelib.applications.services import draft as applications_draft
from chalicelib.issuing.services import reserve
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import FindingResult
from chalicelib.kernel.errors import (
    DigestMismatch,
    Forbidden,
    Invalid,
    NoMatch,
    TamgaError,
    TwoPeople,
    Unavailable,
    WrongState,
)
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.trust.services.publish_status_lists import uris
from chalicelib.verdict.border_rules import Place
from chalicelib.verification.services.verify import verify, verify_number

EDITOR = Actor("u-edit", "Second Preparer", frozenset({"preparer"}))
BOTH = Actor("u-both", "Both", frozenset({"preparer", "approver", "scientist"}))


def approve(office: MemoryOffice, dossier: Dossier, actor: Actor = APPROVER, digest: str | None = None) -> Dossier:
    return decide.approve(dossier.id, digest or dossier.digest or "", actor, office)  # fmt: skip


def find(office: MemoryOffice, dossier: Dossier, kind: str, result: str = "positive", actor: Actor = PREPARER) -> None:
    decide.find(dossier.id, decide.NewFinding(kind, FindingResult(result), "seen"), actor, office)


def examined(office: MemoryOffice) -> Dossier:
    """A submitted application with all three findings."""
    dossier = submitted(office)
    find(office, dossier, "legal_acquisition")
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", actor=SCIENTIST)
    return store.load(office.register, dossier.id)


def edited(dossier: Dossier, **changes: Any) -> Any:
    return replace(APPLICATION, **changes)


# roles and states


@pytest.mark.parametrize("kind", APPLICATIONS)
def test_each_kind_is_issued_and_verified(office: MemoryOffice, kind: str) -> None:
    dossier = issued(office, APPLICATIONS[kind])
    assert dossier.number == f"26KG000001/{KINDS[kind].letter}"
    assert dossier.state == "issued"
    assert dossier.use == "unused"
    found = verify(dossier.tokens[0], office)
    assert (found.outcome, found.codes) == ("accept", ())
    typed = verify_number(dossier.number, dossier.check_code or "", office)
    assert typed.outcome == "accept"
    check_invariants(office, serials=1)


def test_appendix_i_export_needs_all_its_findings(office: MemoryOffice) -> None:
    dossier = issued(office, APPENDIX_I)
    assert set(dossier.current_findings) == {"non_detriment", "legal_acquisition", "live_transport"}


def test_pages_of_a_long_permit_are_signed_under_one_number(office: MemoryOffice) -> None:
    lines = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9))
    dossier = issued(office, replace(APPLICATION, lines=lines))
    found = verify(dossier.tokens[0], office, other_pages=dossier.tokens[1:])  # fmt: skip
    assert found.outcome == "accept"
    assert sum(len(page.lines) for page in found.pages) == 9
    assert {(page.number, page.status_idx) for page in found.pages} == {(dossier.number, dossier.status_idx)}
    assert len({page.cti for page in found.pages}) == len(dossier.tokens)
    check_invariants(office, serials=1)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "refused"])
def test_application_not_approved_is_not_issued(office: MemoryOffice, state: str) -> None:
    dossier = submitted(office)
    if state == "draft":
        dossier = applications_draft.create(APPLICATION, APPLICANT, office)
    if state == "returned":
        decide.send_back(dossier.id, "blurred", PREPARER, office)
    if state == "refused":
        decide.refuse(dossier.id, "no", APPROVER, office)
    with pytest.raises(WrongState):
        issue(office, store.load(office.register, dossier.id))
    assert not [key for key in rows(office.register) if key.partition.startswith("NUMBER#")]


def test_repeated_issue_succeeds_for_the_same_person_only(office: MemoryOffice) -> None:
    dossier = issued(office)
    assert issue(office, dossier) == dossier
    with pytest.raises(WrongState):
        reserve.issue(dossier.id, APPROVER, office)  # fmt: skip


def test_approval_with_another_digest_is_refused(office: MemoryOffice) -> None:
    dossier = examined(office)
    with pytest.raises(DigestMismatch):
        approve(office, dossier, digest="0" * 64)
    assert store.load(office.register, dossier.id).state == "submitted"


@pytest.mark.parametrize("hand", ["creator", "submitter", "editor", "finding"])
def test_creator_submitter_editor_and_finder_cannot_approve(office: MemoryOffice, hand: str) -> None:
    creator = BOTH if hand == "creator" else PREPARER
    submitter = BOTH if hand == "submitter" else PREPARER
    dossier = applications_draft.create(APPLICATION, creator, office)
    if hand in {"creator", "editor"}:  # a later editor does not remove the creator
        last = BOTH if hand == "editor" else EDITOR
        changed = replace(APPLICATION, purpose="B")
        applications_draft.edit(dossier.id, changed, last, office)
    dossier = applications_draft.submit(dossier.id, submitter, office)
    find(office, dossier, "legal_acquisition")
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", actor=BOTH if hand == "finding" else SCIENTIST)
    with pytest.raises(TwoPeople):
        approve(office, dossier, BOTH)
    assert approve(office, dossier).state == "approved"


@pytest.mark.parametrize("hand", ["editor", "submitter", "paper"])
def test_earlier_editor_submitter_or_uploader_cannot_approve(office: MemoryOffice, hand: str) -> None:
    made = applications_draft.create(APPLICATION, APPLICANT, office)
    applications_draft.submit(made.id, BOTH if hand == "submitter" else APPLICANT, office)  # fmt: skip
    if hand == "paper":
        applications_draft.attach(
            made.id, applications_draft.NewDocument("origin.pdf", "application/pdf", b"%PDF-1.7"), BOTH, office
        )
    decide.send_back(made.id, "marks", PREPARER, office)
    for who in [BOTH] * (hand == "editor") + [APPLICANT]:
        changed = replace(APPLICATION, purpose="B" if who is BOTH else "T")
        applications_draft.edit(made.id, changed, who, office)
    made = applications_draft.submit(made.id, APPLICANT, office)
    find(office, made, "legal_acquisition")
    find(office, made, "live_transport")
    find(office, made, "bred_or_propagated", actor=SCIENTIST)
    with pytest.raises(TwoPeople):
        approve(office, made, BOTH)
    assert approve(office, made).state == "approved"


def test_missing_or_negative_finding_prevents_approval(office: MemoryOffice) -> None:
    dossier = submitted(office)
    find(office, dossier, "legal_acquisition")
    with pytest.raises(WrongState) as refused:
        approve(office, dossier)
    assert set(refused.value.extra["missing"]) == {"live_transport", "bred_or_propagated"}
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", "negative", SCIENTIST)
    with pytest.raises(WrongState) as refused:
        approve(office, dossier)
    assert refused.value.extra["negative"] == ["bred_or_propagated"]
    find(office, dossier, "bred_or_propagated", "conditional", SCIENTIST)
    assert approve(office, dossier).state == "approved"


def test_negative_finding_that_is_not_required_prevents_approval(office: MemoryOffice) -> None:
    dossier = examined(office)
    find(office, dossier, "non_detriment", "negative", SCIENTIST)  # not required for source C
    with pytest.raises(WrongState, match="Negative findings: non_detriment"):
        approve(office, dossier)


def test_finding_by_the_other_authority_is_forbidden(office: MemoryOffice) -> None:
    dossier = submitted(office)
    for kind, actor in (("legal_acquisition", SCIENTIST), ("non_detriment", PREPARER), ("live_transport", APPROVER)):
        with pytest.raises(Forbidden):
            find(office, dossier, kind, actor=actor)


def test_changed_digest_invalidates_findings_and_approval(office: MemoryOffice) -> None:
    dossier = approved(office)
    decide.send_back(dossier.id, "count again", PREPARER, office)
    returned = store.load(office.register, dossier.id)
    assert returned.approval is None
    with pytest.raises(WrongState):
        issue(office, returned)
    changed = replace(APPLICATION, lines=(replace(SAKER, quantity="3"),))
    applications_draft.edit(dossier.id, changed, APPLICANT, office)
    again = applications_draft.submit(dossier.id, APPLICANT, office)
    assert again.digest != dossier.digest
    with pytest.raises(DigestMismatch):
        approve(office, again, digest=dossier.digest)
    with pytest.raises(WrongState):  # the findings are for the old digest
        approve(office, again)


def test_exporters_application_needs_one_finding_when_none_is_required(office: MemoryOffice) -> None:
    dossier = submitted(office, APPLICATIONS["OO"])
    with pytest.raises(WrongState):
        approve(office, dossier)
    find(office, dossier, "legal_acquisition")
    assert approve(office, dossier).state == "approved"


def test_other_applicant_gets_no_match_and_wrong_role_is_forbidden(office: MemoryOffice) -> None:
    dossier = submitted(office)
    with pytest.raises(NoMatch):
        applications_draft.submit(dossier.id, OTHER_APPLICANT, office)  # fmt: skip
    for actor in (PREPARER, APPLICANT, ADMIN):
        with pytest.raises(Forbidden):
            approve(office, dossier, actor)


def test_rule_broken_on_the_day_of_issue_refuses_the_issue(office: MemoryOffice) -> None:
    dossier = approved(office)
    office.later(200 * DAY)
    with pytest.raises(TamgaError) as refused:
        issue(office, dossier)
    assert isinstance(refused.value, Invalid | Unavailable)  # block 2 is in the past, or no trust list is in force
    assert store.load(office.register, dossier.id).state == "approved"


# numbers


def test_serials_start_at_the_first_serial_and_again_each_year_in_bishkek() -> None:
    new_year = int(datetime(2026, 12, 31, 18, tzinfo=UTC).timestamp())  # 00:00 in Bishkek
    office = MemoryOffice(Stage(first_serial=501), now=new_year - 3600)
    one, two, three = (approved(office) for _ in range(3))
    assert issue(office, one).number == "26KG000501/E"
    assert issue(office, two).number == "26KG000502/E"
    office.later(3600)
    assert datetime.fromtimestamp(office.now, UTC).year == 2026
    assert issue(office, three).number == "27KG000501/E"


def test_all_kinds_share_one_counter(office: MemoryOffice) -> None:
    numbers = [issued(office, APPLICATIONS[kind]).number for kind in ("E", "R", "I", "OT")]
    assert numbers == ["26KG000001/E", "26KG000002/R", "26KG000003/I", "26KG000004/O"]


def test_concurrent_issues_get_distinct_numbers_without_a_gap(office: MemoryOffice) -> None:
    office.trust()
    ready = [approved(office) for _ in range(24)]
    with ThreadPoolExecutor(24) as pool:
        done = list(pool.map(lambda dossier: issue(office, dossier), ready))
    assert sorted(int((d.number or "")[4:10]) for d in done) == list(range(1, 25))
    assert len({d.status_idx for d in done}) == 24
    check_invariants(office, serials=24)


def test_concurrent_issues_of_one_permit_sign_it_once(office: MemoryOffice) -> None:
    fragile(office)
    dossier = approved(office)

    def ask(_: int) -> Dossier | None:
        try:
            return issue(office, dossier)
        except Unavailable:
            return None

    with ThreadPoolExecutor(16) as pool:
        answers = [answer for answer in pool.map(ask, range(16)) if answer]
    assert {answer.number for answer in answers} == {"26KG000001/E"}
    assert len(office.signed) == 1  # type: ignore[attr-defined]
    check_invariants(office, serials=1)


def test_status_index_is_never_assigned_twice(office: MemoryOffice) -> None:
    numbers = iter([7, 7, 7, 9])
    first = approved(office)
    office.random_bytes = lambda count: next(numbers).to_bytes(4) if count == 4 else bytes(15) + b"1"  # type: ignore[method-assign]
    assert issue(office, first).status_idx == 7
    assert issue(office, approved(office)).status_idx == 9


def test_status_list_of_longest_validity_is_published() -> None:
    """The last minute of 2026 in UTC is 2027 in Bishkek. Three years later is the first quarter of 2030."""
    office = MemoryOffice(now=int(datetime(2026, 12, 31, 20, tzinfo=UTC).timestamp()))
    dossier = issued(office, replace(APPLICATIONS["OW"], valid_until="2030-01-01"))
    assert dossier.status_uri in uris(office.stage, office.now)


def test_history_has_person_and_action_of_every_version(office: MemoryOffice) -> None:
    dossier = issued(office)
    change_status.suspend(dossier.id, "doubt", APPROVER, office)
    history = store.history(office.register, dossier.id, PREPARER)[0]
    assert [(h["action"], h["by"]) for h in history] == [
        ("create", "u-exporter"), ("submit", "u-exporter"), ("find", "u-prep"), ("find", "u-sci"), ("find", "u-prep"),
        ("approve", "u-appr"), ("issue", "u-prep"), ("sign", "system"), ("signed", "system"), ("suspend", "u-appr"),
    ]  # fmt: skip
    assert [h["version"] for h in history] == list(range(1, 11))


def test_conflict_on_the_replaced_permits_row_keeps_the_number(office: MemoryOffice) -> None:
    """After a harmless change of the replaced permit (a print, a cleared code) the signing retries its last step."""
    old = issued(office)
    draft = change_status.replace_permit(old.id, "torn", PREPARER, office)
    ready = approve_replacement(office, draft)
    inner = memory(office.register)
    done: list[str] = []

    def disturb(puts: Any) -> None:
        if any(put.data.get("tokens") for put in puts if put.key.sort == "DOSSIER") and not done:
            done.append("once")
            store.change(
                old.id, APPROVER, lambda d: store.Change(d.but(), "print_original"), but(office, register=inner)
            )

    office.register = Wrapped(inner, before=disturb)  # type: ignore[assignment]
    assert issue(office, ready).number == "26KG000002/E"
    assert done
    assert store.load(inner, old.id).state == "replaced"


def approve_replacement(office: MemoryOffice, draft: Dossier) -> Dossier:
    dossier = applications_draft.submit(draft.id, EDITOR, office)
    find(office, dossier, "legal_acquisition")
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", actor=SCIENTIST)
    return approve(office, store.load(office.register, dossier.id))


def test_verdict_at_a_post_is_accept_for_export_and_p4_for_import(office: MemoryOffice) -> None:
    dossier = issued(office)
    export, back = (
        verify(dossier.tokens[0], office, place=Place(direction, "KG", "manas-airport"))
        for direction in ("export", "import")
    )
    assert (export.outcome, export.codes) == ("accept", ())
    assert (back.outcome, back.codes) == ("check", ("P4",))
