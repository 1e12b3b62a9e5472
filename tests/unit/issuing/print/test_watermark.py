"""issuing/print/form_face.py: the words stay on the page, one or two of them."""

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
def test_no_letter_leaves_the_page(words: list[str]) -> None:
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
    assert right - left > WIDTH * 0.4  # and are not small either
