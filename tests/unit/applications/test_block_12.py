"""Block 12: the service names this country as the origin of goods from here, and certificates of origin need it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from kinds import APPLICATIONS
from life import approved, examined_and_approved, issue, issued
from office import APPLICANT, PREPARER, MemoryOffice

from chalicelib.applications.rules import check, species
from chalicelib.applications.services import decide
from chalicelib.applications.services import draft as applications_draft
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import Invalid
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.record.block_texts import form_blocks
from chalicelib.record.permit import Application, SourceDocument
from chalicelib.species.services import list_in_use
from chalicelib.verification.services.verify import verify

LISTING = list_in_use.listing()
TODAY = date(2026, 11, 25)


def without_origin(kind: str) -> Application:
    application = APPLICATIONS[kind]
    return replace(application, lines=tuple(replace(line, origin=None) for line in application.lines))


def origins(application: Application) -> set[str | None]:
    return {line.origin.country if line.origin else None for line in application.lines}


@pytest.mark.parametrize("kind", KINDS)
def test_missing_origin_is_filled_in_for_goods_from_here_only(kind: str) -> None:
    whole = check.complete(without_origin(kind), LISTING, issuer="KG")
    assert origins(whole) == ({"KG"} if kind in {"E", "OO", "OC", "OA", "OY"} else {None})
    assert check.complete(whole, LISTING, issuer="KG") == whole


def test_given_document_of_origin_stays_beside_the_filled_in_country() -> None:
    application = without_origin("OC")
    named = replace(application.lines[0], origin=SourceDocument(document="R 7", date="2026-01-02"))
    whole = check.complete(replace(application, lines=(named,)), LISTING, issuer="UZ")
    assert whole.lines[0].origin == SourceDocument("UZ", "R 7", "2026-01-02")


def test_paper_permit_without_origin_is_recorded_without_origin() -> None:
    assert origins(check.complete(without_origin("OO"), LISTING, issuer=None)) == {None}


@pytest.mark.parametrize("kind", ["OO", "OC", "OA"])
@pytest.mark.parametrize("origin", ["XX", "XV", "ZZ", "UZ"])
def test_certificate_of_origin_of_another_or_no_country_is_refused(kind: str, origin: str) -> None:
    application = without_origin(kind)
    lines = tuple(replace(line, origin=SourceDocument(origin, "1", "2026-01-02")) for line in application.lines)
    errors = check.check(replace(application, lines=lines), LISTING, today=TODAY, issuer="KG")
    about = [each for each in errors if each.field == "lines[0].origin.country"]
    assert [each.code for each in about] == ["not_issuer" if kind == "OO" and origin != "UZ" else "reexport"]
    assert not about[0].overridable


def test_pre_convention_certificate_requires_the_country_of_origin() -> None:
    errors = check.check(without_origin("OP"), LISTING, today=TODAY, issuer="KG")
    assert [(each.field, each.code) for each in errors] == [("lines[0].origin.country", "required")]


@pytest.mark.parametrize("kind", ["OO", "OC", "OA"])
def test_certificate_of_origin_is_signed_with_its_origin(office: MemoryOffice, kind: str) -> None:
    dossier = issued(office, without_origin(kind))
    assert [line["origin"] for line in dossier.record["lines"]] == [{"country": "KG"}]
    shown = verify(dossier.tokens[0], office)
    assert shown.outcome == "accept"
    assert shown.permit is not None
    assert [line.origin.country for line in shown.permit.lines if line.origin] == ["KG"]
    assert form_blocks(shown.permit, ZoneInfo(office.stage.zone))["12A"] == "Kyrgyzstan (KG)"


def submitted_before(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, kind: str) -> Dossier:
    """An application that a release submitted and approved which did not fill in block 12."""
    with monkeypatch.context() as earlier:
        earlier.setattr(species, "FROM_HERE", frozenset())
        return approved(office, without_origin(kind))


@pytest.mark.parametrize("kind", ["OO", "OC", "OA"])
def test_approved_certificate_without_origin_is_returned_and_submitted_again(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    old = submitted_before(office, monkeypatch, kind)
    with pytest.raises(Invalid) as refused:
        issue(office, old)
    assert [(each.field, each.code) for each in refused.value.errors] == [("lines[0].origin.country", "required")]
    decide.send_back(old.id, "The country of origin is missing.", PREPARER, office)
    again = applications_draft.submit(old.id, APPLICANT, office)
    assert issue(office, examined_and_approved(office, again)).state == "issued"


@pytest.mark.parametrize("kind", ["E", "OY"])
def test_permit_approved_without_origin_is_issued_as_it_was_approved(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    old = submitted_before(office, monkeypatch, kind)
    made = issue(office, old)
    assert made.state == "issued"
    assert store.load(office.register, old.id).record == old.record
    assert origins(without_origin(kind)) == {None}
