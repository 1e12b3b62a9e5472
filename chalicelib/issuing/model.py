"""Split an application into pages: up to four lines a page, as many as its QR code holds, the rest on annex pages.

1 normalize names and texts to NFC    2 one page without page numbers, if everything fits
3 else pages in order, each filled before the next
Only the names of exporter and importer may be shortened, at a word. A line that is still too long for a page of its
own carries a digest of its marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from chalicelib.kernel.codes import NUMBER
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.record.permit import (
    LINES_A_PAGE,
    Application,
    Line,
    MarksDigest,
    Permit,
    SourceDocument,
    TokenLine,
    TokenParty,
    TokenSource,
)
from chalicelib.token.claims import PAGES_AT_MOST, draft_claims
from chalicelib.token.cose import encode_protected, encode_sign1
from chalicelib.token.qr_text import WIDTHS

V18_M_BITS = 4504  # data bits of a version 18 symbol at level M (ISO/IEC 18004, table 7)

BYTE_HEADER, NUMERIC_HEADER, TERMINATOR = 4 + 16, 4 + 12, 4  # mode and count in versions 10-26

NAME_LENGTHS = (200, 120, 80, 60)  # characters; names shrink first, because the border compares marks

SHORTEST_NAMES = (60, 40, 24)

NO_SIGNATURE = bytes(64)


def token_capacity(host: str) -> int:
    """Token bytes that fit a version 18 symbol at level M: 526 for a host of 14 characters, 530 for 10."""
    bits = V18_M_BITS - BYTE_HEADER - 8 * len(f"https://{host}/1#") - NUMERIC_HEADER - TERMINATOR
    digits = bits // 10 * 3
    if bits % 10 >= 7:  # ISO/IEC 18004, 7.4.3: two digits take 7 bits, one takes 4
        digits += 2
    elif bits % 10 >= 4:
        digits += 1
    rest = max(size for size, width in enumerate(WIDTHS[:7]) if width <= digits % 17)
    return digits // 17 * 7 + rest


@dataclass(frozen=True, slots=True)
class SharedClaims:
    """Claims that all pages of a permit share, beside those from the application."""

    issuer: str
    number: str
    issued_at: int
    expires_at: int
    status_uri: str
    status_idx: int
    record_digest: bytes


def paginate(
    application: Application,
    shared: SharedClaims,
    *,
    ctis: Callable[[], bytes] | Sequence[bytes],
    host: str,
    kid: bytes,
) -> tuple[Permit, ...]:
    """Make one Permit for each page of a complete application.

    `ctis`: the 16-byte ids of the pages, or a function that makes one.
    Raises `Invalid`: a line fits no page (the error names it), more than 20 pages, or another number of `ctis`.
    """
    draft = Permit(
        issuer=shared.issuer,
        number=shared.number,
        kind=application.document_type or "",
        exporter=TokenParty(_nfc(application.exporter.name), application.exporter.country or ""),
        importer=TokenParty(_nfc(application.importer.name), application.importer.country or ""),
        purpose=application.purpose or "",
        lines=(),
        record_digest=shared.record_digest,
        cti=bytes(16),
        issued_at=shared.issued_at,
        expires_at=shared.expires_at,
        status_uri=shared.status_uri,
        status_idx=shared.status_idx,
        stamp=application.stamp_number,
    )
    lines = tuple(_token_line(line) for line in application.lines)
    fits = _PageCapacity(token_capacity(host), encode_protected(kid))
    single = replace(draft, lines=lines)
    sheets = [single] if len(lines) <= LINES_A_PAGE and fits(single) else list(_sheets(draft, lines, fits))
    if len(sheets) > PAGES_AT_MOST:
        raise Invalid(
            FieldError(
                "lines",
                "too_many_pages",
                f"The permit would have more than {PAGES_AT_MOST} pages. Split the application.",
            )
        )
    ids = [ctis() for _ in sheets] if callable(ctis) else ctis
    if len(ids) != len(sheets):
        raise Invalid(FieldError("lines", "pages", "The number of pages has changed since the number was reserved."))
    if len(sheets) == 1:
        return (replace(sheets[0], cti=ids[0], page=None),)
    return tuple(replace(s, cti=ids[i], page=(i + 1, len(sheets))) for i, s in enumerate(sheets))


@dataclass(frozen=True, slots=True)
class _PageCapacity:
    capacity: int
    protected: bytes

    def __call__(self, page: Permit) -> bool:
        return len(encode_sign1(self.protected, draft_claims(page), NO_SIGNATURE)) <= self.capacity


def _sheets(draft: Permit, lines: Sequence[TokenLine], fits: _PageCapacity) -> Iterator[Permit]:
    """Step 3: shorten names and marks until each line fits a page alone, then fill page by page."""
    draft, lines = _shorten_to_fit(replace(draft, page=(PAGES_AT_MOST, PAGES_AT_MOST)), lines, fits)
    page = replace(draft, lines=lines[:1])
    if len(lines) <= LINES_A_PAGE and fits(replace(draft, lines=lines, page=None)):
        yield replace(draft, lines=tuple(lines))
        return
    for line in lines[1:]:
        fuller = replace(page, lines=(*page.lines, line))
        if len(fuller.lines) <= LINES_A_PAGE and fits(fuller):
            page = fuller
        else:
            yield page
            page = replace(draft, lines=(line,))
    yield page


def _shorten_to_fit(
    draft: Permit, lines: Sequence[TokenLine], fits: _PageCapacity
) -> tuple[Permit, tuple[TokenLine, ...]]:
    for length in NAME_LENGTHS:
        short = _short(draft, length)
        if all(fits(replace(short, lines=(line,))) for line in lines):
            return short, tuple(lines)
    for length in SHORTEST_NAMES:
        short = _short(draft, length)
        settled = tuple(line if fits(replace(short, lines=(line,))) else _digested(line) for line in lines)
        if all(fits(replace(short, lines=(line,))) for line in settled):
            return short, settled
    short = _short(draft, SHORTEST_NAMES[-1])
    errors = [
        FieldError(
            f"lines[{i}]",
            "too_long",
            "Blocks 7-12b: the texts of this line are too long for the QR code. Shorten them.",
        )
        for i, line in enumerate(lines)
        if not fits(replace(short, lines=(_digested(line),)))
    ]
    raise Invalid(*errors)


def _short(draft: Permit, length: int) -> Permit:
    exporter = replace(draft.exporter, name=shorten(draft.exporter.name, length))
    importer = replace(draft.importer, name=shorten(draft.importer.name, length))
    return replace(draft, exporter=exporter, importer=importer)


def shorten(name: str, length: int) -> str:
    """Cut a longer name at a word to at most `length` characters, the last one "…"."""
    if len(name) <= length:
        return name
    head = name[: length - 1]
    at_word = head if name[length - 1] == " " else head.rpartition(" ")[0]
    return (at_word or head).rstrip(" ,;-") + "…"


def marks_digest(marks: str) -> MarksDigest:
    """Digest of the marks text: its length in characters and the first 16 bytes of its SHA-256 (FORMAT.md 1)."""
    return MarksDigest(len(marks), sha256(marks.encode()).digest()[:16])


def _digested(line: TokenLine) -> TokenLine:
    return replace(line, marks=marks_digest(line.marks)) if isinstance(line.marks, str) else line


def _token_line(line: Line) -> TokenLine:
    return TokenLine(
        taxon=_nfc(line.scientific_name),
        appendix=line.appendix or 0,
        source=line.source or "",
        term=line.term or "",
        quantity=line.quantity or "",
        unit=None if line.unit == NUMBER else line.unit,
        marks=_nfc(line.marks) or None,
        origin=_token_source(line.origin),
        last_reexport=_token_source(line.last_reexport),
        operation=_nfc(line.operation_or_acquisition) or None,
    )


def _token_source(source: SourceDocument | None) -> TokenSource | None:
    if source is None or source.country is None:
        return None
    document = _nfc(source.document) or None
    return TokenSource(source.country, document, source.date if document else None)


def _nfc(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "")
