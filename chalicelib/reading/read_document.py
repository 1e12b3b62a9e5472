"""Hostile bytes in, findings out: the one door of the reading side. Whatever is wrong with a file is `trouble`.

1 size   2 content type, and the first bytes agree with it   3 the reader of that type
It reads no clock, no environment and no network, and nobody's word: verdict/file_checks.py judges what was found.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from pkgutil import walk_packages
from typing import Protocol

from chalicelib.kernel.files import FILE_CAP, MAGIC
from chalicelib.reading.limits import Refused
from chalicelib.verdict.file_findings import FileFindings


class DocumentReader(Protocol):
    """Parses a hostile file somewhere without rights."""

    def read(self, data: bytes, content_type: str) -> FileFindings:
        """Never raises on bad content (`trouble` says it); raises `errors.Unavailable` on its own failure."""


HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")  # ISO/IEC 23008-12, from byte 4

# Pillow imports the last two for a JPEG with EXIF and no JFIF density, or with several pictures: as telephones write
NEEDED = (
    "chalicelib.reading.pictures",
    "chalicelib.reading.pdf",
    "cryptography.hazmat.backends.openssl.backend",
    "pyhanko.sign.validation.pdf_embedded",
    "PIL.MpoImagePlugin",
    "PIL.TiffImagePlugin",
)

# A file chooses which of their modules are used: codecs by the names of its layers, filters by its streams
WHOLE = ("encodings", "asn1crypto", "pyhanko.pdf_utils", "pyhanko.sign.validation")


def read(data: bytes, content_type: str, *, on_pages: Callable[[int], None] = lambda _: None) -> FileFindings:
    """Findings about a PDF, PNG or JPEG; raises nothing.

    Only CPU time, memory and crashes of a parser are not bounded here but by the process
    (`adapters/in_process/reader.py`, or the function's own limits): `on_pages` lets it allow a file of many pages
    more time."""
    content_type = content_type.partition(";")[0].strip().lower()
    kind = "pdf" if content_type == "application/pdf" else "image"
    try:
        if len(data) > FILE_CAP:  # 1
            raise Refused("too-large")
        if data.startswith(HEIC, 4):
            raise Refused("heic")
        if content_type not in MAGIC or not data.startswith(MAGIC[content_type]):  # 2
            raise Refused("unsupported")
        if kind == "pdf":  # 3
            from chalicelib.reading.pdf import read_pdf

            return read_pdf(data, on_pages)
        from chalicelib.reading.pictures import read_image

        return read_image(data, content_type)
    except Refused as refused:
        return FileFindings(kind=kind, trouble=refused.trouble)
    except MemoryError:
        return FileFindings(kind=kind, trouble="too-large")
    except Exception:  # four parsers of hostile bytes: what they raise has no end, and means one thing
        return FileFindings(kind=kind, trouble="broken")


def preload() -> None:
    """Import everything that a file can need, so that afterwards nothing has to be opened any more."""
    for module in NEEDED:
        import_module(module)
    for package in WHOLE:
        for found in walk_packages(import_module(package).__path__, f"{package}."):
            with suppress(ImportError):  # of another system, or with a library that we do not have
                import_module(found.name)
    import pikepdf
    from PIL import Image

    from chalicelib.reading.form_layout import form_layout

    form_layout()
    for content_type, format_name in (("image/png", "PNG"), ("image/jpeg", "JPEG")):
        picture = BytesIO()
        Image.new("RGB", (32, 32)).save(picture, format_name)  # Pillow imports its formats when the first one is used
        read(picture.getvalue(), content_type)
    protected = BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(protected, encryption=pikepdf.Encryption(R=6))  # qpdf opens its source of randomness for AES-256
    read(protected.getvalue(), "application/pdf")
