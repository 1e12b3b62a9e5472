"""Permits on paper from before Tamga: proposed by one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from life import APPLICATION, SAKER
from office import ADMIN, APPROVER, PREPARER, MemoryOffice

from chalicelib.kernel.roles import Actor
from chalicelib.legacy_register.model import Paper
from chalicelib.legacy_register.services import confirm_batch, import_batch
from chalicelib.legacy_register.services.confirm_batch import ReadBatch
from chalicelib.legacy_register.services.import_batch import Batch, Examined, SourceFile
from chalicelib.people.services import person_key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store

PAPER_UNTIL = "2026-11-20"
PAPER = Paper("KG-0117/2026", "2026-11-02", replace(APPLICATION, form="paper", lines=(SAKER,)))


def paper(number: str = PAPER.number, issued_on: str = PAPER.issued_on, **changes: Any) -> Paper:
    return Paper(number, issued_on, replace(PAPER.application, **changes))


def opened(office: MemoryOffice, until: str = PAPER_UNTIL) -> MemoryOffice:
    """The same ministry with the import of the old register enabled, and with the people who import."""
    known(office, PREPARER, APPROVER, ADMIN)
    office.config = replace(office.config, stage=replace(office.config.stage, paper_until=until))
    return office


def known(office: MemoryOffice, *actors: Actor) -> None:
    """Store the rows of those people who have none."""
    for actor in actors:
        if office.register.get(person_key(actor.id)) is None:
            office.register_person(actor)


def examined(office: MemoryOffice, papers: Sequence[Paper], actor: Actor = PREPARER) -> Examined:
    known(office, actor)
    return import_batch.examine(papers, actor, office)


def proposed(office: MemoryOffice, papers: Sequence[Paper] = (PAPER,), actor: Actor = PREPARER) -> Batch:
    known(office, actor)
    return import_batch.propose(papers, SourceFile("register.csv", "0" * 64), actor, office)


def confirmed(office: MemoryOffice, batch: Batch, actor: Actor = APPROVER, digest: str | None = None) -> Batch:
    """Confirm as a person who reviewed the batch, including the rows similar to others."""
    known(office, actor)
    shown = confirm_batch.review(batch.id, actor, office)  # fmt: skip
    read = ReadBatch(batch.id, batch.digest if digest is None else digest, shown.similar)
    return confirm_batch.confirm(read, actor, office)


def imported(office: MemoryOffice, *papers: Paper) -> Dossier:
    """The dossier of the first of these papers, imported and confirmed."""
    wanted = papers or (PAPER,)
    confirmed(office, proposed(office, wanted))
    found = store.find_number(office.register, office.stage.issuer, wanted[0].number)
    assert found is not None
    return found
