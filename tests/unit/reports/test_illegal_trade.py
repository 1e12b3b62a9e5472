"""Species names of the illegal trade report: the accepted name kept with a line, otherwise the list's name."""

from __future__ import annotations

import pytest

from chalicelib.reports.model.illegal_trade import COLUMNS, as_listed, rows_of
from chalicelib.species.services import list_in_use


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ({"scientific_name": "Uncia uncia", "accepted_name": "Panthera uncia"}, ("Panthera uncia", "I")),
        ({"scientific_name": "Uncia uncia"}, ("Panthera uncia", "I")),  # an older release stored no accepted name
        ({"scientific_name": "Falco cherrug", "accepted_name": "Falco peregrinus"}, ("Falco peregrinus", "I")),
        ({"scientific_name": "Nonsensus falsus", "accepted_name": None}, ("Nonsensus falsus", "")),
        ({"scientific_name": "Uncia uncia", "accepted_name": None}, ("Panthera uncia", "I")),  # added to the list later
        ({"common_name": "turtle"}, ("", "")),
        ({"scientific_name": "Nonsensus falsus", "appendix": "II"}, ("Nonsensus falsus", "II")),
    ],
)
def test_line_is_reported_under_its_accepted_name(line: dict[str, str], reported: tuple[str, str]) -> None:
    made = as_listed(line, "KG", list_in_use.listing())
    assert (made["scientific_name"], made["appendix"]) == reported


def test_additional_information_lists_data_without_column_and_no_note() -> None:
    """Notes stay out of the report, because they may name people."""
    case = {
        "id": "c", "post": "Dostuk", "goods": [{}, {}], "note": "Said his name was Aibek.",
        "permit": {"issuer": "KZ", "number": "26KZ000001/E"},
        "followups": [{"kind": "note", "text": "Aibek"}, {"kind": "handed_over", "text": "Aibek"}, {"kind": "court"}],
    }  # fmt: skip
    first, second = (dict(zip(COLUMNS, row, strict=True)) for row in rows_of(case, "2026-11-25", ["KZ", ""]))
    assert first["Additional information"] == (
        "document shown: KZ 26KZ000001/E; people: 2; followed by: handed over, court"
    )
    assert second["Additional information"] == ""
    assert first["Nationality of offenders"] == "KZ"
    bare, _ = rows_of({"id": "c", "post": "Dostuk", "goods": [{}, {}], "note": "Aibek"}, "2026-11-25", [])
    assert bare[-1] == ""
