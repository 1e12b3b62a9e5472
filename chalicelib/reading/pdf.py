"""Reader of a PDF: codes on its pages as a viewer shows them, seals, attachments, text of our form's blocks.

1 open it, unencrypted, with qpdf and with PDFium
2 count the pages; refuse too many
3 read the seals
4 read the attachments of our print, decompressed up to a limit: the record and the text of each page's code
5 for each page: paint it, search it for codes, read its blocks
6 if no code was found, search the first pages again at a finer scale and with every attempt
7 for pages without our form's text that look like a page with it: find the blocks that differ
8 if something was added after an intact seal: find the blocks that differ from the sealed file
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array
from PIL import Image, ImageChops

from chalicelib.reading import form_page
from chalicelib.reading.drawing import painted
from chalicelib.reading.form_layout import HANDWRITTEN, form_layout
from chalicelib.reading.form_page import FormPage
from chalicelib.reading.limits import (
    CODES,
    FILE_PAGES,
    FINE_DPI,
    HARD_PAGES,
    PAGE_PIXELS,
    RECORD_BYTES,
    SCAN_DPI,
    TOKEN_BYTES,
    Refused,
)
from chalicelib.reading.pictures import find_codes
from chalicelib.reading.seals import read_seals
from chalicelib.record.block_texts import CODE_FILE, RECORD_FILE
from chalicelib.verdict.file_findings import FileFindings

PAGES = 20  # FORMAT.md 1: page 1..20


def read_attachments(pdf: Any) -> tuple[str | None, tuple[str, ...]]:
    """The record as JSON text and the texts of the codes, from an open pikepdf document.

    An attachment that is missing, too large, not UTF-8 or has another filter is left out. Without them a file is not
    the issuer's own.
    """
    files = pdf.attachments
    record = _text(files, RECORD_FILE, RECORD_BYTES)
    tokens = [_text(files, CODE_FILE.format(page=page), TOKEN_BYTES) for page in range(1, PAGES + 1)]
    return record, tuple(token for token in tokens if token is not None)


def _text(files: Any, name: str, most: int) -> str | None:
    if name not in files:
        return None
    content = _content(files[name].get_file().obj, most)
    try:
        return None if content is None else content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _content(stream: Any, most: int) -> bytes | None:
    """The bytes of a stream that is plain or deflated once, or None if damaged, too large or otherwise filtered."""
    raw = bytes(stream.read_raw_bytes())
    kind = stream.get("/Filter")
    if isinstance(kind, Array) and len(kind) == 1:
        kind = kind[0]
    if kind is None:
        return raw if len(raw) <= most else None
    if str(kind) != "/FlateDecode" or stream.get("/DecodeParms") is not None:
        return None
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(raw, most + 1)
    except zlib.error:
        return None
    return content if len(content) <= most and inflate.eof else None


VISIBLE_CHANGE = 64  # grey levels of 255

ALL_BLOCKS = "all"


def read_pdf(data: bytes, on_pages: Callable[[int], None]) -> FileFindings:
    """Findings about a PDF. Raises `Refused`.

    `on_pages` is called with the number of pages before any page is painted.
    """
    with _open_structure(data) as structure, _open_pages(data) as document:  # 1
        count = len(document)  # 2
        if count > FILE_PAGES:
            raise Refused("too-many-pages")
        if count == 0:
            raise Refused("broken")
        on_pages(count)
        sealed = read_seals(data)  # 3
        record, tokens = read_attachments(structure)  # 4
        read = [_page(document[index]) for index in range(count)]  # 5
        codes, forms = [page.codes for page in read], [page.form for page in read]
        if not any(codes):  # 6
            for index in range(min(count, HARD_PAGES)):
                codes[index] = find_codes(_paint(document[index], FINE_DPI), hard=True)
        found = tuple(dict.fromkeys(code for page in codes for code in page))
        if len(found) > CODES:
            raise Refused("too-large")
        findings = FileFindings(
            kind="pdf",
            codes=found,
            pages=count,
            seals=sealed.seals,
            revisions=sealed.revisions,
            record=record,
            tokens=tokens,
            has_text=any(form is not None for form in forms) or _has_text(document),
        )
        altered, overlaid = _forged_copies(read), set[str]()  # 7
        if 0 < sealed.signed_bytes < len(data):  # 8
            changed = _changed(data[: sealed.signed_bytes], [page.shown for page in read])
            altered, overlaid = altered | changed[0], changed[1]
        return _with_forms(findings, forms, codes, altered, overlaid)


@dataclass(frozen=True, slots=True)
class _Page:
    """Findings about one page. `shown`: its picture in grey, at half of SCAN_DPI."""

    codes: tuple[str, ...]
    shown: Image.Image
    form: FormPage | None


def _page(page: Any) -> _Page:
    scale = _scale(page, SCAN_DPI)
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil()
    shown = picture.reduce(2)
    return _Page(find_codes(picture, hard=False), shown, form_page.read_form(page, shown, scale))


def _open_structure(data: bytes) -> pikepdf.Pdf:
    try:
        structure = pikepdf.open(BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except pikepdf.PdfError as error:
        raise Refused("broken") from error
    if structure.is_encrypted:  # with an empty password it can be read, but no issued file is encrypted
        structure.close()
        raise Refused("encrypted")
    return structure


def _open_pages(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()  # paint filled fields as a viewer does
    except pdfium.PdfiumError as error:
        raise Refused("broken") from error
    return document


def _paint(page: Any, dpi: int) -> Image.Image:
    """The page as a grey picture with annotations and fields, at most PAGE_PIXELS large."""
    picture: Image.Image = page.render(scale=_scale(page, dpi), grayscale=True, may_draw_forms=True).to_pil()
    return picture


def _scale(page: Any, dpi: int) -> float:
    """Pixels a point for a picture at `dpi`, limited by PAGE_PIXELS."""
    width, height = page.get_size()
    most: float = (PAGE_PIXELS / (width * height)) ** 0.5
    return min(dpi / 72, most)


def _has_text(document: Any) -> bool:
    for index in range(len(document)):
        text = document[index].get_textpage()
        if text.count_chars() > 0:
            return True
    return False


def _forged_copies(pages: list[_Page]) -> set[str]:
    """Blocks that differ on a page that looks like our form but does not have its text.

    It is compared with the pages that have the text. A page with the code of another page or permit is not a copy.
    """
    altered: set[str] = set()
    for page in pages:
        if page.form is not None:
            continue
        found = []
        for form, codes in ((each.form, each.codes) for each in pages):
            if form is None or (page.codes and not set(page.codes) & set(codes)):
                continue
            shown = page.shown.resize(form.reference.letters.size)
            if form.reference.shown_in(shown):
                found.append(form.reference.altered(shown))
        altered |= min(found, key=len, default=set())
    return altered


def _changed(sealed: bytes, shown: list[Image.Image]) -> tuple[set[str], set[str]]:
    """Blocks 1-13 that differ from the sealed beginning of the file: altered ones, and others that look different.

    Altered blocks have letters that were covered or added to. The result is ALL_BLOCKS if the pages cannot be compared,
    or if a page that is not our form differs.
    """
    try:
        original = pdfium.PdfDocument(sealed)
        original.init_forms()
    except pdfium.PdfiumError:
        return {ALL_BLOCKS}, set()
    if len(original) != len(shown):
        return {ALL_BLOCKS}, set()
    altered: set[str] = set()
    changed: set[str] = set()
    layout = form_layout()
    for index, after in enumerate(shown):
        page = original[index]
        scale = _scale(page, SCAN_DPI)
        before = painted(page, scale)
        if before.size != after.size:
            return {ALL_BLOCKS}, set()
        difference = ImageChops.difference(before, after).point(lambda level: 255 if level > VISIBLE_CHANGE else 0)
        form = form_page.read_form(page, before, scale)
        if form is None:
            changed |= {ALL_BLOCKS} if difference.getbbox() is not None else set()
            continue
        altered |= form.reference.altered(after)
        changed |= {name for name, rect in layout.ruled.items() if form.reference.crop(difference, rect)}
    return altered, changed


def _with_forms(
    findings: FileFindings,
    forms: list[FormPage | None],
    codes: list[tuple[str, ...]],
    altered: set[str],
    overlaid: set[str],
) -> FileFindings:
    read = [(form, page) for form, page in zip(forms, codes, strict=True) if form is not None]
    names = list(form_layout().blocks) if read else []
    altered = altered.union(*(form.altered for form, _ in read))
    overlaid = overlaid.union(*(form.overlaid for form, _ in read)) - altered
    return replace(
        findings,
        form_codes=tuple(page[0] if page else "" for _, page in read),
        blocks={
            name: tuple(form.blocks[name] for form, _ in read) for name in names if name not in HANDWRITTEN - {"page"}
        },
        overlaid=tuple(sorted(overlaid)),
        altered=tuple(sorted(altered)),
    )
