"""What is in a PDF: codes on its pages as a viewer shows them, seals, attachments, the text of our form's blocks.

1 it opens, unencrypted, for qpdf and for PDFium   2 its pages can be counted and are few   3 seals   4 attachments
5 each page: painted and searched for codes; its blocks cut out   6 if no code was found, the first pages again, finer
7 if something was added after an intact seal: which blocks look different from what was sealed
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from PIL import ImageChops

from chalicelib.core.document import DocumentFindings
from chalicelib.reading import form_page
from chalicelib.reading.attachments import read_attachments
from chalicelib.reading.codes import find_codes
from chalicelib.reading.form_page import FormPage
from chalicelib.reading.layout import HAND, UNRULED, form_layout
from chalicelib.reading.limits import CODES, FINE_DPI, HARD_PAGES, PAGE_PIXELS, PAGES, SCAN_DPI, Refused
from chalicelib.reading.seals import read_seals

COMPARE_DPI = 100
VISIBLE_CHANGE = 64  # of 255 grey levels
ALL_BLOCKS = "all"


def read_pdf(data: bytes, on_pages: Callable[[int], None]) -> DocumentFindings:
    """The findings. `on_pages` is told how many pages there are before any is painted. Raises `Refused`."""
    with _open_structure(data) as structure, _open_pages(data) as document:  # 1
        count = len(document)  # 2
        if count > PAGES:
            raise Refused("too-many-pages")
        if count == 0:
            raise Refused("broken")
        on_pages(count)
        sealed = read_seals(data)  # 3
        record, tokens = read_attachments(structure)  # 4
        codes = [_codes(document, index, SCAN_DPI) for index in range(count)]  # 5
        forms = [form_page.read_form(document[index]) for index in range(count)]
        if not any(codes):  # 6
            for index in range(min(count, HARD_PAGES)):
                codes[index] = _codes(document, index, FINE_DPI, hard=True)
        found = tuple(dict.fromkeys(code for page in codes for code in page))
        if len(found) > CODES:
            raise Refused("too-large")
        findings = DocumentFindings(
            kind="pdf", codes=found, pages=count, seals=sealed.seals, revisions=sealed.revisions, record=record,
            tokens=tokens, has_text=any(form is not None for form in forms) or _has_text(document),
        )  # fmt: skip
        changed = _changed(data[: sealed.signed_bytes], document) if 0 < sealed.signed_bytes < len(data) else set()  # 7
        return _with_forms(findings, forms, codes, changed)


def _open_structure(data: bytes) -> pikepdf.Pdf:
    try:
        structure = pikepdf.open(BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except pikepdf.PdfError as error:
        raise Refused("broken") from error
    if structure.is_encrypted:  # with an empty password: what may be read is still not what was issued
        structure.close()
        raise Refused("encrypted")
    return structure


def _open_pages(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()  # so that filled fields are painted as a viewer paints them
    except pdfium.PdfiumError as error:
        raise Refused("broken") from error
    return document


def _codes(document: Any, index: int, dpi: int, *, hard: bool = False) -> tuple[str, ...]:
    return find_codes(_paint(document[index], dpi), hard=hard)


def _paint(page: Any, dpi: int) -> Any:
    """The page as a grey picture, annotations and fields included, never above PAGE_PIXELS."""
    width, height = page.get_size()
    scale = dpi / 72
    if width * height * scale * scale > PAGE_PIXELS:
        scale = (PAGE_PIXELS / (width * height)) ** 0.5
    return page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil()


def _has_text(document: Any) -> bool:
    for index in range(len(document)):
        text = document[index].get_textpage()
        if text.count_chars() > 0:
            return True
    return False


def _changed(sealed: bytes, document: Any) -> set[str]:
    """The blocks 1-13 that look otherwise than in the sealed beginning of the file; ALL_BLOCKS if pages differ."""
    try:
        original = pdfium.PdfDocument(sealed)
        original.init_forms()
    except pdfium.PdfiumError:
        return {ALL_BLOCKS}
    if len(original) != len(document):
        return {ALL_BLOCKS}
    changed: set[str] = set()
    for index in range(len(original)):
        before, after = _paint(original[index], COMPARE_DPI), _paint(document[index], COMPARE_DPI)
        if before.size != after.size:
            return {ALL_BLOCKS}
        difference = ImageChops.difference(before, after).point(lambda level: 255 * (level > VISIBLE_CHANGE))
        if form_page.read_form(original[index]) is None:
            if difference.getbbox() is not None:
                changed.add(ALL_BLOCKS)
            continue
        layout = form_layout()
        unit = before.size[0] / layout.width
        for name, rect in layout.blocks.items():
            if name in HAND | UNRULED:
                continue
            part = difference.crop(
                (int(rect.left * unit), int(rect.top * unit), int(rect.right * unit) + 1, int(rect.bottom * unit) + 1)
            )
            if part.getbbox() is not None:
                changed.add(name)
    return changed


def _with_forms(
    findings: DocumentFindings, forms: list[FormPage | None], codes: list[tuple[str, ...]], changed: set[str]
) -> DocumentFindings:
    read = [(form, page) for form, page in zip(forms, codes, strict=True) if form is not None]
    names = list(form_layout().blocks) if read else []
    overlaid = changed.union(*(form.overlaid for form, _ in read))
    return replace(
        findings,
        form_codes=tuple(page[0] if page else "" for _, page in read),
        blocks={name: tuple(form.blocks[name] for form, _ in read) for name in names if name not in HAND - {"page"}},
        overlaid=tuple(sorted(overlaid)),
    )
