"""Issuing: who may, from what, in which order; numbers without a gap; nothing signed that was not announced."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from crashing import Wrapped, check_invariants, fragile, memory, rows
from kinds import APPENDIX_I, APPLICATIONS
from life import APPLICATION, SAKER, approved, issue, issued, submitted
from office import ADMIN, APPLICANT, APPROVER, DAY, OTHER_APPLICANT, PREPARER, SCIENTIST, MemoryOffice

from chalicelib.core import cose, rotation
from chalicelib.core.codes import KINDS
from chalicelib.core.crossing import Place
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import (
    DigestMismatch,
    Forbidden,
    Invalid,
    NoMatch,
    TamgaError,
    TwoPeople,
    Unavailable,
    WrongState,
)
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import Key, Put
from chalicelib.services import (
    apply_for_permit,
    change_status,
    decide_application,
    issue_permit,
    sign_permit,
    store,
    sweep,
)
from chalicelib.services.publish_status import uris
from chalicelib.services.verify_permit import verify, verify_number

EDITOR = Actor("u-edit", "Second Preparer", frozenset({"preparer"}))
BOTH = Actor("u-both", "Both", frozenset({"preparer", "approver", "scientist"}))


def approve(office: MemoryOffice, dossier: Dossier, actor: Actor = APPROVER, digest: str | None = None) -> Dossier:
    return decide_application.approve(
        dossier.id, digest or dossier.digest or "", actor, register=office.register, listing=office.listing,
        stage=office.stage, now=office.now,
    )  # fmt: skip


def find(office: MemoryOffice, dossier: Dossier, kind: str, result: str = "positive", actor: Actor = PREPARER) -> None:
    decide_application.find(dossier.id, kind, result, "seen", actor, register=office.register, now=office.now)


def examined(office: MemoryOffice) -> Dossier:
    """Submitted, all three findings made."""
    dossier = submitted(office)
    find(office, dossier, "legal_acquisition")
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", actor=SCIENTIST)
    return store.load(office.register, dossier.id)


def sign(office: MemoryOffice, permit_id: str) -> Dossier:
    return sign_permit.sign(
        permit_id, register=office.register, signers=office.signer, trust=office.trust(), listing=office.listing,
        stage=office.stage, now=office.now,
    )  # fmt: skip


def reserve(office: MemoryOffice, dossier: Dossier) -> Dossier:
    """An intent, and nobody who signs it yet."""

    class Nobody:
        def issue(self, permit_id: str) -> None:
            pass

    office.issuer = Nobody()  # type: ignore[misc]
    with pytest.raises(Unavailable):
        issue(office, dossier)
    del office.issuer
    return store.load(office.register, dossier.id)


def tamper(office: MemoryOffice, key: Key, change: Any) -> None:
    """Somebody with rights on the table, and without a key."""
    row = office.register.get(key)
    assert row is not None
    data = json.loads(json.dumps(row.data))
    change(data)
    if "version" in data:
        data["version"] += 1
    office.register.commit(Put(key, data, expect=row.version, index={"state": data.get("state", "-")}))


def edited(dossier: Dossier, **changes: Any) -> Any:
    return replace(APPLICATION, **changes)


# who and from what


@pytest.mark.parametrize("kind", APPLICATIONS)
def test_each_kind_is_issued_and_verifies(office: MemoryOffice, kind: str) -> None:
    dossier = issued(office, APPLICATIONS[kind])
    assert dossier.number == f"26KG000001/{KINDS[kind].letter}"
    assert dossier.state == "issued"
    assert dossier.use == "unused"
    found = verify(dossier.tokens[0], register=office.register, checker=office.checker(), now=office.now)
    assert (found.outcome, found.codes) == ("accept", ())
    typed = verify_number(
        dossier.number, dossier.check_code or "", register=office.register, checker=office.checker(), now=office.now
    )
    assert typed.outcome == "accept"
    check_invariants(office, serials=1)


def test_an_appendix_i_export_needs_all_its_findings(office: MemoryOffice) -> None:
    dossier = issued(office, APPENDIX_I)
    assert set(dossier.current_findings) == {"non_detriment", "legal_acquisition", "live_transport"}


def test_every_page_of_a_long_permit_is_signed_under_one_number(office: MemoryOffice) -> None:
    lines = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9))
    dossier = issued(office, replace(APPLICATION, lines=lines))
    found = verify(
        dossier.tokens[0], register=office.register, checker=office.checker(), now=office.now,
        other_pages=dossier.tokens[1:],
    )  # fmt: skip
    assert found.outcome == "accept"
    assert sum(len(page.lines) for page in found.pages) == 9
    assert {(page.number, page.status_idx) for page in found.pages} == {(dossier.number, dossier.status_idx)}
    assert len({page.cti for page in found.pages}) == len(dossier.tokens)
    check_invariants(office, serials=1)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "refused"])
def test_only_what_is_approved_is_issued(office: MemoryOffice, state: str) -> None:
    dossier = submitted(office)
    if state == "draft":
        dossier = apply_for_permit.create(
            APPLICATION, APPLICANT, register=office.register, new_id=office.new_id, now=office.now
        )
    if state == "returned":
        decide_application.send_back(dossier.id, "blurred", PREPARER, register=office.register, now=office.now)
    if state == "refused":
        decide_application.refuse(dossier.id, "no", APPROVER, register=office.register, now=office.now)
    with pytest.raises(WrongState):
        issue(office, store.load(office.register, dossier.id))
    assert not [key for key in rows(office.register) if key.partition.startswith("NUMBER#")]


def test_the_same_person_again_gets_the_same_permit_and_another_a_refusal(office: MemoryOffice) -> None:
    dossier = issued(office)
    assert issue(office, dossier) == dossier
    with pytest.raises(WrongState):
        issue_permit.issue(
            dossier.id, APPROVER, register=office.register, issuer=office.issuer, blobs=office.blobs,
            trust=office.trust(), listing=office.listing, stage=office.stage,
            random_bytes=office.random_bytes, now=office.now,
        )  # fmt: skip


def test_an_approval_is_of_the_digest_that_was_read(office: MemoryOffice) -> None:
    dossier = examined(office)
    with pytest.raises(DigestMismatch):
        approve(office, dossier, digest="0" * 64)
    assert store.load(office.register, dossier.id).state == "submitted"


@pytest.mark.parametrize("hand", ["creator", "submitter", "editor", "finding"])
def test_whoever_had_a_hand_in_it_does_not_approve(office: MemoryOffice, hand: str) -> None:
    creator = BOTH if hand == "creator" else PREPARER
    submitter = BOTH if hand == "submitter" else PREPARER
    dossier = apply_for_permit.create(
        APPLICATION, creator, register=office.register, new_id=office.new_id, now=office.now
    )
    if hand in {"creator", "editor"}:  # a later editor does not wash the creator off
        last = BOTH if hand == "editor" else EDITOR
        changed = replace(APPLICATION, purpose="B")
        apply_for_permit.edit(dossier.id, changed, last, register=office.register, now=office.now)
    dossier = apply_for_permit.submit(
        dossier.id, submitter, register=office.register, listing=office.listing, stage=office.stage, now=office.now
    )
    find(office, dossier, "legal_acquisition")
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", actor=BOTH if hand == "finding" else SCIENTIST)
    with pytest.raises(TwoPeople):
        approve(office, dossier, BOTH)
    assert approve(office, dossier).state == "approved"


@pytest.mark.parametrize("hand", ["editor", "submitter", "paper"])
def test_a_hand_in_it_is_not_washed_off_by_the_next_one(office: MemoryOffice, hand: str) -> None:
    made = apply_for_permit.create(
        APPLICATION, APPLICANT, register=office.register, new_id=office.new_id, now=office.now
    )
    apply_for_permit.submit(
        made.id, BOTH if hand == "submitter" else APPLICANT, register=office.register, listing=office.listing,
        stage=office.stage, now=office.now,
    )  # fmt: skip
    if hand == "paper":
        apply_for_permit.attach(
            made.id, b"%PDF-1.7", "application/pdf", "origin.pdf", BOTH, register=office.register, blobs=office.blobs,
            now=office.now,
        )  # fmt: skip
    decide_application.send_back(made.id, "marks", PREPARER, register=office.register, now=office.now)
    for who in [BOTH] * (hand == "editor") + [APPLICANT]:
        changed = replace(APPLICATION, purpose="B" if who is BOTH else "T")
        apply_for_permit.edit(made.id, changed, who, register=office.register, now=office.now)
    made = apply_for_permit.submit(
        made.id, APPLICANT, register=office.register, listing=office.listing, stage=office.stage, now=office.now
    )
    find(office, made, "legal_acquisition")
    find(office, made, "live_transport")
    find(office, made, "bred_or_propagated", actor=SCIENTIST)
    with pytest.raises(TwoPeople):
        approve(office, made, BOTH)
    assert approve(office, made).state == "approved"


def test_missing_and_negative_findings_stand_in_the_way(office: MemoryOffice) -> None:
    dossier = submitted(office)
    find(office, dossier, "legal_acquisition")
    with pytest.raises(WrongState) as refused:
        approve(office, dossier)
    assert set(refused.value.extra["missing"]) == {"live_transport", "bred_or_propagated"}
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", "negative", SCIENTIST)
    with pytest.raises(WrongState) as refused:
        approve(office, dossier)
    assert refused.value.extra["negative"] == ["bred_or_propagated"]
    find(office, dossier, "bred_or_propagated", "conditional", SCIENTIST)
    assert approve(office, dossier).state == "approved"


def test_a_negative_finding_counts_though_nobody_asked_for_it(office: MemoryOffice) -> None:
    dossier = examined(office)
    find(office, dossier, "non_detriment", "negative", SCIENTIST)  # not needed for source C
    with pytest.raises(WrongState, match="negative: non_detriment"):
        approve(office, dossier)


def test_findings_are_made_by_the_authority_whose_they_are(office: MemoryOffice) -> None:
    dossier = submitted(office)
    for kind, actor in (("legal_acquisition", SCIENTIST), ("non_detriment", PREPARER), ("live_transport", APPROVER)):
        with pytest.raises(Forbidden):
            find(office, dossier, kind, actor=actor)


def test_findings_and_approvals_fall_with_the_digest(office: MemoryOffice) -> None:
    dossier = approved(office)
    decide_application.send_back(dossier.id, "count again", PREPARER, register=office.register, now=office.now)
    returned = store.load(office.register, dossier.id)
    assert returned.approval is None
    with pytest.raises(WrongState):
        issue(office, returned)
    changed = replace(APPLICATION, lines=(replace(SAKER, quantity="3"),))
    apply_for_permit.edit(dossier.id, changed, APPLICANT, register=office.register, now=office.now)
    again = apply_for_permit.submit(
        dossier.id, APPLICANT, register=office.register, listing=office.listing, stage=office.stage, now=office.now
    )
    assert again.digest != dossier.digest
    with pytest.raises(DigestMismatch):
        approve(office, again, digest=dossier.digest)
    with pytest.raises(WrongState):  # the findings spoke for the old digest
        approve(office, again)


def test_an_exporters_application_needs_an_officials_finding_even_where_none_is_asked_for(office: MemoryOffice) -> None:
    dossier = submitted(office, APPLICATIONS["OO"])
    with pytest.raises(WrongState):
        approve(office, dossier)
    find(office, dossier, "legal_acquisition")
    assert approve(office, dossier).state == "approved"


def test_anothers_permit_is_unknown_and_a_wrong_role_forbidden(office: MemoryOffice) -> None:
    dossier = submitted(office)
    with pytest.raises(NoMatch):
        apply_for_permit.submit(
            dossier.id, OTHER_APPLICANT, register=office.register, listing=office.listing, stage=office.stage,
            now=office.now,
        )  # fmt: skip
    for actor in (PREPARER, APPLICANT, ADMIN):
        with pytest.raises(Forbidden):
            approve(office, dossier, actor)


def test_a_rule_that_no_longer_holds_on_the_day_of_issue_refuses(office: MemoryOffice) -> None:
    dossier = approved(office)
    office.later(200 * DAY)
    with pytest.raises(TamgaError) as refused:
        issue(office, dossier)
    assert isinstance(refused.value, Invalid | Unavailable)  # block 2 is over, or no list is in force
    assert store.load(office.register, dossier.id).state == "approved"


# numbers


def test_the_first_serial_is_configuration_and_a_year_begins_in_bishkek() -> None:
    new_year = int(datetime(2026, 12, 31, 18, tzinfo=UTC).timestamp())  # 00:00 in Bishkek
    office = MemoryOffice(Stage(first_serial=501), now=new_year - 3600)
    one, two, three = (approved(office) for _ in range(3))
    assert issue(office, one).number == "26KG000501/E"
    assert issue(office, two).number == "26KG000502/E"
    office.later(3600)
    assert datetime.fromtimestamp(office.now, UTC).year == 2026
    assert issue(office, three).number == "27KG000501/E"


def test_one_counter_for_all_kinds(office: MemoryOffice) -> None:
    numbers = [issued(office, APPLICATIONS[kind]).number for kind in ("E", "R", "I", "OT")]
    assert numbers == ["26KG000001/E", "26KG000002/R", "26KG000003/I", "26KG000004/O"]


def test_many_at_once_get_distinct_numbers_without_a_gap(office: MemoryOffice) -> None:
    office.trust()
    ready = [approved(office) for _ in range(24)]
    with ThreadPoolExecutor(24) as pool:
        done = list(pool.map(lambda dossier: issue(office, dossier), ready))
    assert sorted(int((d.number or "")[4:10]) for d in done) == list(range(1, 25))
    assert len({d.status_idx for d in done}) == 24
    check_invariants(office, serials=24)


def test_one_permit_asked_for_many_times_at_once_is_one_permit(office: MemoryOffice) -> None:
    fragile(office)
    dossier = approved(office)

    def ask(_: int) -> Dossier | None:
        try:
            return issue(office, dossier)
        except Unavailable:
            return None

    with ThreadPoolExecutor(16) as pool:
        answers = [answer for answer in pool.map(ask, range(16)) if answer]
    assert {answer.number for answer in answers} == {"26KG000001/E"}
    assert len(office.signed) == 1  # type: ignore[attr-defined]
    check_invariants(office, serials=1)


def test_an_index_is_never_given_out_twice(office: MemoryOffice) -> None:
    numbers = iter([7, 7, 7, 9])
    first = approved(office)
    office.random_bytes = lambda count: next(numbers).to_bytes(4) if count == 4 else bytes(15) + b"1"  # type: ignore[method-assign]
    assert issue(office, first).status_idx == 7
    assert issue(office, approved(office)).status_idx == 9


def test_every_permit_that_may_be_issued_has_its_list_published() -> None:
    """The last minute of 2026 in UTC is 2027 in Bishkek: three years from there end in the first quarter of 2030."""
    office = MemoryOffice(now=int(datetime(2026, 12, 31, 20, tzinfo=UTC).timestamp()))
    dossier = issued(office, replace(APPLICATIONS["OW"], valid_until="2030-01-01"))
    assert dossier.status_uri in uris(office.stage, office.now)


# signing


def test_the_intent_is_stored_before_the_first_signature(office: MemoryOffice) -> None:
    steps = fragile(office)  # the notary refuses a digest that no stored intent announces
    lines = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9))
    dossier = approved(office, replace(APPLICATION, lines=lines))
    begin = len(steps.names)
    pages = len(issue(office, dossier).tokens)
    assert pages > 1
    commit, signature = ["before a commit", "after a commit"], ["before a signature", "after a signature"]
    assert steps.names[begin:] == [*commit, *commit, *signature * pages, *commit]  # intent, attempt, pages, tokens
    assert len(office.signed) == pages  # type: ignore[attr-defined]


def test_a_second_call_of_the_issuing_function_signs_nothing(office: MemoryOffice) -> None:
    fragile(office)
    dossier = issued(office)
    assert sign(office, dossier.id) == dossier
    assert len(office.signed) == 1  # type: ignore[attr-defined]


def test_a_second_hand_meanwhile_is_turned_away_and_ends_nothing(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    first_signer = office.signer

    def twice(kid: bytes) -> Any:
        with pytest.raises(WrongState):
            sign(office, dossier.id)
        return first_signer(kid)

    office.signer = twice  # type: ignore[method-assign]
    assert sign(office, dossier.id).state == "issued"
    assert len(office.signed) == 1  # type: ignore[attr-defined]


def test_nothing_but_a_signing_is_signed(office: MemoryOffice) -> None:
    with pytest.raises(WrongState):
        sign(office, approved(office).id)
    with pytest.raises(NoMatch):
        sign(office, "unknown")


def _payload(data: Any) -> None:
    """Two birds become nine, in the bytes to be signed."""
    protected, payload = data["intent"]["pages"][0]
    assert "613202" not in payload
    assert "6132" in payload
    data["intent"]["pages"][0] = [protected, payload.replace("6132", "6139", 1)]


TAMPERINGS = {
    "payload": _payload,
    "header": lambda d: d["intent"]["pages"].__setitem__(0, [cose.protect(bytes(8)).hex(), d["intent"]["pages"][0][1]]),
    "another time": lambda d: d["intent"].__setitem__("started_at", d["intent"]["started_at"] - 100),
    "another key": lambda d: d["intent"].__setitem__("kid", "00" * 8),
    "record": lambda d: d["record"]["lines"][0].__setitem__("quantity", "9"),
    "digest": lambda d: d.__setitem__("digest", "0" * 64),
    "no approval": lambda d: d.pop("approval"),
    "own approval": lambda d: d["approval"].__setitem__("by", "u-exporter"),
    "no findings": lambda d: d.pop("findings"),
    "another's number": lambda d: d.__setitem__("number", "26KG000001/E"),
    "another index": lambda d: d.__setitem__("status_idx", d["status_idx"] ^ 1),
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_tampered_register_gets_no_signature(office: MemoryOffice, change: Any) -> None:
    fragile(office)
    honest = issued(office)
    dossier = reserve(office, approved(office))
    tamper(office, store.dossier_key(dossier.id), change)
    with pytest.raises(TamgaError):
        sign(office, dossier.id)
    assert len(office.signed) == 1  # type: ignore[attr-defined]  # the honest permit's
    assert store.load(office.register, dossier.id).state != "issued"
    office.later(sign_permit.SIGNING_TIMEOUT)
    sweep.sweep(register=office.register, now=office.now)
    found = verify(honest.tokens[0], register=office.register, checker=office.checker(), now=office.now)
    assert found.outcome == "accept"


def test_a_touched_register_alone_hinders_nothing(office: MemoryOffice) -> None:
    """So the refusals above come from what was changed."""
    dossier = reserve(office, approved(office))
    tamper(office, store.dossier_key(dossier.id), lambda data: None)
    assert sign(office, dossier.id).state == "issued"


def test_a_number_that_belongs_to_another_is_not_signed_whatever_the_intent_says(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    tamper(office, store.number_key("KG", dossier.number or ""), lambda data: data.__setitem__("permit_id", "another"))
    with pytest.raises(DigestMismatch):
        sign(office, dossier.id)
    assert office.signed == []  # type: ignore[attr-defined]


def test_what_cannot_be_signed_is_given_up_at_once(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    signing = office.trust().list_for("KG")
    assert signing is not None
    assert dossier.intent is not None
    office.later(60)
    office.publish_list(rotation.compromise(signing, bytes.fromhex(dossier.intent.kid), office.now))
    with pytest.raises(DigestMismatch):
        issue(office, dossier)
    assert store.load(office.register, dossier.id).state == "approved"
    again = issue(office, dossier)
    assert again.number == "26KG000002/E"
    assert again.voided == ("26KG000001/E",)
    assert again.intent is not None
    assert again.intent.kid != dossier.intent.kid
    check_invariants(office, serials=2)


def test_an_old_intent_is_the_sweeps(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    office.later(sign_permit.SIGNING_TIMEOUT)
    with pytest.raises(WrongState):
        sign(office, dossier.id)
    assert office.signed == []  # type: ignore[attr-defined]
    sweep.sweep(register=office.register, now=office.now)
    assert issue(office, dossier).number == "26KG000002/E"
    check_invariants(office, serials=2)


def test_asking_again_after_the_time_out_need_not_wait_for_the_sweep(office: MemoryOffice) -> None:
    dossier = reserve(office, approved(office))
    office.later(sign_permit.SIGNING_TIMEOUT)
    again = issue(office, dossier)
    assert (again.number, again.voided) == ("26KG000002/E", ("26KG000001/E",))


def test_giving_up_ends_no_later_attempt(office: MemoryOffice) -> None:
    """A signer that slept past the sweep comes back and fails: the second attempt goes on."""
    fragile(office)
    dossier = reserve(office, approved(office))
    first_signer = office.signer

    def sleeps(kid: bytes) -> Any:
        del office.signer
        office.later(sign_permit.SIGNING_TIMEOUT)
        sweep.sweep(register=office.register, now=office.now)
        reserve(office, dossier)
        return first_signer(kid)

    office.signer = sleeps  # type: ignore[method-assign]
    with pytest.raises(WrongState):
        sign(office, dossier.id)
    after = store.load(office.register, dossier.id)
    assert (after.state, after.number, after.intent and after.intent.attempt) == ("signing", "26KG000002/E", 2)
    assert issue(office, after).number == "26KG000002/E"
    assert not {"26KG000001/E"} - set(after.voided)


def test_a_broken_key_stores_no_token(office: MemoryOffice) -> None:
    dossier = approved(office)
    good = office.signer

    class Broken:
        def __init__(self, kid: bytes) -> None:
            self.kid, self.public_key = kid, good(kid).public_key

        def sign_digest(self, digest: bytes) -> bytes:
            return good(self.kid).sign_digest(bytes(32))

    office.signer = Broken  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        issue(office, dossier)
    del office.signer
    assert issue(office, dossier).voided == ("26KG000001/E",)
    check_invariants(office, serials=2)


def test_the_sweep_leaves_a_signing_that_is_still_running(office: MemoryOffice) -> None:
    dossier = reserve(office, approved(office))
    office.later(sign_permit.SIGNING_TIMEOUT - 1)
    assert sweep.sweep(register=office.register, now=office.now) == []
    office.later(1)
    assert sweep.sweep(register=office.register, now=office.now) == ["26KG000001/E"]
    assert sweep.sweep(register=office.register, now=office.now) == []
    after = store.load(office.register, dossier.id)
    assert (after.state, after.number, after.voided) == ("approved", None, ("26KG000001/E",))


def test_who_did_what_when_is_all_there(office: MemoryOffice) -> None:
    dossier = issued(office)
    change_status.suspend(dossier.id, "doubt", APPROVER, register=office.register, now=office.now)
    history = store.history(office.register, dossier.id, PREPARER)
    assert [(h["action"], h["by"]) for h in history] == [
        ("create", "u-exporter"), ("submit", "u-exporter"), ("find", "u-prep"), ("find", "u-sci"), ("find", "u-prep"),
        ("approve", "u-appr"), ("issue", "u-prep"), ("sign", "system"), ("signed", "system"), ("suspend", "u-appr"),
    ]  # fmt: skip
    assert [h["version"] for h in history] == list(range(1, 11))


def test_losing_a_race_for_the_old_permits_row_does_not_cost_the_number(office: MemoryOffice) -> None:
    """A harmless change of the permit to be replaced (a print, a cleared code) lets the signing begin its end again."""
    old = issued(office)
    draft = change_status.replace_permit(
        old.id, "torn", PREPARER, register=office.register, new_id=office.new_id, now=office.now
    )
    ready = approve_replacement(office, draft)
    inner = memory(office.register)
    done: list[str] = []

    def disturb(puts: Any) -> None:
        if any(put.data.get("tokens") for put in puts if put.key.sort == "DOSSIER") and not done:
            done.append("once")
            store.change(inner, old.id, APPROVER, office.now, lambda d: store.Change(d.but(), "print_original"))

    office.register = Wrapped(inner, before=disturb)  # type: ignore[assignment]
    assert issue(office, ready).number == "26KG000002/E"
    assert done
    assert store.load(inner, old.id).state == "replaced"


def approve_replacement(office: MemoryOffice, draft: Dossier) -> Dossier:
    dossier = apply_for_permit.submit(
        draft.id, EDITOR, register=office.register, listing=office.listing, stage=office.stage, now=office.now
    )
    find(office, dossier, "legal_acquisition")
    find(office, dossier, "live_transport")
    find(office, dossier, "bred_or_propagated", actor=SCIENTIST)
    return approve(office, store.load(office.register, dossier.id))


def test_place_is_told(office: MemoryOffice) -> None:
    dossier = issued(office)
    place = Place("export", "KG", "manas-airport")
    found = verify(dossier.tokens[0], register=office.register, checker=office.checker(), now=office.now, place=place)
    assert found.outcome == "accept"
