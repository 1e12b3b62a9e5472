"""Watermark of one or two words, which stays on the page."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from PIL import ImageChops
from reportlab.pdfgen.canvas import Canvas

from chalicelib.issuing.print.form_face import operators

WIDTH, HEIGHT, AROUND = 595, 842, 300  # points


@pytest.mark.parametrize(
    "words", [["COPY"], ["PRACTICE"], ["COPY", "PRACTICE"], ["PRACTICE", "VOID"], ["PRACTICE", "PREVIEW"]]
)
def test_watermark_stays_on_the_page(words: list[str]) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH + 2 * AROUND, HEIGHT + 2 * AROUND))
    canvas.translate(AROUND, AROUND)
    canvas.addLiteral(operators(words, WIDTH, HEIGHT))
    canvas.save()
    picture = pypdfium2.PdfDocument(out.getvalue())[0].render().to_pil().convert("L")
    left, top, right, bottom = ImageChops.invert(picture).getbbox() or (0, 0, 0, 0)
    assert left >= AROUND
    assert top >= AROUND
    assert right <= AROUND + WIDTH
    assert bottom <= AROUND + HEIGHT
    assert right - left > WIDTH * 0.4  # it is not small either
