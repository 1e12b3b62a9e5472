"""Altered files that try to keep a valid signature: later revisions, shadow attacks, byte ranges, other seals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO

from altered.editing import (
    QUANTITY,
    appended,
    box,
    drawn_over,
    edited,
    forged_quantity,
    paint,
    resealed,
    touch_root,
    unsealed,
    written,
)  # fmt: skip
from altered.specimens import many, two
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject, TextStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

Makers = Mapping[str, Callable[[], bytes]]  # case -> the file's bytes


def replaced_page(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, replace: the page's content is replaced by another stream."""
    page = writer.root["/Pages"]["/Kids"][0]
    words = f"q {written('CITES PERMIT 200 birds', 30, 60, 14)} Q".replace("/FX", "/F1+0").encode()
    page["/Contents"] = writer.add_object(StreamObject(stream_data=words))
    writer.update_container(page)


def replaced_font(writer: IncrementalPdfFileWriter) -> None:
    fonts = writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
    fonts["/F1+0"] = DictionaryObject({
        pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
        pdf_name("/BaseFont"): pdf_name("/Symbol"),
    })  # fmt: skip
    writer.update_container(fonts)


def replaced_pages(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, hide and replace: the catalogue shows the pages of another permit."""
    other = PdfFileReader(BytesIO(many()))
    page = writer.import_object(other.root["/Pages"]["/Kids"][0], obj_stream=None)
    held = writer.root["/Pages"]
    page["/Parent"] = writer.root.raw_get("/Pages")
    held["/Kids"] = ArrayObject([writer.add_object(page)])
    writer.update_container(held)


def byte_range(data: bytes, change: Callable[[list[int]], list[int]], insert: bytes = b"") -> bytes:
    """Rewrite the signature's range in place, and insert bytes after the signature's hex digits."""
    found = re.search(rb"/ByteRange\s*\[([\d\s]+)\]", data)
    assert found
    numbers = [int(word) for word in found[1].split()]
    gap = numbers[2]
    made = b" ".join(b"%d" % number for number in change(numbers)).ljust(len(found[1]))
    return data[: found.start(1)] + made + data[found.end(1) : gap] + insert + data[gap:]


def with_contents(data: bytes, digits: Callable[[bytes], bytes]) -> bytes:
    found = re.search(rb"/ByteRange\s*\[\s*\d+\s+(\d+)\s+(\d+)", data)
    assert found
    begin, end = int(found[1]), int(found[2])
    made = digits(data[begin + 1 : end - 1])
    return data[: begin + 1] + made.ljust(end - begin - 2, b"0")[: end - begin - 2] + data[end - 1 :]


def contents_of(data: bytes) -> bytes:
    found = re.search(rb"/ByteRange\s*\[\s*\d+\s+(\d+)\s+(\d+)", data)
    assert found
    return data[int(found[1]) + 1 : int(found[2]) - 1]


EVIL = b"\n99 0 obj<</Type/Catalog/Pages 98 0 R>>endobj\n"

REVISIONS: Makers = {
    "nothing to see": lambda: appended(two(), touch_root("/Lang", pdf_name("/en"))),
    "paint over the number": lambda: appended(two(), paint("1 1 1 rg " + box(*QUANTITY) + " f")),
    "white over half a page": lambda: appended(two(), paint("1 1 1 rg 0 300 600 400 re f")),
    "bytes after the end": lambda: two() + b"\n%%EOF\n",
    "the file twice": lambda: two() + two(),
}
SHADOW: Makers = {
    "replace the content": lambda: appended(two(), replaced_page),
    "replace the font": lambda: appended(two(), replaced_font),
    "hide and replace the pages": lambda: appended(two(), replaced_pages),
    "an open action": lambda: appended(two(), touch_root("/OpenAction", DictionaryObject({
        pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): TextStringObject("x")}))),
}  # fmt: skip
GAP: Makers = {
    "gap widened": lambda: byte_range(two(), lambda r: [r[0], r[1], r[2] + len(EVIL), r[3]], EVIL),
    "gap filled, range kept": lambda: byte_range(two(), lambda r: r, EVIL),
    "range of nothing": lambda: byte_range(two(), lambda r: [0, 0, 0, 0]),
    "range cut short": lambda: byte_range(two(), lambda r: [r[0], r[1], r[2], r[3] - 900]),
    "range begins later": lambda: byte_range(two(), lambda r: [9, r[1] - 9, r[2], r[3]]),
    "no signature in it": lambda: with_contents(two(), lambda digits: b"00"),
    "another print's signature": lambda: with_contents(two(), lambda digits: contents_of(many())),
}
SEALS: Makers = {
    "sealed anew": lambda: resealed(unsealed(two())),
    "sealed anew after a change": lambda: resealed(drawn_over(unsealed(two()), forged_quantity())),
    "sealed under another name": lambda: resealed(unsealed(two()), name="Ministry of Natural Resources"),
    "sealed anew, years later": lambda: resealed(unsealed(two()), later=400 * 86_400),
    "saved by an editor": lambda: edited(two(), lambda pdf: None),
    "seal taken away": lambda: unsealed(two()),
}
