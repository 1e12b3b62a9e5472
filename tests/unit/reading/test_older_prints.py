"""Prints of an older form, which are recognised so that no goods are detained because of them.

`print-0.2.0.pdf` is `render(sheet("R", LINES[:4]))` of version 0.2.0, whose labels had other positions.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
from print_samples import LINES, sheet

from chalicelib.issuing.print.sheet import blocks
from chalicelib.reading.form_layout import HANDWRITTEN
from chalicelib.reading.form_page import read_form
from chalicelib.record.block_texts import same_text


def test_print_of_0_2_0_is_our_form_without_overlay() -> None:
    data = Path(__file__).with_name("print-0.2.0.pdf").read_bytes()
    read = read_form(pdfium.PdfDocument(data)[0])
    assert read
    assert read.overlaid == frozenset()
    expected = blocks(sheet("R", LINES[:4]))[0]
    assert {
        name: text
        for name, text in read.blocks.items()
        if name not in HANDWRITTEN and not same_text(text, expected.get(name, ""))
    } == {}
