"""Notices by mail: each step is sent once to its own applicant, whatever faults the mailer has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from border import Phone, confirm, endorse, event, held, undo
from life import APPLICATION, SAKER, approved, endorsement, examined_and_approved, issue, issued, submitted
from office import APPLICANT, APPROVER, DAY, OTHER_APPLICANT, PREPARER, MemoryOffice

from chalicelib.adapters.in_process.memory import MemoryMailer
from chalicelib.applications.services import decide
from chalicelib.applications.services import draft as applications_draft
from chalicelib.kernel.errors import Forbidden, Invalid, Unavailable
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.mail import services as mail_services
from chalicelib.mail.services import AT_ONCE, CLAIMED_FOR, ENDING, LATE, PAUSES, PER_DAY, Mail, MailRefused, MailRun
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status

TO = ("falcons@example.kg", "en")


@pytest.fixture
def office() -> MemoryOffice:
    made = MemoryOffice()
    choose(made, TO)
    return made


def choose(office: MemoryOffice, wanted: tuple[str, str] | None) -> None:
    mail_services.set_address(wanted, APPLICANT, office)


def told(office: MemoryOffice) -> list[Mail]:
    """Return the mails that one run sends."""
    before = len(office.mailer.sent)
    office.send_notices()
    return office.mailer.sent[before:]


def subjects(office: MemoryOffice) -> list[str]:
    return [mail.subject.rpartition(" · ")[2] for mail in told(office)]


def row(office: MemoryOffice, dossier: Dossier, sort: str | None = None) -> dict[str, Any]:
    found = office.register.get(Key(f"NOTICE#{dossier.id}", sort or f"{dossier.version:08d}"))
    assert found is not None
    return dict(found.data)


def move(office: MemoryOffice, how: Callable[..., Dossier], dossier: Dossier, *more: Any) -> Dossier:
    return how(dossier.id, "because", *more, APPROVER, office)


class Deaf(MemoryMailer):
    """Mailer that raises the given errors in turn, then sends."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors, self.asked = list(errors), 0

    def send(self, mail: Mail) -> str:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return super().send(mail)


def deaf(office: MemoryOffice, *errors: Exception) -> Deaf:
    office.mailer = made = Deaf(*errors)
    return made


def test_each_step_of_a_permit_is_sent_once(office: MemoryOffice) -> None:
    dossier = submitted(office)
    assert subjects(office) == ["Application received"]
    decide.send_back(dossier.id, "Whose farm?", PREPARER, office)
    (mail,) = told(office)
    assert "It writes: Whose farm?" in mail.body
    applications_draft.submit(dossier.id, APPLICANT, office)  # fmt: skip
    assert subjects(office) == ["Application received"]
    examined_and_approved(office, held(office, dossier))
    assert subjects(office) == []  # internal steps of the ministry
    issue(office, held(office, dossier))
    assert subjects(office) == ["Document issued"]
    move(office, change_status.suspend, dossier)
    assert subjects(office) == ["Document suspended"]
    move(office, change_status.reinstate, dossier)
    assert subjects(office) == ["Document in force again"]
    receipt = endorse(office, held(office, dossier))
    (mail,) = told(office)
    assert "Endorsed for export: Manas Airport, 25 November 2026." in mail.body
    undo(office, receipt["event_id"])
    assert subjects(office) == ["An endorsement was taken back"]
    move(office, change_status.revoke, dossier, True)
    assert subjects(office) == ["Document revoked"]
    office.now += DAY
    assert subjects(office) == []
    assert {mail.to for mail in office.mailer.sent} == {TO[0]}


def test_refused_lost_and_surrendered_permits_are_sent(office: MemoryOffice) -> None:
    refused, lost, unused = submitted(office), issued(office), issued(office)
    told(office)
    decide.refuse(refused.id, "No such farm", APPROVER, office)
    change_status.report_lost(lost.id, "bag gone", "stolen", APPLICANT, office)
    change_status.surrender(unused.id, "no buyer", APPLICANT, office)
    mails = sorted(mail.subject.rpartition(" · ")[2] for mail in told(office))
    assert mails == ["Application refused", "Document given back", "Document reported lost or stolen"]


def replaced(office: MemoryOffice, old: Dossier) -> Dossier:
    draft = change_status.replace_permit(old.id, "ring misread", PREPARER, office)
    applications_draft.submit(draft.id, PREPARER, office)
    assert subjects(office) == []  # the applicant did not apply for it
    return issue(office, examined_and_approved(office, held(office, draft)))


def test_withdrawal_is_sent_only_after_submission(office: MemoryOffice) -> None:
    sent = submitted(office)
    kept = applications_draft.create(APPLICATION, APPLICANT, office)
    assert subjects(office) == ["Application received"]
    for each in (sent, kept):
        applications_draft.withdraw(each.id, APPLICANT, office)
    assert subjects(office) == ["Application withdrawn"]


def test_replacement_withdrawn_by_the_ministry_sends_nothing(office: MemoryOffice) -> None:
    old = issued(office)
    told(office)
    draft = change_status.replace_permit(old.id, "ring misread", PREPARER, office)
    applications_draft.submit(draft.id, PREPARER, office)
    applications_draft.withdraw(draft.id, PREPARER, office, "read after all")
    assert subjects(office) == []


def test_replacement_sends_both_documents_without_earlier_uses(office: MemoryOffice) -> None:
    old = issued(office)
    endorse(office, old)
    told(office)
    new = replaced(office, old)
    mails = told(office)
    assert sorted(mail.subject.rpartition(" · ")[2] for mail in mails) == ["Document issued", "Document replaced"]
    assert any(f"replaced by {new.number}" in mail.body for mail in mails)


def test_late_use_of_replaced_permit_is_sent_for_that_permit_only(office: MemoryOffice) -> None:
    old = issued(office)
    asked = endorsement(office, old)
    told(office)
    new = replaced(office, old)
    told(office)
    Phone(office).sync(event(asked))
    assert [use.number for use in held(office, new).uses] == [old.number]
    (mail,) = told(office)
    assert str(old.number) in mail.subject


def test_offline_and_paper_uses_are_sent_when_they_count(office: MemoryOffice) -> None:
    one, other = issued(office), issued(office, replace(APPLICATION, lines=(replace(SAKER, marks="ring KG-0200"),)))
    told(office)
    Phone(office).sync(event(endorsement(office, one)))
    assert subjects(office) == ["Document used at a border post"]
    receipt = endorse(office, replace(endorsement(office, other), recorded="paper"))
    assert subjects(office) == []
    confirm(office, receipt["event_id"])
    assert subjects(office) == ["Document used at a border post"]


def test_duplicate_use_sends_nothing(office: MemoryOffice) -> None:
    permit = issued(office)
    asked = endorsement(office, permit)
    endorse(office, asked)
    told(office)
    Phone(office).sync(event(replace(asked, event_id="6a1f6b54-8f0e-4c0c-9a57-0b8a1f0f7a11")))
    assert held(office, permit).uses[-1].result == "duplicate"
    assert subjects(office) == []


def test_unused_permit_is_reminded_once_a_month_before_its_end(office: MemoryOffice) -> None:
    permit = issued(office)
    told(office)
    assert permit.expires_at is not None
    office.now = permit.expires_at - 30 * DAY - 1
    assert subjects(office) == []
    office.now += 1
    (mail,) = told(office)
    assert "has not been used. Its last day of validity: 30 April 2027." in mail.body
    office.now += DAY
    assert subjects(office) == []


@pytest.mark.parametrize("what", ["used", "suspended", "back"])
def test_reminder_needs_an_unused_permit_in_force(office: MemoryOffice, what: str) -> None:
    permit = issued(office)
    if what == "used":
        endorse(office, permit)
    else:
        move(office, change_status.suspend, permit)
    if what == "back":
        move(office, change_status.reinstate, permit)
    told(office)
    assert permit.expires_at is not None
    office.now = permit.expires_at - 29 * DAY
    assert subjects(office) == (["Document ends soon, unused"] if what == "back" else [])


def test_failed_reminder_is_sent_days_later(office: MemoryOffice) -> None:
    permit = issued(office)
    told(office)
    assert permit.expires_at is not None
    office.now = permit.expires_at - 30 * DAY
    deaf(office, Unavailable())
    assert told(office) == []
    office.now += LATE
    assert subjects(office) == ["Document ends soon, unused"]


def test_permit_of_less_than_a_month_has_no_reminder(office: MemoryOffice) -> None:
    permit = issued(office, replace(APPLICATION, valid_until="2026-12-10"))
    assert office.register.get(Key(f"NOTICE#{permit.id}", ENDING)) is None


def test_without_address_nothing_is_sent_then_or_later(office: MemoryOffice) -> None:
    choose(office, None)
    dossier = submitted(office)
    assert told(office) == []
    assert row(office, dossier)["result"] == "nobody"
    choose(office, TO)
    assert told(office) == []


def test_ministrys_own_permits_send_nothing(office: MemoryOffice) -> None:
    draft = applications_draft.create(APPLICATION, PREPARER, office)  # fmt: skip
    applications_draft.submit(draft.id, PREPARER, office)  # fmt: skip
    assert office.register.query(f"NOTICE#{draft.id}") == ()


def test_each_applicant_receives_their_own_notices_only(office: MemoryOffice) -> None:
    mail_services.set_address(("other@example.kg", "ru"), OTHER_APPLICANT, office)
    submitted(office)
    assert [mail.to for mail in told(office)] == [TO[0]]


@pytest.mark.parametrize("wrong", [
    "", "a", "a@b", "@example.kg", "a@example", "a b@example.kg", "a@example.kg\nBcc: x@example.kg", "a@example.kg\r",
    "a,b@example.kg", "<a@example.kg>", "A <a@example.kg>", "a@exa mple.kg", ".a@example.kg", "a.@example.kg",
    "a..b@example.kg", "a@-example.kg", "a@example-.kg", "a@.kg", "айгүл@example.kg", "a@мисал.кг", "a@127.0.0.1",
    "a@[127.0.0.1]", '"a"@example.kg', "a@b@example.kg", f"{'a' * 65}@example.kg", f"a@{'b.' * 130}kg",
    "a%b@example.kg",
])  # fmt: skip
def test_malformed_address_is_refused_by_its_field(office: MemoryOffice, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        choose(office, (wrong, "ky"))
    assert [fault.field for fault in refused.value.errors] == ["notify.email"]
    assert mail_services.address_of(APPLICANT.id, register=office.register) is not None  # the earlier address stays


@pytest.mark.parametrize("good", ["a@example.kg", "A.b-c_d+e9@sub.example-1.kg", "x@xn--80aa.xn--p1ai", "1@2.kg"])
def test_plain_address_is_accepted(office: MemoryOffice, good: str) -> None:
    choose(office, (good, "ky"))
    submitted(office)
    (mail,) = told(office)
    assert (mail.to, mail.subject.split(" · ")[0]) == (good, "МАШЫГУУ")


def test_unknown_language_or_other_role_is_refused(office: MemoryOffice) -> None:
    with pytest.raises(Invalid) as refused:
        choose(office, ("a@example.kg", "fr"))
    assert [fault.field for fault in refused.value.errors] == ["notify.language"]
    with pytest.raises(Forbidden):
        mail_services.set_address(TO, PREPARER, office)


def test_mailer_outage_delays_no_issue_and_is_retried_with_growing_pauses(office: MemoryOffice) -> None:
    mailer = deaf(office, *(Unavailable() for _ in range(len(PAUSES) + 1)))
    dossier = approved(office)
    assert issue(office, dossier).state == "issued"  # the state of the mailer changes nothing
    office.register.commit(
        Put(Key(f"NOTICE#{dossier.id}", "00000002"), {}, expected_version=None)
    )  # empty the first notice
    for tried, pause in enumerate(PAUSES, start=1):
        assert office.send_notices() == MailRun(oldest=office.now - held(office, dossier).issued_at)  # type: ignore[operator]
        assert mailer.asked == tried
        office.now += pause - 1
        office.send_notices()
        assert mailer.asked == tried
        office.now += 1
    assert office.send_notices() == MailRun(left=1)
    assert row(office, held(office, dossier))["result"] == "given_up"
    office.now += DAY
    assert office.send_notices() == MailRun()
    assert mailer.asked == len(PAUSES) + 1


def test_first_failure_ends_the_run_and_costs_others_no_try(office: MemoryOffice) -> None:
    for _ in range(3):
        submitted(office)
        office.now += 1
    mailer = deaf(office, Unavailable())
    assert office.send_notices() == MailRun(oldest=3)
    assert mailer.asked == 1
    assert office.send_notices() == MailRun(sent=2, oldest=3)
    office.now += PAUSES[0]
    assert office.send_notices() == MailRun(sent=1)


@pytest.mark.parametrize(("error", "result"), [(MailRefused("x"), "refused"), (KeyError("no answer"), "unsure")])
def test_refusal_or_missing_answer_is_never_retried_and_counts_as_left(
    office: MemoryOffice, error: Exception, result: str
) -> None:
    mailer = deaf(office, error)
    dossier = submitted(office)
    assert office.send_notices() == MailRun(left=1)
    assert row(office, dossier)["result"] == result
    office.now += DAY
    assert office.send_notices() == MailRun()
    assert mailer.asked == 1


def test_crash_after_sending_leaves_unsure_and_sends_nothing_twice(office: MemoryOffice) -> None:
    class Dies(MemoryMailer):
        def send(self, mail: Mail) -> str:
            super().send(mail)
            raise SystemExit

    office.mailer = died = Dies()
    dossier = submitted(office)
    with pytest.raises(SystemExit):
        office.send_notices()
    office.mailer = after = MemoryMailer()
    assert office.send_notices() == MailRun()  # the claim of the other process still holds
    office.now += CLAIMED_FOR
    assert office.send_notices() == MailRun(oldest=CLAIMED_FOR)
    office.now += 1
    assert office.send_notices() == MailRun(left=1)
    assert (len(died.sent), after.sent) == (1, [])
    assert row(office, dossier)["result"] == "unsure"


def test_two_processes_send_one_mail(office: MemoryOffice) -> None:
    dossier = submitted(office)
    theirs = MemoryMailer()
    mine = office.mailer

    def slow(notice: Any, address: Any) -> Mail:
        office.mailer = theirs
        office.send_notices()  # the other process does everything between our read and our claim
        return Mail(address.email, "s", "b")

    done = mail_services.send(office, mailer=mine, compose=slow, report=pytest.fail)  # fmt: skip
    assert (done, len(mine.sent), len(theirs.sent)) == (MailRun(), 0, 1)
    assert row(office, dossier)["result"] == "sent"


def test_missing_text_is_retried_after_a_pause(office: MemoryOffice) -> None:
    """The next deployment may have the text."""
    submitted(office)
    faults: list[Exception] = []

    def wordless(notice: Any, address: Any) -> Mail:
        raise KeyError(notice["kind"])

    done = mail_services.send(office, mailer=office.mailer, compose=wordless, report=faults.append)  # fmt: skip
    assert (done, len(faults)) == (MailRun(), 1)
    office.now += PAUSES[0]
    assert subjects(office) == ["Application received"]


def test_late_notice_is_not_sent(office: MemoryOffice) -> None:
    dossier = submitted(office)
    office.now += LATE + 1
    assert office.send_notices() == MailRun(left=1)
    assert row(office, dossier)["result"] == "late"
    assert office.mailer.sent == []


def test_mails_of_one_run_and_of_one_person_a_day_are_limited(office: MemoryOffice) -> None:
    for _ in range(PER_DAY + 2):
        submitted(office)
    assert office.send_notices() == MailRun(sent=AT_ONCE)
    assert office.send_notices() == MailRun(sent=PER_DAY - AT_ONCE + 1, left=1)
    assert "More today: look at your page" in office.mailer.sent[-1].subject
    assert "your page has it all" in office.mailer.sent[-1].body
    assert sum("More today" in mail.subject for mail in office.mailer.sent) == 1
    submitted(office)
    assert office.send_notices() == MailRun(left=1)
    office.now += DAY
    submitted(office)
    assert subjects(office) == ["Application received"]


def test_last_mail_of_a_day_survives_a_mailer_outage(office: MemoryOffice) -> None:
    for _ in range(PER_DAY):
        submitted(office)
    for _ in range(2):
        office.send_notices()
    submitted(office)
    mailer = deaf(office, Unavailable())
    assert office.send_notices().sent == 0
    office.now += PAUSES[0]
    assert office.send_notices() == MailRun(sent=1)
    assert "More today" in mailer.sent[-1].subject


@pytest.mark.parametrize("where", ["counted", "kept"])
def test_last_mail_of_a_day_survives_a_crash(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    for _ in range(PER_DAY):
        submitted(office)
    for _ in range(2):
        office.send_notices()
    submitted(office)
    bump = office.register.bump

    def dies(*asked: Any, **how: Any) -> Any:
        if how:  # as counter: count, then crash; as composer: crash
            bump(*asked, **how)
        raise SystemExit

    with monkeypatch.context() as patched:
        if where == "counted":
            patched.setattr(office.register, "bump", dies)
        with pytest.raises(SystemExit):
            mail_services.send(office, mailer=office.mailer, compose=dies, report=pytest.fail)  # fmt: skip
    submitted(office)
    before = len(office.mailer.sent)
    assert office.send_notices() == MailRun(sent=1, left=1)
    assert "More today" in office.mailer.sent[before].subject


def test_long_run_starts_no_further_mail(office: MemoryOffice) -> None:
    class Slow(MemoryMailer):
        def send(self, mail: Mail) -> str:
            office.now += 20
            return super().send(mail)

    office.mailer = Slow()
    for _ in range(4):
        submitted(office)
    assert office.send_notices().sent == 2


def test_restore_lock_sends_nothing(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(office)
    monkeypatch.setattr(type(office.restore_lock), "shut", lambda self, at_once=False: "another table")
    assert told(office) == []


def test_notice_is_in_the_transaction_of_its_change(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[tuple[Key, ...]] = []
    commit = office.register.commit

    def watched(*puts: Put) -> None:
        commits.append(tuple(put.key for put in puts))
        commit(*puts)

    monkeypatch.setattr(office.register, "commit", watched)
    dossier = submitted(office)
    together = commits[-1]
    assert Key(f"PERMIT#{dossier.id}", "DOSSIER") in together
    assert Key(f"NOTICE#{dossier.id}", f"{dossier.version:08d}") in together

    def lost(*puts: Put) -> None:
        raise Conflict([puts[0].key])

    monkeypatch.setattr(office.register, "commit", lost)
    with pytest.raises(Unavailable):
        decide.send_back(dossier.id, "why", PREPARER, office)
    monkeypatch.setattr(office.register, "commit", commit)
    assert subjects(office) == ["Application received"]


def test_notice_row_has_no_address_and_no_secret(office: MemoryOffice) -> None:
    permit = issued(office)
    told(office)
    kept = str([r.data for r in office.register.query(f"NOTICE#{permit.id}")])
    assert permit.check_code is not None
    for secret in (TO[0], permit.check_code, permit.tokens[0], "Falcon Centre", "Abu Dhabi"):
        assert secret not in kept
