"""Import of the paper register: proposed and confirmed by two people, once, without overwriting permits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from life import SAKER, issued
from office import ADMIN, APPLICANT, APPROVER, PREPARER, SCIENTIST, MemoryOffice
from papers import PAPER, confirmed, examined, imported, opened, paper, proposed

from chalicelib.kernel.errors import DigestMismatch, Forbidden, Invalid, NoMatch, TwoPeople, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.kernel.stage import Stage
from chalicelib.legacy_register.model import legacy_record
from chalicelib.legacy_register.services import confirm_batch, import_batch
from chalicelib.legacy_register.services.confirm_batch import Review
from chalicelib.legacy_register.services.import_batch import Batch
from chalicelib.permits.services import change_status, store
from chalicelib.record.permit import Party
from chalicelib.verification.services import verify

BOTH = Actor("u-both", "Both Hands", frozenset({"preparer", "approver"}))


@pytest.fixture
def office() -> MemoryOffice:
    return opened(MemoryOffice())


def found(office: MemoryOffice, number: str = PAPER.number) -> object:
    return store.find_number(office.register, "KG", number)


def shown(office: MemoryOffice, batch: Batch, actor: Actor = APPROVER) -> Review:
    return confirm_batch.review(batch.id, actor, office)  # fmt: skip


def codes(office: MemoryOffice, **changes: object) -> set[tuple[str, str]]:
    """Field and code of every refusal of one paper permit."""
    refused = examined(office, [paper(**changes)]).refused
    return {(error.field, error.code) for error in refused.get(0, ())}


def test_rows_count_after_second_person_confirms(office: MemoryOffice) -> None:
    batch = proposed(office)
    assert (batch.state, batch.count, batch.by) == ("proposed", 1, PREPARER.id)
    assert found(office) is None
    with pytest.raises(NoMatch):
        verify.find_legacy(PAPER.number, office, actor=PREPARER)
    done = confirmed(office, batch)
    assert (done.state, done.confirmed_by, done.refused) == ("confirmed", APPROVER.id, ())
    dossier = found(office)
    assert dossier.state == "issued"
    assert dossier.legacy
    assert dossier.tokens == ()
    assert dossier.status_uri is None
    assert confirmed(office, batch) == done


def test_history_of_row_names_proposer_confirmer_and_file(office: MemoryOffice) -> None:
    dossier = imported(office)
    (entry,) = store.history(office.register, dossier.id, PREPARER)[0]
    assert (entry["action"], entry["by"], entry["detail"]["proposed_by"]) == ("import_legacy", APPROVER.id, PREPARER.id)
    assert entry["detail"]["row"] == 1
    assert entry["detail"]["file_sha256"] == "0" * 64


def test_proposer_cannot_confirm_the_batch(office: MemoryOffice) -> None:
    batch = proposed(office, actor=BOTH)
    with pytest.raises(TwoPeople):
        confirmed(office, batch, BOTH)
    assert found(office) is None
    confirmed(office, batch, APPROVER)
    assert found(office) is not None


@pytest.mark.parametrize("actor", [APPLICANT, SCIENTIST, APPROVER])
def test_batch_is_proposed_by_preparer_or_admin_only(office: MemoryOffice, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        examined(office, [PAPER], actor)
    with pytest.raises(Forbidden):
        proposed(office, actor=actor)
    assert proposed(office, actor=ADMIN).by == ADMIN.id


@pytest.mark.parametrize("actor", [PREPARER, ADMIN, SCIENTIST])
def test_batch_is_confirmed_by_approver_only(office: MemoryOffice, actor: Actor) -> None:
    batch = proposed(office, actor=BOTH)
    with pytest.raises(Forbidden):
        confirmed(office, batch, actor)


def test_confirm_with_digest_of_other_rows_is_refused(office: MemoryOffice) -> None:
    batch = proposed(office)
    with pytest.raises(DigestMismatch):
        confirmed(office, batch, digest="0" * 64)
    key = Key(f"LEGACY#{batch.id}", "ROW#000001")
    row = office.register.get(key)
    office.register.commit(Put(key, {**row.data, "issued_on": "2026-11-03"}, expected_version=1))
    with pytest.raises(DigestMismatch):
        confirmed(office, batch)
    with pytest.raises(DigestMismatch):
        import_batch.rows(batch.id, APPROVER, register=office.register)
    assert found(office) is None


def test_rejected_batch_cannot_be_confirmed_or_proposed_again(office: MemoryOffice) -> None:
    batch = proposed(office)
    reject = confirm_batch.reject
    with pytest.raises(Forbidden):
        reject(batch.id, "no", ADMIN, office)
    assert reject(batch.id, "wrong year", APPROVER, office).state == "rejected"
    with pytest.raises(WrongState):
        confirmed(office, batch)
    with pytest.raises(WrongState):
        proposed(office)
    other = proposed(office, [paper("KG-0118/2026")])
    confirmed(office, other)
    with pytest.raises(WrongState):
        reject(other.id, "too late", APPROVER, office)


def test_same_papers_again_change_nothing(office: MemoryOffice) -> None:
    assert proposed(office) == proposed(office)
    before = imported(office)
    again = examined(office, [PAPER, paper("KG-0118/2026")])
    assert (again.good, again.known, again.refused) == ((1,), (0,), {})
    assert found(office) == before


def test_changed_row_of_known_number_is_refused_by_field(office: MemoryOffice) -> None:
    before = imported(office)
    changed = paper(lines=(replace(SAKER, quantity="20"),), issued_on="2026-11-03")
    refused = examined(office, [changed]).refused[0]
    assert {(error.field, error.code) for error in refused} == {
        ("issued_on", "conflict"), ("lines[0].quantity", "conflict"),
    }  # fmt: skip
    assert found(office) == before


def test_number_twice_in_a_file_is_refused(office: MemoryOffice) -> None:
    found_ = examined(office, [PAPER, paper("kg 117–2026", lines=(replace(SAKER, quantity="9"),))])
    assert found_.good == (0,)
    assert [(error.field, error.code) for error in found_.refused[1]] == [("number", "twice")]


def test_number_imported_meanwhile_is_refused_at_confirm(office: MemoryOffice) -> None:
    one, other = proposed(office), proposed(office, [paper(lines=(replace(SAKER, quantity="9"),)), paper("KG-7")])
    confirmed(office, one)
    (refused,) = confirmed(office, other).refused
    assert (refused["row"], refused["number"]) == (1, "KG-0117/2026")
    assert found(office).record["lines"][0]["quantity"] == "2"
    assert found(office, "KG-7") is not None


def test_interrupted_proposal_can_be_repeated(office: MemoryOffice) -> None:
    papers = [paper(f"KG-{n}") for n in range(1, 61)]

    class Cut(Exception):
        pass

    def cut(count: int) -> None:
        raise Cut

    with pytest.raises(Cut):
        import_batch.propose(papers, import_batch.SourceFile("a.csv", "0" * 64), PREPARER, office, tell=cut)
    assert import_batch.batches(APPROVER, register=office.register) == []
    batch = proposed(office, papers)
    assert (batch.count, import_batch.batches(APPROVER, register=office.register)) == (60, [batch])
    assert confirmed(office, batch).refused == ()


def test_foreign_row_under_the_key_of_a_batch_is_refused(office: MemoryOffice) -> None:
    batch = proposed(office)
    fresh = opened(MemoryOffice())
    fresh.register.commit(
        Put(Key(f"LEGACY#{batch.id}", "ROW#000001"), {"number": "KG-9", "issued_on": "", "record": {}})
    )
    with pytest.raises(DigestMismatch):
        proposed(fresh)


def test_interrupted_confirmation_continues(office: MemoryOffice) -> None:
    class Cut(Exception):
        pass

    def cut(count: int) -> None:
        if count == 2:
            raise Cut

    batch = proposed(office, [paper(f"KG-{n}") for n in range(1, 31)])
    with pytest.raises(Cut):
        confirm_batch.confirm(
            confirm_batch.ReadBatch(batch.id, batch.digest, shown(office, batch).similar), APPROVER, office, tell=cut
        )
    assert (found(office, "KG-2") is not None, found(office, "KG-3")) == (True, None)
    held = found(office, "KG-1")
    with pytest.raises(WrongState):
        confirm_batch.reject(batch.id, "stop", APPROVER, office)
    assert confirmed(office, batch).refused == ()
    assert found(office, "KG-1") == held
    assert found(office, "KG-30") is not None


def test_import_is_refused_until_the_ministry_sets_the_last_day(office: MemoryOffice) -> None:
    shut = MemoryOffice()
    assert ("issued_on", "door_shut") in codes(shut)
    batch = proposed(office)
    opened(office, "")
    # closed again before the second person confirms
    assert confirmed(office, batch).refused[0]["number"] == PAPER.number
    assert found(office) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"issued_on": "2026-11-21"}, ("issued_on", "too_late")),
        ({"issued_on": "2026-02-30"}, ("issued_on", "date")),
        ({"number": "no digits"}, ("number", "number")),
        ({"valid_until": "2027-05-03"}, ("valid_until", "too_late")),
        ({"valid_until": "2026-11-01"}, ("valid_until", "past")),
        ({"document_type": "Z"}, ("document_type", "unknown")),
        ({"exporter": Party("A", None, "XK")}, ("exporter.country", "unknown")),
        ({"exporter": Party("A", None, "DE")}, ("exporter.country", "not_issuer")),
        ({"importer": Party(None, None, "AE")}, ("importer.name", "required")),
        ({"purpose": None}, ("purpose", "required")),
        ({"lines": ()}, ("lines", "required")),
        ({"lines": (replace(SAKER, quantity="1.5"),)}, ("lines[0].quantity", "whole_number")),
        ({"lines": (replace(SAKER, quantity="0"),)}, ("lines[0].quantity", "quantity")),
        ({"lines": (replace(SAKER, unit="BOX"),)}, ("lines[0].unit", "unknown")),
        ({"lines": (replace(SAKER, term="XXX"),)}, ("lines[0].term", "unknown")),
        ({"lines": (replace(SAKER, source="A"),)}, ("lines[0].source", "kingdom")),
        ({"lines": (replace(SAKER, appendix=1),)}, ("lines[0].appendix", "contradicts_list")),
        ({"lines": (replace(SAKER, scientific_name="Ignota ignota"),)}, ("lines[0].appendix", "required")),
        (
            {"lines": (replace(SAKER, scientific_name="Ignota ignota", appendix=2, kingdom="Animalia"),)},
            ("special_conditions", "unlisted"),
        ),
    ],
)
def test_paper_permit_that_breaks_a_rule_is_refused(
    office: MemoryOffice, changes: dict[str, object], refusal: tuple[str, str]
) -> None:
    assert refusal in codes(office, **changes)


def test_optional_fields_of_paper_permit_may_be_missing(office: MemoryOffice) -> None:
    bare = replace(SAKER, description=None, marks=None, common_name=None)
    changes = {"exporter": Party("A", None, "KG"), "importer": Party("B", None, "AE"), "lines": (bare,)}
    assert codes(office, **changes) == set()
    assert legacy_record(paper(**changes), office.listing)["lines"][0].get("common_name") is None  # as on the paper
    free = replace(bare, scientific_name="Ignota ignota", appendix=2, kingdom="Animalia")
    assert codes(office, lines=(free,), special_conditions="Written so on the paper.") == set()
    assert codes(office, lines=(replace(SAKER, appendix=1),), special_conditions="Appendix I in those days.") == set()
    assert codes(office, issued_on="2025-01-10", valid_until="2025-07-10") == set()  # expired: S1 reports it


def test_number_in_tamga_form_is_accepted_only_outside_assigned_serials(office: MemoryOffice) -> None:
    number = "26KG000150/E"
    assert codes(office, number=number) == {("number", "tamga")}  # numbers of this year begin at 1
    office.config = replace(office.config, stage=replace(office.stage, first_serial=200))
    assert codes(office, number=number) == set()
    assert codes(office, number="26KG000200/E") == {("number", "tamga")}
    assert codes(office, number="26 kg 200 e") == {("number", "tamga")}
    assert codes(office, number="25KG000150/E") == {("number", "year")}
    assert codes(office, number="26KZ000150/E") == {("number", "foreign")}
    assert codes(office, number="25KG000999/E", issued_on="2025-10-01", valid_until="2026-03-01") == set()
    first = issued(office)
    assert first.number == "26KG000200/E"
    assert imported(office, paper(number)).number == number
    assert codes(office, number="26KG000201/E") == {("number", "tamga")}
    assert codes(office, number="26KG000151/O") == set()


def test_number_of_a_paper_permit_is_skipped_at_issue() -> None:
    office = opened(MemoryOffice(Stage(first_serial=200)))
    imported(office, paper("26KG000150/E"), paper("26KG000151/E"))
    office.config = replace(office.config, stage=replace(office.stage, first_serial=150))  # lowered by mistake
    assert issued(office).number == "26KG000152/E"
    assert issued(office).number == "26KG000153/E"


def test_revoked_paper_permit_stays_revoked_after_import_again(office: MemoryOffice) -> None:
    dossier = imported(office)
    change_status.revoke(dossier.id, "false", True, APPROVER, office)
    assert examined(office, [PAPER]).known == (0,)
    assert ("number", "conflict") not in codes(office)
    with pytest.raises(Invalid):
        proposed(office)
    assert found(office).state == "revoked"


def test_role_only_in_user_pool_is_forbidden(office: MemoryOffice) -> None:
    batch = proposed(office)
    for actor in (replace(PREPARER, id="u-stranger"), replace(APPROVER, id="u-stranger")):
        for refused in (
            lambda actor=actor: import_batch.examine([PAPER], actor, office),
            lambda actor=actor: confirm_batch.confirm(confirm_batch.ReadBatch(batch.id, batch.digest), actor, office),
            lambda actor=actor: confirm_batch.reject(batch.id, "no", actor, office),
            lambda actor=actor: import_batch.batches(actor, register=office.register),
            lambda actor=actor: shown(office, batch, actor),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                refused()
    office.register_person(replace(APPROVER, roles=frozenset({"auditor"})))
    with pytest.raises(Forbidden, match="You are not registered"):
        confirmed(office, batch)
    assert found(office) is None


@pytest.mark.parametrize(("issued_on", "refused"), [("2023-02-22", False), ("2023-02-23", True), ("2016-05-01", False)])
def test_paper_permit_is_judged_by_the_list_of_its_day(office: MemoryOffice, issued_on: str, refused: bool) -> None:
    """Moved from Appendix II to I on 23 February 2023. Before 21 April 2017 the list is not certain."""
    line = replace(SAKER, scientific_name="Cuora galbinifrons", appendix=2)
    assert (("lines[0].appendix", "contradicts_list") in codes(office, issued_on=issued_on, lines=(line,))) == refused
