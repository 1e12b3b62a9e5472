"""The form of each country with a folder is read as what it is, and no country's words are taken on another's."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from office import MemoryOffice
from print_samples import LINES, sheet

from chalicelib.issuing.print.permit_pdf import render
from chalicelib.kernel.stage import Stage
from chalicelib.platform import country_folder
from chalicelib.reading.form_layout import form_layout
from chalicelib.reading.form_page import read_form


@pytest.mark.parametrize("country", country_folder.countries())
@pytest.mark.parametrize("kind", ["E", "I", "R", "OT"])
def test_nothing_lies_over_a_countrys_own_form(country: str, kind: str) -> None:
    authority = MemoryOffice(Stage(country, "cites.example.org", practice=False)).authority
    read = read_form(pdfium.PdfDocument(render(replace(sheet(kind, LINES[:4]), authority=authority)))[0])
    assert read
    assert read.overlaid == frozenset()


def test_no_countrys_form_has_room_for_anothers_words() -> None:
    """Else letters could be added to the one up to what the other has."""
    for one in form_layout().letters:
        for other in form_layout().letters:
            assert one is other or any(one[band] - other[band] for band in one)
