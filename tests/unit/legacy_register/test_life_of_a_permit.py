"""Life of a permit from the paper register: found by number, used once, ended, replaced."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from life import SAKER, directed, issue
from office import AIZADA, APPROVER, BEKZAT, DAY, PREPARER, SCIENTIST, MemoryOffice
from papers import PAPER, imported, opened, paper

from chalicelib.applications.services import decide
from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services import paper_stamps, scan, withdraw
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.issuing.services import print_permit
from chalicelib.kernel.enums import ClearingResult, Direction, FindingResult
from chalicelib.kernel.errors import (
    AlreadyUsed,
    EventIdReused,
    Invalid,
    NoMatch,
    NotUsable,
    QuantityExceeded,
    TooMany,
    WrongState,
)
from chalicelib.kernel.roles import FINDING_ROLES, Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.findings import required_findings
from chalicelib.permits.services import change_status, find_permits, store
from chalicelib.record.permit import Party, from_record
from chalicelib.uses.use import UsedLine
from chalicelib.verdict import border_rules
from chalicelib.verification.services import verify as verification_verify

BOX_2 = "2027-04-30"


@pytest.fixture
def office() -> MemoryOffice:
    return opened(MemoryOffice())


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    return imported(office)


def asked(office: MemoryOffice, **changes: Any) -> Endorsement:
    base = Endorsement(
        event_id=str(uuid.uuid4()), post="manas-airport", direction=Direction.EXPORT, endorsed_at=office.now,
        lines=(UsedLine("A", "2"),), number=PAPER.number, transport_document="AWB 235-1234",
    )  # fmt: skip
    return replace(base, **directed(changes))


def endorse(office: MemoryOffice, actor: Actor = AIZADA, **changes: Any) -> dict[str, Any]:
    request = changes.pop("request", None) or asked(office, **changes)
    return endorsement_endorse.endorse(request, actor, office)[0]  # fmt: skip


def verify(office: MemoryOffice, number: str = PAPER.number, direction: str = "none", **more: Any) -> Any:
    return verification_verify.verify_number(
        number, None, office, valid_until=BOX_2, place=border_rules.Place(direction, **more)
    )


def test_verdict_of_paper_permit_is_check_with_d4(office: MemoryOffice, permit: Dossier) -> None:
    found = verify(office)
    assert (found.outcome, found.codes) == ("check", ("D4",))
    assert {n for n, result in found.checks.items() if result == "skipped"} == {1, 2, 3, 4, 5, 6, 8, 11, 12}
    assert found.permit.number == "KG-0117/2026"
    assert found.register.legacy


@pytest.mark.parametrize("spelled", ["kg-0117/2026", "KG 117/2026", "№ КG–O117/2O26", " KG0117-2026 "])
def test_paper_permit_is_found_in_any_spelling_of_its_number(
    office: MemoryOffice, permit: Dossier, spelled: str
) -> None:
    assert verify(office, spelled).permit.number == permit.number
    assert find_permits.find(find_permits.Search(words=spelled), PREPARER, office)[0] == [permit]


@pytest.mark.parametrize("unknown", ["KG-0118/2026", "KG-1172026", "nonsense", "", "\u200bKG-0117/2026", "9" * 400])
def test_number_not_in_paper_register_is_not_found(office: MemoryOffice, permit: Dossier, unknown: str) -> None:
    with pytest.raises(NoMatch):
        verify(office, unknown)


def test_number_assigned_by_tamga_needs_its_check_code(office: MemoryOffice) -> None:
    with pytest.raises(Invalid):
        verify(office, "26KG000001/E")
    with pytest.raises(Invalid):
        endorse(office, number="26KG000001/E")


def test_public_tries_are_limited_by_number_and_officers_are_not_blocked(
    office: MemoryOffice, permit: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification_verify, "TRIES_AT_MOST", 2)
    for _ in range(2):
        assert verify(office).outcome == "check"
    with pytest.raises(TooMany):
        verify(office)
    with pytest.raises(NoMatch):
        verify(office, "KG-0118/2026")
    assert endorse(office)["use"] == "exported"
    office.later(3600)
    assert verify(office).outcome == "check"


def test_paper_permit_is_used_exactly_once(office: MemoryOffice, permit: Dossier) -> None:
    request = asked(office)
    receipt = endorse(office, request=request)
    assert (receipt["number"], receipt["use"], receipt["result"]) == (permit.number, "exported", "accepted")
    assert endorse(office, request=request) == receipt
    assert endorse(office, request=replace(request, number="kg 117-2026")) == receipt  # the same permit, the same event
    with pytest.raises(EventIdReused):
        endorse(office, request=replace(request, transport_document="AWB 2"))
    with pytest.raises(AlreadyUsed) as refused:
        endorse(office, BEKZAT, number="KG 117/2026", post="torugart")
    assert refused.value.extra["first_use"]["post"] == "manas-airport"
    assert verify(office, direction="export", country="KG", post="torugart").codes == (
        "D4",
        "U1",
    )
    (used,) = office.bundle()[0]["uses"]
    assert used[:2] == ("KG", permit.number)


def test_direction_and_validity_are_checked(office: MemoryOffice, permit: Dossier) -> None:
    assert verify(office, direction="import", country="AE").codes == ("D4", "U6")
    assert verify(office, direction="import", country="DE").codes == ("D4", "P1", "U6")
    office.later(200 * DAY)
    gone = verify(office)
    assert (gone.outcome, gone.codes) == ("not_valid", ("S1", "D4"))
    with pytest.raises(NotUsable):
        endorse(office)


def test_unknown_line_or_quantity_above_the_paper_is_refused(office: MemoryOffice, permit: Dossier) -> None:
    with pytest.raises(Invalid):
        endorse(office, lines=(UsedLine("B", "1"),))
    with pytest.raises(QuantityExceeded):
        endorse(office, lines=(UsedLine("A", "3"),))


def test_endorsement_on_behalf_of_an_officer_is_accepted(office: MemoryOffice, permit: Dossier) -> None:
    assert endorse(office, on_behalf_of="A. Officer, Torugart", post="torugart")["post"] == "torugart"


def test_hand_stamped_endorsement_waits_for_second_officer(office: MemoryOffice, permit: Dossier) -> None:
    receipt = endorse(office, recorded="paper", endorsed_at=office.now - 5 * DAY)
    assert (receipt["result"], receipt["use"]) == ("pending", "unused")
    done = paper_stamps.confirm(receipt["event_id"], BEKZAT, office)
    assert done["use"] == "exported"


def test_endorsement_is_withdrawn_by_another_officer(office: MemoryOffice, permit: Dossier) -> None:
    receipt = endorse(office)
    withdraw.undo(
        withdraw.Undo(receipt["event_id"], str(uuid.uuid4()), "goods still here"),
        BEKZAT,
        office,
    )
    assert verify(office).codes == ("D4", "U7")
    assert endorse(office)["use"] == "exported"


@pytest.mark.parametrize(
    ("step", "outcome", "code"),
    [("suspend", "hold", "S3"), ("wish", "not_valid", "S2"), ("cause", "hold", "S7"), ("lost", "hold", "S6")],
)
def test_suspended_revoked_or_lost_paper_permit_is_not_endorsed(
    office: MemoryOffice, permit: Dossier, step: str, outcome: str, code: str
) -> None:
    match step:
        case "suspend":
            change_status.suspend(permit.id, "doubt", APPROVER, office)
        case "lost":
            change_status.report_lost(permit.id, "stolen", "stolen", PREPARER, office)
        case _:
            change_status.revoke(permit.id, "reason", step == "cause", APPROVER, office)
    found = verify(office)
    assert (found.outcome, set(found.codes)) == (outcome, {code, "D4"})
    with pytest.raises(NotUsable):
        endorse(office)
    actions = [entry["action"] for entry in store.history(office.register, permit.id, PREPARER)[0]]
    assert actions == ["import_legacy", {"wish": "revoke", "cause": "revoke"}.get(step, step)]


def test_code_about_uses_can_be_cleared(office: MemoryOffice, permit: Dossier) -> None:
    receipt = endorse(office)
    office.later(3600)
    answer = scan.resolve_endorsement(
        receipt["event_id"], scan.Clearing("U5", ClearingResult.CLEARED, "the same birds"), BEKZAT, office
    )
    assert (answer.number, answer.result) == (permit.number, "cleared")


def test_paper_permit_has_no_print(office: MemoryOffice, permit: Dossier) -> None:
    with pytest.raises(WrongState):
        print_permit.fetch(permit.id, PREPARER, office)


def replaced(office: MemoryOffice, permit: Dossier, **changes: Any) -> Dossier:
    draft = change_status.replace_permit(permit.id, "torn", PREPARER, office)
    assert draft.record["form"] == "paper"
    application = replace(from_record(draft.record), **changes)
    applications_draft.edit(draft.id, application, PREPARER, office)
    sent = applications_draft.submit(draft.id, PREPARER, office)
    people = {"preparer": PREPARER, "scientist": SCIENTIST}
    for need in required_findings(from_record(sent.record)):
        decide.find(
            sent.id, decide.NewFinding(need.kind, FindingResult.POSITIVE, ""), people[FINDING_ROLES[need.kind]], office
        )
    return issue(
        office,
        decide.approve(sent.id, sent.digest or "", APPROVER, office),
    )


def test_replacement_of_unused_paper_permit_is_unused(office: MemoryOffice, permit: Dossier) -> None:
    new = replaced(office, permit)
    assert (new.use, new.replaces_number, len(new.tokens)) == ("unused", permit.number, 1)
    assert verify(office).codes == ("D4", "S4")
    with pytest.raises(NotUsable):
        endorse(office)


def test_replacement_of_used_paper_permit_is_used(office: MemoryOffice, permit: Dossier) -> None:
    endorse(office)
    with pytest.raises(Invalid):
        replaced(office, permit, valid_until="2027-05-01")
    office = opened(MemoryOffice())
    permit = imported(office)
    endorse(office)
    new = replaced(office, permit)
    assert (new.use, new.uses[0].number) == ("exported", permit.number)
    print_permit.fetch(new.id, PREPARER, office)


def test_import_permit_on_paper_is_used_at_import(office: MemoryOffice) -> None:
    imported(
        office,
        paper(
            "И-5/2026", document_type="I", valid_until="2027-10-01", exporter=Party("A", None, "KZ"),
            importer=Party("B", None, "KG"), lines=(replace(SAKER, origin=None),),
        ),
    )  # fmt: skip
    with pytest.raises(NotUsable):
        endorse(office, number="И-5/2026")
    assert endorse(office, number="и 5/2026", direction="import")["use"] == "imported"


def test_paper_permit_has_no_signed_data(office: MemoryOffice, permit: Dossier) -> None:
    found = verify(office).permit
    assert (found.cti, found.status_uri, found.page) == (bytes(16), "", None)
