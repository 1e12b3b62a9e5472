"""XML inside a file (XMP) is never parsed: entities reach no file and no address, and bombs cost nothing."""

from __future__ import annotations

import resource
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import child_memory
import pikepdf
import pytest
from issued_files import edited, issue
from PIL import Image
from print_samples import LINES

from chalicelib.adapters.in_process.reader import ProcessReader
from chalicelib.reading.limits import CPU_SECONDS, MEMORY_BYTES
from chalicelib.reading.read_document import read

SECRET = "the secret of this machine"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def xmp(entity: str, uses: str) -> bytes:
    return (
        f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><!DOCTYPE x [{entity}]><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{uses}</dc:title></rdf:Description></rdf:RDF>'
        f'</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


PACKETS = ("file", "address", "parameter", "billion laughs", "not closed")


def made(name: str, tmp_path: Path) -> bytes:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    return {
        "file": xmp(f'<!ENTITY e SYSTEM "file://{secret}">', "&e;"),
        "address": xmp('<!ENTITY e SYSTEM "http://127.0.0.1:9/x">', "&e;"),
        "parameter": xmp(f'<!ENTITY % e SYSTEM "file://{secret}"> %e;', "x"),
        "billion laughs": xmp(f'<!ENTITY l0 "ha">{LAUGHS}', "&l9;"),
        "not closed": xmp("<!ENTITY e '", "&e;" * 50_000),
    }[name]


@pytest.fixture(scope="module")
def reader() -> Iterator[ProcessReader]:
    child = ProcessReader(wall_seconds=90.0)
    yield child
    child.close()


@cache
def plain() -> bytes:
    return issue("E", LINES[:1]).plain


def in_pdf(packet: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)

    whole = edited(plain(), change, fix_metadata_version=False, compress_streams=False)  # otherwise pikepdf rewrites it
    assert packet in whole
    return whole


def in_png(packet: bytes) -> bytes:
    out = BytesIO()
    Image.new("L", (64, 64), 255).save(out, "PNG")
    picture = out.getvalue()
    body = b"XML:com.adobe.xmp\0\0\0\0\0" + packet
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    return picture[:33] + chunk + picture[33:]


def in_jpeg(packet: bytes) -> bytes:
    out = BytesIO()
    Image.new("L", (64, 64), 255).save(out, "JPEG")
    body = (b"http://ns.adobe.com/xap/1.0/\0" + packet)[:65_000]
    return out.getvalue()[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + out.getvalue()[2:]


KINDS = {"application/pdf": in_pdf, "image/png": in_png, "image/jpeg": in_jpeg}


@pytest.mark.parametrize("name", PACKETS)
@pytest.mark.parametrize("content_type", KINDS)
def test_xml_entities_change_no_reading(content_type: str, name: str, tmp_path: Path) -> None:
    found = read(KINDS[content_type](made(name, tmp_path)), content_type)
    assert found == read(KINDS[content_type](xmp("", "a title")), content_type)
    assert found.trouble is None
    assert SECRET not in repr(found)


@pytest.mark.parametrize("content_type", KINDS)
def test_xml_bomb_stays_within_time_and_memory_limits(content_type: str, tmp_path: Path, reader: ProcessReader) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = reader.read(KINDS[content_type](made("billion laughs", tmp_path)), content_type)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert found.trouble is None
    assert after.ru_utime - before.ru_utime < CPU_SECONDS + 1.5  # the child's imports
    assert child_memory.within(MEMORY_BYTES, before)
