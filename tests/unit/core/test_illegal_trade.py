"""The illegal trade report's names: the one that was kept with a line, or what the list says of an older record."""

from __future__ import annotations

import pytest

from chalicelib import tables
from chalicelib.core.illegal_trade import as_listed


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ({"scientific_name": "Uncia uncia", "accepted_name": "Panthera uncia"}, ("Panthera uncia", "I")),
        ({"scientific_name": "Uncia uncia"}, ("Panthera uncia", "I")),  # an older release kept no accepted name
        ({"scientific_name": "Falco cherrug", "accepted_name": "Falco peregrinus"}, ("Falco peregrinus", "I")),
        ({"scientific_name": "Nonsensus falsus", "accepted_name": None}, ("Nonsensus falsus", "")),
        ({"scientific_name": "Uncia uncia", "accepted_name": None}, ("Panthera uncia", "I")),  # in the list since
        ({"common_name": "turtle"}, ("", "")),
        ({"scientific_name": "Nonsensus falsus", "appendix": "II"}, ("Nonsensus falsus", "II")),
    ],
)
def test_a_line_stands_under_its_accepted_name(line: dict[str, str], reported: tuple[str, str]) -> None:
    made = as_listed(line, "KG", tables.listing())
    assert (made["scientific_name"], made["appendix"]) == reported
