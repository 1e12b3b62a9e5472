"""Hostile files: each gets its reason quickly, with little memory, and never an exception."""

from __future__ import annotations

import resource
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

import child_memory
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from issued_files import Issued, edited, issue
from pikepdf import Dictionary, Name
from PIL import Image
from print_samples import LINES

from chalicelib.adapters.in_process.reader import ProcessReader
from chalicelib.kernel.files import FILE_CAP
from chalicelib.reading.limits import CODES, CPU_SECONDS, FILE_PAGES, MEMORY_BYTES, RECORD_BYTES
from chalicelib.reading.read_document import read
from chalicelib.verdict.file_findings import FileFindings

IMPORTS = 1.5  # seconds of processor time that a child process needs before it reads, on a slow machine
PNG = b"\x89PNG\r\n\x1a\n"


@cache
def issued() -> Issued:
    return issue("E", LINES[:2])


@pytest.fixture(scope="module")
def reader() -> Iterator[ProcessReader]:
    made = ProcessReader(wall_seconds=90.0)
    yield made
    made.close()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, pixels: bytes = b"", kind: int = 0, before: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    return PNG + head + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def flat(width: int, height: int, channels: int = 1) -> bytes:
    """A picture of zeros, which compresses to almost nothing."""
    pack = zlib.compressobj(9)
    row = bytes(1 + width * channels)
    return b"".join([*(pack.compress(row) for _ in range(height)), pack.flush()])


def inflating(megabytes: int) -> bytes:
    """A deflated stream of this many megabytes: one independent block, repeated without being compressed again."""
    pack = zlib.compressobj(9)
    head = pack.compress(b"") + pack.flush(zlib.Z_FULL_FLUSH)
    block = pack.compress(b"7" * (1 << 20)) + pack.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes + pack.flush()


def jpeg_header(width: int, height: int) -> bytes:
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0" + frame + b"\xff\xd9"


def pdf_of(build: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        build(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def blank(count: int, size: tuple[float, float] = (595, 842)) -> bytes:
    return pdf_of(lambda pdf: [pdf.add_blank_page(page_size=size) for _ in range(count)] and None)


def page_with(content: bytes, **resources: object) -> bytes:
    def build(pdf: pikepdf.Pdf) -> None:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(content)
        for name, value in resources.items():
            page.Resources[f"/{name}"] = value

    return pdf_of(build)


def encrypted(**passwords: str) -> bytes:
    return edited(issued().plain, lambda pdf: None, encryption=pikepdf.Encryption(**passwords))


def forms_in_forms(pdf: pikepdf.Pdf) -> None:
    """Billion laughs: each form draws the next one ten times."""
    page = pdf.add_blank_page(page_size=(595, 842))
    inner = pdf.make_stream(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    for _ in range(9):
        inner = pdf.make_stream(
            b"/X Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9],
            Resources=Dictionary(XObject=Dictionary(X=inner)),
        )  # fmt: skip
    page.Resources.XObject = Dictionary(X=inner)
    page.Contents = pdf.make_stream(b"/X Do")


def form_in_itself(pdf: pikepdf.Pdf) -> None:
    page = pdf.add_blank_page(page_size=(595, 842))
    form = pdf.make_indirect(pdf.make_stream(b"/X Do /X Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    page.Resources.XObject = Dictionary(X=form)
    page.Contents = pdf.make_stream(b"/X Do")


def deep() -> bytes:
    """Arrays in arrays, a hundred thousand levels deep, as a value of the catalogue."""
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Deep " + b"[" * 100_000 + b"]" * 100_000 + b">>endobj\n"
    body += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
    return body + b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF"


def bomb(pdf: pikepdf.Pdf) -> None:
    """A page whose content inflates from 1 MB to 1 GB."""
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(b"")
    page.Contents.write(inflating(1000), filter=Name.FlateDecode)


def image_bomb(pdf: pikepdf.Pdf) -> None:
    """A picture of 30,000 x 30,000 pixels on an ordinary page."""
    page = pdf.add_blank_page(page_size=(595, 842))
    image = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Image, Width=30_000, Height=30_000, ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )  # fmt: skip
    image.write(inflating(2575), filter=Name.FlateDecode)
    page.Resources.XObject = Dictionary(I=image)
    page.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /I Do")


def pattern_storm() -> bytes:
    return page_with(b"0 0 m " + b"300 400 500 100 20 700 c " * 120_000 + b"S")


def letters_without_end() -> bytes:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    return page_with(
        b"BT /F 1 Tf 1 TL 9 830 Td " + (b"(" + b"x" * 100 + b") Tj T* ") * 800 + b"ET", Font=Dictionary(F=font)
    )


def huge_record(pdf: pikepdf.Pdf) -> None:
    """Replace the record's attachment by one that inflates beyond the size of a record."""
    pdf.attachments["record.json"].get_file().obj.write(inflating(200), filter=Name.FlateDecode)


def two_pages_of_codes() -> bytes:
    import zxingcpp

    sheet = Image.new("L", (1500, 1500), 255)
    for index in range(CODES + 1):
        code = zxingcpp.create_barcode(f"https://example.org/{index}", zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(code.to_image(scale=5)) if hasattr(Image, "fromarray") else None
        assert picture is not None
        sheet.paste(picture, (20 + index % 6 * 240, 20 + index // 6 * 240))
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


TROUBLES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a picture of 10^9 pixels": (lambda: png(50_000, 20_000), "image/png", "too-large"),
    "a picture of 10^9 pixels that is there": (lambda: png(40_000, 25_000, b"x" * 999), "image/png", "too-large"),
    "a jpeg of 4 * 10^9 pixels": (lambda: jpeg_header(65_500, 65_500), "image/jpeg", "too-large"),
    "a picture without pixels": (lambda: png(500, 500), "image/png", "broken"),
    "half a picture": (lambda: png(500, 500, flat(500, 500)[:60]), "image/png", "broken"),
    "no picture at all": (lambda: PNG, "image/png", "broken"),
    "an empty file": (lambda: b"", "application/pdf", "unsupported"),
    "a pdf called a picture": (lambda: issued().plain, "image/png", "unsupported"),
    "a picture called a pdf": (lambda: png(9, 9, flat(9, 9)), "application/pdf", "unsupported"),
    "a jpeg called png": (lambda: jpeg_header(9, 9), "image/png", "unsupported"),
    "another type": (lambda: b"GIF89a", "image/gif", "unsupported"),
    "an archive before a pdf": (lambda: b"PK\x03\x04" + issued().plain, "application/pdf", "unsupported"),
    "a page before a pdf": (lambda: b"<script>1</script>" + issued().plain, "application/pdf", "unsupported"),
    "too many bytes": (lambda: b"%PDF-" + bytes(FILE_CAP), "application/pdf", "too-large"),
    "a password": (lambda: encrypted(owner="o", user="u"), "application/pdf", "encrypted"),
    "a password of nothing": (lambda: encrypted(owner="o", user=""), "application/pdf", "encrypted"),
    "a header only": (lambda: b"%PDF-1.7\n", "application/pdf", "broken"),
    "a pdf of noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf", "broken"),
    "a pdf without pages": (lambda: pdf_of(lambda pdf: None), "application/pdf", "broken"),
    "too many pages": (lambda: blank(FILE_PAGES + 1), "application/pdf", "too-many-pages"),
    "thousands of pages": (lambda: blank(5_000), "application/pdf", "too-many-pages"),
    "letters without end": (letters_without_end, "application/pdf", "too-large"),
    "too many codes": (two_pages_of_codes, "image/png", "too-large"),
}

HARMLESS: dict[str, Callable[[], bytes]] = {
    "a strip": lambda: blank(1, (14_000, 3)),
    "a huge page": lambda: blank(1, (14_400, 14_400)),
    "as many pages as are allowed": lambda: blank(FILE_PAGES),
    "a record that inflates": lambda: edited(issued().plain, huge_record),
}

COSTLY: dict[str, Callable[[], bytes]] = {  # never read in this process
    "a form in itself": lambda: pdf_of(form_in_itself),
    "forms in forms": lambda: pdf_of(forms_in_forms),
    "a stream that inflates": lambda: pdf_of(bomb),
    "a picture that inflates": lambda: pdf_of(image_bomb),
    "arrays in arrays": deep,
    "a path without end": pattern_storm,
}


@pytest.mark.parametrize("name", TROUBLES)
def test_hostile_file_gets_its_reason(name: str) -> None:
    make, content_type, trouble = TROUBLES[name]
    findings = read(make(), content_type)
    assert findings == FileFindings(kind="pdf" if content_type == "application/pdf" else "image", trouble=trouble)


@pytest.mark.parametrize("name", HARMLESS)
def test_large_or_unusual_file_is_read(name: str) -> None:
    assert read(HARMLESS[name](), "application/pdf").trouble is None


def test_record_that_inflates_beyond_the_limit_is_ignored() -> None:
    findings = read(edited(issued().plain, huge_record), "application/pdf")
    assert (findings.record, findings.tokens) == (None, issued().codes)
    assert RECORD_BYTES < 200 << 20


@pytest.mark.slow
@pytest.mark.parametrize("name", COSTLY)
def test_costly_file_stays_within_time_and_memory_of_the_process(name: str, reader: ProcessReader) -> None:
    data, before = COSTLY[name](), resource.getrusage(resource.RUSAGE_CHILDREN)
    findings = reader.read(data, "application/pdf")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert findings.trouble in {None, "broken", "too-large"}
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < CPU_SECONDS + IMPORTS
    assert child_memory.within(MEMORY_BYTES, before)
    assert findings.codes == ()


@pytest.mark.parametrize("content_type", ["application/pdf; charset=x", "Application/PDF", " application/pdf "])
def test_content_type_is_parsed_as_in_http(content_type: str) -> None:
    assert read(issued().plain, content_type).codes == issued().codes


@given(st.binary(max_size=600), st.sampled_from(["application/pdf", "image/png", "image/jpeg", "", "x"]), st.booleans())
@settings(max_examples=300)
def test_random_bytes_give_findings(data: bytes, content_type: str, dressed: bool) -> None:
    magic = {"application/pdf": b"%PDF-1.7\n", "image/png": PNG, "image/jpeg": b"\xff\xd8\xff"}
    whole = (magic.get(content_type, b"") if dressed else b"") + data
    assert isinstance(read(whole, content_type), FileFindings)


MUTATIONS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8), st.integers(0, 12)),
    min_size=1, max_size=4,
)  # fmt: skip


def mutated(data: bytes, mutations: list[tuple[float, bytes, int]]) -> bytes:
    for place, new, cut in mutations:
        at = int(place * len(data))
        data = data[:at] + new + data[at + cut :]
    return data


@pytest.mark.slow
@given(MUTATIONS)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_mutated_own_file_gives_findings_and_no_valid_seal(mutations: list[tuple[float, bytes, int]]) -> None:
    data = mutated(issued().sealed, mutations)
    findings = read(data, "application/pdf")
    assert data == issued().sealed or not any(seal.intact and seal.whole_file for seal in findings.seals)


@given(MUTATIONS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_mutated_picture_gives_findings(mutations: list[tuple[float, bytes, int]]) -> None:
    out = BytesIO()
    Image.effect_mandelbrot((64, 64), (-2, -2, 1, 1), 50).save(out, "JPEG")
    assert isinstance(read(mutated(out.getvalue(), mutations), "image/jpeg"), FileFindings)
