"""Routes of a permit beside the normal course: retries, attachments, lists, prints."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from desk import approved, draft, found, issued, ok, saker, submitted
from http_client import call, get, post
from office import DAY, MemoryOffice

from chalicelib.adapters.in_process.memory import MemoryPublisher
from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Override
from chalicelib.permits.services import store
from chalicelib.species.model.listing import Listing

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def test_empty_draft_is_completed_and_submitted(office: MemoryOffice) -> None:
    made = ok(post("/v1/permits", {}, token="applicant"), 201)
    assert (made["state"], made["digest"], made["use"]) == ("draft", None, "unused")
    answer = post(f"/v1/permits/{made['id']}/submit", token="applicant")
    assert (answer.status, answer.slug) == (422, "invalid")
    assert {"document_type", "exporter.name", "lines"} <= {error["field"] for error in answer.json["errors"]}
    ok(call("PUT", f"/v1/permits/{made['id']}", saker(), token="applicant"))
    sent = ok(post(f"/v1/permits/{made['id']}/submit", token="applicant"))
    assert sent["state"] == "submitted"
    assert re.fullmatch("[0-9a-f]{64}", sent["digest"])
    assert sent["lines"][0]["appendix"] == "II"
    listing = office.listing
    assert sent["species_list"] == {
        "as_of": listing.as_of, "version": listing.version, "in_force": listing.in_force, "checked": listing.checked,
    }  # fmt: skip


def test_issue_is_refused_when_list_has_changed_since_submission(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Block 10 keeps the Appendix of the list at submission."""
    permit = approved()
    moved = [
        replace(each, appendix=1) if each.scientific_name == "Falco cherrug" else each for each in office.listing.taxa
    ]
    later = Listing(moved, office.listing.restrictions, "2026-12-01", "another")
    monkeypatch.setattr(MemoryOffice, "listing", later)
    answer = post(f"/v1/permits/{permit['id']}/issue", token="approver")
    assert (
        next(error["code"] for error in answer.json["errors"]) == "contradicts_list"
    )  # the application has to be returned and submitted again
    kept = ok(get(f"/v1/permits/{permit['id']}", token="preparer"))
    assert kept["lines"][0]["appendix"] == "II"
    assert kept["species_list"]["as_of"] != "2026-12-01"


def test_null_and_empty_fields_are_absent(office: MemoryOffice) -> None:
    bare = ok(post("/v1/permits", {"purpose": "B", "lines": [{"source": "C"}]}, token="applicant"), 201)
    line = {"source": "C", "unit": None, "marks": "", "origin": {"country": None}}
    full = ok(post("/v1/permits", {"purpose": "B", "stamp_number": "", "importer": None, "lines": [line]},
                   token="applicant"), 201)  # fmt: skip
    for name in ("id", "created_at"):
        del bare[name], full[name]
    assert bare == full


def test_put_of_unchanged_get_response_changes_nothing(office: MemoryOffice) -> None:
    permit = draft("applicant", retrospective={"reason": "held at the border"}, import_permit={"number": "AE-1"})
    ok(post(f"/v1/permits/{permit}/attachments", data=PNG, content_type="image/png", token="applicant",
            query={"name": "a.png"}), 201)  # fmt: skip
    before = ok(get(f"/v1/permits/{permit}", token="applicant"))
    assert ok(call("PUT", f"/v1/permits/{permit}", before, token="applicant")) == before


@pytest.mark.parametrize("said", [{}, {"reason": None}, {"reason": ""}], ids=str)
def test_retrospective_without_reason_is_refused_at_submission(office: MemoryOffice, said: Any) -> None:
    permit = draft("applicant", retrospective=said)
    answer = post(f"/v1/permits/{permit}/submit", token="applicant")
    assert [e["field"] for e in answer.json["errors"]] == ["retrospective.reason"]
    ok(call("PUT", f"/v1/permits/{permit}", saker(), token="applicant"))
    assert ok(post(f"/v1/permits/{permit}/submit", token="applicant"))["state"] == "submitted"


def test_cleared_document_fields_count_as_absent(office: MemoryOffice) -> None:
    empty = {"country": "", "date": ""}
    line = {**saker()["lines"][0], "last_reexport": {**empty, "certificate": ""}}
    body = saker(lines=[line], import_permit={**empty, "number": ""})
    assert ok(post("/v1/permits/check", body, token="applicant"))["errors"] == []


@pytest.mark.parametrize("quantity", ["1,5", "abc", "NaN", "-1", ""])
def test_malformed_weight_of_wood_is_refused(office: MemoryOffice, quantity: str) -> None:
    """An annotation has a limit of weight, which is compared before the quantity is known to be a number."""
    line = {"scientific_name": "Dalbergia sissoo", "term": "WPR", "source": "W", "quantity": quantity, "unit": "KGM"}
    answer = ok(post("/v1/permits/check", saker(lines=[line]), token="applicant"))
    assert [each["field"] for each in answer["errors"] if "quantity" in each["field"]] == ["lines[0].quantity"]


@pytest.mark.parametrize("appendix", ["I", "II", "III", "0", 1, 2, 3, 0])
def test_appendix_is_accepted_as_number_and_roman_numeral(office: MemoryOffice, appendix: Any) -> None:
    body = {"lines": [{"scientific_name": "Draco imaginarius", "appendix": appendix}]}
    stored = ok(post("/v1/permits", body, token="applicant"), 201)["lines"][0]["appendix"]
    assert stored == {1: "I", 2: "II", 3: "III", 0: "0"}.get(appendix, appendix)


def test_more_than_60_lines_are_refused(office: MemoryOffice) -> None:
    line = {**saker()["lines"][0], "description": "x" * 2000, "marks": "y" * 1000, "common_name": "шумкар" * 30}
    made = ok(post("/v1/permits", saker(lines=[line] * 60), token="applicant"), 201)
    assert len(made["lines"]) == 60
    answer = post("/v1/permits", saker(lines=[line] * 61), token="applicant")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("lines", "too_many")]


def test_repeated_idempotency_key_returns_same_draft(office: MemoryOffice) -> None:
    first = ok(post("/v1/permits", saker(), token="applicant", IDEMPOTENCY_KEY="k-1"), 201)
    assert ok(post("/v1/permits", saker(), token="applicant", IDEMPOTENCY_KEY="k-1"), 201) == first
    answer = post("/v1/permits", saker(purpose="T"), token="applicant", IDEMPOTENCY_KEY="k-1")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("Idempotency-Key", "reused")]
    assert ok(post("/v1/permits", saker(), token="other", IDEMPOTENCY_KEY="k-1"), 201)["id"] != first["id"]


def test_repeated_transition_by_same_person_succeeds(office: MemoryOffice) -> None:
    permit = approved()
    base = f"/v1/permits/{permit['id']}"
    assert ok(post(f"{base}/approve", {"digest": permit["digest"]}, token="approver"))["state"] == "approved"
    first = ok(post(f"{base}/issue", token="approver"))
    again = ok(post(f"{base}/issue", token="approver"))
    assert (first["number"], first["qr"]) == (again["number"], again["qr"])
    for step, body in (("suspend", {"reason": "r"}), ("reinstate", {"reason": "r"}),
                       ("revoke", {"reason": "r", "for_cause": True})):  # fmt: skip
        assert ok(post(f"{base}/{step}", body, token="approver"))["state"]
        assert post(f"{base}/{step}", body, token="approver").status == 200
        assert post(f"{base}/{step}", body, token="approver2").slug == "wrong-state"


def test_approval_needs_second_person_read_digest_and_findings(office: MemoryOffice) -> None:
    office.people["both"] = office.people["preparer"].__class__("u-both", "Both", frozenset({"preparer", "approver"}))
    permit = submitted("both")
    base = f"/v1/permits/{permit['id']}"
    answer = post(f"{base}/approve", {"digest": permit["digest"]}, token="both")
    assert (answer.status, answer.slug) == (403, "two-people")
    answer = post(f"{base}/approve", {"digest": "0" * 64}, token="approver")
    assert (answer.status, answer.slug, answer.json["digest"]) == (409, "digest-mismatch", permit["digest"])
    answer = post(f"{base}/approve", {"digest": permit["digest"]}, token="approver")
    assert (answer.status, answer.slug) == (409, "wrong-state")
    assert "legal_acquisition" in answer.json["missing"]
    assert post(f"{base}/approve", {"digest": "short"}, token="approver").slug == "invalid"


def test_finding_with_other_digest_is_refused(office: MemoryOffice) -> None:
    permit = submitted()
    at = f"/v1/permits/{permit['id']}/findings"
    said = {"kind": "legal_acquisition", "result": "positive"}
    answer = post(at, {**said, "digest": "0" * 64}, token="preparer")
    assert (answer.status, answer.slug, answer.json["digest"]) == (409, "digest-mismatch", permit["digest"])
    assert post(at, {**said, "digest": "short"}, token="preparer").slug == "invalid"
    assert get(f"/v1/permits/{permit['id']}", token="preparer").json["findings"] == []
    (made,) = ok(post(at, {**said, "digest": permit["digest"]}, token="preparer"))["findings"]
    assert made["current"] is True
    assert ok(post(at, {**said, "kind": "live_transport"}, token="preparer"))["findings"][1]["current"] is True


def test_application_returned_with_reason_is_submitted_again(office: MemoryOffice) -> None:
    permit = submitted("applicant")
    base = f"/v1/permits/{permit['id']}"
    assert post(f"{base}/return", {"reason": " "}, token="preparer").slug == "invalid"
    back = ok(post(f"{base}/return", {"reason": "Which ring?"}, token="preparer"))
    assert (back["state"], back["reason"]) == ("returned", "Which ring?")
    ok(call("PUT", base, saker(stamp_number="AB 12"), token="applicant"))
    again = ok(post(f"{base}/submit", token="applicant"))
    assert again["digest"] != permit["digest"]


def test_attachments_are_stored_once_and_named_by_detected_type(office: MemoryOffice) -> None:
    permit = draft("applicant")
    base = f"/v1/permits/{permit}/attachments"

    def send(data: bytes = PNG, kind: str = "image/png", **query: str) -> Any:
        return post(base, data=data, content_type=kind, token="applicant", query=query or {"name": "cage.png"})

    made = ok(send(), 201)
    assert made["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert ok(send(name="again.png"), 201) == made
    assert [paper["name"] for paper in ok(get(f"/v1/permits/{permit}", token="applicant"))["attachments"]] == [
        "cage.png"
    ]
    assert ok(get(f"{base}/{made['id']}", token="applicant"))["url"].startswith("https://")
    for name, kind, data, ending in (
        ("permit.hta", "application/pdf", b"%PDF-<script>", ".pdf"),
        ("a.pdf. ", "image/jpeg", b"\xff\xd8\xff", ".jpg"),
    ):
        sent = ok(send(data, kind, name=name), 201)
        url = ok(get(f"{base}/{sent['id']}", token="preparer"))["url"]
        assert (
            f"name={quote(name + ending)}&" in url
        )  # the ending of the detected type: the file is opened and never run
    assert "name=cage.png&" in ok(get(f"{base}/{made['id']}", token="preparer"))["url"]
    assert get(f"{base}/{made['id']}", token="other").slug == "no-match"
    assert get(f"{base}/0123", token="applicant").slug == "no-match"
    assert send(kind="text/html").slug == "unsupported-media-type"
    assert send(b"MZ").slug == "invalid"
    assert send(name="../../etc/passwd").slug == "invalid"
    assert send(name="a\u202eb.png").slug == "invalid"
    assert post(base, data=PNG, content_type="image/png", token="applicant").slug == "invalid"


def test_permit_lists_are_paged_and_show_own_permits_only(office: MemoryOffice) -> None:
    mine = [draft("applicant") for _ in range(3)]
    theirs = [draft("other") for _ in range(3)]
    ours = [draft("preparer") for _ in range(60)]
    found = ok(get("/v1/permits", token="applicant"))
    assert [item["id"] for item in found["items"]] == mine[::-1]
    seen: list[str] = []
    cursor = None
    while True:
        page = ok(get("/v1/permits", token="preparer", query={"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert seen == ours[::-1]  # drafts of applicants are not in the ministry's list
    assert [item["id"] for item in ok(get("/v1/permits", token="other"))["items"]] == theirs[::-1]
    assert ok(get("/v1/permits", token="preparer", query={"state": "issued"}))["items"] == []
    assert get("/v1/permits", token="preparer", query={"state": "happy"}).slug == "invalid"


def test_permits_are_found_by_number_and_name(office: MemoryOffice) -> None:
    permit = issued()
    draft(importer={"name": "Somebody Else", "country": "DE"})
    for words in (permit["number"], "dhafra", "cherrug"):
        items = ok(get("/v1/permits", token="preparer", query={"q": words}))["items"]
        assert permit["id"] in [item["id"] for item in items]
    items = ok(get("/v1/permits", token="preparer", query={"q": "somebody"}))["items"]
    assert [item["importer"] for item in items] == ["Somebody Else"]


def test_history_has_actions_persons_and_times(office: MemoryOffice) -> None:
    permit = issued()
    items = ok(get(f"/v1/permits/{permit['id']}/history", token="preparer"))["items"]
    assert [(item["action"], item["by"], item["by_name"]) for item in items] == [
        *((action, "u-prep", "Ainura Preparer") for action in ("create", "submit", "find")),
        ("find", "u-sci", "Dr Scientist"), ("find", "u-prep", "Ainura Preparer"),
        *((action, "u-appr", "Bakyt Approver") for action in ("approve", "issue")),
        *((action, "system", "Tamga") for action in ("sign", "signed")),
    ]  # fmt: skip
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["at"]) for item in items)


def test_exporters_history_hides_officers_hours_and_suspicions(
    office: MemoryOffice,
) -> None:
    permit = issued("applicant")
    address, event_id = f"/v1/permits/{permit['id']}/history", "11111111-2222-4333-8444-555555555555"
    body = {
        "event_id": event_id, "post": "manas-airport", "qr": permit["qr"], "direction": "export",
        "endorsed_at": to_text(office.now), "transport_document": "AWB 1", "lines": [{"line": "A", "quantity": "1"}],
    }  # fmt: skip
    office.later(4000)
    hour = datetime.fromtimestamp(office.now, ZoneInfo("Asia/Bishkek")).strftime("%H:%M")
    ok(post("/v1/endorsements", {**body, "endorsed_at": to_text(office.now)}, token="aizada"), 201)
    store.change(
        permit["id"],
        office.people["aizada"],
        deps=office,
        any_owner=True,
        decide=lambda old: store.Change(old.but(), "resolve", {"code": "U4", "reason": "the driver is suspect"}),
    )
    whole = ok(get(address, token="preparer"))["items"]
    assert {"endorse", "resolve"} <= {item["action"] for item in whole}
    items = ok(get(address, token="applicant"))["items"]
    assert [item["action"] for item in items] == [item["action"] for item in whole if item["action"] != "resolve"]
    own = {"create", "submit"}
    assert {item["action"] for item in items if item["by"]} == own
    others = [item for item in items if item["action"] not in own]
    assert all(item["at"].endswith("T18:00:00Z") and not item["by_name"] and not item["detail"] for item in others)
    xml = {
        who: get(f"/v1/permits/{permit['id']}/epix", token=who, ACCEPT="application/xml").body.decode()
        for who in ("preparer", "applicant")
    }
    hours = {who: set(re.findall(r"T(\d\d:\d\d):\d\d\+06:00", text)) for who, text in xml.items()}
    assert hours["preparer"] - hours["applicant"] == {hour}  # block 14 too shows the day only
    assert "AWB 1" in xml["applicant"]


def test_exporters_permit_hides_assessors_hours_and_notes(office: MemoryOffice) -> None:
    """The ministry's pages show them. To the exporter they would name scientist, preparer, hour and remarks."""
    permit = issued("applicant")
    address = f"/v1/permits/{permit['id']}"
    store.change(permit["id"], office.people["approver"], deps=office, any_owner=True, decide=lambda old: store.Change(
            old.but(
                findings=tuple(replace(each, note="we watch this breeder") for each in old.findings),
                overrides=(Override((("lines", "x"),), ("rule",), "a word from above", "x", "Boss", office.now, ""),),
            ),
            "test",
        ))  # fmt: skip
    whole, own = ok(get(address, token="preparer")), ok(get(address, token="applicant"))
    assert all(each["by"] and each["note"] for each in whole["findings"])
    for member in ("findings", "approvals", "overrides"):
        assert len(own[member]) == len(whole[member]) > 0
        assert not any(each["by"] or each.get("note") or each.get("reason") for each in own[member])
        assert all(each["at"].endswith("T18:00:00Z") for each in own[member])
    assert [each["kind"] for each in own["findings"]] == [each["kind"] for each in whole["findings"]]
    assert not own["overrides"][0]["by_name"]
    assert own["approvals"][0]["by_name"] == whole["approvals"][0]["by_name"]  # printed in block 13
    assert own["creator"] == whole["creator"]  # the exporter


def test_reason_of_reinstatement_is_shown_to_officials_only(office: MemoryOffice) -> None:
    address = f"/v1/permits/{issued('applicant')['id']}"
    for step, seen in (("suspend", "why suspend"), ("reinstate", None)):
        ok(post(f"{address}/{step}", {"reason": f"why {step}"}, token="approver"))
        assert ok(get(address, token="applicant"))["reason"] == seen
        assert ok(get(address, token="preparer"))["reason"] == f"why {step}"


def test_print_is_sent_as_bytes_when_client_prefers_pdf(office: MemoryOffice) -> None:
    permit = issued()
    path = f"/v1/permits/{permit['id']}/pdf"
    assert permit["pdf_url"] == path
    answer = get(path, token="preparer", ACCEPT="application/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert "CITES-26KG000001-E.pdf" in answer.headers["content-disposition"]
    assert answer.body.startswith(b"%PDF-")
    for accept in ("*/*", "text/html,application/pdf", "application/json"):
        assert ok(get(path, token="preparer", ACCEPT=accept))["url"].startswith("https://")
    assert get(f"/v1/permits/{draft()}/pdf", token="preparer").slug == "wrong-state"


def test_exporters_application_without_findings_needs_legal_acquisition(office: MemoryOffice) -> None:
    """Approval needs an official's finding on it.

    The response therefore asks for one, because otherwise nobody could record it.
    """
    ibex = {
        "scientific_name": "Capra sibirica", "common_name": "Siberian ibex", "description": "horns", "marks": "tag 7",
        "source": "W", "term": "TRO", "quantity": "1",
    }  # fmt: skip
    own, theirs = (submitted(who, document_type="OO", purpose="H", lines=[ibex]) for who in ("preparer", "applicant"))
    assert (own["findings_needed"], theirs["findings_needed"]) == ([], ["legal_acquisition"])
    at = f"/v1/permits/{theirs['id']}"
    assert post(f"{at}/approve", {"digest": theirs["digest"]}, token="approver").slug == "wrong-state"
    assert found(theirs)["findings_needed"] == ["legal_acquisition"]
    ok(post(f"{at}/approve", {"digest": theirs["digest"]}, token="approver"))
    ok(post(f"/v1/permits/{own['id']}/approve", {"digest": own["digest"]}, token="approver"))


def test_replacement_names_old_permit_and_ends_it(office: MemoryOffice) -> None:
    old = issued()
    new = ok(post(f"/v1/permits/{old['id']}/replace", {"reason": "torn"}, token="preparer"), 201)
    assert (new["state"], new["replaces"]) == ("draft", {"id": old["id"], "number": old["number"]})
    base = f"/v1/permits/{new['id']}"
    sent = ok(post(f"{base}/submit", token="preparer"))
    for kind in sent["findings_needed"]:
        who = "scientist" if kind == "bred_or_propagated" else "preparer"
        ok(post(f"{base}/findings", {"kind": kind, "result": "positive"}, token=who))
    ok(post(f"{base}/approve", {"digest": sent["digest"]}, token="approver"))
    made = ok(post(f"{base}/issue", token="approver"))
    ended = ok(get(f"/v1/permits/{old['id']}", token="preparer"))
    assert (ended["state"], ended["replaced_by"]["number"]) == ("replaced", made["number"])
    found = ok(post("/v1/verify", {"qr": old["qr"]}))
    assert (found["outcome"], found["register"]["replaced_by"]) == ("not_valid", made["number"])


def test_expired_is_computed_from_last_day_of_validity(office: MemoryOffice) -> None:
    permit = issued()
    office.now += 200 * DAY
    seen = ok(get(f"/v1/permits/{permit['id']}", token="preparer"))
    assert (seen["state"], seen["expired"]) == ("issued", True)


def test_address_of_print_is_returned_without_reading_print(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/permits/{issued()['id']}/pdf"
    ok(get(path, token="preparer"))
    reads: list[str] = []
    loads: list[str] = []
    held, load = office.blobs.get, store.load
    monkeypatch.setattr(office.blobs, "get", lambda key: reads.append(key) or held(key))
    monkeypatch.setattr(store, "load", lambda *asked: loads.append(asked[1]) or load(*asked))
    ok(get(path, token="preparer"))
    assert (len(reads), len(loads)) == (0, 1)
    assert get(path, token="preparer", ACCEPT="application/pdf").body.startswith(b"%PDF-")
    assert (len(reads), len(loads)) == (1, 2)


def test_revocation_succeeds_when_status_list_cannot_be_published(office: MemoryOffice) -> None:
    permit = issued()

    def broken(uri: str) -> None:
        raise RuntimeError("AccessDenied")

    office.publisher = MemoryPublisher(broken)  # type: ignore[misc]
    body = {"reason": "false papers", "for_cause": True}
    assert ok(post(f"/v1/permits/{permit['id']}/revoke", body, token="approver"))["state"] == "revoked"


def test_only_unused_permit_can_be_surrendered(office: MemoryOffice) -> None:
    permit = issued("applicant")
    event = {
        "event_id": "0b6e9a52-6a3e-4a10-9f8e-2f0d7f6f3c11", "qr": permit["qr"], "post": "manas-airport",
        "direction": "export", "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
        "transport_document": "AWB 176-1",
    }  # fmt: skip
    ok(post("/v1/endorsements", event, token="aizada"), 201)
    used = post(f"/v1/permits/{permit['id']}/surrender", {"reason": "not needed"}, token="applicant")
    assert (used.status, used.slug) == (409, "wrong-state")

    unused = issued("applicant")["id"]
    given = ok(post(f"/v1/permits/{unused}/surrender", {"reason": "not needed"}, token="applicant"))
    assert (given["state"], given["for_cause"], given["reason"]) == ("revoked", False, "not needed")
    assert (
        ok(post(f"/v1/permits/{unused}/surrender", {"reason": "not needed"}, token="applicant"))["state"] == "revoked"
    )


def test_unreadable_row_is_left_out_of_list_and_answers_503(
    office: MemoryOffice, caplog: pytest.LogCaptureFixture
) -> None:
    """A newer release wrote the state and was rolled back."""
    damaged, whole = submitted(), submitted()
    row = office.register.get(store.dossier_key(damaged["id"]))
    assert row is not None
    data, index = {**row.data, "state": "frozen"}, {"shelf": store.SHELF}
    office.register.commit(Put(row.key, data, expected_version=row.version, index=index))
    listed = ok(get("/v1/permits", token="preparer"))
    assert [each["id"] for each in listed["items"]] == [whole["id"]]
    caplog.clear()
    answer = get(f"/v1/permits/{damaged['id']}", token="preparer")
    assert (answer.status, answer.slug, answer.headers.get("Retry-After")) == (503, "unavailable", None)
    (line,) = [line for line in caplog.messages if '"event": "fault"' in line]
    assert f'"row": "PERMIT#{damaged["id"]}/DOSSIER"' in line
    assert "frozen" not in line + str(answer.json)
