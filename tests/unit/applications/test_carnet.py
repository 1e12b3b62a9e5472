"""The ATA carnet of a sample collection: required, printed in block 5, and stored only when it is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from kinds import APPLICATIONS
from life import issued
from office import MemoryOffice

from chalicelib.applications.rules import check
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.permits.model import block_5
from chalicelib.record.permit import Application, from_record, record_digest, to_record
from chalicelib.record.shape import malformed
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()
SAMPLES = APPLICATIONS["OS"]


def found(application: Application) -> list[tuple[str, str]]:
    errors = check.check(application, LISTING, today=date(2026, 11, 25), issuer="KG")
    return [(each.field, each.code) for each in errors]


@pytest.mark.parametrize("carnet", [None, "", " "])
def test_sample_collection_without_carnet_is_refused(carnet: str | None) -> None:
    assert found(replace(SAMPLES, ata_carnet=carnet)) == [("ata_carnet", "required")]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"OS", "OI"}))
def test_carnet_of_another_kind_is_refused(kind: str) -> None:
    assert found(replace(APPLICATIONS[kind], ata_carnet="KG/1")) == [("ata_carnet", "kind")]


@pytest.mark.parametrize(
    ("carnet", "code"), [("К" * 4, "not_latin"), ("1" * 36, "too_long"), ("1\u202e", "characters")]
)
def test_malformed_carnet_is_refused(carnet: str, code: str) -> None:
    assert [(each.field, each.code) for each in malformed(replace(SAMPLES, ata_carnet=carnet))] == [
        ("ata_carnet", code)
    ]


def test_carnet_is_printed_in_block_5_and_returned(office: MemoryOffice) -> None:
    dossier = issued(office, SAMPLES)
    assert dossier.record["ata_carnet"] == "KG/2026/0017"
    assert from_record(dossier.record).ata_carnet == "KG/2026/0017"
    printed = block_5.as_printed(dossier, office.stage, office.now)
    assert "Valid only with ATA carnet KG/2026/0017." in printed
    assert "must not be sold" in printed


def test_record_without_carnet_keeps_its_digest() -> None:
    record = to_record(APPLICATIONS["E"])
    assert "ata_carnet" not in record
    assert record_digest(record) == record_digest(to_record(replace(APPLICATIONS["E"], ata_carnet=None)))
    assert from_record(record) == APPLICATIONS["E"]
