"""What our print carries beside its pages: the record and the text of each page's code, inflated under a cap."""

from __future__ import annotations

import zlib
from typing import Any

from pikepdf import Array

from chalicelib.core.printed_form import CODE_FILE, RECORD_FILE
from chalicelib.reading.limits import RECORD_BYTES, TOKEN_BYTES

PAGES = 20  # FORMAT.md 1: page 1..20


def read_attachments(pdf: Any) -> tuple[str | None, tuple[str, ...]]:
    """The record's JSON text and the codes' texts, of an open pikepdf document.

    What is missing, too large, of another filter or not UTF-8 is left out: without them a file is not the issuer's own.
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
    """At most `most` bytes of a stream that is plain or deflated once."""
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
