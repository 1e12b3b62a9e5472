"""Permits of the paper register over HTTP: found by number, without names for the public, used once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from desk import ok, saker
from http_client import get, post
from office import MemoryOffice
from papers import PAPER, imported, opened, paper

from chalicelib.kernel.days import to_text
from chalicelib.permits.model.dossier import Dossier
from chalicelib.verification.services import verify
from chalicelib.verification.services.verify import PAPERS_AT_MOST

BY_NUMBER = "/v1/verify/number"
BOX_2 = "2027-04-30"


@pytest.fixture
def permit(office: MemoryOffice) -> Dossier:
    return imported(opened(office))


def ask(number: str = PAPER.number, token: str | None = None, **query: str) -> Any:
    """Look up by number alone with `token`, or without a token, as the public, with the day of box 2."""
    day = {} if token or "code" in query else {"valid_until": BOX_2}
    return get(BY_NUMBER, query={"number": number, **day, **query}, token=token)


def event(office: MemoryOffice, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid.uuid4()), "number": PAPER.number, "post": "manas-airport", "direction": "export",
        "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 176-1", **changes,
    }  # fmt: skip


def test_public_reads_paper_permit_without_names(office: MemoryOffice, permit: Dossier) -> None:
    ok(post("/v1/endorsements", event(office), token="aizada"), 201)
    answer = ask()
    found = ok(answer)
    assert found["outcome"] == "check"
    assert [code["code"] for code in found["codes"]] == ["D4", "U5"]
    assert "stamp, signature and seal" in found["words"]
    assert found["permit"] == {
        "form": "legacy", "issuer": "KG", "document_type": "E", "number": "KG-0117/2026",
        "issued_at": "2026-11-01T18:00:00Z", "valid_until": "2027-04-30", "exporter": {"country": "KG"},
        "importer": {"country": "AE"},
        "lines": [{"line": "A", "scientific_name": "Falco cherrug", "appendix": "II", "term": "LIV", "quantity": "2"}],
    }  # fmt: skip
    for hidden in ("Falcon Centre", "Abu Dhabi", "rings", "AWB", "Aizada", "u-aizada", "u-prep", "Preparer"):
        assert hidden not in answer.body.decode()
    assert found["register"]["use"] == "exported"


def test_official_reads_all_fields_of_paper_permit(office: MemoryOffice, permit: Dossier) -> None:
    ok(post("/v1/endorsements", event(office), token="aizada"), 201)
    for token in ("aizada", "preparer"):
        found = ok(ask(token=token))
        assert found["permit"]["exporter"] == {"name": "Falcon Centre LLC", "country": "KG"}
        assert found["permit"]["lines"][0]["marks"] == "rings KG-0117, KG-0118"
        assert found["register"]["uses"][0]["transport_document"] == "AWB 176-1"
    assert "name" not in ok(ask(token="applicant", valid_until=BOX_2))["permit"]["exporter"]


def test_unknown_number_or_check_code_finds_no_paper_permit(permit: Dossier) -> None:
    assert (ask("KG-0118/2026").status, ask("KG-0118/2026").slug) == (404, "no-match")
    assert ask(code="AAAA-AAAA").slug == "no-match"
    assert ask("26KG000001/E").slug == "invalid"


@pytest.mark.parametrize("token", [None, "applicant"])
def test_public_needs_day_of_box_2_for_paper_permit(permit: Dossier, token: str | None) -> None:
    """Numbers run in series and can be guessed. The day in box 2 shows that the reader has the paper."""
    query = {"number": PAPER.number}
    answer = get(BY_NUMBER, query=query, token=token)
    assert (answer.status, answer.slug) == (422, "invalid")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("valid_until", "required")]
    wrong = get(BY_NUMBER, query={**query, "valid_until": "2027-04-29"}, token=token)
    unknown = get(BY_NUMBER, query={"number": "KG-0118/2026", "valid_until": BOX_2}, token=token)
    assert (wrong.status, wrong.slug) == (404, "no-match")
    assert {**wrong.json, "correlation_id": ""} == {**unknown.json, "correlation_id": ""}
    assert ok(get(BY_NUMBER, query={**query, "valid_until": BOX_2}, token=token))["outcome"] == "check"
    assert get(BY_NUMBER, query={**query, "valid_until": "30.4.2027"}, token=token).slug == "invalid"


def test_wrong_days_for_paper_number_over_limit_return_too_many(
    permit: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "TRIES_AT_MOST", 3)
    spellings = ("KG-0117/2026", "kg 117-2026", "KG117/26")
    assert [ask(number, valid_until="2027-01-01").status for number in spellings] == [404] * 3
    assert ask().slug == "too-many"
    assert ask("KG-0118/2026").slug == "no-match"  # other numbers are not blocked
    assert ok(ask(token="aizada"))["outcome"] == "check"


def test_officials_lookups_of_paper_register_over_limit_return_too_many(permit: Dossier) -> None:
    answers = [ask(f"KG-{n:04d}/2026", token="aizada").status for n in range(PAPERS_AT_MOST)]
    assert set(answers) == {200, 404}
    assert ask(token="aizada").slug == "too-many"
    assert ok(ask(token="bekzat"))["outcome"] == "check"
    assert ok(ask())["outcome"] == "check"


def test_paper_permit_is_endorsed_by_number_once(office: MemoryOffice, permit: Dossier) -> None:
    first = event(office)
    receipt = ok(post("/v1/endorsements", first, token="aizada"), 201)
    assert (receipt["number"], receipt["use"]) == (PAPER.number, "exported")
    assert ok(post("/v1/endorsements", first, token="aizada")) == receipt
    again = post("/v1/endorsements", event(office, number="kg 117–2026"), token="bekzat")
    assert (again.status, again.slug) == (409, "already-used")
    assert again.json["first_use"]["post"] == "manas-airport"


def test_ministry_reads_paper_permit_among_its_permits(permit: Dossier) -> None:
    shown = ok(get(f"/v1/permits/{permit.id}", token="a-auditor"))
    assert (shown["form"], shown["state"], shown["findings_needed"]) == ("legacy", "issued", [])
    assert not {"qr", "check_code", "pdf_url"} & set(shown)
    assert get(f"/v1/permits/{permit.id}/pdf", token="preparer").slug == "wrong-state"
    (entry,) = ok(get(f"/v1/permits/{permit.id}/history", token="a-auditor"))["items"]
    assert entry["action"] == "import_legacy"
    assert get(f"/v1/permits/{permit.id}", token="applicant").status == 404


def test_application_with_form_legacy_is_refused(office: MemoryOffice) -> None:
    assert post("/v1/permits", {**saker(), "form": "legacy"}, token="preparer").slug == "invalid"


def test_check_returns_faults_of_submission_and_writes_nothing(office: MemoryOffice) -> None:
    before = len(office.register.query("COUNTER#KG")), office.register.search("shelf", "permits")[0]
    found = ok(post("/v1/permits/check", saker(), token="applicant"))
    findings = ["legal_acquisition", "bred_or_propagated", "live_transport"]
    assert found == {"errors": [], "findings_needed": findings, "warnings": []}
    refused = ok(post("/v1/permits/check", saker(valid_until="2028-01-01", purpose="?"), token="applicant"))
    assert {error["field"] for error in refused["errors"]} == {"valid_until", "purpose"}
    assert refused["findings_needed"] == []
    assert (len(office.register.query("COUNTER#KG")), office.register.search("shelf", "permits")[0]) == before
    assert post("/v1/permits/check", saker(), token="aizada").slug == "forbidden"


def test_epix_xml_of_paper_permit_states_that_it_is_not_signed(office: MemoryOffice) -> None:
    """Here the permit gives at most "compare" (D4), so the XML must not look signed.

    The header has an ASCII file name.
    """
    number = "БЖ-0001/2025"
    held = imported(opened(office), paper(number=number))
    answer = get(f"/v1/permits/{held.id}/epix", token="preparer", ACCEPT="application/xml")
    assert answer.status == 200
    assert "Issued on paper before Tamga; NOT SIGNED here" in answer.body.decode()
    assert number in answer.body.decode()
    assert answer.headers["content-disposition"] == 'attachment; filename="---0001-2025.xml"'
