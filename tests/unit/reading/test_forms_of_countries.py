"""Forms of each country with a folder: recognised, and not mixed with the words of another country."""

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
def test_own_form_of_country_has_no_overlay(country: str, kind: str) -> None:
    authority = MemoryOffice(Stage(country, "cites.example.org", practice=False)).authority
    read = read_form(pdfium.PdfDocument(render(replace(sheet(kind, LINES[:4]), authority=authority)))[0])
    assert read
    assert read.overlaid == frozenset()


def test_letters_allowed_on_a_form_do_not_include_another_form() -> None:
    """Otherwise letters could be added to one form, up to those of the other."""
    for one in form_layout().letters:
        for other in form_layout().letters:
            assert one is other or any(one[band] - other[band] for band in one)
