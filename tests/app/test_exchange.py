"""EPIX over HTTP: access by client certificate, permits sent to a Party, reports of arrival, journal of calls."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from desk import draft, issued, ok
from http_client import Answer, call, get
from lxml import etree
from office import DAY, MemoryOffice
from party_certificates import Authority, Made, emirates
from test_matrix import endorsement_body

from chalicelib.exchange.epix import soap
from chalicelib.exchange.epix.of_dossier import exchanged as as_exchanged
from chalicelib.exchange.epix.permit_xml import decode_permit
from chalicelib.exchange.epix.soap import CONFIRM, FINAL, NON_FINAL, OPERATIONS, STATE, V2, Position, Question
from chalicelib.exchange.epix.xml import parse
from chalicelib.exchange.model.exchanged_permit import day_of, unit_of
from chalicelib.exchange.services import answer_party, parties
from chalicelib.exchange.services.answer_party import Caller, PartyQuestion, permit_for
from chalicelib.kernel.errors import TamgaError, Unavailable
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Draw
from chalicelib.permits.services import store

PROBLEM = "{https://tamga.kg/problems/}"


def listed(who: Made, country: str = "AE", token: str = "a-admin", **changes: Any) -> Answer:
    body = {"certificates": [who.thumbprint], "may": list(OPERATIONS), "active": True, **changes}
    return call("PUT", f"/v1/exchange/parties/{country}", body, token=token)


@pytest.fixture
def party(office: MemoryOffice) -> Made:
    """The Emirates, on the access list."""
    ok(listed(emirates()))
    return emirates()


def asked(operation: str, number: str = "", token: str = "", country: str = "KG", *lines: tuple[str, str]) -> bytes:
    positions = tuple(Position(*line) for line in lines)
    return soap.write_question(Question(operation, V2, number, token, country, positions))


def send(data: bytes, who: Made | str = "", **headers: str) -> Answer:
    certificate = who if isinstance(who, str) else who.certificate
    return call("POST", "/v1/epix", data=data, content_type="text/xml; charset=utf-8", certificate=certificate,
                **headers)  # fmt: skip


def fault(answer: Answer) -> tuple[str, str]:
    """Return the faultcode without its prefix, and the faultstring."""
    assert answer.status == 500, answer.body
    assert answer.headers["content-type"].startswith("text/xml")
    body = parse(answer.body)[0]
    (found,) = body
    correlation = found.findtext(f".//{PROBLEM}CorrelationId")
    assert correlation == answer.headers["x-correlation-id"]
    return found.findtext("faultcode").removeprefix("soapenv:"), found.findtext("faultstring")


def told(answer: Answer, operation: str) -> soap.Answer:
    assert answer.status == 200, answer.body
    return soap.read_answer(answer.body, operation)


def endorsed(permit: Any, quantity: str = "2", **changes: Any) -> None:
    body = endorsement_body(permit, lines=[{"line": "A", "quantity": quantity}], **changes)
    ok(call("POST", "/v1/endorsements", body, token="aizada"), 201)


def exchanged(permit: Any) -> Any:
    return ok(get(f"/v1/permits/{permit['id']}/exchange", token="preparer"))


def test_epix_xml_contains_data_of_permit(office: MemoryOffice) -> None:
    permit = issued(stamp_number="2098148")
    answer = get(f"/v1/permits/{permit['id']}/epix", token="preparer")
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="26KG000001-E.xml"'
    read = decode_permit(parse(answer.body))
    assert read.other == ()
    assert (read.number, read.kind, read.purpose, read.copy) == ("26KG000001/E", "E", "B", "true")
    assert day_of(read.valid_until) == permit["valid_until"]
    assert read.exporter is not None
    assert read.importer is not None
    assert read.first is not None
    assert read.third is not None
    assert (read.exporter.name, read.exporter.country) == ("Altyn Falcon LLC", "KG")
    assert (read.importer.name, read.importer.address) == ("Al Dhafra Falcons", "P.O. Box 45, Abu Dhabi")
    assert read.first.number == "2098148"
    assert read.third.statement == permit["qr"]  # a holder of our trust list can verify the XML with it
    (line,) = read.lines
    assert (line.id, line.scientific_name, line.term, line.appendix, line.source) == (
        "A",
        "Falco cherrug",
        "LIV",
        "II",
        "C",
    )
    assert (line.quantity, unit_of(line.unit)) == ("2", None)
    assert line.operation is not None
    assert line.operation.number == "A-KG-001"
    assert line.examined == read.examined == ()
    verdict = ok(call("POST", "/v1/verify", {"qr": read.third.statement}))
    assert verdict["permit"]["number"] == read.number


def test_epix_xml_marks_practice_and_contains_quota(office: MemoryOffice) -> None:
    dossier = store.load(office.register, issued()["id"])
    drawn = replace(
        dossier, draws=(Draw("q", 2026, 0, "2", total="12", limit="40"), Draw("r", 2026, 0, "2", total="30"))
    )
    shown = as_exchanged(drawn, office.issuing_office, posts={}, final=False)
    assert (shown.conditions or "").splitlines()[0] == "PRACTICE: this document has NO VALUE."
    line = shown.lines[0]
    assert (line.quota_used, line.quota_used_unit, line.quota, line.quota_unit) == ("12", "NAR", "40", "NAR")
    real_office = replace(office.issuing_office, stage=replace(office.stage, practice=False))
    real = as_exchanged(dossier, real_office, posts={}, final=False)
    assert "PRACTICE" not in (real.conditions or "")
    assert real.lines[0].quota is None


def test_epix_xml_contains_block_14_after_export(office: MemoryOffice) -> None:
    permit = issued()
    endorsed(permit, "1")
    read = decode_permit(parse(get(f"/v1/permits/{permit['id']}/epix", token="preparer").body))
    (event,) = read.examined
    assert (event.place_id, day_of(event.at)) == ("manas-airport", "2026-11-25")
    assert [each.quantity for each in read.lines[0].examined] == ["1"]
    assert read.lines[0].quantity == "2"
    assert read.transport is not None
    assert (read.transport.number or "").startswith("AWB")


def test_epix_xml_is_for_ministry_and_holder_while_in_force(office: MemoryOffice) -> None:
    permit = issued("applicant")
    path = f"/v1/permits/{permit['id']}/epix"
    assert get(path, token="applicant").status == 200
    assert get(path, token="other").slug == "no-match"
    assert get(path, token="aizada").slug == "forbidden"
    assert get(f"/v1/permits/{draft()}/epix", token="preparer").slug == "wrong-state"
    ok(call("POST", f"/v1/permits/{permit['id']}/revoke", {"reason": "r", "for_cause": True}, token="approver"))
    assert get(path, token="preparer").slug == "wrong-state"


def test_party_gets_permit_and_final_permit_after_endorsement(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    answer = send(asked(NON_FINAL, permit["number"]), party, SOAPACTION='"urn:GetNonFinalCitesCertificate"')
    read = told(answer, NON_FINAL).permit
    assert read is not None
    assert (read.number, read.lines[0].examined) == (permit["number"], ())
    assert fault(send(asked(FINAL, permit["number"]), party)) == ("Client", "NotFinal")
    endorsed(permit)
    final = told(send(asked(FINAL, permit["number"]), party), FINAL).permit
    assert final is not None
    assert [each.quantity for each in final.lines[0].examined] == ["2"]


def test_response_has_epix_structure(office: MemoryOffice, party: Made) -> None:
    """Qualified response, unqualified CITESEPermit, as in the answers of the hub."""
    root = etree.fromstring(send(asked(NON_FINAL, issued()["number"]), party).body)
    (response,) = root[0]
    assert response.tag == f"{{{V2}}}GetNonFinalCitesCertificateResponse"
    assert [child.tag for child in response] == ["CITESEPermit", "Composite"]
    told(send(asked(STATE), party), STATE)


def strangers() -> dict[str, tuple[Made | str, str]]:
    ours = Authority()
    return {
        "nobody": ("", "CertificateMissing"),
        "nonsense": ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "CertificateMissing"),
        "without a country": (ours.client(), "CertificateMissing"),
        "of two countries": (ours.client("AE", "KG"), "CertificateMissing"),
        "of no country": (ours.client("QQ"), "CertificateMissing"),
        "ended": (ours.client("AE", shift=-30), "CertificateMissing"),
        "not begun": (ours.client("AE", shift=30), "CertificateMissing"),
        "another certificate of that Party": (ours.client("AE"), "CallerNotFound"),
        "a Party that is not listed": (ours.client("UZ"), "CallerNotFound"),
    }


def test_caller_without_listed_certificate_is_refused(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    for name, (who, expected) in strangers().items():
        assert fault(send(asked(NON_FINAL, permit["number"]), who)) == ("Client", expected), name
    assert exchanged(permit)["calls"] == []


def test_certificate_in_request_header_is_ignored(office: MemoryOffice, party: Made) -> None:
    """Attack: a client sends the certificate of a Party in a header."""
    data = asked(NON_FINAL, issued()["number"])
    pem = party.certificate.replace("\n", "%0A")
    for name in ("X_SSL_CLIENT_S_DN", "X_AMZN_MTLS_CLIENTCERT", "SSL_CLIENT_CERT", "TAMGA.CLIENT_CERTIFICATE"):
        assert fault(send(data, **{name: pem})) == ("Client", "CertificateMissing")
        assert fault(send(data, **{name: "/C=AE/CN=x"})) == ("Client", "CertificateMissing")


def test_certificate_is_accepted_at_exchange_host_only(office: MemoryOffice, party: Made) -> None:
    """At other hosts no client certificate is requested, whatever the request context contains."""
    office.config = replace(office.config, exchange_host="")
    assert fault(send(asked(STATE), party)) == ("Client", "CertificateMissing")


def test_deactivated_party_is_refused_at_once(office: MemoryOffice, party: Made) -> None:
    ok(listed(party, active=False))
    assert fault(send(asked(STATE), party)) == ("Client", "CallerNotFound")


def test_party_may_call_only_listed_operations(office: MemoryOffice, party: Made) -> None:
    ok(listed(party, may=[STATE]))
    assert told(send(asked(STATE), party), STATE).text == "OK"
    for operation in (NON_FINAL, FINAL):
        assert fault(send(asked(operation, issued()["number"]), party)) == ("Client", "AdapterNotAvailable")


def test_unknown_foreign_and_wrong_code_requests_get_same_fault(office: MemoryOffice, party: Made) -> None:
    """Otherwise a Party could find out which numbers exist."""
    elsewhere = issued(importer={"name": "Zoo", "address": "1 Street, Prague", "country": "CZ"})
    mine = issued()
    unknown = {
        "unknown": asked(NON_FINAL, "26KG009999/E"), "another's": asked(NON_FINAL, elsewhere["number"]),
        "wrong code": asked(NON_FINAL, elsewhere["number"], "AAAA-AAAA"),
        "its own with a wrong code": asked(NON_FINAL, mine["number"], "AAAA-AAAA"),
        "no number": asked(NON_FINAL, "'--"),
    }  # fmt: skip
    answers = {name: send(data, party) for name, data in unknown.items()}
    assert {name: fault(answer) for name, answer in answers.items()} == dict.fromkeys(
        unknown, ("Client", "PermitNotFound")
    )
    held = send(
        asked(NON_FINAL, elsewhere["number"], elsewhere["check_code"]), party
    )  # the check code shows that the Party holds the paper
    assert told(held, NON_FINAL).permit is not None
    assert fault(send(asked(NON_FINAL, mine["number"], country="CZ"), party)) == ("Client", "CalleeNotFound")


def test_requests_for_unknown_numbers_over_limit_are_refused(
    office: MemoryOffice, party: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_party, "MISSES_AT_MOST", 3)
    for n in range(3):
        assert fault(send(asked(NON_FINAL, f"26KG00999{n}/E"), party))[1] == "PermitNotFound"
    permit = issued()
    assert fault(send(asked(NON_FINAL, permit["number"]), party)) == ("Client", "Too many tries")
    office.later(3600)
    assert told(send(asked(NON_FINAL, permit["number"]), party), NON_FINAL).permit is not None


def test_parallel_requests_for_unknown_numbers_stay_within_limit(
    office: MemoryOffice, party: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_party, "MISSES_AT_MOST", 3)
    register = office.register
    caller = Caller(parties.party("AE", register), None)  # type: ignore[arg-type]
    together = Barrier(20)
    bump = register.bump

    def all_at_once(key: Key, *, expires: int | None = None) -> int:
        together.wait(10)
        return bump(key, expires=expires)

    monkeypatch.setattr(register, "bump", all_at_once)
    said: list[str] = []

    def ask(n: int) -> None:
        try:
            permit_for(PartyQuestion(NON_FINAL, f"26KG0099{n}/E", country="KG"), caller, office)  # fmt: skip
        except TamgaError as error:
            said.append(type(error).__name__)

    asking = [Thread(target=ask, args=(n,)) for n in range(10, 30)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (said.count("ExchangeRefused"), said.count("TooMany")) == (3, 17)


def test_calls_per_hour_over_limit_are_refused(
    office: MemoryOffice, party: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_party, "CALLS_AT_MOST", 2)
    assert [send(asked(STATE), party).status for _ in range(3)] == [200, 200, 500]


def test_request_for_suspended_permit_returns_fault_with_state(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    ok(call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "doubt"}, token="approver"))
    answer = send(asked(NON_FINAL, permit["number"]), party)
    assert fault(answer) == ("Client", "NotInForce")
    assert b"suspended" in answer.body


def test_malformed_message_returns_fault_with_path(office: MemoryOffice, party: Made) -> None:
    data = asked(NON_FINAL, "26KG000001/E").replace(b"CertificateNumber", b"Number")
    answer = send(data, party)
    assert fault(answer)[0] == "Client"
    assert b"Envelope/Body/GetNonFinalCitesCertificateRequest/Number" in answer.body
    assert fault(send(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", party))[0] == "Client"
    assert fault(send(b"\xff\xfe<\x00", party))[0] == "Client"
    assert fault(send(b" " * 70_000, party))[1] == "Too large"
    assert fault(send(data.replace(soap.ENVELOPE.encode(), b"urn:x"), party))[0] == "VersionMismatch"
    assert fault(call("POST", "/v1/epix", {"a": 1}, certificate=party.certificate))[0] == "Client"


def test_certificate_is_checked_before_message_is_parsed(office: MemoryOffice) -> None:
    assert fault(send(b"not XML at all")) == ("Client", "CertificateMissing")


def test_register_failure_returns_server_fault(
    office: MemoryOffice, party: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any, **__: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(office.register, "bump", silent)
    assert fault(send(asked(STATE), party))[0] == "Server"
    monkeypatch.setattr(office.register, "bump", lambda *_, **__: 1 // 0)
    assert fault(send(asked(STATE), party)) == ("Server", "The service failed")


def test_each_call_is_recorded_in_journal(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    send(asked(NON_FINAL, permit["number"]), party)
    send(asked(NON_FINAL, "26KG009999/E"), party)
    calls = ok(get("/v1/exchange/parties/AE/calls", token="a-auditor"))["items"]
    assert [(each["operation"], each["outcome"]) for each in calls] == [
        (NON_FINAL, "PermitNotFound"), (NON_FINAL, "answered"), ("enter", "active"),
    ]  # fmt: skip
    (of_permit,) = exchanged(permit)["calls"]
    assert of_permit == calls[1]
    assert (of_permit["country"], of_permit["side"], of_permit["thumbprint"]) == ("AE", "they", party.thumbprint)
    assert len(of_permit["digest"]) == 64


def test_permit_is_not_sent_when_journal_cannot_be_written(
    office: MemoryOffice, party: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = issued()

    def silent(*_: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(office.register, "commit", silent)
    answer = send(asked(NON_FINAL, permit["number"]), party)
    assert fault(answer)[0] == "Server"
    assert b"Falco" not in answer.body


def confirm(permit: Any, who: Made, *lines: tuple[str, str]) -> Answer:
    return send(asked(CONFIRM, permit["number"], "", "KG", *lines), who)


def remarks(permit: Any) -> list[list[str]]:
    return [[each["code"] for each in report["remarks"]] for report in exchanged(permit)["confirmations"]]


def test_report_of_arrival_is_stored_and_uses_nothing(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    endorsed(permit)
    told(confirm(permit, party, ("A", "2")), CONFIRM)
    (report,) = exchanged(permit)["confirmations"]
    assert (report["country"], report["lines"], report["remarks"]) == ("AE", [{"line": "A", "quantity": "2"}], [])
    held = ok(get(f"/v1/permits/{permit['id']}", token="preparer"))
    assert (held["use"], len(held["uses"])) == ("exported", 1)
    last = ok(get(f"/v1/permits/{permit['id']}/history", token="preparer"))["items"][-1]
    assert (last["action"], last["by"], last["detail"]["country"]) == ("confirmed_abroad", "party:AE", "AE")


def verdict_at(permit: Any, direction: str) -> tuple[str, list[str]]:
    asked = {"qr": permit["qr"], "direction": direction}
    found = ok(call("POST", "/v1/verify", asked))
    return found["outcome"], [each["code"] for each in found["codes"]]


def test_report_of_arrival_gives_p3_at_export(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    assert verdict_at(permit, "export") == ("accept", [])
    told(confirm(permit, party, ("A", "0")), CONFIRM)
    assert verdict_at(permit, "export") == ("accept", [])
    told(confirm(permit, party, ("A", "1")), CONFIRM)
    assert verdict_at(permit, "export") == ("check", ["P3"])
    told(confirm(permit, party, ("A", "0")), CONFIRM)
    assert verdict_at(permit, "export") == ("accept", [])


def test_report_of_other_party_counts_with_check_code(office: MemoryOffice, party: Made) -> None:
    """The Emirates are in block 3 of this permit; Germany holds the paper."""
    permit = issued()
    german = Authority().client("DE")
    ok(listed(german, "DE"))
    told(send(asked(CONFIRM, permit["number"], permit["check_code"], "KG", ("A", "1")), german), CONFIRM)
    assert verdict_at(permit, "export") == ("check", ["P3"])


def test_report_with_check_code_is_stored_beside_one_without(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    told(confirm(permit, party, ("A", "2")), CONFIRM)
    for _ in range(2):
        told(send(asked(CONFIRM, permit["number"], permit["check_code"], "KG", ("A", "2")), party), CONFIRM)
    assert len(exchanged(permit)["confirmations"]) == 2


def test_repeated_report_is_stored_once(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    for _ in range(3):
        told(confirm(permit, party, ("A", "2")), CONFIRM)
    assert len(exchanged(permit)["confirmations"]) == 1
    assert [each["outcome"] for each in exchanged(permit)["calls"]] == ["same", "same", "taken"]


def test_contradicting_reports_are_remarked_and_all_kept(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, ("A", "2"))
    assert remarks(permit) == [["not_left"]]
    endorsed(permit, "2", on_behalf_of="Officer at Dostuk")
    assert remarks(permit) == [[]]  # a later endorsement settles the remark
    confirm(permit, party, ("A", "3"))
    confirm(permit, party, ("A", "1"))
    assert remarks(permit) == [[], ["more", "differs"], ["less", "differs"]]
    assert [r["lines"][0]["quantity"] for r in exchanged(permit)["confirmations"]] == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("lines", "path", "code"),
    [
        ((("B", "2"),), "CitesPosition[1]/ID", "unknown_line"),
        ((("A", "2"), ("A", "2")), "CitesPosition[2]/ID", "twice"),
        ((("A", "-1"),), "CitesPosition[1]/InspectedUnitQuantity", "quantity"),
        ((("A", "two"),), "CitesPosition[1]/InspectedUnitQuantity", "quantity"),
        ((), "CitesPosition", "required"),
    ],
)
def test_malformed_report_returns_fault_with_position(
    office: MemoryOffice, party: Made, lines: tuple[tuple[str, str], ...], path: str, code: str
) -> None:
    permit = issued()
    answer = confirm(permit, party, *lines)
    assert fault(answer)[0] == "Client"
    problem = parse(answer.body).find(f".//{PROBLEM}Error")
    assert [child.text for child in problem][:2] == [f"ConfirmedQuantities/{path}", code]
    assert exchanged(permit)["confirmations"] == []


def test_reports_over_limit_of_party_or_permit_are_refused(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    others = [Authority().client(country) for country in ("DE", "FR")]
    for country, who in zip(("DE", "FR"), others, strict=True):
        ok(listed(who, country))
    for n in range(6):
        told(confirm(permit, party, ("A", str(n % 2 + 1))), CONFIRM)
    assert fault(confirm(permit, party, ("A", "7")))[1] == "Too large"  # another Party can still report
    for n in range(6):
        told(
            send(asked(CONFIRM, permit["number"], permit["check_code"], "KG", ("A", str(n % 2 + 1))), others[0]),
            CONFIRM,
        )
    last = asked(CONFIRM, permit["number"], permit["check_code"], "KG", ("A", "1"))
    assert fault(send(last, others[1]))[1] == "Too large"
    (tried, _) = ok(get("/v1/exchange/parties/FR/calls", token="a-auditor"))["items"]
    assert (tried["operation"], tried["outcome"], tried["number"]) == (CONFIRM, "too-large", permit["number"])


def test_report_on_revoked_permit_is_accepted(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    ok(call("POST", f"/v1/permits/{permit['id']}/revoke", {"reason": "r", "for_cause": True}, token="approver"))
    told(confirm(permit, party, ("A", "2")), CONFIRM)


BAD = {
    "no certificate": ({"certificates": []}, "certificates"),
    "no thumbprint": ({"certificates": ["aa"]}, "certificates[0]"),
    "twice": ({"certificates": ["a" * 64, "a" * 64]}, "certificates"),
    "no operation": ({"may": ["Everything"]}, "may[0]"),
    "a line break in the note": ({"note": "Astana\nactive since 2020"}, "note"),
    "a direction character in the note": ({"note": "Astana \u202e0202"}, "note"),
}


@pytest.mark.parametrize("name", BAD)
def test_invalid_access_list_is_refused_with_field(office: MemoryOffice, name: str) -> None:
    changes, field = BAD[name]
    answer = listed(emirates(), **changes)
    assert answer.slug == "invalid"
    assert {each["field"] for each in answer.json["errors"]} == {field}


def test_own_or_unknown_country_cannot_be_listed(office: MemoryOffice) -> None:
    for country in ("KG", "QQ", "kg"):
        assert listed(emirates(), country).slug == "invalid"


def test_expired_certificate_is_refused(office: MemoryOffice, party: Made) -> None:
    office.later(11 * DAY)
    assert fault(send(asked(STATE), party))[1] == "CertificateMissing"
