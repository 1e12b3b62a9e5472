"""Block 5: the remarks that the rules require, and the preview on the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from print_samples import LINES
from vectors import craft

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.block_5 import (
    LIVE_TRANSPORT,
    MANY_CROSSINGS,
    ONE_CONSIGNMENT,
    Replaces,
    as_printed,
    special_conditions,
)
from chalicelib.permits.model.dossier import Dossier, Draw
from chalicelib.record.permit import LEGACY, Application, to_record

STAGE = Stage()  # craft.T is a day in 2027


def dossier(record: Application, **changes: object) -> Dossier:
    made = Dossier("d", 3, "draft", "", "c", 0, to_record(record), replaces_reason="lost")
    return replace(made, **changes)  # type: ignore[arg-type]


def test_block_5_has_the_remarks_that_the_rules_require() -> None:
    live = Application("E", lines=LINES[:1], special_conditions="Feed it.", retrospective="clerk's error")
    text = special_conditions(live, KINDS["E"], Replaces("26KG000007/E", "lost", "2026-11-20"))
    assert text.splitlines()[:4] == [
        "REPLACEMENT of 26KG000007/E: lost",
        "The goods LEFT on 20 November 2026 with 26KG000007/E: not valid for another export.",
        "ISSUED RETROSPECTIVELY: clerk's error",
        "Feed it.",
    ]
    assert LIVE_TRANSPORT in text
    trophy = special_conditions(Application("OW", lines=LINES[1:2]), KINDS["OW"])
    assert LIVE_TRANSPORT not in trophy
    assert MANY_CROSSINGS in trophy


def test_preview_names_replaced_permit_and_quota_of_another_year() -> None:
    lines = (LINES[0], replace(LINES[1], quota_year="2026"), replace(LINES[1], quota_year="2027"))
    made = dossier(Application("E", lines=lines, special_conditions="Feed it."), replaces_number="26KG000007/E")
    assert as_printed(made, STAGE, craft.T).splitlines() == [
        "REPLACEMENT of 26KG000007/E: lost", "Feed it.", "QUOTA OF 2026: line B.", LIVE_TRANSPORT, ONE_CONSIGNMENT,
    ]  # fmt: skip


def test_issued_permit_names_the_quota_year_of_its_draws() -> None:
    drawn = (Draw("q", 2026, 0, "1"), Draw("r", 2027, 1, "1"))
    made = dossier(Application("E", lines=LINES[:2]), issued_at=craft.T, draws=drawn)
    assert "QUOTA OF 2026: line A." in as_printed(made, STAGE, craft.T + 40_000_000)
    assert "QUOTA OF 2027" not in as_printed(made, STAGE, craft.T + 40_000_000)


@pytest.mark.parametrize(("kind", "form"), [(None, "paper"), ("E", LEGACY)])
def test_preview_without_kind_or_of_paper_register_has_only_own_remarks(kind: str | None, form: str) -> None:
    made = dossier(Application(kind, lines=LINES[:1], special_conditions="Feed it.", form=form))
    assert as_printed(made, STAGE, craft.T) == "Feed it."
    assert as_printed(dossier(Application(kind, form=form)), STAGE, craft.T) == ""
