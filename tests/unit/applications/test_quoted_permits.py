"""Permits quoted in an application: balance of our permits for re-exports, and exports on one import permit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from border import endorse, lines
from kinds import APPENDIX_I
from life import APPLICATION, SAKER, approved, endorsement, examined_and_approved, issue, issued, submitted
from office import APPLICANT, APPROVER, DAY, MemoryOffice

from chalicelib.adapters.in_process.memory import MemoryIssuer
from chalicelib.applications.services import draft as applications_draft
from chalicelib.applications.services import overrides
from chalicelib.kernel.errors import Invalid
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.overrides import NamedStop
from chalicelib.permits.services import change_status
from chalicelib.record.permit import Application, ImportPermit, Line, SourceDocument

WILD = replace(SAKER, source="W", quantity="2")


def reexport(number: str, quantity: str = "2", country: str = "KG", **changes: Any) -> Application:
    line = replace(WILD, quantity=quantity, origin=SourceDocument(country, number, "2026-10-01"), **changes)
    return replace(APPLICATION, document_type="R", lines=(line,))


def left(office: MemoryOffice, quantity: str = "2", line: Line = WILD) -> Dossier:
    """A permit of this country under which the quantity left."""
    permit = issued(office, replace(APPLICATION, lines=(line,)))
    endorse(office, endorsement(office, permit, lines=lines(quantity)))
    return permit


def stop_of(office: MemoryOffice, application: Application) -> tuple[str, str, str, str] | None:
    """Code, document, limit and excess of the only stop at submission."""
    try:
        submitted(office, application)
    except Invalid as refused:
        (error,) = refused.errors
        assert error.stop is not None
        return error.code, error.stop.limited_by, error.stop.limit, error.stop.excess
    return None


@pytest.mark.parametrize("number", ["26KG000777/E", "KG-117/2019", "none"])
def test_reexport_with_unknown_number_of_this_country_is_stopped(office: MemoryOffice, number: str) -> None:
    found = stop_of(office, reexport(number))
    assert found is not None
    assert (found[0], found[2], found[3]) == ("origin_unproven", "", "2")


def test_reexport_with_our_number_under_other_country_is_stopped(office: MemoryOffice) -> None:
    assert stop_of(office, reexport("26KG000777/E", country="UZ")) == ("origin_unproven", "26KG000777", "", "2")


def test_reexport_of_our_origin_under_another_partys_number_is_stopped(office: MemoryOffice) -> None:
    """Goods whose origin is this country left under its own permit, even when the number names another country."""
    found = stop_of(office, reexport("26KZ000777/E"))
    assert found is not None
    assert (found[0], found[2], found[3]) == ("origin_unproven", "", "2")


@pytest.mark.parametrize(("number", "country"), [("KZ-7", "KZ"), ("26KZ000777/E", "KZ")])
def test_reexport_with_permit_of_another_party_passes(office: MemoryOffice, number: str, country: str) -> None:
    assert stop_of(office, reexport(number, country=country)) is None


def test_reexport_within_balance_of_our_permit_passes_and_above_is_stopped(office: MemoryOffice) -> None:
    origin = left(office)
    number = origin.number or ""
    assert stop_of(office, reexport(number, "3")) == ("origin_unproven", number[:10], "2", "1")
    issued(office, reexport(number, "1"))
    assert stop_of(office, reexport(number, "2")) == ("origin_unproven", number[:10], "2", "1")
    assert stop_of(office, reexport(f"№ {number.lower()}", "1")) is None  # another spelling uses the same balance


def test_reexport_of_goods_that_never_left_is_stopped(office: MemoryOffice) -> None:
    number = issued(office, replace(APPLICATION, lines=(WILD,))).number or ""
    assert stop_of(office, reexport(number)) == ("origin_unproven", number[:10], "0", "2")


def test_reexport_of_another_species_or_unit_is_stopped(office: MemoryOffice) -> None:
    number = left(office).number or ""
    for other in ({"scientific_name": "Falco naumanni"}, {"unit": "KGM", "term": "FEA"}):
        assert stop_of(office, reexport(number, **other)) == ("origin_unproven", number[:10], "0", "2")


def test_two_lines_on_one_origin_permit_share_its_balance(office: MemoryOffice) -> None:
    number = left(office).number or ""
    one = reexport(number, "2")
    with pytest.raises(Invalid) as refused:
        submitted(office, replace(one, lines=one.lines * 2))
    assert [each.field for each in refused.value.errors] == ["lines[1].origin.permit"]


def test_reexport_above_balance_since_approval_is_stopped_at_issue(office: MemoryOffice) -> None:
    number = left(office).number or ""
    first, second = approved(office, reexport(number)), approved(office, reexport(number))
    issue(office, first)
    with pytest.raises(Invalid) as refused:
        issue(office, second)
    assert [each.code for each in refused.value.errors] == ["origin_unproven"]


def test_concurrent_reexports_above_one_balance_are_not_both_signed(office: MemoryOffice) -> None:
    number = left(office).number or ""
    first, second = approved(office, reexport(number)), approved(office, reexport(number))
    sign, inner = office.issue_here, []

    def meanwhile(permit_id: str) -> None:
        if not inner:
            inner.append(permit_id)
            with pytest.raises(Invalid):  # the second has a number while the first is signed
                issue(office, second)
        sign(permit_id)

    office.issuer = MemoryIssuer(meanwhile)
    assert issue(office, first).state == "issued"


def test_balance_is_free_again_after_unused_reexport_is_revoked(office: MemoryOffice) -> None:
    number = left(office).number or ""
    again = issued(office, reexport(number))
    assert stop_of(office, reexport(number)) is not None
    change_status.revoke(again.id, "not sent", False, APPROVER, office)
    assert stop_of(office, reexport(number)) is None


def test_balance_is_free_again_after_unused_reexport_expires(office: MemoryOffice) -> None:
    number = left(office).number or ""
    issued(office, reexport(number))
    office.now += 200 * DAY
    assert stop_of(office, replace(reexport(number), valid_until="2027-10-30")) is None


def test_reexport_on_paper_permit_passes_with_override_of_approver(office: MemoryOffice) -> None:
    draft = applications_draft.create(reexport("KG-117/2019"), APPLICANT, office)
    found = overrides.stops(draft.id, APPROVER, office)
    named = [NamedStop(each.field, each.code, each.stop) for each, _ in found.stops]
    overrides.override(draft.id, overrides.OverrideRequest(named, "seen on paper", found.digest), APPROVER, office)
    permit = issue(office, examined_and_approved(office, applications_draft.submit(draft.id, APPLICANT, office)))
    assert permit.state == "issued"


def same(office: MemoryOffice, dossier: Dossier) -> list[str]:
    return [each.id for each in overrides.stops(dossier.id, APPROVER, office).same_import_permit]


def test_other_export_on_same_import_permit_is_shown_to_approver(office: MemoryOffice) -> None:
    first = issued(office, APPENDIX_I)
    spelled = replace(APPENDIX_I, import_permit=ImportPermit("ae 1", "AE", "2026-10-01"))
    second = submitted(office, spelled)
    assert same(office, second) == [first.id]
    assert same(office, first) == [second.id]


def test_draft_withdrawn_or_other_import_permit_is_not_shown_to_approver(office: MemoryOffice) -> None:
    second = submitted(office, APPENDIX_I)
    submitted(office, replace(APPENDIX_I, import_permit=ImportPermit("AE-11", "AE", "2026-10-01")))
    gone = submitted(office, APPENDIX_I)
    assert same(office, second) == [gone.id]
    applications_draft.create(APPENDIX_I, APPLICANT, office)
    applications_draft.withdraw(gone.id, APPLICANT, office)
    assert same(office, second) == []
