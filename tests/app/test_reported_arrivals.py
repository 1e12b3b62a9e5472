"""Effects of another Party's report of arrival: verdict, export, notices, and setting aside."""

from __future__ import annotations

import uuid
from typing import Any

import border
import life
import pytest
from desk import found, issued, ok
from http_client import Answer, call, get, post
from office import APPROVER, DAY, PREPARER, MemoryOffice
from party_certificates import Authority, Made, emirates
from test_exchange import confirm, exchanged, listed, remarks, verdict_at
from test_matrix import endorsement_body

from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.permits.services import store
from chalicelib.suspicions.services import pattern_search

HOUR = 3600
WHOLE = ("A", "2")


@pytest.fixture
def party(office: MemoryOffice) -> Made:
    """The Emirates, block 3 of each permit here, on the access list."""
    ok(listed(emirates()))
    return emirates()


@pytest.fixture
def desk(office: MemoryOffice) -> None:
    """The ministry's duty desk, with a mail address."""
    notify = {"email": "ministry@example.kg", "language": "en"}
    ok(call("PUT", "/v1/duty-desks/ministry", {"notify": notify}, token="a-admin"))


def endorse(permit: Any, token: str = "aizada", **changes: Any) -> Answer:
    return post("/v1/endorsements", endorsement_body(permit) | changes, token=token)


def propose(permit: Any, token: str = "preparer", country: str = "AE") -> Answer:
    body = {"country": country, "reason": "Abu Dhabi wrote: another permit was meant."}
    return post(f"/v1/permits/{permit['id']}/exchange/set-aside", body, token=token)


def agree(permit: Any, token: str = "approver", country: str = "AE") -> Answer:
    return post(f"/v1/permits/{permit['id']}/exchange/set-aside/confirm", {"country": country}, token=token)


def mails(office: MemoryOffice) -> list[Any]:
    office.mailer.sent.clear()
    office.send_notices()
    return [mail for mail in office.mailer.sent if mail.to == "ministry@example.kg"]


# export after a report of arrival


def test_export_after_whole_permit_arrived_needs_duty_desk(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, WHOLE)
    refused = endorse(permit)
    assert (refused.status, refused.slug, refused.json["codes"]) == (409, "not-usable", ["P3"])
    ok(endorse(permit, on_behalf_of="Officer at Dostuk"), 201)


def test_export_after_part_arrived_is_endorsed_by_post(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, ("A", "1"))
    ok(endorse(permit), 201)


def test_hand_stamped_export_before_arrival_is_recorded_afterwards(office: MemoryOffice, party: Made) -> None:
    """The goods left before the arrival, so the stamp explains the report."""
    permit = issued()
    office.later(DAY)
    confirm(permit, party, WHOLE)
    ok(endorse(permit, recorded="paper", endorsed_at=to_text(office.now - HOUR)), 201)


@pytest.mark.parametrize(("earlier", "codes"), [(0, [["P3"]]), (HOUR, [])])
def test_offline_export_after_whole_permit_arrived_raises_p3_alert(
    office: MemoryOffice, party: Made, earlier: int, codes: list[list[str]]
) -> None:
    """An export before the report explains it. A later one would have been refused online."""
    permit = issued()
    office.later(DAY)
    confirm(permit, party, WHOLE)
    dossier = store.load(office.register, permit["id"])
    asked = life.endorsement(office, dossier, endorsed_at=office.now - earlier)
    (answer,) = border.Phone(office).sync(border.event(asked))
    assert answer["result"] == "stored"
    alerts = ok(get("/v1/alerts", token="a-enforcement"))["items"]
    assert [each["codes"] for each in alerts] == codes


def test_replacement_of_arrived_permit_needs_duty_desk(office: MemoryOffice, party: Made) -> None:
    """For reports before and after the replacement, because the goods arrived only once."""
    for late in (False, True):
        permit = issued()
        if not late:
            confirm(permit, party, WHOLE)
        new = replaced(permit)
        if late:
            confirm(permit, party, WHOLE)
        assert verdict_at(new, "export") == ("check", ["P3"])
        assert endorse(new).json["codes"] == ["P3"]


def replaced(permit: Any) -> Any:
    made = ok(post(f"/v1/permits/{permit['id']}/replace", {"reason": "torn"}, token="preparer"), 201)
    made = found(ok(post(f"/v1/permits/{made['id']}/submit", token="preparer")))
    ok(post(f"/v1/permits/{made['id']}/approve", {"digest": made["digest"]}, token="approver"))
    return ok(post(f"/v1/permits/{made['id']}/issue", token="approver"))


# arrived, but no export recorded


def test_export_after_arrival_leaves_remark_not_left(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, WHOLE)
    office.later(2 * DAY)
    ok(endorse(permit, endorsed_at=to_text(office.now), on_behalf_of="Officer at Dostuk"), 201)
    assert remarks(permit) == [["not_left"]]


def test_report_of_zero_gives_no_remark_not_left(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, ("A", "0"))
    assert "not_left" not in remarks(permit)[0]


def test_ministry_is_mailed_after_72_hours_without_export(office: MemoryOffice, party: Made, desk: None) -> None:
    permit = issued()
    confirm(permit, party, WHOLE)
    office.later(72 * HOUR - 1)
    assert mails(office) == []
    office.later(1)
    (mail,) = mails(office)
    assert permit["number"] in mail.subject
    assert f"/desk/#/permit/{permit['id']}" in mail.body
    assert "United Arab Emirates" in mail.body
    assert not [name for name in ("Altyn", "Dhafra", "Preparer", "Approver") if name in mail.body + mail.subject]
    assert mails(office) == []


@pytest.mark.parametrize("how", ["export", "stamp", "correction", "set aside"])
def test_ministry_is_not_mailed_when_arrival_is_explained(
    office: MemoryOffice, party: Made, desk: None, how: str
) -> None:
    permit = issued()
    confirm(permit, party, ("A", "1"))
    office.later(HOUR)
    match how:
        case "export":
            ok(endorse(permit, endorsed_at=to_text(office.now)), 201)
        case "stamp":
            ok(endorse(permit, endorsed_at=to_text(office.now), recorded="paper"), 201)
        case "correction":
            confirm(permit, party, ("A", "0"))
        case "set aside":
            ok(propose(permit), 202)
            ok(agree(permit))
    office.later(80 * HOUR)
    assert mails(office) == []


def test_ministry_is_mailed_after_undo_of_explaining_stamp(office: MemoryOffice, party: Made, desk: None) -> None:
    permit = issued()
    confirm(permit, party, ("A", "1"))
    stamped = ok(endorse(permit, recorded="paper"), 201)
    office.later(80 * HOUR)
    assert mails(office) == []
    undo = {"event_id": str(uuid.uuid4()), "reason": "Entered by mistake."}
    ok(post(f"/v1/endorsements/{stamped['event_id']}/undo", undo, token="approver"))
    assert len(mails(office)) == 1


def test_arrival_without_export_is_flagged_after_31_days(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, WHOLE)

    def flags() -> list[str]:
        pattern_search.find_patterns(office, at_once=True)  # fmt: skip
        items = ok(get("/v1/patterns", token="a-enforcement"))["items"]
        return [each["why"] for each in items if each["rule"] == "not_left"]

    office.later(31 * DAY - 1)
    assert flags() == []
    office.later(1)
    (why,) = flags()
    assert permit["number"] in why
    assert "United Arab Emirates" in why


# setting aside


def test_report_set_aside_by_two_people_no_longer_counts(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, WHOLE)
    (report,) = exchanged(permit)["confirmations"]
    assert (report["set_aside"], report["steps"]) == (None, ["propose_set_aside"])
    (report,) = ok(propose(permit), 202)["confirmations"]
    assert report["set_aside"]["by_name"] == PREPARER.name
    assert report["steps"] == ["propose_set_aside"]
    assert verdict_at(permit, "export") == ("check", ["P3"])
    (report,) = ok(agree(permit))["confirmations"]
    assert (report["set_aside"]["confirmed_by_name"], report["steps"]) == (APPROVER.name, [])
    assert report["set_aside"]["confirmed_at"] == to_text(office.now)
    assert verdict_at(permit, "export") == ("accept", [])
    ok(endorse(permit), 201)
    actions = [each["action"] for each in ok(get(f"/v1/permits/{permit['id']}/history", token="preparer"))["items"]]
    assert [each for each in actions if "aside" in each] == ["propose_set_aside", "set_aside"]


def test_setting_aside_needs_second_person(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, WHOLE)
    ok(propose(permit, "approver"), 202)
    assert agree(permit, "approver").slug == "two-people"
    assert verdict_at(permit, "export") == ("check", ["P3"])
    ok(agree(permit, "approver2"))
    assert verdict_at(permit, "export") == ("accept", [])


def test_deputy_and_represented_approver_count_as_one_person(office: MemoryOffice, party: Made) -> None:
    from chalicelib.exchange.services import arrival_reports
    from chalicelib.kernel.errors import TwoPeople

    permit = issued()
    confirm(permit, party, WHOLE)
    deputy = Actor(PREPARER.id, PREPARER.name, PREPARER.roles | APPROVER.roles, deputy_for=APPROVER.id)
    arrival_reports.propose(permit["id"], "AE", "wrong", deputy, office)
    with pytest.raises(TwoPeople):
        arrival_reports.confirm_set_aside(permit["id"], "AE", APPROVER, office)


def test_new_report_after_setting_aside_counts(office: MemoryOffice, party: Made) -> None:
    """Also one with the same figures, because the Party insists."""
    permit = issued()
    confirm(permit, party, WHOLE)
    ok(propose(permit), 202)
    ok(agree(permit))
    confirm(permit, party, WHOLE)
    assert verdict_at(permit, "export") == ("check", ["P3"])


def test_report_received_after_proposal_is_not_set_aside(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    confirm(permit, party, ("A", "1"))
    ok(propose(permit), 202)
    confirm(permit, party, WHOLE)
    ok(agree(permit))
    assert verdict_at(permit, "export") == ("check", ["P3"])


def test_setting_aside_without_report_returns_404(office: MemoryOffice, party: Made) -> None:
    permit = issued()
    assert propose(permit).slug == "no-match"
    confirm(permit, party, WHOLE)
    assert agree(permit).slug == "no-match"
    assert propose(permit, country="DE").slug == "no-match"
    ok(propose(permit), 202)
    ok(agree(permit))
    assert agree(permit).slug == "no-match"
    assert propose(permit).slug == "no-match"


def test_exporters_history_hides_reports_and_setting_aside(office: MemoryOffice, party: Made) -> None:
    permit = issued("applicant")
    confirm(permit, party, WHOLE)
    ok(propose(permit), 202)
    ok(agree(permit))
    actions = {each["action"] for each in ok(get(f"/v1/permits/{permit['id']}/history", token="applicant"))["items"]}
    assert not {"confirmed_abroad", "propose_set_aside", "set_aside"} & actions


def test_dossier_of_previous_release_counts_report_of_block_3_party(office: MemoryOffice, party: Made) -> None:
    """Its reports do not say whether the check code was given. Those of the Party in block 3 count."""
    permit = issued()
    confirm(permit, party, WHOLE)
    german = Authority().client("DE")
    ok(listed(german, "DE"))
    key = store.dossier_key(permit["id"])
    row = office.register.get(key)
    assert row is not None
    (report,) = row.data["confirmations"]
    assert {"with_code", "set_aside"}.isdisjoint(report)
    abroad = {**row.data, "confirmations": [{**report, "country": "DE"}]}
    loaded = store.load_row(row.data).arrived
    assert loaded is not None
    assert loaded.country == "AE"
    assert store.load_row(abroad).arrived is None


def test_notice_becomes_void_when_arrival_is_explained(office: MemoryOffice, party: Made, desk: None) -> None:
    permit = issued()
    confirm(permit, party, ("A", "1"))
    key = Key(f"NOTICE#{permit['id']}", "NOT-LEFT")
    row = office.register.get(key)
    assert row is not None
    assert (row.data["owner"], row.data["due"]) == ("duty-ministry", office.now + 72 * HOUR)
    ok(endorse(permit), 201)
    row = office.register.get(key)
    assert row is not None
    assert row.data["result"] == "void"
