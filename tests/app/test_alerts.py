"""Alerts on holds, cases and watch-list matches: notification of four duty desks, answers, escalation, reopening."""

from __future__ import annotations

import uuid
from typing import Any

import border
import pytest
from crashing import rows
from desk import issued, ok, saker
from enforcing import CARRIER, USE, an_entry, found, paper, watched
from http_client import call, get, post
from office import DAY, MemoryOffice
from test_import_permit_uses import at_the_desk
from test_matrix import endorsement_body

from app import app
from chalicelib.alerts.model import alert as alerts_alert
from chalicelib.alerts.model.alert import ANSWER_TIMES, ESCALATION, KINDS
from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import escalate
from chalicelib.composition import container
from chalicelib.kernel import roles
from chalicelib.kernel.days import to_text
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.rows import Put
from chalicelib.mail import services as notices
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from chalicelib.people import model as people

POLICE = "a-enforcement"
SAID = {"note": "We look into it."}
DESKS = {agency: f"{agency}@example.kg" for agency in roles.AGENCIES}


@pytest.fixture(autouse=True)
def desks(office: MemoryOffice) -> None:
    for agency, email in DESKS.items():
        ok(call("PUT", f"/v1/duty-desks/{agency}", {"notify": {"email": email, "language": "en"}}, token="a-admin"))


def scan(permit: dict[str, Any], token: str = "bekzat", where: str = "manas-airport", **changes: Any) -> Any:
    body = {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": where, "direction": "export",
            "scanned_at": to_text(container.deps().clock()), "goods_present": True, **changes}  # fmt: skip
    return ok(post("/v1/scans", body, token=token)), body


def suspended() -> dict[str, Any]:
    permit = issued()
    ok(call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "looked into"}, token="approver"))
    return permit


def told(token: str = POLICE, **query: str) -> list[Any]:
    items: list[Any] = ok(get("/v1/alerts", token=token, query=query))["items"]
    return items


def mails(office: MemoryOffice) -> list[str]:
    office.mailer.sent.clear()
    office.send_notices()
    return sorted(mail.to for mail in office.mailer.sent if mail.to in DESKS.values())


def test_hold_is_mailed_to_four_desks_and_listed(office: MemoryOffice) -> None:
    permit = suspended()
    scan(permit)
    assert mails(office) == sorted(DESKS.values())
    for mail in office.mailer.sent:
        if mail.to in DESKS.values():
            assert mail.subject.startswith("PRACTICE · ")  # marks a practice mail: a trainee's hold is no emergency
            assert "Manas Airport" in mail.body
            assert "#/alerts/hold-" in mail.body
            assert all(hidden not in mail.subject + mail.body for hidden in (permit["number"], "Falcon", "Bekzat"))
    (alert,) = told("preparer", open="true")
    assert (alert["kind"], alert["post"], alert["permit"]["number"]) == ("hold", "manas-airport", permit["number"])
    assert mails(office) == []  # each mail is sent once


def test_hold_mails_are_due_now_and_their_job_runs_every_minute(office: MemoryOffice) -> None:
    """So a hold is mailed within a minute."""
    scan(suspended())
    waiting, _ = office.register.search("state", notices.WAITING)
    assert [(each.data["due"], each.data["next"]) for each in waiting] == [(office.now, office.now)] * len(DESKS)
    (job,) = (each for each in app.event_sources if each.name == "send_notices")
    assert job.schedule_expression.to_string() == "rate(1 minute)"


def test_repeated_hold_at_post_within_an_hour_raises_one_alert(office: MemoryOffice) -> None:
    scan(issued())
    assert told() == []
    permit = suspended()
    _, body = scan(permit)
    ok(post("/v1/scans", body, token="bekzat"))  # the same event
    scan(permit)  # a second scan with its own event id
    assert len(told()) == 1
    scan(permit, where="torugart")
    assert len(told()) == 2
    scan(permit)  # an alert of another post does not restart the hour
    assert len(told()) == 2
    office.later(3601)
    scan(permit)
    assert len(told()) == 3


def test_hold_after_acknowledged_alert_raises_new_alert(office: MemoryOffice) -> None:
    permit = suspended()
    for _ in range(2):
        scan(permit)
        (alert, *_) = told()
        ok(post(f"/v1/alerts/{alert['id']}/acknowledge", SAID, token="a-customs"))
    assert [(each["codes"][0], each["state"]) for each in told()] == [("S3", "acknowledged")] * 2


def test_second_use_after_suspension_alert_raises_own_alert(office: MemoryOffice) -> None:
    permit = suspended()
    scan(permit)
    ok(call("POST", f"/v1/permits/{permit['id']}/reinstate", {"reason": "a mistake"}, token="approver"))
    body = {"qr": permit["qr"], "post": "manas-airport", "direction": "export", "transport_document": "AWB 1",
            "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}]}  # fmt: skip
    ok(post("/v1/endorsements", {**body, "event_id": str(uuid.uuid4())}, token="aizada"), 201)
    for _ in range(2):  # a repetition raises no further alert
        again = {**body, "event_id": str(uuid.uuid4()), "transport_document": "AWB 2"}
        assert post("/v1/endorsements", again, token="bekzat").slug == "already-used"
    assert [(each["codes"], each["state"]) for each in told()] == [(["U1"], "open"), (["S3"], "open")]


def test_alert_for_forged_code_stores_only_post_and_codes(office: MemoryOffice) -> None:
    permit = issued()
    code, before = permit["qr"], set(rows(office.register))
    forged = code[:-40] + ("0" if code[-40] != "0" else "1") + code[-39:]  # in the signature
    verdict, _ = scan({"qr": forged})
    assert verdict["outcome"] == "hold"
    (alert,) = told()
    assert (alert["post"], alert["outcome"], bool(alert["codes"])) == ("manas-airport", "hold", True)
    assert (alert["permit"], alert["goods"], alert["people"]) == (None, [], [])
    kept = {key: row for key, row in rows(office.register).items() if key not in before and "ALERT" in key.partition}
    assert len(kept) == 2 + len(DESKS)  # the alert, its hour, one mail per desk
    for hidden in (forged, permit["number"], "Falco", "Altyn"):
        assert hidden not in str(kept)


def test_different_forgeries_within_an_hour_raise_separate_alerts(office: MemoryOffice) -> None:
    code = issued()["qr"]
    forged = [code[:at] + ("0" if code[at] != "0" else "1") + code[at + 1 :] for at in (-40, -31)]  # in the signature
    for each in (*forged, forged[0]):
        assert scan({"qr": each})[0]["outcome"] == "hold"
    assert len(told()) == 2
    last = office.register.query("ALERT-LAST#-")
    assert len(last) == 2
    assert all(each not in str(last) for each in forged)


def test_second_use_case_and_used_foreign_paper_raise_one_alert_each(office: MemoryOffice) -> None:
    permit = issued()
    body = {"qr": permit["qr"], "post": "manas-airport", "direction": "export", "transport_document": "AWB 1",
            "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}]}  # fmt: skip
    ok(post("/v1/endorsements", {**body, "event_id": str(uuid.uuid4())}, token="aizada"), 201)
    again = {**body, "event_id": str(uuid.uuid4()), "post": "torugart"}
    for _ in range(2):
        assert post("/v1/endorsements", again, token="bekzat").slug == "already-used"
    assert [(each["kind"], each["post"]) for each in told()] == [("hold", "torugart")]
    case = found()
    ok(post("/v1/cases", case, token="aizada"), 201)
    assert (told()[0]["kind"], told()[0]["case"], told()[0]["charge"]) == ("case", case["event_id"], "police")
    ok(post("/v1/foreign-permits", paper(endorsed=USE), token="aizada"), 201)
    ok(post("/v1/foreign-permits", paper(post="torugart"), token="aizada"), 201)
    assert (told()[0]["codes"], told()[0]["permit"]["unverified"]) == (["used_before"], True)


def test_refused_second_use_of_foreign_paper_raises_alert(office: MemoryOffice) -> None:
    ok(post("/v1/foreign-permits", paper(endorsed=USE), token="aizada"), 201)
    event_id = paper()["event_id"]
    for hours in (0, 0, 2):
        office.later(hours * 3600)
        again = paper(event_id=event_id, endorsed=USE, post="torugart")
        assert post("/v1/foreign-permits", again, token="bekzat").slug == "already-used"
    assert [(each["codes"], each["post"]) for each in told()] == [(["used_before"], "torugart")] * 2


def test_refused_endorsement_of_recorded_paper_raises_alert(office: MemoryOffice) -> None:
    ok(post("/v1/foreign-permits", paper(endorsed=USE), token="aizada"), 201)
    office.later(2 * 3600)
    only = ok(post("/v1/foreign-permits", paper(post="torugart"), token="bekzat"), 201)
    office.later(2 * 3600)
    assert post(f"/v1/foreign-permits/{only['id']}/endorse", USE, token="bekzat").slug == "already-used"
    assert [(each["codes"], each["post"]) for each in told()] == [(["used_before"], "torugart")] * 2


def test_second_use_returns_first_use_when_alert_cannot_be_stored(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*puts: Put) -> None:
        raise Unavailable("busy")

    ok(post("/v1/foreign-permits", paper(endorsed=USE), token="aizada"), 201)
    monkeypatch.setattr(office.register, "commit", busy)
    answer = post("/v1/foreign-permits", paper(endorsed=USE, post="torugart"), token="bekzat")
    assert (answer.slug, answer.json["first_use"]["post"]) == ("already-used", "dostuk")


def test_two_offline_uses_of_one_permit_raise_one_alert(office: MemoryOffice) -> None:
    permit = issued()
    body = {"qr": permit["qr"], "direction": "export", "transport_document": "AWB 1", "kind": "endorsement",
            "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}]}  # fmt: skip
    for where in ("manas-airport", "osh-airport"):
        phone = border.Phone(office, where)
        event = {**body, "event_id": str(uuid.uuid4()), "post": where}
        sync.sync(phone.batch([event]), synced, phone.actor, office, person=border.PEOPLE.__getitem__)
    assert [(each["kind"], each["post"]) for each in told()] == [("hold", "osh-airport")]


def test_acknowledged_alert_records_name_and_stops_escalation(office: MemoryOffice) -> None:
    scan(suspended())
    (alert,) = told(open="true")
    path = f"/v1/alerts/{alert['id']}/acknowledge"
    made = ok(post(path, {"note": "On my way."}, token="aizada"))
    assert [(each["by_name"], each["agency"], each["kind"]) for each in made["acknowledged"]] == [
        ("Aizada", "customs", "answer")
    ]
    assert ok(post(path, {"note": "On my way."}, token="aizada")) == made  # again changes nothing
    assert len(ok(post(path, {"note": "We come too."}, token=POLICE))["acknowledged"]) == 2
    assert told(open="true") == []
    office.later(DAY)
    assert escalate(office) == 0
    assert post(path, SAID, token="elsewhere").slug == "no-match"
    assert post(path, {"note": "\u202e"}, token="bekzat").slug == "invalid"


@pytest.mark.parametrize("body", [{}, {"note": None}, {"note": ""}, {"note": " \t "}])
def test_acknowledgement_without_note_returns_422(office: MemoryOffice, body: dict[str, Any]) -> None:
    scan(suspended())
    (alert,) = told(open="true")
    answer = post(f"/v1/alerts/{alert['id']}/acknowledge", body, token="aizada")
    assert (answer.status, answer.slug) == (422, "invalid")
    (after,) = told(open="true")
    assert after["acknowledged"] == []


def test_note_of_desk_not_yet_asked_leaves_alert_open(office: MemoryOffice) -> None:
    scan(suspended())
    (alert,) = told(open="true")
    path = f"/v1/alerts/{alert['id']}/acknowledge"
    assert (alert["charge"], alert["steps"]) == ("customs", ["note", "share"])  # police is the last to be asked
    noted = ok(post(path, SAID, token=POLICE))
    assert (noted["state"], noted["acknowledged"][0]["kind"]) == ("open", "note")
    office.later(ANSWER_TIMES["hold"] + 1)
    assert escalate(office) == 1
    assert told("a-border", open="true")[0]["steps"] == ["acknowledge"]
    assert ok(post(path, SAID, token="a-border"))["state"] == "acknowledged"  # customs, asked before, did not answer
    late = ok(post(path, {"note": "At the post now."}, token="aizada"))
    assert (late["state"], late["acknowledged"][-1]["kind"]) == ("acknowledged", "note")


def test_desk_asked_earlier_may_still_acknowledge(office: MemoryOffice) -> None:
    scan(suspended())
    (alert,) = told(open="true")
    for _ in range(2):
        office.later(ANSWER_TIMES["hold"] + 1)
        escalate(office)
    assert told(open="true")[0]["charge"] == "ministry"
    assert ok(post(f"/v1/alerts/{alert['id']}/acknowledge", SAID, token="aizada"))["state"] == "acknowledged"


def test_reopened_alert_notifies_desk_and_escalates(office: MemoryOffice) -> None:
    scan(suspended())
    mails(office)
    (alert,) = told(open="true")
    path = f"/v1/alerts/{alert['id']}"
    assert post(f"{path}/reopen", {"reason": "no"}, token=POLICE).slug == "wrong-state"
    ok(post(f"{path}/acknowledge", SAID, token="aizada"))
    assert "reopen" in told()[0]["steps"]
    assert post(f"{path}/reopen", {"reason": " "}, token=POLICE).slug == "invalid"
    assert post(f"{path}/reopen", {"reason": "no"}, token="a-auditor").slug == "forbidden"
    reason = {"reason": "Nobody came to the post."}
    opened = ok(post(f"{path}/reopen", reason, token=POLICE))
    assert (opened["state"], opened["acknowledged"][-1]["kind"]) == ("open", "reopened")
    assert ok(post(f"{path}/reopen", reason, token=POLICE)) == opened
    assert mails(office) == [DESKS["customs"]]
    assert any("opened it again" in mail.body for mail in office.mailer.sent)
    office.later(ANSWER_TIMES["hold"] + 1)
    assert escalate(office) == 1
    assert mails(office) == [DESKS["border"]]
    assert ok(post(f"{path}/acknowledge", {"note": "At the post now."}, token="aizada"))["state"] == "acknowledged"


def test_notes_of_one_person_over_limit_return_413(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts_alert, "OF_ONE_PERSON", 2)
    scan(suspended())
    (alert,) = told(open="true")
    path = f"/v1/alerts/{alert['id']}/acknowledge"
    assert [post(path, {"note": f"Note {n}"}, token=POLICE).status for n in range(3)] == [200, 200, 413]
    assert ok(post(path, SAID, token="aizada"))["state"] == "acknowledged"


def test_acknowledgement_without_kind_closes_alert(office: MemoryOffice) -> None:
    """The previous release stores acknowledgements without `kind`."""
    scan(suspended())
    (alert,) = told(open="true")
    row = office.register.get(alerts.key_of(alert["id"]))
    assert row is not None
    entry = {"at": office.now, "by": "u-aizada", "by_name": "Aizada", "agency": "customs", "note": ""}
    office.register.commit(Put(row.key, {**row.data, "acknowledged": [entry], "version": 2}, expected_version=1))
    shown = ok(get(f"/v1/alerts/{alert['id']}", token=POLICE))
    assert (shown["state"], shown["acknowledged"][0]["kind"]) == ("acknowledged", "answer")


def test_note_of_person_who_raised_alert_does_not_close_it(office: MemoryOffice) -> None:
    """Both the recording officer and the uploader count as persons who raised it."""
    scan(suspended())
    phone, body = border.Phone(office, "dostuk"), found()
    event = {**body, "kind": "case", "case_kind": body["kind"], "officer": "u-bekzat"}
    sync.sync(phone.batch([event]), synced, border.AIZADA, office, person=border.PEOPLE.__getitem__)
    assert [(each["officer"], each["brought_by"]) for each in told(open="true")] == [
        ("Bekzat", "Aizada"),  # Bekzat may not know of the upload, so both names are shown
        ("Bekzat", ""),
    ]
    case, hold = (f"/v1/alerts/{each['id']}/acknowledge" for each in told(open="true"))
    for path, raiser in ((hold, "bekzat"), (case, "bekzat"), (case, "aizada")):
        said = ok(post(path, {"note": "A mistake."}, token=raiser))
        assert (said["state"], said["acknowledged"][-1]["note"], said["steps"]) == ("open", "A mistake.", ["note"])
    office.later(DAY)
    assert escalate(office) == 2
    answers = ((hold, "a-customs"), (case, POLICE))
    assert [ok(post(path, SAID, token=token))["state"] for path, token in answers] == ["acknowledged"] * 2
    assert told(open="true") == []


def test_alert_without_raised_by_closes_after_answers_of_two_people(
    office: MemoryOffice,
) -> None:
    """Rows of an earlier release have no `raised_by`."""
    scan(suspended())
    (alert,) = told(open="true")
    row = office.register.get(alerts.key_of(alert["id"]))
    assert row is not None
    old = {name: value for name, value in row.data.items() if name != "raised_by"}
    office.register.commit(
        Put(row.key, {**old, "version": 2}, expected_version=1, index={"shelf": "alerts", "state": "alert"})
    )
    path = f"/v1/alerts/{alert['id']}/acknowledge"
    for token in ("bekzat", "a-customs"):  # one of them may have raised it
        assert ok(post(path, SAID, token=token))["state"] == "open"
    office.later(DAY)
    assert escalate(office) == 1
    assert ok(post(path, SAID, token="aizada"))["state"] == "acknowledged"
    assert told(open="true") == []


@pytest.mark.parametrize("kind", KINDS)
def test_unanswered_alert_escalates_through_all_desks_and_stays_open(office: MemoryOffice, kind: str) -> None:
    if kind == "hold":
        scan(suspended())
    elif kind == "stamp":
        permit = issued()
        ok(post("/v1/endorsements", endorsement_body(permit, recorded="paper"), token="aizada"), 201)
        ok(post("/v1/endorsements", endorsement_body(permit), token="aizada"), 201)
    else:
        ok(post("/v1/watch-list", watched(kind="vehicle", value="01KG777ABC"), token=POLICE), 201)
        ok(post("/v1/cases", found(), token="aizada"), 201)
    mails(office)
    (alert,) = [each for each in told(open="true") if each["kind"] == kind]
    assert alert["charge"] == ESCALATION[kind][0]
    for desk in ESCALATION[kind][1:]:
        office.later(ANSWER_TIMES[kind] + 1)
        assert escalate(office) >= 1
        sent = mails(office)
        assert DESKS[desk] in sent
        assert any("not answered" in mail.subject for mail in office.mailer.sent if mail.to == DESKS[desk])
        (alert,) = [each for each in told(open="true") if each["kind"] == kind]
        assert (alert["charge"], alert["unheard"]) == (desk, False)
    office.later(ANSWER_TIMES[kind] + 1)
    escalate(office)
    (alert,) = [each for each in told() if each["kind"] == kind]
    assert (alert["state"], alert["unheard"]) == ("open", True)
    ok(post(f"/v1/alerts/{alert['id']}/acknowledge", SAID, token=POLICE))


SEES = {"bekzat": "customs", "a-border": "border", "preparer": "ministry", "a-auditor": "ministry", POLICE: "police"}


@pytest.mark.parametrize("token", SEES)
def test_each_agency_sees_only_its_parts_of_watch_list_alert(office: MemoryOffice, token: str) -> None:
    ok(post("/v1/watch-list", watched(kind="name", value="Testov Ivan"), token=POLICE), 201)
    ok(post("/v1/cases", found(), token="aizada"), 201)
    (alert,) = [each for each in told(token) if each["kind"] == "watch"]
    named = {member for part in people.VISIBLE_PARTS[SEES[token]] for member in people.PARTS[part]}
    assert set(alert) <= named
    assert ("watch" in alert) == (token == POLICE)
    assert ("stolen" in str(alert)) == (token == POLICE)
    assert CARRIER["name"] not in str(alert) or token == POLICE


def test_alert_is_listed_for_officers_of_its_post_only(office: MemoryOffice) -> None:
    scan(suspended())
    assert told("elsewhere") == []
    assert len(told("bekzat")) == 1


def test_alert_of_every_post_is_listed_for_duty_desk(office: MemoryOffice) -> None:
    at_the_desk(office)
    for post_id in ("manas-airport", "torugart"):
        scan(suspended(), where=post_id)
    assert {each["post"] for each in told("duty")} == {"manas-airport", "torugart"}
    assert {each["post"] for each in told("elsewhere")} == {"torugart"}


HITS = {
    "ring, spelled otherwise": {"kind": "mark", "value": "kg 0117"},
    "number": {"kind": "number", "value": "26KG000001/E"},
    "name in Cyrillic": {"kind": "name", "value": "Алтын Фалкон"},
}


def hit_permit() -> dict[str, Any]:
    line = {**saker()["lines"][0], "marks": "ring KG-0117, chip 981000001"}
    exporter = {**saker()["exporter"], "name": "Altyn Falkon LLC"}
    return issued(lines=[line], exporter=exporter)


@pytest.mark.parametrize("entry", HITS.values(), ids=HITS)
def test_watch_list_match_raises_alert_and_leaves_verdict_unchanged(
    office: MemoryOffice, entry: dict[str, str]
) -> None:
    """Neither the officer at the post nor the public learns of the entry."""
    permit = hit_permit()
    before, _ = scan(permit)
    public = ok(post("/v1/verify", {"qr": permit["qr"]}))
    made = ok(post("/v1/watch-list", watched(**entry), token=POLICE), 201)
    office.later(2 * 3600)
    after, _ = scan(permit)
    for name in ("outcome", "codes", "steps", "permit"):
        assert after[name] == before[name]
    assert ok(post("/v1/verify", {"qr": permit["qr"]}))["outcome"] == public["outcome"]
    (alert,) = told()
    assert (alert["kind"], alert["watch"][0]["id"]) == ("watch", made["id"])
    assert "watch" not in told("bekzat")[0]


def test_matches_of_other_entries_within_an_hour_raise_own_alerts(office: MemoryOffice) -> None:
    ok(post("/v1/watch-list", watched(kind="mark", value="kg 0117"), token=POLICE), 201)
    permit = hit_permit()
    scan(permit)
    ok(post("/v1/watch-list", watched(kind="name", value="Altyn Falkon"), token=POLICE), 201)
    scan(permit)
    scan(permit)
    assert sorted(len(each["watch"]) for each in told()) == [1, 2]
    scan(hit_permit())  # another permit
    assert len(told()) == 3


def test_ended_or_expired_watch_list_entry_raises_no_alert(office: MemoryOffice) -> None:
    permit = hit_permit()
    made = an_entry()
    ended = ok(post(f"/v1/watch-list/{made['id']}/end", {"reason": "found"}, token=POLICE))
    assert (ended["state"], ended["ended"]["by_name"]) == ("ended", "A enforcement")
    assert post(f"/v1/watch-list/{made['id']}/end", {"reason": "x"}, token=POLICE).slug == "wrong-state"
    an_entry()
    office.later(31 * DAY)
    scan(permit)
    assert told() == []
    assert sorted(each["state"] for each in ok(get("/v1/watch-list", token=POLICE))["items"]) == ["ended", "expired"]


BAD = {
    "kind": ({"kind": "colour"}, "kind"),
    "no reason": ({"reason": " "}, "reason"),
    "found everywhere": ({"value": "-1-"}, "value"),
    "no number": ({"kind": "number", "value": "???"}, "value"),
    "over": ({"until": "2020-01-01T00:00:00Z"}, "until"),
    "for ever": ({"until": "2040-01-01T00:00:00Z"}, "until"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD)
def test_invalid_watch_list_entry_is_refused_with_field(
    office: MemoryOffice, changes: dict[str, str], field: str
) -> None:
    answer = post("/v1/watch-list", watched(**changes), token=POLICE)
    assert (answer.slug, [each["field"] for each in answer.json["errors"]]) == ("invalid", [field])


def test_alert_for_other_parties_contains_no_names_or_places(office: MemoryOffice) -> None:
    permit = hit_permit()
    an_entry()
    scan(permit)
    (alert,) = told()
    told_abroad = ok(get(f"/v1/alerts/{alert['id']}/abroad", token=POLICE))
    assert told_abroad["permit"]["number"] == permit["number"]
    assert all(hidden not in str(told_abroad) for hidden in ("Altyn", "Bekzat", "manas", "stolen", "KG-0117"))


def test_desk_without_address_gets_no_mail_and_alert_is_kept(office: MemoryOffice) -> None:
    waits = ok(call("PUT", "/v1/duty-desks/police", {"notify": None}, token="a-admin"), 202)
    ok(call("POST", "/v1/duty-desks/police/confirm", {"version": waits["version"]}, token="a-admin2"))
    office.send_notices()
    scan(suspended())
    assert mails(office) == sorted(set(DESKS.values()) - {DESKS["police"]})
    assert len(told()) == 1
    desks = ok(get("/v1/duty-desks", token="a-auditor"))["items"]
    assert [each["email"] for each in desks if each["agency"] == "police"] == [None]
    assert alerts.load(told()[0]["id"], office.register).open
