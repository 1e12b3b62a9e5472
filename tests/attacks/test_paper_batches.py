"""Import batches of the old paper register: false rows in them, and attempts to block another preparer's batch."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from life import SAKER
from office import ADMIN, APPROVER, PREPARER, MemoryOffice
from papers import PAPER, confirmed, examined, imported, opened, paper, proposed

from chalicelib.cli.output import out
from chalicelib.kernel.errors import Invalid, TwoPeople, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.legacy_register import cli as legacy_register_cli
from chalicelib.legacy_register.model import SAMPLE, Paper, sample
from chalicelib.legacy_register.services import confirm_batch
from chalicelib.legacy_register.services.confirm_batch import Review
from chalicelib.legacy_register.services.import_batch import Batch
from chalicelib.permits.services import store
from chalicelib.record.permit import Party

BAD = Actor("u-bad", "Bad Preparer", frozenset({"preparer"}))
SECOND = Actor("u-appr2", "Second Approver", frozenset({"approver"}))
BOTH = Actor("u-both", "Both Hands", frozenset({"preparer", "approver"}))
ROWS = 400


@pytest.fixture
def office() -> MemoryOffice:
    made = opened(MemoryOffice())
    for actor in (BAD, SECOND, BOTH):
        made.register_person(actor)
    return made


def distinct(count: int = ROWS) -> list[Paper]:
    """Papers of `count` exporters, all different."""
    return [
        paper(f"KG-{n:04d}/2026", exporter=Party(f"Firm {n}", None, "KG"), lines=(replace(SAKER, marks=f"ring {n}"),))
        for n in range(1, count + 1)
    ]


def read(office: MemoryOffice, batch: Batch, actor: Actor = APPROVER, whole: bool = False) -> Review:
    return confirm_batch.review(batch.id, actor, office, whole=whole)  # fmt: skip


def confirm(office: MemoryOffice, batch: Batch, actor: Actor = APPROVER, similar: int = 0) -> Batch:
    return confirm_batch.confirm(confirm_batch.ReadBatch(batch.id, batch.digest, similar), actor, office)


def why(office: MemoryOffice, rows: Sequence[Paper]) -> dict[int, tuple[str, ...]]:
    return {each.row: each.why for each in read(office, proposed(office, rows)).rows}


def test_conspicuous_forged_row_is_in_review(office: MemoryOffice) -> None:
    rows = distinct()
    rows[1] = paper("KG-7777/2026", lines=(replace(SAKER, quantity="500", marks="none"),))  # never existed on paper
    rows[7] = replace(rows[7], application=replace(rows[7].application, special_conditions="as on the paper",
                                                   lines=(replace(SAKER, appendix=1, marks="ring 8"),)))  # fmt: skip
    rows[9] = replace(rows[9], application=replace(rows[9].application, valid_until="2027-05-02"))
    found = why(office, rows)
    assert (found[2], found[8], found[10]) == (("quantity",), ("Appendix I",), ("expires last",))
    assert len(found) < SAMPLE + 10


def test_review_shows_source_purpose_appendix_and_marks(office: MemoryOffice) -> None:
    batch = proposed(office, [paper("KG-7777/2026", lines=(replace(SAKER, quantity="500", marks="none of any"),))])
    with out.capture() as got:
        legacy_register_cli._show(read(office, batch), False)
    assert "permit 1 (sample): KG-7777/2026, E, issued 2026-11-02, valid until 2027-04-30\n" in got.get()
    assert "Abu Dhabi Falcons (AE), purpose T\n" in got.get()
    assert (
        "  500 LIV Falco cherrug, Appendix II, source C, marks none of any, Live birds, bred in captivity\n"
        in got.get()
    )


def test_sample_differs_by_approver_and_cannot_be_predicted(office: MemoryOffice) -> None:
    """Each sample follows from 16 random bytes that are drawn after the proposal, one seed an approver."""
    drawn: list[bytes] = []

    def draw(count: int) -> bytes:
        drawn.append(secrets.token_bytes(count))
        return drawn[-1]

    office.random_bytes = draw  # type: ignore[method-assign]
    batch = proposed(office, distinct())
    drawn.clear()
    one, other = read(office, batch), read(office, batch, SECOND)
    for review, seed in zip((one, other), drawn, strict=True):
        assert len(seed) == 16
        assert [each.row - 1 for each in review.rows] == sample(ROWS, seed)
    assert len(one.rows) == SAMPLE
    assert {each.row for each in one.rows} != {each.row for each in other.rows}
    assert read(office, batch) == one  # the same approver gets the same sample
    assert len(read(office, batch, whole=True).rows) == ROWS


def test_sampling_covers_every_row(office: MemoryOffice) -> None:
    drawn = {at for n in range(200) for at in sample(ROWS, n.to_bytes(2))}
    assert drawn == set(range(ROWS))


def test_reviewed_rows_are_stored_and_required_for_confirmation(office: MemoryOffice) -> None:
    batch = proposed(office, distinct())
    read(office, batch, SECOND)
    with pytest.raises(WrongState):
        confirm(office, batch)
    shown = read(office, batch)
    done = confirm(office, batch)
    assert done.reviewed is not None
    assert done.reviewed["sample"] == [each.row for each in shown.rows]
    assert (done.reviewed["whole"], done.reviewed["similar"]) == (False, 0)
    other = proposed(office, [paper("X-1", exporter=Party("Other", None, "KG"), lines=(replace(SAKER, marks="7"),))])
    read(office, other, whole=True)
    again = confirm(office, other)
    assert again.reviewed is not None
    assert (again.reviewed["whole"], again.reviewed["sample"]) == (True, [])


DIFFERENT: dict[str, Any] = {
    "exporter": Party("Another Exporter", None, "KG"), "lines": (replace(SAKER, marks="none", quantity="7"),),
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        paper("KG-0117/2026-Б", **DIFFERENT), paper("KG-0117/2O26г", **DIFFERENT), paper("0117/2026", **DIFFERENT),
        paper("KG-0117/2026/1", **DIFFERENT), paper("2026/KG-0117", **DIFFERENT), paper("GK-117/2026", **DIFFERENT),
        paper("KG-O117/Z026", **DIFFERENT), paper("AKG-0117-26", **DIFFERENT),
        paper("SZ-9/2026"),  # the same exporter, goods and day
        paper("SZ-9/2026", exporter=Party("Falcon Centre, L.L.C.", None, "KG")),
        paper("SZ-9/2026", "2026-11-03", lines=(replace(SAKER, quantity="1"),)),  # the same rings
    ],
    ids=lambda p: p.number,
)  # fmt: skip
def test_paper_with_similar_number_is_shown_and_confirmed_separately(office: MemoryOffice, changed: Paper) -> None:
    imported(office)
    batch = proposed(office, [*distinct(60), changed])
    (row,) = [each for each in read(office, batch).rows if each.like]
    assert (row.row, row.like) == (61, (PAPER.number,))
    with pytest.raises(Invalid) as refused:
        confirm(office, batch)
    assert refused.value.errors[0].code == "unconfirmed"
    assert store.find_number(office.register, "KG", changed.number) is None
    assert confirm(office, batch, similar=1).refused == ()


@pytest.mark.parametrize(
    "number",
    ["KG-0118/2026", "KG-0117/2025", "KG-1170/2026", "A-117/2026", "KG-0117", "117/2026/5/3", "26KG000117/E"],
)
def test_neighbouring_and_other_series_are_not_similar(office: MemoryOffice, number: str) -> None:
    office.config = replace(office.config, stage=replace(office.stage, first_serial=200))
    imported(office)
    batch = proposed(office, [paper(number, **DIFFERENT)])
    assert read(office, batch).similar == 0


def test_similar_rows_of_one_batch_are_both_shown(office: MemoryOffice) -> None:
    batch = proposed(office, [PAPER, paper("KG-0117/2026-Б", **DIFFERENT)])
    assert [each.like for each in read(office, batch).rows] == [("KG-0117/2026-Б",), (PAPER.number,)]


def test_batch_of_another_preparer_blocks_nothing(office: MemoryOffice) -> None:
    theirs = proposed(office, actor=BAD)
    mine = proposed(office)
    assert (mine.by, mine.id != theirs.id) == (PREPARER.id, True)
    confirm_batch.reject(theirs.id, "typing error", BAD, office)
    assert proposed(office) == mine
    assert confirmed(office, mine).refused == ()
    assert examined(office, [PAPER]).known == (0,)


def test_preparer_may_propose_withdrawn_batch_again_but_not_confirm_it(office: MemoryOffice) -> None:
    for _ in range(3):
        last = proposed(office, actor=BOTH)
        assert last.state == "proposed"
        confirm_batch.reject(last.id, "not yet", BOTH, office)
    again = proposed(office, actor=BOTH)
    with pytest.raises(TwoPeople):
        confirmed(office, again, BOTH)
    confirm_batch.reject(again.id, "false", APPROVER, office)
    with pytest.raises(WrongState):
        proposed(office, actor=BOTH)  # an approver rejected it
    assert proposed(office, actor=ADMIN).state == "proposed"
