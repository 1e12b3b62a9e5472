"""Paper permits may lack what the rules for new documents ask for in blocks 5 and 12."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from kinds import APPLICATIONS

from chalicelib.kernel.stage import Stage
from chalicelib.legacy_register.model import Paper, check_paper, legacy_record
from chalicelib.record.permit import SourceDocument
from chalicelib.species.services import list_in_use

STAGE = Stage(paper_until="2026-11-10")


@pytest.mark.parametrize("origin", [None, SourceDocument("XX")])
@pytest.mark.parametrize("kind", ["OP", "OS", "OO", "E"])
def test_paper_without_origin_or_carnet_is_taken_over_as_printed(kind: str, origin: SourceDocument | None) -> None:
    application = APPLICATIONS[kind]
    lines = tuple(replace(line, origin=origin) for line in application.lines)
    application = replace(application, form="paper", ata_carnet=None, lines=lines)
    listing = list_in_use.listing()
    paper = Paper("KG-0117/2026", "2026-11-02", application)
    assert check_paper(paper, listing, STAGE, today=date(2026, 11, 25), first_serial=None) == ()
    record = legacy_record(paper, listing)
    assert [line.get("origin") for line in record["lines"]] == [{"country": "XX"} if origin else None]
    assert "ata_carnet" not in record
