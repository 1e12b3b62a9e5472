"""Entry point for reading hostile files: bytes in, findings out. Every problem of the file becomes `trouble`.

1 check the size
2 check the content type, and that the first bytes agree with it
3 call the reader of that type

It reads no clock, environment or network. It decides nothing, because verdict/file_checks.py judges the findings.
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
    """Port that parses a hostile file in a place without rights."""

    def read(self, data: bytes, content_type: str) -> FileFindings:
        """Read a file. Bad content raises nothing and is reported as `trouble`.

        Raises `errors.Unavailable` if the reader itself fails.
        """


HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")  # ISO/IEC 23008-12, from byte 4

# Pillow needs the last two for JPEGs as telephones write them: EXIF without a JFIF density, or several pictures
NEEDED = (
    "chalicelib.reading.pictures",
    "chalicelib.reading.pdf",
    "cryptography.hazmat.backends.openssl.backend",
    "pyhanko.sign.validation.pdf_embedded",
    "PIL.MpoImagePlugin",
    "PIL.TiffImagePlugin",
)

# The file decides which modules of these packages are used: codecs by names in its layers, filters by its streams
WHOLE = ("encodings", "asn1crypto", "pyhanko.pdf_utils", "pyhanko.sign.validation")


def read(data: bytes, content_type: str, *, on_pages: Callable[[int], None] = lambda _: None) -> FileFindings:
    """Findings about a PDF, PNG or JPEG. Raises nothing.

    This function does not limit CPU time, memory or crashes of a parser. The process does
    (`adapters/in_process/reader.py`, or the limits of the Lambda function). It gets the page count through `on_pages`,
    so that it can allow a long file more time.
    """
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
    except Exception:  # four parsers of hostile bytes may raise anything; it always means a broken file
        return FileFindings(kind=kind, trouble="broken")


def preload() -> None:
    """Import every module that a file can need.

    A process without rights can open nothing afterwards.
    """
    for module in NEEDED:
        import_module(module)
    for package in WHOLE:
        for found in walk_packages(import_module(package).__path__, f"{package}."):
            with suppress(ImportError):  # for another operating system, or needs a library that is not installed
                import_module(found.name)
    import pikepdf
    from PIL import Image

    from chalicelib.reading.form_layout import form_layout

    form_layout()
    for content_type, format_name in (("image/png", "PNG"), ("image/jpeg", "JPEG")):
        picture = BytesIO()
        Image.new("RGB", (32, 32)).save(picture, format_name)  # Pillow imports its formats at first use
        read(picture.getvalue(), content_type)
    protected = BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(protected, encryption=pikepdf.Encryption(R=6))  # AES-256 makes qpdf open its source of randomness
    read(protected.getvalue(), "application/pdf")
