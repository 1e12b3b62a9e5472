"""Reports over HTTP: each endorsement, permit and seizure of the year is in its report once."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import papers
import pytest
from border import (
    BEKZAT,
    Phone,
    confirm,
    endorse,
    event,
    from_kazakhstan,
    lines,
    new_uuid,
    undo,
    with_kazakhstan,
)
from desk import found as all_found
from desk import ok
from enforcing import BIRD, CARRIER, FOUND, USE, found, paper
from foreign_play import Presented
from http_client import get, post
from life import APPLICATION, SAKER, endorsement, issued
from office import AIZADA, DAY, MemoryOffice
from staff import PEOPLE

from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.kernel.errors import TooLarge
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import Party, line_letter
from chalicelib.reports.model.annual_report import ReportFile
from chalicelib.reports.services import annual_report
from chalicelib.reports.services.annual_report import report
from chalicelib.uses.use import UsedLine

ANNUAL = "/v1/reports/annual-trade"
IMPORT = replace(
    APPLICATION, document_type="I", exporter=Party("Almaty Zoo", "Almaty", "KZ"),
    importer=Party("Bishkek Zoo", "Bishkek", "KG"), purpose="Z", valid_until="2027-04-30",
)  # fmt: skip


def annual(**query: str) -> list[dict[str, str]]:
    answer = get(ANNUAL, token="a-auditor", query={"year": "2026", **query})
    assert answer.status == 200, answer.body
    return list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))


def checked(**query: str) -> Any:
    return ok(get(f"{ANNUAL}/check", token="a-auditor", query={"year": "2026", **query}))


def shipped(office: MemoryOffice, quantity: str = "2", **changes: Any) -> tuple[Dossier, dict[str, Any]]:
    permit = issued(office, replace(APPLICATION, lines=(replace(SAKER, quantity="2"),)))
    return permit, endorse(office, permit, lines=lines(quantity), **changes)


def test_actual_basis_has_exported_and_issued_basis_permitted_quantity(office: MemoryOffice) -> None:
    permit, _ = shipped(office, "1")
    issued(office)
    (row,) = annual(kind="export", basis="actual")
    assert row == {
        "Appendix": "2", "SpeciesName": "Falco cherrug", "TermCode": "LIV", "Quantity": "1", "UnitCode": "",
        "TradingPartner": "AE", "CountryOfOrigin": "", "ExportPermit": permit.number, "OriginPermit": "",
        "IFSPermit": "", "PurposeCode": "T", "SourceCode": "C", "Year": "2026",
    }  # fmt: skip
    assert [each["Quantity"] for each in annual(kind="export", basis="issued")] == ["2", "2"]
    assert annual(kind="import") == []
    (each,) = checked()["sums"]
    assert (each["post"], each["month"], each["quantity"], each["lines"]) == ("manas-airport", "2026-11", "1", 1)


def test_undone_unconfirmed_and_returned_exports_are_left_out(office: MemoryOffice) -> None:
    _, receipt = shipped(office)
    undo(office, receipt["event_id"])
    _, on_paper = shipped(office, recorded="paper")
    assert annual() == []
    confirm(office, on_paper["event_id"])
    assert len(annual()) == 1
    back, _ = shipped(office)
    office.now += DAY
    endorse(office, back, direction="import")
    assert len(annual()) == 2
    assert annual(kind="import") == []


def test_duplicate_endorsements_are_one_line(office: MemoryOffice) -> None:
    permit = issued(office)
    endorse(office, permit)
    seen_too = endorsement(office, permit)
    assert Phone(office, actor=BEKZAT).sync(event(seen_too))[0]["result"] == "duplicate"
    assert len(annual()) == 1


def test_conflicting_endorsement_is_line_with_warning(office: MemoryOffice) -> None:
    permit, _ = shipped(office)
    other = endorsement(office, permit, lines=lines("1"), transport_document="AWB 2")
    assert Phone(office, actor=BEKZAT).sync(event(other))[0]["result"] == "conflict"
    assert sorted(row["Quantity"] for row in annual()) == ["1", "2"]
    made = checked()
    (finding,) = made["findings"]
    assert (made["errors"], made["warnings"], finding["level"], finding["rule"]) == (0, 1, "warning", 12)
    assert (finding["number"], finding["permit_id"], finding["value"]) == (permit.number, permit.id, "1")
    assert finding["event_id"] == other.event_id in finding["detail"]
    undo(office, other.event_id, AIZADA)
    assert checked()["findings"] == []
    assert [row["Quantity"] for row in annual()] == ["2"]


def test_issued_basis_leaves_out_replaced_and_revoked_unused_permits(office: MemoryOffice) -> None:
    old, revoked = issued(office), issued(office)
    draft = ok(post(f"/v1/permits/{old.id}/replace", {"reason": "name"}, token="preparer"), 201)
    made = ok(post(f"/v1/permits/{draft['id']}/submit", token="preparer"))
    made = all_found(made)
    ok(post(f"/v1/permits/{draft['id']}/approve", {"digest": made["digest"]}, token="approver"))
    new = ok(post(f"/v1/permits/{draft['id']}/issue", token="approver"))
    ok(post(f"/v1/permits/{revoked.id}/revoke", {"reason": "false", "for_cause": True}, token="approver"))
    assert [row["ExportPermit"] for row in annual(basis="issued")] == [new["number"]]
    assert checked(basis="issued")["left_out"] == {"unlisted": 0, "replaced": 1, "ended_unused": 1}


def test_foreign_paper_without_appendix_gets_that_of_list_for_origin(office: MemoryOffice) -> None:
    wolf = {"scientific_name": "Canis lupus", "source": "C", "term": "LIV", "quantity": "2"}
    for number, country in enumerate(("KZ", "IN")):
        permit = {"lines": [{**wolf, "origin": {"country": country}}]}
        ok(post("/v1/foreign-permits", paper(endorsed=USE, number=f"KZ-{number}/2026", permit=permit), token="aizada"),
           201)  # fmt: skip
    assert sorted((row["CountryOfOrigin"], row["Appendix"]) for row in annual(kind="import")) == [
        ("", "2"),
        ("IN", "1"),
    ]
    assert checked(kind="import")["errors"] == 0


def test_withdrawn_use_of_foreign_paper_is_left_out(office: MemoryOffice) -> None:
    used = ok(post("/v1/foreign-permits", paper(endorsed=USE), token="aizada"), 201)
    assert len(annual(kind="import")) == 1
    ok(post(f"/v1/foreign-permits/{used['id']}/withdraw", {"reason": "wrong paper"}, token="bekzat"))
    assert annual(kind="import") == []


def test_permit_of_paper_register_is_in_year_of_its_issue(office: MemoryOffice) -> None:
    papers.imported(papers.opened(office), papers.paper())
    issued(office)
    rows = annual(basis="issued")
    assert sorted(row["ExportPermit"] for row in rows) == ["26KG000001/E", papers.PAPER.number]
    assert annual(basis="issued", year="2025") == []


def test_year_is_that_of_endorsement_in_local_time(office: MemoryOffice) -> None:
    permit = issued(office)
    office.now = 1_798_740_000 - 60  # 2027 begins in Bishkek at 2026-12-31T18:00:00Z
    early = issued(office)
    endorse(office, early)
    office.now += 120
    endorse(office, permit)
    assert [row["ExportPermit"] for row in annual()] == [early.number]
    assert [row["ExportPermit"] for row in annual(year="2027")] == [permit.number]
    assert {row["ExportPermit"] for row in annual(basis="issued")} == {permit.number, early.number}


def test_import_permit_and_foreign_paper_of_one_consignment_are_one_line(office: MemoryOffice) -> None:
    ours = issued(office, IMPORT)
    endorse(office, ours, direction="import", transport_document="CMR 1187")
    ok(post("/v1/foreign-permits", paper(endorsed=USE, number="KZ-1/2026"), token="aizada"), 201)
    ok(post("/v1/foreign-permits", paper(endorsed={**USE, "transport_document": "CMR 9"}, number="KZ-2/2026"),
            token="aizada"), 201)  # fmt: skip
    ok(post("/v1/foreign-permits", paper(number="KZ-3/2026"), token="aizada"), 201)  # recorded, not endorsed
    rows = [(row["ImportPermit"], row["ExportPermit"], row["TradingPartner"]) for row in annual(kind="import")]
    assert sorted(rows) == [("", "KZ-2/2026", "KZ"), (ours.number, "KZ-1/2026", "KZ")]
    office.later(3 * DAY)
    ok(post("/v1/foreign-permits", paper(endorsed=USE, number="KZ-4/2026"), token="aizada"), 201)
    page = annual_report.page(ReportFile(2026, "import", "actual"), PEOPLE["a-auditor"], office, documents=3)
    assert len(page.lines) == 2  # three documents were read for them


def test_page_reads_only_foreign_papers_of_its_days(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        ok(post("/v1/foreign-permits", paper(endorsed=USE, number=f"KZ-{number}/2026"), token="aizada"), 201)
        office.later(3 * DAY)
    asked: list[str] = []
    get_row = office.register.get
    monkeypatch.setattr(office.register, "get", lambda key: asked.append(key.partition) or get_row(key))

    def read(year: int, cursor: str | None = None) -> tuple[int, str | None]:
        asked.clear()
        file = ReportFile(year, "import", "actual")
        found = annual_report.page(file, PEOPLE["a-auditor"], office, cursor=cursor, documents=1)
        assert len(asked) == 2 * asked.count("FOREIGN-NUMBER#KZ") == 2 * len(found.lines)
        return len(found.lines), found.cursor

    lines, cursor = read(2026)
    while cursor is not None:
        more, cursor = read(2026, cursor)
        lines += more
    assert (lines, read(2027)) == (5, (0, None))


@pytest.mark.parametrize("paper_first", [True, False])
def test_crossing_recorded_by_code_and_on_paper_is_one_line(office: MemoryOffice, *, paper_first: bool) -> None:
    presented = Presented(office.register, office, with_kazakhstan(office), serial=7)
    if paper_first:
        presented.as_paper("dostuk", document="CMR 1")
        office.later(60)
        asked = presented.asked_by_code("dostuk", transport_document="CMR 1")
        assert Phone(office, "dostuk").sync(event(asked), checker=presented.checker)[0]["result"] == "duplicate"
    else:
        presented.by_code("dostuk", transport_document="CMR 1")
        office.later(60)
        presented.as_paper("dostuk", document="CMR 1", offline=True)
    assert [row["ExportPermit"] for row in annual(kind="import")] == [presented.number]


def test_foreign_permit_with_code_is_reported_from_signed_data(office: MemoryOffice) -> None:
    checker = with_kazakhstan(office)
    permit, code = from_kazakhstan(office)
    moved = tuple(UsedLine(line_letter(index), line.quantity) for index, line in enumerate(permit.lines))
    asked = Endorsement(
        new_uuid(), "dostuk", "import", office.now, moved, qr=code, transport_document="CMR 1",
    )  # fmt: skip
    endorse(office, asked, checker=checker)
    rows = annual(kind="import")
    assert [(row["SpeciesName"], row["Quantity"]) for row in rows] == [
        (line.taxon, line.quantity) for line in permit.lines
    ]
    assert {(row["TradingPartner"], row["ExportPermit"]) for row in rows} == {("KZ", permit.number)}


def test_report_before_end_of_year_is_marked_draft(office: MemoryOffice) -> None:
    bad = replace(APPLICATION, importer=Party("Falcons", "Osh", "AE"), lines=(replace(SAKER, term="FEA", unit="MLT"),))
    permit = issued(office, bad)
    endorse(office, permit)
    answer = get(ANNUAL, token="preparer", query={"year": "2026"})
    assert answer.headers["content-disposition"] == "attachment; filename=KG-2026-export-actual-DRAFT.csv"
    assert answer.headers["report-state"] == "draft; year_not_over"
    made = checked()
    assert (made["in_force"], made["checked"]) == ("2026-03-05", "2026-11-29")
    (finding,) = made["findings"]
    assert "KGM" in finding["expected"]
    assert {**finding, "detail": "", "expected": []} == {
        "row": 2, "field": "UnitCode", "rule": 5, "level": "warning", "detail": "", "value": "MLT",
        "expected": [], "as_of": "", "event_id": "",
        "number": permit.number, "line": "A", "permit_id": permit.id,
    }  # fmt: skip
    office.now += 60 * DAY
    done = get(ANNUAL, token="preparer", query={"year": "2026"})
    assert (done.headers["report-state"], done.headers["report-warnings"]) == ("checked", "1")
    assert "DRAFT" not in done.headers["content-disposition"]


@pytest.mark.parametrize(("kind", "basis"), [("export", "actual"), ("export", "issued"), ("import", "actual")])
def test_pages_together_equal_whole_report(
    office: MemoryOffice, kind: str, basis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.permits.services.find_permits.CHUNK", 2)
    for _ in range(3):
        shipped(office)
        endorse(office, issued(office, IMPORT), direction="import", transport_document=f"CMR {office.now}")
        office.now += DAY
    file = ReportFile(2026, kind, basis)
    whole = report(file, PEOPLE["preparer"], office)
    pages, cursor = [], "start"
    while cursor:
        pages.append(report(file, PEOPLE["preparer"], office, cursor=cursor, documents=1))
        cursor = pages[-1].cursor or ""
    assert len(pages) >= 3
    assert [line for page in pages for line in page.lines] == list(whole.lines)
    assert len(whole.lines) == 3
    firsts = [page.first for page in pages if page.lines]
    assert firsts == [2, 3, 4]


def test_year_over_size_limit_is_refused_and_not_truncated(office: MemoryOffice) -> None:
    for _ in range(2):
        shipped(office)
        office.now += DAY
    with pytest.raises(TooLarge, match="cursor=start"):
        report(ReportFile(2026, "export", "actual"), PEOPLE["preparer"], office, documents=1)


@pytest.mark.parametrize("query", [
    {}, {"year": "26"}, {"year": "1900"}, {"year": "2026", "kind": "transit"}, {"year": "2026", "basis": "hope"},
    {"year": "2026", "cursor": "9"}, {"year": "2026", "cursor": "2:x"}, {"year": "2026", "cursor": "x:20000"},
])  # fmt: skip
def test_invalid_report_query_is_refused(office: MemoryOffice, query: dict[str, str]) -> None:
    assert get(ANNUAL, token="preparer", query=query).slug == "invalid"


def test_illegal_trade_report_has_seizures_of_year_without_names(office: MemoryOffice) -> None:
    ok(post("/v1/cases", found(goods=[{**BIRD, "marks": "=1+1"}, {**BIRD, "term": "FEA"}], place="=cmd"),
            token="aizada"), 201)  # fmt: skip
    ok(post("/v1/cases", found(kind="suspicion"), token="aizada"), 201)
    answer = get("/v1/reports/illegal-trade", token="preparer", query={"year": "2026"}, ACCEPT="*/*")
    assert answer.status == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    header, *rows = [[cell.value or "" for cell in row] for row in book["Illegal trade"].iter_rows()]
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["Species"], row["Specimen code"], row["Quantity"]) for row in told] == [
        ("Falco cherrug", "LIV", "4"), ("Falco cherrug", "FEA", "4"),
    ]  # fmt: skip
    assert told[0]["Nationality of offenders"] == "KZ"
    assert told[0]["Date of seizure"] == "2026-11-25"
    assert told[0]["Additional information"] == "people: 1"
    assert told[0]["Means of transport"] == FOUND["route"]["transport"]
    words = str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])
    for name in (CARRIER["name"], CARRIER["document"], FOUND["vehicle"], FOUND["note"]):
        assert name not in words
    assert book["Illegal trade"]["I2"].data_type == "s"
    assert told[0]["Appendix"] == "II"  # from the species list, because the case has none
    empty = get("/v1/reports/illegal-trade", token="preparer", query={"year": "2025"}, ACCEPT="*/*")
    assert openpyxl.load_workbook(io.BytesIO(empty.body))["Illegal trade"].max_row == 1


def test_illegal_trade_report_has_accepted_names_and_notes_unknown_ones(office: MemoryOffice) -> None:
    goods = [{**BIRD, "scientific_name": name} for name in ("Uncia uncia", "Nonsensus falsus")]
    ok(post("/v1/cases", found(goods=goods), token="aizada"), 201)
    answer = get("/v1/reports/illegal-trade", token="preparer", query={"year": "2026"}, ACCEPT="*/*")
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    header, *rows = [[cell.value or "" for cell in row] for row in book["Illegal trade"].iter_rows()]
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["Species"], row["Appendix"]) for row in told] == [("Panthera uncia", "I"), ("Nonsensus falsus", "")]
    assert [row["Common name"] for row in told] == ["Snow Leopard", ""]
    assert told[0]["Location of incident"] == "Dostuk"
    words = [cell.value for row in book["About"].iter_rows() for cell in row]
    assert "row 3: Species (not in the list)" in words
    assert "row 3: Appendix" in words
    assert "row 2: Appendix" not in words


def test_illegal_trade_report_reads_people_of_reported_cases_only(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ok(post("/v1/cases", found(), token="aizada"), 201)
    read: list[str] = []
    get_row = office.register.get
    monkeypatch.setattr(office.register, "get", lambda key: read.append(key.sort) or get_row(key))
    for year, known in (("2025", []), ("2026", ["PEOPLE"])):
        get("/v1/reports/illegal-trade", token="preparer", query={"year": year}, ACCEPT="*/*")
        assert [each for each in read if each.startswith("PEOPLE")] == known


def test_reconciliation_gives_outcome_of_each_permit(office: MemoryOffice) -> None:
    left, _ = shipped(office, "1")
    stamped, receipt = shipped(office, recorded="paper")
    waiting, _ = shipped(office, recorded="paper")
    confirm(office, receipt["event_id"])
    kazakh = issued(office, replace(APPLICATION, importer=Party("Zoo", "Almaty", "KZ")))
    returned = issued(office)
    ok(post(f"/v1/permits/{returned.id}/surrender", {"reason": "not needed"}, token="applicant"))
    revoked = issued(office)
    ok(post(f"/v1/permits/{revoked.id}/revoke", {"reason": "false", "for_cause": True}, token="approver"))
    unused, lost = issued(office), issued(office)
    ok(post(f"/v1/permits/{lost.id}/lost", {"reason": "taxi", "how": "lost"}, token="applicant"))
    issued(office, IMPORT)

    def told() -> Any:
        return ok(get("/v1/reports/reconciliation", token="a-auditor", query={"year": "2026"}))

    first = told()
    assert {each["id"]: each["outcome"] for each in first["items"]} == {
        left.id: "endorsed", stamped.id: "paper", waiting.id: "pending", kazakh.id: "eaeu", returned.id: "returned",
        revoked.id: "ended", unused.id: "open", lost.id: "unknown",
    }  # fmt: skip
    item = next(each for each in first["items"] if each["id"] == left.id)
    assert (item["lines"][0]["permitted"], item["lines"][0]["exported"], item["post"], item["month"]) == (
        "2", "1", "manas-airport", "2026-11",
    )  # fmt: skip
    assert sum(first["outcomes"].values()) == len(first["items"])
    office.now += 200 * DAY
    assert next(each for each in told()["items"] if each["id"] == unused.id)["outcome"] == "unknown"


def test_sum_of_report_equals_sum_of_endorsements(office: MemoryOffice) -> None:
    amounts = ["1", "2", "1"]
    for amount in amounts:
        shipped(office, amount)
    assert sum(Decimal(row["Quantity"]) for row in annual()) == sum(map(Decimal, amounts))


def test_reports_are_refused_to_officers_and_applicants(office: MemoryOffice) -> None:
    for token in ("aizada", "applicant", "a-enforcement", "a-border"):
        assert get(ANNUAL, token=token, query={"year": "2026"}).slug == "forbidden"
